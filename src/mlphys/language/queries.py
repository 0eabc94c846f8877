"""Questions asked of tables and numbers: say what is wanted, not how to walk to it.

Every function is one comprehension or one generator, with a check of its input in front. Counting
starts at 1 where integers are asked for; permutations are tuples of ``0 … n−1``.

Chapter: ``book/language/queries.md``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from itertools import permutations
from math import isqrt
from typing import TypeVar

__all__ = [
    "consecutive_sums",
    "count_involutions",
    "divisors",
    "group_by",
    "invert",
    "involutions",
    "is_perfect",
    "sort_versions",
    "version_key",
]

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

VERSION = re.compile(r"(?P<numbers>[0-9]+(\.[0-9]+)*)((?P<stage>a|b|rc)(?P<count>[0-9]+))?")
STAGES = ("a", "b", "rc", "")  # alpha, beta, release candidate, release: in order of time


def invert(table: Mapping[K, Hashable]) -> dict[Hashable, K]:
    """Return the inverse of a one-to-one table: values become keys.

    Parameters
    ----------
    table : mapping
        Keys to hashable values, no value twice.

    Returns
    -------
    dict
        ``{value: key}`` in the order of the table.

    Raises
    ------
    ValueError
        If two keys share a value: the message names the value and both keys.

    Examples
    --------
    >>> invert({"H": 1, "He": 2})
    {1: 'H', 2: 'He'}
    >>> invert({"e": -1, "mu": -1})
    Traceback (most recent call last):
    ...
    ValueError: invert: expected each value once; got -1 for 'e' and 'mu'; use group_by to keep both
    """
    inverse: dict[Hashable, K] = {}
    for key, value in table.items():
        if value in inverse:
            raise ValueError(
                f"invert: expected each value once; got {value!r} for {inverse[value]!r}"
                f" and {key!r}; use group_by to keep both"
            )
        inverse[value] = key
    return inverse


def group_by(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Return the items in lists, one for each value of ``key``.

    Parameters
    ----------
    items : iterable
        Anything that can be walked once; it need not be sorted.
    key : callable
        Function of one item; its results must be hashable.

    Returns
    -------
    dict
        Keys in order of first appearance, items in their order.

    Examples
    --------
    >>> group_by(range(7), lambda n: n % 3)
    {0: [0, 3, 6], 1: [1, 4], 2: [2, 5]}
    """
    groups: dict[K, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def divisors(n: int) -> list[int]:
    """Return all divisors of n in increasing order, 1 and n included.

    Divisors come in pairs (d, n/d) with d ≤ √n, so that √n trials are enough.

    Parameters
    ----------
    n : int
        At least 1.

    Raises
    ------
    ValueError
        If n is below 1.

    Examples
    --------
    >>> divisors(28)
    [1, 2, 4, 7, 14, 28]
    """
    _check_positive("divisors", n)
    small = [d for d in range(1, isqrt(n) + 1) if n % d == 0]
    return small + [n // d for d in reversed(small) if d * d != n]


def is_perfect(n: int) -> bool:
    """Return whether n is the sum of its divisors other than n itself.

    Raises
    ------
    ValueError
        If n is below 1.

    Examples
    --------
    >>> [n for n in range(1, 1000) if is_perfect(n)]
    [6, 28, 496]
    """
    return sum(divisors(n)) == 2 * n


def version_key(version: str) -> tuple[tuple[int, ...], int, int]:
    """Return a key by which version strings sort in the order of their releases.

    Parameters
    ----------
    version : str
        Numbers with dots between them, then optionally ``a``, ``b`` or ``rc`` and a number:
        ``"1.10.2"``, ``"2.0rc1"``. This is the part of Python's rules [1]_ that releases use.

    Returns
    -------
    tuple
        Numbers without zeros at the end (``1.0`` and ``1`` are one version), the stage (0 to 3),
        and the number of the stage.

    Raises
    ------
    ValueError
        If the text is no such version.

    References
    ----------
    .. [1] Version specifiers, Python Packaging User Guide,
       https://packaging.python.org/en/latest/specifications/version-specifiers/

    Examples
    --------
    >>> version_key("1.10") > version_key("1.9")
    True
    >>> version_key("2.0rc1")
    ((2,), 2, 1)
    """
    found = VERSION.fullmatch(version)
    if not found:
        raise ValueError(
            "version_key: expected numbers with dots, then optionally a, b or rc and a number,"
            f" such as '1.10.2' or '2.0rc1'; got {version!r}"
        )
    numbers = [int(part) for part in found["numbers"].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers), STAGES.index(found["stage"] or ""), int(found["count"] or 0)


def sort_versions(versions: Iterable[str]) -> list[str]:
    """Return version strings from the oldest to the newest.

    Raises
    ------
    ValueError
        If one of them is no version (see :func:`version_key`).

    Examples
    --------
    >>> sort_versions(["1.10", "1.9", "1.10rc1", "1.2"])
    ['1.2', '1.9', '1.10rc1', '1.10']
    """
    return sorted(versions, key=version_key)


def consecutive_sums(n: int) -> list[range]:
    """Return every run of two or more consecutive positive integers whose sum is n.

    A run of k integers that starts at a has the sum k a + k (k − 1)/2. So for each k that leaves
    a positive rest divisible by k there is one run.

    Parameters
    ----------
    n : int
        At least 1.

    Returns
    -------
    list of range
        From the shortest run to the longest; empty exactly for the powers of two.

    Raises
    ------
    ValueError
        If n is below 1.

    Examples
    --------
    >>> [list(run) for run in consecutive_sums(9)]
    [[4, 5], [2, 3, 4]]
    >>> consecutive_sums(8)
    []
    """
    _check_positive("consecutive_sums", n)
    rests = ((k, n - k * (k - 1) // 2) for k in range(2, isqrt(2 * n) + 1))
    return [range(r // k, r // k + k) for k, r in rests if r > 0 and r % k == 0]


def involutions(n: int) -> Iterator[tuple[int, ...]]:
    """Yield every permutation of 0 … n−1 that undoes itself, by trying all n! of them.

    Parameters
    ----------
    n : int
        At least 0. Above 10 this takes minutes: use :func:`count_involutions` to count.

    Raises
    ------
    ValueError
        If n is negative.

    Examples
    --------
    >>> list(involutions(3))
    [(0, 1, 2), (0, 2, 1), (1, 0, 2), (2, 1, 0)]
    """
    _check_positive("involutions", n, least=0)
    return (p for p in permutations(range(n)) if all(p[p[i]] == i for i in range(n)))


def count_involutions(n: int) -> int:
    """Return the number of involutions of n things, by a(n) = a(n−1) + (n−1) a(n−2).

    The last thing either stays, or it is exchanged with one of the n−1 others.

    Parameters
    ----------
    n : int
        At least 0.

    Raises
    ------
    ValueError
        If n is negative.

    References
    ----------
    OEIS A000085, https://oeis.org/A000085

    Examples
    --------
    >>> [count_involutions(n) for n in range(10)]
    [1, 1, 2, 4, 10, 26, 76, 232, 764, 2620]
    """
    _check_positive("count_involutions", n, least=0)
    before, now = 1, 1
    for m in range(2, n + 1):
        before, now = now, now + (m - 1) * before
    return now


def _check_positive(name: str, n: int, *, least: int = 1) -> None:
    if n < least:
        raise ValueError(f"{name}: expected an integer of at least {least}; got {n!r}")
