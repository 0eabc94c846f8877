"""Object graphs as SVG, with a layout of our own: no program of the system is needed.

A list is a box of slots, an arrow leads from a slot to the object that it refers to. Atoms (numbers,
strings, ``None``) are written into the slots unless asked otherwise. Dashed arrows close a cycle.
Chapter: ``book/language/values.md``.

The program ``dot`` of Graphviz is not used, even where it is installed. Its version and the fonts of
the machine would change the picture, two builds of the book must agree, and a reader without it
must see what the page describes. The layout of :mod:`mlphys.language.graph_layout` depends on the
graph alone, and keeps the slots of a box in their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mlphys.language.graph_layout import (
    BAND_GAP,
    GATE,
    PAGE,
    Arrow,
    Box,
    add_gates,
    columns,
    place,
)
from mlphys.language.object_graphs import (
    Graph,
    Node,
    has_cycle,
    name_graph,
    object_graph,
)
from mlphys.language.svg import INK, Picture, draw_text, frame, printable, text_width

__all__ = ["draw_graph", "draw_names", "draw_value"]

FONT = 13  # pixels; 9.75 points
CELL = 24  # height of a slot
HEAD = 20  # height of a box's heading
PAD = 7
MARGIN = 20
WIDEST = 300  # a box of atoms continues in a new line beyond this
LONGEST = 28  # characters of a label
FRAME, FILL, MUTED, BACK = "#444444", "#eef3fa", "#555555", "#b3400a"


class Cell(NamedTuple):
    """One rectangle of a box, with its text; ``slot`` if an arrow starts in it."""

    x: float
    y: float
    width: float
    text: str
    target: int | None
    dy: float = CELL / 2  # where the arrow starts


def draw_value(value: object, *, inline: bool = True, title: str = "") -> Picture:
    """Return a picture of the objects that ``value`` is made of.

    Parameters
    ----------
    value : object
        Anything; see :func:`mlphys.language.object_graphs.object_graph`.
    inline : bool
        Write atoms into the slots. With ``False`` each atom is a box of its own, as it is in
        memory.
    title : str
        What a screen reader says; by default the number of objects.

    Returns
    -------
    Picture
        At most 640 pixels wide; it shrinks with the page.

    Examples
    --------
    >>> draw_value([[7.0] * 4] * 4)
    Picture('Object graph: 3 objects, 8 references')
    """
    return draw_graph(object_graph(value), inline=inline, title=title)


def draw_names(names: dict[str, object], *, inline: bool = True, title: str = "") -> Picture:
    """Return a picture of names and the objects that they refer to.

    Parameters
    ----------
    names : dict
        From names to values.
    inline, title
        As for :func:`draw_value`. What a name refers to is always drawn as a box.

    Examples
    --------
    >>> a = [1]
    >>> draw_names({"a": a, "b": a})
    Picture('Object graph: 2 names, 2 objects, 3 references')
    """
    return draw_graph(name_graph(names), inline=inline, title=title)


def draw_graph(graph: Graph, *, inline: bool = True, title: str = "") -> Picture:
    """Return a picture of a graph of objects.

    Parameters
    ----------
    graph : Graph
        From :func:`~mlphys.language.object_graphs.object_graph` or
        :func:`~mlphys.language.object_graphs.name_graph`.
    inline, title
        As for :func:`draw_value`.

    Examples
    --------
    >>> picture = draw_graph(object_graph(["<&>", "one line\\nand one"]))
    >>> "&lt;&amp;&gt;" in picture.svg
    True
    """
    title = printable(title) or _count(graph)
    drawn = _drawn(graph, inline)
    index = {node.number: k for k, node in enumerate(drawn)}
    cells = [_cells(node, graph, index) for node in drawn]
    boxes = [_size(node, inside) for node, inside in zip(drawn, cells, strict=True)]
    arrows = [
        Arrow(k, cell.y + cell.dy, index[cell.target])
        for k, inside in enumerate(cells)
        for cell in inside
        if cell.target is not None
    ]
    column, closing = columns(len(drawn), arrows)
    room, single, column, gates = add_gates(boxes, arrows, column, closing)
    corner, bottoms, band = place(room, single, column)
    ways = {k: [(*corner[gate], room[gate].width) for gate in v] for k, v in gates.items()}
    corner = corner[: len(boxes)]
    parts = list(_arrow_marks(arrows, closing, boxes, corner, bottoms, band, cells, ways))
    for node, box, inside, at in zip(drawn, boxes, cells, corner, strict=True):
        parts.extend(_box_marks(node, box, inside, at))
    width = max(x + box.width for (x, _), box in zip(corner, boxes, strict=True)) + 2 * MARGIN
    loops = any(len({band[a.source], band[a.target]}) > 1 for a in arrows) or bool(closing)
    height = bottoms[-1] + 2 * MARGIN + (BAND_GAP / 2 if loops else 0)
    marks = [f'<g fill="{FILL}" stroke-width="1.2">', *map(_stroke, parts), "</g>"]
    return frame(marks, min(width + (MARGIN if loops else 0), PAGE), height, title=title)


def _count(graph: Graph) -> str:
    """Return the sizes of a graph in words."""
    head = graph.nodes[0]
    names = len(head.references) if head.kind == "names" else 0
    objects = len(graph.nodes) - (head.kind == "names")
    arrows = sum(len(node.references) for node in graph.nodes)
    pairs = [(names, "name"), (objects, "object"), (arrows, "reference")]
    text = ", ".join(f"{n:,} {word}{'s' * (n != 1)}" for n, word in pairs if n)
    return f"Object graph: {text}{', with a cycle' if has_cycle(graph) else ''}"


def _drawn(graph: Graph, inline: bool) -> list[Node]:
    """Return the nodes that get a box: all but the atoms that only slots refer to."""
    named = {0}
    if graph.nodes[0].kind == "names":
        named.update(reference.target for reference in graph.nodes[0].references)
    return [n for n in graph.nodes if not inline or n.kind != "atom" or n.number in named]


def _width(label: str) -> float:
    return text_width(label, FONT)


def _cells(node: Node, graph: Graph, index: dict[int, int]) -> list[Cell]:
    """Return the rectangles of one box, relative to its corner."""
    if node.kind == "atom" or node.kind == "opaque":
        text = printable(node.text, LONGEST) if node.text else "…"
        return [Cell(0, HEAD, _width(text) + 2 * PAD, text, None)]
    entries = []
    for slot, number in node.references:
        target = graph.nodes[number]
        inline = target.kind == "atom" and not (node.kind == "names" or number in index)
        shown = slot if node.kind == "names" else target.text if inline else ""
        label = printable(shown, LONGEST)
        entries.append((label, None if inline else number))
    if node.kind == "dict":
        return _pair_cells(entries)
    if any(target is not None for _, target in entries):
        room = 16 if node.kind == "names" else 0
        wide = max([28.0] + [_width(text) + 2 * PAD + room for text, _ in entries])
        return [Cell(0, HEAD + k * CELL, wide, *entry) for k, entry in enumerate(entries)]
    return _row_cells([text for text, _ in entries])


def _row_cells(texts: list[str]) -> list[Cell]:
    """Return cells beside one another, in as many lines as they need."""
    cells, x, y = [], 0.0, float(HEAD)
    for text in texts:
        width = max(28.0, _width(text) + 2 * PAD)
        if x and x + width > WIDEST:
            x, y = 0.0, y + CELL
        cells.append(Cell(x, y, width, text, None))
        x += width
    return cells


def _pair_cells(entries: list[tuple[str, int | None]]) -> list[Cell]:
    """Return two columns: the keys of a dictionary and their values."""
    texts = [text for text, _ in entries]
    left, right = (
        max([28.0] + [_width(text) + 2 * PAD for text in texts[part::2]]) for part in (0, 1)
    )
    return [
        Cell(
            (k % 2) * left,
            HEAD + k // 2 * CELL,
            right if k % 2 else left,
            *entry,
            CELL * (0.5 if entries[k ^ 1][1] is None else 0.7 if k % 2 else 0.3),
        )
        for k, entry in enumerate(entries)
    ]


def _size(node: Node, cells: list[Cell]) -> Box:
    heading = _width(_heading(node)) + 4
    right = max([cell.x + cell.width for cell in cells] + [heading])
    return Box(right, max([cell.y for cell in cells] + [HEAD - CELL + 4]) + CELL)


def _heading(node: Node) -> str:
    if node.kind == "names":
        return "names"
    return f"{node.number} {printable(node.type_name, LONGEST)}"


def _box_marks(node: Node, box: Box, cells: list[Cell], at: tuple[float, float]) -> Iterator[str]:
    x0, y0 = at[0] + MARGIN, at[1] + MARGIN
    yield draw_text(x0 + 1, y0 + HEAD - 6, _heading(node), size=FONT, color=MUTED)
    if not cells:
        yield f'<rect x="{x0:.1f}" y="{y0 + HEAD:.1f}" width="{box.width:.1f}" height="4"/>'
    for x, y, width, label, target, dy in cells:
        round_ = ' rx="9"' if node.kind in ("atom", "opaque") else ""
        dashes = ' stroke-dasharray="4 3"' if node.kind == "opaque" else ""
        yield (
            f'<rect x="{x0 + x:.1f}" y="{y0 + y:.1f}" width="{width:.1f}" '
            f'height="{CELL}"{round_}{dashes}/>'
        )
        if label:
            yield draw_text(
                x0 + x + PAD, y0 + y + CELL / 2 + 0.35 * FONT, label, size=FONT, color=INK
            )
        if target is not None:
            yield (
                f'<circle cx="{x0 + x + width - 9:.1f}" cy="{y0 + y + dy:.1f}" r="3" '
                f'fill="{FRAME}"/>'
            )


def _arrow_marks(arrows, closing, boxes, corner, bottoms, band, cells, ways) -> Iterator[str]:
    """Yield a curve and a point for each arrow; those that go back run below the boxes."""
    starts = [cell for inside in cells for cell in inside if cell.target is not None]
    for number, (arrow, cell) in enumerate(zip(arrows, starts, strict=True)):
        x, y = corner[arrow.source]
        x1, y1 = x + cell.x + cell.width - 9 + MARGIN, y + arrow.offset + MARGIN
        edge = x + boxes[arrow.source].width + MARGIN
        x2, y2 = corner[arrow.target][0] + MARGIN - 2, corner[arrow.target][1] + MARGIN
        y2 += HEAD + min(CELL, boxes[arrow.target].height - HEAD) / 2
        back = number in closing
        color, dashes = (BACK, ' stroke-dasharray="6 3"') if back else (FRAME, "")
        if back or band[arrow.source] != band[arrow.target]:
            low = bottoms[band[arrow.source]] + MARGIN + 8 + 3 * (number % 4)
            out, into = edge + 10 + 2 * (number % 4), x2 - 14
            path = f"H{out:.1f}V{low:.1f}H{into:.1f}V{y2:.1f}H{x2 - 6:.1f}"
        else:
            path = f"H{edge:.1f}"
            at, level = edge, y1
            for left, top, long in ways.get(number, ()):
                left, top = left + MARGIN, top + MARGIN + GATE / 2
                path += _curve(at, level, left, top) + f"H{left + long:.1f}"
                at, level = left + long, top
            path += _curve(at, level, x2 - 6, y2)
        yield f'<path d="M{x1:.1f} {y1:.1f}{path}" fill="none" stroke="{color}"{dashes}/>'
        yield (
            f'<path d="M{x2:.1f} {y2:.1f}l-8 -4v8z" fill="{color}" stroke="{color}" '
            f'stroke-width="0.5"/>'
        )


def _curve(x1: float, y1: float, x2: float, y2: float) -> str:
    middle = (x1 + x2) / 2
    return f"C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"


def _stroke(part: str) -> str:
    return part.replace("<rect ", f'<rect stroke="{FRAME}" ', 1) if part[:6] == "<rect " else part
