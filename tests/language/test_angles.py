from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.language.angles import angular_distance, difference_of_products


def exact(a, b):
    """Return the angle of the vectors as they are, with 60 digits."""
    with mpmath.workdps(60):
        a, b = (mpmath.matrix([mpmath.mpf(float(x)) for x in v]) for v in (a, b))
        cross = [a[i] * b[j] - a[j] * b[i] for i, j in ((1, 2), (2, 0), (0, 1))]
        return mpmath.atan2(mpmath.norm(cross), (a.T * b)[0])


def pair(angle, rng, stretch=1.0):
    """Return two vectors about this far apart, in a random plane."""
    u, v = np.linalg.qr(rng.normal(size=(3, 2)))[0].T
    return u * rng.uniform(0.1, 10), (np.cos(angle) * u + np.sin(angle) * v) * stretch


SMALL = np.geomspace(1e-12, 1.5, 25)


@pytest.mark.parametrize("angle", [*SMALL, *(np.pi - SMALL)])
def test_relative_error_from_1e_12_to_almost_pi(angle):
    rng = np.random.default_rng(int(angle * 1e4))
    for _ in range(20):
        a, b = pair(angle, rng, rng.uniform(0.1, 10))
        true = exact(a, b)
        assert abs((mpmath.mpf(float(angular_distance(a, b))) - true) / true) < 2e-15


def test_supplement_is_resolved_to_the_spacing_of_numbers_near_pi():
    a, b = np.array([1.0, 0, 0]), np.array([-1.0, 1e-12, 0])
    assert abs(np.pi - angular_distance(a, b) - 1e-12) < 5e-16


def test_the_usual_forms_fail_where_the_page_says():
    rng = np.random.default_rng(1)
    a, b = pair(1e-12, rng)
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    true = float(exact(a, b))
    plain = np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b)
    assert abs(plain / true - 1) > 1e-7
    assert abs(np.arccos(min(a @ b, 1.0)) / true - 1) > 0.9


@given(*[st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-6)] * 4)
def test_difference_of_products_against_fractions(a, b, c, d):
    true = Fraction(a) * Fraction(b) - Fraction(c) * Fraction(d)
    found = Fraction(float(difference_of_products(a, b, c, d)))
    assert abs(found - true) <= abs(true) * Fraction(1, 2**50)


@pytest.mark.parametrize("scale", [1e-300, 1e-150, 1e150, 1e300])
def test_length_does_not_matter(scale):
    a, b = np.array([3.0, -4, 1]), np.array([1.0, 2, 2])
    assert angular_distance(a * scale, b) == pytest.approx(angular_distance(a, b), rel=1e-15)


def test_limits_symmetry_and_batches():
    a = np.array([0.3, -0.7, 0.2])
    assert angular_distance(a, a) == 0
    assert angular_distance(a, -a) == np.pi
    many = np.random.default_rng(2).normal(size=(5, 1, 3))
    table = angular_distance(many, many[:, 0])
    assert table.shape == (5, 5)
    np.testing.assert_array_equal(table, table.T)


@pytest.mark.parametrize("bad", [[0, 0, 0], [np.nan, 1, 0], [np.inf, 0, 0]])
def test_what_has_no_direction_is_refused(bad):
    with pytest.raises(ValueError, match="finite vectors that are not zero"):
        angular_distance(bad, [1, 0, 0])


@pytest.mark.parametrize("bad", [[1, 0], 1.0])
def test_three_components_are_needed(bad):
    with pytest.raises(ValueError, match="3 components"):
        angular_distance(bad, [1, 0, 0])
