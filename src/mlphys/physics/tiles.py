"""Many rays through a compiled job: cut into tiles, shared among threads, put together again."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

__all__ = ["GROUPS", "MANY", "TILE", "Final", "over_tiles"]

TILE = 128  # rays in lock-step; XLA hands larger loops to its own threads, at a loss
FEW = 8  # rays up to which a smaller tile is compiled
MANY = 512  # rays from which slower compilation pays
# Tiles a call, by the number of rays: a call costs as much as a few tiles, threads want several calls
GROUPS = {65_536: 64, MANY: 4, 0: 1}


class Final(NamedTuple):
    """End of the rays, ray axis first."""

    x: Any
    velocity: Any
    status: Any
    event: Any
    parameter: Any
    steps: Any


def over_tiles(
    job: Callable[[np.ndarray, np.ndarray], tuple[Final, dict]],
    x: np.ndarray,
    v: np.ndarray,
    *,
    threads: int | None = None,
    warm: set[tuple[int, ...]] | None = None,
) -> tuple[Final, dict[str, np.ndarray]]:
    """Run a job on groups of tiles and put its results together.

    There are four shapes (few, some, many rays, a picture), so that little is compiled; what is
    missing from the last tiles is filled up with copies of the last ray.

    Parameters
    ----------
    job : callable
        Takes positions and velocities, both (tiles, columns, rays), and returns :class:`Final` and a dict
        of arrays, whose leading axes are (tiles, rays).
    x, v : ndarray, shape (rays, columns)
        Starts: four columns, or more where derivatives stand beside them.
    threads : int, optional
        Threads that share the groups; one a processor core if None.
    warm : set of tuple of int, optional
        Shapes for which the job has been compiled; this one is added. The first group of a new
        shape runs alone, so that only one thread compiles.

    Returns
    -------
    Final, dict of ndarray
        Leading axis (rays,).
    """
    size = FEW if len(x) <= FEW else TILE
    group = next(tiles for least, tiles in GROUPS.items() if len(x) >= least)
    padding = np.minimum(np.arange(len(x) + -len(x) % (size * group)), len(x) - 1)
    tiles = [a[padding].reshape(-1, group, size, a.shape[-1]).swapaxes(2, 3) for a in (x, v)]

    def one(index: int) -> tuple[Final, dict]:
        return job(tiles[0][index], tiles[1][index])

    warm = set() if warm is None else warm
    parts = [] if tiles[0].shape[1:] in warm else [one(0)]
    warm.add(tiles[0].shape[1:])
    rest = range(len(parts), len(tiles[0]))
    workers = min(threads or cores(), len(rest))
    if workers <= 1:
        parts.extend(map(one, rest))
    else:
        with ThreadPoolExecutor(workers) as pool:
            parts.extend(pool.map(one, rest))

    def join(pieces: list) -> np.ndarray:
        flat = [np.asarray(piece).reshape(-1, *piece.shape[2:]) for piece in pieces]
        return np.concatenate(flat)[: len(x)]

    finals, drifts = zip(*parts, strict=True)
    final = Final(*(join(list(pieces)) for pieces in zip(*finals, strict=True)))
    return final, {name: join([drift[name] for drift in drifts]) for name in drifts[0]}


def cores() -> int:
    """Return the number of processor cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
