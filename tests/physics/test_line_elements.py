import numpy as np
import pytest

from mlphys.physics.line_elements import (
    Components,
    components,
    lectures_diagonal,
    minkowski,
    namespace,
    schwarzschild,
    schwarzschild_ingoing,
    schwarzschild_isotropic,
)

ALL = (
    minkowski,
    schwarzschild,
    schwarzschild_isotropic,
    schwarzschild_ingoing,
    lectures_diagonal,
)


@pytest.mark.parametrize("ds2", ALL)
def test_one_code_runs_on_numpy_jax_and_components(ds2):
    import jax

    rng = np.random.default_rng(0)
    x, dx = 3 + rng.random((5, 4)), rng.normal(size=(5, 4))
    expected = ds2(x, dx)
    with jax.enable_x64(True):
        traced = np.asarray(ds2(jax.numpy.asarray(x), jax.numpy.asarray(dx)))
    np.testing.assert_allclose(traced, expected, rtol=1e-14)
    apart = ds2(Components(x.T), Components(dx.T))
    np.testing.assert_array_equal(apart, expected)


def test_charts_measure_the_same_proper_time():
    # an observer at rest at areal radius r: dτ² = (1 − 1/r) dt²
    r = 4.0
    rho = (r - 0.5 + np.sqrt(r * r - r)) / 2
    dt = np.array([1.0, 0.0, 0.0, 0.0])
    for ds2, place in (
        (schwarzschild, r),
        (schwarzschild_ingoing, r),
        (schwarzschild_isotropic, rho),
    ):
        x = np.array([0.0, 0.6 * place, 0.0, 0.8 * place])
        np.testing.assert_allclose(ds2(x, dt), -(1 - 1 / r), rtol=1e-14)


def test_ingoing_coordinates_are_schwarzschild_with_another_time():
    # t_ingoing = t + ln(r − 1): dt_ingoing = dt + dr/(r − 1)
    x = np.array([0.0, 3.0, -2.0, 1.0])
    dx = np.array([0.7, 0.2, 0.5, -0.3])
    r = np.linalg.norm(x[1:])
    shifted = dx.copy()
    shifted[0] += (x[1:] @ dx[1:] / r) / (r - 1)
    np.testing.assert_allclose(schwarzschild_ingoing(x, shifted), schwarzschild(x, dx), rtol=1e-13)


def test_without_mass_all_are_flat():
    x, dx = np.array([0.0, 3.0, -2.0, 1.0]), np.array([0.7, 0.2, 0.5, -0.3])
    for ds2 in ALL[1:]:
        np.testing.assert_allclose(ds2(x, dx, r_s=0.0), minkowski(x, dx), rtol=1e-13)


def test_components_index_like_an_array():
    x = np.arange(8.0).reshape(2, 4)
    apart = Components(x.T)
    np.testing.assert_array_equal(apart[..., 1:], x[..., 1:])
    np.testing.assert_array_equal(apart[..., -1], x[..., -1])
    assert apart.shape == x.shape and len(components(apart)) == 4
    with pytest.raises(TypeError, match="last axis"):
        apart[0]


def test_other_types_are_refused():
    with pytest.raises(TypeError, match=r"NumPy, JAX or TensorFlow; got list"):
        namespace([1.0, 2.0])
