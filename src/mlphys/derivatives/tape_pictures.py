"""A tape as text and as a graph, each quantity with its value and its sensitivity.

The two views hold the same: a line of the tape is a node, a number of an earlier line in it is an
arrow. Values run along the arrows, sensitivities against them.

Chapter: ``book/derivatives/tape.md``.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from mlphys.derivatives.tape import Tape
from mlphys.derivatives.variable import Variable, plain
from mlphys.language.graph_layout import GATE, Arrow, Box, add_gates, columns, place
from mlphys.language.svg import Picture, draw_text, frame, text_width

__all__ = ["draw_tape", "write_tape"]

FONT = 12
LINE = 16
PAD = 6
MARGIN = 16
SQUEEZE = 24
FRAME, FILL, VALUE, SENSITIVITY = "#444444", "#eef3fa", "#1a1a1a", "#a63a00"
SIGNS = {"add": "+", "sub": "−", "mul": "×", "truediv": "÷", "pow": "^", "matmul": "@"}


class Line(NamedTuple):
    """What is told of one line of a tape, as text."""

    index: int
    name: str
    formula: str
    value: str
    sensitivity: str
    parents: tuple[int, ...]
    head: str


def write_tape(result: Variable, names: Mapping[str, Variable] | None = None) -> str:
    """Return the tape of a result as text: a line for each operation, with value and sensitivity.

    Parameters
    ----------
    result : Variable
        Where the replay starts.
    names : mapping of str to Variable, optional
        Names of inputs and of quantities on the way; the others get numbers.

    Examples
    --------
    >>> tape = Tape()
    >>> x, y = tape.variable(3.0), tape.variable(4.0)
    >>> print(write_tape(x * y + x, {"x": x, "y": y}))
    line  name  formula  value  sensitivity
       0  x     input    3      5
       1  y     input    4      3
       2  q2    x × y    12     1
       3  q3    q2 + x   15     1
    """
    lines = _lines(result, names)
    rows = [("line", "name", "formula", "value", "sensitivity")]
    rows += [(str(line.index), *line[1:5]) for line in lines]
    widths = [max(len(row[k]) for row in rows) for k in range(5)]
    cells = lambda row: (
        [row[0].rjust(widths[0])]
        + [text.ljust(width) for text, width in zip(row[1:], widths[1:], strict=True)]
    )
    return "\n".join("  ".join(cells(row)).rstrip() for row in rows)


def draw_tape(
    result: Variable, names: Mapping[str, Variable] | None = None, *, title: str = ""
) -> Picture:
    """Return the graph of a computation, inputs at the left, with value and sensitivity in each box.

    Parameters
    ----------
    result, names
        As for :func:`write_tape`. Arrays are shown by their shape.
    title : str
        What a screen reader says; by default the number of quantities.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If the graph is wider than a page.

    Examples
    --------
    >>> x = Tape().variable(3.0)
    >>> draw_tape(x * x, {"x": x})
    Picture('Graph of a computation: 2 quantities, 2 uses')
    """
    lines = _lines(result, names)[::-1]  # the result first: the layout starts from there
    at = {line.index: k for k, line in enumerate(lines)}
    boxes = [_size(line) for line in lines]
    arrows = [
        Arrow(k, boxes[k].height * (n + 1) / (len(line.parents) + 1), at[parent])
        for k, line in enumerate(lines)
        for n, parent in enumerate(line.parents)
    ]
    column, closing = columns(len(lines), arrows)
    narrow = [Box(box.width - SQUEEZE, box.height) for box in boxes]  # draws the columns together
    narrow, single, column, gates = add_gates(narrow, arrows, column, closing)
    corner, bottoms, _ = place(narrow, single, column)
    room = [Box(box.width + SQUEEZE, box.height) for box in narrow]
    if len(bottoms) > 1:
        raise ValueError(
            f"draw_tape: expected a graph that fits a page; got {max(column) + 1} columns. Draw a "
            "shorter computation, or print it with write_tape."
        )
    corner, width = (
        corner[: len(room)],
        max(x + box.width for (x, _), box in zip(corner, room, strict=True)),
    )
    corner = [(width - x - box.width, y) for (x, y), box in zip(corner, room, strict=True)]
    parts = list(_arrow_marks(arrows, gates, room, corner))
    for line, box, place_ in zip(lines, boxes, corner, strict=False):
        parts.extend(_box_marks(line, box, place_))
    title = title or f"Graph of a computation: {len(lines)} quantities, {len(arrows)} uses"
    return frame(parts, width + 2 * MARGIN, bottoms[-1] + 2 * MARGIN, title=title)


def _lines(result: Variable, names: Mapping[str, Variable] | None) -> list[Line]:
    """Return the lines that the result depends on, in the order of the tape."""
    tape: Tape = result.tape
    known = {variable.index: name for name, variable in (names or {}).items()}
    sums = tape.sensitivities(result)
    lines = []
    for i, function in enumerate(tape.functions):
        if sums[i] is None:
            continue
        name = known.get(i, f"q{i}")
        arguments, origins = tape.uses[i][::2], tape.uses[i][1::2]
        pairs = zip(origins, arguments, strict=True)
        words = [known.get(j, f"q{j}") if j is not None else _short(a) for j, a in pairs]
        parents = tuple(j for j in origins if j is not None)
        if function is None:
            formula, head = "input", name
        else:
            formula = _formula(function.__name__, words)
            head = _head(function.__name__, arguments, origins)
            head = f"{name}: {head}" if i in known else head
        numbers = _short(tape.values[i]), _short(sums[i])
        lines.append(Line(i, name, formula, *numbers, parents, head))
    return lines


def _formula(name: str, words: list[str]) -> str:
    if name in SIGNS:
        return f" {SIGNS[name]} ".join(words)
    if name == "getitem":
        return f"{words[0]}[{words[1]}]"
    return f"−{words[0]}" if name == "neg" else f"{name}({', '.join(words)})"


def _head(name: str, args: tuple, parents: tuple) -> str:
    """Return an operation with its constants; the arrows show the rest."""
    words = ["" if j is not None else _short(a) for j, a in zip(parents, args, strict=True)]
    if name in SIGNS:
        return f" {SIGNS[name]} ".join(words).strip()
    return f"[{words[1]}]" if name == "getitem" else {"neg": "−"}.get(name, name)


def _short(x: Any) -> str:
    """Return a number with at most three digits, an array as its shape."""
    x = plain(x)
    if isinstance(x, np.ndarray) and x.ndim:
        return "×".join(map(str, x.shape)) + " array"
    if isinstance(x, float | complex | int | np.generic | np.ndarray):
        return f"{x:.3g}".replace("-", "−")
    return str(x)


def _size(line: Line) -> Box:
    letters = max(map(len, _texts(line)))
    return Box(text_width("x" * letters, FONT) + 2 * PAD, 3 * LINE + PAD)


def _texts(line: Line) -> tuple[str, str, str]:
    return line.head, f"= {line.value}", f"s = {line.sensitivity}"


def _box_marks(line: Line, box: Box, corner: tuple[float, float]) -> Iterator[str]:
    x, y = corner[0] + MARGIN, corner[1] + MARGIN
    yield (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="4" '
        f'fill="{FILL}" stroke="{FRAME}" stroke-width="1.2"/>'
    )
    colors = (VALUE, VALUE, SENSITIVITY)
    for n, (text, color) in enumerate(zip(_texts(line), colors, strict=True)):
        yield draw_text(
            x + PAD, y + PAD + LINE * (n + 0.6), text, size=FONT, color=color, bold=n == 0
        )


def _arrow_marks(arrows, gates, room, corner) -> Iterator[str]:
    """Yield a curve from each argument (left) to where it is used (right), with its point."""
    for number, (source, offset, target) in enumerate(arrows):
        x, y = corner[source][0] + MARGIN - 2, corner[source][1] + MARGIN + offset
        yield f'<path d="M{x:.1f} {y:.1f}l-8 -4v8z" fill="{FRAME}"/>'
        path, x = f"M{x - 6:.1f} {y:.1f}", x - 6
        for gate in gates.get(number, ()):
            left, top = corner[gate][0] + MARGIN, corner[gate][1] + MARGIN + GATE / 2
            right = left + room[gate].width
            path += _curve(x, y, right, top) + f"H{left:.1f}"
            x, y = left, top
        end = corner[target][0] + MARGIN + room[target].width
        level = corner[target][1] + MARGIN + room[target].height / 2
        yield (
            f'<path d="{path}{_curve(x, y, end, level)}" fill="none" stroke="{FRAME}" '
            'stroke-width="1.2"/>'
        )


def _curve(x1: float, y1: float, x2: float, y2: float) -> str:
    middle = (x1 + x2) / 2
    return f"C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
