"""The figures of the chapter *Arrays*.

Each ``draw_`` function takes arrays that the chapter computed and returns the figure.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mlphys.language.arrays import layout, offset
from mlphys.plotting import COLORS, new_axes

__all__ = ["draw_broadcast", "draw_filters", "draw_matrices", "draw_ratios", "draw_views"]

CELL = {"ha": "center", "va": "center", "fontsize": 12}


def draw_views(memory: np.ndarray, views: Mapping[str, np.ndarray]) -> Figure:
    """Return a picture of one strip of memory and of the views that read it.

    Parameters
    ----------
    memory : ndarray
        The array that owns the data.
    views : mapping of str to ndarray
        Views of it with two indices, by the code that made them.

    Returns
    -------
    Figure

    Examples
    --------
    >>> table = np.arange(6).reshape(2, 3).copy()
    >>> figure = draw_views(table, {"T": table.T})
    >>> len(figure.axes)
    2
    >>> plt.close(figure)
    """
    figure = plt.figure(figsize=(6.4, 3.6))
    grid = figure.add_gridspec(2, len(views), height_ratios=(1, 3.2))
    strip = figure.add_subplot(grid[0, :])
    grays = [str(1 - 0.55 * place / (memory.size - 1)) for place in range(memory.size)]
    _table(strip, memory.reshape(1, -1), np.array([grays], dtype=object))
    strip.set_title("the memory, in order", fontsize=11)
    size = memory.itemsize
    for column, (name, view) in enumerate(views.items()):
        axes = figure.add_subplot(grid[1, column])
        card = layout(view)
        shade = np.full(view.shape, "white", dtype=object)
        for index in np.ndindex(view.shape):
            shade[index] = grays[offset(index, card.strides, card.start) // size]
        _table(axes, view, shade)
        axes.set_title(f"{name}\nstrides {card.strides}", fontsize=11)
    return figure


def draw_broadcast(column: np.ndarray, row: np.ndarray) -> Figure:
    """Return a picture of a column and a row that stretch to a table of sums.

    Parameters
    ----------
    column : ndarray, shape (n, 1)
    row : ndarray, shape (m,)

    Returns
    -------
    Figure

    Examples
    --------
    >>> figure = draw_broadcast(np.array([[0], [10]]), np.array([1, 2, 3]))
    >>> len(figure.axes)
    3
    >>> plt.close(figure)
    """
    shape = np.broadcast_shapes(column.shape, row.shape)
    figure, panels = plt.subplots(1, 3, figsize=(6.4, 2.2))
    for axes, array, title in zip(
        panels,
        (column, row, column + row),
        (f"{column.shape}", f"+ {row.shape}", f"= {shape}"),
        strict=True,
    ):
        table = np.broadcast_to(array, shape)
        own = np.zeros(shape, bool)
        own[tuple(slice(0, n) for n in np.atleast_2d(array).shape)] = True
        shade = np.where(own, "#BBD3EA", "white").astype(object)
        _table(axes, table, shade, faint=~own)
        axes.set_title(title, fontsize=11)
    return figure


def draw_matrices(matrices: np.ndarray, names: list[str]) -> Figure:
    """Return the matrices side by side, with a sign and a color for 1, −1, i and −i.

    Parameters
    ----------
    matrices : ndarray of complex, shape (k, n, n)
        Entries 0, ±1 and ±i alone.
    names : list of str
        A title each, k of them.

    Returns
    -------
    Figure

    Examples
    --------
    >>> figure = draw_matrices(np.eye(2)[None].astype(complex), ["one"])
    >>> len(figure.axes)
    1
    >>> plt.close(figure)
    """
    look = {
        1: ("1", "#BBD3EA"),
        -1: ("−1", "#F3C9A8"),
        1j: ("i", "#BFE3D4"),
        -1j: ("−i", "#E3C4DD"),
    }
    figure, panels = plt.subplots(1, len(matrices), figsize=(6.4, 1.9), squeeze=False)
    for axes, matrix, name in zip(panels[0], matrices, names, strict=True):
        pairs = [[look.get(complex(entry), ("", "white")) for entry in row] for row in matrix]
        text = np.array([[sign for sign, _ in row] for row in pairs], dtype=object)
        shade = np.array([[color for _, color in row] for row in pairs], dtype=object)
        _table(axes, text, shade)
        axes.set_title(name)
    return figure


def draw_filters(right: np.ndarray, wrong: np.ndarray) -> Figure:
    """Return the share of many beams that is left after one, two, … passes of two filters.

    Parameters
    ----------
    right, wrong : ndarray, shape (passes + 1, beams)
        Share that is left, from 0 to 1.

    Returns
    -------
    Figure

    Examples
    --------
    >>> figure = draw_filters(np.ones((3, 2)), np.full((3, 2), 0.5))
    >>> len(figure.axes)
    1
    >>> plt.close(figure)
    """
    figure, axes = plt.subplots(figsize=(5.0, 3.2))
    passes = np.arange(len(right))
    axes.plot(passes, right, color=COLORS["ours"], linestyle="-", lw=0.9, alpha=0.7)
    axes.plot(passes, wrong, color=COLORS["fail"], linestyle=":", lw=2.2, marker="o")
    axes.plot([], [], color=COLORS["ours"], label="with i: a projector")
    axes.plot([], [], color=COLORS["fail"], ls=":", lw=2.2, marker="o", label="without i")
    axes.set(xlabel="passes through the filter", ylabel="share of the beam left", xticks=passes)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncol=2)  # clear of all lines
    return figure


def draw_ratios(ratios: Mapping[int, Sequence[float]]) -> Figure:
    """Return measured ratios of times against the number of entries, with their spread.

    Parameters
    ----------
    ratios : mapping of int to sequence of float
        For each number of entries some ratios of the same two times, in any order.

    Returns
    -------
    Figure
        Medians as points; bars reach from the least to the most.

    Examples
    --------
    >>> figure = draw_ratios({3: [1.0, 2.0, 1.5], 30: [4.0, 5.0, 9.0]})
    >>> figure.axes[0].lines[0].get_ydata().tolist()
    [1.5, 5.0]
    >>> plt.close(figure)
    """
    axes = new_axes(
        "number of entries",
        "time of the loop / time of one call",
        xscale="log",
        yscale="log",
        size=(5.0, 3.0),
    )
    sizes = list(ratios)
    middle = np.array([np.median(some) for some in ratios.values()])
    reach = np.array([(min(some), max(some)) for some in ratios.values()]).T
    axes.errorbar(
        sizes, middle, abs(reach - middle), color=COLORS["ours"], marker="o", ls="-", capsize=4
    )
    axes.axhline(1, color=COLORS["neutral"], ls="--", lw=1)
    return axes.figure


def _table(axes: Axes, values: Any, shade: np.ndarray, faint: np.ndarray | None = None) -> None:
    """Draw a table of values, each in a square of its shade."""
    rows, columns = values.shape
    for (r, c), value in np.ndenumerate(values):
        axes.add_patch(Rectangle((c, r), 1, 1, facecolor=shade[r, c], edgecolor="#7F7F7F"))
        gray = faint is not None and faint[r, c]
        axes.text(c + 0.5, r + 0.5, str(value), color="#757575" if gray else "black", **CELL)
    axes.set(xlim=(-0.05, columns + 0.05), ylim=(rows + 0.05, -0.05), aspect="equal")
    axes.axis("off")
