import numpy as np

from mlphys.physics.starry_sky import BAND, WIDTH, _hash, _star, starry_sky


def spread(count, rng):
    d = rng.normal(size=(count, 3))
    return d / np.linalg.norm(d, axis=1, keepdims=True)


def pcg(number):
    """The hash in Python's own integers."""
    mask = 2**32 - 1
    state = (number * 747796405 + 2891336453) & mask
    word = (((state >> ((state >> 28) + 4)) ^ state) * 277803737) & mask
    return (word >> 22) ^ word


def test_hash_equals_the_one_in_whole_numbers():
    numbers = np.arange(0, 3000, 7, dtype=np.uint32)
    assert _hash(numbers).tolist() == [pcg(int(n)) for n in numbers]


def test_stars_keep_away_from_the_edges_of_their_cells():
    d = spread(20_000, np.random.default_rng(0))
    star, bright, warm = _star(d)
    again = _star(star)  # the star in the cell of a star is the same star
    np.testing.assert_allclose(again[0], star, atol=1e-12)
    assert np.allclose(np.linalg.norm(star, axis=1), 1) and bright.min() >= 0.004
    assert 0 <= warm.min() and warm.max() <= 1
    assert len(np.unique(star.round(9), axis=0)) > 1500


def test_colors_are_continuous_and_bounded():
    rng = np.random.default_rng(1)
    d = spread(50_000, rng)
    near = d + 1e-5 * rng.normal(size=d.shape)
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    colors = starry_sky(d)
    assert colors.min() >= 0 and colors.max() <= 1
    assert abs(starry_sky(near) - colors).max() < 5e-5 / WIDTH


def test_the_band_is_brighter_than_the_pole():
    d = spread(20_000, np.random.default_rng(2))
    height = abs(d @ BAND)
    light = starry_sky(d)[:, 0]
    assert np.median(light[height < 0.05]) > 20 * np.median(light[height > 0.7])


def test_directions_that_are_nan_have_no_color():
    assert np.isnan(starry_sky(np.full((2, 3), np.nan))).all()
