"""A chapter, taken apart into cells, headings, directives and paragraphs, each with its line.

MyST nests directives: a solution holds paragraphs and cells. Their text is prose like any other;
only what is shown or run letter by letter (cells, listings) is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

__all__ = ["Block", "Chapter", "ChapterError", "Fault", "read_chapter"]

FENCE = re.compile(
    r"^\s{0,3}(?P<fence>`{3,}|~{3,}|:{3,})(?:\{(?P<name>[\w:-]+)\})?\s*(?P<rest>.*)$"
)
OPTION = re.compile(r"^:(?P<key>[\w-]+):\s*(?P<value>.*)$")
ESCAPE = re.compile(r"^% *lint-ok (?P<rule>[\w-]+): *(?P<reason>.*)$")
PROSE = {
    "admonition", "caution", "dropdown", "exercise", "figure", "important", "list-table", "note",
    "prf:theorem", "seealso", "solution", "solution-end", "solution-start", "tab-item", "tab-set",
    "tip", "warning", "hint", "attention", "danger", "error", "margin", "sidebar",
}  # fmt: skip
"""Directives whose content is MyST again."""


class Fault(NamedTuple):
    """One breach of a rule: where, which rule, what was found, how to fix it."""

    line: int
    rule: str
    what: str
    fix: str


class ChapterError(ValueError):
    """A chapter cannot be taken apart.

    Attributes
    ----------
    line : int
        Where, from 1.
    """

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


@dataclass
class Block:
    """A piece of a chapter.

    Attributes
    ----------
    kind : str
        "cell", "directive", "heading" or "paragraph" (a list or a table counts as a paragraph).
    line : int
        Where it begins, from 1.
    text : str
        Source of a cell without its options, title of a heading, text of a paragraph; for a
        directive all that stands in it.
    name : str
        Name of a directive.
    argument : str
        What stands behind the name on its line; for a heading its "#" signs.
    options : dict
        Options of a cell or directive.
    excused : dict of str to str
        Rules that a comment right above switches off, with its reason.
    skipped : int
        Lines of options between the fence and the text.
    """

    kind: str
    line: int
    text: str = ""
    name: str = ""
    argument: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    excused: dict[str, str] = field(default_factory=dict)
    skipped: int = 0

    @property
    def tags(self) -> set[str]:
        """Return the tags of a cell."""
        tags = self.options.get("tags") or []
        return set(tags) if isinstance(tags, list) else set(str(tags).strip("[] ").split(", "))

    @property
    def on_page(self) -> bool:
        """Whether the code of a cell is on the page at all, folded or not."""
        return not self.tags & {"remove-cell", "remove-input"}

    @property
    def shown(self) -> bool:
        """Whether a reader sees the code of a cell without unfolding it."""
        return not self.tags & {"remove-cell", "remove-input", "hide-input", "hide-cell"}


@dataclass
class Chapter:
    """A chapter: its name as ``needs`` gives it, its file, front matter, blocks and escapes."""

    name: str
    path: str
    matter: dict[str, Any]
    blocks: list[Block]
    escapes: list[tuple[int, str, str]]

    def of_kind(self, kind: str) -> list[Block]:
        """Return the blocks of one kind, in order."""
        return [block for block in self.blocks if block.kind == kind]

    @property
    def cells(self) -> list[Block]:
        """Return the code cells."""
        return self.of_kind("cell")

    def directives(self, *names: str) -> list[Block]:
        """Return the directives with one of these names."""
        return [block for block in self.of_kind("directive") if block.name in names]


def read_chapter(text: str, name: str = "part/chapter", path: str | Path = "chapter.md") -> Chapter:
    """Return the parts of a chapter.

    Parameters
    ----------
    text : str
        Source.
    name : str
        Part and stem, as in ``needs``.
    path : str or pathlib.Path
        For messages.

    Raises
    ------
    ChapterError
        If the front matter or the options of a cell are no YAML.
    """
    lines = text.splitlines()
    matter, start = _front_matter(lines)
    reader = _Reader(lines)
    reader.read(start, len(lines))
    return Chapter(name, str(path), matter, reader.blocks, reader.escapes)


def _front_matter(lines: list[str]) -> tuple[dict[str, Any], int]:
    if not lines or lines[0] != "---":
        return {}, 0
    for number, line in enumerate(lines[1:], start=1):
        if line == "---":
            return _mapping(lines, 1, number), number + 1
    return {}, 0


def _mapping(lines: list[str], first: int, last: int) -> dict[str, Any]:
    """Return the YAML mapping that stands in some lines."""
    try:
        found = yaml.safe_load("\n".join(lines[first:last]))
    except yaml.MarkedYAMLError as error:
        inside = error.problem_mark.line if error.problem_mark else 0
        raise ChapterError(first + inside + 1, f"no valid YAML: {error.problem}") from None
    return found if isinstance(found, dict) else {}


class _Reader:
    """Goes through lines once, and into the directives whose content is MyST."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.blocks: list[Block] = []
        self.escapes: list[tuple[int, str, str]] = []
        self._excused: dict[str, str] = {}

    def read(self, start: int, end: int) -> None:
        """Read the lines from ``start`` up to ``end``, counted from 0."""
        paragraph: list[str] = []
        number = start
        while number < end:
            line = self.lines[number]
            fence = FENCE.match(line)
            if fence is None and line.strip() and not _is_special(line):
                paragraph.append(line)
                number += 1
                continue
            self._close(paragraph, number)
            if fence is not None:
                number = self._fenced(fence, number, end)
                continue
            self._special(line, number)
            number += 1
        self._close(paragraph, end)

    def _special(self, line: str, number: int) -> None:
        """Take a heading, an escape, or another line that is no prose."""
        if match := ESCAPE.match(line):
            self._excused[match["rule"]] = match["reason"].strip()
            self.escapes.append((number + 1, match["rule"], match["reason"].strip()))
        elif line.startswith("#"):
            marks, _, title = line.partition(" ")
            self._add(Block("heading", number + 1, text=title.strip(), argument=marks))

    def _close(self, paragraph: list[str], end: int) -> None:
        if paragraph:
            self._add(Block("paragraph", end - len(paragraph) + 1, "\n".join(paragraph)))
            paragraph.clear()

    def _add(self, block: Block) -> None:
        block.excused, self._excused = self._excused, {}
        self.blocks.append(block)

    def _fenced(self, fence: re.Match[str], number: int, end: int) -> int:
        """Take what stands between fences; return the number of the line behind it."""
        mark = fence["fence"]
        closing = re.compile(rf"^\s{{0,3}}{re.escape(mark[0])}{{{len(mark)},}}\s*$")
        last = number + 1
        while last < end and not closing.match(self.lines[last]):
            last += 1
        name = fence["name"]
        options, first = self._options(number + 1, last)
        text = "\n".join(self.lines[first:last])
        if name == "code-cell":
            self._add(Block("cell", number + 1, text, name, fence["rest"].strip(), options,
                            skipped=first - number - 1))  # fmt: skip
        elif name:
            self._add(Block("directive", number + 1, text, name, fence["rest"].strip(), options))
            if name in PROSE:
                self.read(first, last)
        return last + 1

    def _options(self, first: int, last: int) -> tuple[dict[str, Any], int]:
        """Return the options at the head of a directive, and the number of the line behind them."""
        if first < last and self.lines[first].strip() == "---":
            for number in range(first + 1, last):
                if self.lines[number].strip() == "---":
                    return _mapping(self.lines, first + 1, number), number + 1
        options: dict[str, Any] = {}
        while first < last and (match := OPTION.match(self.lines[first])):
            options[match["key"]] = _value(match["value"])
            first += 1
        return options, first


def _is_special(line: str) -> bool:
    return line.startswith(("#", "% ", "%lint", "+++")) or bool(re.match(r"\([\w-]+\)=\s*$", line))


def _value(text: str) -> Any:
    """Return an option's value: a list where it is written as one."""
    if text.startswith("[") and text.endswith("]"):
        return [item.strip(" \"'") for item in text[1:-1].split(",") if item.strip()]
    return text.strip()
