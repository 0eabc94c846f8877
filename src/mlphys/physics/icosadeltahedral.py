"""Icosadeltahedral points: a flat triangular lattice folded onto an icosahedron.

Cut a triangle out of the triangular lattice whose side leads ``h`` steps along one row and ``k``
steps along the next, and cover the twenty faces of an icosahedron with copies: ``10 T + 2`` points
with ``T = h² + hk + k²``, twelve of which have five neighbors and all others six. Shells of viruses
are built so. For ``0 ≠ h ≠ k ≠ 0`` the points are chiral: their mirror image is another one.
Chapter: *Electrons on a sphere*.

References
----------
Caspar and Klug, Cold Spring Harbor Symp. Quant. Biol. 27, 1 (1962); Pérez-Garrido, Dodgson and
Moore, Phys. Rev. B 56, 3640 (1997).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from mlphys.physics.thomson import on_sphere

__all__ = ["icosadeltahedral_points", "icosahedron", "pairs_of"]


def icosahedron() -> tuple[np.ndarray, np.ndarray]:
    """Return vertices, shape (12, 3), and faces, shape (20, 3), counterclockwise from outside.

    Examples
    --------
    >>> vertices, faces = icosahedron()
    >>> vertices.shape, faces.shape
    ((12, 3), (20, 3))
    """
    golden = (1 + 5**0.5) / 2
    corners = [(0, a, b * golden) for a in (-1, 1) for b in (-1, 1)]
    flat = np.array([np.roll(corner, turn) for corner in corners for turn in range(3)])
    vertices = on_sphere(flat)
    side = 2 / np.sqrt(1 + golden**2)
    faces = []
    for face in combinations(range(12), 3):
        a, b, c = vertices[list(face)]
        if np.allclose([np.linalg.norm(d) for d in (a - b, b - c, c - a)], side):
            outward = np.linalg.det([a, b, c]) > 0
            faces.append(face if outward else (face[0], face[2], face[1]))
    return vertices, np.array(faces)


def pairs_of(n: int) -> list[tuple[int, int]]:
    """Return the pairs (h, k) with ``h ≥ k`` whose lattice has n points; none for most n.

    Examples
    --------
    >>> pairs_of(32), pairs_of(492), pairs_of(20)
    ([(1, 1)], [(5, 3), (7, 0)], [])
    """
    triangulation, rest = divmod(n - 2, 10)
    if rest or triangulation < 1:
        return []
    sides = range(int(triangulation**0.5) + 1)
    return [(h, k) for h in sides for k in range(h + 1) if h * h + h * k + k * k == triangulation]


def icosadeltahedral_points(h: int, k: int) -> np.ndarray:
    """Return ``10 (h² + hk + k²) + 2`` points on the unit sphere, shape (n, 3).

    Parameters
    ----------
    h, k : int
        Steps along two rows of the lattice, 60° apart, from one of the twelve to the next.

    Raises
    ------
    ValueError
        If one is negative or both are zero.

    Examples
    --------
    >>> icosadeltahedral_points(2, 1).shape
    (72, 3)
    """
    if h < 0 or k < 0 or h + k == 0:
        raise ValueError(
            f"icosadeltahedral_points: expected h, k ≥ 0, not both zero; got {h} and {k}"
        )
    size = h * h + h * k + k * k
    a, b = np.mgrid[-k : h + 1, 0 : h + k + 1].reshape(2, -1)  # places in the lattice
    u, v = a * (h + k) + b * k, b * h - a * k  # times 1/T: shares of the second and third corner
    inside = (u >= 0) & (v >= 0) & (u + v <= size)
    shares = np.stack([size - u - v, u, v], axis=1)[inside] / size
    vertices, faces = icosahedron()
    everywhere = on_sphere(np.einsum("ps,fsx->fpx", shares, vertices[faces]).reshape(-1, 3))
    _, first = np.unique(everywhere.round(9) + 0.0, axis=0, return_index=True)
    return everywhere[np.sort(first)]
