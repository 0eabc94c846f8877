r"""Skip-gram with negative sampling: vectors for words, learned from who stands beside whom.

A pair (w, c) of a word and a word of its context is drawn from the corpus with probability
:math:`P_{wc}`, or with both ends drawn apart, word by :math:`P_w` and context by :math:`Q_c`. The
vectors :math:`u_w, v_c` are to tell the two cases apart; with K false pairs for each true one the
loss is

.. math:: L = -\sum_{wc} \Bigl( P_{wc} \log\sigma(u_w \cdot v_c)
          + K P_w Q_c \log\sigma(-u_w \cdot v_c) \Bigr) .

A large vocabulary has to *sample* this sum, and the sampled gradient is :func:`sampled_gradients`.
With some hundred words the sum itself is cheaper than a decent sample, so that training here takes
the exact expectation. Without a limit to the dimension the minimum is
:math:`u_w \cdot v_c = \log (P_{wc} / P_w Q_c) - \log K`: a factorization of a matrix of logarithms.
Chapter: ``book/frameworks/factorization.md``. Questions to the vectors:
:mod:`mlphys.frameworks.word_vectors`.

References
----------
Mikolov et al., Advances in Neural Information Processing Systems 26 (2013), for the method;
Levy and Goldberg, ibid. 27 (2014), for the minimum.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from mlphys.learning.optimizers import adam

__all__ = [
    "Pairs",
    "Vectors",
    "count_pairs",
    "loss_and_gradients",
    "pair_shares",
    "sampled_gradients",
    "train_vectors",
]


class Pairs(NamedTuple):
    """How often pairs come up.

    Attributes
    ----------
    true : ndarray of float, shape (words, words)
        :math:`P_{wc}`, of sum 1.
    false : ndarray of float, shape (words, words)
        :math:`K P_w Q_c`, of sum K.
    """

    true: np.ndarray
    false: np.ndarray


class Vectors(NamedTuple):
    """A vector for each word and one for each word as context, both of shape (words, k)."""

    words: np.ndarray
    contexts: np.ndarray


def count_pairs(streams: Sequence[np.ndarray], *, words: int, window: int = 4) -> np.ndarray:
    """Return how often two words stand within the window of each other, symmetric.

    Parameters
    ----------
    streams : sequence of ndarray of int, shape (n,)
        Word numbers; -1 is a word without a number, which still takes up a place.
    words : int
        Size of the vocabulary.
    window : int, default 4
        Largest distance of a pair.

    Raises
    ------
    ValueError
        If the window is below 1, or a number is not below ``words``.

    Examples
    --------
    >>> count_pairs([np.array([0, 1, -1, 0])], words=2, window=2)
    array([[0., 2.],
           [2., 0.]])
    """
    if window < 1:
        raise ValueError(f"count_pairs: expected a window of at least 1; got {window}")
    counts = np.zeros(words * words)
    for stream in streams:
        if stream.size and stream.max() >= words:
            raise ValueError(
                f"count_pairs: expected numbers below words = {words}; got {stream.max()}"
            )
        for distance in range(1, window + 1):
            left, right = stream[:-distance], stream[distance:]
            both = (left >= 0) & (right >= 0)
            np.add.at(counts, left[both] * words + right[both], 1.0)
    square = counts.reshape(words, words)
    return square + square.T


def pair_shares(
    counts: np.ndarray, *, negatives: float = 5, power: float = 0.75, often: float = 1e-3
) -> Pairs:
    """Return the shares of true and of false pairs.

    Parameters
    ----------
    counts : ndarray of float, shape (words, words)
    negatives : float, default 5
        K, false pairs for each true one.
    power : float, default 0.75
        Contexts of false pairs are drawn by their share to this power.
    often : float, default 1e-3
        A word with a larger share than this is skipped at random, so that it keeps the geometric
        mean of the two; infinity keeps all.

    Raises
    ------
    ValueError
        If there is no pair at all, or ``negatives`` or ``often`` is not positive.

    Examples
    --------
    >>> pairs = pair_shares(np.array([[0.0, 3.0], [3.0, 2.0]]), negatives=2, power=1, often=np.inf)
    >>> pairs.true
    array([[0.   , 0.375],
           [0.375, 0.25 ]])
    >>> pairs.false.sum()
    np.float64(2.0)
    """
    if not counts.sum() > 0 or not negatives > 0 or not often > 0:
        raise ValueError(
            "pair_shares: expected at least one pair, and negatives and often above 0; got "
            f"{counts.sum():g} pairs, {negatives} and {often}"
        )
    share = counts.sum(axis=1) / counts.sum()
    kept = np.sqrt(np.minimum(1.0, often / np.maximum(share, 1e-300)))
    true = counts * np.outer(kept, kept)
    true /= true.sum()
    by_word, by_context = true.sum(axis=1), true.sum(axis=0) ** power
    return Pairs(true, negatives * np.outer(by_word, by_context / by_context.sum()))


def loss_and_gradients(pairs: Pairs, vectors: Vectors) -> tuple[float, Vectors]:
    """Return the loss in nats per true pair and its gradient.

    Examples
    --------
    >>> pairs = pair_shares(np.array([[0.0, 1.0], [1.0, 0.0]]), negatives=1)
    >>> loss, gradient = loss_and_gradients(pairs, Vectors(np.zeros((2, 1)), np.zeros((2, 1))))
    >>> round(loss, 6)  # two coins
    1.386294
    """
    scores = vectors.words @ vectors.contexts.T
    loss = (pairs.true * np.logaddexp(0, -scores) + pairs.false * np.logaddexp(0, scores)).sum()
    slope = _slope(pairs, scores)
    return float(loss), Vectors(slope @ vectors.contexts, slope.T @ vectors.words)


def sampled_gradients(
    pairs: Pairs, vectors: Vectors, *, batch: int, rng: np.random.Generator
) -> Vectors:
    """Return the gradient estimated from drawn pairs, true and false, without bias.

    Parameters
    ----------
    pairs : Pairs
    vectors : Vectors
    batch : int
        Number of true pairs drawn; of false ones K times as many, rounded to an integer.
    rng : numpy.random.Generator
    """
    size = len(pairs.true)
    negatives = pairs.false.sum()
    slope = np.zeros(size * size)
    for shares, drawn, sign in (
        (pairs.true, batch, -1.0),
        (pairs.false, max(1, round(batch * negatives)), 1.0),
    ):
        flat = shares.reshape(-1)
        cells = rng.choice(size * size, size=drawn, p=flat / flat.sum())
        w, c = np.divmod(cells, size)
        score = np.einsum("nk,nk->n", vectors.words[w], vectors.contexts[c])
        np.add.at(slope, cells, sign * expit(sign * score) * flat.sum() / drawn)
    square = slope.reshape(size, size)
    return Vectors(square @ vectors.contexts, square.T @ vectors.words)


def train_vectors(
    pairs: Pairs,
    *,
    k: int,
    rng: np.random.Generator,
    steps: int = 150,
    learning_rate: float = 0.05,
) -> Vectors:
    """Return vectors after steps of Adam along the exact gradient, in single precision.

    Parameters
    ----------
    pairs : Pairs
    k : int
        Dimension of the vectors, at least 1.
    rng : numpy.random.Generator
        For the start.
    steps : int, default 150
    learning_rate : float, default 0.05
        Of the first step; it falls linearly to a tenth.

    Raises
    ------
    ValueError
        If k or steps are below 1, or the learning rate is not positive.

    Examples
    --------
    >>> pairs = pair_shares(np.array([[0.0, 3.0], [3.0, 1.0]]))
    >>> train_vectors(pairs, k=2, rng=np.random.default_rng(0), steps=5).words.shape
    (2, 2)
    """
    if k < 1 or steps < 1 or not learning_rate > 0:
        raise ValueError(
            "train_vectors: expected k and steps of at least 1 and a positive learning_rate; got "
            f"{k}, {steps} and {learning_rate}"
        )
    size = len(pairs.true)
    pairs = Pairs(*(shares.astype(np.float32) for shares in pairs))  # half the time
    x = (0.1 * rng.normal(size=(2, size, k))).astype(np.float32)
    flat, rule = x.reshape(-1), adam(beta2=0.99, epsilon=1e-12)  # gradients are small: 1/words
    state = rule.init(flat)
    for step in range(steps):
        slope = _slope(pairs, x[0] @ x[1].T)
        gradient = np.concatenate([slope @ x[1], slope.T @ x[0]]).reshape(-1)
        state = rule.update(flat, gradient, state, learning_rate * (1 - 0.9 * step / steps))
    return Vectors(x[0], x[1])


def _slope(pairs: Pairs, scores: np.ndarray) -> np.ndarray:
    """Return the derivative of the loss in each score."""
    return (pairs.true + pairs.false) * expit(scores) - pairs.true
