"""A drawing of a tree's cons cells, as SVG: each pair is a box of two halves.

The right half points along the list, to the right; the left half points down, to the element. A
slash stands for ``nil``. The drawing keeps a white ground, so that it reads the same in dark mode.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from mlphys.language.lisp_trees import Cons, show

__all__ = ["ConsPicture", "draw_pairs"]

CELL, HEIGHT, GAP, ROW, MARGIN = 52, 26, 18, 52, 12
LETTER = 9  # width of a letter at 15 px, a little more than it needs
INK, BLUE = "#000000", "#0B5394"
MOST = 60


@dataclass(frozen=True)
class ConsPicture:
    """An SVG drawing that a notebook shows.

    Attributes
    ----------
    svg : str
        The drawing as text.
    """

    svg: str

    def _repr_svg_(self) -> str:
        return self.svg


def draw_pairs(tree: Any) -> ConsPicture:
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
            label = show(item)
            shapes.append(_text(x + CELL / 4 - LETTER / 2, y + HEIGHT / 2, label))
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
    return ConsPicture(_page(shapes, width + MARGIN, bottom + MARGIN, tree))


def _right_of(element: Any, x: int) -> int:
    """Return the column at which the next pair of a list may start."""
    return x + max(CELL + GAP, _extent(element) + GAP)


def _extent(tree: Any) -> int:
    """Return the width of a tree's drawing."""
    if not isinstance(tree, Cons):
        return CELL // 4 + LETTER * len(show(tree))
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


def _text(x: float, y: float, label: str) -> str:
    return (
        f'<text x="{x:g}" y="{y + 5:g}" font-size="15" font-family="monospace" '
        f'fill="{INK}">{escape(label)}</text>'
    )


def _page(shapes: list[str], width: int, height: int, tree: Any) -> str:
    title = escape(f"Cons cells of {show(tree)}", quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{title}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'style="max-width: 100%; height: auto"><title>{title}</title>'
        f'<rect width="{width}" height="{height}" fill="#FFFFFF"/>{"".join(shapes)}</svg>'
    )
