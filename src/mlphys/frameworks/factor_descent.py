"""Factorization of a matrix with holes by stochastic gradient descent, one entry at a time.

For a seen entry with the error e = R_ij − c − u·m, u being row i of U and m column j of M, a step is

    u ← u + η (e m − λ u) ,    m ← m + η (e u − λ m) ,

with the old u on the right of both. It needs no table in memory, only entries that come by; the
method became known in the contest for the Netflix Prize. Here λ is counted once per *visit*, so
that a row with many entries shrinks more often; the objective thus differs from that of
:mod:`mlphys.frameworks.factorization` unless all rows and columns have equally many entries.
Chapter: ``book/frameworks/factorization.md``.

References
----------
Koren, Bell and Volinsky, Computer 42 (8), 30 (2009).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mlphys.frameworks.factorization import Factors, start_factors

__all__ = ["descend"]


def descend(
    table: np.ndarray,
    *,
    k: int,
    ridge: float,
    learning_rate: float,
    epochs: int,
    rng: np.random.Generator,
    center: bool = True,
    observe: Callable[[Factors], None] | None = None,
) -> Factors:
    """Return factors of a table with holes by stochastic gradient descent.

    Parameters
    ----------
    table : ndarray of float, shape (m, n)
        NaN in the holes; entries of order 1 suit the usual learning rates.
    k : int
        Numbers for each row and each column.
    ridge : float
        λ per visit, at least 0.
    learning_rate : float
        η of the first epoch, positive; it falls linearly to a tenth.
    epochs : int
        How often each entry is visited, in a new random order each time.
    rng : numpy.random.Generator
    center : bool, default True
        Whether the offset is the mean of the seen entries; otherwise it is 0.
    observe : callable, optional
        Called with the factors after each epoch.

    Raises
    ------
    ValueError
        If an argument is out of range, or if the descent diverges; then with the advice to lower
        the learning rate.

    Examples
    --------
    >>> holes = np.outer([1.0, 2.0, 3.0], [1.0, -1.0, 2.0])
    >>> holes[0, 0] = np.nan
    >>> found = descend(holes, k=1, ridge=0.0, learning_rate=0.05, epochs=300, center=False,
    ...                 rng=np.random.default_rng(0))
    >>> round(float(found.table()[0, 0]), 2)
    1.0
    """
    if ridge < 0 or not learning_rate > 0 or epochs < 1:
        raise ValueError(
            "descend: expected ridge of at least 0, a positive learning_rate and epochs of at "
            f"least 1; got {ridge}, {learning_rate} and {epochs}"
        )
    factors = start_factors(table, k=k, rng=rng, center=center)
    rows, columns = factors.rows.copy(), factors.columns.T.copy()
    where = np.argwhere(np.isfinite(table))
    values = (table - factors.offset)[where[:, 0], where[:, 1]]
    for epoch in range(epochs):
        rate = learning_rate * (1 - 0.9 * epoch / epochs)
        with np.errstate(over="ignore", invalid="ignore"):
            for at in rng.permutation(len(where)):
                i, j = where[at]
                u, m = rows[i], columns[j]
                error = values[at] - u @ m
                rows[i], columns[j] = (
                    u + rate * (error * m - ridge * u),
                    m + rate * (error * u - ridge * m),
                )
        if not (np.isfinite(rows).all() and np.isfinite(columns).all()):
            raise ValueError(
                f"descend: the steps grew without bound in epoch {epoch + 1}; expected a smaller "
                f"learning_rate than {learning_rate}, or a table with entries of order 1"
            )
        if observe is not None:
            observe(Factors(rows.copy(), columns.T.copy(), factors.offset))
    return Factors(rows, columns.T, factors.offset)
