"""What is wrong with the book as a PDF: pure functions on LaTeX's log, its labels, the text.

``build_pdf`` calls `find_faults` and fails if it finds any. A fault is one line that says what is
wrong and where; overfull boxes and undefined references name the page of the book by the labels in
the LaTeX file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = [
    "find_faults", "log_faults", "misnumbered", "overfull", "question_marks", "unknown_targets",
]  # fmt: skip

HORIZONTAL, VERTICAL = 2.0, 4.0
"""Points by which a box may be too wide or too high; nobody sees less."""

FAULTS = (
    re.compile(r"^! .*", re.MULTILINE),
    re.compile(r"^LaTeX Warning: .*", re.MULTILINE),
    re.compile(r"^Missing character: .*", re.MULTILINE),
    re.compile(r"^Package hyperref Warning: .*", re.MULTILINE),
)
HARMLESS = (
    "LaTeX Warning: There were undefined references.",  # each of them is found by itself
    "LaTeX Warning: `!h' float specifier changed to",
    "LaTeX Warning: `h' float specifier changed to",
)
OVERFULL = re.compile(
    r"^Overfull \\(?P<box>[hv])box \((?P<points>[\d.]+)pt too (?:wide|high)\)"
    r"(?:.*?\blines? (?P<line>\d+))?.*$",
    re.MULTILINE,
)
PAGE = re.compile(r"\\label\{\\detokenize\{(?P<page>[^:}]+)::doc\}\}")
LABEL = re.compile(r"\\newlabel\{(?P<label>[^}]+)\}\{\{(?P<number>[^}]*)\}")
LINK = re.compile(r"\\hyperlink\{(?P<name>[^}]+)\}")
DESTINATION = re.compile(r"\"(?P<name>[^\"]+)\"\s*$", re.MULTILINE)


def log_faults(log: str) -> list[str]:
    """Return errors, undefined references, missing characters by the log of LaTeX's last run.

    Examples
    --------
    >>> log_faults("! Undefined control sequence.\\nOverfull hbox\\n")
    ['! Undefined control sequence.']
    """
    found = [match[0] for pattern in FAULTS for match in pattern.finditer(log)]
    return [line for line in found if not line.startswith(HARMLESS)]


def _page(tex: list[str], line: int) -> str:
    """Return the page of the book that a line of the LaTeX file belongs to."""
    for text in reversed(tex[:line]):
        if match := PAGE.search(text):
            return match["page"]
    return "the front matter"


def overfull(
    log: str, tex: str, horizontal: float = HORIZONTAL, vertical: float = VERTICAL
) -> list[str]:
    """Return the boxes that are too wide or too high, the worst first.

    Parameters
    ----------
    log, tex : str
        LaTeX's log, and the file that it read.
    horizontal, vertical : float
        Points that are allowed.
    """
    lines = tex.splitlines()
    found = []
    for match in OVERFULL.finditer(log):
        points = float(match["points"])
        if points <= (horizontal if match["box"] == "h" else vertical):
            continue
        line = int(match["line"] or 0)
        place = f"{_page(lines, line)}, line {line} of the LaTeX file" if line else "no place known"
        text = lines[line - 1].strip()[:60] if 0 < line <= len(lines) else ""
        kind = "wide" if match["box"] == "h" else "high"
        found.append((points, f"box {points:.1f} pt too {kind}: {place}: {text}"))
    return [text for _, text in sorted(found, reverse=True)]


def question_marks(text: str) -> list[str]:
    """Return the lines of the PDF's text that show "??", with their pages.

    Examples
    --------
    >>> question_marks("fine\\fsee Fig. ??, and\\n")
    ['page 2 of the PDF shows ??: see Fig. ??, and']
    """
    return [
        f"page {number} of the PDF shows ??: {line.strip()}"
        for number, page in enumerate(text.split("\f"), start=1)
        for line in page.splitlines()
        if "??" in line
    ]


def unknown_targets(tex: str, destinations: str) -> list[str]:
    """Return the links by name, as those of citations are, that lead nowhere: LaTeX does not say.

    Parameters
    ----------
    tex : str
        What LaTeX read.
    destinations : str
        What ``pdfinfo -dests`` prints of the PDF.
    """
    known = {match["name"] for match in DESTINATION.finditer(destinations)}
    names = dict.fromkeys(match["name"] for match in LINK.finditer(tex))
    return [f"a link leads nowhere: {name}" for name in names if name not in known]


def misnumbered(expected: Mapping[str, str], aux: str) -> list[str]:
    """Return chapters, equations and figures whose number is not the one of the site.

    Parameters
    ----------
    expected : mapping of str to str
        Number by LaTeX label.
    aux : str
        LaTeX's file of labels.

    Examples
    --------
    >>> misnumbered({"equation:a:b": "1.2"}, r"\\newlabel{equation:a:b}{{1.3}{7}}")
    ['equation:a:b has the number 1.3, and 1.2 on the site']
    """
    given = {match["label"]: match["number"] for match in LABEL.finditer(aux)}
    return [
        f"{label} has the number {given.get(label, 'none')}, and {number} on the site"
        for label, number in expected.items()
        if given.get(label) != number
    ]


def find_faults(
    log: str, tex: str, aux: str, destinations: str, text: str, expected: Mapping[str, str]
) -> list[str]:
    """Return everything that is wrong, what is worst first.

    Parameters
    ----------
    log, tex, aux : str
        LaTeX's log, what it read, and its file of labels.
    destinations : str
        What ``pdfinfo -dests`` prints of the PDF.
    text : str
        The text of the PDF, pages parted by form feeds.
    expected : mapping of str to str
        The site's numbers (see `misnumbered`).
    """
    return [
        *log_faults(log),
        *unknown_targets(tex, destinations),
        *question_marks(text),
        *misnumbered(expected, aux),
        *overfull(log, tex),
    ]
