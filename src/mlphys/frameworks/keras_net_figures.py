"""The figures of the chapter *Keras, end to end*.

Only drawing happens here: each function takes numbers that the chapter computed and returns the
figure. Fractions go in, percent are drawn; seconds go in, microseconds are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = ["draw_curves", "draw_latency", "draw_loss_slopes", "draw_margins"]

MARKERS = ("o", "s", "^", "d", "v", "x")
ORDER = ("fail", "rival", "exact", "neutral", "ours", "accent")


def draw_curves(curves: Sequence, *, reference: float | None = None) -> Figure:
    """Draw loss and accuracy of several runs against epochs, training and validation.

    Parameters
    ----------
    curves : sequence of Curves
        One for each seed.
    reference : float, optional
        A published validation accuracy, drawn as a line.
    """
    figure, axes = plt.subplots(1, 2, figsize=(6.4, 3.4))
    names = (("loss", "validation_loss"), ("accuracy", "validation_accuracy"))
    for place, pair, factor in zip(axes, names, (1, 100), strict=True):
        for name, color, words in zip(
            pair, ("rival", "ours"), ("training", "validation"), strict=True
        ):
            values = factor * np.array([getattr(curve, name) for curve in curves])
            epochs = np.arange(1, values.shape[1] + 1)
            for line in values:
                place.plot(epochs, line, color=COLORS[color], lw=0.7, alpha=0.5, ls=STYLES[color])
            place.plot(
                epochs, values.mean(axis=0), color=COLORS[color], ls=STYLES[color],
                marker=MARKERS[color == "ours"], label=words,
            )  # fmt: skip
        place.set_xlabel("epoch")
    if reference is not None:
        axes[1].axhline(100 * reference, color=COLORS["exact"], ls="--", lw=1)
        axes[1].annotate("lectures", (1, 100 * reference), va="bottom", color=COLORS["exact"])
    axes[0].set(ylabel="loss / nat", yscale="log")
    axes[1].set(ylabel="accuracy / %")
    axes[1].legend(loc="lower right")
    return figure


def draw_latency(batches: Sequence[int], seconds: Mapping[str, Sequence[float]]) -> Figure:
    """Draw the time for one digit against the number of digits in a call.

    Parameters
    ----------
    batches : sequence of int
    seconds : mapping of str to sequence of float
        Duration of a whole call, for each way to evaluate the net.
    """
    axes = new_axes("digits in one call", "time for one digit / µs", xscale="log", yscale="log")
    for (label, values), name, marker in zip(seconds.items(), ORDER, MARKERS, strict=False):
        each = 1e6 * np.asarray(values) / np.asarray(batches)
        axes.plot(batches, each, label=label, color=COLORS[name], ls=STYLES[name], marker=marker)
    axes.legend(loc="upper right")
    return axes.figure


def draw_loss_slopes(z: np.ndarray, slopes: Mapping[str, np.ndarray]) -> Figure:
    """Draw the slope of a loss in the logit of the right class against that logit."""
    axes = new_axes("logit of the right class z", "slope of the loss in z", size=(6.4, 3.0))
    for (label, values), name in zip(slopes.items(), ("ours", "fail"), strict=True):
        axes.plot(z, values, label=label, color=COLORS[name], ls=STYLES[name])
    axes.set_ylim(-2.2, 0.3)
    axes.legend(loc="lower right")
    return axes.figure


def draw_margins(before: np.ndarray, after: np.ndarray, *, width: float) -> Figure:
    """Draw the lead of the winning class before and after rounding to bytes.

    Parameters
    ----------
    before : ndarray, shape (n,)
        Logit of the winner minus the largest other one, in float32; positive.
    after : ndarray, shape (n,)
        The same difference of the same two classes in int8.
    width : float
        Standard deviation of ``after - before``, drawn as a band of twice that.
    """
    axes = new_axes("lead in float32 / nat", "the same lead in int8 / nat", size=(6.4, 3.9))
    top = 12 * width
    near = before < top
    flipped = after < 0
    axes.fill_between(
        [0, top], [-2 * width, top - 2 * width], [2 * width, top + 2 * width],
        color=COLORS["neutral"], alpha=0.2, lw=0, label="±2 standard deviations",
    )  # fmt: skip
    for chosen, name, marker, words in (
        (near & ~flipped, "ours", ".", "same answer"),
        (near & flipped, "fail", "x", "another answer"),
    ):
        axes.plot(
            before[chosen], after[chosen], ls="none", marker=marker, color=COLORS[name], label=words
        )
    axes.axhline(0, color=COLORS["exact"], lw=1, ls="--")
    axes.set(xlim=(0, top), ylim=(-4 * width, top))
    axes.legend(loc="upper left")
    return axes.figure
