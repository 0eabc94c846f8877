r"""Rules that turn a gradient into a step, from the simplest to the one most used.

``p`` parameters, ``g`` gradient, ``m`` running mean of gradients, ``v`` running mean of their
squares: flat vectors of one length. An optimizer is a pair of functions with the memory outside:

    state = optimizer.init(parameters)
    state = optimizer.update(parameters, gradient, state, learning_rate)

``update`` changes ``parameters`` in place and returns the next state. The arrays of the old state
are taken over by the new one (nothing of the size of a net is allocated in a loop), so an old state
must not be used again. The loop, and the choice of the learning rate at each step, belong to the
caller.

Chapter: ``book/learning/deep_net.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import cos, pi, sqrt
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Optimizer", "adam", "make_cosine", "momentum", "sgd"]

Schedule = Callable[[int], float]

BLOCK = 32768  # elements; five float32 arrays of this length stay in a second-level cache


class Optimizer(NamedTuple):
    """A rule: ``init(parameters)`` and ``update(parameters, gradient, state, learning_rate)``."""

    name: str
    init: Callable[[np.ndarray], Any]
    update: Callable[[np.ndarray, np.ndarray, Any, float], Any]


class SgdState(NamedTuple):
    """Number of steps done."""

    step: int


class MomentumState(NamedTuple):
    """Number of steps done and the velocity, in units of the gradient."""

    step: int
    velocity: np.ndarray


class AdamState(NamedTuple):
    """Number of steps done; the means of gradients and of squares, as decaying sums.

    ``m`` here is the paper's divided by 1 - β₁, ``v`` the paper's divided by 1 - β₂: the factors
    go into the step, which saves a fifth of the passes over memory.
    """

    step: int
    m: np.ndarray
    v: np.ndarray


def sgd() -> Optimizer:
    r"""Return plain gradient descent, :math:`p \leftarrow p - \eta g`.

    Examples
    --------
    >>> rule, p = sgd(), np.array([1.0, 2.0])
    >>> state = rule.update(p, np.array([10.0, 0.0]), rule.init(p), 0.05)
    >>> p, state
    (array([0.5, 2. ]), SgdState(step=1))
    """

    def init(parameters: np.ndarray) -> SgdState:
        del parameters  # no memory
        return SgdState(0)

    def update(
        parameters: np.ndarray, gradient: np.ndarray, state: SgdState, learning_rate: float
    ) -> SgdState:
        work = np.empty_like(parameters[:BLOCK])
        for p, g in _blocks(parameters, gradient):
            p -= np.multiply(g, learning_rate, out=work[: len(p)])
        return SgdState(state.step + 1)

    return Optimizer("sgd", init, update)


def momentum(*, decay: float = 0.9, nesterov: bool = False) -> Optimizer:
    r"""Return descent with a velocity, :math:`u \leftarrow \mu u + g`, :math:`p \leftarrow p - \eta u`.

    A ball that rolls with friction: along a direction of constant gradient it reaches
    :math:`1/(1-\mu)` times the step of plain descent.

    Parameters
    ----------
    decay : float
        :math:`\mu`, from 0 (plain descent) to below 1.
    nesterov : bool
        Step along :math:`g + \mu u` instead of :math:`u`.

    Raises
    ------
    ValueError
        If the decay is outside [0, 1).

    References
    ----------
    Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML
    2013, eqs. (1)-(4); there the learning rate is part of the velocity.

    Examples
    --------
    >>> rule, p = momentum(decay=0.5), np.array([0.0])
    >>> state = rule.init(p)
    >>> for _ in range(3):
    ...     state = rule.update(p, np.array([1.0]), state, 1.0)
    >>> p, state.velocity
    (array([-4.25]), array([1.75]))
    """
    _check_unit("decay", decay)

    def init(parameters: np.ndarray) -> MomentumState:
        return MomentumState(0, np.zeros_like(parameters))

    def update(
        parameters: np.ndarray, gradient: np.ndarray, state: MomentumState, learning_rate: float
    ) -> MomentumState:
        work = np.empty_like(parameters[:BLOCK])
        for p, g, u in _blocks(parameters, gradient, state.velocity):
            w = work[: len(p)]
            u *= decay
            u += g
            direction = np.add(g, np.multiply(u, decay, out=w), out=w) if nesterov else u
            p -= np.multiply(direction, learning_rate, out=w)
        return MomentumState(state.step + 1, state.velocity)

    return Optimizer("nesterov" if nesterov else "momentum", init, update)


def adam(*, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8) -> Optimizer:
    r"""Return Adam: momentum, each component in units of its own recent size.

    .. math:: p \leftarrow p - \eta \, \hat m / (\sqrt{\hat v} + \epsilon), \quad
        \hat m = m / (1 - \beta_1^t), \quad \hat v = v / (1 - \beta_2^t)

    with :math:`m \leftarrow \beta_1 m + (1-\beta_1) g` and
    :math:`v \leftarrow \beta_2 v + (1-\beta_2) g^2`; :math:`t` counts from 1.

    Parameters
    ----------
    beta1, beta2 : float
        From 0 to below 1.
    epsilon : float
        Above 0, in units of the gradient.

    Raises
    ------
    ValueError
        If a number is outside its range.

    References
    ----------
    Kingma and Ba, arXiv:1412.6980, Algorithm 1. (Keras uses the ``epsilon hat`` of the section
    after it: the same rule up to the meaning of ``epsilon``.)

    Examples
    --------
    The first step has length η in every component, however large the gradient:

    >>> rule, p = adam(), np.zeros(2)
    >>> state = rule.update(p, np.array([1e-3, 50.0]), rule.init(p), 0.01)
    >>> p.round(6)
    array([-0.01, -0.01])
    """
    _check_unit("beta1", beta1)
    _check_unit("beta2", beta2)
    if epsilon <= 0:
        raise ValueError(f"adam: expected epsilon above 0; got {epsilon}")

    def init(parameters: np.ndarray) -> AdamState:
        return AdamState(0, np.zeros_like(parameters), np.zeros_like(parameters))

    def update(
        parameters: np.ndarray, gradient: np.ndarray, state: AdamState, learning_rate: float
    ) -> AdamState:
        t = state.step + 1
        root = sqrt((1 - beta2) / (1 - beta2**t))
        eta = learning_rate * (1 - beta1) / (1 - beta1**t) / root
        floor = epsilon / root
        work = np.empty_like(parameters[:BLOCK])
        for p, g, m, v in _blocks(parameters, gradient, state.m, state.v):
            w = work[: len(p)]
            m *= beta1
            m += g
            v *= beta2
            v += np.multiply(g, g, out=w)
            np.sqrt(v, out=w)
            w += floor
            np.divide(m, w, out=w)
            w *= eta
            p -= w
        return AdamState(t, state.m, state.v)

    return Optimizer("adam", init, update)


def make_cosine(learning_rate: float, *, steps: int, warmup: int = 0) -> Schedule:
    r"""Return a schedule that falls from ``learning_rate`` to 0 like half a cosine.

    .. math:: \eta_k = \tfrac12 \eta \bigl(1 + \cos(\pi (k - w) / (K - w))\bigr), \quad k \ge w,

    after a rise in ``w = warmup`` equal steps; :math:`k` counts steps from 0, :math:`K` is
    ``steps``. Beyond :math:`K` it stays at 0.

    Parameters
    ----------
    learning_rate : float
        The largest value, above 0.
    steps, warmup : int
        ``0 <= warmup < steps``.

    References
    ----------
    Loshchilov and Hutter, arXiv:1608.03983, eq. (5) with no restart.

    Examples
    --------
    >>> schedule = make_cosine(0.1, steps=4)
    >>> [round(schedule(k), 4) for k in range(5)]
    [0.1, 0.0854, 0.05, 0.0146, 0.0]
    """
    if not (learning_rate > 0 and 0 <= warmup < steps):
        raise ValueError(
            "make_cosine: expected learning_rate > 0 and 0 <= warmup < steps; "
            f"got {learning_rate}, warmup {warmup}, steps {steps}"
        )

    def schedule(step: int) -> float:
        if step < warmup:
            return learning_rate * (step + 1) / (warmup + 1)
        fraction = min(1.0, (step - warmup) / (steps - warmup))
        return 0.5 * learning_rate * (1 + cos(pi * fraction))

    return schedule


def _blocks(*vectors: np.ndarray) -> Iterable[tuple[np.ndarray, ...]]:
    """Cut vectors of one length into views that fit a cache."""
    shape = vectors[0].shape
    for vector in vectors:
        if vector.ndim != 1 or vector.shape != shape:
            shapes = ", ".join(str(vector.shape) for vector in vectors)
            raise ValueError(
                f"update: expected flat vectors of one length; got shapes {shapes}. "
                "Make the state with init(parameters) of the same net."
            )
    if shape[0] <= BLOCK:
        return (vectors,)
    starts = range(0, shape[0], BLOCK)
    return (tuple(vector[start : start + BLOCK] for vector in vectors) for start in starts)


def _check_unit(name: str, value: float) -> None:
    if not 0 <= value < 1:
        raise ValueError(f"{name}: expected a number from 0 to below 1; got {value}")
