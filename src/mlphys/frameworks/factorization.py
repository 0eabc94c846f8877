r"""A matrix with holes as a product of two thin ones: R ≈ U M, by alternating least squares.

R has the shape (m, n) and NaN in its holes, U is (m, k) and M is (k, n), k small. Sought is the
least

.. math:: \sum_{ij\ \text{seen}} (R_{ij} - c - (U M)_{ij})^2
          + \lambda \bigl(\lVert U\rVert^2 + \lVert M\rVert^2\bigr) ,

with c the mean of the entries that are seen. The sum is not convex in U and M together; with M held
it is a linear least-squares problem for each row of U, and the other way round, so that each half
step lowers it or leaves it. Chapter: ``book/frameworks/factorization.md``. Descent entry by entry:
:mod:`mlphys.frameworks.factor_descent`; what is arbitrary in U and M:
:mod:`mlphys.frameworks.factor_gauge`.

References
----------
Koren, Bell and Volinsky, Computer 42 (8), 30 (2009).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

__all__ = ["Factors", "alternate", "check_table", "objective", "start_factors"]


class Factors(NamedTuple):
    """Two thin matrices and an offset that stand for a full table.

    Attributes
    ----------
    rows : ndarray of float, shape (m, k)
        U: k numbers for each row of the table.
    columns : ndarray of float, shape (k, n)
        M: k numbers for each column.
    offset : float
        c, added to every entry.
    """

    rows: np.ndarray
    columns: np.ndarray
    offset: float = 0.0

    def table(self) -> np.ndarray:
        """Return the full table c + U M, shape (m, n), holes filled in."""
        return self.offset + self.rows @ self.columns


def objective(table: np.ndarray, factors: Factors, *, ridge: float) -> float:
    """Return the sum of squared errors where the table is seen, plus the ridge penalty.

    Examples
    --------
    >>> factors = Factors(np.array([[1.0], [2.0]]), np.array([[3.0, 4.0]]))
    >>> objective(np.array([[3.0, np.nan], [6.0, 9.0]]), factors, ridge=0.0)
    1.0
    """
    errors = np.nansum((table - factors.table()) ** 2)
    return float(errors + ridge * ((factors.rows**2).sum() + (factors.columns**2).sum()))


def start_factors(
    table: np.ndarray, *, k: int, rng: np.random.Generator, center: bool = True
) -> Factors:
    """Return random factors whose product is small beside the spread of the table.

    Parameters
    ----------
    table : ndarray of float, shape (m, n)
        NaN in the holes.
    k : int
        Numbers for each row and each column.
    rng : numpy.random.Generator
    center : bool, default True
        Whether the offset is the mean of the seen entries; otherwise it is 0.

    Examples
    --------
    >>> start = start_factors(np.eye(3), k=2, rng=np.random.default_rng(0))
    >>> start.rows.shape, start.columns.shape, round(start.offset, 3)
    ((3, 2), (2, 3), 0.333)
    """
    m, n = check_table(table, k=k)
    offset = float(np.nanmean(table)) if center else 0.0
    size = 0.3 * np.sqrt(np.nanmean((table - offset) ** 2) / k)
    return Factors(
        np.sqrt(size) * rng.normal(size=(m, k)), np.sqrt(size) * rng.normal(size=(k, n)), offset
    )


def alternate(
    table: np.ndarray,
    *,
    k: int,
    ridge: float,
    rng: np.random.Generator,
    sweeps: int = 50,
    center: bool = True,
    observe: Callable[[Factors], None] | None = None,
) -> Factors:
    """Return factors of a table with holes by alternating least squares.

    Parameters
    ----------
    table : ndarray of float, shape (m, n)
        NaN in the holes. A row or column without any entry gets zeros, so that the prediction for
        it is the offset.
    k : int
        Numbers for each row and each column, from 1 to the shorter side of the table.
    ridge : float
        λ, positive, in units of the table times those of the factors.
    rng : numpy.random.Generator
        For the start.
    sweeps : int, default 50
        Each solves for all rows, then for all columns.
    center : bool, default True
        Whether the offset is the mean of the seen entries; otherwise it is 0.
    observe : callable, optional
        Called with the factors after each sweep.

    Raises
    ------
    ValueError
        If the table is no matrix, holds infinities or nothing, or if k, ridge or sweeps are out of
        range.

    Examples
    --------
    >>> exact = np.outer([1.0, 2.0, 3.0], [1.0, -1.0, 2.0])
    >>> holes = exact.copy()
    >>> holes[0, 0] = holes[2, 1] = np.nan
    >>> found = alternate(holes, k=1, ridge=1e-9, rng=np.random.default_rng(0), center=False)
    >>> found.table().round(4)
    array([[ 1., -1.,  2.],
           [ 2., -2.,  4.],
           [ 3., -3.,  6.]])
    """
    if not ridge > 0 or not np.isfinite(ridge):
        raise ValueError(
            f"alternate: expected a positive ridge, such as 1e-6 (without one a row with fewer than "
            f"k entries has no least-squares answer); got {ridge}"
        )
    if sweeps < 1:
        raise ValueError(f"alternate: expected sweeps of at least 1; got {sweeps}")
    factors = start_factors(table, k=k, rng=rng, center=center)
    seen = np.isfinite(table)
    values = np.where(seen, table - factors.offset, 0.0)
    rows, columns = factors.rows, factors.columns
    for _ in range(sweeps):
        rows = _least_squares(values, seen, columns, ridge)
        columns = _least_squares(values.T, seen.T, rows.T, ridge).T
        if observe is not None:
            observe(Factors(rows, columns, factors.offset))
    return Factors(rows, columns, factors.offset)


def check_table(table: np.ndarray, *, k: int) -> tuple[int, int]:
    """Return the shape of a table with holes, or raise what is wrong with it or with k.

    Raises
    ------
    ValueError
        If the table is no matrix, holds infinities or no entry at all, or if k does not fit.

    Examples
    --------
    >>> check_table(np.eye(3), k=2)
    (3, 3)
    """
    if table.ndim != 2 or np.isinf(table).any() or not np.isfinite(table).any():
        raise ValueError(
            "expected a matrix with NaN in its holes, no infinities and at least one entry; got "
            f"shape {table.shape} with {int(np.isfinite(table).sum())} finite entries"
        )
    if not 1 <= k <= min(table.shape):
        raise ValueError(f"expected k from 1 to {min(table.shape)}; got {k}")
    return table.shape[0], table.shape[1]


def _least_squares(
    values: np.ndarray, seen: np.ndarray, columns: np.ndarray, ridge: float
) -> np.ndarray:
    """Return the best rows for given columns: one k × k system for each row."""
    k = len(columns)
    squares = np.einsum("aj,bj->jab", columns, columns).reshape(-1, k * k)
    left = (seen @ squares).reshape(-1, k, k) + ridge * np.eye(k)
    right = values @ columns.T
    return np.linalg.solve(left, right[:, :, None])[:, :, 0]
