"""A drawing of a tree's cons cells, as SVG: each pair is a box of two halves.

The right half points along the list, to the right; the left half points down, to the element. A
slash stands for ``nil``. The drawing keeps a white ground, so that it reads the same in dark mode.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from mlphys.language.lisp_trees import Cons, show
from mlphys.language.svg import Picture, draw_text, frame, printable, text_width

__all__ = ["draw_pairs"]

CELL, HEIGHT, GAP, ROW, MARGIN = 52, 26, 18, 52, 12
FONT = 15  # pixels
BLUE = "#0B5394"
MOST = 60


def draw_pairs(tree: Any) -> Picture:
    """Return the drawing of a tree's pairs.

    Parameters
    ----------
    tree : Cons
        A tree of at most 60 pairs.

    Raises
    ------
    ValueError
        If there is no pair to draw, or too many.

    Examples
    --------
    >>> from mlphys.language.lisp_reader import read
    >>> draw_pairs(read("(+ 1 2)")).svg.count("<rect")
    4
    """
    if not isinstance(tree, Cons):
        raise ValueError(f"draw_pairs: expected a pair; got {show(tree)}; pass a list")
    shapes: list[str] = []
    width, bottom, count = 0, 0, 0
    edge = [0] * (MOST + 1)  # first free column of each row
    todo: list[tuple[Any, int, int]] = [(tree, MARGIN, 0)]
    while todo:
        item, x, row = todo.pop()
        y = MARGIN + row * ROW
        if not isinstance(item, Cons):
            at = x + (CELL / 2 - text_width("x", FONT)) / 2  # its first letter under the arrow
            shapes.append(draw_text(at, y + HEIGHT / 2 + 5, show(item), size=FONT))
            edge[row] = max(edge[row], x + _extent(item))
        else:
            count += 1
            if count > MOST:
                raise ValueError(
                    f"draw_pairs: expected at most {MOST} pairs; got more; draw a part of the tree"
                )
            shapes += _cell(x, y)
            edge[row] = max(edge[row], x + CELL + GAP)
            shapes.append(_arrow(x + CELL / 4, y + HEIGHT / 2, x + CELL / 4, y + ROW))
            right = _right_of(item.car, x)
            if isinstance(item.cdr, Cons):
                shapes.append(_arrow(x + 0.75 * CELL, y + HEIGHT / 2, right, y + HEIGHT / 2))
                todo.append((item.cdr, right, row))
            elif item.cdr is None:
                shapes.append(_line(x + CELL / 2, y + HEIGHT, x + CELL, y))
            else:
                shapes.append(_arrow(x + 0.75 * CELL, y + HEIGHT / 2, right, y + HEIGHT / 2))
                todo.append((item.cdr, right, row))
            todo.append((item.car, x, row + 1))
        width, bottom = max(width, edge[row]), max(bottom, y + HEIGHT)
    title = f"Cons cells of {show(tree)}"
    return frame(shapes, width + MARGIN, bottom + MARGIN, title=title)


def _right_of(element: Any, x: int) -> int:
    """Return the column at which the next pair of a list may start."""
    return x + max(CELL + GAP, _extent(element) + GAP)


def _extent(tree: Any) -> int:
    """Return the width of a tree's drawing."""
    if not isinstance(tree, Cons):
        return CELL // 4 + ceil(text_width(printable(show(tree)), FONT))
    total = 0
    while isinstance(tree, Cons):
        last = not isinstance(tree.cdr, Cons)
        total += max(CELL if last else CELL + GAP, _extent(tree.car) + (0 if last else GAP))
        tree = tree.cdr
    return total if tree is None else total + GAP + _extent(tree)


def _cell(x: float, y: float) -> list[str]:
    rect = (
        f'<rect x="{x:g}" y="{y:g}" width="{CELL}" height="{HEIGHT}" fill="#EAF1FB" '
        f'stroke="{BLUE}" stroke-width="1.5"/>'
    )
    return [rect, _line(x + CELL / 2, y, x + CELL / 2, y + HEIGHT)]


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return (
        f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{BLUE}" '
        'stroke-width="1.5"/>'
    )


def _arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    """Return a line with a dot at its start and a head at its end."""
    down = x1 == x2
    head = (
        f"{x2 - 4:g},{y2 - 7:g} {x2 + 4:g},{y2 - 7:g} {x2:g},{y2:g}"
        if down
        else f"{x2 - 7:g},{y2 - 4:g} {x2 - 7:g},{y2 + 4:g} {x2:g},{y2:g}"
    )
    return (
        f'<circle cx="{x1:g}" cy="{y1:g}" r="3" fill="{BLUE}"/>{_line(x1, y1, x2, y2)}'
        f'<polygon points="{head}" fill="{BLUE}"/>'
    )
