"""Who is whose neighbor on a sphere: triangles between points, degrees, and defects.

The convex hull of points on a sphere is their Delaunay triangulation. With n points it has
``3n − 6`` edges, so that the **charges** ``6 − degree`` of all points add up to twelve (Euler): a
sphere cannot be covered by points with six neighbors each. Chapter: *Electrons on a sphere*.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from scipy.spatial import ConvexHull

from mlphys.physics.thomson import check_points, on_sphere

__all__ = ["count_degrees", "degrees", "holes", "neighbor_pairs", "triangles"]


def triangles(points: Any) -> np.ndarray:
    """Return the Delaunay triangles of points on a sphere, shape (2n − 4, 3).

    Corners run counterclockwise as seen from outside. Where four or more neighbors lie on one
    circle (a cube's faces) the diagonal is drawn one way or the other.

    Raises
    ------
    ValueError
        If there are fewer than four points, they lie in one plane, or some are not corners of the
        hull because two coincide.

    Examples
    --------
    >>> triangles([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]).shape
    (4, 3)
    """
    unit = on_sphere(check_points(points, "triangles"))
    if len(unit) < 4 or np.linalg.matrix_rank(unit - unit.mean(0), tol=1e-9) < 3:
        raise ValueError(
            f"triangles: expected four points or more that do not lie in one plane; got {len(unit)}"
        )
    faces = ConvexHull(unit).simplices
    if len(faces) != 2 * len(unit) - 4:
        raise ValueError(
            f"triangles: expected {2 * len(unit) - 4} triangles for {len(unit)} points on a "
            f"sphere; got {len(faces)}. Two points coincide"
        )
    middle = unit.mean(0)
    a, b, c = np.moveaxis(unit[faces], 1, 0)
    inward = np.einsum("fx,fx->f", np.cross(b - a, c - a), a - middle) < 0
    faces[inward] = faces[inward][:, [0, 2, 1]]
    return faces


def neighbor_pairs(points: Any) -> np.ndarray:
    """Return the edges of :func:`triangles`, each once, as pairs ``i < j``, shape (3n − 6, 2).

    Examples
    --------
    >>> len(neighbor_pairs([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]))
    6
    """
    faces = triangles(points)
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    return edges[edges[:, 0] < edges[:, 1]]


def degrees(points: Any) -> np.ndarray:
    """Return the number of neighbors of each point, shape (n,).

    Examples
    --------
    >>> from mlphys.physics.icosadeltahedral import icosahedron
    >>> degrees(icosahedron()[0])
    array([5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5])
    """
    edges = neighbor_pairs(points)
    return np.bincount(edges.ravel(), minlength=len(points))


def count_degrees(points: Any) -> dict[int, int]:
    """Return how many points have how many neighbors.

    Examples
    --------
    >>> from mlphys.physics.icosadeltahedral import icosadeltahedral_points
    >>> count_degrees(icosadeltahedral_points(1, 1))
    {5: 12, 6: 20}
    """
    return dict(sorted(Counter(degrees(points).tolist()).items()))


def holes(points: np.ndarray) -> np.ndarray:
    """Return the centers of the empty caps between points, shape (2n − 4, 3).

    Each is the point of the sphere that is equally far from the corners of one triangle, on the
    outer side: the outward normal of the triangle.

    Examples
    --------
    >>> tetrahedron = on_sphere(np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1.0]]))
    >>> sorted(np.abs(holes(tetrahedron) @ tetrahedron.T).min(axis=1).round(6).tolist())
    [0.333333, 0.333333, 0.333333, 0.333333]
    """
    a, b, c = np.moveaxis(points[triangles(points)], 1, 0)
    return on_sphere(np.cross(b - a, c - a))
