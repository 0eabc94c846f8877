"""A book in small, for tests of the build: three chapters, a library of four modules, no theme work.

It uses the project's own extensions and build tools, so that what is tested is what builds the
course; its chapters import nothing heavy, so that a build takes seconds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import yaml

ROOT = Path(__file__).resolve().parent.parent
EXTENSIONS = ("execution", "repository", "sanitize", "notebooks", "statistics")

HEADER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
    format_version: 0.13
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""

LIBRARY = {
    "__init__.py": '"""A library in small."""\n',
    "base.py": "def double(x):\n    return 2 * x\n",
    "near.py": "from .base import double\n\n\ndef six():\n    return double(3)\n",
    "late.py": "def nine():\n    from mlphys.cube import THREE\n\n    return THREE * THREE\n",
    "cube.py": "THREE = 3\n",
}

CHAPTERS = {
    "book/near.md": HEADER
    + """# Near

```{code-cell} ipython3
from mlphys.near import six
print("six is", six())
```
""",
    "book/late.md": HEADER
    + """# Late

```{code-cell} ipython3
import mlphys.late
```

Some prose.

```{code-cell} ipython3
print("nine is", mlphys.late.nine())
```
""",
    "book/alone.md": HEADER
    + """# Alone

```{code-cell} ipython3
print("nothing but Python", 1 + 1)
```
""",
    "book/index.md": "# Front page\n\nNo code here.\n",
}


class Built(NamedTuple):
    """What one run of the build gave: exit code, all it printed, its report."""

    code: int
    said: str
    report: dict

    @property
    def last(self) -> str:
        """Return the last line that was printed."""
        return self.said.strip().splitlines()[-1]

    @property
    def executed(self) -> list[str]:
        """Return the chapters that were executed, without their folder."""
        return [name.removeprefix("book/") for name in self.report["executed"]]


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files by relative path."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def make_book(
    folder: Path, *, chapters: dict[str, str] | None = None, extensions=EXTENSIONS
) -> Path:
    """Write the small project into ``folder`` and return it."""
    chapters = CHAPTERS if chapters is None else chapters
    present = [name for name in extensions if (ROOT / f"_ext/mlphys_book/{name}.py").exists()]
    configuration = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    configuration["html"].pop("favicon")
    configuration["sphinx"]["local_extensions"] = {
        f"mlphys_book.{name}": str(ROOT / "_ext") for name in present
    }
    configuration["sphinx"]["config"].pop("html_static_path", None)
    pages = [name.removesuffix(".md") for name in chapters if name != "book/index.md"]
    contents = {"format": "jb-book", "root": "book/index",
                "chapters": [{"file": page} for page in pages]}  # fmt: skip
    write(folder, {f"src/mlphys/{name}": text for name, text in LIBRARY.items()})
    write(folder, CHAPTERS | chapters)
    write(folder, {
        "_config.yml": yaml.safe_dump(configuration),
        "_toc.yml": yaml.safe_dump(contents),
        "references.bib": "@book{noether, author={Noether, Emmy}, title={On Ideals}, "
                          "publisher={Teubner}, year={1921}}\n",
        "requirements.lock": "numpy==1.0\n",
    })  # fmt: skip
    return folder


def build(folder: Path, *options: str, **environment: str) -> Built:
    """Run the project's build command on the small book."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools/build_book.py"), "--root", str(folder), *options],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=200,
    )
    report = folder / "_build/report.json"
    return Built(done.returncode, done.stdout,
                 json.loads(report.read_text("utf-8")) if report.exists() else {})  # fmt: skip
