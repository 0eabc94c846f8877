"""Predictions of binding energies that were held out: by a drop, by factors, by both, by a lookup.

A *model* is a function of training nuclides that returns a prediction for every (Z, N) of the
chart. The number of factors and the ridge are chosen by holding out once more, inside the training
set and by the same kind of split, so that no held-out mass has a say in them. Energies in keV.
Chapter: ``book/frameworks/factorization.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import ArrayLike
from scipy.ndimage import convolve

from mlphys.frameworks.chart_of_nuclides import Nuclides
from mlphys.frameworks.factorization import alternate
from mlphys.frameworks.holdout import beside, single_folds, tile_folds
from mlphys.frameworks.liquid_drop import drop_energy, fit_drop

__all__ = [
    "DROP_GRID",
    "RAW_GRID",
    "held_out",
    "mean_bar",
    "predict_beside",
    "predict_drop",
    "predict_raw",
    "predict_rest",
    "rms",
]

SHAPE = (119, 179)  # of a table of all nuclides, Z and N from 0
SIDE = 5  # of a tile
RAW_GRID = ((2, 0.1), (2, 1.0), (4, 0.1), (4, 1.0))  # (k, ridge), table in MeV per nucleon
DROP_GRID = tuple((k, ridge) for k in (2, 4, 6) for ridge in (0.3, 1.0, 3.0))  # table in MeV
Setting = tuple[int, float]
Model = Callable[[Nuclides, Setting], np.ndarray]


def rms(errors: np.ndarray) -> float:
    """Return the root of the mean square.

    Examples
    --------
    >>> rms(np.array([3.0, -4.0, 0.0, 0.0]))
    2.5
    """
    return float(np.sqrt(np.mean(np.square(errors))))


def mean_bar(values: ArrayLike) -> tuple[float, float]:
    """Return the mean of repeats and its standard error.

    Examples
    --------
    >>> mean_bar([1.0, 2.0, 3.0, 2.0])
    (2.0, 0.408248290463863)
    """
    x = np.asarray(values, dtype=float)
    if x.ndim != 1 or len(x) < 2:
        raise ValueError(f"mean_bar: expected at least 2 values in a row; got shape {x.shape}")
    return float(x.mean()), float(x.std(ddof=1) / np.sqrt(len(x)))


def predict_drop(train: Nuclides, setting: Setting = (0, 0.0)) -> np.ndarray:
    """Return the binding energies of all (Z, N) by the drop formula, shape ``SHAPE``, in keV.

    Cells with fewer than 8 protons or neutrons are 0. The setting is not used: every model takes
    one.
    """
    del setting
    filled = np.zeros(SHAPE)
    z, n = (side.reshape(-1) for side in np.mgrid[8 : SHAPE[0], 8 : SHAPE[1]])
    filled[8:, 8:] = drop_energy(z, n, fit_drop(train.z, train.n, train.binding)).reshape(
        SHAPE[0] - 8, SHAPE[1] - 8
    )
    return filled


def predict_raw(train: Nuclides, setting: Setting) -> np.ndarray:
    """Return the binding energies of all (Z, N) from factors of the binding per nucleon, in keV."""
    full = _factorize(train.z, train.n, train.binding / train.a / 1e3, setting)
    return 1e3 * full * np.add.outer(np.arange(SHAPE[0]), np.arange(SHAPE[1]))


def predict_rest(train: Nuclides, setting: Setting) -> np.ndarray:
    """Return the drop's binding energies plus factors of what it leaves over, in keV."""
    drop = predict_drop(train)
    rest = train.binding - drop[train.z, train.n]
    return drop + 1e3 * _factorize(train.z, train.n, rest / 1e3, setting)


def predict_beside(train: Nuclides, setting: Setting = (0, 0.0)) -> np.ndarray:
    """Return the drop's binding energies plus the mean of what it leaves over next door, in keV.

    Next door are the up to eight nuclides that differ by at most one proton and one neutron; where
    none is known the drop stands alone. No factors, no parameters: what a lookup achieves.
    """
    del setting
    drop = predict_drop(train)
    rest, known = np.zeros(SHAPE), np.zeros(SHAPE)
    rest[train.z, train.n] = train.binding - drop[train.z, train.n]
    known[train.z, train.n] = 1.0
    ring = np.ones((3, 3))
    ring[1, 1] = 0.0
    total, count = (convolve(part, ring, mode="constant") for part in (rest, known))
    return drop + total / np.maximum(count, 1)


def held_out(
    nuclides: Nuclides,
    model: Model,
    grid: Sequence[Setting],
    *,
    split: str,
    rng: np.random.Generator,
    folds: int = 5,
) -> tuple[np.ndarray, list[Setting]]:
    """Return the error of each nuclide's prediction by a model that never saw it.

    Parameters
    ----------
    nuclides : Nuclides
    model : callable
        Of training nuclides and a setting; returns predictions of shape ``SHAPE`` in keV.
    grid : sequence of (k, ridge)
        Settings; with more than one, the best is chosen inside each training set by one more split
        of the same kind.
    split : str
        ``"single"``: each nuclide on its own; ``"tiles"``: in tiles of 5 × 5; ``"margin"``: in such
        tiles, and nuclides next to a held-out one are not learned from either.
    rng : numpy.random.Generator
        For the splits.
    folds : int, default 5

    Returns
    -------
    errors : ndarray of float, shape (count,)
        Measured minus predicted, in keV.
    chosen : list of (k, ridge)
        One for each fold.

    Raises
    ------
    ValueError
        If the split is not one of the three or the grid is empty.
    """
    if split not in ("single", "tiles", "margin"):
        raise ValueError(
            f"held_out: expected split to be 'single', 'tiles' or 'margin'; got {split!r}"
        )
    if not grid:
        raise ValueError("held_out: expected at least one setting (k, ridge)")
    errors = np.empty(len(nuclides.z))
    chosen = []
    for train, held in _splits(nuclides, split, folds, rng):
        best = grid[0]
        if len(grid) > 1:
            best = _choose(_pick(nuclides, train), model, grid, split, folds, rng)
        filled = model(_pick(nuclides, train), best)
        errors[held] = nuclides.binding[held] - filled[nuclides.z[held], nuclides.n[held]]
        chosen.append(best)
    return errors, chosen


def _choose(
    train: Nuclides,
    model: Model,
    grid: Sequence[Setting],
    split: str,
    folds: int,
    rng: np.random.Generator,
) -> Setting:
    """Return the setting with the least error on two folds of one more split."""
    squares = np.zeros(len(grid))
    for learned, held in islice(_splits(train, split, folds, rng), 2):
        truth, z, n = train.binding[held], train.z[held], train.n[held]
        inner = _pick(train, learned)
        squares += [((truth - model(inner, setting)[z, n]) ** 2).sum() for setting in grid]
    return grid[int(squares.argmin())]


def _splits(
    nuclides: Nuclides, split: str, folds: int, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield which nuclides to learn from and which are held out."""
    z, n = nuclides.z, nuclides.n
    if split == "single":
        labels = single_folds(len(z), folds=folds, rng=rng)
    else:
        labels = tile_folds(z, n, side=SIDE, folds=folds, rng=rng)
    for fold in range(folds):
        held = labels == fold
        yield ~beside(z, n, held, margin=1 if split == "margin" else 0), held


def _pick(nuclides: Nuclides, which: np.ndarray) -> Nuclides:
    return Nuclides(*(column[which] for column in nuclides))


def _factorize(z: np.ndarray, n: np.ndarray, values: np.ndarray, setting: Setting) -> np.ndarray:
    """Return the full table of factors that were fitted to some entries."""
    table = np.full(SHAPE, np.nan)
    table[z, n] = values
    k, ridge = setting
    return alternate(table, k=k, ridge=ridge, rng=np.random.default_rng(0), sweeps=25).table()
