"""The figures of the chapter *How signals travel through depth*.

Only drawing happens here: each function takes numbers that the chapter computed and returns the
figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = [
    "draw_correlations",
    "draw_lengths",
    "draw_phases",
    "draw_profiles",
    "draw_slopes",
    "draw_windows",
]

NAMES = ("ours", "rival", "accent", "fail", "neutral")
MARKERS = ("o", "s", "^", "x", "d")


def draw_profiles(
    offsets: Mapping[float, np.ndarray], weights: Mapping[float, np.ndarray]
) -> Figure:
    """Draw gradient lengths per layer, one thin line a batch, for several sizes of weights.

    Parameters
    ----------
    offsets, weights : mapping of float to ndarray, shape (batches, layers)
        Keys are standard deviations of a weight.
    """
    figure, panels = plt.subplots(1, 2, figsize=(6.8, 4.4), sharey=True)
    for axes, profiles, title in zip(
        panels, (offsets, weights), ("offsets", "weight matrix"), strict=True
    ):
        for (deviation, lengths), name, marker in zip(
            profiles.items(), NAMES, MARKERS, strict=False
        ):
            _profile(axes, lengths, COLORS[name], marker)
            axes.annotate(
                f"{deviation:g}", (1, np.median(lengths[:, 0])), xytext=(-8, 0),
                textcoords="offset points", ha="right", va="center", color=COLORS[name],
            )  # fmt: skip
        layers = lengths.shape[1]
        axes.set(title=f"of a layer's {title}", xlabel="layer", yscale="log")
        axes.set_xticks(range(1, layers + 1))
        axes.set_xlim(-0.9, layers + 0.4)
    panels[0].set_ylabel("length of the gradient")
    return figure


def _subscripts(label: str) -> str:
    """Return a label in which ``σ_w`` and ``σ_b`` are set with real subscripts."""
    for letter in "wb":
        label = label.replace(f"σ_{letter}", rf"$\sigma_{letter}$")
    return label


def _profile(axes: Axes, lengths: np.ndarray, color: str, marker: str) -> None:
    layers = np.arange(1, lengths.shape[1] + 1)
    axes.plot(layers, lengths.T, color=color, lw=0.5, alpha=0.35, ls="-")
    axes.plot(layers, np.median(lengths, axis=0), color=color, marker=marker, ls="-")


def draw_lengths(
    predicted: Mapping[str, Sequence[np.ndarray]], measured: Mapping[str, Sequence[np.ndarray]]
) -> Figure:
    """Draw the length of signals against the layer: the map as lines, random nets as marks.

    Parameters
    ----------
    predicted : mapping of str to sequence of ndarray, shape (layers,)
        For each setting, one curve for each starting length.
    measured : the same, shape (layers, signals)
    """
    axes = new_axes("layer", "length q of the signal", yscale="log")
    for (label, curves), name, marker in zip(predicted.items(), NAMES, MARKERS, strict=False):
        layers = np.arange(1, len(curves[0]) + 1)
        for curve, found in zip(curves, measured[label], strict=True):
            axes.plot(layers, curve, color=COLORS[name], ls="-")
            middle = found.mean(axis=1)
            axes.errorbar(
                layers, middle, found.std(axis=1), color=COLORS[name], marker=marker, ls="none",
                capsize=2,
            )  # fmt: skip
        axes.annotate(
            _subscripts(label), (layers[-1], curves[0][-1]), xytext=(8, 0), textcoords="offset points",
            va="center", color=COLORS[name],
        )  # fmt: skip
    axes.set_xlim(0.5, 1.28 * layers[-1])
    axes.set_xticks(layers[::3])
    return axes.figure


def draw_slopes(
    chi: Mapping[str, float], measured: Mapping[str, tuple[np.ndarray, np.ndarray]]
) -> Figure:
    """Draw ln(gradient length) against the layer with the predicted slope ½ ln χ.

    Parameters
    ----------
    chi : mapping of str to float
        Predicted factors on the squared length.
    measured : mapping of str to (mean, error), each of shape (layers,)
        ln of the length relative to the last layer, and its error bar.
    """
    axes = new_axes("layer", "ln(gradient length / that of the last layer)", size=(6.4, 4.2))
    for (label, factor), name, marker in zip(chi.items(), NAMES, MARKERS, strict=False):
        mean, error = measured[label]
        layers = np.arange(1, len(mean) + 1)
        line = (len(mean) - layers) * np.log(factor) / 2
        axes.plot(layers, line, color=COLORS["exact"], ls=STYLES["exact"], lw=1.2)
        axes.errorbar(layers, mean, error, color=COLORS[name], marker=marker, ls="none", capsize=2)
        axes.annotate(
            f"{_subscripts(label)}\nχ = {factor:.3f}", (1, mean[0]), xytext=(-8, 0),
            textcoords="offset points", ha="right", va="center", color=COLORS[name],
        )  # fmt: skip
    axes.set_xlim(-0.42 * layers[-1], layers[-1] + 0.7)
    axes.set_xticks(range(1, layers[-1] + 1, 4))
    return axes.figure


def draw_correlations(
    predicted: Mapping[str, np.ndarray], measured: Mapping[str, np.ndarray]
) -> Figure:
    """Draw the correlation of two inputs against the layer.

    Parameters
    ----------
    predicted : mapping of str to ndarray, shape (layers,)
    measured : mapping of str to ndarray, shape (layers, nets)
    """
    axes = new_axes("layer", "correlation c of the two signals")
    for (label, curve), name, marker in zip(predicted.items(), NAMES, MARKERS, strict=False):
        layers = np.arange(1, len(curve) + 1)
        found = measured[label]
        axes.plot(layers, curve, color=COLORS[name], ls="-")
        axes.errorbar(
            layers, found.mean(axis=1), found.std(axis=1), color=COLORS[name], marker=marker,
            ls="none", capsize=2,
        )  # fmt: skip
        axes.annotate(
            label, (layers[-1], curve[-1]), xytext=(9, 0), textcoords="offset points",
            va="center", color=COLORS[name],
        )  # fmt: skip
    axes.set(xlim=(0.5, 1.3 * layers[-1]), ylim=(-0.15, 1.06))
    return axes.figure


def draw_phases(
    critical: Mapping[str, tuple[np.ndarray, np.ndarray]],
    levels: Mapping[str, tuple[np.ndarray, np.ndarray]],
    marks: Mapping[str, tuple[float, float]],
) -> Figure:
    """Draw lines χ = 1 and further levels of χ over σ_w and σ_b.

    Parameters
    ----------
    critical : mapping of str to (sigma_w, sigma_b)
        One line for each unit.
    levels : mapping of str to (sigma_w, sigma_b)
        Further levels of the first unit, with their labels.
    marks : mapping of str to (sigma_w, sigma_b)
    """
    axes = new_axes(
        _subscripts("σ_w"), _subscripts("σ_b"), size=(6.4, 4.2), xlim=(0.5, 2.5), ylim=(0, 1)
    )
    for label, (sigma_w, sigma_b) in levels.items():
        axes.plot(sigma_w, sigma_b, color=COLORS["neutral"], lw=1, ls="-")
        place = int(np.argmin(np.abs(sigma_b - 0.62)))
        axes.annotate(
            label, (sigma_w[place], sigma_b[place]), ha="center", va="center", fontsize=9,
            color="#555555", bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )  # fmt: skip
    for (label, (sigma_w, sigma_b)), name in zip(
        critical.items(), ("ours", "rival", "accent"), strict=False
    ):
        axes.plot(sigma_w, sigma_b, color=COLORS[name], ls=STYLES[name], label=f"{label}, χ = 1")
    for label, place in marks.items():
        axes.plot(*place, color=COLORS["fail"], marker="x", ls="none", markersize=8, clip_on=False)
        axes.annotate(label, place, xytext=(7, 5), textcoords="offset points", color=COLORS["fail"])
    axes.text(0.56, 0.8, "order", fontsize=13)
    axes.text(1.95, 0.2, "chaos", fontsize=13)
    axes.legend(loc="upper right", frameon=True, framealpha=1.0, edgecolor="none")
    return axes.figure


def draw_windows(
    sigma_w: Sequence[float],
    right: Mapping[int, np.ndarray],
    *,
    critical: float,
) -> Figure:
    """Draw which sizes of weights can be trained, for nets of several depths.

    Parameters
    ----------
    sigma_w : sequence of float
    right : mapping of int to ndarray, shape (sizes, seeds)
        Fraction of validation digits read, for each number of hidden layers.
    critical : float
        σ_w with χ = 1.
    """
    size = _subscripts("σ_w = weight deviation × √fan-in")
    axes = new_axes(size, "validation digits read / %", xscale="log")
    for (layers, values), name, marker in zip(right.items(), NAMES, MARKERS, strict=False):
        values = 100 * np.asarray(values)
        middle = np.median(values, axis=1)
        spread = np.stack([middle - values.min(axis=1), values.max(axis=1) - middle])
        axes.errorbar(
            sigma_w, middle, spread, color=COLORS[name], ls=STYLES[name], marker=marker,
            capsize=3, label=f"{layers} hidden layers",
        )  # fmt: skip
    axes.axvline(critical, color=COLORS["exact"], ls=STYLES["exact"], lw=1)
    axes.annotate("χ = 1", (critical, 3), xytext=(5, 0), textcoords="offset points")
    axes.set(ylim=(0, 101))
    axes.set_xticks(sigma_w, [f"{s:g}" for s in sigma_w])
    axes.minorticks_off()
    axes.legend(loc="center left")
    return axes.figure
