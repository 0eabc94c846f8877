"""Figures drawn for the chapter ``book/language/craft.md``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ulp
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle

from mlphys.language.intervals import Interval
from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = [
    "draw_constant_columns",
    "draw_corners",
    "draw_running_means",
    "draw_search",
    "draw_sum_of_floats",
]


def draw_running_means(before: np.ndarray, after: np.ndarray, exact: float) -> Any:
    """Draw the mean of the first runs of two simulations with its standard error.

    Parameters
    ----------
    before, after : ndarray
        Shape ``(runs,)``: one estimate a run.
    exact : float
        What both estimate.

    Returns
    -------
    matplotlib.figure.Figure
        Bands are one standard error of the mean to either side, from the second run on.
    """
    axes = new_axes("runs averaged", "mean estimate of π", xscale="log", size=(6.4, 3.4))
    cases = {"seed hidden inside": ("fail", before), "generator handed in": ("ours", after)}
    for label, (color, runs) in cases.items():
        n = np.arange(2, len(runs) + 1)
        mean = np.cumsum(runs)[1:] / n
        error = np.array([runs[:m].std(ddof=1) / np.sqrt(m) for m in n])
        axes.plot(n, mean, color=COLORS[color], ls=STYLES[color], label=label)
        axes.fill_between(n, mean - error, mean + error, color=COLORS[color], alpha=0.2, lw=0)
    axes.axhline(exact, color=COLORS["exact"], ls=STYLES["exact"], label="π")
    axes.legend(loc="center right")
    return axes.figure


def draw_corners(a: Interval, b: Interval) -> Any:
    """Draw the rectangle a × b with the product x y at its four corners.

    Parameters
    ----------
    a, b : Interval
        Ranges of x and of y.

    Returns
    -------
    matplotlib.figure.Figure
        Squares are the two corners that "low times low, high times high" looks at.
    """
    axes = new_axes("x", "y", size=(4.6, 3.4))
    corner = (float(a.low), float(b.low))
    axes.add_patch(
        Rectangle(corner, float(a.high - a.low), float(b.high - b.low), color="#E3ECF5", zorder=0)
    )
    for x in (a.low, a.high):
        for y in (b.low, b.high):
            seen = (x == a.low) == (y == b.low)
            marker, color = ("s", "rival") if seen else ("o", "ours")
            axes.plot([x], [y], marker, color=COLORS[color], markersize=9)
            product = f"{x * y}".replace("-", "−")
            axes.annotate(
                f"xy = {product}", (x, y), (0, 9), textcoords="offset points", ha="center"
            )
    axes.margins(0.25)
    return axes.figure


def draw_constant_columns(results: Mapping[int, float]) -> Any:
    """Draw what (x − mean)/deviation makes of a column of equal values, by its length.

    Parameters
    ----------
    results : mapping of int to float
        Length of the column to any one of its (equal) results; NaN where 0 was divided by 0.

    Returns
    -------
    matplotlib.figure.Figure
        NaN has a row of its own at the top.
    """
    axes = new_axes("length of the column", "result", size=(6.4, 2.6))
    cases = {
        "a number": ("rival", "s", {n: y for n, y in results.items() if np.isfinite(y)}),
        "0/0": ("fail", "x", {n: 2.0 for n, y in results.items() if np.isnan(y)}),
    }
    for label, (role, marker, points) in cases.items():
        axes.plot([*points], [*points.values()], marker, color=COLORS[role], label=label, ls="none")
    axes.set(ylim=(-1.6, 2.6))
    axes.set_yticks([-1, 0, 1, 2], ["−1", "0", "1", "NaN"])
    return axes.figure


def draw_search(sizes: Sequence[float], fails: Sequence[bool]) -> Any:
    """Draw the size of each example that a search tried, in order.

    Parameters
    ----------
    sizes : sequence of float
        Size of each example.
    fails : sequence of bool
        Whether the example breaks the law.

    Returns
    -------
    matplotlib.figure.Figure
        Crosses break the law; the line holds the smallest size that broke it so far.
    """
    axes = new_axes("example, in the order of the search", "size", size=(6.4, 3.0))
    number, size, broken = np.arange(1, len(sizes) + 1), np.array(sizes), np.array(fails)
    axes.plot(
        number[~broken], size[~broken], "o", color=COLORS["ours"], mfc="white", label="law holds"
    )
    axes.plot(number[broken], size[broken], "x", color=COLORS["fail"], label="law broken", ms=7)
    smallest = np.minimum.accumulate(np.where(broken, size, np.inf))
    axes.step(
        number, np.where(np.isfinite(smallest), smallest, np.nan), where="post",
        color=COLORS["fail"], ls=STYLES["fail"], label="smallest that breaks it",
    )  # fmt: skip
    axes.set(ylim=(-1, size.max() + 1))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    return axes.figure


def draw_sum_of_floats(total: Interval, exact: Fraction) -> Any:
    """Draw a one-point interval and its outward version among the floats, with the exact number.

    Parameters
    ----------
    total : Interval
        Both bounds are the same float.
    exact : Fraction
        What the interval should contain.

    Returns
    -------
    matplotlib.figure.Figure
        Distance from the exact number in units of the spacing of floats; gray lines are floats.
    """
    step = ulp(float(total.low))
    place = lambda x: float((Fraction(x) - exact) / Fraction(step))
    axes = new_axes("distance from the exact sum / spacing of floats", size=(6.4, 2.4))
    near = [float(total.low) + k * step for k in (-1, 0, 1)]
    for number in near:
        axes.axvline(place(number), color=COLORS["neutral"], lw=1)
        axes.annotate(
            f"{number!r}", (place(number), 1.6), ha="center", fontsize=9, annotation_clip=False
        )
    axes.axvline(0, color=COLORS["exact"], ls=STYLES["exact"], label="exact sum")
    wide = total.outward()
    axes.plot([place(total.low)], [1], "s", color=COLORS["fail"], label="sum of the intervals")
    axes.plot(
        [place(wide.low), place(wide.high)], [0, 0], "-o", color=COLORS["ours"], label="outward"
    )
    axes.set(xlim=(-1, 2), ylim=(-0.6, 1.5), yticks=[])
    axes.grid(visible=False)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.3), ncols=3)
    return axes.figure
