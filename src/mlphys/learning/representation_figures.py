"""The figures of the chapter *What nets can and cannot represent*.

Only drawing happens here: each function takes numbers that the chapter computed and returns the
figure. Bars show the smallest and largest of several seeds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from mlphys.learning.representation import Cell
from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = ["draw_cells", "draw_learning_curves", "draw_rays", "draw_shuffled",
           "draw_wave_errors"]  # fmt: skip

NAMES = ("ours", "rival", "accent", "fail")
MARKERS = ("o", "s", "^", "x")


def draw_cells(nets: Mapping[str, Sequence[Cell]], *, half_width: float) -> Figure:
    """Draw the cells of several nets side by side, each in the shade of the net's steepness there.

    Parameters
    ----------
    nets : mapping of str to sequence of Cell
        Title and cells, of nets with one output.
    half_width : float
        Of the square.
    """
    figure, panels = plt.subplots(1, len(nets), figsize=(6.4, 6.6 / len(nets)), squeeze=False)
    for axes, (title, cells) in zip(panels[0], nets.items(), strict=True):
        steepness = np.array([np.linalg.norm(cell.slope) for cell in cells])
        shade = steepness / (steepness.max() or 1.0)
        axes.add_collection(
            PolyCollection(
                [cell.corners for cell in cells], facecolors=plt.get_cmap("Blues")(0.75 * shade),
                edgecolors=COLORS["exact"], linewidths=0.5,
            )
        )  # fmt: skip
        axes.set(
            xlim=(-half_width, half_width), ylim=(-half_width, half_width), aspect="equal",
            title=title, xlabel="x",
        )  # fmt: skip
        axes.grid(visible=False)
    panels[0, 0].set_ylabel("y")
    return figure


def draw_learning_curves(
    counts: Sequence[int],
    inside: Mapping[str, np.ndarray],
    outside: Mapping[str, np.ndarray],
) -> Figure:
    """Draw relative errors against the number of training examples, in and out of the range.

    Parameters
    ----------
    counts : sequence of int
    inside, outside : mapping of str to ndarray
        Errors of shape (counts, seeds) for each kind of net.
    """
    figure, panels = plt.subplots(1, 2, figsize=(6.4, 3.7), sharey=True)
    titles = ("entries up to 1, as in training", "entries up to 2")
    for axes, table, title in zip(panels, (inside, outside), titles, strict=True):
        for (label, errors), name, mark in zip(table.items(), NAMES, MARKERS, strict=False):
            _bars(axes, np.asarray(counts), errors, label=label, name=name, mark=mark)
        axes.axhline(1, color=COLORS["exact"], ls="--", lw=1)
        axes.set(xscale="log", yscale="log", xlabel="training matrices", title=title)
        axes.set_xticks(counts, [str(n) for n in counts])
        axes.minorticks_off()
    panels[1].annotate(
        "answer 0", (counts[-1], 1.0), xytext=(0, 8), textcoords="offset points", ha="right"
    )
    panels[0].set_ylabel("relative error on new matrices")
    panels[0].legend(loc="lower left")
    return figure


def _bars(
    axes: Axes, x: np.ndarray, values: np.ndarray, *, label: str, name: str, mark: str
) -> None:
    middle = np.median(values, axis=1)
    ends = np.abs(np.stack([values.min(axis=1), values.max(axis=1)]) - middle)
    axes.errorbar(
        x, middle, ends, label=label, color=COLORS[name], ls=STYLES[name], marker=mark, capsize=2
    )


def draw_rays(factors: np.ndarray, exact: np.ndarray, answers: Mapping[str, np.ndarray]) -> Figure:
    """Draw answers along a ray t·X against the true t³ det X.

    Parameters
    ----------
    factors : ndarray, shape (n,)
        t.
    exact : ndarray, shape (n,)
    answers : mapping of str to ndarray, shape (n,)
    """
    axes = new_axes("factor t on all entries", "answer for t·X")
    axes.plot(factors, exact, color=COLORS["exact"], ls="--", lw=3, alpha=0.6, label="t³ det X")
    for (label, values), name, mark in zip(answers.items(), NAMES, MARKERS, strict=False):
        axes.plot(
            factors, values, color=COLORS[name], ls=STYLES[name], marker=mark, markevery=12,
            label=label,
        )  # fmt: skip
    axes.axvspan(0, 1, color="#EEEEEE", zorder=0)
    axes.annotate("training range", (0.05, 0.03), xycoords=("data", "axes fraction"))
    reach = float(np.abs(exact).max())
    axes.set_ylim(-0.4 * reach if exact.min() >= 0 else -1.2 * reach, 1.2 * reach)
    axes.legend(loc="upper left")
    return axes.figure


def draw_wave_errors(
    units: Sequence[int], errors: Mapping[float, np.ndarray], needed: Mapping[float, int]
) -> Figure:
    """Draw the largest error against the number of hidden units, for several ends of the interval.

    Parameters
    ----------
    units : sequence of int
    errors : mapping of float to ndarray
        Least x and errors, shape (units,).
    needed : mapping of float to int
        Below this many units an error under 1 is impossible.
    """
    axes = new_axes("hidden units", "largest error", xscale="log", yscale="log")
    for (least, values), name, mark in zip(errors.items(), NAMES, MARKERS, strict=False):
        axes.plot(
            units, values, color=COLORS[name], ls=STYLES[name], marker=mark, label=f"x ≥ {least:g}"
        )
        axes.axvline(needed[least], color=COLORS[name], ls=":", lw=1)
    axes.axhline(1, color=COLORS["exact"], ls="--", lw=1)
    axes.legend(loc="lower left")
    return axes.figure


def draw_shuffled(
    images: tuple[np.ndarray, np.ndarray],
    accuracies: Mapping[str, tuple[np.ndarray, np.ndarray]],
) -> Figure:
    """Draw one digit before and after the shuffle, and what two kinds of net read of either.

    Parameters
    ----------
    images : two ndarrays, shape (height, width)
    accuracies : mapping of str to two ndarrays, shape (seeds,)
        Fractions right on pictures as they are, and shuffled; drawn in percent.
    """
    figure = plt.figure(figsize=(6.4, 3.0))
    grid = figure.add_gridspec(2, 2, width_ratios=(1, 2.6))
    for k, (image, title) in enumerate(zip(images, ("as it is", "shuffled"), strict=True)):
        axes = figure.add_subplot(grid[k, 0])
        axes.imshow(image, cmap="gray_r")
        axes.set_title(title)
        axes.set_axis_off()
    axes = figure.add_subplot(grid[:, 1])
    for (label, pair), name, mark in zip(accuracies.items(), NAMES, MARKERS, strict=False):
        values = 100 * np.array(pair)
        _bars(axes, np.arange(2), values, label=label, name=name, mark=mark)
    axes.set_xticks([0, 1], ["as they are", "shuffled"])
    axes.set(
        xlim=(-0.3, 1.3), xlabel="pictures in training and test", ylabel="test digits right / %"
    )
    axes.legend(loc="lower left")
    return figure
