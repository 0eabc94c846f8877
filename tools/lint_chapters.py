"""Check the chapters against the rules of CONTRIBUTING: ``make lint``, or this file with paths.

Each fault is one line: file, line, rule, what was found, how to fix it. A comment right above a
paragraph, cell or directive switches one rule off for it, with a reason that a reviewer can judge:

    % lint-ok typed-number: the definition of a mile
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

import yaml
from chapter_lint import cells, exercises, figures, prose, structure
from chapter_lint.chapter import Chapter, ChapterError, Fault, read_chapter

__all__ = ["RULES", "chapter_names", "check", "check_file", "main"]

ROOT = Path(__file__).resolve().parent.parent
CHECKS: tuple[Callable[[Chapter], Iterator[Fault]], ...] = (
    structure.check_headings,
    structure.check_parts,
    structure.check_corrections,
    figures.check_alt_texts,
    exercises.check_exercises,
    cells.check_cell_size,
    cells.check_randomness,
    cells.check_timings,
    prose.check_numbers,
    prose.check_links,
    prose.check_paths,
)
RULES = (
    "alt-text", "bare-link", "caption", "cell-length", "corrections", "description", "exercises",
    "figure-name", "front-matter", "headings", "http", "line-length", "local-path", "needs",
    "own-site", "parts", "timing", "typed-number", "unseeded",
)  # fmt: skip
"""Names of the rules, as messages and `lint-ok` use them."""


def check(chapter: Chapter, chapters: Collection[str]) -> list[Fault]:
    """Return the faults of a chapter, in order, without those that a comment excuses.

    Parameters
    ----------
    chapter : Chapter
    chapters : collection of str
        Names of all chapters, for ``needs``.
    """
    found = [*structure.check_front_matter(chapter, chapters)]
    found += [fault for rule in CHECKS for fault in rule(chapter)]
    used: set[tuple[int, str]] = set()
    kept = [fault for fault in found if not _is_excused(chapter, fault, used)]
    return sorted([*kept, *_faulty_escapes(chapter, used)])


def _is_excused(chapter: Chapter, fault: Fault, used: set[tuple[int, str]]) -> bool:
    """Whether the block of a fault is excused from its rule; notes the escape as used."""
    block = max(
        (block for block in chapter.blocks if block.line <= fault.line and block.excused),
        key=lambda block: block.line,
        default=None,
    )
    if block is None or fault.rule not in block.excused:
        return False
    extent = block.line + block.skipped + block.text.count("\n") + 1
    if fault.line > extent:
        return False
    used.add((block.line, fault.rule))
    return True


def _faulty_escapes(chapter: Chapter, used: set[tuple[int, str]]) -> Iterator[Fault]:
    """Yield escapes that name no rule, give no reason, or excuse nothing."""
    names = {rule for _, rule in used}
    for line, rule, reason in chapter.escapes:
        if rule not in RULES:
            yield Fault(
                line, "lint-ok", f"there is no rule {rule!r}", f"choose of {', '.join(RULES)}"
            )
        elif not reason:
            yield Fault(line, "lint-ok", f"{rule} is switched off without a reason",
                        "say it behind a colon: % lint-ok rule: reason")  # fmt: skip
        elif rule not in names or not any(rule == name and line < place for place, name in used):
            yield Fault(line, "lint-ok", f"nothing below breaks {rule}", "take the comment out")


def chapter_names(root: Path) -> list[str]:
    """Return the chapters of the table of contents as ``part/stem``."""
    toc = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    files = (entry["file"] for part in toc["parts"] for entry in part["chapters"])
    names = (file.removeprefix("book/") for file in files)
    return [name for name in names if "/" in name]


def check_file(path: Path, root: Path, chapters: Collection[str]) -> list[str]:
    """Return the faults of a chapter's file as lines for people."""
    name = path.relative_to(root / "book").with_suffix("").as_posix()
    shown = path.relative_to(root).as_posix()
    try:
        chapter = read_chapter(path.read_text("utf-8"), name, shown)
    except ChapterError as error:
        return [f"{shown}:{error.line}: [yaml] {error}; quote a text that holds a colon, or begin it "
                "with `|` on a line of its own"]  # fmt: skip
    return [f"{shown}:{fault.line}: [{fault.rule}] {fault.what}; {fault.fix}"
            for fault in check(chapter, chapters)]  # fmt: skip


def main(arguments: Iterable[str] = (), root: Path = ROOT) -> int:
    """Check the named files, or all chapters; return the exit code."""
    names = chapter_names(root)
    paths = [Path(path).resolve() for path in arguments]
    paths = paths or [root / "book" / f"{name}.md" for name in names]
    chapters = [path for path in paths if path.parent.parent == root / "book"]
    lines = [line for path in chapters for line in check_file(path, root, names)]
    for line in lines:
        print(line)
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
