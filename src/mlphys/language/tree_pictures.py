"""Pictures of syntax trees: layout and SVG, without a system program.

Layout: every subtree is placed as tightly as its outline allows beside its left neighbor, and a
parent stands in the middle over its first and last child. A tree too wide for that is written
downward, one node a line, children indented below their parent. Lengths are in SVG pixels; text is
set in a monospaced font, so that the width of a box follows from the number of its letters.

Chapter: ``book/language/grammars.md``. Reference: Reingold and Tilford (1981), IEEE Transactions
on Software Engineering SE-7, 223, for outlines of subtrees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mlphys.language.svg import WIDEST, Picture, draw_text, frame, printable, text_width
from mlphys.language.syntax_trees import Node

__all__ = ["Box", "draw_trees", "indented", "layout"]

FONT = 14.0  # 10.5 pt
PADDING, HEIGHT, GAP, STEP, MARGIN = 7.0, 24.0, 10.0, 46.0, 10.0
INDENT, LINE = 26.0, 30.0  # of a tree that is written downward
MAX_LABEL, MAX_NODES = 24, 500
TOKEN, RULE = ("#fff3d6", "#8a5a00"), ("#ffffff", "#33527a")


@dataclass(frozen=True, slots=True)
class Box:
    """Place of one node: center (x, y), width, and the index of its parent (-1 for the root)."""

    label: str
    token: bool
    x: float
    y: float
    width: float
    parent: int


Path = Callable[[Box, Box], str]  # from a node's parent and the node to the line that joins them


def layout(root: Node) -> list[Box]:
    """Return the boxes of a tree, the root first, each parent before its children.

    Parameters
    ----------
    root : Node
        At most ``MAX_NODES`` nodes.

    Returns
    -------
    list of Box
        In pixels; the leftmost edge is 0, the top edge 0. No two boxes overlap.

    Raises
    ------
    ValueError
        If the tree is too large to be read as a picture.

    Examples
    --------
    >>> [(box.label, box.y) for box in layout(Node("add", (Node("x"), Node("y"))))]
    [('add', 12.0), ('x', 58.0), ('y', 58.0)]
    """
    nodes, parents, depths = _flatten(root)
    labels = [printable(node.label, MAX_LABEL) for node in nodes]
    widths = [text_width(label, FONT) + 2 * PADDING for label in labels]
    offsets = _offsets(parents, widths)
    x = [0.0] * len(nodes)
    for i in range(1, len(nodes)):
        x[i] = x[parents[i]] + offsets[i]
    left = min(center - width / 2 for center, width in zip(x, widths, strict=True))
    return [
        Box(labels[i], nodes[i].token, x[i] - left, HEIGHT / 2 + STEP * depths[i], widths[i], p)
        for i, p in enumerate(parents)
    ]


def indented(root: Node) -> list[Box]:
    """Return the boxes of a tree written downward: a line for each node, indented by its depth.

    Parameters
    ----------
    root : Node
        At most ``MAX_NODES`` nodes.

    Returns
    -------
    list of Box
        In the order of the text, the root first; the leftmost edge is 0, the top edge 0.

    Raises
    ------
    ValueError
        As for :func:`layout`.

    Examples
    --------
    >>> [(box.label, box.y) for box in indented(Node("add", (Node("x"), Node("y"))))]
    [('add', 12.0), ('x', 42.0), ('y', 72.0)]
    """
    boxes = []
    for line, (node, parent, depth) in enumerate(zip(*_flatten(root), strict=True)):
        label = printable(node.label, MAX_LABEL)
        width = text_width(label, FONT) + 2 * PADDING
        x, y = INDENT * depth + width / 2, HEIGHT / 2 + LINE * line
        boxes.append(Box(label, node.token, x, y, width, parent))
    return boxes


def draw_trees(trees: Mapping[str, Node], *, title: str) -> Picture:
    """Return a picture of trees, side by side where they fit, else one above the other.

    Parameters
    ----------
    trees : mapping from str to Node
        Caption over each tree, and the tree. An empty caption takes no room.
    title : str
        What the picture shows, for readers who do not see it.

    Returns
    -------
    Picture
        On white; rules in white boxes, tokens in tinted ones with round ends.

    Raises
    ------
    ValueError
        If there is no tree, no title, or a tree has more than ``MAX_NODES`` nodes.

    Notes
    -----
    A tree that would be wider than 640 pixels is written downward (:func:`indented`), because a
    picture that is scaled down loses its letters first.

    Examples
    --------
    >>> picture = draw_trees({"": Node("2", token=True)}, title="The number two")
    >>> picture.svg.startswith("<svg") and "The number two" in picture.svg
    True
    """
    if not trees or not title:
        raise ValueError("expected at least one tree and a title that says what they show")
    blocks = [(caption, *_chosen(node)) for caption, node in trees.items()]
    sizes = [_size(caption, boxes) for caption, boxes, _ in blocks]
    row = sum(width for width, _ in sizes) + 3 * GAP * (len(sizes) - 1)
    beside = row + 2 * MARGIN <= WIDEST
    parts, x, y = [], MARGIN, MARGIN
    for (caption, boxes, path), (width, height) in zip(blocks, sizes, strict=True):
        parts += _block(caption, boxes, path, x, y)
        x, y = (x + width + 3 * GAP, y) if beside else (x, y + height + 2 * GAP)
    widest = row if beside else max(width for width, _ in sizes)
    tallest = max(height for _, height in sizes) if beside else y - MARGIN - 2 * GAP
    return frame(parts, widest + 2 * MARGIN, tallest + 2 * MARGIN, title=title)


def _chosen(node: Node) -> tuple[list[Box], Path]:
    """Return the boxes of a tree in the layout that fits into a page, and how to join them."""
    boxes = layout(node)
    wide = max(box.x + box.width / 2 for box in boxes) + 2 * MARGIN
    return (boxes, _slope) if wide <= WIDEST else (indented(node), _elbow)


def _flatten(root: Node) -> tuple[list[Node], list[int], list[int]]:
    """Return the nodes, parents first, with the index of each one's parent and its depth."""
    nodes: list[Node] = []
    parents: list[int] = []
    depths: list[int] = []
    stack = [(root, -1, 0)]
    while stack:
        node, parent, depth = stack.pop()
        if len(nodes) == MAX_NODES:
            raise ValueError(
                f"expected a tree of at most {MAX_NODES} nodes, got more; "
                "draw a part of it, or print it with outline"
            )
        index = len(nodes)
        nodes.append(node)
        parents.append(parent)
        depths.append(depth)
        stack.extend((child, index, depth + 1) for child in reversed(node.children))
    return nodes, parents, depths


def _offsets(parents: list[int], widths: list[float]) -> list[float]:
    """Return the x of each node relative to its parent."""
    children: list[list[int]] = [[] for _ in parents]
    for i, parent in enumerate(parents[1:], start=1):
        children[parent].append(i)
    offsets = [0.0] * len(parents)
    outlines: list[list[tuple[float, float]]] = [[] for _ in parents]
    for i in reversed(range(len(parents))):  # children come after their parents
        merged: list[tuple[float, float]] = []
        for child in children[i]:
            shift = _clearance(merged, outlines[child])
            offsets[child] = shift
            merged = _merge(merged, [(a + shift, b + shift) for a, b in outlines[child]])
            outlines[child] = []
        if children[i]:
            middle = (offsets[children[i][0]] + offsets[children[i][-1]]) / 2
            for child in children[i]:
                offsets[child] -= middle
            merged = [(a - middle, b - middle) for a, b in merged]
        outlines[i] = [(-widths[i] / 2, widths[i] / 2), *merged]
    return offsets


def _clearance(placed: list[tuple[float, float]], new: list[tuple[float, float]]) -> float:
    """Return how far right a subtree must go to clear what is placed, level by level."""
    return max((a[1] + GAP - b[0] for a, b in zip(placed, new, strict=False)), default=0.0)


def _merge(placed, new):
    """Return the outline of both: left edges of the placed one, right edges of the new one."""
    both = [(a[0], b[1]) for a, b in zip(placed, new, strict=False)]
    return both + placed[len(both) :] + new[len(both) :]


def _size(caption: str, boxes: list[Box]) -> tuple[float, float]:
    width = max(box.x + box.width / 2 for box in boxes)
    height = max(box.y for box in boxes) + HEIGHT / 2
    above = HEIGHT + GAP if caption else 0
    return max(width, text_width(printable(caption), FONT)), height + above


def _block(caption: str, boxes: list[Box], path: Path, x: float, y: float) -> list[str]:
    """Return the elements of one tree whose upper left corner is (x, y)."""
    parts = []
    if caption:
        parts.append(draw_text(x, y + FONT, caption, size=FONT, bold=True))
        y += HEIGHT + GAP
    for box in boxes[1:]:
        way = path(boxes[box.parent], box)
        parts.append(
            f'<path d="{way}" transform="translate({x:.1f} {y:.1f})" fill="none" stroke="#555555"/>'
        )
    return parts + [element for box in boxes for element in _drawn(box, x, y)]


def _slope(above: Box, box: Box) -> str:
    return f"M{above.x:.1f} {above.y + HEIGHT / 2:.1f}L{box.x:.1f} {box.y - HEIGHT / 2:.1f}"


def _elbow(above: Box, box: Box) -> str:
    left = above.x - above.width / 2 + INDENT / 2
    return f"M{left:.1f} {above.y + HEIGHT / 2:.1f}V{box.y:.1f}H{box.x - box.width / 2:.1f}"


def _drawn(box: Box, x: float, y: float) -> tuple[str, str]:
    fill, stroke = TOKEN if box.token else RULE
    corner = HEIGHT / 2 if box.token else 3
    return (
        f'<rect x="{x + box.x - box.width / 2:.1f}" y="{y + box.y - HEIGHT / 2:.1f}" '
        f'width="{box.width:.1f}" height="{HEIGHT:.0f}" rx="{corner:g}" '
        f'fill="{fill}" stroke="{stroke}"/>',
        draw_text(x + box.x, y + box.y + 5, box.label, size=FONT, anchor="middle"),
    )
