"""A soap film between two rings: a mesh, its area, its gradient, and when it breaks.

The film is a stack of closed polygons. Vertex (i, j) stands on polygon i = 0 … rows + 1 at the
angle ``2πj/angles``; polygons 0 and rows + 1 are the rings and are given, the others are free. A
free vertex moves *radially*, away from or toward the axis that joins the centers of the rings; its
radius is an unknown, its height and angle are not. Each mesh cell is cut into two triangles along
the diagonal from (i, j+1) to (i+1, j).

Arrays of radii have the shape ``(rows, angles)``; points are stored as ``(3, rows + 2, angles)``,
component first. Lengths are in one unit (the chapter uses centimeters); "area" is that of one side
of the film, so a film of surface tension γ has the energy 2γ·area. Chapter: *Soap films*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

__all__ = [
    "Film",
    "FilmBreaks",
    "Forces",
    "area_and_gradient",
    "cells",
    "cross",
    "ellipse",
    "film_area",
    "forces",
    "is_open",
    "make_film",
    "points",
    "start",
]


class FilmBreaks(ArithmeticError):
    """The film has no minimum to settle in: its neck closes and it falls apart into two."""


@dataclass(frozen=True)
class Film:
    """The rings of a film and the fineness of its mesh.

    Attributes
    ----------
    ring_radius, ring_height : ndarray, shape (2, angles)
        Distance of each ring vertex from its ring's center, and its height.
    ring_center : ndarray, shape (2, 2)
        Horizontal place (x, y) of the centers.
    rows : int
        Number of free polygons.
    """

    ring_radius: np.ndarray
    ring_height: np.ndarray
    ring_center: np.ndarray
    rows: int

    @property
    def shape(self) -> tuple[int, int]:
        """Shape ``(rows, angles)`` of the array of unknown radii."""
        return self.rows, self.ring_radius.shape[1]

    @property
    def angle(self) -> np.ndarray:
        """Angles of the vertices on each polygon, shape ``(angles,)``."""
        return 2 * np.pi * np.arange(self.shape[1]) / self.shape[1]


class Forces(NamedTuple):
    """How the area depends on everything that a film is made of.

    Attributes
    ----------
    area : float
    radius : ndarray, shape (rows, angles)
        By the radii of the free vertices; zero in equilibrium.
    ring_radius, ring_height : ndarray, shape (2, angles)
        By the radius and the height of each ring vertex. Free vertices keep their relative
        place between the rings, and their share is included. Times 2γ this is the force with
        which the film resists.
    ring_center : ndarray, shape (2, 2)
        By the centers of the rings.
    """

    area: float
    radius: np.ndarray
    ring_radius: np.ndarray
    ring_height: np.ndarray
    ring_center: np.ndarray


def make_film(
    rows: int,
    angles: int,
    *,
    radius: Any = 14.0,
    height: Any = (0.0, 18.0),
    center: Any = ((0.0, 0.0), (0.0, 0.0)),
) -> Film:
    """Return a film between two rings.

    Parameters
    ----------
    rows, angles : int
        Number of free polygons (at least 1) and of vertices on each (at least 3).
    radius : array_like
        Radius of both rings, a pair for the lower and the upper ring, or shape (2, angles).
    height : array_like
        Heights of the lower and the upper ring, a pair or shape (2, angles).
    center : array_like, shape (2, 2)
        Horizontal places of the centers of the lower and the upper ring.

    Returns
    -------
    Film

    Raises
    ------
    ValueError
        If the mesh is too small, a ring has no positive radius, or the upper ring is not above
        the lower one.

    Examples
    --------
    >>> film = make_film(10, 20)
    >>> film.shape, film.ring_radius.mean(axis=1), film.ring_height.mean(axis=1)
    ((10, 20), array([14., 14.]), array([ 0., 18.]))
    """
    if rows < 1 or angles < 3:
        raise ValueError(
            f"make_film: expected at least 1 row and 3 angles; got {rows} and {angles}"
        )
    radii, heights = _of_rings("radius", radius, angles), _of_rings("height", height, angles)
    if not np.all(radii > 0):
        raise ValueError(f"make_film: expected positive ring radii; got {radii.min()} among them")
    if not np.all(heights[1] > heights[0]):
        raise ValueError(
            "make_film: expected the second ring above the first everywhere; got "
            f"{(heights[1] - heights[0]).min()} as the smallest distance. Exchange the rings"
        )
    centers = np.broadcast_to(np.asarray(center, dtype=float), (2, 2))
    return Film(radii, heights, centers, rows)


def _of_rings(name: str, value: Any, angles: int) -> np.ndarray:
    """Return a quantity of the rings as an array of shape (2, angles)."""
    array = np.asarray(value, dtype=float)
    array = array[:, None] if array.shape == (2,) else array
    try:
        return np.broadcast_to(array, (2, angles))
    except ValueError:
        raise ValueError(
            f"make_film: expected {name} as one number, a pair, or an array of shape "
            f"(2, {angles}); got shape {array.shape}"
        ) from None


def ellipse(angles: int, *, half_axes: tuple[float, float], turn: float = 0.0) -> np.ndarray:
    """Return the radii of an elliptical ring, seen from its center.

    Parameters
    ----------
    angles : int
        Number of vertices, at equal angles.
    half_axes : tuple of float
        Half axes along x and along y, before the turn.
    turn : float
        Angle by which the ellipse is turned, in radians.

    Returns
    -------
    ndarray, shape (angles,)

    Examples
    --------
    >>> ellipse(4, half_axes=(3.0, 2.0))
    array([3., 2., 3., 2.])
    """
    angle = 2 * np.pi * np.arange(angles) / angles - turn
    along, across = half_axes
    return 1 / np.hypot(np.cos(angle) / along, np.sin(angle) / across)


def start(film: Film, *, noise: float = 0.0, rng: np.random.Generator | None = None) -> np.ndarray:
    """Return straight walls between the rings, shape (rows, angles), for an optimizer to begin at.

    Parameters
    ----------
    film : Film
    noise : float
        Standard deviation of normal noise added to each radius.
    rng : numpy.random.Generator, optional
        Needed where there is noise.

    Raises
    ------
    ValueError
        If noise is asked for without a generator.

    Examples
    --------
    >>> start(make_film(2, 3))
    array([[14., 14., 14.],
           [14., 14., 14.]])
    """
    part = _parts(film)[1:-1]
    walls = (1 - part) * film.ring_radius[0] + part * film.ring_radius[1]
    if noise == 0:
        return walls
    if rng is None:
        raise ValueError(
            "start: expected a generator for the noise; got None. Pass rng=np.random.default_rng(1)"
        )
    return walls + noise * rng.normal(size=film.shape)


def is_open(film: Film, radii: Any, *, pinch: float = 0.25) -> bool:
    """Whether the neck of a film is still open.

    A neck counts as closed where the mean radius of a polygon has fallen below ``pinch`` times the
    mean radius of the smaller ring. Between equal coaxial rings no stable film has a neck below
    0.5524 ring radii, so that a film this thin is on its way to break. For other rings the limit
    is a convention.

    Examples
    --------
    >>> film = make_film(10, 20)
    >>> is_open(film, np.full(film.shape, 14.0)), is_open(film, np.full(film.shape, 1.0))
    (True, False)
    """
    smaller = film.ring_radius.mean(axis=1).min()
    neck = np.asarray(radii).reshape(film.shape).mean(axis=1).min()
    return bool(neck > pinch * smaller)


def points(film: Film, radii: Any) -> np.ndarray:
    """Return the vertices of a film, rings included.

    Parameters
    ----------
    film : Film
    radii : array_like, shape (rows, angles) or (rows * angles,)

    Returns
    -------
    ndarray, shape (3, rows + 2, angles)

    Raises
    ------
    ValueError
        If there are not as many radii as free vertices.

    Examples
    --------
    >>> film = make_film(1, 4, radius=2.0, height=(0.0, 1.0))
    >>> points(film, [1.0, 1.0, 1.0, 1.0])[:, :, 0]  # x, y, z of the three vertices at angle 0
    array([[2. , 1. , 2. ],
           [0. , 0. , 0. ],
           [0. , 0.5, 1. ]])
    """
    free = _radii(film, radii)
    part = _parts(film)
    r = np.concatenate([film.ring_radius[:1], free, film.ring_radius[1:]])
    x, y = ((1 - part) * film.ring_center[0] + part * film.ring_center[1]).T[..., None]
    z = (1 - part) * film.ring_height[0] + part * film.ring_height[1]
    return np.stack([x + r * np.cos(film.angle), y + r * np.sin(film.angle), z])


def film_area(film: Film, radii: Any) -> float:
    """Return the area of the film.

    Parameters are those of :func:`points`.

    Examples
    --------
    >>> film = make_film(1, 4, radius=np.sqrt(2), height=(0.0, 3.0))  # a square tube, sides of 2
    >>> round(film_area(film, start(film)), 12)
    24.0
    """
    normals = (np.sqrt(x * x + y * y + z * z) for x, y, z in _normals(points(film, radii)))
    return sum(float(np.sum(length)) for length in normals) / 2


def area_and_gradient(film: Film, radii: Any) -> tuple[float, np.ndarray]:
    """Return the area and its derivatives by the free radii.

    Parameters are those of :func:`points`.

    Returns
    -------
    tuple
        The area, and an array of shape (rows, angles). Where a triangle has no area the
        derivatives are NaN, for the area has a kink there.

    Examples
    --------
    >>> film = make_film(1, 4, radius=np.sqrt(2), height=(0.0, 3.0))
    >>> area, gradient = area_and_gradient(film, start(film))
    >>> round(area, 12), gradient.round(6)  # the waist of the tube wants to shrink
    (24.0, array([[2.12132, 2.12132, 2.12132, 2.12132]]))
    """
    area, by_point = _area_and_pulls(points(film, radii))
    cos, sin = np.cos(film.angle), np.sin(film.angle)
    return area, by_point[0, 1:-1] * cos + by_point[1, 1:-1] * sin


def forces(film: Film, radii: Any) -> Forces:
    """Return the area and its derivatives by free radii, ring radii, ring heights and centers.

    Parameters are those of :func:`points`.

    Examples
    --------
    >>> film = make_film(10, 20)
    >>> pull = forces(film, start(film)).ring_height.sum(axis=1)  # a tube: its circumference
    >>> bool(np.allclose(pull, [-40 * 14 * np.sin(np.pi / 20), 40 * 14 * np.sin(np.pi / 20)]))
    True
    """
    area, by_point = _area_and_pulls(points(film, radii))
    cos, sin = np.cos(film.angle), np.sin(film.angle)
    by_radius = by_point[0] * cos + by_point[1] * sin
    part = _parts(film)
    share = np.stack([1 - part, part])  # of each ring in the place of each polygon
    by_height = np.sum(share * by_point[2], axis=1)
    by_center = np.sum(share * by_point[:2, None].sum(axis=-1, keepdims=True), axis=(2, 3)).T
    return Forces(area, by_radius[1:-1], by_radius[[0, -1]], by_height, by_center)


def _radii(film: Film, radii: Any) -> np.ndarray:
    array = np.asarray(radii, dtype=float)
    if array.size != film.rows * film.shape[1]:
        raise ValueError(
            f"points: expected radii of shape {film.shape}; got {array.shape}. "
            "The rings are not among the unknowns"
        )
    return array.reshape(film.shape)


def _parts(film: Film) -> np.ndarray:
    """Return how far each polygon is on the way from ring to ring, shape (rows + 2, 1)."""
    return np.linspace(0, 1, film.rows + 2)[:, None]


def cells(vertices: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the corners A (i, j), B (i, j+1), C (i+1, j), D (i+1, j+1) of all mesh cells.

    Examples
    --------
    >>> a, b, c, d = cells(points(make_film(2, 5), start(make_film(2, 5))))
    >>> a.shape
    (3, 3, 5)
    """
    around = np.concatenate([vertices, vertices[..., :1]], axis=-1)
    low, high = around[:, :-1], around[:, 1:]
    return low[..., :-1], low[..., 1:], high[..., :-1], high[..., 1:]


def cross(u: Any, v: Any) -> tuple[Any, Any, Any]:
    """Return the cross product of vectors whose components come first.

    Written out, because ``np.cross`` moves axes and copies, which costs more than the product.

    Examples
    --------
    >>> cross((1, 0, 0), (0, 1, 0))
    (0, 0, 1)
    """
    return u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]


def _normals(vertices: np.ndarray) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return the normals of both triangles of each cell; their length is twice the area."""
    a, b, c, d = cells(vertices)
    return [cross(b - a, c - a), cross(c - d, b - d)]


def _area_and_pulls(vertices: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the area and its derivatives by all vertices, shape (3, rows + 2, angles)."""
    a, b, c, d = cells(vertices)
    total = 0.0
    by_point = np.zeros((*vertices.shape[:2], vertices.shape[2] + 1))
    low, high = by_point[:, :-1], by_point[:, 1:]
    views = {"a": low[..., :-1], "b": low[..., 1:], "c": high[..., :-1], "d": high[..., 1:]}
    for names, (p, q, t) in {"abc": (a, b, c), "dcb": (d, c, b)}.items():
        first, second = q - p, t - p
        normal = cross(first, second)
        length = np.sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2)
        total += float(np.sum(length)) / 2
        with np.errstate(divide="ignore", invalid="ignore"):
            n = [component * (0.5 / length) for component in normal]
        by_q, by_t = cross(second, n), cross(n, first)  # n × (p − t), n × (q − p)
        for axis in range(3):
            views[names[0]][axis] -= by_q[axis] + by_t[axis]
            views[names[1]][axis] += by_q[axis]
            views[names[2]][axis] += by_t[axis]
    by_point[..., 0] += by_point[..., -1]  # the vertex that closes a polygon is its first
    return total, by_point[..., :-1]
