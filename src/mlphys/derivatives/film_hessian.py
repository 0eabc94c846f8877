"""The second derivatives of a film's area by its free radii, as a sparse matrix.

Each triangle with normal N (its length is twice the area) and unit normal n gives a 3×3 block.
N is linear in each corner, so that with ``N_p`` its derivative by the radius of corner p

    ∂²S/∂r_p∂r_q = [N_p·N_q − (n·N_p)(n·N_q)] / 2|N| + n·N_pq / 2 .

A corner moves along ``e_p = (cos, sin, 0)``; with w the opposite side, ``N_p = e_p × w`` has one
component ``−w_z`` along the tangent and one, ``w·tangent``, along the axis.

A vertex meets six others: those before and behind it, those above and below, and two across the
diagonals. The blocks are therefore summed into four arrays of couplings on the mesh (itself, next
on the polygon, next above, across), without ever forming a list of triangles. Chapter: *Soap
films*.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from mlphys.derivatives.soap_film import Film, cells, cross, points

__all__ = ["Stencil", "film_hessian", "stencil", "triangle_block"]

Corner = tuple[np.ndarray, np.ndarray, np.ndarray]  # along axis, along tangent, angle


class Stencil(NamedTuple):
    """The distinct couplings of each vertex (i, j), rings included, shape (rows + 2, angles).

    Attributes
    ----------
    own : ndarray
        With itself.
    beside : ndarray
        With (i, j+1).
    above : ndarray
        With (i+1, j); the last polygon has none.
    across : ndarray
        Of (i, j+1) with (i+1, j), filed under (i, j); the last polygon has none.
    """

    own: np.ndarray
    beside: np.ndarray
    above: np.ndarray
    across: np.ndarray


def film_hessian(film: Film, radii: Any) -> csr_array:
    """Return the second derivatives of :func:`~mlphys.derivatives.soap_film.film_area`.

    Parameters
    ----------
    film : Film
    radii : array_like, shape (rows, angles) or (rows * angles,)

    Returns
    -------
    scipy.sparse.csr_array, shape (rows * angles, rows * angles)
        Symmetric, at most seven entries in a row.

    Examples
    --------
    >>> from mlphys.derivatives.soap_film import make_film, start
    >>> film = make_film(10, 20)
    >>> matrix = film_hessian(film, start(film))
    >>> matrix.shape, matrix.nnz  # 8 rows with seven neighbors, 2 rows at the rings with five
    ((200, 200), 1320)
    """
    s = stencil(film, radii)
    before = lambda coupling: np.roll(coupling, 1, axis=1)
    inner = slice(1, -1)
    entries = [  # in the order of _pattern
        s.above[:-1],
        s.across[:-1],
        before(s.beside)[inner],
        s.own[inner],
        s.beside[inner],
        before(s.across)[1:],
        s.above[1:],
    ]
    order, columns, ends = _pattern(*film.shape)
    data = np.stack(entries, axis=-1).ravel()[order]
    size = film.rows * film.shape[1]
    matrix = csr_array((data, columns, ends), shape=(size, size))
    matrix.has_canonical_format = True  # sorted by _pattern, or SciPy would sort shared arrays
    return matrix


@lru_cache(maxsize=16)
def _pattern(rows: int, angles: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the places of the entries in the order of a sorted matrix, their columns, row ends."""
    i, j = np.mgrid[:rows, :angles]
    steps = [(-1, 0), (-1, 1), (0, -1), (0, 0), (0, 1), (1, -1), (1, 0)]
    neighbor = [(i + up, (j + around) % angles) for up, around in steps]
    free = np.stack([(0 <= row) & (row < rows) for row, _ in neighbor], axis=-1)
    columns = np.stack([row * angles + column for row, column in neighbor], axis=-1)
    places = np.arange(columns.size).reshape(columns.shape)
    sort = np.argsort(columns, axis=-1)
    columns, free, places = (
        np.take_along_axis(array, sort, axis=-1) for array in (columns, free, places)
    )
    ends = np.concatenate([[0], np.cumsum(free.sum(axis=-1))]).astype(np.int32)
    pattern = places[free], columns[free].astype(np.int32), ends
    for array in pattern:
        array.flags.writeable = False  # all matrices of this shape share it
    return pattern


def stencil(film: Film, radii: Any) -> Stencil:
    """Return the couplings of all vertices, rings included.

    Parameters are those of :func:`film_hessian`.

    Examples
    --------
    >>> from mlphys.derivatives.soap_film import make_film, start
    >>> film = make_film(10, 20)
    >>> s = stencil(film, start(film))
    >>> s.own.shape, s.across.shape
    ((12, 20), (11, 20))
    """
    a, b, c, d = cells(points(film, radii))
    here, there = film.angle, np.roll(film.angle, -1)
    lower = triangle_block((a, b, c), (here, there, here))
    upper = triangle_block((d, c, b), (there, here, there))
    shape = (film.rows + 2, film.shape[1])
    own, beside = np.zeros(shape), np.zeros(shape)
    after = lambda coupling: np.roll(coupling, 1, axis=1)  # from corner (j+1) to vertex j
    own[:-1] += lower["aa"] + after(lower["bb"] + upper["cc"])
    own[1:] += lower["cc"] + upper["bb"] + after(upper["aa"])
    beside[:-1] += lower["ab"]
    beside[1:] += upper["ab"]
    return Stencil(own, beside, lower["ca"] + after(upper["ca"]), lower["bc"] + upper["bc"])


def triangle_block(
    corners: tuple[np.ndarray, np.ndarray, np.ndarray],
    angles: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> dict[str, Any]:
    """Return the six second derivatives of triangle areas by the radii of their corners.

    Parameters
    ----------
    corners : tuple of ndarray, each of shape (3, ...)
        Corners a, b, c, components first.
    angles : tuple of ndarray
        Direction in which each corner moves, as an angle in the x-y plane.

    Returns
    -------
    dict of array
        Keys ``"aa", "bb", "cc", "ab", "bc", "ca"``.

    Examples
    --------
    >>> corners = tuple(np.array(p, dtype=float) for p in ([1, 0, 0], [0, 1, 0], [1, 0, 1]))
    >>> block = triangle_block(corners, tuple(map(np.array, (0.0, np.pi / 2, 0.0))))
    >>> round(float(block["ca"]), 12)
    -0.353553390593
    """
    a, b, c = corners
    opposite = b - c, c - a, a - b
    normal = cross(b - a, c - a)
    length = np.sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2)
    n_x, n_y, n_z = (component / length for component in normal)
    axial, tangential, slope, cosine, sine = [], [], [], [], []
    for w, angle in zip(opposite, angles, strict=True):
        cos, sin = np.cos(angle), np.sin(angle)
        w_t, n_t = w[1] * cos - w[0] * sin, n_y * cos - n_x * sin
        tangential.append(-w[2])
        axial.append(w_t)
        slope.append(n_z * w_t - w[2] * n_t)  # n · N_p
        cosine.append(cos)
        sine.append(sin)
    weight = 0.5 / length
    block = {}
    for p, q in ((0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (2, 0)):
        aligned = cosine[p] * cosine[q] + sine[p] * sine[q]
        turn = cosine[p] * sine[q] - sine[p] * cosine[q]  # of e_p × e_q, along the axis
        product = tangential[p] * tangential[q] * aligned + axial[p] * axial[q]
        block["abc"[p] + "abc"[q]] = weight * (product - slope[p] * slope[q]) + n_z * turn / 2
    return block
