"""The figures of the chapter *Judging a classifier*.

Only drawing happens here: each function takes numbers that the chapter computed and returns the
figure. Fractions go in, percent are drawn where the label says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from mlphys.learning.roc import Roc
from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = [
    "draw_confusion",
    "draw_coverage",
    "draw_curves",
    "draw_intervals",
    "draw_precision",
    "draw_scores",
]

ALARMS, FOUND = "false-positive rate", "true-positive rate"
DASHES: tuple[Any, ...] = ("-", (0, (6, 1.5)), "-.", ":")  # tell the curves apart without color


def draw_scores(
    positives: np.ndarray, negatives: np.ndarray, thresholds: Mapping[str, float]
) -> Figure:
    """Draw how many examples of either side have which score, and some thresholds.

    Parameters
    ----------
    positives, negatives : ndarray, shape (n,)
        Scores.
    thresholds : mapping of str to float
    """
    axes = new_axes("score (log-odds of an eight)", "share of its side / %")
    bins = np.linspace(min(negatives.min(), -12), max(positives.max(), 5), 40)
    for values, name, label, hatch in (
        (negatives, "neutral", "other digits", ""),
        (positives, "ours", "eights", "///"),
    ):
        weights = np.full(values.size, 100 / values.size)
        axes.hist(
            values, bins.tolist(), weights=weights, label=label, color=COLORS[name], alpha=0.6,
            hatch=hatch, edgecolor="white",
        )  # fmt: skip
    top = axes.get_ylim()[1]
    for name, threshold in thresholds.items():
        axes.axvline(threshold, color=COLORS["rival"], linestyle=STYLES["rival"])
        axes.annotate(
            name, (threshold, 0.97 * top), xytext=(4, -4), textcoords="offset points", va="top",
            color=COLORS["rival"],
        )  # fmt: skip
    axes.legend(loc="upper left")
    return axes.figure


def draw_curves(
    curves: Mapping[str, Roc],
    *,
    points: Mapping[str, tuple[float, float]] | None = None,
    names: tuple[str, ...] = ("ours", "accent", "rival", "fail"),
    labels: tuple[str, str] = (ALARMS, FOUND),
) -> Figure:
    """Draw ROC curves, the diagonal of guessing, and points where a detector works.

    Parameters
    ----------
    curves : mapping of str to Roc
    points : mapping of str to (false alarms, recall), optional
    names : tuple of str
        Colors of the curves.
    labels : tuple of str
        Of the two axes.
    """
    axes = new_axes(*labels, size=(6.4, 4.4))
    for (label, curve), name, dash in zip(curves.items(), names, DASHES, strict=False):
        dash = ":" if name == "fail" else dash
        axes.plot(curve.false_alarm, curve.recall, label=label, color=COLORS[name], ls=dash)
    axes.plot([0, 1], [0, 1], color=COLORS["exact"], linestyle="--", lw=1, label="guessing")
    for label, (x, y) in (points or {}).items():
        axes.plot(x, y, color=COLORS["rival"], marker="o", markersize=7, linestyle="none")
        beside = (8, -12) if y > 0.1 else (14, -3)  # inside the axes, off the curve
        axes.annotate(
            label, (x, y), xytext=beside, textcoords="offset points", color=COLORS["rival"]
        )
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.03)
    axes.legend(loc="center right")
    return axes.figure


def draw_precision(
    shares: np.ndarray, curves: Mapping[str, np.ndarray], points: Mapping[str, tuple[float, float]]
) -> Figure:
    """Draw precision against the share of positives in the world.

    Parameters
    ----------
    shares : ndarray, shape (n,)
    curves : mapping of str to ndarray, shape (n,)
        Precision of a detector with fixed rates.
    points : mapping of str to (share, precision)
        What was counted.
    """
    axes = new_axes("share of positives among all / %", "precision / %", xscale="log")
    names = ("ours", "accent", "rival")
    for (label, values), name, dash in zip(curves.items(), names, DASHES, strict=False):
        axes.plot(100 * shares, 100 * values, label=label, color=COLORS[name], ls=dash)
    for label, (share, precision) in points.items():
        axes.plot(100 * share, 100 * precision, color=COLORS["exact"], marker="o", ls="none")
        axes.annotate(
            label, (100 * share, 100 * precision), xytext=(7, -11), textcoords="offset points"
        )
    axes.set_ylim(-3, 103)
    ticks = [0.01, 0.1, 1, 10, 50]
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.legend(loc="upper left")
    return axes.figure


def draw_coverage(
    truths: np.ndarray, coverage: Mapping[str, np.ndarray], level: float = 0.95
) -> Figure:
    """Draw how often intervals hold the true probability, against that probability.

    Parameters
    ----------
    truths : ndarray, shape (n,)
    coverage : mapping of str to ndarray, shape (n,)
        Shares of the intervals that hold it, ours first.
    level : float
        What the intervals promise.
    """
    axes = new_axes("true probability", "intervals that hold it / %")
    for (label, values), name in zip(coverage.items(), ("ours", "rival"), strict=False):
        axes.plot(
            truths, 100 * values, label=label, color=COLORS[name], linestyle=STYLES[name], lw=1.4
        )
    axes.axhline(100 * level, color=COLORS["exact"], linestyle="--", label="promised")
    axes.set_ylim(60, 101)
    axes.legend(loc="lower center")
    return axes.figure


def draw_intervals(intervals: np.ndarray, exact: float, held: np.ndarray, *, xlabel: str) -> Figure:
    """Draw intervals from repeated experiments on top of each other; those that miss stand out.

    Parameters
    ----------
    intervals : ndarray, shape (n, 3)
        Low, estimate, high.
    exact : float
        The truth.
    held : ndarray of bool, shape (n,)
    xlabel : str
    """
    axes = new_axes(xlabel, "experiment", size=(6.4, 3.6))
    for i, ((low, estimate, high), hit) in enumerate(zip(intervals, held, strict=True)):
        name = "ours" if hit else "fail"
        axes.plot([low, high], [i, i], color=COLORS[name], ls="-" if hit else ":", lw=1.4)
        axes.plot(estimate, i, color=COLORS[name], marker="o" if hit else "x", markersize=4)
    axes.axvline(exact, color=COLORS["exact"], linestyle="--")
    return axes.figure


def draw_confusion(matrix: np.ndarray) -> Figure:
    """Draw the counts of a confusion matrix, errors shaded, right answers left white.

    Parameters
    ----------
    matrix : ndarray of int, shape (classes, classes)
        Rows are the truth, columns the answers.
    """
    classes = len(matrix)
    axes = new_axes("answer", "truth", size=(5.4, 4.8))
    errors = matrix - np.diag(np.diag(matrix))
    axes.imshow(errors, cmap="Greys", vmax=1.4 * max(errors.max(), 1))
    axes.grid(visible=False)
    for (row, column), count in np.ndenumerate(matrix):
        if count:
            dark = errors[row, column] > 0.7 * errors.max()
            axes.text(
                column, row, str(count), ha="center", va="center", fontsize=9,
                color="white" if dark else COLORS["ours" if row == column else "exact"],
            )  # fmt: skip
    axes.set_xticks(range(classes))
    axes.set_yticks(range(classes))
    return axes.figure
