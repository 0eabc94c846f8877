"""The search for the lowest of many minima: many starts, and basin hopping.

The number of minima of Thomson's energy grows exponentially with n. A **multi-start** goes down from
many random places. **Basin hopping** goes down, disturbs a small part of what it found, goes down
again, and keeps the better of the two (monotonic: no temperature). After many vain moves it begins
anew. Chapter: *Electrons on a sphere*.

References
----------
Wales and Doye, J. Phys. Chem. A 101, 5111 (1997), for basin hopping; Wales and Ulker, Phys. Rev. B
74, 212101 (2006), for the energies that it finds here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from mlphys.physics.icosadeltahedral import icosadeltahedral_points, pairs_of
from mlphys.physics.sphere_mesh import holes
from mlphys.physics.thomson import Relaxed, check_points, on_sphere, random_points, relax

__all__ = [
    "Found",
    "basin_hopping",
    "move_worst",
    "multi_start",
    "rotate_cap",
    "search",
    "shake_cap",
]

Move = Callable[[np.ndarray, np.random.Generator], np.ndarray]

COARSE = 1e-2
"""Gradient at which a move is judged; what it wins is then relaxed further."""
BETTER = 1e-9
"""Relative to the energy: smaller gains are rounding."""


class Found(NamedTuple):
    """The lowest minimum of a search, and what it cost.

    Attributes
    ----------
    points : ndarray, shape (n, 3)
    energy : float
    evaluations : int
        Of energy and gradient, all together.
    relaxations : int
        Ways down.
    history : ndarray, shape (steps, 2)
        Evaluations so far and the lowest energy so far, whenever it fell, and at the end.
    """

    points: np.ndarray
    energy: float
    evaluations: int
    relaxations: int
    history: np.ndarray


def potentials(points: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the potential of all points at some places, shape (m,); a point does not see itself."""
    half = 1 - at @ points.T
    with np.errstate(divide="ignore"):
        return np.where(half > 1e-12, 1 / np.sqrt(2 * np.maximum(half, 1e-300)), 0.0).sum(axis=1)


def move_worst(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return points with one to three of the most crowded electrons moved into the widest holes.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> moved = move_worst(random_points(40, rng=rng), rng)
    >>> moved.shape
    (40, 3)
    """
    count = int(rng.integers(1, min(3, len(points) - 3) + 1))
    crowded = np.argsort(-potentials(points, points))
    places = holes(points)
    lowest = np.argsort(potentials(points, places))
    moved = points.copy()
    among = max(2 * count, len(points) // 6)
    picked = rng.choice(crowded[:among], count, replace=False)
    moved[picked] = places[rng.choice(lowest[:among], count, replace=False)]
    return moved


def cap(points: np.ndarray, rng: np.random.Generator, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a random direction and the points nearest to it, three to ``most`` of them."""
    axis = random_points(2, rng=rng)[0]
    count = int(rng.integers(3, max(3, min(most, len(points) - 1)) + 1))
    return axis, np.argsort(-points @ axis)[:count]


def shake_cap(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return points of which three to fourteen neighbors are displaced at random.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> points = random_points(40, rng=rng)
    >>> int((shake_cap(points, rng) != points).any(axis=1).sum()) in range(3, 15)
    True
    """
    _, inside = cap(points, rng, 14)
    size = 0.5 * np.sqrt(4 * np.pi / len(points))
    moved = points.copy()
    moved[inside] = on_sphere(moved[inside] + size * rng.normal(size=(len(inside), 3)))
    return moved


def rotate_cap(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return points of which those on one side of a random circle are turned about its axis.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> turned = rotate_cap(random_points(40, rng=rng), rng)
    >>> np.allclose(np.linalg.norm(turned, axis=1), 1)
    True
    """
    axis, inside = cap(points, rng, len(points) // 2)
    angle = rng.uniform(0.2, np.pi)
    across = points[inside]
    along = (across @ axis)[:, None] * axis
    flat = across - along
    moved = points.copy()
    moved[inside] = along + np.cos(angle) * flat + np.sin(angle) * np.cross(axis, flat)
    return moved


MOVES: tuple[Move, ...] = (move_worst, move_worst, shake_cap, rotate_cap)


class _Count:
    """Evaluations and ways down so far, the lowest minimum, and the reasons to stop."""

    def __init__(self, target: float, evaluations: float, seconds: float) -> None:
        self.target, self.most, self.until = target, evaluations, time.process_time() + seconds
        self.evaluations = self.relaxations = 0
        self.best: Relaxed | None = None
        self.history: list[tuple[int, float]] = []

    def relax(self, points: np.ndarray, tolerance: float) -> Relaxed:
        found = relax(points, gradient_tolerance=tolerance)
        self.evaluations += found.evaluations
        self.relaxations += 1
        return found

    def keep(self, found: Relaxed) -> None:
        if self.best is None or found.energy < self.best.energy:
            self.best = found
            self.history.append((self.evaluations, found.energy))

    @property
    def over(self) -> bool:
        lowest = self.best.energy if self.best else np.inf
        return (
            lowest <= self.target
            or self.evaluations >= self.most
            or time.process_time() >= self.until
        )

    def found(self) -> Found:
        assert self.best is not None
        history = [*self.history, (self.evaluations, self.best.energy)]
        return Found(
            self.best.points, self.best.energy, self.evaluations, self.relaxations,
            np.array(history),
        )  # fmt: skip


def multi_start(
    n: int, *, rng: np.random.Generator, starts: int, tolerance: float = 1e-6
) -> list[Relaxed]:
    """Return the minima below some random starts, in the order of the starts.

    Examples
    --------
    >>> minima = multi_start(16, rng=np.random.default_rng(0), starts=5)
    >>> sorted({round(found.energy, 4) for found in minima})  # N = 16 has two
    [92.9117, 92.9204]
    """
    return [relax(random_points(n, rng=rng), gradient_tolerance=tolerance) for _ in range(starts)]


def basin_hopping(
    points: Any,
    *,
    rng: np.random.Generator,
    vain: int = 50,
    target: float = -np.inf,
    evaluations: float = np.inf,
    seconds: float = np.inf,
    moves: Sequence[Move] = MOVES,
) -> Found:
    """Return the lowest minimum that small disturbances lead to.

    Parameters
    ----------
    points : array_like, shape (n, 3)
        Where to start.
    rng : numpy.random.Generator
    vain : int
        Stop after so many moves in a row without gain.
    target : float
        Stop at this energy or below.
    evaluations, seconds : float
        Stop after so many evaluations, or CPU seconds.
    moves : sequence of callable
        Each returns disturbed points, given points and ``rng``; drawn with equal chance.

    Raises
    ------
    ValueError
        If these are not points, or there is no reason to stop.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> found = basin_hopping(random_points(20, rng=rng), rng=rng, vain=10)
    >>> round(found.energy, 9)
    150.881568334
    """
    if vain < 0:
        raise ValueError(f"basin_hopping: expected vain ≥ 0 moves; got {vain}")
    count = _Count(target, evaluations, seconds)
    _hop(check_points(points, "basin_hopping"), count, rng, vain, moves)
    return count.found()


def _hop(
    points: np.ndarray, count: _Count, rng: np.random.Generator, vain: int, moves: Sequence[Move]
) -> None:
    """Move from minimum to lower minimum until ``vain`` moves in a row have failed."""
    here = count.relax(points, 1e-6)
    count.keep(here)
    failures = 0
    while failures < vain and not count.over:
        move = moves[int(rng.integers(len(moves)))]
        there = count.relax(move(here.points, rng), COARSE)
        if there.energy < here.energy * (1 + 1e-6):  # close enough to be worth the rest of the way
            there = count.relax(there.points, 1e-6)
        if there.energy < here.energy * (1 - BETTER):
            here, failures = there, 0
            count.keep(here)
        else:
            failures += 1


def search(
    n: int,
    *,
    rng: np.random.Generator,
    rounds: int = 3,
    vain: int | None = None,
    target: float = -np.inf,
    evaluations: float = np.inf,
    seconds: float = np.inf,
    seeds: bool = True,
) -> Found:
    """Return the lowest minimum that basin hopping finds, from folded lattices and random starts.

    Parameters
    ----------
    n : int
        Number of electrons.
    rng : numpy.random.Generator
    rounds : int
        Random starts, each followed by basin hopping.
    vain : int, optional
        Moves in a row without gain that end a round; default ``10 + n // 2``.
    target, evaluations, seconds : float
        As for :func:`basin_hopping`, for all rounds together.
    seeds : bool
        Whether to relax the icosadeltahedral points first, where there are some.

    Raises
    ------
    ValueError
        If n is below 2.

    Examples
    --------
    >>> search(32, rng=np.random.default_rng(0), rounds=0).energy.__round__(9)
    412.261274651
    """
    if rounds < 1 and not (seeds and pairs_of(n)):
        raise ValueError(f"search: expected at least 1 round for {n} electrons; got {rounds}")
    count = _Count(target, evaluations, seconds)
    for h, k in pairs_of(n) if seeds else []:
        count.keep(count.relax(icosadeltahedral_points(h, k), 1e-8))
    for _ in range(rounds):
        if count.over:
            break
        start = random_points(n, rng=rng)
        patience = 10 + n // 2 if vain is None else vain
        _hop(start, count, rng, patience if n > 6 else 0, MOVES)  # up to 6 there is one minimum
    assert count.best is not None
    last = count.relax(count.best.points, 1e-9)
    count.keep(last)
    return count.found()
