"""Graphs of computations as SVG: time runs downward, one row a step, no program of the system needed.

A row holds what can be computed in the same step, at the earliest. Constants are written into the
boxes of the operations that use them. Boxes are ordered within their row so that arrows are short,
and stand as near as they can to what they are connected with (least squares).

Chapter: ``book/physics/graphs.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.optimize import isotonic_regression

from mlphys.language.svg import Picture, draw_text, frame, text_width
from mlphys.physics.graphs import FREE, Graph

__all__ = ["draw_dataflow", "node_label"]

FONT = 12
HEIGHT, ROW, GAP, PAD, MARGIN = 20, 37, 10, 5, 14  # pixels
SWEEPS = 24
FRAME, PLAIN, MARKED, PATH = "#444444", "#ffffff", "#cfe0f3", "#a63a00"
SIGNS = {"add": "+", "sub": "−", "mul": "×", "div": "÷", "neg": "−", "sqrt": "√", "addn": "Σ"}
SHORT = {"integer_pow": "^", "reduce_sum": "Σ", "SqrtGrad": "√′"}


class Place(NamedTuple):
    """A box, or an opening through which an arrow passes a row; ``node`` is −1 for the latter."""

    node: int
    row: int
    width: float


def node_label(graph: Graph, k: int) -> str:
    """Return what a box says: the name of an input, or an operation with its constants.

    Examples
    --------
    >>> from mlphys.physics.graph_gradient import trace
    >>> graph = trace(lambda x: 1 / (x - 2), "x")
    >>> [node_label(graph, k) for k, node in enumerate(graph.nodes) if node.op != "const"]
    ['x', '− 2', '1 ÷']
    """
    op, inputs, detail, _ = graph.nodes[k]
    if op in FREE:
        return detail
    sign = SIGNS.get(op) or SHORT.get(op) or op
    if op == "integer_pow":
        return sign + detail.partition("y=")[2].partition(",")[0].replace("-", "−")
    words = [graph.nodes[j].detail if graph.nodes[j].op == "const" else "" for j in inputs]
    if len(words) == 2 and op in SIGNS:
        return f"{words[0]} {sign} {words[1]}".strip().replace("-", "−")
    return sign


def draw_dataflow(
    graph: Graph,
    *,
    marked: Collection[int] = (),
    path: Sequence[int] = (),
    title: str = "",
) -> Picture:
    """Return a picture of a graph, inputs above.

    Parameters
    ----------
    graph : Graph
        Every node is drawn, apart from constants and from inputs that nothing uses.
    marked : collection of int
        Nodes with a filled box.
    path : sequence of int
        A chain of nodes whose boxes and arrows are bold.
    title : str
        What a screen reader says; by default the number of operations.

    Returns
    -------
    Picture
        As wide as it must be.

    Examples
    --------
    >>> from mlphys.physics.graph_gradient import trace
    >>> draw_dataflow(trace(lambda x, y: x * x + y, "xy"))
    Picture('Graph of a computation: 2 operations in 2 steps')
    """
    drawn = _drawn(graph)
    row = _rows(graph, drawn)
    places, arrows, links = _with_openings(graph, drawn, row)
    x = _positions(places, links)
    left = min(at - p.width / 2 for at, p in zip(x, places, strict=True))
    x = [at - left + MARGIN for at in x]
    chain, count = set(pairwise(path)), max(p.row for p in places)
    parts = [part for a in arrows for part in _arrow_marks(a, x, places, chain)]
    for k, place in enumerate(places):
        if place.node >= 0:
            parts += _box_marks(graph, place, x[k], place.node in marked, place.node in path)
    width = max(at + p.width / 2 for at, p in zip(x, places, strict=True)) + MARGIN
    number = sum(graph.nodes[k].op not in FREE for k in drawn)
    title = title or f"Graph of a computation: {number:,} operations in {count:,} steps"
    return frame(parts, width, count * ROW + HEIGHT + 2 * MARGIN, title=title)


def _drawn(graph: Graph) -> list[int]:
    used = {j for node in graph.nodes for j in node.inputs} | set(graph.outputs)
    return [
        k
        for k, node in enumerate(graph.nodes)
        if node.op not in FREE or (node.op == "input" and k in used)
    ]


def _rows(graph: Graph, drawn: list[int]) -> dict[int, int]:
    """Return the step in which each node can be computed first; inputs are in row 0."""
    row: dict[int, int] = {}
    for k in drawn:
        before = [row[j] for j in graph.nodes[k].inputs if j in row]
        row[k] = 0 if graph.nodes[k].op == "input" else max(before, default=0) + 1
    return row


def _with_openings(graph, drawn, row) -> tuple[list[Place], list[list[int]], list[tuple[int, int]]]:
    """Return boxes and openings, the places that each arrow passes, and the pairs it joins."""
    widest = lambda k: max(26.0, text_width(node_label(graph, k), FONT) + 2 * PAD)
    places = [Place(k, row[k], widest(k)) for k in drawn]
    number = {k: n for n, k in enumerate(drawn)}
    openings: dict[tuple[int, int], int] = {}
    arrows = []
    for k in drawn:
        for j in dict.fromkeys(graph.nodes[k].inputs):
            if j not in number:
                continue
            way = [number[j]]
            for level in range(row[j] + 1, row[k]):  # arrows from one box share their openings
                if (j, level) not in openings:
                    openings[j, level] = len(places)
                    places.append(Place(-1, level, 2.0))
                way.append(openings[j, level])
            arrows.append([*way, number[k]])
    links = {pair for way in arrows for pair in pairwise(way)}
    return places, arrows, sorted(links)


def _positions(places: list[Place], links: list[tuple[int, int]]) -> list[float]:
    """Return the middle of each place: rows are swept down and up until boxes are near their links."""
    rows: list[list[int]] = [[] for _ in range(max(p.row for p in places) + 1)]
    for k, place in enumerate(places):
        rows[place.row].append(k)
    near: list[list[int]] = [[] for _ in places]
    for a, b in links:
        near[a].append(b)
        near[b].append(a)
    x = np.zeros(len(places))
    for row in rows:
        x[row] = _spread(np.arange(len(row)) * 1.0, [places[k].width for k in row])
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else rows[::-1]:
            side = -1 if sweep % 2 == 0 else 1
            wished = []
            for k in row:
                beside = [j for j in near[k] if (places[j].row - places[k].row) * side > 0]
                beside = beside if sweep < SWEEPS - 4 else near[k]
                wished.append(np.mean(x[beside]) if beside else x[k])
            order = np.argsort(wished, kind="stable") if sweep < SWEEPS - 4 else np.argsort(x[row])
            chosen = [row[n] for n in order]
            x[chosen] = _spread(np.array(wished)[order], [places[k].width for k in chosen])
    return list(x)


def _spread(wished: np.ndarray, widths: list[float]) -> np.ndarray:
    """Return middles in this order without overlap, nearest to the wished ones (least squares)."""
    half = np.array(widths) / 2
    offsets = np.concatenate([[0.0], np.cumsum(half[:-1] + half[1:] + GAP)])
    return isotonic_regression(wished - offsets).x + offsets


def _box_marks(graph: Graph, place: Place, x: float, marked: bool, bold: bool) -> Iterator[str]:
    y, width = MARGIN + ROW * place.row, place.width
    inside = graph.nodes[place.node].op == "input"
    round_ = ' rx="9"' if inside else ' rx="2"'
    color, thick = (PATH, 2.4) if bold else (FRAME, 1.2)
    yield (
        f'<rect x="{x - width / 2:.1f}" y="{y}" width="{width:.1f}" height="{HEIGHT}"{round_} '
        f'fill="{MARKED if marked else PLAIN}" stroke="{color}" stroke-width="{thick}"/>'
    )
    if place.node in graph.outputs:
        yield (
            f'<path d="M{x - width / 2:.1f} {y + HEIGHT + 4}h{width:.1f}" stroke="{FRAME}" '
            'stroke-width="2.4"/>'
        )
    yield draw_text(
        x,
        y + HEIGHT / 2 + 0.35 * FONT,
        node_label(graph, place.node),
        size=FONT,
        anchor="middle",
        bold=inside,
    )


def _arrow_marks(way: list[int], x: list[float], places: list[Place], chain: set) -> Iterator[str]:
    bold = (places[way[0]].node, places[way[-1]].node) in chain
    color, thick = (PATH, 2.4) if bold else (FRAME, 1.0)
    at, level = x[way[0]], MARGIN + ROW * places[way[0]].row + HEIGHT
    path = f"M{at:.1f} {level}"
    for k in way[1:]:
        top = MARGIN + ROW * places[k].row - (6 if k == way[-1] else 0)
        middle = (level + top) / 2
        path += f"C{at:.1f} {middle:.1f} {x[k]:.1f} {middle:.1f} {x[k]:.1f} {top}"
        at, level = x[k], top
        if k != way[-1]:
            level += HEIGHT
            path += f"V{level}"
    yield f'<path d="{path}" fill="none" stroke="{color}" stroke-width="{thick}"/>'
    yield f'<path d="M{at:.1f} {level + 6}l-3.5 -7h7z" fill="{color}"/>'
