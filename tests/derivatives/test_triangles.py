from fractions import Fraction

import numpy as np
import pytest

from mlphys.derivatives import triangles


def exact_area(corners):
    """Area from the corners as they are stored, in exact arithmetic up to the last root."""
    a, b, c = ([Fraction(float(v)) for v in corner] for corner in corners)
    u, v = ([q - p for p, q in zip(a, other, strict=True)] for other in (b, c))
    n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]]
    return float(sum(component**2 for component in n)) ** 0.5 / 2


def test_three_formulas_agree_on_ordinary_triangles():
    a, b, c = np.random.default_rng(3).normal(size=(3, 500, 3))
    cross = triangles.area_cross(a, b, c)
    assert np.allclose(triangles.area_heron(a, b, c), cross, rtol=1e-10)
    assert np.allclose(triangles.area_kahan(a, b, c), cross, rtol=1e-10)
    exact = [exact_area(corners) for corners in zip(a, b, c, strict=True)]
    assert np.allclose(cross, exact, rtol=1e-13)


def test_heron_loses_a_needle_and_the_cross_product_keeps_it():
    heron, cross = [], []
    for short in (1e-2, 1e-4, 1e-6, 1e-8):
        corners = triangles.needle(short)
        exact = exact_area(corners)
        cross.append(abs(triangles.area_cross(*corners) / exact - 1))
        heron.append(abs(np.nan_to_num(triangles.area_heron(*corners)) / exact - 1))
    assert max(cross[:3]) < 1e-9
    assert heron[0] < 1e-9 and heron[-1] > 0.1
    assert all(h > 10 * c for h, c in zip(heron[1:], cross[1:], strict=True))


def test_needles_have_the_height_they_were_given():
    corners = triangles.needle(np.array([0.5, 1e-3]), place=0.2, length=4.0)
    assert np.allclose(triangles.area_cross(*corners), [1.0, 2e-3], rtol=1e-12)


def test_gradient_against_differences_and_its_sum():
    rng = np.random.default_rng(5)
    corners = rng.normal(size=(3, 3))
    gradient = triangles.area_gradient(*corners)
    for direction in rng.normal(size=(5, 3, 3)):
        change = triangles.area_cross(*(corners + 1e-6 * direction))
        change -= triangles.area_cross(*(corners - 1e-6 * direction))
        assert np.sum(gradient * direction) == pytest.approx(change / 2e-6, abs=1e-8)
    assert np.allclose(gradient.sum(axis=0), 0, atol=1e-15)  # a shift changes nothing
    assert np.allclose(np.cross(corners, gradient).sum(axis=0), 0, atol=1e-15)  # nor does a turn


def test_a_flat_triangle_has_no_gradient():
    with pytest.raises(ValueError, match="corners lie on a line"):
        triangles.area_gradient([0, 0, 0], [1, 0, 0], [2, 0, 0])
