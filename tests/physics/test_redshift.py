"""Frequencies of circling matter against closed forms, geodesics and published values."""

import numpy as np
import pytest

from mlphys.physics import kerr
from mlphys.physics.frames import boost
from mlphys.physics.line_elements import minkowski, schwarzschild, schwarzschild_ingoing
from mlphys.physics.redshift import (
    circling,
    disc_ratio,
    dot,
    frequency,
    kepler_clock,
    kepler_constants,
    kepler_frequency,
)
from mlphys.physics.rotating_holes import rotating_hole
from mlphys.physics.spacetime import christoffel, metric

SPINS = (0.0, 0.9, -0.7)


def on_equator(radius, spin, angle=0.4):
    distance = np.hypot(radius, spin / 2)
    return np.array([0.0, distance * np.cos(angle), distance * np.sin(angle), 0.0])


def test_product_is_that_of_the_metric():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(20, 4)) + np.array([0.0, 5.0, 0.0, 0.0])
    a, b = rng.normal(size=(2, 20, 4))
    ds2 = rotating_hole(0.9)
    expected = np.einsum("im,imn,in->i", a, metric(ds2, x), b)
    np.testing.assert_allclose(dot(ds2, x, a, b), expected, atol=1e-14)


@pytest.mark.parametrize("speed", [-0.6, 0.0, 0.8])
def test_doppler_factor_of_flat_space(speed):
    rest = np.eye(4)
    source = boost(rest, [speed, 0.0, 0.0])[0]
    k = np.array([1.0, 1.0, 0.0, 0.0])
    seen, sent = (frequency(minkowski, np.zeros(4), k, u) for u in (rest[0], source))
    assert seen / sent == pytest.approx(np.sqrt((1 + speed) / (1 - speed)), rel=1e-14)


@pytest.mark.parametrize("spin", SPINS)
@pytest.mark.parametrize("outgoing", [False, True])
def test_keplers_orbit_is_a_geodesic(spin, outgoing):
    ds2 = rotating_hole(spin, outgoing=outgoing)
    for radius in (5.0, 8.0, 30.0):
        x, omega = on_equator(radius, spin), kepler_frequency(radius, spin)
        u = circling(ds2, x, omega)
        turn = u[0] * omega * np.array([0.0, -u[2], u[1], 0.0])  # du/dτ on the circle
        force = np.einsum("amn,m,n->a", christoffel(ds2, x), u, u)
        np.testing.assert_allclose(turn + force, 0, atol=1e-14)
        assert dot(ds2, x, u, u) == pytest.approx(-1, abs=1e-13)


@pytest.mark.parametrize("spin", SPINS)
def test_clock_and_constants_are_those_of_the_line_element(spin):
    ds2 = rotating_hole(spin)
    for radius in (4.5, 12.0):
        x = on_equator(radius, spin)
        u = circling(ds2, x, kepler_frequency(radius, spin))
        assert kepler_clock(radius, spin) == pytest.approx(u[0], rel=1e-13)
        energy, momentum = kerr.angular_momentum(ds2, x, u)
        np.testing.assert_allclose(kepler_constants(radius, spin), [energy, momentum], rtol=1e-13)


def test_the_innermost_stable_orbit():
    energy, momentum = kepler_constants(3.0)
    assert energy == pytest.approx(0.94280904158206336587, rel=1e-14)
    assert momentum == pytest.approx(1.7320508075688772935, rel=1e-14)
    for spin in (0.0, 0.5, 0.9, 0.998):
        edge = kerr.isco(spin)[0]
        r = edge * np.array([1 - 1e-4, 1.0, 1 + 1e-4])
        energy = kepler_constants(r, spin)[0]
        assert energy[1] < min(energy[0], energy[2])  # the least energy of all circles


def test_face_on_value_and_static_redshift():
    # relativity.md: sqrt(1 - 3/(2 * 3))/sqrt(1 - 1/20)
    seen = disc_ratio(3.0, 0.0, clock=1 / np.sqrt(0.95))
    assert seen == pytest.approx(0.725476250110011672, rel=1e-14)
    x = np.array([0.0, 20.0, 0.0, 0.0])
    assert circling(schwarzschild, x, 0.0)[0] == pytest.approx(1.0259783520851540955, rel=1e-14)


def test_edge_on_extremes_at_the_innermost_orbit():
    # local speed 1/2: Doppler factors √3 and 1/√3, gravity √(2/3)
    xi = 3 / np.sqrt(1 - 1 / 3)
    assert disc_ratio(3.0, xi) == pytest.approx(np.sqrt(2), rel=1e-14)
    assert disc_ratio(3.0, -xi) == pytest.approx(np.sqrt(2) / 3, rel=1e-14)


def test_matter_as_fast_as_light_is_refused():
    with pytest.raises(ValueError, match="slower than light"):
        circling(schwarzschild_ingoing, [0.0, 3.0, 0.0, 0.0], 0.5)
    assert np.isnan(kepler_clock(1.5))
