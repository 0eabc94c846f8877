"""Figures drawn for the chapter ``book/language/craft.md``."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.patches import Rectangle

from mlphys.language.intervals import Interval
from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = ["draw_corners", "draw_running_means"]


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
            axes.annotate(f"xy = {x * y}", (x, y), (0, 9), textcoords="offset points", ha="center")
    axes.margins(0.25)
    return axes.figure
