"""Averaging inside a pixel keeps the edge of the shadow where its central rays put it."""

import numpy as np
import pytest

from mlphys.physics.antialias import antialias


def test_without_a_shadow_it_is_the_plain_mean_of_each_block():
    rng = np.random.default_rng(3)
    rgb = rng.random((6, 9, 3))
    smooth = antialias(rgb, np.zeros((6, 9), dtype=bool), factor=3)
    for row in range(2):
        for column in range(3):
            block = rgb[3 * row : 3 * row + 3, 3 * column : 3 * column + 3]
            assert np.allclose(smooth[row, column], block.mean(axis=(0, 1)))


def test_the_edge_of_a_disk_stays_black_or_bright_with_nothing_between():
    y, x = np.mgrid[-50:50, -50:50] + 0.5
    captured = np.hypot(x, y) < 30.3
    rgb = np.where(captured[..., None], 0.0, 0.8) * np.ones(3)
    smooth = antialias(rgb, captured, factor=5)
    assert np.allclose(smooth[captured[2::5, 2::5]], 0.0)
    assert np.allclose(smooth[~captured[2::5, 2::5]], 0.8)


def test_a_factor_of_one_changes_nothing():
    rgb = np.random.default_rng(1).random((4, 5, 3))
    assert np.array_equal(antialias(rgb, rgb[..., 0] > 0.5, factor=1), rgb)


@pytest.mark.parametrize("factor", [0, 2, -3])
def test_an_even_factor_is_refused(factor):
    with pytest.raises(ValueError, match="odd factor"):
        antialias(np.zeros((6, 6, 3)), np.zeros((6, 6), dtype=bool), factor=factor)


def test_a_size_that_does_not_divide_is_refused():
    with pytest.raises(ValueError, match="multiples of 3"):
        antialias(np.zeros((7, 6, 3)), np.zeros((7, 6), dtype=bool), factor=3)
