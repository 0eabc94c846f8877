"""The figures of the chapter on the wider landscape; its map stands in a module of its own.

Only drawing happens here: each function takes numbers that the chapter computed and returns the
figure.
"""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from scipy.stats import t as student

from mlphys.frameworks.grid_world import MOVES, World
from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = ["draw_band", "draw_maps", "draw_policy", "draw_runs"]

MARKERS = "osD^v"
NAMES = ("neutral", "rival", "ours", "accent", "fail")
DASHES = ("-", "-.", "-", "--", ":")


def draw_maps(maps: Mapping[str, np.ndarray], labels: np.ndarray) -> Figure:
    """Draw two or more maps of the same rows side by side, each point as its label.

    Parameters
    ----------
    maps : mapping of str to ndarray, shape (n, 2)
    labels : ndarray of int, shape (n,)
    """
    figure, row = plt.subplots(1, len(maps), figsize=(6.4, 3.4))
    colors = plt.get_cmap("tab10")
    for axes, (title, y) in zip(row, maps.items(), strict=True):
        for point, label in zip(y, labels, strict=True):
            axes.text(*point, str(label), color=colors(int(label)), fontsize=9, ha="center")
        low, high = y.min(axis=0), y.max(axis=0)
        edge = 0.05 * (high - low)
        axes.set(xlim=(low[0] - edge[0], high[0] + edge[0]), title=title)
        axes.set(ylim=(low[1] - edge[1], high[1] + edge[1]), xticks=[], yticks=[])
    return figure


def draw_runs(
    x: np.ndarray,
    runs: Mapping[str, np.ndarray],
    *,
    labels: tuple[str, str],
    scales: tuple[str, str] = ("linear", "linear"),
    exact: np.ndarray | None = None,
    exact_label: str = "",
    bars: bool = True,
) -> Figure:
    """Draw means over seeds with their 95 % intervals, as bars or as bands.

    Parameters
    ----------
    x : ndarray, shape (n,)
    runs : mapping of str to ndarray, shape (seeds, n)
    labels, scales : tuple of str
        Of the two axes.
    exact : ndarray, shape (n,), optional
        What is known without a run.
    exact_label : str
    bars : bool
        False draws bands, for curves of many points.
    """
    axes = new_axes(*labels)
    for k, (name, values) in enumerate(runs.items()):
        mean = values.mean(axis=0)
        width = student.ppf(0.975, len(values) - 1) * values.std(axis=0, ddof=1)
        width = width / np.sqrt(len(values))
        style = {"color": COLORS[NAMES[k]], "linestyle": DASHES[k], "label": name}
        if bars:
            axes.errorbar(x, mean, width, marker=MARKERS[k], capsize=3, **style)
        else:
            axes.plot(x, mean, **style)
            axes.fill_between(x, mean - width, mean + width, color=COLORS[NAMES[k]], alpha=0.2)
    if exact is not None:
        axes.plot(x, exact, color=COLORS["exact"], linestyle=STYLES["exact"], label=exact_label)
    axes.set_xscale(scales[0])
    axes.set_yscale(scales[1])
    axes.legend()
    return axes.figure


def draw_policy(world: World, values: np.ndarray, policy: np.ndarray) -> Figure:
    """Draw a grid world: shade for the value of a cell, an arrow for the best move.

    Parameters
    ----------
    world : World
    values : ndarray, shape (s,)
    policy : ndarray of int, shape (s,)
    """
    height, width = world.cells.max(axis=0) + 1
    picture = np.full((height, width), np.nan)
    picture[tuple(world.cells.T)] = values
    axes = new_axes("column", "row", size=(6.0, 3.6))
    shown = axes.imshow(picture, cmap="cividis", vmin=0, vmax=1)
    axes.figure.colorbar(shown, ax=axes, label="value (discounted reward)")
    for (i, j), a in zip(world.cells, policy, strict=True):
        di, dj = MOVES[a]
        axes.annotate(
            "", (j + 0.3 * dj, i + 0.3 * di), xytext=(j - 0.3 * dj, i - 0.3 * di),
            arrowprops={"arrowstyle": "-|>", "color": "white" if picture[i, j] < 0.6 else "black"},
        )  # fmt: skip
    axes.grid(visible=False)
    axes.set(xticks=range(width), yticks=range(height))
    return axes.figure


def draw_band(
    x: np.ndarray,
    y: np.ndarray,
    at: np.ndarray,
    bands: Mapping[str, tuple[np.ndarray, np.ndarray]],
    *,
    labels: tuple[str, str],
    truth: np.ndarray | None = None,
) -> Figure:
    """Draw measurements and bands of mean ± 1.96 deviations around one or two fits.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
    at : ndarray, shape (m,)
    bands : mapping of str to (mean, deviation), each of shape (m,)
    labels : tuple of str
    truth : ndarray, shape (m,), optional
    """
    axes = new_axes(*labels)
    axes.plot(x, y, ".", color=COLORS["neutral"], label="measured")
    for (name, (mean, deviation)), color in zip(bands.items(), ("ours", "rival"), strict=False):
        style = STYLES[color]
        axes.plot(at, mean, color=COLORS[color], linestyle=style, label=name)
        for side in (-1.96, 1.96):
            edge = mean + side * deviation
            axes.plot(at, edge, color=COLORS[color], linestyle=style, linewidth=0.9)
        if color == "ours":
            low, high = mean - 1.96 * deviation, mean + 1.96 * deviation
            axes.fill_between(at, low, high, color=COLORS[color], alpha=0.15)
    if truth is not None:
        axes.plot(at, truth, color=COLORS["exact"], linestyle=STYLES["exact"], label="truth")
    axes.legend(fontsize=9)
    return axes.figure
