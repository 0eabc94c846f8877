"""The figures of the chapter *Reverse mode by hand*."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from mlphys.plotting import COLORS, new_axes

__all__ = [
    "draw_box_walk",
    "draw_checker",
    "draw_costs",
    "draw_heron",
    "draw_lag",
    "draw_wrong_line",
]

# Where the quantities of the box stand: name -> (column, height).
PLACES = {
    "a": (0.0, 3.0),
    "b": (0.0, 2.0),
    "c": (0.0, 1.0),
    "d": (0.0, 0.0),
    "ab": (1.15, 2.5),
    "cd": (1.15, 0.5),
    "abc": (2.3, 3.0),
    "abd": (2.3, 2.0),
    "acd": (2.3, 1.0),
    "bcd": (2.3, 0.0),
    "half": (3.4, 1.5),
    "surface": (4.55, 1.5),
}
USES = {
    "ab": "a b",
    "cd": "c d",
    "abc": "ab c",
    "abd": "ab d",
    "acd": "a cd",
    "bcd": "b cd",
    "half": "abc abd acd bcd",
    "surface": "half",
}


def draw_box_walk(values: Mapping[str, Any], sensitivities: Mapping[str, Any]) -> Any:
    """Return the graph of the box's surface with a value and a sensitivity in each node.

    Parameters
    ----------
    values, sensitivities : mapping
        From the names of the edges and intermediate quantities to numbers.

    Examples
    --------
    >>> figure = draw_box_walk(dict.fromkeys(PLACES, 1), dict.fromkeys(PLACES, 2))
    >>> len(figure.axes)
    1
    >>> plt.close(figure)
    """
    axes = new_axes(size=(6.4, 4.2))
    axes.set(xlim=(-0.45, 5.05), ylim=(-0.45, 3.75))
    axes.axis("off")
    nodes = {}
    for name, (x, y) in PLACES.items():
        box = {"boxstyle": "round,pad=0.32", "facecolor": "white", "edgecolor": "#444444"}
        where: dict[str, Any] = {"ha": "center", "va": "center"}
        text = f"{name} = {values[name]:g}\n{'':6}"
        nodes[name] = axes.text(x, y, text, bbox=box, fontsize=9, **where).get_bbox_patch()
        where |= {"fontsize": 9.5, "fontweight": "bold", "color": COLORS["ours"]}
        axes.text(x, y - 0.11, f"{sensitivities[name]:g}", **where)
    for result, used in USES.items():
        for name in used.split():
            arrow = {"arrowstyle": "-|>", "color": COLORS["neutral"], "shrinkA": 0, "shrinkB": 0}
            arrow |= {"patchA": nodes[result], "patchB": nodes[name]}
            axes.annotate("", PLACES[name], PLACES[result], arrowprops=arrow)
    legend = "value (black)\nsensitivity (blue, bold)\narrows: the walk back"
    axes.text(5.05, 3.55, legend, ha="right", va="top", fontsize=9.5)
    return axes.figure


def draw_costs(sizes: Sequence[int], ratios: Mapping[str, Sequence[float]], bound: float) -> Any:
    """Return cost of a gradient in units of the function's, against the number of variables.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of variables.
    ratios : mapping
        From the name of a method to its ratios; the first is drawn as the rival.
    bound : float
        What the literature allows for reverse mode.

    Examples
    --------
    >>> figure = draw_costs([2, 4], {"differences": [3, 5], "walk": [2, 2]}, 5)
    >>> plt.close(figure)
    """
    axes = new_axes(
        "number of variables n", "operations, gradient / function", xscale="log", yscale="log"
    )
    looks = [("rival", "s"), ("ours", "o"), ("accent", "^"), ("exact", "D")]
    for (name, values), (color, marker) in zip(ratios.items(), looks, strict=False):
        axes.plot(sizes, values, marker + "-", color=COLORS[color], label=name)
    axes.axhline(bound, color=COLORS["exact"], linestyle="--", linewidth=1.2)
    axes.text(sizes[-1], bound * 1.1, f"proven bound {bound:g}", ha="right", va="bottom")
    axes.set_ylim(1, None)
    axes.legend(loc="upper left")
    return axes.figure


def draw_wrong_line(claimed: Mapping[str, float], measured: Mapping[str, float]) -> Any:
    """Return claimed over measured sensitivities, and point at the first wrong one.

    Parameters
    ----------
    claimed, measured : mapping
        From names to sensitivities; ``measured`` in the order of the walk back.

    Examples
    --------
    >>> figure = draw_wrong_line({"p": 1.0, "q": 2.0}, {"q": 2.0, "p": 1.5})
    >>> plt.close(figure)
    """
    names = list(measured)
    share = np.array([claimed[name] / measured[name] for name in names])
    wrong = ~np.isclose(share, 1, rtol=1e-6)
    places = np.arange(len(names))
    axes = new_axes("quantity, in the order of the walk back →", "claimed / measured sensitivity")
    axes.axhline(1, color=COLORS["exact"], linestyle="--", linewidth=1.2)
    axes.plot(places[~wrong], share[~wrong], "o", color=COLORS["ours"], label="right")
    axes.plot(places[wrong], share[wrong], "X", markersize=9, color=COLORS["fail"], label="wrong")
    if wrong.any():
        at = int(np.argmax(wrong))
        arrow = {"arrowstyle": "->", "shrinkB": 7}
        where = {"va": "center", "ha": "center", "arrowprops": arrow}
        axes.annotate("first wrong one", (at, share[at]), (at - 2.6, share[at]), **where)
    axes.set_xticks(places, names)
    axes.legend(loc="lower left")
    return axes.figure


def draw_checker(
    faults: Sequence[float], errors: Mapping[str, Any], tolerances: Mapping[str, float]
) -> Any:
    """Return the error that a check reports, against the relative fault planted in one component.

    Parameters
    ----------
    faults : sequence of float, length n
    errors : mapping
        From the name of the method to an array of shape (n, seeds).
    tolerances : mapping
        From the name of the method to its default tolerance.

    Examples
    --------
    >>> figure = draw_checker([0.1, 1], {"central": np.ones((2, 3))}, {"central": 1e-7})
    >>> plt.close(figure)
    """
    axes = new_axes(
        "planted relative fault in one component", "error reported by the check",
        xscale="log", yscale="log", size=(6.4, 4.2),
    )  # fmt: skip
    looks = [("rival", "s", "-."), ("ours", "o", "-")]
    for (name, table), (color, marker, line) in zip(errors.items(), looks, strict=False):
        low, middle, high = np.quantile(np.asarray(table), [0, 0.5, 1], axis=1)
        axes.fill_between(faults, low, high, color=COLORS[color], alpha=0.2, linewidth=0)
        axes.plot(faults, middle, marker + line, color=COLORS[color], label=name)
        axes.axhline(tolerances[name], color=COLORS[color], linestyle=":", linewidth=1.2)
        axes.text(faults[0], tolerances[name] * 1.5, f"allowed, {name}", fontsize=9)
    axes.axvline(1e-3, color=COLORS["neutral"], linewidth=1)
    axes.text(1.3e-3, 0.03, "0.1 %", transform=axes.get_xaxis_transform())
    axes.legend(loc="upper left")
    return axes.figure


def draw_heron(x: np.ndarray, roots: np.ndarray, slopes: Mapping[str, np.ndarray]) -> Any:
    """Return Heron's result with a loose tolerance, and three candidates for its slope.

    Parameters
    ----------
    x, roots : ndarray, shape (n,)
        Areas, and the sides that the loop returned.
    slopes : mapping
        From names to derivatives at x: the replayed and the implicit one.

    Examples
    --------
    >>> x = np.linspace(1, 2, 5)
    >>> figure = draw_heron(x, np.sqrt(x), {"replayed": x, "implicit": x})
    >>> plt.close(figure)
    """
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(6.4, 5.2), sharex=True)
    steps = np.flatnonzero(np.diff(roots) < 0)  # the result falls only where the count changes
    pieces = np.split(np.arange(len(x)), steps + 1)
    for number, piece in enumerate(pieces):
        label = "loop, tolerance 10" if number == 0 else None
        top.plot(x[piece], roots[piece], "-", color=COLORS["ours"], label=label)
    top.plot(x, np.sqrt(x), "--", color=COLORS["exact"], label="√x")
    top.set(ylabel="result", xscale="log", yscale="log")
    top.legend(loc="lower right")
    looks = [("ours", "-"), ("rival", "-.")]
    for (name, values), (color, line) in zip(slopes.items(), looks, strict=False):
        for number, piece in enumerate(pieces):
            label = name if number == 0 else None
            bottom.plot(x[piece], values[piece], line, color=COLORS[color], label=label)
    bottom.plot(x, 0.5 / np.sqrt(x), "--", color=COLORS["exact"], label="1 / (2√x)")
    bottom.set(xlabel="x", ylabel="slope", yscale="log")
    bottom.legend(loc="upper right")
    for axis in (bottom.xaxis, top.yaxis, bottom.yaxis):
        axis.set_major_formatter("{x:g}")
        axis.set_minor_formatter("")
    return figure


def draw_lag(errors: Mapping[str, Sequence[float]]) -> Any:
    """Return relative errors against the number of iterations.

    Parameters
    ----------
    errors : mapping
        From the name of a quantity to its errors after 1, 2, ... iterations.

    Examples
    --------
    >>> figure = draw_lag({"root": [1.0, 0.1], "replayed slope": [1.0, 0.5]})
    >>> plt.close(figure)
    """
    axes = new_axes("iterations", "relative error", yscale="log")
    looks = [("exact", "s", "--"), ("ours", "o", "-"), ("rival", "^", "-.")]
    for (name, values), (color, marker, line) in zip(errors.items(), looks, strict=False):
        shown = np.where(np.asarray(values) > 0, values, np.nan)
        count = np.arange(1, len(shown) + 1)
        axes.plot(count, shown, marker + line, color=COLORS[color], label=name)
    axes.legend(loc="lower left")
    return axes.figure
