"""The metric and its derivatives against closed forms, at random events off the axes."""

import numpy as np
import pytest
import sympy

from mlphys.physics.line_elements import (
    lectures_diagonal,
    minkowski,
    schwarzschild,
    schwarzschild_ingoing,
    schwarzschild_isotropic,
)
from mlphys.physics.spacetime import (
    check_metric,
    christoffel,
    inverse_metric,
    kretschmann,
    metric,
    ricci,
    riemann,
)

T, X, Y, Z = COORDINATES = sympy.symbols("t x y z", real=True)
R = sympy.sqrt(X**2 + Y**2 + Z**2)
HOLES = {
    "schwarzschild": schwarzschild,
    "isotropic": schwarzschild_isotropic,
    "ingoing": schwarzschild_ingoing,
}


def events(count=20):
    """Random events off the axes, 1.5 to 12 r_s from the hole."""
    rng = np.random.default_rng(7)
    direction = rng.normal(size=(count, 3))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    radius = rng.uniform(1.5, 12.0, size=(count, 1))
    return np.concatenate([rng.normal(size=(count, 1)), radius * direction], axis=1)


def exact_metric(name):
    """The metric written down by hand, as a sympy matrix."""
    n = sympy.Matrix([X, Y, Z]) / R
    if name == "schwarzschild":
        s = 1 - 1 / R
        space = sympy.eye(3) + (1 / s - 1) * n * n.T
        return sympy.diag(sympy.Matrix([[-s]]), space)
    if name == "isotropic":
        q = 1 / (4 * R)
        return sympy.diag(-(((1 - q) / (1 + q)) ** 2), *[(1 + q) ** 4] * 3)
    null = sympy.Matrix([1, *n])
    return sympy.diag(-1, 1, 1, 1) + null * null.T / R


def numbers(expression, x):
    """Evaluate an array of sympy expressions at events."""
    function = sympy.lambdify(COORDINATES, list(sympy.flatten(expression)), "numpy")
    values = np.broadcast_arrays(*function(*x.T), x[:, 0])[:-1]
    return np.stack(values, axis=-1)


def exact_christoffel(name, x):
    """Christoffel symbols by sympy's derivatives of the hand-written metric and NumPy's inverse."""
    g = exact_metric(name)
    slope = np.stack([numbers(g.diff(c), x).reshape(-1, 4, 4) for c in COORDINATES], axis=-1)
    lowered = (slope.transpose(0, 1, 3, 2) + slope - slope.transpose(0, 3, 1, 2)) / 2
    inverse = np.linalg.inv(numbers(g, x).reshape(-1, 4, 4))
    return np.einsum("eab,ebmn->eamn", inverse, lowered)


@pytest.mark.parametrize("name", HOLES)
def test_metric_equals_the_closed_form(name):
    x = events()
    expected = numbers(exact_metric(name), x).reshape(-1, 4, 4)
    np.testing.assert_allclose(metric(HOLES[name], x), expected, rtol=1e-12, atol=1e-13)
    identity = metric(HOLES[name], x) @ inverse_metric(HOLES[name], x)
    np.testing.assert_allclose(identity, np.broadcast_to(np.eye(4), identity.shape), atol=1e-13)


@pytest.mark.parametrize("name", HOLES)
def test_christoffel_symbols_equal_the_closed_form(name):
    x = events()
    gamma = christoffel(HOLES[name], x)
    np.testing.assert_allclose(gamma, exact_christoffel(name, x), rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(gamma, gamma.swapaxes(-1, -2), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("name", HOLES)
def test_a_hole_is_empty_and_its_curvature_is_12_over_r_to_the_sixth(name):
    x = events(8)
    radius = np.linalg.norm(x[:, 1:], axis=1)
    if name == "isotropic":
        radius = radius * (1 + 1 / (4 * radius)) ** 2
    assert abs(ricci(HOLES[name], x)).max() < 1e-12
    np.testing.assert_allclose(kretschmann(HOLES[name], x), 12 / radius**6, rtol=1e-10)


def test_riemann_of_the_hole_in_a_static_frame():
    # MTW (31.4): R_{trtr} = −1/r³, R_{tθtθ} = 1/(2r³), R_{θφθφ} = 1/r³ in the orthonormal frame
    r = 3.0
    x = np.array([0.0, r, 0.0, 0.0])
    g = metric(schwarzschild, x)
    legs = np.diag(1 / np.sqrt(abs(np.diagonal(g))))
    lowered = np.einsum("ap,pbmn->abmn", g, riemann(schwarzschild, x))
    local = np.einsum("abmn,ia,jb,km,ln->ijkl", lowered, legs, legs, legs, legs)
    got = local[0, 1, 0, 1], local[0, 2, 0, 2], local[2, 3, 2, 3], local[1, 2, 1, 2]
    np.testing.assert_allclose(got, np.array([-1, 0.5, 1, -0.5]) / r**3, rtol=1e-12)


def test_flat_space_is_flat():
    x = events(3)
    np.testing.assert_array_equal(metric(minkowski, x)[0], np.diag([-1.0, 1.0, 1.0, 1.0]))
    assert abs(christoffel(minkowski, x)).max() == 0
    assert abs(riemann(minkowski, x)).max() == 0


def test_values_on_the_x_axis():
    r = np.array([1.5, 5.0, 10.0, 1000.0])
    g = metric(schwarzschild, np.stack([0 * r, r, 0 * r, 0 * r], axis=-1))
    np.testing.assert_allclose(g[:, 1, 1], [3, 1.25, 10 / 9, 1000 / 999], rtol=1e-13)
    np.testing.assert_allclose(g[:, 2, 2], 1, rtol=1e-15)
    np.testing.assert_allclose(g[:, 0, 0], [-1 / 3, -0.8, -0.9, -0.999], rtol=1e-13)
    assert np.isnan(metric(schwarzschild, [0.0, 0.5, 0.0, 0.0])).any()


def test_christoffel_symbols_at_five_on_the_x_axis():
    gamma = christoffel(schwarzschild, [0.0, 5.0, 0.0, 0.0])
    expected = np.zeros((4, 4, 4))
    expected[0, 0, 1] = expected[0, 1, 0] = 0.025
    expected[1, 0, 0], expected[1, 1, 1] = 0.016, -0.025
    expected[1, 2, 2] = expected[1, 3, 3] = 0.04
    np.testing.assert_allclose(gamma, expected, atol=1e-15)


def test_correction_lectures_metric_is_wrong_off_the_x_axis():
    on_x, on_y = [0.0, 5.0, 0.0, 0.0], [0.0, 0.0, 5.0, 0.0]
    np.testing.assert_allclose(
        metric(lectures_diagonal, on_x), metric(schwarzschild, on_x), atol=1e-15
    )
    np.testing.assert_allclose(metric(lectures_diagonal, on_y)[2, 2], 1.0, atol=1e-15)
    np.testing.assert_allclose(metric(schwarzschild, on_y)[2, 2], 1.25, atol=1e-15)
    # not a vacuum: whatever it is, it is no hole
    assert abs(ricci(lectures_diagonal, on_x)).max() > 1e-3
    # even on the x axis it misses Γ^x_{yy}, which bends light sideways
    assert christoffel(lectures_diagonal, on_x)[1, 2, 2] == 0


def test_correction_lectures_christoffel_is_not_symmetric():
    # their three-term sum, with one index order slipped, puts all of Γ^t_{xt} into one slot
    gamma = christoffel(schwarzschild, [0.0, 5.0, 0.0, 0.0])
    printed = gamma[0].copy()
    printed[1, 0], printed[0, 1] = 0.05, 0.0
    assert not np.allclose(printed, printed.T)
    np.testing.assert_allclose((printed + printed.T) / 2, gamma[0], atol=1e-15)
    np.testing.assert_allclose(gamma[0, 0, 1], gamma[0, 1, 0], atol=0)


def test_leading_axes_are_batch_axes():
    x = events(6)
    whole = christoffel(schwarzschild, x.reshape(2, 3, 4))
    assert whole.shape == (2, 3, 4, 4, 4)
    np.testing.assert_allclose(whole[1, 2], christoffel(schwarzschild, x[5]), rtol=1e-14)


def test_jax_arrays_must_be_float64():
    import jax.numpy as jnp

    with pytest.raises(TypeError, match="expected events in float64; got a JAX array of float32"):
        metric(schwarzschild, jnp.ones(4, jnp.float32))


@pytest.mark.parametrize(
    ("ds2", "x", "message"),
    [
        (schwarzschild, [0.0, 0.5, 0.0, 0.0], "expected finite components"),
        (
            lambda x, dx: -minkowski(x, dx),
            [0.0, 1.0, 0.0, 0.0],
            r"signature .* got \(−, −, −, \+\)",
        ),
        (lambda x, dx: minkowski(x, dx) + dx[..., 1], [0.0, 1.0, 0.0, 0.0], "quadratic in dx"),
        (lambda x, dx: dx * dx, [0.0, 1.0, 0.0, 0.0], "one number for each event"),
        (schwarzschild, [0.0, 1.0, 0.0], "shape"),
        (schwarzschild, 3.0, "shape"),
    ],
)
def test_bad_line_elements_are_refused(ds2, x, message):
    with pytest.raises(ValueError, match=message):
        check_metric(ds2, x)


@pytest.mark.timeout(100)
def test_large_batches_come_back_every_time():
    x = np.random.default_rng(7).uniform(2, 9, (5000, 4))  # eliminations in threads hung here
    worst = max(
        abs(ricci(schwarzschild, x[:n])).max() for n in (1000, 3000, 5000) for _ in range(8)
    )
    assert worst < 1e-9
