"""The figures of the chapter *Architecture ideas*.

Only drawing happens here: each function takes numbers that the chapter computed and returns the
figure. Error bars are 95 % intervals over the seeds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from scipy.stats import t as student

from mlphys.frameworks.effects import Effect
from mlphys.learning.representation import Cell
from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = ["cell_sides", "draw_batches", "draw_bets", "draw_borders", "draw_features", "draw_kernels",
           "draw_modes", "draw_shifts", "draw_spirals", "draw_stops",
           "draw_subnetworks"]  # fmt: skip

NAMES = ("ours", "rival", "accent", "fail")
MARKERS = ("o", "s", "^", "x")
GROUND = ("#D6E4F2", "#FBE3D2")  # what a net calls class 0, class 1


def _points(axes: Axes, x: np.ndarray, y: np.ndarray, *, size: float = 14) -> None:
    for label, name, mark in ((0, "ours", "o"), (1, "rival", "^")):
        axes.scatter(
            *x[y == label].T, s=size, marker=mark, color=COLORS[name], edgecolors="white",
            linewidths=0.3, zorder=3,
        )  # fmt: skip


def _ground(axes: Axes, margin: np.ndarray, half_width: float) -> None:
    """Shade the two answers; ``margin`` (points, points) is above 0 where class 1 is named."""
    line = np.linspace(-half_width, half_width, len(margin))
    levels = [-np.inf, 0, np.inf]
    axes.contourf(line, line, margin, levels=levels, colors=GROUND)
    axes.contour(line, line, margin, levels=[0], colors=COLORS["exact"], linewidths=1.2)
    axes.set(xlim=(-half_width, half_width), ylim=(-half_width, half_width), aspect="equal")
    axes.grid(visible=False)


def draw_borders(
    panels: Mapping[str, np.ndarray], x: np.ndarray, y: np.ndarray,
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]], steps: np.ndarray, *, half_width: float,
) -> Figure:  # fmt: skip
    """Draw the borders of two nets over the same training points, and below them their curves.

    Parameters
    ----------
    panels : mapping of str to ndarray, shape (points, points)
        Title and logit of class 1 minus logit of class 0 on a grid, for each of two nets.
    x, y : ndarray
        Training points and their labels.
    curves : mapping of str to two ndarrays, each of shape (records,)
        Training and fresh points that were named rightly, in percent.
    steps : ndarray, shape (records,)
    half_width : float
    """
    figure, axes = plt.subplot_mosaic(
        [["left", "right"], ["curves", "curves"]], figsize=(6.4, 5.6), height_ratios=(3, 2)
    )
    for side, (title, margin) in zip(("left", "right"), panels.items(), strict=True):
        _ground(axes[side], margin, half_width)
        _points(axes[side], x, y)
        axes[side].axvline(0, color=COLORS["exact"], ls="--", lw=1.5)
        axes[side].set(title=title, xlabel="x / standard deviations")
    axes["left"].set_ylabel("y / standard deviations")
    below = axes["curves"]
    for (title, both), name, mark in zip(curves.items(), ("rival", "ours"), "so", strict=True):
        for percent, style, points in zip(both, ("--", "-"), ("training", "fresh"), strict=True):
            label = f"{title}, {points} points"
            below.plot(
                steps, percent, style, color=COLORS[name], marker=mark, markersize=4, label=label
            )
    below.set(xlabel="steps", ylabel="right / %")
    below.legend(fontsize=9, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.32))
    return figure


def cell_sides(cells: Sequence[Cell]) -> list[np.ndarray]:
    """Return the closed outline of each cell, shape (k + 1, 2)."""
    return [np.vstack([cell.corners, cell.corners[:1]]) for cell in cells]


def draw_spirals(
    panels: Mapping[str, tuple[np.ndarray, Sequence[np.ndarray]]], x: np.ndarray, y: np.ndarray
) -> Figure:
    """Draw answers, training points and bends of several ReLU nets.

    Parameters
    ----------
    panels : mapping of str to (margin, lines)
        As in :func:`draw_borders`, with lines of shape (k, 2) in the same square of half-width 1.
    x, y : ndarray
    """
    figure, row = plt.subplots(1, len(panels), figsize=(6.4, 6.4 / len(panels) + 0.4), sharey=True)
    for axes, (title, (margin, sides)) in zip(row, panels.items(), strict=True):
        _ground(axes, margin, 1.0)
        axes.add_collection(LineCollection(sides, colors="#444444", linewidths=0.15, alpha=0.45))
        _points(axes, x, y, size=5)
        axes.set(title=title, xlabel="x")
    row[0].set_ylabel("y")
    return figure


def draw_subnetworks(
    margins: np.ndarray, whole: np.ndarray, x: np.ndarray, y: np.ndarray,
    accuracies: np.ndarray, weights: np.ndarray, lines: Mapping[str, float], *, half_width: float,
) -> Figure:  # fmt: skip
    """Draw borders of subnetworks with that of the whole net, and how many digits each reads.

    Parameters
    ----------
    margins : ndarray, shape (subnetworks, points, points)
    whole : ndarray, shape (points, points)
    x, y : ndarray
        Training points.
    accuracies, weights : ndarray, shape (subnetworks,)
        Percentages and probabilities of the members of another net.
    lines : mapping of str to float
        Percentages to mark.
    half_width : float
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.3), width_ratios=(1, 1.2))
    _ground(left, whole, half_width)
    line = np.linspace(-half_width, half_width, len(whole))
    for margin in margins:
        left.contour(line, line, margin, levels=[0], colors=COLORS["neutral"], linewidths=0.4)
    left.contour(line, line, whole, levels=[0], colors=COLORS["ours"], linewidths=2.5)
    left.axvline(0, color=COLORS["exact"], ls="--", lw=1.5)
    _points(left, x, y)
    left.set(xlabel="x / standard deviations", ylabel="y / standard deviations")
    right.hist(accuracies, bins=40, weights=100 * weights, color="#BBBBBB")
    for (label, value), name in zip(lines.items(), ("rival", "ours"), strict=False):
        right.axvline(value, color=COLORS[name], ls=STYLES[name], label=f"{label}: {value:.1f} %")
    right.set(xlabel="digits read / %", ylabel="share of subnetworks / %")
    right.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), fontsize=9)
    return figure


def draw_stops(
    panels: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]],
) -> Figure:
    """Draw validation losses and test accuracies of one seed each, with the record that is kept.

    Parameters
    ----------
    panels : mapping of str to (steps, losses, percentages, kept)
        ``kept`` is the index of the record, an array of one number.
    """
    figure, rows = plt.subplots(2, len(panels), figsize=(6.4, 4.6), sharex="col")
    for column, (title, (steps, losses, percent, kept)) in zip(rows.T, panels.items(), strict=True):
        for axes, values, name in zip(column, (losses, percent), ("rival", "ours"), strict=True):
            axes.plot(steps, values, color=COLORS[name], ls=STYLES[name])
            axes.axvline(steps[int(kept)], color=COLORS["exact"], ls="--", lw=1.2)
        column[0].set_title(title)
        column[1].set_xlabel("steps")
    rows[0, 0].set_ylabel("validation loss / nats")
    rows[1, 0].set_ylabel("test points right / %")
    return figure


def draw_batches(batches: Sequence[int], rules: Mapping[str, Sequence[np.ndarray]]) -> Figure:
    """Draw test accuracy against batch size for several rules, means with 95 % intervals.

    Parameters
    ----------
    batches : sequence of int
    rules : mapping of str to sequence of ndarray, shape (seeds,)
        Percentages for each batch size.
    """
    axes = new_axes("digits a batch", "test digits right / %", xscale="log")
    for (label, values), name, mark in zip(rules.items(), NAMES, MARKERS, strict=False):
        _bars(axes, np.asarray(batches), values, label=label, name=name, mark=mark)
    axes.set_xticks(batches, [str(b) for b in batches])
    axes.minorticks_off()
    axes.legend(loc="lower left")
    return axes.figure


def _bars(
    axes: Axes, x: np.ndarray, values: Sequence[np.ndarray], *, label: str, name: str, mark: str
) -> None:
    table = np.array(values)
    n = table.shape[1]
    error = student.ppf(0.975, n - 1) * table.std(axis=1, ddof=1) / np.sqrt(n)
    axes.errorbar(
        x, table.mean(axis=1), error, label=label, color=COLORS[name], ls=STYLES[name],
        marker=mark, capsize=3,
    )  # fmt: skip


def draw_kernels(kernels: Mapping[str, np.ndarray]) -> Figure:
    """Draw square kernels side by side in one scale of greys around 0."""
    figure, row = plt.subplots(1, len(kernels), figsize=(6.4, 1.9))
    top = max(float(np.abs(k).max()) for k in kernels.values())
    for axes, (title, kernel) in zip(row, kernels.items(), strict=True):
        shown = axes.imshow(kernel, cmap="PuOr", vmin=-top, vmax=top)
        axes.set_title(title, fontsize=10)
        axes.set_axis_off()
    figure.colorbar(shown, ax=row, shrink=0.8, label="weight")
    return figure


def draw_modes(
    eigenvalues: np.ndarray, left: Mapping[str, np.ndarray], predicted: Mapping[str, np.ndarray]
) -> Figure:
    """Draw what is left of the error of each pattern against how often the pattern occurs.

    Parameters
    ----------
    eigenvalues : ndarray, shape (patterns,)
        Relative to the largest.
    left, predicted : mapping of str to ndarray
        Fractions of the first error, measured (points) and from the formula (lines).
    """
    axes = new_axes(
        "eigenvalue / largest eigenvalue", "error left / error at the start", xscale="log",
        ylim=(-0.05, 1.1),
    )  # fmt: skip
    order = np.argsort(eigenvalues)
    for (label, values), name, mark in zip(left.items(), NAMES, MARKERS, strict=False):
        axes.plot(eigenvalues, values, ls="", marker=mark, color=COLORS[name], label=label)
        axes.plot(
            eigenvalues[order], predicted[label][order], color=COLORS[name], ls=STYLES[name], lw=1
        )
    axes.legend(loc="upper right")
    return axes.figure


def draw_shifts(
    shifts: Sequence[int], nets: Mapping[str, np.ndarray], passed: Mapping[str, Sequence[float]]
) -> Figure:
    """Draw accuracy against shifts of the picture, and what pooling passes on of a shift.

    Parameters
    ----------
    shifts : sequence of int
        In pixels.
    nets : mapping of str to ndarray, shape (shifts, seeds)
        Percentages.
    passed : mapping of str to sequence of float
        Relative change of what a layer passes on, in percent, one number a seed.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.2), width_ratios=(1.3, 1))
    for (label, values), name, mark in zip(nets.items(), NAMES, MARKERS, strict=False):
        _bars(left, np.asarray(shifts), list(values), label=label, name=name, mark=mark)
    left.set(xlabel="shift of the test digits / pixels", ylabel="test digits right / %")
    left.legend(loc="lower left")
    for place, (label, values) in enumerate(passed.items()):
        _bars(
            right, np.array([place]), [np.array(values)], label=label, name=NAMES[place],
            mark=MARKERS[place],
        )  # fmt: skip
    right.set_xticks(range(len(passed)), list(passed))
    right.set(ylabel="change by a shift of 1 pixel / %", xlim=(-0.5, len(passed) - 0.5))
    right.set_ylim(bottom=0)
    return figure


def draw_features(
    image: np.ndarray, kernels: np.ndarray, first: np.ndarray, second: np.ndarray
) -> Figure:
    """Draw learned kernels with their feature maps, and maps of the second layer.

    Parameters
    ----------
    image : ndarray, shape (height, width)
    kernels : ndarray, shape (3, 3, 8)
    first, second : ndarray, shape (height, width, 8)
        Maps of the first layer for these kernels, and some of the second layer.
    """
    count = kernels.shape[-1]
    figure, rows = plt.subplots(3, count + 1, figsize=(6.4, 2.5))
    top = float(np.abs(kernels).max())
    for k in range(count):
        rows[0, k + 1].imshow(kernels[..., k], cmap="PuOr", vmin=-top, vmax=top)
        rows[1, k + 1].imshow(first[..., k], cmap="gray_r")
        rows[2, k + 1].imshow(second[..., k], cmap="gray_r")
    rows[1, 0].imshow(image, cmap="gray_r")
    for axes in rows.ravel():
        axes.set_axis_off()
    for axes, word in zip(rows[:, 0], ("kernels", "", "second\nlayer"), strict=True):
        axes.text(0.5, 0.5, word, ha="center", va="center", fontsize=9, transform=axes.transAxes)
    return figure


def draw_bets(rows: Mapping[str, tuple[Effect, Effect]], words: tuple[str, str]) -> Figure:
    """Draw two effects for each idea, with their intervals, around the line of no effect.

    Parameters
    ----------
    rows : mapping of str to two Effects
        Where the assumption of the idea holds, and where it does not.
    words : two str
        Names of the two cases.
    """
    axes = new_axes("gain / percentage points", size=(6.4, 0.52 * len(rows) + 1.3))
    places = np.arange(len(rows))[::-1]
    for k, (name, mark, off) in enumerate((("ours", "o", 0.13), ("fail", "s", -0.13))):
        pair = [effects[k] for effects in rows.values()]
        axes.errorbar(
            [e.mean for e in pair], places + off, xerr=[e.error for e in pair], ls="",
            color=COLORS[name], marker=mark, capsize=3, label=words[k],
        )  # fmt: skip
    axes.axvline(0, color=COLORS["exact"], lw=1)
    axes.set_yticks(places, list(rows))
    axes.legend(loc="upper left", bbox_to_anchor=(0, 1.14), ncols=2, borderaxespad=0)
    return axes.figure
