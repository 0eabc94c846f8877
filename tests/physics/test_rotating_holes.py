"""Rotating line elements against Boyer's and Lindquist's closed form, and against vacuum."""

import numpy as np
import pytest

from mlphys.physics.events import Status
from mlphys.physics.line_elements import Components, minkowski, schwarzschild_ingoing
from mlphys.physics.rotating_holes import (
    kerr,
    kerr_newman,
    rotating_hole,
    spheroidal_radius,
    swallowed,
)
from mlphys.physics.spacetime import check_metric, kretschmann, metric, ricci

CASES = [(0.0, 0.0), (0.5, 0.0), (0.998, 0.0), (-0.7, 0.0), (0.6, 0.6), (0.0, 0.8)]


def random_events(count, least=1.2, seed=1963):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(4 * count, 4)) * 4
    return x[np.linalg.norm(x[:, 1:], axis=1) > least][:count]


def boyer_lindquist(r, theta, spin, charge):
    """Return g over (t, r, θ, φ) from the textbook :cite:p:`MTW1973`, equation 33.2, M = 1/2."""
    a, q2 = spin / 2, (charge / 2) ** 2
    sigma, delta = r * r + (a * np.cos(theta)) ** 2, r * r - r + a * a + q2
    sine2 = np.sin(theta) ** 2
    g = np.zeros((4, 4))
    clock, turn = np.array([1, 0, 0, -a * sine2]), np.array([-a, 0, 0, r * r + a * a])
    g += -delta / sigma * np.outer(clock, clock) + sine2 / sigma * np.outer(turn, turn)
    g[1, 1] += sigma / delta
    g[2, 2] += sigma
    return g


def to_kerr_schild(r, theta, phi, spin, charge, sign):
    """Return the Kerr–Schild place and the derivatives of (t, x, y, z) by (t, r, θ, φ)."""
    a, delta = spin / 2, r * r - r + (spin / 2) ** 2 + (charge / 2) ** 2
    lead = (r + sign * 1j * a) * np.exp(1j * phi)
    place = [lead * np.sin(theta), r * np.cos(theta)]
    by_r = (np.exp(1j * phi) + lead * 1j * sign * a / delta) * np.sin(theta)
    columns = [
        [1, 0, 0, 0],
        [sign * (r - (charge / 2) ** 2) / delta, by_r.real, by_r.imag, np.cos(theta)],
        [0, (lead * np.cos(theta)).real, (lead * np.cos(theta)).imag, -r * np.sin(theta)],
        [0, (1j * place[0]).real, (1j * place[0]).imag, 0],
    ]
    return np.array([0.3, place[0].real, place[0].imag, place[1]]), np.array(columns).T


@pytest.mark.parametrize("outgoing", [False, True])
@pytest.mark.parametrize(("spin", "charge"), CASES)
def test_both_charts_are_the_textbook_hole(spin, charge, outgoing):
    rng = np.random.default_rng(4)
    places, expected = [], []
    for _ in range(50):
        r, theta = 1.1 + 6 * rng.random(), 0.05 + 3.0 * rng.random()
        sign = -1 if outgoing else 1
        x, by = to_kerr_schild(r, theta, 6.28 * rng.random(), spin, charge, sign)
        assert spheroidal_radius(x, spin) == pytest.approx(r, rel=1e-13)
        places.append((x, by))
        expected.append(boyer_lindquist(r, theta, spin, charge))
    ds2 = rotating_hole(spin, charge, outgoing=outgoing)
    g = metric(ds2, np.stack([x for x, _ in places]))
    by = np.stack([by for _, by in places])
    pulled = np.einsum("nma,nmk,nkb->nab", by, g, by)
    np.testing.assert_allclose(pulled, np.stack(expected), atol=1e-11)


@pytest.mark.parametrize("ds2", [kerr, kerr_newman])
def test_one_code_runs_on_numpy_jax_and_components(ds2):
    import jax

    rng = np.random.default_rng(0)
    x, dx = 3 + rng.random((5, 4)), rng.normal(size=(5, 4))
    expected = ds2(x, dx)
    with jax.enable_x64(True):
        traced = np.asarray(ds2(jax.numpy.asarray(x), jax.numpy.asarray(dx)))
    np.testing.assert_allclose(traced, expected, rtol=1e-13)
    np.testing.assert_array_equal(ds2(Components(x.T), Components(dx.T)), expected)


def test_limits():
    x, dx = random_events(100), np.random.default_rng(1).normal(size=(100, 4))
    round_hole = schwarzschild_ingoing(x, dx)
    np.testing.assert_allclose(kerr(x, dx, spin=0.0), round_hole, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(kerr(x, dx, spin=0.7, r_s=0.0), minkowski(x, dx), rtol=1e-12)
    uncharged = kerr_newman(x, dx, spin=0.7, charge=0.0)
    np.testing.assert_allclose(uncharged, kerr(x, dx, spin=0.7), rtol=1e-12, atol=1e-14)
    back = dx * [-1, 1, 1, 1]
    outgoing = kerr(x, dx, spin=0.7, outgoing=True)
    np.testing.assert_array_equal(outgoing, kerr(x, back, spin=-0.7))


@pytest.mark.parametrize("outgoing", [False, True])
def test_space_far_away_turns_with_the_hole(outgoing):
    # g_tφ → −2J/r in the equator, J = a M: a positive spin turns from x to y
    far = np.array([0.0, 1e4, 0.0, 0.0])
    g = metric(rotating_hole(0.8, outgoing=outgoing), far)
    sideways = g[0, 2] * 1e4
    assert sideways == pytest.approx(-2 * 0.5 * 0.4 / 1e4, rel=1e-3)


@pytest.mark.parametrize("outgoing", [False, True])
@pytest.mark.parametrize("spin", [0.5, 0.998])
def test_rotating_hole_is_a_vacuum_with_the_known_curvature(spin, outgoing):
    x, a = random_events(200), spin / 2
    ds2 = rotating_hole(spin, outgoing=outgoing)
    check_metric(ds2, x)
    assert abs(ricci(ds2, x)).max() <= 1e-8
    r = spheroidal_radius(x, spin)
    ac2 = (a * x[:, 3] / r) ** 2
    even, odd = r * r - ac2, (r * r + ac2) ** 2 - 16 * r * r * ac2
    expected = 12 * even * odd / (r * r + ac2) ** 6  # 48 M²; MTW's exercise 33
    np.testing.assert_allclose(kretschmann(ds2, x), expected, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize(("spin", "charge"), [(0.6, 0.6), (0.0, 0.8)])
def test_charge_is_the_only_matter(spin, charge):
    # an electromagnetic field: R = 0 and R_mn R^mn = 4 q⁴/(r² + a² cos²θ)⁴
    x, a, q = random_events(200), spin / 2, charge / 2
    ds2 = rotating_hole(spin, charge)
    mixed = np.linalg.solve(metric(ds2, x), ricci(ds2, x))
    assert abs(np.trace(mixed, axis1=1, axis2=2)).max() <= 1e-10
    r = spheroidal_radius(x, spin)
    expected = 4 * q**4 / (r * r + (a * x[:, 3] / r) ** 2) ** 4
    square = np.trace(mixed @ mixed, axis1=1, axis2=2)
    np.testing.assert_allclose(square, expected, rtol=1e-8)


@pytest.mark.parametrize(("spin", "charge"), CASES)
def test_light_is_given_up_between_the_horizons(spin, charge):
    event = swallowed(spin, charge)
    assert event.status == Status.CAPTURED
    root = np.sqrt(1 - spin**2 - charge**2)
    axis = np.array([[0.0, 0.0, 0.0, (1 + root) / 2], [0.0, 0.0, 0.0, (1 - root) / 2 + 1e-12]])
    on_outer, on_inner = event.function(axis, None)
    assert on_outer > 0 > on_inner


def test_without_a_horizon_there_is_no_hole():
    for make in (rotating_hole, swallowed):
        with pytest.raises(ValueError, match=r"spin² \+ charge² <= 1.*got spin 0.8 and charge 0.7"):
            make(0.8, 0.7)
