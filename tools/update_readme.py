"""Write the chapter table of ``README.md``: ``python tools/update_readme.py [--check]``.

The order of the chapters stands in ``_toc.yml`` alone, and what a chapter is about in its own
front matter. This tool joins the two between the markers of ``README.md``. With ``--check`` it
changes nothing and fails if the table is stale.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

import yaml

ROOT = Path(__file__).resolve().parent.parent
START, END = "<!-- chapters: written by `make readme` -->", "<!-- end of chapters -->"


class Chapter(NamedTuple):
    """One chapter as the table shows it: its part, its file, and its front matter."""

    part: str
    path: str
    title: str
    minutes: int
    description: str


def front_matter(path: Path) -> dict:
    """Return the YAML front matter of a MyST file, or an empty dict if it has none.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    """
    match = re.match(r"---\n(.*?)\n---\n", path.read_text("utf-8"), re.DOTALL)
    return (yaml.safe_load(match.group(1)) or {}) if match else {}


def read_chapters(root: Path) -> list[Chapter]:
    """Return the chapters of the book in reading order.

    A file of ``_toc.yml`` is a chapter if its front matter has a section ``mlphys``; the
    bibliography and the statistics have none.

    Raises
    ------
    ValueError
        If a file is missing, or a chapter does not say its title, minutes and description.
    """
    toc = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    chapters = []
    for part in toc["parts"]:
        for entry in part["chapters"]:
            path = root / f"{entry['file']}.md"
            if not path.exists():
                raise ValueError(f"_toc.yml lists {entry['file']}, but there is no {path.name}")
            matter = front_matter(path)
            if "mlphys" in matter:
                chapters.append(_chapter(part["caption"], entry["file"], matter))
    return chapters


def _chapter(part: str, stem: str, matter: dict) -> Chapter:
    try:
        return Chapter(
            part=part,
            path=f"{stem}.md",
            title=matter["mlphys"]["title"],
            minutes=int(matter["mlphys"]["minutes"]),
            description=matter["myst"]["html_meta"]["description"],
        )
    except KeyError as missing:
        raise ValueError(
            f"{stem}.md: the front matter has no {missing}; expected mlphys.title, "
            "mlphys.minutes and myst.html_meta.description"
        ) from None


def render(chapters: list[Chapter]) -> str:
    """Return the Markdown table, one section a part.

    Examples
    --------
    >>> tape = Chapter("Part II: Derivatives", "book/d/tape.md", "A tape", 30, "Backwards.")
    >>> print(render([tape]))
    | Chapter | What it is about | Minutes |
    | --- | --- | ---: |
    | **Part II: Derivatives** | | |
    | [A tape](book/d/tape.md) | Backwards. | 30 |
    """
    lines = ["| Chapter | What it is about | Minutes |", "| --- | --- | ---: |"]
    part = None
    for chapter in chapters:
        if chapter.part != part:
            part = chapter.part
            lines.append(f"| **{part}** | | |")
        link = f"[{chapter.title}]({chapter.path})"
        lines.append(f"| {link} | {chapter.description} | {chapter.minutes} |")
    return "\n".join(lines)


def insert(readme: str, table: str) -> str:
    """Return ``readme`` with ``table`` between the markers.

    Raises
    ------
    ValueError
        If the two markers do not stand there exactly once each.
    """
    if readme.count(START) != 1 or readme.count(END) != 1:
        raise ValueError(f"README.md: expected one line {START!r} and one line {END!r}; add them")
    before, rest = readme.split(START)
    return f"{before}{START}\n\n{table}\n\n{END}{rest.split(END)[1]}"


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Update or check the table; return the exit code."""
    readme = root / "README.md"
    old = readme.read_text("utf-8")
    try:
        new = insert(old, render(read_chapters(root)))
    except ValueError as error:
        print(f"readme: {error}", file=sys.stderr)
        return 2
    if "--check" in arguments:
        if new != old:
            print("README.md: the chapter table is stale; run `make readme`", file=sys.stderr)
        return int(new != old)
    readme.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
