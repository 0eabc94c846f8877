"""Mass and distance from pictures, with error bars, and what no picture can tell."""

import numpy as np
import pytest

from mlphys.physics.black_hole import render
from mlphys.physics.events import Status
from mlphys.physics.inverse import bright, make_model, make_picture, make_round_picture
from mlphys.physics.least_squares import covariance, fit
from mlphys.physics.line_elements import schwarzschild_ingoing
from mlphys.physics.smooth_sky import BANDS

TRUTH, NOISE = np.array([1.137, 21.4]), 0.02
PICTURE = make_round_picture(pixels=128)


@pytest.fixture(scope="module")
def clean():
    return PICTURE(TRUTH)


def noisy(clean, seed):
    return clean.values + NOISE * np.random.default_rng(seed).normal(size=clean.values.shape)


def test_picture_is_the_renderers():
    ours = make_picture(pixels=32)([1.0, 20.0])
    theirs = render(schwarzschild_ingoing, width=32, height=32, sky=BANDS.color)
    np.testing.assert_array_equal(ours.status, theirs.status)
    np.testing.assert_allclose(ours.values, theirs.rgb, atol=1e-5)


def test_two_ways_to_the_same_picture():
    one, two = (make(pixels=32)([1.1, 19.0]) for make in (make_picture, make_round_picture))
    np.testing.assert_allclose(one.values, two.values, atol=1e-6)
    np.testing.assert_allclose(one.slopes, two.slopes, atol=1e-4)


def test_slopes_are_differences_away_from_the_shadow(clean):
    h = 1e-5
    for k, unit in enumerate(np.eye(2)):
        ends = [PICTURE(TRUTH + s * h * unit).values for s in (-1, 1)]
        chosen = bright(clean.values, margin=6)
        slope = (ends[1] - ends[0])[chosen] / (2 * h)
        np.testing.assert_allclose(slope, clean.slopes[chosen][..., k], atol=2e-3)


@pytest.mark.parametrize("start", [[1.0, 20.0], [1.2, 24.0], [1.3, 22.0], [1.0, 18.0]])
def test_mass_and_distance_to_a_thousandth(clean, start):
    data = noisy(clean, 1)
    chosen = bright(data)
    found = fit(make_model(PICTURE, chosen), data[chosen].ravel(), start, noise=NOISE)
    assert found.status == "converged"
    assert abs(found.parameters / TRUTH - 1).max() < 1e-3
    bars = np.sqrt(np.diag(covariance(found.jacobian, noise=NOISE)))
    assert (abs(found.parameters - TRUTH) < 4 * bars).all()
    assert found.chi_square == pytest.approx(3 * chosen.sum(), rel=0.05)


def test_a_sky_at_infinity_tells_only_the_ratio():
    far = make_round_picture(pixels=32, sky_radius=1e8)
    sample = far(TRUTH)
    chosen = bright(sample.values)
    slopes = sample.slopes[chosen] * TRUTH  # by the logarithms
    assert abs(slopes.sum(-1)).max() < 1e-5 < 1e-2 < abs(slopes).max()
    with pytest.raises(ValueError, match="see every direction"):
        covariance(sample.slopes[chosen].reshape(-1, 2), noise=NOISE)
    assert (far(TRUTH).status == far(1.3 * TRUTH).status).all()
    assert (sample.status == Status.CAPTURED).any()
