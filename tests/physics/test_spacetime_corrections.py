"""The right values behind the Correction boxes of the chapter *Curved spacetime from ds²*."""

import numpy as np
import pytest

from mlphys.physics.line_elements import lectures_diagonal, schwarzschild
from mlphys.physics.spacetime import christoffel, metric, ricci


def closed_form(x):
    """Return the hole's metric, g_ij = δ_ij + (1/s − 1) x_i x_j / r² and g_tt = −s, by NumPy."""
    r = np.linalg.norm(x[1:])
    s = 1 - 1 / r
    g = np.diag([-s, 1.0, 1.0, 1.0])
    g[1:, 1:] += (1 / s - 1) * np.outer(x[1:], x[1:]) / r**2
    return g


@pytest.mark.parametrize("x", [1.5, 5.0, 10.0, 1000.0, -5.0])
def test_lectures_metric_is_right_on_the_axis(x):
    event = np.array([0.0, x, 0.0, 0.0])
    np.testing.assert_allclose(metric(lectures_diagonal, event), closed_form(event), rtol=1e-13)


def test_lectures_metric_is_right_only_on_the_axis():
    event = np.array([0.0, 3.0, 4.0, 0.0])
    right = [[1.09, 0.12], [0.12, 1.16]]
    np.testing.assert_allclose(metric(schwarzschild, event)[1:3, 1:3], right, atol=1e-14)
    np.testing.assert_allclose(metric(schwarzschild, event), closed_form(event), atol=1e-14)
    wrong = metric(lectures_diagonal, event)[1:3, 1:3]
    np.testing.assert_allclose(wrong, [[1.25, 0.0], [0.0, 1.0]], atol=1e-14)


def test_lectures_metric_misses_a_force_on_the_axis():
    event = np.array([0.0, 5.0, 0.0, 0.0])
    right, wrong = christoffel(schwarzschild, event), christoffel(lectures_diagonal, event)
    np.testing.assert_allclose([right[1, 2, 2], right[1, 3, 3]], 0.04, atol=1e-15)
    assert wrong[1, 2, 2] == wrong[1, 3, 3] == 0.0


def test_lectures_metric_demands_matter():
    # 8πρ = −(∂²N/∂y² + ∂²N/∂z²)/N with N = s^(−1/2); by hand 0.01 on the x axis, −0.006875 on y
    for event, by_hand in (([0.0, 5.0, 0.0, 0.0], 0.01), ([0.0, 0.0, 5.0, 0.0], -0.006875)):
        for ds2, expected in ((lectures_diagonal, by_hand), (schwarzschild, 0.0)):
            g, curvature = metric(ds2, event), ricci(ds2, event)
            scalar = np.sum(np.linalg.inv(g) * curvature)
            density = (curvature[0, 0] - scalar * g[0, 0] / 2) / -g[0, 0]
            np.testing.assert_allclose(density, expected, atol=1e-14)


def test_christoffel_symbols_are_symmetric():
    event = np.array([0.0, 5.0, 0.0, 0.0])
    gamma = christoffel(schwarzschild, event)
    np.testing.assert_allclose(gamma, gamma.swapaxes(1, 2), rtol=0, atol=1e-16)
    np.testing.assert_allclose([gamma[0, 0, 1], gamma[0, 1, 0]], 0.025, atol=1e-15)


def test_swapping_a_symmetric_pair_gives_the_lectures_table():
    event, step = np.array([0.0, 5.0, 0.0, 0.0]), 1e-5
    dg = np.zeros((4, 4, 4))
    for k in range(1, 4):  # ∂_k g_bm by central differences: another route than the library's
        shift = step * np.eye(4)[k]
        dg[:, :, k] = (closed_form(event + shift) - closed_form(event - shift)) / (2 * step)
    rolled = dg.transpose(2, 0, 1)
    inverse = np.linalg.inv(closed_form(event))
    right = np.einsum("ab,bmn->amn", inverse, dg + dg.transpose(0, 2, 1) - rolled) / 2
    wrong = np.einsum("ab,bmn->amn", inverse, dg + dg.transpose(1, 0, 2) - rolled) / 2
    np.testing.assert_allclose(right, christoffel(schwarzschild, event), atol=1e-10)
    np.testing.assert_allclose([wrong[0, 0, 1], wrong[0, 1, 0]], [0.05, 0.0], atol=1e-10)
    np.testing.assert_allclose((wrong + wrong.swapaxes(1, 2)) / 2, right, atol=1e-10)
