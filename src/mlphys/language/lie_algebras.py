"""Do some matrices close under commutators, and with which structure constants?

Convention: ``[T_a, T_b] = Σ_c f[a, b, c] T_c`` without a factor i, so that f is imaginary for
Hermitian generators. A commutator is expressed in the generators by least squares; the singular
values of the problem tell whether that expression is unique.

References
----------
.. [1] H. Georgi, "Lie Algebras in Particle Physics", 2nd edition (1999), chapters 2 and 7.
"""

from typing import Any

import numpy as np

from mlphys.language.matrices import commutator

__all__ = [
    "gell_mann",
    "jacobi_defect",
    "killing_form",
    "rotation_generators",
    "structure_constants",
]


def structure_constants(generators: Any, *, tolerance: float = 1e-10) -> np.ndarray:
    """Return f with ``[T_a, T_b] = Σ_c f[a, b, c] T_c``, or say why there is none.

    Parameters
    ----------
    generators : array_like, shape (k, n, n)
        Matrices, real or complex, of any scale. The coefficients f are complex.
    tolerance : float
        Of two decisions, both made after each matrix was divided by its norm: the generators count
        as dependent if the smallest singular value is at most this times the largest, and a
        commutator counts as outside their span if the rest of the fit exceeds this times the
        largest norm of a commutator that the two matrices could have, which is 2.

    Returns
    -------
    ndarray of complex128, shape (k, k, k)

    Raises
    ------
    ValueError
        If the input is no set of square matrices, or not finite; if the matrices are linearly
        dependent (the message holds the relation); or if a commutator leaves their span (the
        message names the worst pair).

    Examples
    --------
    >>> from mlphys.language.matrices import levi_civita, pauli
    >>> f = structure_constants(pauli() / 2)
    >>> bool(np.allclose(f, 1j * levi_civita()))
    True
    """
    t = np.asarray(generators, dtype=complex)
    if t.ndim != 3 or t.shape[1] != t.shape[2] or t.size == 0:
        raise ValueError(
            f"structure_constants: expected k square matrices, shape (k, n, n), got {t.shape}"
        )
    if not np.isfinite(t).all():
        raise ValueError("structure_constants: expected finite matrices, got NaN or infinity")
    k = len(t)
    norms = np.linalg.norm(t, axis=(1, 2))
    unit = t / np.where(norms > 0, norms, 1)[:, None, None]
    columns = unit.reshape(k, -1).T
    u, s, vh = _independent(columns, norms, tolerance)
    brackets = commutator(unit[:, None], unit[None]).reshape(k * k, -1).T
    f = vh.conj().T @ ((u.conj().T @ brackets) / s[:, None])
    rest = np.linalg.norm(brackets - columns @ f, axis=0).reshape(k, k)
    if rest.max() > 2 * tolerance:
        a, b = map(int, np.unravel_index(rest.argmax(), rest.shape))
        raise ValueError(
            f"structure_constants: expected a set closed under commutators, got one where [T_{a}, T_{b}] "
            f"leaves the span by {rest[a, b]:.2g} (norms of the matrices set to 1, counted from 0); "
            "add that commutator to the set and try again"
        )
    scale = norms[:, None, None] * norms[None, :, None] / norms
    return f.T.reshape(k, k, k) * scale


def _independent(columns: np.ndarray, norms: np.ndarray, tolerance: float) -> tuple:
    """Return the singular value decomposition of independent columns, or name their relation."""
    u, s, vh = np.linalg.svd(columns, full_matrices=False)
    if len(s) == len(norms) and s[-1] > tolerance * s[0]:
        return u, s, vh
    null = np.linalg.svd(columns)[2][-1].conj()
    weights = null / np.where(norms > 0, norms, 1)
    weights /= weights[abs(weights).argmax()]
    terms = [f"({w:.3g}) T_{i}" for i, w in enumerate(weights) if abs(w) > 1e-6]
    raise ValueError(
        "structure_constants: expected linearly independent matrices, got "
        f"{' + '.join(terms)} = 0 (counted from 0); leave one of them out"
    )


def jacobi_defect(f: np.ndarray) -> float:
    """Return the largest violation of Jacobi's identity by structure constants.

    ``Σ_m f[a,b,m] f[m,c,e]`` plus its two cyclic permutations of a, b, c must vanish.

    Parameters
    ----------
    f : ndarray, shape (k, k, k)

    Returns
    -------
    float

    Examples
    --------
    >>> from mlphys.language.matrices import levi_civita
    >>> jacobi_defect(levi_civita())
    0.0
    """
    first = np.einsum("abm,mce->abce", f, f)
    total = first + np.einsum("abce->bcae", first) + np.einsum("abce->cabe", first)
    return float(abs(total).max())


def killing_form(f: np.ndarray) -> np.ndarray:
    """Return Killing's form ``K[a, b] = Σ_cd f[a, c, d] f[b, d, c]``.

    Parameters
    ----------
    f : ndarray, shape (k, k, k)

    Returns
    -------
    ndarray, shape (k, k)

    Examples
    --------
    >>> from mlphys.language.matrices import levi_civita
    >>> killing_form(levi_civita()).diagonal()
    array([-2, -2, -2])
    """
    return np.einsum("acd,bdc->ab", f, f)


def gell_mann() -> np.ndarray:
    """Return Gell-Mann's eight matrices λ₁, …, λ₈, a basis of su(3).

    Returns
    -------
    ndarray of complex128, shape (8, 3, 3)

    Examples
    --------
    >>> gell_mann()[7].real.diagonal().round(4)
    array([ 0.5774,  0.5774, -1.1547])
    """
    matrices = np.zeros((8, 3, 3), complex)
    for first, row, column in ((0, 0, 1), (3, 0, 2), (5, 1, 2)):
        matrices[first, [row, column], [column, row]] = 1
        matrices[first + 1, [row, column], [column, row]] = -1j, 1j
    matrices[2] = np.diag([1, -1, 0])
    matrices[7] = np.diag([1, 1, -2]) / np.sqrt(3)
    return matrices


def rotation_generators(d: int) -> np.ndarray:
    """Return the generators of rotations in d dimensions, one for each plane (i, j) with i < j.

    Matrix (i, j) has −1 in row i, column j and 1 in row j, column i; the planes come in the order
    (0, 1), (0, 2), …, (d − 2, d − 1).

    Parameters
    ----------
    d : int
        Dimension, at least 2.

    Returns
    -------
    ndarray of float64, shape (d (d − 1)/2, d, d)

    Raises
    ------
    ValueError
        If d is less than 2.

    Examples
    --------
    >>> rotation_generators(2)[0]
    array([[ 0., -1.],
           [ 1.,  0.]])
    """
    if d < 2:
        raise ValueError(f"rotation_generators: expected at least 2 dimensions, got {d}")
    rows, columns = np.triu_indices(d, 1)
    planes = np.arange(len(rows))
    matrices = np.zeros((len(rows), d, d))
    matrices[planes, rows, columns] = -1
    matrices[planes, columns, rows] = 1
    return matrices
