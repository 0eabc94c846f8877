"""A book in small, for tests of the build: three chapters, a library of four modules, no theme work.

It uses the project's own extensions and build tools, so that what is tested is what builds the
course; its chapters import nothing heavy, so that a build takes seconds.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

ROOT = Path(__file__).resolve().parent.parent
EXTENSIONS = ("sources", "execution", "repository", "noise", "notebooks", "statistics")

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
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
    "glue.py": (ROOT / "src/mlphys/glue.py").read_text("utf-8"),
    "datasets.py": "import os\n\n\ndef fingerprint():\n    return os.environ.get('TINY_DATA', 'one')\n",
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
import mlphys.datasets
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
    "book/statistics.md": "# Statistics\n\n```{build-statistics}\n```\n",
    "book/bibliography.md": "# Bibliography\n\n```{bibliography}\n```\n",
}


ALWAYS = {
    name: CHAPTERS[name] for name in ("book/index.md", "book/bibliography.md", "book/statistics.md")
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
    chapters = CHAPTERS if chapters is None else ALWAYS | chapters
    present = [name for name in extensions if (ROOT / f"_ext/mlphys_book/{name}.py").exists()]
    configuration = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    configuration["html"].pop("favicon")
    configuration.pop("logo", None)
    configuration["sphinx"]["local_extensions"] = {
        f"mlphys_book.{name}": str(ROOT / "_ext") for name in present
    }
    settings = configuration["sphinx"]["config"]
    settings.pop("html_static_path", None)
    settings["mathjax3_config"] = {
        "tex": {"macros": {"dd": r"\mathrm{d}", "vect": [r"\boldsymbol{#1}", 1]}}
    }
    pages = [name.removesuffix(".md") for name in chapters if name != "book/index.md"]
    contents = {"format": "jb-book", "root": "book/index",
                "chapters": [{"file": page} for page in pages]}  # fmt: skip
    write(folder, {f"src/mlphys/{name}": text for name, text in LIBRARY.items()})
    write(folder, chapters)
    write(folder, {
        "_config.yml": yaml.safe_dump(configuration),
        "_toc.yml": yaml.safe_dump(contents),
        "references.bib": "@book{noether, author={Noether, Emmy}, title={On Ideals}, "
                          "publisher={Teubner}, year={1921}}\n",
        "requirements.lock": "numpy==1.0\n",
    })  # fmt: skip
    (folder / "book/dot.png").write_bytes(base64.b64decode(DOT))
    return folder


@contextlib.contextmanager
def edited(path: Path, change: dict[str, str] | None = None, *, append: str = "") -> Iterator[None]:
    """Change a file by replacements and an addition, and take that back at the end."""
    before = path.read_text("utf-8")
    text = before
    for old, new in (change or {}).items():
        assert old in text, f"{old!r} is not in {path.name}"
        text = text.replace(old, new)
    path.write_text(text + append, "utf-8")
    try:
        yield
    finally:
        path.write_text(before, "utf-8")


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


RICH = (
    HEADER
    + r"""(rich)=
# Rich

After {cite:t}`noether` and {cite:p}`noether`; see {ref}`second`, {numref}`fig-line`, {eq}`eq-square`,
{numref}`table-two` and [the front page](index.md). It costs \$5, *really*. A line<br>break.

```{code-cell} ipython3
:tags: [remove-cell]

from mlphys.near import six
from mlphys.glue import glue
glue("rich_six", six())
```

Six is {glue:text}`rich_six:d`, and $\dd x$ is a macro.

$$
y = x^2 \vect{v}
$$ (eq-square)

```{code-cell} ipython3
---
mystnb:
  figure:
    name: fig-line
    caption: A figure from a cell, with $y$.
  image:
    alt: One straight line that rises from left to right.
tags: [hide-input]
---
from IPython.display import Image
import base64
Image(base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="))
```

(second)=
## Second section

```{admonition} Correction: a sign
:class: correction important
:name: correction-sign

The *sign* was wrong, in $E = mc^2$.
```

:::{note}
A plain note.
:::

```{exercise} Two by two
:label: ex-two

What is $2 \times 2$?
```

```{solution} ex-two
:class: dropdown

It is **four**.
```

```{exercise}
:label: ex-code

Run it.
```

```{solution-start} ex-code
:class: dropdown
```

It runs:

```{code-cell} ipython3
print("solved", six())
```

```{solution-end}
```

| a | $\lvert b \rvert$ |
|---|---|
| 1 | x\|y |

```{list-table} Two things
:name: table-two
:header-rows: 1

* - name
  - value
* - six
  - {glue:text}`rich_six:d`
```

term
: Its definition.

- one
  - nested
- two

1. first
2. second

A note at the foot[^foot].

[^foot]: The foot.

```{figure} dot.png
:name: fig-dot
:alt: A single dark dot on white.

A local image.
```

````{tab-set}
```{tab-item} One
First tab.
```
```{tab-item} Two
Second tab.
```
````

```{dropdown} More
Folded text.
```

```{prf:theorem} Ideals
:label: thm-ideals

Every one is finitely generated.
```

```{code-cell} ipython3
:tags: [raises-exception]

raise ValueError("as intended")
```

> A quotation.

```python
not_run = "a listing"
```
"""
)
