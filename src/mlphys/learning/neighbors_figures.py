"""The figures of the chapter *Neighbors*.

Only drawing happens here: each function takes numbers that the chapter computed and returns the
figure. Fractions go in, percent are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = [
    "draw_errors_by_dimension",
    "draw_learning_curve",
    "draw_metrics",
    "draw_neighbors",
    "draw_ratios",
    "draw_self_distances",
]


def draw_neighbors(queries: np.ndarray, found: np.ndarray, titles: list[list[str]]) -> Figure:
    """Draw each query in a row with the images found for it.

    Parameters
    ----------
    queries : ndarray of uint8, shape (n, height, width)
    found : ndarray of uint8, shape (n, k, height, width)
    titles : list of n lists of 1 + k str
        Above the query and above each image.
    """
    n, k = found.shape[:2]
    half = -(-n // 2)
    columns = 2 * (k + 1) + 1
    figure, axes = plt.subplots(
        half, columns, figsize=(6.4, 1.15 * half), squeeze=False,
        width_ratios=[1.0] * (k + 1) + [0.5] + [1.0] * (k + 1),
    )  # fmt: skip
    for place in axes.flat:
        place.set_axis_off()
    for i, query in enumerate(queries):
        left = (i // half) * (k + 2)
        for j, picture in enumerate([query, *found[i]]):
            place: Any = axes[i % half, left + j]
            place.imshow(picture, cmap="gray_r", vmin=0, vmax=255)
            color = COLORS["exact"] if j == 0 else COLORS["ours"]
            place.set_title(titles[i][j], fontsize=9, color=color)
    return figure


def draw_self_distances(values: Mapping[str, np.ndarray]) -> Figure:
    """Draw how far each picture is from itself, sorted, for several ways to compute.

    Parameters
    ----------
    values : mapping of str to ndarray, shape (n,)
        Squared distances in units of a full pixel, which should all be zero.
    """
    axes = new_axes("picture, in the order of its result", "squared distance to itself / 10⁻⁴")
    for (label, squares), name in zip(values.items(), ("fail", "ours"), strict=True):
        axes.plot(1e4 * np.sort(squares), color=COLORS[name], linestyle=STYLES[name], label=label)
    axes.legend(loc="upper left")
    return axes.figure


def draw_learning_curve(
    counts: np.ndarray,
    errors: np.ndarray,
    bars: np.ndarray,
    fitted: np.ndarray,
    line: np.ndarray,
    goal: tuple[float, float],
) -> Figure:
    """Draw the share of wrong answers against the number of stored images, with a power law.

    Parameters
    ----------
    counts, errors, bars : ndarray, shape (n,)
        Stored images, fraction wrong, and its standard error.
    fitted : ndarray of bool, shape (n,)
        Points that the power law was fitted to; the others test it.
    line : ndarray, shape (2,)
        Constant and exponent, error = constant · count^exponent.
    goal : (count, error)
        Where the extrapolated law reaches a wanted error.
    """
    axes = new_axes(
        "number of stored images", "wrong answers / %", xscale="log", yscale="log",
        xlim=(counts[0] / 2, goal[0] * 4),
    )  # fmt: skip
    for chosen, name, marker, label in (
        (fitted, "ours", "o", "measured, fitted"),
        (~fitted, "rival", "s", "measured, predicted by the fit"),
    ):
        axes.errorbar(
            counts[chosen], 100 * errors[chosen], 100 * bars[chosen], color=COLORS[name],
            marker=marker, linestyle="none", capsize=3, label=label,
        )  # fmt: skip
    reach = np.geomspace(counts[0], goal[0], 50)
    law = 100 * line[0] * reach ** line[1]
    axes.plot(reach, law, color=COLORS["exact"], linestyle="--", label="power law")
    axes.plot(goal[0], 100 * goal[1], color=COLORS["fail"], marker="x", markersize=9, ls="none")
    axes.annotate(
        f"{100 * goal[1]:.0f} % at {float(f'{goal[0]:.1g}'):,.0f} images", (goal[0], 100 * goal[1]),
        xytext=(-12, -4), textcoords="offset points", ha="right", color=COLORS["fail"],
    )  # fmt: skip
    ticks = [1, 2, 5, 10, 20, 50]
    axes.set_yticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.legend(loc="upper right")
    return axes.figure


def draw_metrics(errors: Mapping[str, float], bars: Mapping[str, float]) -> Figure:
    """Draw the share of wrong answers for each way to measure a distance, best at the bottom.

    Parameters
    ----------
    errors, bars : mapping of str to float
        Fraction wrong and its standard error.
    """
    order = sorted(errors, key=lambda name: errors[name])
    axes = new_axes("wrong answers / %", size=(6.4, 0.42 * len(order) + 0.9))
    for place, name in enumerate(order):
        axes.errorbar(
            100 * errors[name], place, xerr=100 * bars[name], color=COLORS["ours"], marker="o",
            capsize=3, linestyle="none",
        )  # fmt: skip
    axes.set_yticks(range(len(order)), order)
    axes.set_xlim(left=0)
    return axes.figure


def draw_ratios(ratios: np.ndarray, law: np.ndarray, grid: np.ndarray) -> Figure:
    """Draw the histogram of squared distances after over before, and the density that it should be.

    Parameters
    ----------
    ratios : ndarray, shape (n,)
    law, grid : ndarray, shape (points,)
        Density at each ratio of the grid.
    """
    axes = new_axes("squared distance after / before the projection", "density")
    axes.hist(ratios, bins=60, density=True, color=COLORS["ours"], alpha=0.55, label="pairs")
    axes.plot(grid, law, color=COLORS["exact"], linestyle="--", label="chi-squared law")
    axes.legend()
    return axes.figure


def draw_errors_by_dimension(
    dimensions: np.ndarray, curves: Mapping[str, np.ndarray], floor: float
) -> Figure:
    """Draw the share of wrong answers against the number of coordinates that are kept.

    Parameters
    ----------
    dimensions : ndarray, shape (n,)
    curves : mapping of str to ndarray, shape (n, seeds)
        Fractions wrong.
    floor : float
        Fraction wrong with all pixels.
    """
    axes = new_axes("coordinates kept", "wrong answers / %", xscale="log", yscale="log")
    for (label, errors), name, marker in zip(curves.items(), ("ours", "rival"), "os", strict=False):
        middle = np.median(errors, axis=1)
        spread = np.stack([middle - errors.min(axis=1), errors.max(axis=1) - middle])
        axes.errorbar(
            dimensions, 100 * middle, 100 * spread, color=COLORS[name], marker=marker,
            linestyle=STYLES[name], capsize=3, label=label,
        )  # fmt: skip
    axes.axhline(100 * floor, color=COLORS["exact"], linestyle="--", label="all 784 pixels")
    axes.set_xticks(dimensions, [str(m) for m in dimensions])
    ticks = [2, 3, 5, 10, 20, 50, 90]
    axes.set_yticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.legend()
    return axes.figure
