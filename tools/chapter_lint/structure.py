"""Rules about a chapter as a whole: its front matter, headings, prediction and references."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from .chapter import Chapter, Fault

__all__ = ["check_corrections", "check_front_matter", "check_headings", "check_parts"]

LONGEST_DESCRIPTION = 155
EXERCISES = 4


def check_front_matter(chapter: Chapter, chapters: Collection[str]) -> Iterator[Fault]:
    """Yield what is missing or wrong in the front matter; ``chapters`` are the book's, by name."""
    rule = "front-matter"
    about = chapter.matter.get("mlphys")
    about = about if isinstance(about, dict) else {}
    example = "see the front matter of any chapter"
    if not str(about.get("title") or "").strip():
        yield Fault(1, rule, "there is no mlphys.title", f"add a short title; {example}")
    minutes = about.get("minutes")
    if not isinstance(minutes, int) or not 0 < minutes <= 240:
        yield Fault(1, rule, f"mlphys.minutes is {minutes!r}",
                    "give the minutes of reading as a whole number, 1 to 240")  # fmt: skip
    yield from _check_description(chapter)
    needs = about.get("needs")
    if not isinstance(needs, list):
        yield Fault(
            1, rule, f"mlphys.needs is {needs!r}", "give a list, as `needs: [language/arrays]`"
        )
        return
    for name in needs:
        if name == chapter.name:
            yield Fault(1, "needs", f"the chapter needs itself ({name})", "take it out of needs")
        elif name not in chapters:
            near = ", ".join(sorted(known for known in chapters if _stem(known) == _stem(name)))
            yield Fault(1, "needs", f"needs names {name!r}, which is no chapter",
                        f"write part/stem of a file in book/{f', here {near}' if near else ''}")  # fmt: skip


def _stem(name: object) -> str:
    return str(name).rpartition("/")[2]


def _check_description(chapter: Chapter) -> Iterator[Fault]:
    meta = chapter.matter.get("myst")
    meta = meta.get("html_meta") if isinstance(meta, dict) else None
    text = str((meta or {}).get("description") or "").strip()
    if not text:
        yield Fault(1, "description", "there is no myst.html_meta.description",
                    f"add one sentence of at most {LONGEST_DESCRIPTION} characters")  # fmt: skip
    elif len(text) > LONGEST_DESCRIPTION:
        yield Fault(1, "description", f"the description has {len(text)} characters",
                    f"search engines cut it: at most {LONGEST_DESCRIPTION}")  # fmt: skip


def check_headings(chapter: Chapter) -> Iterator[Fault]:
    """Yield headings that skip a level, and a second title."""
    rule = "headings"
    headings = chapter.of_kind("heading")
    if not headings or headings[0].argument != "#":
        yield Fault(headings[0].line if headings else 1, rule, "the first heading is no title",
                    "begin the chapter with one `# Title`")  # fmt: skip
        return
    level = 1
    for heading in headings[1:]:
        depth = len(heading.argument)
        if depth == 1:
            yield Fault(heading.line, rule, f"a second title: {heading.text!r}",
                        "a chapter has one `#`; use `##`")  # fmt: skip
        elif depth > level + 1:
            yield Fault(heading.line, rule, f"{heading.text!r} jumps from level {level} to {depth}",
                        f"use {'#' * (level + 1)}; a screen reader's list of headings has no gaps")  # fmt: skip
        level = depth


def check_parts(chapter: Chapter) -> Iterator[Fault]:
    """Yield which obligatory parts of a chapter are missing."""
    rule = "parts"
    end = chapter.blocks[-1].line if chapter.blocks else 1
    boxes = [block for block in chapter.directives("admonition") if _is_prediction(block.options)]
    if not boxes:
        yield Fault(1, rule, "the reader is never asked to predict",
                    "add an admonition with `:class: predict` before a result")  # fmt: skip
    if not chapter.directives("references"):
        yield Fault(end, rule, "there is no list of references",
                    "end the chapter with `## References` and an empty {references} directive")  # fmt: skip
    count = len(chapter.directives("exercise"))
    if count < EXERCISES:
        yield Fault(end, rule, f"{count} exercises",
                    f"a chapter has at least {EXERCISES}, the first a two-minute check, one open")  # fmt: skip


def _is_prediction(options: dict) -> bool:
    return "predict" in str(options.get("class", "")).split()


def check_corrections(chapter: Chapter) -> Iterator[Fault]:
    """Yield Correction boxes without a label or without the test that holds the right value."""
    for box in chapter.directives("admonition"):
        if not box.argument.startswith("Correction"):
            continue
        if not str(box.options.get("name", "")).startswith("correction-"):
            yield Fault(box.line, "corrections", "a Correction box without a label",
                        "give it `:name: correction-...`; the errata page links to it")  # fmt: skip
        if "tests/" not in box.text or "`test_" not in box.text:
            yield Fault(box.line, "corrections", "a Correction box that names no test",
                        "end it with the test's name and file, as `test_sign` in "
                        "`tests/physics/test_kerr.py`")  # fmt: skip
