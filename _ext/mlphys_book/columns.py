r"""Widths for the columns of a table on paper, from what stands in them.

LaTeX sets a column as wide as it is told, or lets a long cell starve the short ones. Here a table
whose rows fit on one line each gets the room that they need; a wider one gets the whole line, of
which each column has at least its longest word, and of the rest a share by its longest cell.
"""

from __future__ import annotations

import re

from docutils import nodes

__all__ = ["shares", "spread"]

LINE = 98  # letters of middle width on a line of the book
GAP = 3  # letters that the space between two columns takes
CODE, HEAD = 1.12, 1.15  # width of a letter of code or of a column's name


def shares(longest: list[float], words: list[float], line: float = LINE) -> list[float]:
    """Return the share of the line that each column gets.

    Parameters
    ----------
    longest : list of float
        Letters of the longest cell in each column.
    words : list of float
        Letters of the longest word in each column, which cannot be broken.
    line : float
        Letters of a line.

    Examples
    --------
    >>> shares([10, 20], [5, 5], line=100)
    [0.13, 0.23]
    >>> shares([10, 200], [10, 10], line=100)
    [0.13, 0.87]
    """
    wide = [width + GAP for width in longest]
    if sum(wide) <= line:
        return [width / line for width in wide]
    least = [word + GAP for word in words]
    if sum(least) >= line:
        return [width / sum(least) for width in least]
    rest = line - sum(least)
    wanted = [(high - low) for high, low in zip(wide, least, strict=True)]
    # who wants little gets all of it; the others share alike
    while True:
        even = rest / max(sum(map(bool, wanted)), 1)
        small = [index for index, want in enumerate(wanted) if 0 < want <= even]
        if not small:
            break
        for index in small:
            least[index] += wanted[index]
            rest -= wanted[index]
            wanted[index] = 0
    total = sum(wanted)
    return [
        (low + (rest * want / total if total else 0)) / line
        for low, want in zip(least, wanted, strict=True)
    ]


def spread(table: nodes.table) -> str:
    r"""Return LaTeX's specification of the columns of a table.

    Parameters
    ----------
    table : docutils.nodes.table

    Returns
    -------
    str
        For each column, as in ``\X{250}{1000}``: 250 thousandths of the line, set ragged.
    """
    rows = [list(row.findall(nodes.entry)) for row in table.findall(nodes.row)]
    count = max(map(len, rows))
    cells = [[_words(row[column]) for row in rows if column < len(row)] for column in range(count)]
    longest = [max(sum(cell) + len(cell) - 1 for cell in column) for column in cells]
    words = [max(max(cell, default=1) for cell in column) for column in cells]
    left = r">{\raggedright\arraybackslash}"
    widths = (round(1000 * share) for share in shares(longest, words))
    return "".join(rf"{left}\X{{{width}}}{{1000}}" for width in widths)


def _words(cell: nodes.Element) -> list[float]:
    """Return the widths of the words of a cell, in letters."""
    widths: list[float] = []
    head = HEAD if isinstance(cell.parent.parent, nodes.thead) else 1
    for text in cell.findall(nodes.Text):
        kind = text.parent
        if isinstance(kind, nodes.math):
            widths.append(_shown(text.astext()))
            continue
        code = isinstance(kind, nodes.literal)
        factor = CODE if code else head
        pieces = re.split(r"(?<=[_/.,;:])|\s+" if code else r"\s+", text.astext())
        widths += [factor * len(piece) for piece in pieces if piece]
    return widths or [1]


def _shown(tex: str) -> float:
    """Return about the width that a formula takes, in letters.

    Examples
    --------
    >>> _shown(r"\\mathrm{d}x^2"), _shown(r"a = b"), _shown(r"\\alpha \\approx 2")
    (3.6, 6.0, 6.0)
    """
    tex = re.sub(r"\\(?:mathrm|mathbf|operatorname|text|frac|left|right|[,;! ])", "", tex)
    tex = re.sub(r"\\(?:approx|cdot|times|to|sim|le|ge|ne|pm)(?![a-zA-Z])", "=", tex)
    letters = re.sub(r"[{}_^\s]", "", re.sub(r"\\[a-zA-Z]+", "m", tex))
    signs = len(re.findall(r"[=<>+−-]", letters)) if len(letters) > 2 else 0
    return round(1.2 * len(letters) + 2.4 * signs, 1)
