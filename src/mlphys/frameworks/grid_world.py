r"""A walker on a grid who may slip: values by planning, and by trial and error.

A drawing makes the world: ``.`` floor, ``#`` wall, ``G`` goal (reward +1), ``P`` pit (reward -1).
Entering goal or pit ends the walk. The four moves are 0 up, 1 right, 2 down, 3 left; with
probability ``slip`` the walker goes to one of the two sides instead. A reward that comes t steps
later counts :math:`\gamma^t` of its size.

Planning knows the chances ``move[a, s, t]`` from state s to t and solves

.. math:: V(s) = \max_a \bigl( r(a, s) + \gamma \sum_t P(t | a, s)\, V(t) \bigr).

Q-learning knows only what happens to it, and nudges one number after each step.

Chapter: ``book/frameworks/landscape.md``.

References
----------
Bellman, Dynamic Programming (1957); Watkins and Dayan, Machine Learning 8 (1992) 279.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = ["World", "make_world", "policy_values", "q_learning", "value_iteration"]

MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))
PRIZES = {"G": 1.0, "P": -1.0}


class World(NamedTuple):
    """A world in tables.

    Attributes
    ----------
    cells : ndarray, shape (s, 2)
        Row and column of each state where a walker can stand.
    move : ndarray, shape (4, s, s)
        Chance of each next state; rows sum to less than 1 where the walk may end.
    reward : ndarray, shape (4, s)
        Mean reward of a move.
    ends : ndarray, shape (4, s, 2)
        Chance to end in a goal, in a pit.
    """

    cells: np.ndarray
    move: np.ndarray
    reward: np.ndarray
    ends: np.ndarray


def make_world(drawing: str, *, slip: float = 0.2) -> World:
    """Return the tables of a drawn world.

    Raises
    ------
    ValueError
        If a sign is unknown, rows differ in length, or ``slip`` is no probability.

    Examples
    --------
    >>> world = make_world("..G", slip=0.0)
    >>> len(world.cells), world.reward[1].tolist()
    (2, [0.0, 1.0])
    """
    rows = drawing.split()
    unknown = sorted(set("".join(rows)) - set(".#GP"))
    if not rows or len({len(row) for row in rows}) > 1 or unknown:
        raise ValueError(
            f"make_world: expected rows of one length from the signs . # G P; got {rows}"
        )
    if not 0 <= slip <= 1:
        raise ValueError(f"make_world: expected 0 <= slip <= 1; got {slip}")
    signs = {(i, j): sign for i, row in enumerate(rows) for j, sign in enumerate(row)}
    states = {cell: s for s, cell in enumerate(c for c, sign in signs.items() if sign == ".")}
    move = np.zeros((4, len(states), len(states)))
    ends = np.zeros((4, len(states), 2))
    for a in range(4):
        for side, chance in ((0, 1 - slip), (1, slip / 2), (-1, slip / 2)):
            di, dj = MOVES[(a + side) % 4]
            for (i, j), s in states.items():
                target = signs.get((i + di, j + dj), "#")
                if target in PRIZES:
                    ends[a, s, "GP".index(target)] += chance
                else:
                    there = (i, j) if target == "#" else (i + di, j + dj)
                    move[a, s, states[there]] += chance
    return World(np.array(list(states)), move, ends @ list(PRIZES.values()), ends)


def value_iteration(
    world: World, *, discount: float = 0.95, tolerance: float = 1e-12
) -> tuple[np.ndarray, np.ndarray]:
    """Return the values, shape (s,), and the best move in each state, shape (s,).

    Raises
    ------
    ValueError
        If ``discount`` is not in 0 (included) to 1 (not included): then errors would not shrink.

    Examples
    --------
    >>> values, best = value_iteration(make_world("..G", slip=0.0), discount=0.9)
    >>> values.round(6).tolist(), best.tolist()
    ([0.9, 1.0], [1, 1])
    """
    if not 0 <= discount < 1:
        raise ValueError(f"value_iteration: expected 0 <= discount < 1; got {discount}")
    values = np.zeros(len(world.cells))
    while True:
        quality = world.reward + discount * world.move @ values
        change = np.abs(quality.max(axis=0) - values).max()
        values = quality.max(axis=0)
        if change < tolerance:
            return values, quality.argmax(axis=0)


def policy_values(world: World, policy: np.ndarray, *, discount: float = 0.95) -> np.ndarray:
    """Return the exact values, shape (s,), of always making the move ``policy[s]``: one solve.

    Examples
    --------
    >>> world = make_world("..G", slip=0.0)
    >>> policy_values(world, np.array([1, 1]), discount=0.9).round(6).tolist()
    [0.9, 1.0]
    """
    s = np.arange(len(world.cells))
    chances = world.move[policy, s]
    return np.linalg.solve(np.eye(len(s)) - discount * chances, world.reward[policy, s])


def q_learning(
    world: World,
    *,
    walks: int,
    rng: np.random.Generator,
    discount: float = 0.95,
    explore: float = 0.2,
    longest: int = 100,
) -> np.ndarray:
    """Return the quality Q[a, s] learned from walks alone, shape (4, s).

    A walk starts anywhere and makes a random move with probability ``explore``, else the best one
    by the present Q. The rate of the n-th visit of a state and move is :math:`n^{-0.7}`: such
    rates sum to infinity and their squares do not, which is what convergence asks for.

    Examples
    --------
    >>> world = make_world("..G", slip=0.0)
    >>> q_learning(world, walks=200, rng=np.random.default_rng(0)).argmax(axis=0).tolist()
    [1, 1]
    """
    ladder = np.concatenate([world.move, world.ends], axis=2).cumsum(axis=2)
    size = len(world.cells)
    q, visits = np.zeros((4, size)), np.zeros((4, size))
    for _ in range(walks):
        s, dice = int(rng.integers(size)), rng.random((longest, 2)).tolist()
        for die, luck in dice:
            a = int(4 * die / explore) if die < explore else int(q[:, s].argmax())
            t = int(np.searchsorted(ladder[a, s], luck))
            prize = (0.0, 1.0, -1.0)[max(0, min(t, size + 1) - size + 1)]
            future = discount * q[:, t].max() if t < size else 0.0
            visits[a, s] += 1
            q[a, s] += (prize + future - q[a, s]) / visits[a, s] ** 0.7
            if t >= size:
                break
            s = t
    return q
