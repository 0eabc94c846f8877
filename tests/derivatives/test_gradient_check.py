"""The checker is checked: planted faults of 0.1 % and less must be found, right gradients pass."""

import numpy as np
import pytest

from mlphys.derivatives import einsum_backward, two_bodies
from mlphys.derivatives.gradient_check import assert_gradient, check_gradient

X = np.array([[0.3, -1.2, 2.0], [1.5, 0.7, -0.4]])


def smooth(x):
    return np.sum(np.sin(x) * np.exp(x / 2)) + x[0, 0] * x[1, 2] ** 2


def smooth_gradient(x):
    g = np.exp(x / 2) * (np.cos(x) + np.sin(x) / 2)
    g[0, 0] += x[1, 2] ** 2
    g[1, 2] += 2 * x[0, 0] * x[1, 2]
    return g


@pytest.fixture
def rng():
    return np.random.default_rng(11)


@pytest.mark.parametrize("method", ["auto", "central", "complex_step"])
def test_right_gradient_passes(method, rng):
    report = check_gradient(smooth, smooth_gradient, X, rng=rng, method=method)
    assert report.ok and report.index is None
    assert report.method == ("central" if method == "central" else "complex_step")
    assert report.error < (1e-9 if method == "central" else 1e-14)
    assert "gradient right" in str(report)


@pytest.mark.parametrize("method", ["central", "complex_step"])
@pytest.mark.parametrize("place", list(np.ndindex(X.shape)))
def test_planted_error_of_a_tenth_of_a_percent_is_caught_and_named(place, method, rng):
    def wrong(x):
        g = smooth_gradient(x)
        g[place] *= 1.001
        return g

    report = check_gradient(smooth, wrong, X, rng=rng, method=method)
    assert not report.ok
    assert report.index == place
    assert report.measured == pytest.approx(smooth_gradient(X)[place], rel=1e-8)
    assert report.claimed == pytest.approx(1.001 * smooth_gradient(X)[place])


def test_planted_error_is_caught_for_every_seed(rng):
    del rng  # a check that depends on luck would fail for some of these
    wrong = smooth_gradient(X)
    wrong[1, 1] *= 1.001
    for seed in range(200):
        assert not check_gradient(smooth, wrong, X, rng=np.random.default_rng(seed)).ok
        assert check_gradient(smooth, smooth_gradient, X, rng=np.random.default_rng(seed)).ok


def test_error_in_one_of_many_components_is_found_by_halving(rng):
    x = rng.normal(size=20_000)
    wrong = np.cos(x)
    wrong[12_345] += 0.01
    calls = []

    def f(x):
        calls.append(1)
        return np.sum(np.sin(x))

    report = check_gradient(f, wrong, x, rng=rng, method="complex_step")
    assert not report.ok
    assert report.index == (12_345,)
    assert len(calls) < 150


def test_several_arguments_of_unlike_sizes(rng):
    masses, places = np.array([2e7, 3e7]), np.array([[5.0, 10, 15], [5, 20, 30]])
    energy = lambda m, r: -6.672e-11 * m[0] * m[1] / np.sqrt(np.sum((r[0] - r[1]) ** 2))

    def gradient(m, r):
        pull = energy(m, r) * (r[1] - r[0]) / np.sum((r[0] - r[1]) ** 2)
        return energy(m, r) / m, np.array([pull, -pull])

    assert_gradient(energy, gradient, (masses, places), rng=rng)
    right = gradient(masses, places)
    report = check_gradient(energy, (right[0] * [1, 1.001], right[1]), (masses, places), rng=rng)
    assert (report.part, report.index) == (0, (1,))
    slipped = right[1] + np.array([[0, 0, 0], [0, 0, 0.1]])
    report = check_gradient(energy, (right[0], slipped), (masses, places), rng=rng)
    assert (report.part, report.index) == (1, (1, 2))
    assert "of argument 1" in str(report)


def test_complex_arguments_with_the_descent_direction(rng):
    z = rng.normal(size=4) + 1j * rng.normal(size=4)
    weights = np.arange(1.0, 5)
    loss = lambda z: np.sum(weights * np.abs(z) ** 2) + np.real(z[0] * z[1])

    def gradient(z):
        g = 2 * weights * z
        return g + np.array([z[1].conj(), z[0].conj(), 0, 0])

    assert check_gradient(loss, gradient, z, rng=rng).ok
    other_convention = check_gradient(loss, gradient(z).conj(), z, rng=rng)
    assert not other_convention.ok
    wrong = gradient(z)
    wrong[2] += 0.02j
    report = check_gradient(loss, wrong, z, rng=rng)
    assert report.index == (2,)
    assert report.measured == pytest.approx(6 * z[2], rel=1e-8)


def test_mixed_real_and_complex_arguments(rng):
    z, w = np.array([1 + 2j, -0.5j]), np.array([0.3, 2.0])
    loss = lambda z, w: np.sum(w**3 * np.abs(z) ** 2)
    gradient = lambda z, w: (2 * w**3 * z, 3 * w**2 * np.abs(z) ** 2)
    assert check_gradient(loss, gradient, (z, w), rng=rng).ok
    right = gradient(z, w)
    report = check_gradient(loss, (right[0], right[1] * [1, 1.001]), (z, w), rng=rng)
    assert (report.part, report.index) == (1, (1,))
    assert isinstance(report.claimed, float) and isinstance(report.measured, float)


def test_silent_failure_of_the_complex_step_falls_to_central(rng):
    """``np.vdot`` conjugates: the complex step would measure zero."""
    f = lambda x: np.vdot(x, x) + 0 * x[0]
    report = check_gradient(f, lambda x: 2 * x, np.array([1.0, 2.0, 3.0]), rng=rng)
    assert report.ok and report.method == "central"


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.sum(np.abs(x) ** 3),
        lambda x: float(np.linalg.norm(x)) ** 3,
        lambda x: np.sum(np.asarray(x, float) ** 3),
    ],
)
def test_functions_without_complex_numbers_are_checked_by_central_differences(f, rng):
    x = np.array([1.0, 2.0, 3.0])
    gradient = 3 * np.linalg.norm(x) * x if f(x) == pytest.approx(14**1.5) else 3 * x**2
    report = check_gradient(f, gradient, x, rng=rng)
    assert report.ok and report.method == "central"


def test_nan_in_a_claimed_gradient_is_named(rng):
    claimed = smooth_gradient(X)
    claimed[0, 2] = np.nan
    report = check_gradient(smooth, claimed, X, rng=rng)
    assert not report.ok and report.index == (0, 2)


def test_gradient_claimed_to_vanish_is_caught(rng):
    assert not check_gradient(smooth, np.zeros_like(X), X, rng=rng).ok
    assert check_gradient(lambda x: 3.0, np.zeros_like(X), X, rng=rng).ok


def test_number_as_argument(rng):
    assert check_gradient(np.exp, np.exp, 0.5, rng=rng).ok
    report = check_gradient(np.exp, lambda x: 1.001 * np.exp(x), 0.5, rng=rng)
    assert report.index == () and "the only one" in str(report)


def test_assert_gradient_raises_the_report(rng):
    with pytest.raises(AssertionError, match=r"(?s)gradient WRONG.*worst component \[1, 1\]"):
        assert_gradient(smooth, smooth_gradient(X) * [1, 1.001, 1], X, rng=rng)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"method": "magic"}, "expected one of auto, central, complex_step"),
        ({"directions": 0}, "at least one direction"),
        ({"gradient": np.zeros(3)}, r"gradient of shape \(2, 3\)"),
        ({"f": lambda x: x}, "one real number"),
        ({"f": lambda x: np.inf}, "finite value"),
        ({"x": X + 0j, "method": "complex_step"}, "real arguments"),
    ],
)
def test_bad_input_is_refused(change, match, rng):
    given = {"f": lambda x: np.sum(x**2).real, "gradient": lambda x: 2 * x, "x": X, "rng": rng}
    given |= change
    with pytest.raises(ValueError, match=match):
        check_gradient(given.pop("f"), given.pop("gradient"), given.pop("x"), **given)


def test_doubt_of_the_measurement_is_reported(rng):
    """A function computed in half precision cannot be checked to 1e-7, and the report says so."""
    coarse = lambda x: float(np.sum(np.sin(x)).astype(np.float16))
    report = check_gradient(coarse, np.cos, X, rng=rng)
    assert not report.ok
    assert "the measurement itself is uncertain" in str(report)


@pytest.mark.parametrize("operand", [0, 1, 2])
def test_planted_error_in_a_derivative_rule_is_caught(operand, monkeypatch, rng):
    """The einsum rule of one operand is made wrong by 0.1 %; the walk that uses it must fail."""
    rule = einsum_backward.einsum_backward

    def wrong_rule(spec, operands, g):
        sensitivities = list(rule(spec, operands, g))
        if len(sensitivities) == 3:
            sensitivities[operand] = 1.001 * sensitivities[operand]
        return tuple(sensitivities)

    m, r = rng.uniform(1, 2, 4), rng.normal(size=(4, 3))
    f = lambda m, r: two_bodies.energy(m, r, G=1.0)
    gradient = lambda m, r: two_bodies.energy_and_sensitivities(m, r, G=1.0)[1:]
    assert check_gradient(f, gradient, (m, r), rng=rng).ok
    monkeypatch.setattr(two_bodies, "einsum_backward", wrong_rule)
    report = check_gradient(f, gradient, (m, r), rng=rng)
    assert not report.ok
    assert report.part == (1 if operand == 2 else 0)  # masses, masses, nearness of the places
