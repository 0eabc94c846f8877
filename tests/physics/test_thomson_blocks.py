"""Blocks against the whole, and the memory that they promise."""

import tracemalloc

import numpy as np
import pytest

from mlphys.physics.thomson import energy_and_gradient, random_points
from mlphys.physics.thomson_blocks import blocked_energy_and_gradient, working_bytes


@pytest.mark.parametrize("n, block", [(2, 1), (10, 3), (64, 64), (65, 64), (300, 192), (50, 500)])
def test_blocks_add_up(n, block):
    points = 1.2 * random_points(n, rng=np.random.default_rng(n))
    value, gradient = blocked_energy_and_gradient(points, block=block)
    whole, slopes = energy_and_gradient(points)
    assert value == pytest.approx(whole, rel=1e-13)
    assert np.allclose(gradient, slopes, rtol=1e-11, atol=1e-11 * abs(slopes).max())


def test_close_pairs_keep_their_digits():
    points = random_points(300, rng=np.random.default_rng(0))
    points[7] = points[3] + [0, 0, 1e-7]
    value, _ = blocked_energy_and_gradient(points)
    others = energy_and_gradient(np.delete(points, 7, axis=0))[0]
    distances = np.linalg.norm(np.delete(points, 7, axis=0) - points[7], axis=1)
    assert value == pytest.approx(others + (1 / distances).sum(), rel=1e-13)


@pytest.mark.parametrize("n", [2000, 4000])
def test_memory_stays_below_the_promise(n):
    points = random_points(n, rng=np.random.default_rng(0))
    blocked_energy_and_gradient(points[:10])
    tracemalloc.start()
    try:
        blocked_energy_and_gradient(points)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak <= working_bytes(n) < 8 * n * n / 8


def test_bad_arguments_are_refused():
    with pytest.raises(ValueError, match="block of at least 1"):
        blocked_energy_and_gradient(np.eye(3), block=0)
    with pytest.raises(ValueError, match="coincide"):
        blocked_energy_and_gradient(np.eye(3)[[0, 1, 1]], block=2)
