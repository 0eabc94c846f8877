"""Start a chapter: ``make new-chapter PART=physics NAME=waves TITLE="Waves on a string"``.

Writes the chapter, its module and its test from ``tools/chapter_template``, enters the chapter at
the end of its part in ``_toc.yml``, and brings the tables of the README and the front page up to
date. All that is written runs and passes ``make lint`` as it stands. Nothing is overwritten.
"""

from __future__ import annotations

import json
import keyword
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import update_readme

__all__ = ["Plan", "enter_in_toc", "main", "make_plan", "parts", "write_chapter"]

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = Path(__file__).with_name("chapter_template")
USAGE = 'make new-chapter PART=physics NAME=waves TITLE="Waves on a string"'
LONGEST_TITLE = 60
FILES = {
    "book/{part}/{stem}.md": "chapter.md.txt",
    "src/mlphys/{part}/{stem}.py": "module.py.txt",
    "tests/{part}/test_{stem}.py": "test_module.py.txt",
}


class Plan(NamedTuple):
    """What is to be written: a part's folder, the file's stem, the title."""

    part: str
    stem: str
    title: str

    @property
    def slug(self) -> str:
        """Return the stem as labels have it.

        Examples
        --------
        >>> Plan("physics", "black_hole", "Black holes").slug
        'black-hole'
        """
        return self.stem.replace("_", "-")

    @property
    def files(self) -> dict[str, str]:
        """Return the template of each file to be written."""
        return {path.format(part=self.part, stem=self.stem): name for path, name in FILES.items()}


def parts(root: Path) -> list[str]:
    """Return the folders of the parts that have chapters, in the order of the book."""
    toc = (root / "_toc.yml").read_text("utf-8")
    return list(dict.fromkeys(re.findall(r"^ *- file: book/(\w+)/\w+$", toc, re.MULTILINE)))


def make_plan(settings: Mapping[str, str], root: Path) -> Plan:
    """Return the plan that the settings PART, NAME and TITLE describe.

    Raises
    ------
    ValueError
        If one is missing or wrong, or a file of that name exists. The message says what to write.
    """
    part, stem, title = (settings.get(name, "").strip() for name in ("PART", "NAME", "TITLE"))
    for name, value in (("PART", part), ("NAME", stem), ("TITLE", title)):
        if not value:
            raise ValueError(f"{name} is missing; write {USAGE}")
    plan = Plan(part, stem, " ".join(title.split()))
    for complaint in _complaints(plan, root):
        raise ValueError(complaint)
    return plan


def _complaints(plan: Plan, root: Path) -> Iterator[str]:
    """Yield what is wrong with a plan, and how to mend it."""
    known = parts(root)
    if plan.part not in known:
        yield f"PART: expected one of {', '.join(known)}; got {plan.part!r}"
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", plan.stem) or keyword.iskeyword(plan.stem):
        yield (f"NAME: expected a name for a Python module, small letters and digits, words joined "
               f"by _, as in black_hole; got {plan.stem!r}")  # fmt: skip
    if len(plan.title) > LONGEST_TITLE or re.search(r"[`$\\|]", plan.title):
        yield (f"TITLE: expected at most {LONGEST_TITLE} characters without formulas or code, as "
               f"in the menu; got {plan.title!r}")  # fmt: skip
    for path in [*plan.files, *_rivals(plan, root)]:
        if (root / path).exists():
            yield f"NAME: there is a {path}; choose another name, no two chapters share one"


def _rivals(plan: Plan, root: Path) -> list[str]:
    """Return chapters of that name in other parts, and a package of that name."""
    chapters = [path.relative_to(root).as_posix() for path in root.glob(f"book/*/{plan.stem}.md")]
    return [*chapters, f"src/mlphys/{plan.part}/{plan.stem}"]


def fill_in(template: str, plan: Plan) -> str:
    """Return a template with the marks ``@stem@``, ``@slug@``, ``@part@`` and titles replaced."""
    values = {
        "part": plan.part,
        "stem": plan.stem,
        "slug": plan.slug,
        "title": plan.title,
        "yaml_title": json.dumps(plan.title, ensure_ascii=False),
        "description": json.dumps(f"{plan.title}: one sentence of its own about what the chapter shows.",
                                  ensure_ascii=False),
    }  # fmt: skip
    return re.sub(r"@(\w+)@", lambda match: values[match[1]], template)


def enter_in_toc(toc: str, plan: Plan) -> str:
    """Return the table of contents with the chapter at the end of its part.

    Examples
    --------
    >>> toc = "  - file: book/physics/kerr\\n- caption: Back matter\\n"
    >>> print(enter_in_toc(toc, Plan("physics", "waves", "Waves")), end="")
      - file: book/physics/kerr
      - file: book/physics/waves
    - caption: Back matter
    """
    lines = toc.splitlines()
    entry = re.compile(rf"^(\s*- file: book/{plan.part}/)\w+$")
    last, match = [(i, found) for i, line in enumerate(lines) if (found := entry.match(line))][-1]
    lines.insert(last + 1, match[1] + plan.stem)
    return "\n".join(lines) + "\n"


def write_chapter(plan: Plan, root: Path) -> list[str]:
    """Write all files of a plan; return their paths."""
    for path, name in plan.files.items():
        text = fill_in((TEMPLATE / name).read_text("utf-8"), plan)
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    toc = root / "_toc.yml"
    toc.write_text(enter_in_toc(toc.read_text("utf-8"), plan), "utf-8")
    update_readme.main([], root=root)
    return [*plan.files, "_toc.yml", *update_readme.PAGES]


def main(settings: Mapping[str, str] = os.environ, root: Path = ROOT) -> int:
    """Start the chapter that the settings describe; return the exit code."""
    try:
        plan = make_plan(settings, root)
    except ValueError as error:
        print(f"new-chapter: {error}", file=sys.stderr)
        return 2
    for path in write_chapter(plan, root):
        print(f"new-chapter: wrote {path}")
    print(
        "new-chapter: look at it with `make serve`; replace the example, title and description; "
        "set minutes and needs in its front matter, its place in _toc.yml; "
        "CONTRIBUTING.md, 'A new chapter', says what a chapter has"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
