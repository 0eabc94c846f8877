"""The film of least area between its rings, or the news that there is none.

Three outer loops around :func:`~mlphys.derivatives.minimize.minimize`: :func:`relax` lets go of a
film and reports if it breaks; :func:`nested` starts on a coarse mesh and refines; :func:`settle`
finds films where the area is stationary but not least, by Newton's method alone. Chapter: *Soap
films*.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.sparse.linalg import splu

from mlphys.derivatives.film_hessian import film_hessian
from mlphys.derivatives.line_search import Objective
from mlphys.derivatives.minimize import Result, minimize
from mlphys.derivatives.soap_film import Film, FilmBreaks, area_and_gradient, is_open, start

__all__ = ["nested", "objective", "refine", "relax", "settle", "with_distance"]


def objective(film: Film) -> Objective:
    """Return area and gradient as a function of a flat vector of radii.

    Where a radius is not positive the area is infinite: the film would pass through its axis.

    Examples
    --------
    >>> from mlphys.derivatives.soap_film import make_film
    >>> area = objective(make_film(2, 4))
    >>> area(np.full(8, -1.0))[0]
    inf
    """

    def function(radii: np.ndarray) -> tuple[float, np.ndarray]:
        if not np.all(radii > 0):
            return np.inf, np.full_like(radii, np.nan)
        area, gradient = area_and_gradient(film, radii)
        return area, gradient.ravel()

    return function


def relax(
    film: Film,
    radii: Any = None,
    *,
    method: str = "newton_cg",
    gradient_tolerance: float = 1e-8,
    iterations: int = 2000,
    stop: Callable[[np.ndarray, float, np.ndarray], str | None] | None = None,
) -> Result:
    """Let go of a film, and return the minimum of the area that it settles in.

    Parameters
    ----------
    film : Film
    radii : array_like, optional
        Where to start; straight walls by default.
    method, gradient_tolerance, iterations, stop
        As for :func:`~mlphys.derivatives.minimize.minimize`.

    Returns
    -------
    Result
        Its ``x`` is flat; ``x.reshape(film.shape)`` are the radii.

    Raises
    ------
    FilmBreaks
        If the neck closes on the way: these rings hold no film, or not from this start.
    ValueError
        If a radius of the start is not positive, or the method is unknown.

    Examples
    --------
    >>> from mlphys.derivatives.soap_film import make_film
    >>> f"{relax(make_film(10, 20)).value:.9f}"
    '1437.114138168'
    """
    begin = start(film) if radii is None else np.asarray(radii, dtype=float)

    def torn(x: np.ndarray, value: float, gradient: np.ndarray) -> str | None:
        if not is_open(film, x):
            return "broken"
        return stop(x, value, gradient) if stop else None

    result = minimize(
        objective(film),
        begin.ravel(),
        method=method,
        hessian=lambda x: film_hessian(film, x),
        gradient_tolerance=gradient_tolerance,
        iterations=iterations,
        stop=torn,
    )
    if not is_open(film, result.x):
        neck = result.x.reshape(film.shape).mean(axis=1).min()
        gap = (film.ring_height[1] - film.ring_height[0]).mean()
        raise FilmBreaks(
            f"relax: expected a film that settles; its neck closed to {neck:.3g} after "
            f"{result.iterations} steps, and the film breaks. Rings of mean radii "
            f"{film.ring_radius.mean(axis=1).round(3).tolist()} at the distance {gap:.6g} hold no "
            "film that can be reached from this start: bring them closer, or start nearer"
        )
    return result


def refine(radii: Any, coarse: Film, fine: Film) -> np.ndarray:
    """Return the radii of a coarse film at the vertices of a fine one, by cubic splines.

    Parameters
    ----------
    radii : array_like, shape of ``coarse.shape``
    coarse, fine : Film
        Films between the same rings.

    Returns
    -------
    ndarray, shape of ``fine.shape``

    Examples
    --------
    >>> from mlphys.derivatives.soap_film import make_film
    >>> coarse, fine = make_film(3, 6), make_film(7, 12)
    >>> refine(start(coarse), coarse, fine).shape
    (7, 12)
    """
    free = np.asarray(radii, dtype=float).reshape(coarse.shape)
    rows = np.concatenate([coarse.ring_radius[:1], free, coarse.ring_radius[1:]])
    around = np.concatenate([rows, rows[:, :1]], axis=1)
    spline = CubicSpline(np.append(coarse.angle, 2 * np.pi), around, axis=1, bc_type="periodic")
    columns = spline(fine.angle)
    columns[[0, -1]] = fine.ring_radius
    part = np.linspace(0, 1, coarse.rows + 2)
    return CubicSpline(part, columns)(np.linspace(0, 1, fine.rows + 2))[1:-1]


def nested(films: Sequence[Film], *, gradient_tolerance: float = 1e-8) -> list[Result]:
    """Return the minima of films from coarse to fine, each one the start of the next.

    Parameters
    ----------
    films : sequence of Film
        Between the same rings, the coarsest first.
    gradient_tolerance : float
        For the last film; the others are relaxed only to the accuracy of their mesh.

    Raises
    ------
    ValueError
        If there is no film.
    FilmBreaks
        If one of them breaks.

    Examples
    --------
    >>> from mlphys.derivatives.soap_film import make_film
    >>> results = nested([make_film(10, 20), make_film(20, 40)])
    >>> [result.iterations for result in results][-1] <= 4
    True
    """
    if not films:
        raise ValueError("nested: expected at least one film; got none")
    results: list[Result] = []
    for film, following in zip(films, [*films[1:], None], strict=True):
        begin = refine(results[-1].x, films[len(results) - 1], film) if results else None
        tolerance = gradient_tolerance if following is None else 1e-6
        results.append(relax(film, begin, gradient_tolerance=tolerance))
    return results


def settle(film: Film, radii: Any, *, gradient_tolerance: float = 1e-10) -> np.ndarray:
    """Return a stationary film near a start by Newton's method, whether it is a minimum or not.

    Parameters
    ----------
    film : Film
    radii : array_like, shape (rows, angles)
        A start close enough: Newton's steps are taken whole, up the hill as well as down.
    gradient_tolerance : float
        Done when no component of the gradient is larger.

    Returns
    -------
    ndarray, shape (rows, angles)

    Raises
    ------
    FilmBreaks
        If it has not settled after 30 steps: no stationary film is near.

    Examples
    --------
    >>> from mlphys.derivatives.soap_film import make_film
    >>> film = make_film(10, 20)
    >>> unstable = 6.147 * np.cosh(np.linspace(-9, 9, 12)[1:-1, None] / 6.147)
    >>> f"{settle(film, unstable + np.zeros(film.shape)).min():.2f}"
    '6.47'
    """
    x = np.array(radii, dtype=float)
    for _ in range(30):
        _, gradient = area_and_gradient(film, x)
        if not np.all(np.isfinite(gradient)):
            break
        if np.abs(gradient).max() <= gradient_tolerance:
            return x
        x -= splu(film_hessian(film, x).tocsc()).solve(gradient.ravel()).reshape(film.shape)
    raise FilmBreaks(
        "settle: expected a stationary film near the start; Newton's method found none in 30 "
        "steps. Start closer to one, or check that these rings hold a film"
    )


def with_distance(film: Film, distance: float) -> Film:
    """Return the film with its upper ring at another mean height above the lower one.

    Examples
    --------
    >>> from mlphys.derivatives.soap_film import make_film
    >>> with_distance(make_film(2, 3), 10.0).ring_height[:, 0]
    array([ 0., 10.])
    """
    gap = (film.ring_height[1] - film.ring_height[0]).mean()
    height = film.ring_height + np.array([[0.0], [distance - gap]])
    return replace(film, ring_height=height)
