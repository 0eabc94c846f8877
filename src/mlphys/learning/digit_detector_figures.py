"""The figures of the chapter *A digit detector*.

Only drawing happens here: each function takes numbers that the chapter computed and returns the
figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlphys.learning.digit_pad import DigitPad, Reader
from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = [
    "draw_attack",
    "draw_evidence",
    "draw_growth",
    "draw_losses",
    "draw_pad",
    "draw_searches",
    "draw_shares",
    "draw_weights",
]

MARKERS = {"ours": "o", "rival": "s", "accent": "^", "fail": "x", "neutral": "d", "exact": "."}


def draw_losses(
    logits: np.ndarray, losses: Mapping[str, np.ndarray], pulls: Mapping[str, np.ndarray]
) -> Figure:
    """Draw what a mistake costs and how hard it pulls, against the logit.

    Parameters
    ----------
    logits : ndarray, shape (n,)
    losses, pulls : mapping of str to ndarray, shape (n,)
        The right one first, then the naive one; values that are no finite numbers are left out.
    """
    figure, axes = plt.subplots(1, 2, figsize=(6.4, 3.2))
    for place, curves, label in zip(
        axes, (losses, pulls), ("loss / nat", "pull: slope of the loss"), strict=True
    ):
        names = ("ours", "fail", "rival")
        for (title, values), name in zip(curves.items(), names, strict=False):
            place.plot(
                logits, np.where(np.isfinite(values), values, np.nan), label=title,
                color=COLORS[name], linestyle=STYLES[name], linewidth=2.4 if name == "ours" else 2,
            )  # fmt: skip
        place.set(xlabel="logit z of a digit that is no 8 / nat", ylabel=label)
    axes[0].legend(loc="upper left", fontsize=9)
    return figure


def draw_searches(histories: Mapping[str, np.ndarray], floor: float, text: str) -> Figure:
    """Draw the mean loss along several searches.

    Parameters
    ----------
    histories : mapping of str to ndarray, shape (steps + 1, 2)
        Evaluations and value, as :func:`~mlphys.derivatives.minimize.minimize` returns them.
    floor : float
        A level to mark.
    text : str
        What it is.
    """
    axes = new_axes(
        "evaluations of loss and gradient", "mean loss / nat", xscale="log", yscale="log"
    )
    for (label, history), name in zip(histories.items(), ("fail", "ours", "accent"), strict=False):
        axes.plot(
            history[:, 0], history[:, 1], label=label, color=COLORS[name], linestyle=STYLES[name]
        )
        axes.plot(*history[-1], color=COLORS[name], marker=MARKERS[name], markersize=9, ls="none")
    axes.axhline(floor, color=COLORS["exact"], linestyle=STYLES["exact"], linewidth=1)
    axes.annotate(text, (0.99, floor), xycoords=("axes fraction", "data"), xytext=(0, 3),
                  textcoords="offset points", ha="right", va="bottom", fontsize=9)  # fmt: skip
    axes.legend(loc="upper right", bbox_to_anchor=(1, 0.78), fontsize=9)
    return axes.figure


def draw_weights(pictures: Mapping[str, np.ndarray], outline: np.ndarray) -> Figure:
    """Draw weights as images: red for ink that speaks for the digit, blue for ink against it.

    White is zero. Each picture has a scale of its own, printed below it; a plus or a minus stands
    on the pixels with more than half of the largest weight, so that signs survive without color.

    Parameters
    ----------
    pictures : mapping of str to ndarray, shape (side, side)
    outline : ndarray, shape (side, side)
        A picture whose contour at half of its height is drawn over all of them.
    """
    side = min(6.4 / len(pictures), 3.2)
    size = (side * len(pictures), side + 0.75)
    figure, axes = plt.subplots(1, len(pictures), figsize=size, squeeze=False)
    for place, (title, weights) in zip(axes[0], pictures.items(), strict=True):
        top = float(np.abs(weights).max())
        place.imshow(weights, cmap="RdBu_r", vmin=-top, vmax=top)
        place.contour(outline, [outline.max() / 2], colors="black", linewidths=0.8)
        for row, column in np.argwhere(np.abs(weights) > top / 2):
            sign = "+" if weights[row, column] > 0 else "−"
            place.text(
                column, row, sign, ha="center", va="center_baseline", fontsize=9, color="white"
            )
        place.set_title(title, fontsize=10)
        place.set_xlabel(f"±{top:.1f}")
        _bare(place)
    return figure


def draw_growth(norms: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> Figure:
    """Draw the length of the weights against how far a search has gone.

    Parameters
    ----------
    norms : mapping of str to (x, y)
        Largest component of the gradient at which the search was stopped, and length of w.
    """
    axes = new_axes("gradient at which the search stops / nat", "length of the weights |w| / nat",
                    xscale="log", yscale="log")  # fmt: skip
    names = ("fail", "rival", "ours", "accent")
    for (label, (x, y)), name in zip(norms.items(), names, strict=False):
        axes.plot(
            x, y, label=label, color=COLORS[name], linestyle=STYLES[name], marker=MARKERS[name]
        )
    axes.invert_xaxis()
    axes.legend(fontsize=9)
    return axes.figure


def draw_attack(rows: Sequence[Sequence[tuple[np.ndarray, str]]]) -> Figure:
    """Draw pictures, what was added, and the sums, in rows.

    Parameters
    ----------
    rows : sequence of sequences of (picture, title)
        The middle picture of each row is a change, drawn in red (ink added) and blue (ink removed)
        on its own scale; the others are ink in 0 ... 1.
    """
    figure, axes = plt.subplots(len(rows), 3, figsize=(6.0, 2.2 * len(rows)), squeeze=False)
    for line, row in zip(axes, rows, strict=True):
        for column, (place, (picture, title)) in enumerate(zip(line, row, strict=True)):
            if column == 1:
                top = float(np.abs(picture).max())
                place.imshow(picture, cmap="RdBu_r", vmin=-top, vmax=top)
            else:
                place.imshow(picture, cmap="gray_r", vmin=0, vmax=1)
            place.set_title(title, fontsize=9)
            _bare(place)
    return figure


def draw_evidence(cases: Sequence[tuple[str, np.ndarray, np.ndarray, str]]) -> Figure:
    """Draw pictures in a row and, below each, what their ink says, on one scale for all.

    Red with a plus is ink that speaks for the digit, blue with a minus ink against it, white none.

    Parameters
    ----------
    cases : sequence of (title, ink, evidence, words)
        Ink in 0 ... 1, evidence in nats, two square arrays; words for below.
    """
    top = max(float(np.abs(evidence).max()) for _, _, evidence, _ in cases)
    figure, axes = plt.subplots(2, len(cases), figsize=(6.6, 3.9), squeeze=False)
    for (above, below), (title, ink, evidence, words) in zip(axes.T, cases, strict=True):
        above.imshow(ink, cmap="gray_r", vmin=0, vmax=1)
        above.set_title(title, fontsize=10)
        below.imshow(evidence, cmap="RdBu_r", vmin=-top, vmax=top)
        for row, column in np.argwhere(np.abs(evidence) > top / 3):
            sign = "+" if evidence[row, column] > 0 else "−"
            shade = "white" if abs(evidence[row, column]) > 0.6 * top else "black"
            below.text(
                column, row, sign, ha="center", va="center_baseline", fontsize=7, color=shade
            )
        below.set_xlabel(words, fontsize=9)
        _bare(above)
        _bare(below)
    axes[0, 0].set_ylabel("ink", fontsize=9)
    axes[1, 0].set_ylabel(f"weight × ink, ±{top:.1f} nat", fontsize=9)
    return figure


def draw_pad(
    reader: Reader, cases: Sequence[tuple[str, np.ndarray, np.ndarray, str]], *, alt: str
) -> DigitPad:
    """Return a pad to draw on; on paper it is the figure of :func:`draw_evidence`.

    Parameters
    ----------
    reader : Reader
    cases : sequence of (title, ink, evidence, words)
        As for :func:`draw_evidence`, ink of 28×28 pixels; a button of the pad shows each.
    alt : str
        What the figure shows, in words.
    """
    still = draw_evidence(cases)
    pad = DigitPad(reader, {title: ink for title, ink, _, _ in cases}, still=still, alt=alt)
    plt.close(still)
    return pad


def draw_shares(
    x: np.ndarray,
    panels: Mapping[str, Mapping[str, np.ndarray]],
    *,
    xlabel: str,
    ylabel: str,
    names: Sequence[str] = ("ours", "rival", "neutral"),
) -> Figure:
    """Draw shares in percent against a size, in panels side by side on one scale.

    Parameters
    ----------
    x : ndarray, shape (n,)
    panels : mapping of str to mapping of str to ndarray, shape (n,)
        Fractions by title and label.
    xlabel, ylabel : str
    names : sequence of str
        Colors, as keys of ``mlphys.plotting.COLORS``.
    """
    figure, axes = plt.subplots(1, len(panels), figsize=(6.4, 3.9), sharey=True, squeeze=False)
    for place, (title, curves) in zip(axes[0], panels.items(), strict=True):
        for (label, values), name in zip(curves.items(), names, strict=False):
            place.plot(
                x, 100 * np.asarray(values), label=label, color=COLORS[name],
                linestyle=STYLES[name], marker=MARKERS[name], markersize=4,
            )  # fmt: skip
        place.set(title=title, xlabel=xlabel, ylim=(-2, 102))
    axes[0, 0].set_ylabel(ylabel)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=9)
    return figure


def _bare(place: Axes) -> None:
    place.set(xticks=[], yticks=[])
    place.grid(False)
    for spine in place.spines.values():
        spine.set_visible(True)
