"""The figures of the chapter *A deep net from scratch*.

Only drawing happens here: each function takes numbers that the chapter computed and returns the
figure. Fractions go in, percent are drawn. Bars show the smallest and largest of several seeds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = [
    "draw_errors",
    "draw_gradient_check",
    "draw_last_class",
    "draw_means",
    "draw_misread",
    "draw_slopes",
]

MARKERS = {"ours": "o", "rival": "s", "accent": "^", "fail": "x", "neutral": "d"}


def draw_means(means: np.ndarray, shares: Sequence[float]) -> Figure:
    """Draw the average picture of each class with the share of its digits that it attracts.

    Parameters
    ----------
    means : ndarray, shape (10, height, width)
        In bytes.
    shares : sequence of float
        Fraction of the digits of each class that lie nearest to their own average.
    """
    figure, axes = plt.subplots(2, 5, figsize=(6.4, 3.0))
    for place, mean, share in zip(axes.flat, means, shares, strict=True):
        _show(place, mean, f"{100 * share:.0f} %")
    return figure


def draw_misread(images: np.ndarray, titles: Sequence[str]) -> Figure:
    """Draw a row or two of digits under their titles.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, height, width)
    titles : sequence of str
    """
    columns = 6
    rows = -(-len(images) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(6.4, 1.45 * rows), squeeze=False)
    for place in axes.flat:
        place.set_axis_off()
    for place, image, title in zip(axes.flat, images, titles, strict=False):
        _show(place, image, title)
    return figure


def draw_gradient_check(steps: np.ndarray, curves: Mapping[str, np.ndarray]) -> Figure:
    """Draw how far a central difference is from a gradient, against its step.

    Parameters
    ----------
    steps : ndarray, shape (n,)
    curves : mapping of str to ndarray
        Relative deviation for each gradient, the right one first.
    """
    axes = new_axes(
        "step h of the central difference", "relative deviation", xscale="log", yscale="log"
    )
    for (label, values), name in zip(curves.items(), ("ours", "fail"), strict=True):
        axes.plot(steps, values, color=COLORS[name], marker=MARKERS[name], linestyle=STYLES[name])
        axes.annotate(
            label, (steps[2], values[2]), xytext=(0, 9), textcoords="offset points", ha="left",
            color=COLORS[name],
        )  # fmt: skip
    guide = steps[-4:]
    first = next(iter(curves.values()))
    axes.plot(guide, first[-1] * (guide / guide[-1]) ** 2 * 3, color=COLORS["exact"], ls="--")
    axes.annotate("slope 2", (guide[1], first[-3] * 4), ha="right", color=COLORS["exact"])
    axes.set_ylim(top=axes.get_ylim()[1] * 4)
    return axes.figure


def draw_slopes(slopes: Mapping[str, np.ndarray]) -> Figure:
    """Draw which part of the units has at least a given slope.

    Parameters
    ----------
    slopes : mapping of str to ndarray
        Values of φ' for each initialization, in (0, 1].
    """
    axes = new_axes("slope φ'(z) of a unit", "units with at least this slope / %", xscale="log")
    for (label, values), name in zip(slopes.items(), ("ours", "fail"), strict=True):
        ordered = np.sort(values.ravel())
        share = 100 * (1 - np.arange(ordered.size) / ordered.size)
        keep = np.linspace(0, ordered.size - 1, 400).astype(int)
        axes.plot(ordered[keep], share[keep], color=COLORS[name], linestyle=STYLES[name])
        middle = ordered[ordered.size // 2]
        axes.annotate(
            f"{label}\nmedian {middle:.2g}", (middle, 50), xytext=(-8, -4),
            textcoords="offset points", ha="right", va="top", color=COLORS[name],
        )  # fmt: skip
        axes.plot(middle, 50, color=COLORS[name], marker=MARKERS[name])
    axes.set(xlim=(1e-4, 1.2), ylim=(0, 102))
    return axes.figure


def draw_errors(
    x: Mapping[str, Sequence[float]],
    errors: Mapping[str, np.ndarray],
    *,
    xlabel: str,
    names: Sequence[str] = ("ours", "rival", "accent"),
    marks: Mapping[str, tuple[float, float]] | None = None,
) -> Figure:
    """Draw errors against a parameter on two logarithmic axes, with the spread over seeds.

    Parameters
    ----------
    x : mapping of str to sequence of float
        Values of the parameter for each curve.
    errors : mapping of str to ndarray, shape (values, seeds)
        Fractions wrong on the validation part.
    xlabel : str
    names : sequence of str
        Colors of the curves, as keys of ``mlphys.plotting.COLORS``.
    marks : mapping of str to (x, error), optional
        Single points with a label.
    """
    axes = new_axes(xlabel, "validation error / %", xscale="log", yscale="log")
    for (label, values), name in zip(errors.items(), names, strict=False):
        values = 100 * np.asarray(values)
        middle = np.median(values, axis=1)
        spread = np.stack([middle - values.min(axis=1), values.max(axis=1) - middle])
        axes.errorbar(
            x[label], middle, spread, label=label, color=COLORS[name], linestyle=STYLES[name],
            marker=MARKERS[name], capsize=3,
        )  # fmt: skip
    for label, (where, error) in (marks or {}).items():
        axes.plot(where, 100 * error, color=COLORS["fail"], marker="x", markersize=9, ls="none")
        axes.annotate(
            label, (where, 100 * error), xytext=(-9, 4), textcoords="offset points", ha="right",
            color=COLORS["fail"],
        )  # fmt: skip
    _percent_ticks(axes)
    if len(errors) > 1:
        axes.legend(loc="best")
    return axes.figure


def draw_last_class(answers: Mapping[str, np.ndarray], truth: np.ndarray) -> Figure:
    """Draw how often each digit is named, beside how often it occurs.

    Parameters
    ----------
    answers : mapping of str to ndarray, shape (10,)
        Fractions of all answers that name each digit.
    truth : ndarray, shape (10,)
        Fractions of the labels.
    """
    axes = new_axes("digit", "share of all answers / %", xticks=range(10))
    digits = np.arange(10)
    for shift, ((label, shares), name, hatch) in enumerate(
        zip(answers.items(), ("ours", "fail", "rival"), ("", "//", ".."), strict=False)
    ):
        axes.bar(
            digits + 0.27 * (shift - 1), 100 * shares, 0.25, label=label, color=COLORS[name],
            hatch=hatch, edgecolor="white", linewidth=0.3,
        )  # fmt: skip
    axes.step(
        np.arange(-0.5, 10), 100 * np.append(truth, truth[-1]), where="post",
        color=COLORS["exact"], linestyle="--", linewidth=1.2, label="labels",
    )  # fmt: skip
    axes.set_xlim(-0.6, 9.6)
    axes.legend()
    return axes.figure


def _show(place: Axes, image: np.ndarray, title: str) -> None:
    place.imshow(image, cmap="gray_r", vmin=0, vmax=255)
    place.set_title(title, fontsize=10)
    place.set_axis_off()


def _percent_ticks(axes: Axes) -> None:
    """Write plain numbers on a logarithmic axis of percent."""
    low, high = axes.get_ylim()
    ticks = [t for t in (2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 90) if low <= t <= high]
    axes.set_yticks(ticks, [str(t) for t in ticks])
    axes.minorticks_off()
