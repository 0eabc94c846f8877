import numpy as np
import pytest

from mlphys.physics.tiles import Final, cores, over_tiles


def job(x, v):
    """Return sums that tell which ray is which."""
    ray = x[:, 0, :]
    final = Final(x.swapaxes(1, 2), v.swapaxes(1, 2), ray, ray, ray, ray)
    return final, {"norm": 2 * ray}


@pytest.mark.parametrize("count", [1, 7, 128, 129, 511, 512, 1500])
@pytest.mark.parametrize("threads", [1, 3])
def test_rays_come_back_in_order(count, threads):
    x = np.arange(4.0 * count).reshape(count, 4)
    final, drift = over_tiles(job, x, -x, threads=threads)
    np.testing.assert_array_equal(final.x, x)
    np.testing.assert_array_equal(final.velocity, -x)
    np.testing.assert_array_equal(drift["norm"], 2 * x[:, 0])


def test_few_shapes_are_compiled():
    shapes = set()

    def watch(x, v):
        shapes.add(x.shape)
        return job(x, v)

    for count in range(1, 1600, 37):
        over_tiles(watch, np.ones((count, 4)), np.ones((count, 4)), threads=1)
    assert len(shapes) == 3
    assert cores() >= 1
