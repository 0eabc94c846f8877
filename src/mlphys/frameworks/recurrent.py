r"""Nets that read step by step: a plain recurrent one, and a long short-term memory (LSTM).

The plain net keeps a state :math:`h_t = \tanh(W h_{t-1} + U x_t)`. The LSTM keeps a cell besides,
with gates :math:`f, i, o = \mathrm{logistic}(\dots)` that forget, write and show:
:math:`c_t = f_t c_{t-1} + i_t \tanh(\dots)`, :math:`h_t = o_t \tanh c_t`. Where f stays near 1 the
derivative of a late cell by an early one does, too.

Inputs have shape (steps, batch, inputs). All functions are plain NumPy that the project's tape can
follow.

Chapter: ``book/frameworks/landscape.md``.

References
----------
Hochreiter and Schmidhuber, Neural Computation 9 (1997) 1735.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mlphys.derivatives.tape import gradient

__all__ = ["Weights", "draw_weights", "memory_trace", "run_lstm", "run_plain"]


class Weights(NamedTuple):
    """``state`` (d, g d), ``inputs`` (k, g d), ``offset`` (g d,) with g = 1 (plain) or 4 (LSTM)."""

    state: Any
    inputs: Any
    offset: Any


def draw_weights(
    inputs: int, width: int, *, gates: int, rng: np.random.Generator, keep: float = 1.0
) -> Weights:
    """Return random weights of variance 1/fan-in; forget gates start at the offset ``keep``.

    Raises
    ------
    ValueError
        If ``gates`` is neither 1 (plain) nor 4 (LSTM).

    Examples
    --------
    >>> draw_weights(2, 8, gates=4, rng=np.random.default_rng(0)).state.shape
    (8, 32)
    """
    if gates not in (1, 4):
        raise ValueError(f"draw_weights: expected gates = 1 (plain) or 4 (LSTM); got {gates}")
    state = rng.normal(size=(width, gates * width)) / np.sqrt(width)
    offset = np.zeros(gates * width)
    if gates == 4:
        offset[:width] = keep
    return Weights(state, rng.normal(size=(inputs, gates * width)) / np.sqrt(inputs), offset)


def run_plain(weights: Weights, x: Any) -> Any:
    """Return the last state of the plain net, shape (batch, d).

    Examples
    --------
    >>> w = Weights(np.eye(1), np.eye(1), np.zeros(1))
    >>> run_plain(w, np.ones((1, 1, 1))).round(4).tolist()
    [[0.7616]]
    """
    h = np.zeros((x.shape[1], weights.state.shape[0]))
    for t in range(x.shape[0]):
        h = np.tanh(h @ weights.state + x[t] @ weights.inputs + weights.offset)
    return h


def run_lstm(weights: Weights, x: Any) -> Any:
    """Return the last shown state of the LSTM, shape (batch, d). Gates: forget, write, show, new.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> run_lstm(draw_weights(2, 3, gates=4, rng=rng), np.ones((5, 1, 2))).shape
    (1, 3)
    """
    d = weights.state.shape[0]
    h = c = np.zeros((x.shape[1], d))
    for t in range(x.shape[0]):
        z = h @ weights.state + x[t] @ weights.inputs + weights.offset
        forget, write, show = (_logistic(z[:, k * d : (k + 1) * d]) for k in range(3))
        c = forget * c + write * np.tanh(z[:, 3 * d :])
        h = show * np.tanh(c)
    return h


def memory_trace(run: Any, weights: Any, x: np.ndarray) -> np.ndarray:
    """Return how strongly the last state answers to each input, shape (steps,).

    It is the norm of the gradient of one sum over the last state, Σ ±h with alternating signs, by
    the input of each step, taken on our own tape.

    Examples
    --------
    >>> w = Weights(0.5 * np.eye(1), np.eye(1), np.zeros(1))
    >>> memory_trace(run_plain, w, np.zeros((4, 1, 1))).tolist()
    [0.125, 0.25, 0.5, 1.0]
    """

    def shown(x):
        h = run(weights, x)
        return np.sum(h * (-1.0) ** np.arange(h.shape[-1]))

    return np.linalg.norm(gradient(shown)(x), axis=(1, 2))


def _logistic(z: Any) -> Any:
    return 0.5 * (1 + np.tanh(z / 2))
