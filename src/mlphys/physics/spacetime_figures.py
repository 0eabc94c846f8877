"""The figures of the chapter *Curved spacetime from ds²*.

Each ``draw_`` function takes arrays that the chapter computed, or a line element whose metric it
samples, and returns the figure; the others prepare arrays for it. Lengths are in units of the Schwarzschild radius;
the plane is the x-y plane of the line elements.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from mlphys.physics.spacetime import LineElement, metric
from mlphys.plotting import COLORS, STYLES

__all__ = [
    "draw_beams",
    "draw_fates",
    "draw_matter",
    "draw_orbits",
    "draw_precession",
    "draw_rulers",
    "polar_grid",
    "ruler_ellipse",
    "verdicts",
]

PLANE_LABELS = {"xlabel": r"$x\ /\ r_s$", "ylabel": r"$y\ /\ r_s$"}


def ruler_ellipse(ds2: LineElement, center: Any, *, length: float, points: int = 61) -> np.ndarray:
    """Return the ends of rulers of one proper length that are laid out in all directions.

    The coordinate displacement of a ruler along the unit vector u is ``length · h^{-1/2} u``, where
    h is the spatial metric of the x-y plane: it satisfies ``ds² = length²``.

    Parameters
    ----------
    ds2 : callable
        Line element.
    center : array_like, shape (2,)
        Where the rulers start, (x, y).
    length : float
        Proper length of each ruler.
    points : int
        Number of directions, the first one repeated at the end.

    Returns
    -------
    ndarray, shape (points, 2)
        Coordinates (x, y) of the ends.

    Examples
    --------
    >>> from mlphys.physics.line_elements import schwarzschild
    >>> ends = ruler_ellipse(schwarzschild, [5.0, 0.0], length=1.0)
    >>> np.ptp(ends, axis=0).round(6) / 2  # 1/√1.25 along the radius, 1 across
    array([0.894427, 1.      ])
    """
    center = np.asarray(center, dtype=float)
    plane = metric(ds2, np.array([0.0, *center, 0.0]))[1:3, 1:3]
    values, vectors = np.linalg.eigh(plane)
    turn = np.linspace(0, 2 * np.pi, points)
    unit = np.stack([np.cos(turn), np.sin(turn)])
    return center + length * (vectors / np.sqrt(values) @ vectors.T @ unit).T


def polar_grid(inner: float, outer: float, *, circles: int = 60, spokes: int = 121) -> np.ndarray:
    """Return events on circles around the origin of the x-y plane, at t = 0.

    Parameters
    ----------
    inner, outer : float
        Smallest and largest radius; those between are spaced evenly in their logarithm.
    circles, spokes : int
        Number of radii, and of directions from 0 to 2π, the first one repeated at the end.

    Returns
    -------
    ndarray, shape (spokes, circles, 4)

    Examples
    --------
    >>> polar_grid(1.0, 4.0, circles=3, spokes=5)[1].round(12)
    array([[0., 0., 1., 0.],
           [0., 0., 2., 0.],
           [0., 0., 4., 0.]])
    """
    radius, turn = np.geomspace(inner, outer, circles), np.linspace(0, 2 * np.pi, spokes)
    events = np.zeros((spokes, circles, 4))
    events[..., 1] = np.cos(turn)[:, None] * radius
    events[..., 2] = np.sin(turn)[:, None] * radius
    return events


def verdicts(end: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Return what the last points of rays say about their fate, in the words of :func:`draw_fates`.

    Parameters
    ----------
    end : ndarray, shape (rays, 4)
        Last event on each ray; NaN where the integration broke down.
    start : ndarray, shape (4,)
        Where they started.

    Returns
    -------
    ndarray of str, shape (rays,)
        ``"escaped"`` where a ray is farther from the origin than it was, ``"captured"`` where it is
        not, ``"undefined"`` where it is nowhere.

    Examples
    --------
    >>> ends = np.array([[0, 9.0, 0, 0], [0, 1.0, 0, 0], [0, np.nan, 0, 0]])
    >>> verdicts(ends, np.array([0, 5.0, 0, 0])).tolist()
    ['escaped', 'captured', 'undefined']
    """
    distance = np.linalg.norm(end[..., 1:], axis=-1)
    fate = np.where(distance > np.linalg.norm(start[1:]), "escaped", "captured")
    return np.where(np.isnan(distance), "undefined", fate)


def draw_rulers(
    line_elements: Mapping[str, LineElement],
    *,
    radii: Sequence[float] = (1.4, 2.4, 3.4),
    length: float = 0.42,
) -> Figure:
    """Draw, for each line element, equal rulers laid out around points of three circles.

    Parameters
    ----------
    line_elements : mapping of str to callable
        Title of each panel and its line element.
    radii : sequence of float
        Radii of the circles.
    length : float
        Proper length of the rulers.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, panels = plt.subplots(1, len(line_elements), figsize=(6.4, 3.5), squeeze=False)
    for axes, (title, ds2) in zip(panels[0], line_elements.items(), strict=True):
        _prepare_plane(axes, title, half_width=4.0)
        for radius in radii:
            for angle in np.arange(0, 2 * np.pi, np.pi / 6):
                center = radius * np.array([np.cos(angle), np.sin(angle)])
                ends = ruler_ellipse(ds2, center, length=length)
                axes.fill(*ends.T, facecolor="#C9DAEC", edgecolor=COLORS["ours"], lw=1.2, ls="-")
    return figure


def draw_beams(
    beams: Mapping[str, tuple[np.ndarray, np.ndarray]], *, half_width: float = 12.0
) -> Figure:
    """Draw two beams past a hole for each line element, the second one mirrored on the first.

    The first beam travels along x, the second along y. The second is drawn with x and y exchanged,
    so that the two coincide where the line element treats both directions alike.

    Parameters
    ----------
    beams : mapping of str to pair of ndarray
        Title of each panel and its two beams, each of shape (points, rays, 4), events on the rays;
        NaN ends a ray.
    half_width : float
        Half the side of the square that is shown.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, panels = plt.subplots(1, len(beams), figsize=(6.4, 3.6), squeeze=False)
    for axes, (title, (first, second)) in zip(panels[0], beams.items(), strict=True):
        _prepare_plane(axes, title, half_width=half_width)
        one = axes.plot(first[..., 1], first[..., 2], color=COLORS["ours"], ls="-", lw=1.2)
        two = axes.plot(second[..., 2], second[..., 1], color=COLORS["rival"], ls="--", lw=1.8)
    figure.legend(
        [one[0], two[0]], ["beam along x", "beam along y, mirrored"],
        loc="outside upper center", ncols=2,
    )  # fmt: skip
    return figure


def draw_matter(x: np.ndarray, y: np.ndarray, density: np.ndarray) -> Figure:
    """Draw the density of matter that a metric demands, as bands between contours.

    Parameters
    ----------
    x, y : ndarray, shape (m, n)
        Points, on any grid outside the hole.
    density : ndarray, shape (m, n)
        8πG/c⁴ times the energy density, in units of 1/r_s².

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(figsize=(5.2, 4.2))
    levels = [-0.1, -0.03, -0.01, -0.003, 0.0, 0.003, 0.01, 0.03, 0.1]
    bands = axes.contourf(x, y, density, levels=levels, cmap="PuOr", extend="both")
    axes.contour(x, y, density, levels=levels, colors="black", linewidths=0.8)
    for sign, place in (("+", (2.6, 0)), ("+", (-2.6, 0)), ("−", (0, 2.6)), ("−", (0, -2.6))):
        axes.text(*place, sign, color="white", size=16, ha="center", va="center", weight="bold")
    axes.add_patch(Circle((0, 0), 1, facecolor="black"))
    axes.set(aspect="equal", **PLANE_LABELS)
    axes.grid(False)
    figure.colorbar(bands, ax=axes, ticks=levels, format="%g", label=r"$8\pi\rho_E\ r_s^2$")
    return figure


def draw_fates(slopes: np.ndarray, fates: Mapping[str, np.ndarray], *, critical: float) -> Figure:
    """Draw one strip for each method: which rays it calls captured, escaped or undefined.

    Parameters
    ----------
    slopes : ndarray, shape (rays,)
        Local slope of each ray at the observer, increasing.
    fates : mapping of str to ndarray of str, shape (rays,)
        Method and its verdicts, each ``"captured"``, ``"escaped"`` or ``"undefined"``.
    critical : float
        Exact slope that divides captured from escaped rays.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(figsize=(6.4, 0.9 + 0.55 * len(fates)))
    half = np.gradient(slopes) / 2
    looks = {"captured": "black", "escaped": "#BBD3EA", "undefined": COLORS["rival"]}
    for row, verdicts in enumerate(fates.values()):
        for fate, color in looks.items():
            mine = np.asarray(verdicts) == fate
            axes.bar(slopes[mine], 0.8, width=2 * half[mine], bottom=row - 0.4, color=color, lw=0)
    axes.axvline(critical, color=COLORS["fail"], ls="--")
    axes.set_yticks(range(len(fates)), list(fates))
    axes.invert_yaxis()
    axes.set(xlabel="slope of the ray in the observer's frame", xlim=(slopes[0], slopes[-1]))
    axes.grid(False)
    handles = [Rectangle((0, 0), 1, 1, color=color) for color in looks.values()]
    figure.legend(handles, list(looks), loc="outside upper center", ncols=3)
    return figure


def draw_orbits(orbits: Mapping[str, np.ndarray], *, half_width: float) -> Figure:
    """Draw orbits around the hole in one plane.

    Parameters
    ----------
    orbits : mapping of str to ndarray
        Label and events of each orbit, shape (points, 4).
    half_width : float
        Half the side of the square that is shown.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(figsize=(5.0, 4.6))
    _prepare_plane(axes, "", half_width=half_width)
    names = ("ours", "rival", "accent")
    for name, (label, events) in zip(names, orbits.items(), strict=False):
        axes.plot(events[:, 1], events[:, 2], color=COLORS[name], ls=STYLES[name], label=label)
    axes.plot(*next(iter(orbits.values()))[0, 1:3], "o", color="black")
    axes.legend(loc="upper left", frameon=True, framealpha=1.0)
    return figure


def draw_precession(
    p: np.ndarray, measured: np.ndarray, *, exact: np.ndarray, weak: np.ndarray
) -> Figure:
    """Draw the precession of orbits over its weak-field value.

    Parameters
    ----------
    p : ndarray
        Semi-latus rectum in units of M.
    measured, exact, weak : ndarray
        Precession per orbit in radians: traced, by the closed form, by 6π/p.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = plt.subplots(figsize=(6.4, 3.4))
    axes.axhline(1, color=COLORS["rival"], ls=STYLES["rival"], label="weak field, 6πM/p")
    axes.plot(p, exact / weak, color=COLORS["exact"], ls=STYLES["exact"], label="closed form")
    axes.plot(p, measured / weak, "o", color=COLORS["ours"], label="traced from ds²")
    axes.set(
        xscale="log",
        xlabel=r"semi-latus rectum $p\ /\ M$",
        ylabel="precession / weak-field value",
    )
    axes.legend()
    return figure


def _prepare_plane(axes: Axes, title: str, *, half_width: float) -> None:
    """Set up the x-y plane with the hole in its middle."""
    axes.add_patch(Circle((0, 0), 1, facecolor="black"))
    limits = (-half_width, half_width)
    axes.set(aspect="equal", xlim=limits, ylim=limits, title=title, **PLANE_LABELS)
    axes.set_anchor("C")
