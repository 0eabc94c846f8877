"""L-BFGS: BFGS without its matrix.

``H g`` needs the steps s and the changes y that H was made from, not H itself. Keep the last m
pairs, forget the rest, and the product costs 4mn operations and 2mn numbers of memory. Chapter:
*Soap films*.

References
----------
Nocedal, Math. Comp. 35, 773 (1980); Nocedal and Wright, *Numerical Optimization* (2006), algorithm
7.4.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = ["State", "direction", "init", "update"]

Pair = tuple[np.ndarray, np.ndarray, float]  # s, y, sᵀy


class State(NamedTuple):
    """What L-BFGS remembers: the last pairs, oldest first, and how many it keeps at most."""

    pairs: tuple[Pair, ...]
    memory: int


def init(*, memory: int = 20) -> State:
    """Return the state of someone who knows nothing.

    Raises
    ------
    ValueError
        If the memory is below 1.

    Examples
    --------
    >>> init(memory=5)
    State(pairs=(), memory=5)
    """
    if memory < 1:
        raise ValueError(f"lbfgs.init: expected a memory of at least 1 pair; got {memory}")
    return State((), memory)


def direction(state: State, gradient: np.ndarray) -> np.ndarray:
    """Return ``−H g`` by walking the pairs back and forth.

    Examples
    --------
    >>> direction(init(), np.array([1.0, -2.0]))
    array([-1.,  2.])
    """
    q = gradient.copy()
    weights = []
    for s, y, curvature in reversed(state.pairs):
        weight = float(s @ q) / curvature
        q -= weight * y
        weights.append(weight)
    if state.pairs:
        _, y, curvature = state.pairs[-1]
        q *= curvature / float(y @ y)
    for (s, y, curvature), weight in zip(state.pairs, reversed(weights), strict=True):
        q += (weight - float(y @ q) / curvature) * s
    return -q


def update(state: State, s: np.ndarray, y: np.ndarray) -> State:
    """Return the state that has learned from a step; the oldest pair may be forgotten.

    Parameters
    ----------
    state : State
    s, y : ndarray, shape (n,)
        The step, and the change of the gradient. A pair with ``sᵀy ≤ 0`` (within rounding) is
        skipped.

    Examples
    --------
    >>> state = update(init(), np.array([1.0, 1.0]), np.array([2.0, 4.0]))
    >>> -direction(state, np.array([2.0, 4.0]))  # the secant condition: H y = s
    array([1., 1.])
    """
    curvature = float(s @ y)
    if curvature <= np.finfo(float).eps * np.linalg.norm(s) * np.linalg.norm(y):
        return state
    return State((*state.pairs, (s, y, curvature))[-state.memory :], state.memory)
