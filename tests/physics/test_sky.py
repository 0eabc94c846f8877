import numpy as np
import pytest

from mlphys.physics.sky import checkerboard


def test_neighboring_squares_differ_and_halves_have_their_own_color():
    step = 2 * np.pi / 24
    longitude = step * (np.arange(24) + 0.5)
    ring = np.stack([np.cos(longitude), np.sin(longitude), np.full(24, 0.1)], axis=-1)
    rgb = checkerboard(ring)
    light = rgb.max(axis=-1)
    assert (light[1:] != light[:-1]).all()
    assert (rgb[:12, 0] > rgb[:12, 2]).all() and (rgb[12:, 0] < rgb[12:, 2]).all()
    np.testing.assert_array_equal(rgb, checkerboard(7.0 * ring))


@pytest.mark.parametrize("cells", [0, 7])
def test_odd_numbers_of_cells_do_not_close(cells):
    with pytest.raises(ValueError, match="even number"):
        checkerboard(np.ones(3), cells=cells)


def test_rays_that_never_arrive_give_a_color_without_a_warning():
    colors = checkerboard(np.array([[np.nan, np.nan, np.nan], [1.0, 0.1, 0.1]]))
    assert np.isfinite(colors).all()
