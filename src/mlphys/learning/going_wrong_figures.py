"""The figures of the chapter *How learning goes wrong*.

Only drawing happens here: each function takes numbers that the chapter computed and returns the
figure. Fractions go in, percent are drawn. Bars show the smallest and largest of several seeds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = [
    "draw_attacks",
    "draw_gallery",
    "draw_memory",
    "draw_pictures",
    "draw_shifts",
    "draw_shortcut",
    "draw_transfer",
]

ORDER = ("ours", "rival", "fail", "accent", "exact", "neutral")
MARKERS = {"ours": "o", "rival": "s", "accent": "^", "fail": "x", "exact": "d", "neutral": "."}


def draw_shortcut(fractions: Sequence[float], scores: Mapping[str, np.ndarray]) -> Figure:
    """Draw accuracy on several test sets against the share of planted training pictures.

    Parameters
    ----------
    fractions : sequence of float, length m
    scores : mapping of str to ndarray, shape (m, seeds)
        For each kind of test picture.
    """
    axes = new_axes("training digits that carry the pixel / %", "test digits right / %")
    for (label, values), name in zip(scores.items(), ORDER, strict=False):
        _curve(axes, 100 * np.asarray(fractions), values, name)
        axes.annotate(
            label, (100, 100 * np.median(values[-1])), xytext=(9, 0), textcoords="offset points",
            va="center", color=COLORS[name], annotation_clip=False,
        )  # fmt: skip
    axes.set_xlim(-3, 103)
    return axes.figure


def draw_shifts(points: Mapping[str, Mapping[str, tuple[np.ndarray, np.ndarray]]]) -> Figure:
    """Draw accuracy over mean confidence; honest answers lie on the diagonal.

    Parameters
    ----------
    points : mapping of str to mapping
        For each net, for each kind of test picture: confidences and accuracies, one a seed.
    """
    axes = new_axes("mean confidence / %", "test digits right / %", size=(6.4, 4.2))
    axes.plot([0, 100], [0, 100], color=COLORS["exact"], linestyle=STYLES["exact"])
    axes.annotate("as right as sure", (28, 30), rotation=38, ha="center", va="bottom")
    for (net, kinds), name in zip(points.items(), ORDER, strict=False):
        for place, (kind, (sure, right)) in enumerate(kinds.items()):
            axes.plot(
                100 * sure, 100 * right, color=COLORS[name], marker=MARKERS[name], linestyle="none",
                label=net if place == 0 else None,
            )  # fmt: skip
            first = name == ORDER[0]  # its labels stand left, but below where the diagonal is near
            near = first and abs(np.median(sure) - np.median(right)) < 0.15
            left = first and not near
            axes.annotate(
                kind, (100 * (np.min(sure) if left else np.max(sure)), 100 * np.median(right)),
                xytext=(-8 if left else 8, -12 if near else 0), textcoords="offset points",
                va="center", ha="right" if left else "left", fontsize=9, color=COLORS[name],
                annotation_clip=False,
            )  # fmt: skip
    axes.set(xlim=(0, 122), ylim=(-2, 102), xticks=range(0, 101, 20))
    axes.legend(loc="upper left")
    return axes.figure


def draw_memory(epochs: np.ndarray, curves: Mapping[str, np.ndarray]) -> Figure:
    """Draw shares against epochs, median and range over seeds.

    Parameters
    ----------
    epochs : ndarray, shape (m,)
    curves : mapping of str to ndarray, shape (seeds, m)
    """
    axes = new_axes("epochs", "share / %", xscale="log")
    for (label, values), name in zip(curves.items(), ORDER, strict=False):
        middle = 100 * np.median(values, axis=0)
        axes.fill_between(
            epochs, 100 * values.min(axis=0), 100 * values.max(axis=0), color=COLORS[name],
            alpha=0.2, linewidth=0,
        )  # fmt: skip
        axes.plot(epochs, middle, color=COLORS[name], linestyle=STYLES[name], label=label)
    ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200) if t <= epochs[-1]]
    axes.set_xticks(ticks, [str(t) for t in ticks])
    axes.minorticks_off()
    axes.set_ylim(0, 102)
    axes.legend(loc="center right", bbox_to_anchor=(1.0, 0.42))
    return axes.figure


def draw_attacks(sizes: Sequence[float], scores: Mapping[str, np.ndarray]) -> Figure:
    """Draw accuracy against the size of an attack.

    Parameters
    ----------
    sizes : sequence of float, length m
        Largest change of a pixel in units of full ink.
    scores : mapping of str to ndarray, shape (m, seeds)
    """
    axes = new_axes("largest change of a pixel / full ink", "test digits right / %")
    for (label, values), name in zip(scores.items(), ORDER, strict=False):
        _curve(axes, np.asarray(sizes), values, name, label)
    axes.set_ylim(-3, 103)
    axes.legend(loc="upper right", bbox_to_anchor=(1.0, 0.83))
    return axes.figure


def draw_transfer(names: Sequence[str], shares: np.ndarray, rows: Sequence[str]) -> Figure:
    """Draw which share of the pictures that were made for one net spoil another.

    Parameters
    ----------
    names : sequence of str
        Of the nets that are attacked, one a column.
    shares : ndarray, shape (rows, columns, seeds)
        Fraction of pictures misread.
    rows : sequence of str
        What the pictures were made for.
    """
    middle = 100 * np.median(shares, axis=2)
    low, high = 100 * shares.min(axis=2), 100 * shares.max(axis=2)
    figure, axes = plt.subplots(figsize=(6.4, 3.6))
    axes.imshow(middle, cmap="Blues", vmin=0, vmax=140, aspect="auto")
    for i, j in np.ndindex(middle.shape):
        axes.text(
            j, i, f"{middle[i, j]:.0f} %\n{low[i, j]:.0f} to {high[i, j]:.0f}", ha="center",
            va="center", color="black",
        )  # fmt: skip
    axes.set_xticks(range(len(names)), names)
    axes.set_yticks(range(len(rows)), rows)
    axes.set(xlabel="read by", ylabel="made for")
    axes.grid(False)
    return figure


def draw_pictures(images: np.ndarray, titles: Sequence[str]) -> Figure:
    """Draw a row of pictures under their titles.

    Parameters
    ----------
    images : ndarray, shape (n, height, width)
        Ink in 0 ... 1.
    titles : sequence of str
    """
    figure, axes = plt.subplots(1, len(images), figsize=(6.4, 2.0), squeeze=False)
    for place, image, title in zip(axes.flat, images, titles, strict=True):
        place.imshow(image, cmap="gray_r", vmin=0, vmax=1)
        place.set_title(title, fontsize=10)
        place.set(xticks=[], yticks=[])
        for side in place.spines.values():
            side.set_visible(True)
            side.set_color("#BBBBBB")
    return figure


def draw_gallery(left: np.ndarray, right: np.ndarray, titles: tuple[str, str]) -> Figure:
    """Draw two square sheets of pictures, in the order given.

    Parameters
    ----------
    left, right : ndarray, shape (n², side, side)
        Ink in 0 ... 1.
    titles : pair of str
    """
    figure, axes = plt.subplots(1, 2, figsize=(6.4, 3.4))
    for place, images, title in zip(axes, (left, right), titles, strict=True):
        n, side = round(len(images) ** 0.5), images.shape[1]
        sheet = images.reshape(n, n, side, side).swapaxes(1, 2).reshape(n * side, n * side)
        place.imshow(sheet, cmap="gray_r", vmin=0, vmax=1)
        place.set_title(title, fontsize=10)
        place.set_axis_off()
    return figure


def _curve(axes, x: np.ndarray, values: np.ndarray, name: str, label: str | None = None) -> None:
    """Draw a median with the range of the seeds."""
    values = 100 * np.asarray(values)
    middle = np.median(values, axis=1)
    spread = np.stack([middle - values.min(axis=1), values.max(axis=1) - middle])
    axes.errorbar(
        x, middle, spread, label=label, color=COLORS[name], linestyle=STYLES[name],
        marker=MARKERS[name], capsize=3,
    )  # fmt: skip
