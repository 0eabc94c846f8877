"""Where the boxes of an object graph stand: columns from left to right, no box on another.

An object stands to the right of all that refer to it, except where a reference closes a cycle;
within a column the boxes are as close as they can be to the slots that refer to them. Columns that
would leave the page continue below, in a further band. All lengths are in SVG pixels.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Arrow", "Box", "add_gates", "columns", "place"]

PAGE = 640
COLUMN_GAP = 56
ROW_GAP = 16
GATE = 6  # height of the opening through which an arrow passes a column
MOST_GATES = 2_000
BAND_GAP = 40


class Box(NamedTuple):
    """Width and height of what is drawn for one node."""

    width: float
    height: float


class Arrow(NamedTuple):
    """A reference: from a height within the box of ``source`` to the box of ``target``."""

    source: int
    offset: float
    target: int


def columns(count: int, arrows: list[Arrow]) -> tuple[list[int], set[int]]:
    """Return the column of each node, and the indices of the arrows that close a cycle.

    Parameters
    ----------
    count : int
        Number of nodes; all can be reached from node 0.
    arrows : list of Arrow
        All references.

    Returns
    -------
    list of int
        Longest path from node 0, arrows that close a cycle left out.
    set of int
        Indices into ``arrows`` of those.

    Examples
    --------
    >>> columns(3, [Arrow(0, 0, 1), Arrow(0, 0, 2), Arrow(1, 0, 2), Arrow(2, 0, 0)])
    ([0, 1, 2], {3})
    """
    leaving: list[list[int]] = [[] for _ in range(count)]
    for index, arrow in enumerate(arrows):
        leaving[arrow.source].append(index)
    closing: set[int] = set()
    state, finished = [0] * count, []  # state: 0 not seen, 1 on the path from node 0, 2 done
    path = [(0, iter(leaving[0]))]
    state[0] = 1
    while path:
        node, rest = path[-1]
        for index in rest:
            target = arrows[index].target
            if state[target] == 1:
                closing.add(index)
            elif state[target] == 0:
                state[target] = 1
                path.append((target, iter(leaving[target])))
                break
        else:
            state[node] = 2
            finished.append(node)
            path.pop()
    column = [0] * count
    for node in reversed(finished):  # every source before its targets
        for index in leaving[node]:
            if index not in closing:
                target = arrows[index].target
                column[target] = max(column[target], column[node] + 1)
    return column, closing


def add_gates(
    boxes: list[Box], arrows: list[Arrow], column: list[int], closing: set[int]
) -> tuple[list[Box], list[Arrow], list[int], dict[int, list[int]]]:
    """Return boxes, arrows and columns in which each arrow spans one column, and the gates used.

    An arrow that passes a column does so through a gate, an empty box of its own, so that it
    crosses no box. Pictures with thousands of gates are beyond reading and do without the rest.

    Parameters
    ----------
    boxes, arrows, column, closing
        As for :func:`columns` and :func:`place`; arrows in ``closing`` are left out.

    Returns
    -------
    boxes, arrows, column : lists
        With the gates after the given boxes.
    gates : dict
        From the index of an arrow to the indices of its gates, left to right.

    Examples
    --------
    >>> _, _, column, gates = add_gates([Box(9, 9)] * 3, [Arrow(0, 4, 2)], [0, 1, 2], set())
    >>> column, gates
    ([0, 1, 2, 1], {0: [3]})
    """
    widths = [0.0] * (max(column) + 1)
    for box, key in zip(boxes, column, strict=True):
        widths[key] = max(widths[key], box.width)
    boxes, column, single = list(boxes), list(column), []
    gates: dict[int, list[int]] = {}
    count = len(boxes)
    for index, (source, offset, target) in enumerate(arrows):
        if index in closing:
            continue
        passed = range(column[source] + 1, column[target])
        if passed and len(boxes) + len(passed) <= count + MOST_GATES:
            gates[index] = list(range(len(boxes), len(boxes) + len(passed)))
            for key in passed:
                single.append(Arrow(source, offset, len(boxes)))
                source, offset = len(boxes), GATE / 2
                boxes.append(Box(widths[key], GATE))
                column.append(key)
        single.append(Arrow(source, offset, target))
    return boxes, single, column, gates


def place(
    boxes: list[Box], arrows: list[Arrow], column: list[int]
) -> tuple[list[tuple[float, float]], list[float], list[int]]:
    """Return the upper left corner of each box, the lower edge of each band, each node's band.

    Parameters
    ----------
    boxes : list of Box
        One for each node, none wider than a page.
    arrows : list of Arrow
        References that pull a box toward the slots they start in; none may close a cycle.
    column : list of int
        As :func:`columns` gives them.

    Examples
    --------
    >>> place([Box(60, 20), Box(60, 20)], [Arrow(0, 10, 1)], [0, 1])
    ([(0, 0.0), (116, 0.0)], [20.0], [0, 0])
    """
    members: list[list[int]] = [[] for _ in range(max(column) + 1)]
    for node, number in enumerate(column):
        members[number].append(node)
    pulls: list[list[tuple[int, float]]] = [[] for _ in boxes]
    for source, offset, target in arrows:
        pulls[target].append((source, offset))
    bands = _bands([max(boxes[n].width for n in nodes) for nodes in members])
    corner, bottoms, band_of = [(0.0, 0.0)] * len(boxes), [], [0] * len(boxes)
    top = 0.0
    for number, band in enumerate(bands):
        for _, key in band:
            for node in members[key]:
                band_of[node] = number
        _place_band(boxes, members, band, pulls, band_of, corner)
        nodes = [node for _, key in band for node in members[key]]
        lift = top - min(corner[node][1] for node in nodes)
        for node in nodes:
            corner[node] = (corner[node][0], corner[node][1] + lift)
        bottoms.append(max(corner[node][1] + boxes[node].height for node in nodes))
        top = bottoms[-1] + BAND_GAP
    return corner, bottoms, band_of


def _bands(widths: list[float]) -> list[list[tuple[float, int]]]:
    """Return for each band the left edge and the number of its columns."""
    bands: list[list[tuple[float, int]]] = [[]]
    x = 0
    for number, width in enumerate(widths):
        if bands[-1] and x + width > PAGE - 2 * COLUMN_GAP:
            bands.append([])
            x = 0
        bands[-1].append((x, number))
        x += width + COLUMN_GAP
    return bands


def _place_band(boxes, members, band, pulls, band_of, corner) -> None:
    """Set the corners of one band's boxes, column by column from the left."""
    for x, key in band:
        wished = []
        for node in members[key]:
            near = [(s, dy) for s, dy in pulls[node] if band_of[s] == band_of[node]]
            middle = sum(corner[s][1] + dy for s, dy in near) / len(near) if near else 0.0
            wished.append((middle - min(boxes[node].height / 2, 10.0 if near else 0.0), node))
        wished.sort()
        heights = [boxes[node].height + ROW_GAP for _, node in wished]
        tops = _spread([y for y, _ in wished], heights)
        for (_, node), y in zip(wished, tops, strict=True):
            corner[node] = (x, y)


def _spread(wished: list[float], heights: list[float]) -> list[float]:
    """Return increasing positions, ``heights`` apart, nearest to the wished ones (least squares).

    Neighbors that overlap are joined into a block that moves as one, until none overlap.
    """
    blocks: list[list[float]] = []  # sum of wishes for the block's top, members, height
    for y, height in zip(wished, heights, strict=True):
        blocks.append([y, 1, height])
        while len(blocks) > 1:
            (above, n, tall), (below, m, more) = blocks[-2:]
            if above / n + tall <= below / m:
                break
            blocks[-2:] = [[above + below - m * tall, n + m, tall + more]]
    tops, start = [], 0
    for total, count, _ in blocks:
        y = total / count
        for height in heights[start : start + int(count)]:
            tops.append(y)
            y += height
        start += int(count)
    return tops
