"""The figures of the chapter *Extending Keras*.

Only drawing happens here: each function takes numbers that the chapter computed and returns the
figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from mlphys.frameworks.effects import Effect
from mlphys.learning.calibration import Reliability
from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = ["draw_claims", "draw_effects", "draw_errors", "draw_odds", "draw_roads"]

LOOK = (("rival", "s"), ("ours", "o"), ("accent", "^"))


def draw_errors(images: np.ndarray, titles: Sequence[str]) -> Figure:
    """Draw pictures in a row, each with a title of two lines.

    Parameters
    ----------
    images : ndarray, shape (n, height, width, channels)
        Values in 0 ... 1, one channel or three.
    titles : sequence of str
    """
    figure, places = plt.subplots(1, len(images), figsize=(6.4, 2.0))
    for place, image, title in zip(places, images, titles, strict=True):
        place.imshow(image if image.shape[-1] == 3 else 1 - image[..., 0], vmin=0, vmax=1)
        place.set_title(title, fontsize=9)
        place.set_axis_off()
    return figure


def draw_odds(evidence: np.ndarray, odds: Mapping[str, np.ndarray]) -> Figure:
    """Draw odds against evidence, Boltzmann's first, then two squashed ones.

    Parameters
    ----------
    evidence : ndarray, shape (n,)
    odds : mapping of str to ndarray, shape (n,)
    """
    axes = new_axes("logit $x$ of one class (others 0) / nats", "odds $e^s$ for it", yscale="log")
    names = ("exact", "ours", "accent")
    for (label, values), name in zip(odds.items(), names, strict=True):
        style = "-." if name == "accent" else STYLES[name]
        axes.plot(evidence, values, color=COLORS[name], ls=style, label=label)
    axes.set_ylim(0.7, 2e5)
    axes.legend(loc="upper left")
    return axes.figure


def draw_claims(diagrams: Mapping[str, Reliability], *, least: int = 20) -> Figure:
    """Draw the share of right answers against confidence, for up to three classifiers.

    Parameters
    ----------
    diagrams : mapping of str to Reliability
    least : int
        Bins with fewer answers are left out.
    """
    axes = new_axes("confidence of the answer / %", "right answers / %", size=(6.0, 4.4))
    axes.plot([0, 100], [0, 100], color=COLORS["exact"], ls="--", lw=1)
    for (label, d), (name, marker) in zip(diagrams.items(), LOOK, strict=False):
        keep = d.count >= least
        axes.plot(
            100 * d.confidence[keep], 100 * d.accuracy[keep], color=COLORS[name], marker=marker,
            ls=STYLES[name] if name != "accent" else ":", label=label,
        )  # fmt: skip
    axes.set(xlim=(15, 101), ylim=(0, 102))
    axes.legend(loc="upper left")
    return axes.figure


def draw_effects(effects: Mapping[str, Sequence[Effect]], labels: Sequence[str]) -> Figure:
    """Draw mean differences with their 95 % intervals, one panel a score, one row a remedy.

    Parameters
    ----------
    effects : mapping of str to sequence of Effect
        For each remedy, one effect a score.
    labels : sequence of str
        Of the scores' axes.
    """
    figure, panels = plt.subplots(1, len(labels), figsize=(6.4, 2.9), sharey=True)
    rows = np.arange(len(effects))[::-1]
    for column, (axes, label) in enumerate(zip(panels, labels, strict=True)):
        axes.axvline(0, color=COLORS["exact"], ls="--", lw=1)
        for row, (name, found) in zip(rows, effects.items(), strict=True):
            effect = found[column]
            look, marker = LOOK[2] if "temperature" in name else LOOK[1]
            axes.errorbar(
                effect.mean, row, xerr=effect.error, color=COLORS[look], marker=marker,
                ls="none", capsize=3, mfc=COLORS[look] if effect.sign else "white",
            )  # fmt: skip
        axes.set_xlabel(label, fontsize=9)
    panels[0].set_yticks(rows, list(effects))
    panels[0].set_ylim(-0.5, len(effects) - 0.5)
    return figure


def draw_roads(roads: Mapping[str, Mapping[str, np.ndarray]]) -> Figure:
    """Draw test loss against training loss, epoch by epoch, one panel a kind of labels.

    Parameters
    ----------
    roads : mapping of str to mapping of str to ndarray, shape (seeds, epochs + 1, 3)
        For each panel, for each net, the paths of its seeds.
    """
    figure, panels = plt.subplots(1, len(roads), figsize=(6.4, 3.6))
    for axes, (title, nets) in zip(panels, roads.items(), strict=True):
        for (label, paths), (name, marker) in zip(nets.items(), LOOK, strict=False):
            for path in paths:
                axes.plot(path[1:, 0], path[1:, 1], color=COLORS[name], lw=0.6, ls="-", alpha=0.4)
            mean = paths.mean(axis=0)[1:]
            axes.plot(
                mean[:, 0], mean[:, 1], color=COLORS[name], marker=marker, ls=STYLES[name],
                label=label, markersize=4,
            )  # fmt: skip
        lowest = min(paths[:, 1:, 1].min() for paths in nets.values())
        axes.set(title=title, xlabel="training loss / nats", ylim=(0.9 * lowest, 2.1 * lowest))
        reach = max(np.median(paths[:, 2, 0]) for paths in nets.values())
        axes.set_xlim(1.05 * reach, 0.85 * min(paths[:, :, 0].min() for paths in nets.values()))
    panels[0].set_ylabel("test loss / nats")
    panels[0].legend(loc="upper right")
    return figure
