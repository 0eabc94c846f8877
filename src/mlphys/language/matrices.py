"""Pauli's and Dirac's matrices, each built in several independent ways, and what they obey.

Conventions: ħ = 1; the metric of this module is η = diag(1, −1, −1, −1), the one in which γ⁰ is
diag(1, 1, −1, −1) (Dirac's representation). Part V of the book uses the opposite sign of the metric;
there the matrices would be i times these. Sets of matrices are 3-index arrays: the first index
counts the matrices, the other two are row and column. Indices of space-time run 0, 1, 2, 3.

References
----------
.. [1] M. E. Peskin, D. V. Schroeder, "An Introduction to Quantum Field Theory" (1995), chapter 3.
"""

from typing import Any

import numpy as np

__all__ = [
    "METRIC",
    "anticommutator",
    "clifford_defect",
    "commutator",
    "dirac_by_blocks",
    "dirac_by_einsum",
    "dirac_by_hand",
    "dirac_by_kron",
    "gamma5",
    "is_projector",
    "levi_civita",
    "pauli",
    "pauli_by_formula",
    "pauli_by_outer_products",
    "projectors",
    "spin_matrices",
    "su2_constants",
]

METRIC = np.diag([1, -1, -1, -1])


def commutator(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return ``a b − b a``; leading axes broadcast.

    Examples
    --------
    >>> x, y, z = pauli()
    >>> bool(np.all(commutator(x, y) == 2j * z))
    True
    """
    return a @ b - b @ a


def anticommutator(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return ``a b + b a``; leading axes broadcast.

    Examples
    --------
    >>> x, y, z = pauli()
    >>> bool(np.all(anticommutator(x, y) == 0))
    True
    """
    return a @ b + b @ a


def pauli() -> np.ndarray:
    """Return Pauli's three matrices σ₁, σ₂, σ₃ as they are printed in every book.

    Returns
    -------
    ndarray of complex128, shape (3, 2, 2)

    Examples
    --------
    >>> pauli()[1]
    array([[ 0.+0.j, -0.-1.j],
           [ 0.+1.j,  0.+0.j]])
    """
    return np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


def pauli_by_outer_products() -> np.ndarray:
    """Return Pauli's matrices from the two states up and down and their outer products.

    With ``|u⟩⟨d|`` raising the spin and ``|d⟩⟨u|`` lowering it: σ₁ is their sum, σ₂ is −i times the
    first plus i times the second, σ₃ is ``|u⟩⟨u| − |d⟩⟨d|``.

    Returns
    -------
    ndarray of complex128, shape (3, 2, 2)

    Examples
    --------
    >>> bool(np.all(pauli_by_outer_products() == pauli()))
    True
    """
    up, down = np.eye(2)
    raising, lowering = np.outer(up, down), np.outer(down, up)
    third = np.outer(up, up) - np.outer(down, down)
    return np.array([raising + lowering, -1j * raising + 1j * lowering, third])


def pauli_by_formula() -> np.ndarray:
    """Return Pauli's matrices by one comprehension over matrix, row and column.

    Matrix a (counted from 1) has, in row r and column c, where rows and columns are 0 and 1: ``(−1)^r``
    on the diagonal if a is 3; off the diagonal 1 if a is 1, and ``i (−1)^c`` if a is 2.

    Returns
    -------
    ndarray of complex128, shape (3, 2, 2)

    Examples
    --------
    >>> bool(np.all(pauli_by_formula() == pauli()))
    True
    """
    entry = {
        1: lambda r, c: r != c,
        2: lambda r, c: (r != c) * 1j * (-1) ** c,
        3: lambda r, c: (r == c) * (-1) ** r,
    }
    return np.array(
        [[[complex(entry[a](r, c)) for c in (0, 1)] for r in (0, 1)] for a in (1, 2, 3)]
    )


def spin_matrices(dimension: int) -> np.ndarray:
    """Return the matrices of a spin j = (dimension − 1)/2 along x, y and z, in units of ħ.

    ``J_z`` is diagonal with entries j, j − 1, …, −j, and ``J_x + i J_y`` has √(j(j+1) − m(m+1)) above
    its diagonal, where m belongs to the column. For j = 1/2, twice these are Pauli's matrices.

    Parameters
    ----------
    dimension : int
        Number of states, at least 1.

    Returns
    -------
    ndarray of complex128, shape (3, dimension, dimension)

    Raises
    ------
    ValueError
        If ``dimension`` is less than 1.

    Examples
    --------
    >>> bool(np.allclose(2 * spin_matrices(2), pauli()))
    True
    """
    if dimension < 1:
        raise ValueError(
            f"spin_matrices: expected at least 1 state, got {dimension}; spin j has 2j + 1 states"
        )
    j = (dimension - 1) / 2
    m = j - np.arange(dimension)
    raising = np.diag(np.sqrt(j * (j + 1) - m[1:] * (m[1:] + 1)), 1)
    return np.array([(raising + raising.T) / 2, (raising - raising.T) / 2j, np.diag(m)])


def dirac_by_hand() -> np.ndarray:
    """Return γ⁰, γ¹, γ², γ³ typed row by row, one character an entry.

    A dot is 0, ``+`` is 1, ``-`` is −1, ``i`` is i and ``j`` is −i.

    Returns
    -------
    ndarray of complex128, shape (4, 4, 4)

    Examples
    --------
    >>> dirac_by_hand()[0].real.astype(int).diagonal()
    array([ 1,  1, -1, -1])
    """
    value = {".": 0, "+": 1, "-": -1, "i": 1j, "j": -1j}
    typed = [
        "+... .+.. ..-. ...-",
        "...+ ..+. .-.. -...",
        "...j ..i. .i.. j...",
        "..+. ...- -... .+..",
    ]
    return np.array([[[value[sign] for sign in row] for row in matrix.split()] for matrix in typed])


def dirac_by_blocks() -> np.ndarray:
    """Return γ⁰, …, γ³ as 2×2 blocks: ``[[1, 0], [0, −1]]`` and ``[[0, σ], [−σ, 0]]``.

    Returns
    -------
    ndarray of complex128, shape (4, 4, 4)

    Examples
    --------
    >>> bool(np.all(dirac_by_blocks() == dirac_by_hand()))
    True
    """
    one, zero = np.eye(2), np.zeros((2, 2))
    time = np.block([[one, zero], [zero, -one]])
    space = [np.block([[zero, s], [-s, zero]]) for s in pauli()]
    return np.array([time, *space])


def dirac_by_kron() -> np.ndarray:
    """Return γ⁰ = σ₃ ⊗ 1 and γᵏ = iσ₂ ⊗ σₖ, with NumPy's Kronecker product.

    Returns
    -------
    ndarray of complex128, shape (4, 4, 4)

    Examples
    --------
    >>> bool(np.all(dirac_by_kron() == dirac_by_hand()))
    True
    """
    s = pauli()
    return np.array([np.kron(s[2], np.eye(2)), *(np.kron(1j * s[1], sk) for sk in s)])


def dirac_by_einsum() -> np.ndarray:
    """Return γ⁰, …, γ³ at once: an outer product of five indices, two pairs of them merged.

    Row (a, i) and column (b, j) of γᵐ hold ``left[m, a, b] · right[m, i, j]``.

    Returns
    -------
    ndarray of complex128, shape (4, 4, 4)

    Examples
    --------
    >>> bool(np.all(dirac_by_einsum() == dirac_by_hand()))
    True
    """
    s = pauli()
    left = np.array([s[2], *[1j * s[1]] * 3])
    right = np.array([np.eye(2), *s])
    return np.einsum("mab,mij->maibj", left, right).reshape(4, 4, 4)


def clifford_defect(gammas: np.ndarray, metric: Any = METRIC) -> float:
    """Return the largest entry of ``{γᵐ, γⁿ} − 2 η^{mn} 1`` over all pairs.

    Parameters
    ----------
    gammas : ndarray, shape (d, n, n)
        Candidates.
    metric : array_like, shape (d, d)
        Inverse metric η^{mn}.

    Returns
    -------
    float
        0 where the matrices obey the Clifford algebra.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> clifford_defect(dirac_by_hand())
    0.0
    """
    metric = np.asarray(metric)
    if gammas.ndim != 3 or metric.shape != (len(gammas),) * 2:
        raise ValueError(
            f"clifford_defect: expected matrices of shape (d, n, n) and a metric of shape (d, d), "
            f"got {gammas.shape} and {metric.shape}"
        )
    products = np.einsum("mab,nbc->mnac", gammas, gammas)
    wanted = 2 * np.einsum("mn,ac->mnac", metric, np.eye(gammas.shape[1]))
    return float(abs(products + products.swapaxes(0, 1) - wanted).max())


def gamma5(gammas: np.ndarray) -> np.ndarray:
    """Return γ⁵ = i γ⁰γ¹γ²γ³, whose square is 1.

    Without the factor i the square is −1, and ``(1 ± γ⁵)/2`` are no projectors.

    Parameters
    ----------
    gammas : ndarray, shape (4, n, n)

    Returns
    -------
    ndarray of complex128, shape (n, n)

    Raises
    ------
    ValueError
        If there are not four matrices.

    Examples
    --------
    >>> gamma5(dirac_by_hand()).real.astype(int)
    array([[0, 0, 1, 0],
           [0, 0, 0, 1],
           [1, 0, 0, 0],
           [0, 1, 0, 0]])
    """
    if gammas.ndim != 3 or len(gammas) != 4:
        raise ValueError(f"gamma5: expected four matrices, shape (4, n, n), got {gammas.shape}")
    return 1j * gammas[0] @ gammas[1] @ gammas[2] @ gammas[3]


def projectors(chirality: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the left and right projectors ``(1 − γ⁵)/2`` and ``(1 + γ⁵)/2``.

    Parameters
    ----------
    chirality : ndarray, shape (n, n)
        γ⁵: a matrix with square 1.

    Returns
    -------
    tuple of ndarray, each of shape (n, n)

    Raises
    ------
    ValueError
        If the square of the matrix is not 1 to within 1e-12.

    Examples
    --------
    >>> left, right = projectors(gamma5(dirac_by_hand()))
    >>> is_projector(left), float(abs(left @ right).max())
    (True, 0.0)
    """
    one = np.eye(len(chirality))
    defect = abs(chirality @ chirality - one).max()
    if not defect <= 1e-12:
        raise ValueError(
            f"projectors: expected a matrix whose square is 1, got one that misses it by {defect:.3g}; "
            "γ⁵ is i γ⁰γ¹γ²γ³, with the factor i"
        )
    return (one - chirality) / 2, (one + chirality) / 2


def is_projector(matrix: np.ndarray, *, tolerance: float = 1e-12) -> bool:
    """Tell whether applying a matrix twice is the same as applying it once.

    Examples
    --------
    >>> is_projector(np.diag([1, 0])), is_projector(np.diag([1, -1]))
    (True, False)
    """
    return bool(abs(matrix @ matrix - matrix).max() <= tolerance)


def levi_civita() -> np.ndarray:
    """Return ε with three indices: 1 for even orders of (0, 1, 2), −1 for odd ones, else 0.

    Returns
    -------
    ndarray of int, shape (3, 3, 3)

    Examples
    --------
    >>> int(levi_civita()[0, 1, 2]), int(levi_civita()[1, 0, 2])
    (1, -1)
    """
    i, j, k = np.ogrid[:3, :3, :3]
    return (i - j) * (j - k) * (k - i) // 2


def su2_constants(spin: np.ndarray) -> np.ndarray:
    """Return f with ``[J_a, J_b] = i Σ_c f[a, b, c] J_c``, by traces.

    The three matrices must be orthogonal, ``tr J_a J_b = N δ_ab``, as those of every spin are; then
    ``f[a, b, c] = −i tr([J_a, J_b] J_c)/N``. For other sets of matrices see
    :func:`mlphys.language.lie_algebras.structure_constants`.

    Parameters
    ----------
    spin : ndarray, shape (k, n, n)

    Returns
    -------
    ndarray of complex128, shape (k, k, k)

    Raises
    ------
    ValueError
        If the matrices are not orthogonal, or all zero.

    Examples
    --------
    >>> bool(np.allclose(su2_constants(pauli() / 2), levi_civita()))
    True
    """
    overlap = np.einsum("aij,bji->ab", spin, spin)
    norm = overlap[0, 0]
    if norm == 0 or not np.allclose(overlap, norm * np.eye(len(spin)), atol=1e-12 * abs(norm)):
        raise ValueError(
            "su2_constants: expected matrices with tr(J_a J_b) = N δ_ab, got others; "
            "use mlphys.language.lie_algebras.structure_constants, which does not need it"
        )
    brackets = commutator(spin[:, None], spin[None])
    return -1j * np.einsum("abij,cji->abc", brackets, spin) / norm
