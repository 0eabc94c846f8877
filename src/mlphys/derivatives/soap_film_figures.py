"""The figures of the chapter *Soap films*.

Each ``draw_`` function takes arrays that the chapter computed and returns the figure. Lengths are
in centimeters, areas in square centimeters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from mlphys.derivatives.film_view import FilmView
from mlphys.plotting import COLORS, STYLES, new_axes

__all__ = [
    "draw_branches",
    "draw_convergence",
    "draw_descent",
    "draw_films",
    "draw_needles",
    "draw_ridge",
    "draw_to_turn",
]

LOOKS = [("ours", "o"), ("rival", "s"), ("accent", "^"), ("exact", "v"), ("fail", "D")]
TINY = 1e-17  # what a logarithmic axis shows for an error of zero


def draw_needles(short: np.ndarray, errors: Mapping[str, np.ndarray]) -> Figure:
    """Draw relative errors of areas against the height of the triangle.

    Parameters
    ----------
    short : ndarray, shape (n,)
        Heights, relative to the base.
    errors : mapping of str to ndarray of shape (n,)
        Relative errors by formula; NaN counts as all digits lost.

    Examples
    --------
    >>> figure = draw_needles(np.array([1e-3, 1e-2]), {"Heron": np.array([1e-9, np.nan])})
    >>> plt.close(figure)
    """
    axes = new_axes("height / base", "relative error of the area", xscale="log", yscale="log")
    for (name, error), (look, marker) in zip(errors.items(), LOOKS, strict=False):
        shown = np.clip(np.nan_to_num(error, nan=1.0), TINY, 1.0)
        axes.plot(short, shown, marker, color=COLORS[look], label=name, clip_on=False)
    eps = np.finfo(float).eps / 2
    for power in (1, 2):
        bound = np.minimum(eps / short**power, 1)
        axes.plot(short, bound, color=COLORS["neutral"], linestyle="--" if power == 2 else ":")
        at = len(short) // 3
        axes.annotate(
            rf"$\epsilon/h{'^2' if power == 2 else ''}$",
            (short[at], bound[at]),
            xytext=(6, 4),
            textcoords="offset points",
        )
    axes.legend(loc="upper right")
    return axes.figure


def draw_films(
    films: Mapping[str, Any], *, elevation: float = 18.0, azimuth: float = -60.0
) -> Figure:
    """Draw films side by side in perspective.

    Parameters
    ----------
    films : mapping of str to ndarray, shape (3, polygons, angles)
        Vertices by title; the first and last polygon are the rings. A tuple of such arrays is
        drawn as one film in several parts.
    elevation, azimuth : float
        Direction of view in degrees.

    Examples
    --------
    >>> from mlphys.derivatives.soap_film import make_film, points, start
    >>> film = make_film(3, 8)
    >>> figure = draw_films({"tube": points(film, start(film))})
    >>> len(figure.axes)
    1
    >>> plt.close(figure)
    """
    columns = min(len(films), 2)
    rows = -(-len(films) // columns)
    figure = plt.figure(figsize=(6.4, 2.5 * rows), layout="none")
    figure.subplots_adjust(left=0, right=1, bottom=0, top=1 - 0.15 / rows, wspace=0, hspace=0.05)
    parts = {title: film if isinstance(film, tuple) else (film,) for title, film in films.items()}
    flat = {
        title: np.concatenate([part.reshape(3, -1) for part in each], axis=1)
        for title, each in parts.items()
    }
    middles = {title: (every.max(axis=1) + every.min(axis=1)) / 2 for title, every in flat.items()}
    reach = np.max([np.ptp(every, axis=1) for every in flat.values()], axis=0) / 2
    reach[:2] = reach[:2].max()
    for place, (title, each) in enumerate(parts.items(), start=1):
        axes: Any = figure.add_subplot(rows, columns, place, projection="3d")
        for vertices in each:
            closed = np.concatenate([vertices, vertices[..., :1]], axis=-1)
            axes.plot_surface(
                *closed,
                rstride=1,
                cstride=1,
                color="#9DC3E6",
                edgecolor=COLORS["ours"],
                linewidth=0.25,
            )
            for ring in (0, -1):
                axes.plot(*closed[:, ring], color=COLORS["exact"], linestyle="-", linewidth=1.6)
        low, high = middles[title] - reach, middles[title] + reach
        axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), zlim=(low[2], high[2]))
        axes.set_box_aspect(tuple(reach), zoom=1.25)
        axes.view_init(elev=elevation, azim=azimuth)
        axes.set_axis_off()
        axes.set_title(title, fontsize=10)
    return figure


def draw_to_turn(films: Mapping[str, np.ndarray]) -> FilmView:
    """Return films that the reader can turn on a web page; on paper they are those of draw_films.

    Parameters are those of :func:`draw_films`.

    Examples
    --------
    >>> from mlphys.derivatives.soap_film import make_film, points, start
    >>> film = make_film(3, 8)
    >>> draw_to_turn({"tube": points(film, start(film))}).still.alt
    'Meshed surfaces between two black rings: tube.'
    """
    still = draw_films(films)
    view = FilmView(
        films, still=still, alt=f"Meshed surfaces between two black rings: {', '.join(films)}."
    )
    plt.close(still)
    return view


def draw_descent(histories: Mapping[str, np.ndarray], minimum: float) -> Figure:
    """Draw how far the area is above its minimum, against evaluations so far.

    Parameters
    ----------
    histories : mapping of str to ndarray, shape (steps, 2)
        Evaluations and areas, as in :class:`~mlphys.derivatives.minimize.Result`.
    minimum : float
        Area of the minimum.

    Examples
    --------
    >>> figure = draw_descent({"BFGS": np.array([[1, 3.0], [2, 2.0]])}, minimum=1.0)
    >>> plt.close(figure)
    """
    axes = new_axes(
        "evaluations of the area", "area above the minimum / cm²", xscale="log", yscale="log"
    )
    for (name, history), (look, marker) in zip(histories.items(), LOOKS, strict=False):
        axes.plot(
            history[:, 0],
            np.maximum(history[:, 1] - minimum, 1e-12),
            marker=marker,
            markevery=max(1, len(history) // 12),
            markersize=4,
            color=COLORS[look],
            linestyle=STYLES[look],
            label=name,
        )
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    axes.set_ylim(1e-10, None)
    return axes.figure


def draw_convergence(
    fineness: np.ndarray, errors: np.ndarray, extrapolated: tuple[np.ndarray, np.ndarray]
) -> Figure:
    """Draw errors of the minimal area against the fineness of the mesh.

    Parameters
    ----------
    fineness : ndarray, shape (n,)
        Vertices on a polygon.
    errors : ndarray, shape (n,)
        Absolute values of the relative errors of the area.
    extrapolated : tuple of ndarray
        The same for values extrapolated from two meshes.

    Examples
    --------
    >>> n = np.array([10.0, 20.0])
    >>> plt.close(draw_convergence(n, 1 / n**2, (n[1:], 1 / n[1:] ** 4)))
    """
    axes = new_axes(
        "vertices on a polygon", "relative error of the area", xscale="log", yscale="log"
    )
    axes.plot(fineness, errors, "o", color=COLORS["ours"], label="minimum on the mesh")
    axes.plot(*extrapolated, "^", color=COLORS["accent"], label="extrapolated from two meshes")
    for (x, y), power in (((fineness, errors), 2), (extrapolated, 4)):
        axes.plot(x, y[0] * (x[0] / x) ** power, color=COLORS["neutral"], linestyle="--")
        axes.annotate(
            f"slope −{power}", (x[-1], y[0] * (x[0] / x[-1]) ** power), xytext=(-46, 24),
            textcoords="offset points",
        )  # fmt: skip
    axes.set_xticks(fineness, [f"{n:g}" for n in fineness], minor=False)
    axes.set_xticks([], minor=True)
    axes.legend(loc="lower left")
    return axes.figure


def draw_branches(
    curves: Mapping[str, tuple[np.ndarray, np.ndarray]],
    held: tuple[Any, Any],
    broken: Any,
    lines: Mapping[str, float],
) -> Figure:
    """Draw the necks of catenoids against the distance of the rings, and what the minimizer found.

    Parameters
    ----------
    curves : mapping of str to (distances, necks)
        The first is drawn solid, the second dashed.
    held : tuple of array_like
        Distances and necks of films that settled.
    broken : array_like
        Distances at which the film broke.
    lines : mapping of str to float
        Distances to mark.

    Examples
    --------
    >>> d = np.array([1.0, 2.0])
    >>> figure = draw_branches({"stable": (d, d)}, (d, d), [3.0], {"critical": 2.5})
    >>> plt.close(figure)
    """
    axes = new_axes("distance of the rings / cm", "radius of the neck / cm")
    for (name, (distance, neck)), style in zip(curves.items(), ("-", "--"), strict=False):
        axes.plot(distance, neck, color=COLORS["exact"], linestyle=style, label=name)
    axes.plot(*held, "o", color=COLORS["ours"], label="minimizer: film holds", clip_on=False)
    axes.plot(
        broken, np.zeros(len(broken)), "X", color=COLORS["fail"], markersize=7, clip_on=False,
        label="minimizer: film breaks",
    )  # fmt: skip
    for name, distance in lines.items():
        axes.axvline(distance, color=COLORS["neutral"], linestyle=":")
        axes.annotate(
            name, (distance, 0.5), xycoords=("data", "axes fraction"), rotation=90, va="center",
            ha="left", fontsize=9, xytext=(3, 0), textcoords="offset points",
        )  # fmt: skip
    axes.set_ylim(0, 15)
    axes.legend(loc="center left", bbox_to_anchor=(0.02, 0.45))
    return axes.figure


def draw_ridge(
    neck: np.ndarray, area: np.ndarray, marks: Mapping[str, tuple[float, float]], discs: float
) -> Figure:
    """Draw the area along a path of films against the radius of their necks.

    Parameters
    ----------
    neck, area : ndarray, shape (n,)
        Along the path.
    marks : mapping of str to (neck, area)
        Films to point out.
    discs : float
        Area of two discs, drawn as a line.

    Examples
    --------
    >>> r = np.linspace(1, 2, 5)
    >>> plt.close(draw_ridge(r, r**2, {"low": (1.0, 1.0), "high": (2.0, 4.0)}, discs=0.5))
    """
    figure, (wide, close) = plt.subplots(1, 2, figsize=(6.4, 3.2))
    for axes in (wide, close):
        axes.plot(neck, area, color=COLORS["ours"], linestyle="-")
        axes.set_xlabel("radius of the neck / cm")
        for (name, place), marker in zip(marks.items(), "os", strict=False):
            axes.plot(*place, marker, color=COLORS["exact"])
            if axes is close:
                axes.annotate(name, place, xytext=(0, 9), textcoords="offset points", ha="center")
    wide.set_ylabel("area / cm²")
    wide.axhline(discs, color=COLORS["rival"], linestyle="--")
    wide.annotate(
        "two discs", (neck.max(), discs), xytext=(-4, 5), textcoords="offset points", ha="right"
    )
    wide.set_ylim(discs - 40, None)
    places = np.array(list(marks.values()))
    (left, low), (right, high) = places.min(axis=0), places.max(axis=0)
    gap = high - low
    close.set(xlim=(left - 2, right + 2), ylim=(low - 0.5 * gap, high + 0.7 * gap))
    wide.set_title("the whole way")
    close.set_title("the ridge between them")
    return figure
