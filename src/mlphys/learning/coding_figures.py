"""The figures of the chapter *What a loss function measures*.

Only drawing happens here: each function takes numbers that the chapter computed and returns the
figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from mlphys.learning.calibration import Reliability
from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = ["draw_epochs", "draw_intervals", "draw_levels", "draw_prices", "draw_reliability"]

MARKERS = ("o", "s", "^", "d")


def draw_levels(
    temperature: np.ndarray, entropy: np.ndarray, lengths: Mapping[str, np.ndarray]
) -> Figure:
    """Draw bits a letter of several codes over the temperature of a source, with its entropy.

    Parameters
    ----------
    temperature : ndarray, shape (n,)
        In units of the level spacing.
    entropy : ndarray, shape (n,)
    lengths : mapping of str to ndarray
        The best code last.
    """
    axes = new_axes("temperature kT/Δ", "bits a letter", xscale="log")
    axes.plot(temperature, entropy, color=COLORS["exact"], ls="--", label="entropy", zorder=5)
    names = ("rival", "accent", "neutral", "ours")
    shown = [*names[: len(lengths) - 1], "ours"]
    for (label, values), name, marker in zip(lengths.items(), shown, MARKERS, strict=False):
        axes.plot(
            temperature, values, color=COLORS[name], ls="none" if name == "ours" else STYLES[name],
            marker=marker, ms=5,
            label=label,
        )  # fmt: skip
    axes.set_ylim(bottom=0)
    axes.legend(loc="lower right")
    return axes.figure


def draw_intervals(steps: Sequence[tuple[Any, Any]], labels: Sequence[str]) -> Figure:
    """Draw nested intervals, each row magnified to the one before it.

    Parameters
    ----------
    steps : sequence of (low, high), n + 1 of them
        From the whole unit interval on.
    labels : sequence of str, n of them
        What was sent at each step.
    """
    axes = new_axes("place within the interval before", "", size=(6.4, 3.6))
    for row, (label, before, after) in enumerate(zip(labels, steps, steps[1:], strict=False)):
        width = float(before[1] - before[0])
        left = float(after[0] - before[0]) / width
        right = float(after[1] - before[0]) / width
        axes.barh(-row, 1, height=0.5, color="#E8E8E8", edgecolor=COLORS["neutral"])
        axes.barh(-row, right - left, left=left, height=0.5, color=COLORS["ours"])
        axes.text(-0.02, -row, f"{row + 1}. {label}", ha="right", va="center")
        end = f"[{float(after[0]):.5f}, {float(after[1]):.5f})"
        axes.text(1.02, -row, end, ha="left", va="center")
    axes.set(yticks=[], xlim=(0, 1))
    axes.grid(False)
    axes.spines["left"].set_visible(False)
    return axes.figure


def draw_epochs(accuracy: np.ndarray, bits: np.ndarray, *, cured: float, floor: float) -> Figure:
    """Draw errors and price of a label over the epochs of a training, one above the other.

    Parameters
    ----------
    accuracy : ndarray, shape (n,)
        Fraction right after each epoch.
    bits : ndarray, shape (n,)
        Price of a label after each epoch.
    cured : float
        Price after the last epoch with a fitted temperature.
    floor : float
        Price after the best epoch.
    """
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(6.4, 4.6), sharex=True)
    epochs = np.arange(1, len(bits) + 1)
    top.plot(epochs, 100 * (1 - accuracy), color=COLORS["rival"], ls="-", marker="s", ms=3)
    top.set_ylabel("wrong answers / %")
    bottom.plot(epochs, bits, color=COLORS["ours"], marker="o", ms=3)
    bottom.axhline(floor, color=COLORS["neutral"], lw=1)
    bottom.plot(epochs[-1], cured, marker="*", ms=13, color=COLORS["accent"], ls="none")
    bottom.annotate(
        "last epoch, temperature fitted", (epochs[-1], cured), xytext=(-10, -4),
        textcoords="offset points", ha="right", color=COLORS["accent"],
    )  # fmt: skip
    bottom.set(xlabel="epoch", ylabel="bits a label", ylim=(0.85 * cured, min(bits[0], 2 * floor)))
    return figure


def draw_reliability(diagrams: Mapping[str, Reliability], *, least: int = 1) -> Figure:
    """Draw accuracy against confidence, with the line on which a classifier keeps its word.

    Parameters
    ----------
    diagrams : mapping of str to Reliability
        The faulty one first. Bars are one standard deviation of chance.
    least : int
        Bins with fewer answers are left out.
    """
    axes = new_axes("confidence of the answer", "share of right answers", size=(5.6, 4.6))
    axes.plot([0, 1], [0, 1], color=COLORS["exact"], ls="--", lw=1)
    for (label, d), name, marker in zip(diagrams.items(), ("rival", "ours"), MARKERS, strict=False):
        d = Reliability(*(column[d.count >= least] for column in d))
        chance = np.sqrt(d.confidence * (1 - d.confidence) / d.count)
        axes.errorbar(
            d.confidence, d.accuracy, yerr=chance, color=COLORS[name], marker=marker, ls="-",
            lw=1.2, capsize=2, label=label,
        )  # fmt: skip
    axes.set(xlim=(0.2, 1.01), ylim=(0, 1.05))
    axes.legend(loc="upper left")
    return axes.figure


def draw_prices(bits: np.ndarray, images: np.ndarray, titles: Sequence[str]) -> Figure:
    """Draw which share of a message the dearest labels take, and the dearest pictures.

    Parameters
    ----------
    bits : ndarray, shape (n,)
        Price of each label.
    images : ndarray, shape (m, height, width)
    titles : sequence of str, m of them
    """
    figure = plt.figure(figsize=(6.4, 4.6))
    grid = figure.add_gridspec(2, len(images), height_ratios=(2.4, 1))
    axes = figure.add_subplot(grid[0, :])
    share = np.cumsum(np.sort(bits)[::-1]) / bits.sum()
    part = np.arange(1, len(bits) + 1) / len(bits)
    axes.plot(100 * part, 100 * share, color=COLORS["ours"])
    axes.plot([0, 100], [0, 100], color=COLORS["neutral"], lw=1)
    axes.set(xlabel="dearest labels / %", ylabel="of the message / %", ylim=(0, 103))
    for column, (image, title) in enumerate(zip(images, titles, strict=True)):
        place = figure.add_subplot(grid[1, column])
        place.imshow(image, cmap="gray_r")
        place.set_title(title, fontsize=9)
        place.set_axis_off()
    return figure
