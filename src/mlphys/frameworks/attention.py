r"""One head of attention, forwards and backwards by hand.

Tokens are rows of ``x``, shape (n, d). Each asks (:math:`Q = X W_q`), offers (:math:`K = X W_k`)
and holds (:math:`V = X W_v`), with matrices of shape (d, h). What it gets is a mean of what the
others hold, :math:`Y = A V` with rows :math:`A = \mathrm{softmax}(Q K^T / \sqrt h)` that sum to 1.
Nothing in that knows an order: permuting the rows of ``x`` permutes the rows of Y.

Chapter: ``book/frameworks/landscape.md``.

References
----------
Vaswani et al., NeurIPS (2017), eq. 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["attention", "attention_gradient", "draw_head", "positions", "softmax_rows"]

Head = tuple[Any, Any, Any]


def softmax_rows(z: Any) -> Any:
    """Return rows of positive numbers that sum to 1, in proportion to exp(z).

    Examples
    --------
    >>> softmax_rows(np.log([[1.0, 3.0]])).round(6).tolist()
    [[0.25, 0.75]]
    """
    e = np.exp(z - np.max(np.real(z), axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def draw_head(width: int, inner: int, *, rng: np.random.Generator) -> Head:
    """Return random W_q, W_k, W_v of shape (width, inner) and variance 1/width.

    Examples
    --------
    >>> [w.shape for w in draw_head(4, 2, rng=np.random.default_rng(0))]
    [(4, 2), (4, 2), (4, 2)]
    """
    wq, wk, wv = rng.normal(size=(3, width, inner)) / np.sqrt(width)
    return wq, wk, wv


def attention(x: Any, head: Head) -> tuple[Any, Any]:
    """Return what each token gets, shape (n, h), and whom it listens to, shape (n, n).

    Examples
    --------
    A head without questions listens to all alike and takes the mean.

    >>> zero, one = np.zeros((1, 1)), np.eye(1)
    >>> y, weights = attention(np.array([[1.0], [2], [6]]), (zero, zero, one))
    >>> y.ravel().tolist(), weights[0].round(3).tolist()
    ([3.0, 3.0, 3.0], [0.333, 0.333, 0.333])
    """
    wq, wk, wv = head
    q, k, v = x @ wq, x @ wk, x @ wv
    a = softmax_rows(q @ k.T / np.sqrt(k.shape[1]))
    return a @ v, a


def attention_gradient(g: np.ndarray, x: np.ndarray, head: Head) -> tuple[np.ndarray, Head]:
    """Return the sensitivities of ``x`` and of the three matrices, given that of the output.

    Parameters
    ----------
    g : ndarray, shape (n, h)
        Sensitivity of what each token gets.
    x : ndarray, shape (n, d)
    head : three ndarray, shape (d, h)

    Examples
    --------
    >>> x, head = np.ones((2, 3)), draw_head(3, 2, rng=np.random.default_rng(0))
    >>> by_x, by_head = attention_gradient(np.ones((2, 2)), x, head)
    >>> by_x.shape, [part.shape for part in by_head]
    ((2, 3), [(3, 2), (3, 2), (3, 2)])
    """
    wq, wk, wv = head
    q, k, v = x @ wq, x @ wk, x @ wv
    a = softmax_rows(q @ k.T / np.sqrt(k.shape[1]))
    gv, ga = a.T @ g, g @ v.T
    gz = a * (ga - (a * ga).sum(axis=1, keepdims=True)) / np.sqrt(k.shape[1])
    gq, gk = gz @ k, gz.T @ q
    by_x = gq @ wq.T + gk @ wk.T + gv @ wv.T
    return by_x, (x.T @ gq, x.T @ gk, x.T @ gv)


def positions(n: int, width: int) -> np.ndarray:
    """Return waves that tell tokens their place, shape (n, width): sines, then cosines.

    Raises
    ------
    ValueError
        If the width is odd.

    Examples
    --------
    >>> positions(2, 2).round(4).tolist()
    [[0.0, 1.0], [0.8415, 0.5403]]
    """
    if width % 2:
        raise ValueError(f"positions: expected an even width; got {width}")
    rates = 10_000.0 ** (-np.arange(width // 2) / max(width // 2, 1))
    phase = np.arange(n)[:, None] * rates
    return np.hstack([np.sin(phase), np.cos(phase)])
