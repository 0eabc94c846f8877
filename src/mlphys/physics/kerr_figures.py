"""The figures of the chapter *A black hole that rotates*.

Only drawing happens here: each function takes arrays that the chapter computed and returns the
figure. Lengths are in units of the Schwarzschild radius; the axes of a picture are slopes in the
observer's frame, to the right and upward.
"""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from mlphys.physics.black_hole_figures import display
from mlphys.plotting import COLORS, STYLES

__all__ = ["draw_dragged", "draw_edge_checks", "draw_edges", "draw_framed", "draw_sizes"]

NAMES = ("neutral", "accent", "rival", "ours")
MARKERS = ("s", "^", "D", "o")


def draw_framed(
    pictures: Mapping[str, np.ndarray], edges: Mapping[str, np.ndarray], *, half_width: float
) -> Figure:
    """Draw pictures side by side, each with the exact edge of its shadow over it.

    Parameters
    ----------
    pictures : mapping of str to ndarray, shape (height, width, 3)
        Title and linear intensities, shown through
        :func:`~mlphys.physics.black_hole_figures.display`.
    edges : mapping of str to ndarray, shape (points, 2)
        Title, and slopes to the left and upward of a closed curve, dashed.
    half_width : float
        Largest horizontal slope.

    Returns
    -------
    matplotlib.figure.Figure
    """
    height, width = next(iter(pictures.values())).shape[:2]
    tall = 6.4 / len(pictures) * height / width + 0.45
    figure, panels = plt.subplots(1, len(pictures), figsize=(6.4, tall), squeeze=False)
    for axes, (title, rgb) in zip(panels.flat, pictures.items(), strict=True):
        half_height = half_width * rgb.shape[0] / rgb.shape[1]
        axes.imshow(display(rgb), extent=(-half_width, half_width, -half_height, half_height))
        if title in edges:
            left, up = _closed(edges[title]).T
            axes.plot(-left, up, ls="--", lw=1.3, color=COLORS["rival"])
        axes.set_title(title)
        axes.set_xlabel("slope to the right")
        axes.grid(False)
    panels[0, 0].set_ylabel("slope upward")
    return figure


def draw_edges(
    panels: Mapping[str, Mapping[str, np.ndarray]],
    dots: Mapping[str, Mapping[str, np.ndarray]],
    *,
    limit: float = 0.21,
) -> Figure:
    """Draw edges of shadows, and traced points of them, in panels of one scale.

    Parameters
    ----------
    panels : mapping of str to mapping of str to ndarray, shape (points, 2)
        Title of a panel; label, and slopes to the right and upward of each closed curve.
    dots : mapping of str to mapping of str to ndarray, shape (points, 2)
        Traced points for some of the curves.
    limit : float
        Half the side of a panel.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, row = plt.subplots(1, len(panels), figsize=(6.4, 3.9), sharey=True, squeeze=False)
    for axes, (title, curves) in zip(row.flat, panels.items(), strict=True):
        for name, marker, (label, curve) in zip(NAMES, MARKERS, curves.items(), strict=False):
            alpha, beta = _closed(curve).T
            axes.plot(alpha, beta, color=COLORS[name], ls=STYLES[name], lw=1.4, label=label)
            if label in dots.get(title, {}):
                axes.plot(
                    *dots[title][label].T, ls="none", marker=marker, ms=3.2, color=COLORS[name]
                )
        axes.plot(0, 0, "+", color="black")
        axes.set(
            aspect="equal",
            xlim=(-0.8 * limit, limit),
            ylim=(-limit, limit),
            title=title,
            xlabel="slope to the right",
        )
        axes.legend(loc="lower center", fontsize=9, ncols=2, handlelength=1.4, columnspacing=0.8)
    row[0, 0].set_ylabel("slope upward")
    return figure


def draw_sizes(spin: np.ndarray, sizes: Mapping[str, np.ndarray]) -> Figure:
    """Draw sizes over spin, relative to those without spin, each with its name beside it.

    Parameters
    ----------
    spin : ndarray, shape (n,)
        a/M.
    sizes : mapping of str to ndarray, shape (n,)
        Label and relative size.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(figsize=(6.4, 3.5))
    for name, (label, size) in zip(
        ("rival", "ours", "accent", "exact"), sizes.items(), strict=False
    ):
        axes.plot(spin, size, color=COLORS[name], ls=STYLES[name], label=label)
    axes.set(xlabel="spin $a/M$", ylabel="size / size without spin", xlim=(0, 1), ylim=(0.45, 1.05))
    axes.legend(loc="lower left")
    return figure


def draw_dragged(
    ways: Mapping[str, np.ndarray], horizons: Mapping[str, float], *, limit: float = 4.0
) -> Figure:
    """Draw light in the equator of holes, seen from above the pole.

    Parameters
    ----------
    ways : mapping of str to ndarray, shape (points, rays, 4)
        Title, and events on the rays; NaN ends a ray.
    horizons : mapping of str to float
        Radius of the horizon's circle in the same coordinates.
    limit : float
        Half the side of a panel.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, row = plt.subplots(1, len(ways), figsize=(6.4, 3.5), sharey=True, squeeze=False)
    for axes, (title, points) in zip(row.flat, ways.items(), strict=True):
        middle = points.shape[1] // 2
        for ray in range(points.shape[1]):
            name = "rival" if ray == middle else "ours"
            axes.plot(
                points[:, ray, 1],
                points[:, ray, 2],
                color=COLORS[name],
                ls=STYLES[name],
                lw=1.8 if ray == middle else 1.0,
            )
        axes.add_patch(Circle((0, 0), horizons[title], facecolor="black", zorder=3))
        axes.set(
            aspect="equal",
            xlim=(-limit, limit),
            ylim=(-limit, limit),
            title=title,
            xlabel=r"$x\ /\ r_s$",
        )
    row[0, 0].set_ylabel(r"$y\ /\ r_s$")
    return figure


def draw_edge_checks(
    angle: np.ndarray, errors: Mapping[str, np.ndarray], *, bound: float
) -> Figure:
    """Draw how far traced edges lie from the exact one, around the shadow.

    Parameters
    ----------
    angle : ndarray, shape (n,)
        Direction from the middle of the shadow, in radians, 0 is right.
    errors : mapping of str to ndarray, shape (n,)
        Label, and relative distance.
    bound : float
        What is demanded.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(figsize=(6.4, 3.3))
    for name, marker, (label, error) in zip(NAMES[1:], MARKERS[1:], errors.items(), strict=False):
        axes.plot(
            np.degrees(angle),
            np.maximum(abs(error), 1e-13),
            ls="none",
            marker=marker,
            ms=3.5,
            color=COLORS[name],
            label=label,
        )
    axes.axhline(bound, color=COLORS["fail"], ls=STYLES["fail"], label="demanded")
    axes.set(
        yscale="log",
        xlabel="direction around the shadow / °  (0 right, 90 up, 180 left)",
        ylabel="traced edge / exact edge − 1",
        xlim=(-5, 360),
        xticks=[0, 90, 180, 270, 360],
        ylim=(1e-13, 1e-4),
    )
    axes.legend(loc="upper center", ncols=4, fontsize=9)
    return figure


def _closed(curve: np.ndarray) -> np.ndarray:
    return np.concatenate([curve, curve[:1]])
