"""Models for the arithmetic coder: what probability the next symbol has, in whole numbers.

``StaticModel``: the same probabilities for every symbol. ``AdaptiveModel``: counts of what was seen
so far, by Laplace's rule of succession. ``TableModel``: a row of probabilities for each place of the
message, such as a classifier's answers. Simplest first.

Probabilities become whole numbers out of 2**40, at least 1 where they were not 0: sender and
receiver then agree exactly, and an event of probability 1e-9 keeps three digits.

Chapter: ``book/learning/coding.md``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, no_type_check

import numpy as np

from mlphys.learning.coding import LARGEST_TOTAL

__all__ = ["AdaptiveModel", "StaticModel", "TableModel", "whole_numbers"]


def whole_numbers(probabilities: Any) -> np.ndarray:
    """Return probabilities as whole numbers with the sum 2**40.

    Parameters
    ----------
    probabilities : array_like of float, shape (..., k)
        Each row sums to 1 within 1e-6.

    Returns
    -------
    ndarray of int64, shape (..., k)
        0 where the probability is 0, else at least 1. What rounding leaves goes to the most
        probable symbol.

    Raises
    ------
    ValueError
        If there are no symbols, or entries are no probabilities.

    Examples
    --------
    >>> whole_numbers([0.25, 0.75 - 1e-14, 1e-14, 0.0]) / 2**38
    array([1.00000000e+00, 3.00000000e+00, 3.63797881e-12, 0.00000000e+00])
    """
    p = np.asarray(probabilities, np.float64)
    if p.ndim == 0 or p.shape[-1] == 0 or p.shape[-1] > 1 << 20:
        raise ValueError(
            f"model: expected probabilities of 1 to {1 << 20} symbols; got shape {p.shape}"
        )
    sums = p.sum(axis=-1)
    if not (np.all(p >= 0) and np.all(np.abs(sums - 1) < 1e-6)):
        raise ValueError(
            f"model: expected probabilities, none negative, with the sum 1; got sums "
            f"{np.min(sums)} to {np.max(sums)}, smallest entry {np.min(p)}. Divide by the sum"
        )
    counts = (p / sums[..., None] * LARGEST_TOTAL).astype(np.int64)
    counts = np.maximum(counts, p > 0)
    top = counts.argmax(axis=-1)[..., None]
    spare = LARGEST_TOTAL - counts.sum(axis=-1, keepdims=True)
    np.put_along_axis(counts, top, np.take_along_axis(counts, top, -1) + spare, -1)
    return counts


# called for every symbol: type checks of the tests would cost 25 times the work
@no_type_check
class StaticModel:
    """The same probabilities at every place.

    Parameters
    ----------
    probabilities : sequence of float, shape (k,)
        Sum 1. A symbol of probability 0 cannot be sent.

    Examples
    --------
    >>> below, size, total = StaticModel([0.5, 0.25, 0.25]).interval(1)
    >>> below / total, size / total
    (0.5, 0.25)
    """

    def __init__(self, probabilities: Sequence[float] | np.ndarray) -> None:
        counts = whole_numbers(probabilities)
        if counts.ndim != 1:
            raise ValueError(
                f"StaticModel: expected one row of probabilities; got shape {counts.shape}. "
                "TableModel takes one row for each place"
            )
        self.counts: list[int] = counts.tolist()
        self.below: list[int] = [0, *np.cumsum(counts).tolist()]

    def fresh(self) -> StaticModel:
        """Return the model itself: it has no memory."""
        return self

    def fingerprint(self) -> bytes:
        """Return its whole numbers as bytes."""
        return np.array(self.counts, "<i8").tobytes()

    def interval(self, symbol: int) -> tuple[int, int, int]:
        """Return (below, size, total) of a symbol."""
        if not 0 <= symbol < len(self.counts) or not self.counts[symbol]:
            raise _no_such_symbol(symbol, len(self.counts))
        return self.below[symbol], self.counts[symbol], LARGEST_TOTAL

    def total(self) -> int:
        """Return 2**40."""
        return LARGEST_TOTAL

    def locate(self, part: int) -> tuple[int, int, int]:
        """Return (symbol, below, size) of the owner of a part."""
        symbol = bisect_right(self.below, part) - 1
        return symbol, self.below[symbol], self.counts[symbol]

    def learn(self, symbol: int) -> None:
        """Learn nothing."""
        del symbol  # the interface of all models; this one has no memory


# called for every symbol: type checks of the tests would cost 25 times the work
@no_type_check
class AdaptiveModel:
    """Laplace's rule: a symbol seen c times among n has the probability (c + 1)/(n + k).

    Counts and their running sums stand in a Fenwick tree: node i holds the sum over the
    ``i & -i`` symbols that end with i, so that each query or update touches one node a binary
    digit.

    Parameters
    ----------
    symbols : int
        Their number k; 256 for bytes.

    Examples
    --------
    >>> model = AdaptiveModel(2)
    >>> for _ in range(8):
    ...     model.learn(1)
    >>> model.interval(1)
    (1, 9, 10)
    """

    def __init__(self, symbols: int) -> None:
        if not 1 <= symbols <= 1 << 20:
            raise ValueError(f"AdaptiveModel: expected 1 to {1 << 20} symbols; got {symbols}")
        self.symbols, self.sum = symbols, symbols
        self.counts = [1] * symbols
        self.tree = [i & -i for i in range(symbols + 1)]
        self.highest = 1 << symbols.bit_length() - 1

    def fresh(self) -> AdaptiveModel:
        """Return a model that has seen nothing."""
        return AdaptiveModel(self.symbols)

    def fingerprint(self) -> bytes:
        """Return the number of symbols as bytes: a fresh model has no other property."""
        return b"Laplace" + self.symbols.to_bytes(4, "big")

    def interval(self, symbol: int) -> tuple[int, int, int]:
        """Return (below, size, total) of a symbol."""
        if not 0 <= symbol < self.symbols:
            raise _no_such_symbol(symbol, self.symbols)
        tree, below, i = self.tree, 0, symbol
        while i:
            below += tree[i]
            i &= i - 1
        return below, self.counts[symbol], self.sum

    def total(self) -> int:
        """Return the number of symbols seen, plus k."""
        return self.sum

    def locate(self, part: int) -> tuple[int, int, int]:
        """Return (symbol, below, size) of the owner of a part."""
        tree, last, i, rest, step = self.tree, self.symbols, 0, part, self.highest
        while step:
            node = i + step
            if node <= last and tree[node] <= rest:
                i = node
                rest -= tree[node]
            step >>= 1
        return i, part - rest, self.counts[i]

    def learn(self, symbol: int) -> None:
        """Count a symbol."""
        tree, last, i = self.tree, self.symbols, symbol + 1
        self.counts[symbol] += 1
        self.sum += 1
        while i <= last:
            tree[i] += 1
            i += i & -i


# called for every symbol: type checks of the tests would cost 25 times the work
@no_type_check
class TableModel:
    """One row of probabilities for each place of the message.

    Parameters
    ----------
    probabilities : array_like of float, shape (n, k)
        Row i belongs to symbol i of the message; each row sums to 1.

    Examples
    --------
    >>> model = TableModel([[0.5, 0.5], [0.25, 0.75]])
    >>> model.learn(0)  # go to the next place
    >>> below, size, total = model.interval(1)
    >>> below / total, size / total
    (0.25, 0.75)
    """

    def __init__(self, probabilities: Any) -> None:
        counts = whole_numbers(probabilities)
        if counts.ndim != 2:
            raise ValueError(
                f"TableModel: expected probabilities of shape (n, k); got {counts.shape}"
            )
        self.counts = counts
        self.below = np.zeros((len(counts), counts.shape[1] + 1), np.int64)
        np.cumsum(counts, axis=1, out=self.below[:, 1:])
        self.place = 0

    def fresh(self) -> TableModel:
        """Return the same table at its first row."""
        copy = object.__new__(TableModel)
        copy.counts, copy.below, copy.place = self.counts, self.below, 0
        return copy

    def fingerprint(self) -> bytes:
        """Return the whole numbers of all rows as bytes."""
        return self.counts.astype("<i8").tobytes() + self.counts.shape[1].to_bytes(4, "big")

    def interval(self, symbol: int) -> tuple[int, int, int]:
        """Return (below, size, total) of a symbol at this place."""
        self._check_place()
        if not 0 <= symbol < self.counts.shape[1] or not self.counts[self.place, symbol]:
            raise _no_such_symbol(symbol, self.counts.shape[1])
        below, above = self.below[self.place, symbol : symbol + 2].tolist()
        return below, above - below, LARGEST_TOTAL

    def total(self) -> int:
        """Return 2**40."""
        return LARGEST_TOTAL

    def locate(self, part: int) -> tuple[int, int, int]:
        """Return (symbol, below, size) of the owner of a part."""
        self._check_place()
        row = self.below[self.place].tolist()
        symbol = bisect_right(row, part) - 1
        return symbol, row[symbol], row[symbol + 1] - row[symbol]

    def learn(self, symbol: int) -> None:
        """Go to the next row, whatever the symbol was."""
        del symbol  # the interface of all models
        self.place += 1

    def _check_place(self) -> None:
        if self.place >= len(self.counts):
            raise ValueError(
                f"TableModel: expected at most {len(self.counts)} symbols, one a row; "
                "the message is longer"
            )


def _no_such_symbol(symbol: int, symbols: int) -> ValueError:
    return ValueError(
        f"model: expected a symbol among 0 ... {symbols - 1} with a probability above 0; "
        f"got {symbol}. A model that calls a symbol impossible cannot send it"
    )
