"""Small exercises, solved: sums of squares, Pell's equation, choices, graphs, polynomials, orders.

The larger ones have modules of their own: :mod:`~mlphys.language.angles`,
:mod:`~mlphys.language.lie_algebras`, :mod:`~mlphys.language.rotations` and
:mod:`~mlphys.language.newton`.

References
----------
.. [1] G. N. Watson, "The problem of the square pyramid", Messenger of Mathematics 48, 1 (1918).
.. [2] N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd edition (2002), chapter 5.
"""

from collections.abc import Callable, Iterator, Sequence
from math import comb, isqrt
from typing import Any

import numpy as np

__all__ = [
    "choices",
    "connected_components",
    "count_choices",
    "horner_bound",
    "is_permutation",
    "make_polynomial",
    "pell",
    "pell_by_search",
    "square_pyramids",
]


def square_pyramids(limit: int) -> list[tuple[int, int]]:
    """Return all (k, root) with ``1² + 2² + … + k² = root²`` and k up to ``limit``.

    Examples
    --------
    >>> square_pyramids(1000)
    [(1, 1), (24, 70)]
    """
    found, total = [], 0
    for k in range(1, limit + 1):
        total += k * k
        if isqrt(total) ** 2 == total:
            found.append((k, isqrt(total)))
    return found


def pell_by_search(n: int, *, limit: int) -> tuple[int, int] | None:
    """Return the least (a, b) with ``n a² + 1 = b²`` and a from 1 to ``limit``, or None.

    Examples
    --------
    >>> pell_by_search(13, limit=1000)
    (180, 649)
    """
    for a in range(1, limit + 1):
        square = n * a * a + 1
        if isqrt(square) ** 2 == square:
            return a, isqrt(square)
    return None


def pell(n: int) -> tuple[int, int]:
    """Return the least positive (a, b) with ``n a² + 1 = b²``, by the continued fraction of √n.

    The convergents b/a of √n come closest to it for their size, and one of them solves the equation.
    All numbers are whole; nothing is rounded.

    Parameters
    ----------
    n : int
        Positive, and not a square.

    Returns
    -------
    tuple of int

    Raises
    ------
    ValueError
        If n is not positive or a square, where no positive solution exists.

    Examples
    --------
    >>> pell(13)
    (180, 649)
    """
    root = isqrt(n) if n > 0 else 0
    if n <= 0 or root * root == n:
        raise ValueError(
            f"pell: expected a positive number that is not a square, got {n}; "
            "no squares of positive whole numbers differ by 1"
        )
    m, d, term = 0, 1, root  # the rest of the fraction is (√n + m)/d
    b_before, b, a_before, a = 1, root, 0, 1
    while b * b - n * a * a != 1:
        m = d * term - m
        d = (n - m * m) // d
        term = (root + m) // d
        b_before, b = b, term * b + b_before
        a_before, a = a, term * a + a_before
    return a, b


def choices(n: int, k: int) -> Iterator[tuple[int, ...]]:
    """Yield all ways to choose k of the numbers 0, …, n − 1 with repetition, order ignored.

    Each choice is a tuple that does not decrease.

    Examples
    --------
    >>> list(choices(2, 3))
    [(0, 0, 0), (0, 0, 1), (0, 1, 1), (1, 1, 1)]
    """
    _check_counts(n, k)
    if k == 0:
        yield ()
        return
    for first in range(n):
        for rest in choices(n - first, k - 1):
            yield (first, *(first + number for number in rest))


def count_choices(n: int, k: int) -> int:
    """Return the number of choices of k out of n with repetition, ``C(n + k − 1, k)``.

    Raises
    ------
    ValueError
        If a number is negative.

    Examples
    --------
    >>> count_choices(6, 2)
    21
    """
    _check_counts(n, k)
    return 1 if k == 0 else comb(n + k - 1, k)


def _check_counts(n: int, k: int) -> None:
    if n < 0 or k < 0:
        raise ValueError(f"choices: expected n and k of at least 0, got n = {n}, k = {k}")


def connected_components(adjacency: Any) -> list[list[int]]:
    """Return the connected parts of a graph, each sorted, in order of their first members.

    Parameters
    ----------
    adjacency : array_like, shape (n, n)
        Symmetric; entry (i, j) is not zero where i and j are joined.

    Returns
    -------
    list of list of int

    Raises
    ------
    ValueError
        If the table is not square or not symmetric.

    Examples
    --------
    >>> connected_components([[0, 0, 1], [0, 0, 0], [1, 0, 0]])
    [[0, 2], [1]]
    """
    joined = np.asarray(adjacency) != 0
    if joined.ndim != 2 or joined.shape[0] != joined.shape[1]:
        raise ValueError(
            f"connected_components: expected a square table, one row and column a node, "
            f"got shape {joined.shape}"
        )
    one_way = np.argwhere(joined & ~joined.T)
    if len(one_way):
        i, j = map(int, one_way[0])
        raise ValueError(
            f"connected_components: expected a symmetric table, got a link from {i} to {j} and none "
            "back; use adjacency | adjacency.T if the direction does not matter"
        )
    left, parts = set(range(len(joined))), []
    while left:
        waiting = [min(left)]
        left.remove(waiting[0])
        part = []
        while waiting:
            node = waiting.pop()
            part.append(node)
            new = left.intersection(map(int, np.flatnonzero(joined[node])))
            left -= new
            waiting.extend(new)
        parts.append(sorted(part))
    return parts


def make_polynomial(coefficients: Sequence[Any]) -> Callable[[Any], Any]:
    """Return the function ``c₀ + c₁ x + c₂ x² + …``, evaluated by Horner's rule.

    Parameters
    ----------
    coefficients : sequence of number
        c₀, c₁, …; at least one. They are copied.

    Returns
    -------
    callable
        Takes a number, a fraction, or an array (entry by entry).

    Raises
    ------
    ValueError
        If there is no coefficient.

    Examples
    --------
    >>> make_polynomial([1, 0, 2])(10)
    201
    """
    if len(coefficients) == 0:
        raise ValueError(
            "make_polynomial: expected at least one coefficient, got none; zero is [0]"
        )
    *lower, highest = coefficients

    def polynomial(x: Any) -> Any:
        value = highest + 0 * x  # the shape of x, even for a constant
        for coefficient in reversed(lower):
            value = value * x + coefficient
        return value

    return polynomial


def horner_bound(coefficients: Sequence[float], x: Any) -> Any:
    """Return a bound on the rounding error of Horner's rule in binary64.

    ``γ Σ |c_k| |x|^k`` with γ = 2n u / (1 − 2n u), degree n and u = 2⁻⁵³.

    Parameters
    ----------
    coefficients : sequence of float
        c₀, c₁, …, exact numbers of binary64.
    x : float or ndarray

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> horner_bound([1.0, 1.0], 1.0) < 1e-15
    True
    """
    share = 2 * (len(coefficients) - 1) * 2.0**-53
    return share / (1 - share) * make_polynomial([abs(c) for c in coefficients])(abs(x))


def is_permutation(candidate: Any) -> bool:
    """Tell whether a tuple holds each of 0, 1, …, n − 1 exactly once, as whole numbers.

    Anything that is no tuple of whole numbers is no permutation, and the answer is False: ``True`` is
    no 1 here, and ``1.0`` neither. NumPy's whole numbers count.

    Parameters
    ----------
    candidate : object

    Returns
    -------
    bool

    Examples
    --------
    >>> is_permutation((2, 0, 1)), is_permutation((0, -1)), is_permutation((0, True))
    (True, False, False)
    """
    if not isinstance(candidate, tuple):
        return False
    if not all(isinstance(i, int | np.integer) and not isinstance(i, bool) for i in candidate):
        return False
    return sorted(candidate) == list(range(len(candidate)))
