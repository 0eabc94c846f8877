"""Rules about prose: numbers that were measured, links, and paths of one machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .chapter import Block, Chapter, Fault

__all__ = ["check_links", "check_numbers", "check_paths", "plain_sentences"]

# What a sentence may hold that is no prose: each is replaced by a sign of its own.
MATH = re.compile(r"\$\$.*?\$\$(?: *\([\w-]+\))?|\$[^$\n]+(?:\n[^$\n]+)*?\$", re.DOTALL)
GLUE = re.compile(r"\{glue:\w*\}`[^`]*`")
CITATION = re.compile(r"\{cite(?::\w+)?\}`[^`]*`")
TEST = re.compile(r"`(?:tests/[\w/]+\.py|test_\w+)`")
NAMED_TEST = "¶"
ROLE = re.compile(r"\{[\w:-]+\}`[^`]*`")
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]*)[^)]*\)")
SENTENCE_END = re.compile(r"(?<=[.!?:;])[\"*_)]*\s+(?=[\"*_(]*[A-Z{\d])|\n\s*(?:[-*]|\d+\.)\s+")

# A decimal with what a machine, a net or a build is measured by.
NUMBER = r"(?<![\w.])(?:\d{1,3}(?:,\d{3})+|\d+)\.\d+(?:e[-+]?\d+)?"
UNIT = (
    r"(?:(?:milli|micro|nano)?seconds?|minutes?|ms|µs|μs|ns|s|"
    r"[kKMG]i?B|(?:kilo|mega|giga)?bytes|MFLOPS|GFLOPS|"
    r"times (?:as |faster|slower)|× (?:as |faster|slower)|epochs)"
)
MEASURED = re.compile(rf"(?P<number>{NUMBER})[\s\u00a0]*(?P<unit>{UNIT})(?!\w)")
WORDS = re.compile(
    r"\b(?:accuracy|measured|it took|takes about|(?:training|test|validation) (?:loss|error|set)|"
    r"error rate|score of|speed-?up|run ?time)\b",
    re.IGNORECASE,
)
# A percentage is measured where a net or a classifier is judged; elsewhere it may be arithmetic.
PERCENT = re.compile(rf"(?P<number>{NUMBER})[\s\u00a0]*(?:%|percent\b|percentage points)")
JUDGED = re.compile(
    r"\b(?:right|correct(?:ly)?|wrong(?:ly)?|nets?|digits|images|reached (?=\d)|ended at)\b",
    re.IGNORECASE,
)
DECIMAL = re.compile(NUMBER)
INPUT = re.compile(
    rf"\b(?:rate|step|deviation|width|momentum|factor|strength|temperature)s?(?: of| at)? {NUMBER}"
)
GIVEN = re.compile(
    r"\b(?:suppose|let|say|if|assume|imagine|pretend|predict|guess|e\.g\.)\b", re.IGNORECASE
)

BARE = re.compile(r"(?<![\w(\[<\"'=`/])<?(?P<link>https?://[^\s)>\]`\"']+)")
LOCAL = re.compile(
    r"(?<![\w.:/-])(?:/(?:root|tmp|work|home/(?!jovyan\b)\w+|Users/\w+|opt/\w+)/[\w.]|[A-Z]:\\\w)"
)


def plain_sentences(block: Block) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a paragraph with their line; math, code and glue are signs.

    Examples
    --------
    >>> block = Block("paragraph", 7, "It takes $x$ s. Then {glue:text}`t:.1f` s.")
    >>> list(plain_sentences(block))
    [(7, 'It takes ∎ s.'), (7, 'Then ⧫ s.')]
    """
    text = block.text
    signs = ((MATH, "∎"), (GLUE, "⧫"), (ROLE, "∎"), (TEST, NAMED_TEST), (CODE, "∎"))
    for pattern, sign in signs:
        text = pattern.sub(lambda match, sign=sign: sign + "\n" * match[0].count("\n"), text)
    start = 0
    for end in [*SENTENCE_END.finditer(text), None]:
        sentence = text[start : end.start() if end else len(text)]
        if sentence.strip():
            lead = len(sentence) - len(sentence.lstrip())
            line = block.line + text.count("\n", 0, start + lead)
            yield line, " ".join(sentence.split())
        start = end.end() if end else start


def check_numbers(chapter: Chapter) -> Iterator[Fault]:
    """Yield measured numbers that were typed.

    A decimal counts as measured if a unit of time, memory or speed follows it; if its sentence has
    a word as "accuracy" or "it took"; or if it is a percentage in a sentence about right and wrong
    answers. Captions count as prose. Not meant are numbers in math, code and tables, paragraphs
    that cite a source, sentences that name the test which holds the number or suppose something,
    and settings, as "rate 0.2".
    """
    for block in [*chapter.of_kind("paragraph"), *_captions(chapter)]:
        if block.text.lstrip().startswith("|") or CITATION.search(block.text):
            continue
        for line, sentence in plain_sentences(block):
            number = _measured(sentence)
            if number is not None:
                yield Fault(line, "typed-number", f"{number} is typed where something is measured: "
                            f"{_around(sentence, number)!r}",
                            "compute it in a cell, glue() it and quote it with {glue:text}; a value "
                            "from the literature carries a {cite:p}; an input or a definition: write "
                            "`% lint-ok typed-number: why` above the paragraph")  # fmt: skip


def _captions(chapter: Chapter) -> Iterator[Block]:
    """Yield the captions of figures that cells draw, placed where the cell begins."""
    for cell in chapter.cells:
        options = cell.options.get("mystnb")
        figure = options.get("figure") if isinstance(options, dict) else None
        if isinstance(figure, dict) and figure.get("caption"):
            yield Block("paragraph", cell.line, " ".join(str(figure["caption"]).split()))


def _measured(sentence: str) -> str | None:
    """Return the first number of a sentence that was measured, None if none was."""
    if NAMED_TEST in sentence or GIVEN.search(sentence):
        return None
    sentence = INPUT.sub("∎", sentence)
    if found := MEASURED.search(sentence):
        return found["number"]
    if (found := PERCENT.search(sentence)) and JUDGED.search(sentence):
        return found["number"]
    if (found := DECIMAL.search(sentence)) and WORDS.search(sentence):
        return found[0]
    return None


def _around(sentence: str, number: str) -> str:
    place = sentence.index(number)
    return sentence[max(0, place - 30) : place + len(number) + 30]


def check_links(chapter: Chapter, root: Path | None = None) -> Iterator[Fault]:
    """Yield links without words, insecure ones, and links to built pages or to this book's site."""
    for block in chapter.of_kind("paragraph"):
        text = CODE.sub(lambda match: "∎" * len(match[0].replace("\n", "")) + "\n" * match[0].count("\n"),
                        block.text)  # fmt: skip
        for match in BARE.finditer(LINK.sub(lambda m: "∎" + "\n" * m[0].count("\n"), text)):
            line = block.line + text.count("\n", 0, match.start())
            yield Fault(line, "bare-link", f"a bare link: {match['link']}",
                        "cite the work (references.bib, {cite:t}), or give the link words: [text](...)")  # fmt: skip
        for match in LINK.finditer(text):
            line = block.line + text.count("\n", 0, match.start())
            yield from _check_target(line, match["target"])


def _check_target(line: int, target: str) -> Iterator[Fault]:
    if target.startswith("http://"):
        yield Fault(
            line,
            "http",
            f"an insecure link: {target}",
            "write https://; if the site has none, cite it",
        )
    elif re.match(r"https://[\w-]+\.github\.io/mlphys\b", target):
        yield Fault(line, "own-site", f"a link to this book's own site: {target}",
                    "link the source file, [](../part/chapter.md), so that the build checks it")  # fmt: skip
    elif not target.startswith("https:") and re.search(r"\.html(#|$)", target):
        yield Fault(
            line, "own-site", f"a link to a built page: {target}", "link the .md file instead"
        )


def check_paths(chapter: Chapter) -> Iterator[Fault]:
    """Yield paths that exist on one machine only, in prose and in cells."""
    for block in [*chapter.of_kind("paragraph"), *chapter.cells]:
        first = block.line + (1 + block.skipped if block.kind == "cell" else 0)
        for number, text in enumerate(block.text.splitlines()):
            if match := LOCAL.search(text):
                yield Fault(first + number, "local-path", f"a path of one machine: {match[0]}...",
                            "use a relative path, or tempfile in a cell")  # fmt: skip
