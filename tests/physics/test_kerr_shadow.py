"""The traced edge of a rotating hole's shadow against Bardeen's, and what the tracer keeps."""

import numpy as np
import pytest

from mlphys.physics import kerr
from mlphys.physics import schwarzschild as exact
from mlphys.physics.black_hole import render
from mlphys.physics.camera import Camera, pixel_directions, static_camera
from mlphys.physics.events import Status, captured, escaped
from mlphys.physics.frames import boost, light
from mlphys.physics.geodesics import trace
from mlphys.physics.kerr_shadow import (
    bisect_between,
    edge_directions,
    edge_momentum,
    traced_edge,
)
from mlphys.physics.line_elements import schwarzschild_ingoing
from mlphys.physics.rotating_holes import rotating_hole, swallowed
from mlphys.physics.spacetime import inverse_metric
from mlphys.physics.symmetries import AXIAL

ANGLES = np.linspace(0, 2 * np.pi, 128, endpoint=False)
INCLINATIONS = (17.0, 60.0, 90.0)  # degrees; the first is that of M87*


def camera_at(inclination, ds2, distance=20.0):
    i = np.radians(inclination)
    return static_camera(ds2, [0.0, distance * np.sin(i), 0.0, distance * np.cos(i)])


@pytest.mark.parametrize("charge", [0.0, 0.4])
@pytest.mark.parametrize("spin", [0.0, 0.9, -0.7])
def test_momentum_at_the_edge_is_light_with_the_right_constants(spin, charge):
    position = np.array([0.0, 7.0, -5.0, 4.0])
    ds2 = rotating_hole(spin, charge, outgoing=True)
    p = edge_momentum(position, ANGLES, spin, charge)
    v = p @ inverse_metric(ds2, position)
    assert abs(np.sum(p * v, axis=-1)).max() < 1e-13
    energy, momentum = kerr.angular_momentum(ds2, np.broadcast_to(position, v.shape), v)
    carter = kerr.carter_constant(ds2, np.broadcast_to(position, v.shape), v, spin=spin)
    np.testing.assert_allclose(energy, 1, rtol=1e-13)
    # on one of the spheres of light: the eta that belongs to this xi
    u = np.linspace(*kerr.equatorial_parameters(spin, charge), 4001)
    _, xi, eta = kerr.spherical_light(u, spin, charge)
    np.testing.assert_allclose(carter, np.interp(-momentum, -xi, eta), atol=2e-5)


def test_far_away_the_edge_is_bardeens_curve():
    spin, far = 0.9, 1e7
    for inclination in INCLINATIONS:
        camera = camera_at(inclination, rotating_hole(spin, outgoing=True), far)
        n = edge_directions(camera, ANGLES, spin)
        alpha, beta = kerr.shadow_curve(ANGLES, np.radians(inclination), spin)
        left, up = far * n[:, 1] / n[:, 0], far * n[:, 2] / n[:, 0]
        shift = -left - alpha  # the chart's forward leg is not the principal direction
        assert np.ptp(shift) < 1e-6
        np.testing.assert_allclose(up, beta, atol=1e-6)


def test_from_the_pole_the_shadow_is_round():
    camera = static_camera(
        rotating_hole(0.9, outgoing=True), [0.0, 0.0, 0.0, 20.0], up=(1.0, 0.0, 0.0)
    )
    n = edge_directions(camera, ANGLES, 0.9)
    assert np.ptp(n[:, 0]) < 1e-14


def test_a_moving_camera_sees_the_aberrated_edge():
    ds2 = rotating_hole(0.9, outgoing=True)
    rest = camera_at(60.0, ds2)
    moving = Camera(rest.position, boost(rest.frame, [0.0, 0.3, -0.4]))
    still, seen = (edge_directions(camera, ANGLES, 0.9) for camera in (rest, moving))
    # special relativity alone: light of direction n comes with (1, −n)
    beta, gamma = np.array([0.0, 0.3, -0.4]), 1 / np.sqrt(0.75)
    along = still @ beta
    doppler = gamma * (1 + along)
    expected = (still + np.outer(gamma + (gamma - 1) / 0.25 * along, beta)) / doppler[:, None]
    np.testing.assert_allclose(seen, expected, atol=1e-13)


@pytest.mark.slow
@pytest.mark.parametrize("spin", [0.5, 0.9, 0.998])
def test_traced_edge_is_bardeens_at_three_inclinations(spin):
    ds2 = rotating_hole(spin, outgoing=True)
    cameras = [camera_at(inclination, ds2) for inclination in INCLINATIONS]
    edges = [edge_directions(camera, ANGLES, spin) for camera in cameras]
    shares = traced_edge(ds2, cameras, edges, capture=swallowed(spin), digits=10)
    np.testing.assert_allclose(shares, 1, atol=1e-6)
    for inclination, camera, n, share in zip(INCLINATIONS, cameras, edges, shares, strict=True):
        if inclination == 90.0:  # the two circles in the equator, by their constants
            for index, xi in ((64, 0), (0, 1)):
                slope = n[index, 1] / n[index, 0]
                middle = (n[:, 1] / n[:, 0]).mean()
                left = middle + share[index] * (slope - middle)
                toward = np.array([1.0, left, 0.0]) / np.hypot(1.0, left)
                k = light(camera.frame, toward, time=-1)
                energy, momentum = kerr.angular_momentum(ds2, camera.position, k)
                found = momentum / energy
                assert found == pytest.approx(kerr.critical_impact(spin)[xi], rel=1e-8)


@pytest.mark.slow
def test_traced_edge_of_a_charged_hole():
    ds2 = rotating_hole(0.6, 0.6, outgoing=True)
    camera = camera_at(60.0, ds2)
    n = edge_directions(camera, ANGLES, 0.6, 0.6)
    share = traced_edge(ds2, camera, n, capture=swallowed(0.6, 0.6))
    np.testing.assert_allclose(share, 1, atol=1e-6)


def largest_drifts(velocity, tolerance, spin=0.9):
    """Return what the escaping rays of a camera 75° from the axis lost, each at its worst."""
    ds2 = rotating_hole(spin, outgoing=True)
    rays = trace(
        ds2,
        camera_at(75.0, ds2).position,
        velocity,
        events=(swallowed(spin), escaped(50.0)),
        tolerance=tolerance,
        equations="hamiltonian",
        killing=AXIAL,
    )
    assert not (rays.status == Status.FAILED).any()
    start = np.broadcast_to(camera_at(75.0, ds2).position, velocity.shape)
    carter = [
        kerr.carter_constant(ds2, x, k, spin=spin)
        for x, k in ((start, velocity), (rays.position, rays.velocity))
    ]
    lost = dict(rays.drift) | {"carter": carter[1] - carter[0]}
    seen = rays.status == Status.ESCAPED
    return {name: abs(value[seen]).max() for name, value in lost.items()}


@pytest.mark.slow
def test_what_is_conserved_is_kept():
    frame = camera_at(75.0, rotating_hole(0.9, outgoing=True)).frame
    # the standard fan of 1,024 slopes, to the side that turns away and upward
    slope = np.linspace(0.0, 0.7, 1024)
    for right, up in ((1.0, 0.0), (0.0, 1.0)):
        n = np.stack([np.ones(1024), -right * slope, up * slope], axis=-1)
        n /= np.linalg.norm(n, axis=-1, keepdims=True)
        lost = largest_drifts(light(frame, n, time=-1), 1e-9)
        assert lost["energy"] <= 1e-14
        assert lost["angular_momentum_z"] <= 1e-9
        assert lost["carter"] <= 1e-8 and lost["norm"] <= 1e-8
    # a picture also holds light that grazes the horizon on the side that comes: ten times tighter
    n = pixel_directions(32, 32, half_width=0.3).reshape(-1, 3)
    lost = largest_drifts(light(frame, n, time=-1), 1e-10)
    assert lost["energy"] <= 1e-14
    assert lost["angular_momentum_z"] <= 1e-9
    assert lost["carter"] <= 1e-8 and lost["norm"] <= 1e-8


@pytest.mark.slow
def test_without_spin_it_is_the_round_hole():
    # static: light of the past in outgoing coordinates is light of the future in ingoing ones
    ds2 = rotating_hole(0.0, outgoing=True)
    options = {"width": 24, "height": 24, "tolerance": 1e-11}
    ours = render(ds2, static_camera(ds2), capture=swallowed(0.0), time=-1, **options)
    known = render(schwarzschild_ingoing, **options)
    np.testing.assert_array_equal(ours.status, known.status)
    np.testing.assert_array_equal(ours.rgb, known.rgb)
    seen = known.status == Status.ESCAPED
    np.testing.assert_allclose(ours.direction[seen], known.direction[seen], atol=1e-9)


def test_followed_into_the_wrong_time_light_never_arrives():
    ds2 = rotating_hole(0.9)  # ingoing: nothing of the past crosses the horizon
    camera = static_camera(ds2)
    toward = np.array([[1.0, 0.0, 0.0]])
    rays = trace(
        ds2,
        camera.position,
        light(camera.frame, toward, time=-1),
        events=(swallowed(0.9), escaped(50.0)),
        max_steps=500,
    )
    assert rays.status[0] == Status.FAILED


def test_faults_are_named():
    with pytest.raises(ValueError, match=r"outside all light that circles; got r = 1.5"):
        edge_momentum([0.0, 0.0, 0.0, 1.5], [0.0], 0.9)
    with pytest.raises(ValueError, match="expected a dark middle"):
        bisect_between(lambda share: share > 3, 2)
    ds2 = rotating_hole(0.0, outgoing=True)
    camera = static_camera(ds2)
    n = edge_directions(camera, ANGLES[:4], 0.0)
    with pytest.raises(RuntimeError, match="4 that failed"):
        traced_edge(ds2, camera, n, capture=swallowed(0.0), max_steps=3)
    share = traced_edge(ds2, camera, n, capture=captured(0.95), digits=7)
    np.testing.assert_allclose(share, 1, atol=1e-6)
    assert float(np.arccos(n[0, 0])) == pytest.approx(float(exact.shadow_angle(20.0)), rel=1e-12)
