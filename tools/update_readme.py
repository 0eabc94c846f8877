"""Write the chapter tables: ``python tools/update_readme.py [--check]``.

The order of the chapters stands in ``_toc.yml`` alone, and what a chapter is about in its own
front matter. This tool joins the two between the markers of ``README.md`` and of the front page.
With ``--check`` it changes nothing and fails if a table is stale.
"""

from __future__ import annotations

import re
import sys
from itertools import groupby
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


def render_front(chapters: list[Chapter]) -> str:
    """Return the table of the front page, one row a part, whose links carry the titles.

    Examples
    --------
    >>> tape = Chapter("Part II: Derivatives", "book/d/tape.md", "A tape", 30, "Backwards.")
    >>> print(render_front([tape]))
    | Part | Chapters |
    | --- | --- |
    | II: Derivatives | [](d/tape.md) |
    """
    lines = ["| Part | Chapters |", "| --- | --- |"]
    for part, members in groupby(chapters, key=lambda chapter: chapter.part):
        links = " · ".join(f"[]({chapter.path.removeprefix('book/')})" for chapter in members)
        lines.append(f"| {part.removeprefix('Part ')} | {links} |")
    return "\n".join(lines)


PAGES = {"README.md": render, "book/index.md": render_front}


def insert(text: str, table: str, page: str = "README.md") -> str:
    """Return the ``text`` of a page with ``table`` between the markers.

    Raises
    ------
    ValueError
        If the two markers do not stand there exactly once each.
    """
    if text.count(START) != 1 or text.count(END) != 1:
        raise ValueError(f"{page}: expected one line {START!r} and one line {END!r}; add them")
    before, rest = text.split(START)
    return f"{before}{START}\n\n{table}\n\n{END}{rest.split(END)[1]}"


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Update or check the tables; return the exit code."""
    try:
        chapters = read_chapters(root)
        stale = {}
        for page, table in PAGES.items():
            old = (root / page).read_text("utf-8")
            new = insert(old, table(chapters), page)
            if new != old:
                stale[page] = new
    except ValueError as error:
        print(f"readme: {error}", file=sys.stderr)
        return 2
    if "--check" in arguments:
        for page in stale:
            print(f"{page}: the chapter table is stale; run `make readme`", file=sys.stderr)
        return int(bool(stale))
    for page, text in stale.items():
        (root / page).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
