"""The figures of the chapter *Rendering a black hole*.

Only drawing happens here: each function takes arrays that the chapter computed and returns the
figure. Lengths are in units of the Schwarzschild radius; the axes of a picture are slopes in the
observer's frame, tan of the angle to the direction of view.
"""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from mlphys.plotting import COLORS, STYLES

__all__ = [
    "display",
    "draw_edge_error",
    "draw_false_escapes",
    "draw_outlines",
    "draw_pictures",
    "draw_rays",
    "draw_windings",
]

MARKERS = ("o", "s", "^", "D", "v")
NAMES = ("ours", "rival", "accent", "fail", "exact")


def display(rgb: np.ndarray) -> np.ndarray:
    """Return the pixel values of linear intensities: the transfer curve of sRGB, nothing else.

    Parameters
    ----------
    rgb : ndarray, shape (..., 3)
        Linear intensities; cut to [0, 1].

    Returns
    -------
    ndarray, shape (..., 3)
        Values in [0, 1] for a screen.

    References
    ----------
    IEC 61966-2-1:1999, the sRGB color space.

    Examples
    --------
    >>> display(np.array([0.0, 0.0031308, 0.214, 1.0])).round(3)
    array([0.  , 0.04, 0.5 , 1.  ])
    """
    light = np.clip(np.asarray(rgb, dtype=float), 0.0, 1.0)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def draw_rays(
    points: np.ndarray, escaped: np.ndarray, *, half_width: float = 6.0, length: float = 24.0
) -> Figure:
    """Draw light rays in the plane of the observer and the hole.

    Parameters
    ----------
    points : ndarray, shape (points, rays, 4)
        Events on the rays; NaN ends a ray.
    escaped : ndarray of bool, shape (rays,)
        Which rays come back out.
    half_width, length : float
        The plane is shown for \\|y\\| up to ``half_width`` and x from ``−length/3`` to ``length``.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(figsize=(6.4, 3.2))
    for mine, name, label in ((escaped, "ours", "escapes"), (~escaped, "rival", "is captured")):
        lines = axes.plot(
            points[:, mine, 1],
            points[:, mine, 2],
            color=COLORS[name],
            ls=STYLES[name],
            lw=1.1,
        )
        if lines:
            lines[0].set_label(label)
    axes.add_patch(Circle((0, 0), 1, facecolor="black", zorder=3))
    axes.add_patch(Circle((0, 0), 1.5, fill=False, ls=":", color="black", lw=1.2, zorder=3))
    you = points[0, 0, 1], points[0, 0, 2]
    axes.plot(*you, "o", color="black")
    axes.annotate("you", you, (0, 8), textcoords="offset points", ha="center")
    axes.set(
        aspect="equal",
        xlim=(-length / 3, length - 3),
        ylim=(-half_width, half_width),
        xlabel=r"$x\ /\ r_s$",
        ylabel=r"$y\ /\ r_s$",
    )
    axes.legend(loc="center right", bbox_to_anchor=(1.0, 0.33), frameon=True, framealpha=1.0)
    return figure


def draw_pictures(
    pictures: Mapping[str, np.ndarray],
    *,
    half_width: float,
    circles: Sequence[float] = (),
    columns: int = 2,
) -> Figure:
    """Draw pictures side by side, with circles of known slope over each of them.

    Parameters
    ----------
    pictures : mapping of str to ndarray, shape (height, width, 3)
        Title and linear intensities, shown through :func:`display`.
    half_width : float
        Largest horizontal slope.
    circles : sequence of float
        Slopes of circles around the direction of view, dashed.
    columns : int
        Pictures in a row.

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = -(-len(pictures) // columns)
    height, width = next(iter(pictures.values())).shape[:2]
    tall = 6.4 / columns * height / width + 0.45
    figure, panels = plt.subplots(rows, columns, figsize=(6.4, rows * tall), squeeze=False)
    for axes, (title, rgb) in zip(panels.flat, pictures.items(), strict=False):
        half_height = half_width * rgb.shape[0] / rgb.shape[1]
        extent = (-half_width, half_width, -half_height, half_height)
        axes.imshow(display(rgb), extent=extent)
        for slope in circles:
            axes.add_patch(Circle((0, 0), slope, fill=False, ls="--", lw=1.0, color="white"))
        axes.set_title(title)
        axes.set_xlabel("slope")
        axes.grid(False)
    panels[0, 0].set_ylabel("slope")
    return figure


def draw_false_escapes(
    closest: Mapping[float, np.ndarray],
    escaped: Mapping[float, np.ndarray],
    *,
    window: tuple[float, float],
    bins: np.ndarray,
) -> Figure:
    """Draw the share of wrong verdicts against the last distance from the horizon, in steps.

    Parameters
    ----------
    closest : mapping of float to ndarray, shape (rays,)
        For each step, (smallest r − r_s)/step of rays that must be captured.
    escaped : mapping of float to ndarray of bool, shape (rays,)
        For each step, which of them came back.
    window : tuple of float
        Where theory puts the wrong ones.
    bins : ndarray
        Edges of the bins.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(figsize=(6.4, 3.2))
    axes.axvspan(*window, color="#E8E8E8", zorder=0)
    middle = (bins[1:] + bins[:-1]) / 2
    for name, marker, (step, u) in zip(NAMES, MARKERS, closest.items(), strict=False):
        every = np.histogram(u, bins)[0]
        wrong = np.histogram(u[escaped[step]], bins)[0]
        share = np.divide(wrong, every, out=np.full(len(middle), np.nan), where=every > 0)
        axes.plot(
            middle, share, marker=marker, color=COLORS[name], ls=STYLES[name], label=f"h = {step:g}"
        )
    axes.set(
        xlabel=r"last distance outside the horizon in steps, $q=(r-r_s)/h$",
        ylabel="share that escapes",
        ylim=(-0.04, 1.08),
        xlim=(bins[0], bins[-1]),
    )
    axes.legend(loc="upper left")
    return figure


def draw_windings(
    gap: np.ndarray,
    angle: np.ndarray,
    strip: np.ndarray,
    *,
    marks: Mapping[str, tuple[float, float]],
    asymptote: np.ndarray,
) -> Figure:
    """Draw the angle that light sweeps near the edge of the shadow, and the sky unrolled there.

    Parameters
    ----------
    gap : ndarray, shape (rays,)
        Angle beyond the edge of the shadow, in degrees.
    angle, asymptote : ndarray, shape (rays,)
        Swept angle in units of π: measured, and by the logarithmic law.
    strip : ndarray, shape (height, width, 3)
        Colors seen there: rows over the logarithm of ``gap`` from its largest value (top) to its
        smallest, columns over the direction around the hole.
    marks : mapping of str to tuple of float
        Label, and the gap and swept angle of a point.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.9), sharey=True, width_ratios=[3, 2])
    left.plot(angle, gap, color=COLORS["ours"], ls=STYLES["ours"], label="traced")
    left.plot(asymptote, gap, color=COLORS["rival"], ls=STYLES["rival"], label="logarithmic law")
    for label, (far, turns) in marks.items():
        left.plot(turns, far, "o", color="black")
        left.annotate(label, (turns, far), (6, 2), textcoords="offset points", fontsize=9)
    left.set(
        yscale="log",
        xlabel=r"swept angle $\varphi\ /\ \pi$",
        ylabel="angle beyond the edge of the shadow / °",
        ylim=(gap.min(), gap.max()),
        xlim=(0, None),
    )
    left.legend(loc="lower left", fontsize=9)
    right.pcolormesh(
        np.linspace(0, 360, strip.shape[1] + 1),
        np.geomspace(gap.max(), gap.min(), strip.shape[0] + 1),
        display(strip),
        rasterized=True,
    )
    right.set(xlabel="direction around the hole / °", xticks=[0, 90, 180, 270, 360])
    right.grid(False)
    return figure


def draw_outlines(
    outlines: Mapping[str, tuple[np.ndarray, np.ndarray]], *, exact: float, limit: float
) -> Figure:
    """Draw outlines of shadows in the observer's sky, with the exact circle.

    Parameters
    ----------
    outlines : mapping of str to tuple of two ndarray, shape (directions,)
        Label, direction around the line of sight in radians (0: left, π/2: up), and angle from
        the line of sight in degrees.
    exact : float
        Angular radius of the true shadow in degrees.
    limit : float
        Half the side of the square that is shown, in degrees.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(figsize=(5.0, 4.6))
    axes.add_patch(Circle((0, 0), exact, facecolor="#D9D9D9", edgecolor="black", ls="--", lw=1.4))
    axes.text(0, 0, "the true\nshadow", ha="center", va="center")
    names = ("rival", "fail", "ours")
    for name, (label, (turn, angle)) in zip(names, outlines.items(), strict=False):
        turn, angle = np.append(turn, turn[0]), np.append(angle, angle[0])
        axes.plot(
            -angle * np.cos(turn),
            angle * np.sin(turn),
            color=COLORS[name],
            ls=STYLES[name],
            label=label,
        )
    axes.set(
        aspect="equal",
        xlim=(-limit, limit),
        ylim=(-limit, limit),
        xlabel="angle to the right / °",
        ylabel="angle upward / °",
    )
    figure.legend(loc="outside upper center", ncols=1)
    return figure


def draw_edge_error(gap: np.ndarray, errors: Mapping[float, np.ndarray]) -> Figure:
    """Draw the error of the swept angle against the distance from the critical ray.

    Parameters
    ----------
    gap : ndarray, shape (rays,)
        b/b_c − 1.
    errors : mapping of float to ndarray, shape (rays,)
        For each tolerance, the absolute error in radians; NaN for a ray with a wrong verdict.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(figsize=(6.4, 3.6))
    for name, marker, (tolerance, error) in zip(NAMES, MARKERS, errors.items(), strict=False):
        axes.plot(
            gap,
            error,
            ls="none",
            marker=marker,
            ms=3.5,
            color=COLORS[name],
            label=f"tolerance {tolerance:.0e}",
        )
        axes.plot(gap, tolerance / gap, color=COLORS[name], ls=":", lw=1.0)
    axes.set(
        xscale="log",
        yscale="log",
        xlabel=r"distance from the critical ray, $b/b_c-1$",
        ylabel="error of the swept angle / rad",
        ylim=(1e-12, 300),
    )
    axes.legend(loc="upper right", fontsize=9)
    return figure
