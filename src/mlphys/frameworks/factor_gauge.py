"""What is arbitrary in a factorization U M, and a choice that is not.

For any invertible G of shape (k, k), (U G, G⁻¹ M) has the same product: the group GL(k) acts on the
factors and no entry of the table notices. The singular value decomposition of the product picks one
member of each family, up to signs, as long as the singular values differ. Chapter:
``book/frameworks/factorization.md``.
"""

from __future__ import annotations

import numpy as np

from mlphys.frameworks.factorization import Factors

__all__ = ["canonical", "remix", "singular_values"]


def remix(factors: Factors, g: np.ndarray) -> Factors:
    """Return the factors U G and G⁻¹ M, which have the same product.

    Parameters
    ----------
    factors : Factors
    g : ndarray of float, shape (k, k)
        Invertible.

    Raises
    ------
    ValueError
        If G has another shape or its condition number exceeds 10¹², so that the product would
        change by rounding.

    Examples
    --------
    >>> factors = Factors(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]))
    >>> mixed = remix(factors, np.array([[2.0, 1.0], [0.0, 1.0]]))
    >>> mixed.rows, mixed.columns.T, mixed.table()
    (array([[2., 3.]]), array([[-0.5,  4. ]]), array([[11.]]))
    """
    k = len(factors.columns)
    if g.shape != (k, k):
        raise ValueError(f"remix: expected g of shape {(k, k)}; got {g.shape}")
    if not np.linalg.cond(g) < 1e12:
        raise ValueError("remix: expected an invertible g; its condition number exceeds 1e12")
    return Factors(factors.rows @ g, np.linalg.solve(g, factors.columns), factors.offset)


def canonical(factors: Factors) -> Factors:
    """Return the factors of the same product with U = P √S and M = √S Qᵀ, from its SVD P S Qᵀ.

    Both factors then carry the same weight: UᵀU = M Mᵀ = S, diagonal and descending. In each column
    of U the entry of largest size is positive. The product is never formed: the factors are
    decomposed by QR, and the SVD is that of a k × k matrix.

    Examples
    --------
    >>> factors = Factors(np.array([[1.0], [-2.0]]), np.array([[3.0, 0.0, -4.0]]))
    >>> fixed = canonical(factors)
    >>> (fixed.rows.T @ fixed.rows).round(6), (fixed.columns @ fixed.columns.T).round(6)
    (array([[11.18034]]), array([[11.18034]]))
    >>> bool(fixed.rows[1, 0] > 0)
    True
    """
    q_rows, r_rows = np.linalg.qr(factors.rows)
    q_columns, r_columns = np.linalg.qr(factors.columns.T)
    left, s, right = np.linalg.svd(r_rows @ r_columns.T)
    rows, columns = q_rows @ left * np.sqrt(s), np.sqrt(s)[:, None] * (right @ q_columns.T)
    largest = rows[np.abs(rows).argmax(axis=0), np.arange(len(s))]
    signs = np.where(largest < 0, -1.0, 1.0)
    return Factors(rows * signs, columns * signs[:, None], factors.offset)


def singular_values(factors: Factors) -> np.ndarray:
    """Return the k singular values of U M, descending.

    Examples
    --------
    >>> singular_values(Factors(np.eye(3)[:, :2], np.diag([2.0, 5.0])))
    array([5., 2.])
    """
    inner = np.linalg.qr(factors.rows)[1] @ np.linalg.qr(factors.columns.T)[1].T
    return np.linalg.svd(inner, compute_uv=False)
