"""Rules about figures: each says in words what a reader who cannot see it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .chapter import Chapter, Fault

__all__ = ["check_alt_texts"]

SHORTEST = 30
FILE = re.compile(r"^\S+\.(png|jpe?g|svg|gif|webp|pdf)$", re.IGNORECASE)
IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\([^)]+\)")


def check_alt_texts(chapter: Chapter) -> Iterator[Fault]:
    """Yield figures whose alternative text or caption is missing or says nothing."""
    for cell in chapter.cells:
        options = cell.options.get("mystnb")
        if isinstance(options, dict) and "figure" in options:
            figure, image = options["figure"] or {}, options.get("image") or {}
            yield from _check(cell.line, image.get("alt"), figure.get("caption"))
            if not str(figure.get("name", "")).startswith("fig-"):
                yield Fault(cell.line, "figure-name", f"the figure's name is {figure.get('name')!r}",
                            "give it a name that starts with `fig-`, so that text can refer to it")  # fmt: skip
    for figure in chapter.directives("figure"):
        yield from _check(figure.line, figure.options.get("alt"), figure.text)
    for block in chapter.of_kind("paragraph"):
        for match in IMAGE.finditer(block.text):
            line = block.line + block.text.count("\n", 0, match.start())
            yield from _check(line, match["alt"], "an image in a line has none")


def _check(line: int, alt: Any, caption: Any) -> Iterator[Fault]:
    rule = "alt-text"
    alt, caption = _words(alt), _words(caption)
    if not caption:
        yield Fault(line, "caption", "a figure without caption", "say the finding in one sentence")
    if not alt:
        yield Fault(line, rule, "a figure without alt text",
                    "describe what can be seen, under image: alt: of the cell's mystnb options")  # fmt: skip
    elif FILE.match(alt) or alt.startswith(("./", "/", "_")):
        yield Fault(line, rule, f"the alt text is a path: {alt!r}", "describe what can be seen")
    elif alt.lower() == caption.lower():
        yield Fault(line, rule, "the alt text repeats the caption",
                    "the caption says the finding; the alt text, what can be seen")  # fmt: skip
    elif len(alt) < SHORTEST:
        yield Fault(line, rule, f"the alt text is {len(alt)} characters: {alt!r}",
                    f"at least {SHORTEST}: which curves, which way they go, the numbers that matter")  # fmt: skip


def _words(text: Any) -> str:
    return " ".join(str(text or "").split())
