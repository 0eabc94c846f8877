r"""Entropy, cross-entropy and their difference, the KL divergence: lengths of messages in bits.

.. math::

   H(p) = -\sum_i p_i \log_2 p_i, \quad
   H(p, q) = -\sum_i p_i \log_2 q_i, \quad
   D(p\,\|\,q) = H(p, q) - H(p) \ge 0 .

H(p) is what a symbol costs on average with the best code, H(p, q) what it costs with the code that
would be best for q. The last axis of an array runs over the symbols; ``0 log 0`` is 0.

Chapter: ``book/learning/coding.md``.

References
----------
Shannon, "A mathematical theory of communication", Bell System Technical Journal 27 (1948) 379;
Kullback and Leibler, Annals of Mathematical Statistics 22 (1951) 79.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["cross_entropy", "entropy", "frequencies", "kl_divergence"]


def entropy(p: Any) -> Any:
    """Return the entropy in bits.

    Parameters
    ----------
    p : array_like of float, shape (..., k)
        Probabilities; each row sums to 1.

    Returns
    -------
    float or ndarray, shape (...)

    Raises
    ------
    ValueError
        If p holds no probabilities.

    Examples
    --------
    >>> entropy([0.5, 0.25, 0.125, 0.125])
    1.75
    """
    p = _check(p, "p")
    return _plain(_times_log(p, p))


def cross_entropy(p: Any, q: Any) -> Any:
    """Return the bits that a symbol of p costs with the best code for q.

    Parameters
    ----------
    p, q : array_like of float, shapes (..., k) that broadcast
        Probabilities; each row sums to 1.

    Returns
    -------
    float or ndarray, shape (...)
        Infinite where q calls impossible what p does not.

    Examples
    --------
    >>> cross_entropy([0.5, 0.5], [0.75, 0.25])
    1.207518749639422
    """
    p, q = _check(p, "p"), _check(q, "q")
    return _plain(_times_log(p, q))


def kl_divergence(p: Any, q: Any) -> Any:
    r"""Return :math:`D(p\,\|\,q)`, the bits that the wrong code adds to a symbol.

    Summed as :math:`\sum_i [p_i \log_2 (p_i/q_i) + (q_i - p_i)/\ln 2]`, in which no term is
    negative; where p and q nearly agree, the difference of the two entropies would have no digit
    left.

    Parameters
    ----------
    p, q : array_like of float, shapes (..., k) that broadcast
        Probabilities; each row sums to 1.

    Returns
    -------
    float or ndarray, shape (...)

    Examples
    --------
    >>> round(kl_divergence([0.5, 0.5], [0.75, 0.25]), 6)
    0.207519
    >>> round(kl_divergence([0.75, 0.25], [0.5, 0.5]), 6)
    0.188722
    """
    p, q = np.broadcast_arrays(_check(p, "p"), _check(q, "q"))
    with np.errstate(divide="ignore", invalid="ignore"):
        x = (q - p) / p  # p log(p/q) + q - p = p (x - log1p(x))
        terms = np.where(p > 0, p * (x - np.log1p(x)), q)
    return _plain(np.sum(terms, axis=-1) / np.log(2))


def frequencies(symbols: Any, count: int) -> np.ndarray:
    """Return the share of each of ``count`` symbols in a message.

    Parameters
    ----------
    symbols : array_like of int, shape (n,)
        Values in 0 ... count-1; at least one.
    count : int

    Returns
    -------
    ndarray, shape (count,)

    Raises
    ------
    ValueError
        If the message is empty or a symbol is out of range.

    Examples
    --------
    >>> frequencies([0, 1, 1, 3], 4)
    array([0.25, 0.5 , 0.  , 0.25])
    """
    symbols = np.asarray(symbols)
    if symbols.size == 0 or symbols.min() < 0 or symbols.max() >= count:
        raise ValueError(
            f"frequencies: expected at least one symbol, all in 0 ... {count - 1}; "
            f"got {symbols.size} symbols"
        )
    return np.bincount(symbols.reshape(-1), minlength=count) / symbols.size


def _times_log(p: np.ndarray, q: np.ndarray) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p > 0, -p * np.log2(q), 0.0)
    return np.sum(terms, axis=-1) + 0.0  # no negative zero


def _check(p: Any, name: str) -> np.ndarray:
    p = np.asarray(p, np.float64)
    sums = p.sum(axis=-1) if p.ndim else p
    if not (p.ndim and np.all(p >= 0) and np.all(np.abs(sums - 1) < 1e-6)):
        raise ValueError(
            f"entropy: expected probabilities {name}, none negative, with the sum 1; got sums "
            f"{np.min(sums)} to {np.max(sums)}. Divide by the sum"
        )
    return p


def _plain(value: Any) -> Any:
    return float(value) if np.ndim(value) == 0 else value
