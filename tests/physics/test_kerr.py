"""Closed forms for rotating holes against published values, limits and conditions on the orbit."""

import numpy as np
import pytest

from mlphys.physics import kerr
from mlphys.physics import schwarzschild as exact
from mlphys.physics.rotating_holes import rotating_hole
from mlphys.physics.spacetime import metric

# spin; r_+, ISCO ±, photon orbits ±, critical xi ±, in units of M, from 40-digit arithmetic
TABLE = {
    0.5: (1.8660254037844386, 4.2330025295308257, 7.5545847145123584, 2.3472963553338607,
          3.5320888862379561, 4.0962666587138682, -6.1381557247154503),
    0.9: (1.4358898943540674, 2.3208830417618872, 8.7173522796064893, 1.5578546274233828,
          3.9102679391030367, 2.8444214034761693, -6.8323192304466666),
    0.998: (1.0632139225171164, 1.2369706551751843, 8.9943744548035688, 1.0739092576799517,
            3.9982218928479460, 2.1108877945528310, -6.9966662713999613),
}  # fmt: skip
FACE_ON = {0.5: 5.1205311916259374, 0.9: 4.9160633802283307, 0.998: 4.8304213185114873}
ANGLES = np.linspace(0, 2 * np.pi, 37)


@pytest.mark.parametrize("spin", TABLE)
def test_special_radii(spin):
    found = (
        kerr.horizons(spin)[0], *kerr.isco(spin), *kerr.photon_orbits(spin),
        *kerr.critical_impact(spin),
    )  # fmt: skip
    np.testing.assert_allclose(2 * np.array(found), TABLE[spin], rtol=2e-13)


def radial_potential(r, xi, eta, spin, charge):
    """Return R(r) of light with unit energy, whose double zero is an orbit of constant r."""
    a, q2 = spin / 2, charge**2 / 4
    delta = r * r - r + a * a + q2
    return (r * r + a * a - a * xi) ** 2 - delta * (eta + (xi - a) ** 2)


@pytest.mark.parametrize(
    ("spin", "charge"), [(0.5, 0), (0.998, 0), (-0.9, 0), (0.6, 0.6), (0.0, 0.8), (-0.3, 0.9)]
)
def test_light_on_spheres_stays_there(spin, charge):
    low, high = kerr.equatorial_parameters(spin, charge)
    u = np.linspace(low, high, 41)
    r, xi, eta = kerr.spherical_light(u, spin, charge)
    a, gap = spin / 2, eta + (xi - spin / 2) ** 2
    slope = 4 * r * (r * r + a * a - a * xi) - (2 * r - 1) * gap
    assert abs(radial_potential(r, xi, eta, spin, charge) / r**4).max() < 1e-13
    assert abs(slope / r**3).max() < 1e-12
    assert abs(eta[[0, -1]]).max() < 1e-11  # ends: in the equator
    assert (eta[1:-1] > 0).all() and xi[0] > 0 > xi[-1]


@pytest.mark.parametrize("inclination", [0.0, 0.3, np.pi / 2, 2.5, np.pi])
def test_without_spin_the_shadow_is_the_known_circle(inclination):
    for spin in (0.0, 1e-13):
        alpha, beta = kerr.shadow_curve(ANGLES, inclination, spin)
        np.testing.assert_allclose(np.hypot(alpha, beta), exact.CRITICAL_IMPACT, rtol=1e-12)


def test_a_little_spin_shifts_the_circle():
    # to first order in a: the circle moves by 2a sin i to the right
    alpha, beta = kerr.shadow_curve(ANGLES, 1.0, 1e-5)
    moved = np.hypot(alpha - 2 * 0.5e-5 * np.sin(1.0), beta)
    np.testing.assert_allclose(moved, exact.CRITICAL_IMPACT, atol=2e-10)


@pytest.mark.parametrize("spin", TABLE)
def test_shadow_from_the_side_and_from_the_pole(spin):
    alpha, beta = kerr.shadow_curve(ANGLES, np.pi / 2, spin)
    xi_with, xi_against = TABLE[spin][-2:]
    np.testing.assert_allclose([alpha[18], alpha[0]], [-xi_with / 2, -xi_against / 2], rtol=1e-12)
    # seen from the side it is as high as without spin, where alpha = 2a
    top = kerr.shadow_curve(np.arctan2(exact.CRITICAL_IMPACT, spin), np.pi / 2, spin)
    np.testing.assert_allclose(top, [spin, exact.CRITICAL_IMPACT], rtol=1e-12)
    for pole in (0.0, np.pi, 1e-13):
        alpha, beta = kerr.shadow_curve(ANGLES, pole, spin)
        np.testing.assert_allclose(2 * np.hypot(alpha, beta), FACE_ON[spin], rtol=1e-12)


def test_bardeens_parametric_curve():
    # the usual parameter r and the usual formulas, which need a and sin i
    spin, inclination, m, a = 0.9, 0.8, 0.5, 0.45
    alpha, beta = kerr.shadow_curve(ANGLES[1:-1], inclination, spin)
    sphere = []
    for far_right, up in zip(alpha, beta, strict=True):
        xi = -far_right * np.sin(inclination)
        roots = np.roots([-1, 3 * m, -a * a - a * xi, a * xi * m - a * a * m])
        real = roots[abs(roots.imag) < 1e-9].real
        r = real[real > m].max()
        eta = r**3 * (4 * m * a * a - r * (r - 3 * m) ** 2) / (a * (r - m)) ** 2
        expected = eta + (a * np.cos(inclination)) ** 2 - (xi / np.tan(inclination)) ** 2
        sphere.append(expected - up * up)
    assert abs(np.array(sphere)).max() < 1e-10


def test_extremal_and_charged_curves():
    alpha, beta = kerr.shadow_curve(ANGLES, np.pi / 2, 1.0)
    assert np.isfinite(alpha).all() and np.isfinite(beta).all()
    np.testing.assert_allclose([alpha[18], alpha[0]], [-1.0, 3.5], atol=1e-6)
    # charge alone: critical impact parameter of Reissner and Nordström at Q = M is 4M
    alpha, beta = kerr.shadow_curve(ANGLES, 1.0, 0.0, 1.0)
    np.testing.assert_allclose(np.hypot(alpha, beta), 2.0, rtol=1e-12)


def test_frame_dragging_is_that_of_the_metric():
    spin, theta = 0.9, 1.1
    r = np.array([0.75, 1.5, 20.0])
    a = spin / 2
    lead = (r + 1j * a) * np.sin(theta)
    x = np.stack([0 * r, lead.real, lead.imag, r * np.cos(theta)], axis=-1)
    g = metric(rotating_hole(spin), x)
    around = np.stack([0 * r, -x[:, 2], x[:, 1], 0 * r], axis=-1)
    g_tp = np.einsum("nm,nm->n", g[:, 0], around)
    g_pp = np.einsum("nm,nmk,nk->n", around, g, around)
    np.testing.assert_allclose(kerr.frame_dragging(r, spin, theta), -g_tp / g_pp, rtol=1e-12)


def test_static_limit_is_where_clocks_at_rest_stop():
    theta = 0.7
    r = float(kerr.static_limit(0.9, theta))
    lead = (r + 0.45j) * np.sin(theta)
    g = metric(rotating_hole(0.9), [0.0, lead.real, lead.imag, r * np.cos(theta)])
    assert g[0, 0] == pytest.approx(0, abs=1e-14)
    assert float(kerr.static_limit(0.9, 0.0)) == pytest.approx(kerr.horizons(0.9)[0])


def test_carters_constant_is_its_definition_in_spheroidal_coordinates():
    rng = np.random.default_rng(5)
    spin, a = 0.8, 0.4
    for _ in range(10):
        r, theta, phi = 1 + 3 * rng.random(), 3 * rng.random() + 0.05, 6 * rng.random()
        lead = (r + 1j * a) * np.exp(1j * phi)
        x = np.array([0.0, *(lead * np.sin(theta)).view((float, 2)), r * np.cos(theta)])
        v, g = rng.normal(size=4), metric(rotating_hole(spin), x)
        p = g @ v
        by_theta = np.array([0.0, *(lead * np.cos(theta)).view((float, 2)), -r * np.sin(theta)])
        energy, momentum = kerr.angular_momentum(rotating_hole(spin), x, v)
        expected = (p @ by_theta) ** 2 + np.cos(theta) ** 2 * (
            a * a * (-(v @ p) - energy**2) + (momentum / np.sin(theta)) ** 2
        )
        found = kerr.carter_constant(rotating_hole(spin), x, v, spin=spin)
        assert float(found) == pytest.approx(float(expected), rel=1e-11)


def test_bad_spins_are_refused():
    for function in (kerr.isco, kerr.photon_orbits):
        with pytest.raises(ValueError, match=r"spin a/M from 0 to 1; got -0.5"):
            function(-0.5)
    with pytest.raises(ValueError, match=r"spin² "):
        kerr.shadow_curve(ANGLES, 1.0, 1.1)
