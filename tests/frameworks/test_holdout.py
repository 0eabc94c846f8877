"""Folds against a count by hand: who is held out, together with whom, and who is beside."""

import numpy as np
import pytest

from mlphys.frameworks.holdout import beside, single_folds, tile_folds

GRID = tuple(side.reshape(-1) for side in np.indices((30, 40)))


def test_single_folds_are_of_equal_size():
    labels = single_folds(23, folds=5, rng=np.random.default_rng(0))
    assert sorted(np.bincount(labels)) == [4, 4, 5, 5, 5]


@pytest.mark.parametrize("seed", range(5))
def test_tiles_stay_whole(seed):
    labels = tile_folds(*GRID, side=5, folds=4, rng=np.random.default_rng(seed)).reshape(30, 40)
    assert set(labels.ravel()) == set(range(4))
    starts = [
        (a, b)
        for a in range(5)
        for b in range(5)
        if all(
            len(set(labels[i : i + 5, j : j + 5].ravel())) == 1
            for i in range(a, 26, 5)
            for j in range(b, 36, 5)
        )
    ]
    assert starts  # some tiling by 5 has one fold in each tile


def test_margin_equals_distances_of_all_pairs():
    i, j = np.random.default_rng(1).integers(0, 20, size=(2, 60))
    held = np.arange(60) < 6
    away = np.maximum(np.abs(i[:, None] - i[held]), np.abs(j[:, None] - j[held])).min(axis=1)
    for margin in (0, 1, 3):
        assert np.array_equal(beside(i, j, held, margin=margin) | held, away <= margin)


def test_nobody_held_leaves_all():
    assert not beside(*GRID, np.zeros(1200, bool), margin=2).any()


def test_wrong_arguments():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="folds from 2 to 3"):
        single_folds(3, folds=4, rng=rng)
    with pytest.raises(ValueError, match="side of at least 1"):
        tile_folds(*GRID, side=0, folds=2, rng=rng)
    with pytest.raises(ValueError, match="one shape"):
        tile_folds(GRID[0], GRID[1][:-1], side=2, folds=2, rng=rng)
    with pytest.raises(ValueError, match="margin"):
        beside(*GRID, np.ones(1200, bool), margin=-1)
