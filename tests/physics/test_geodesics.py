"""Traced geodesics against exact results, conserved quantities and each other."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from mlphys.physics import schwarzschild as exact
from mlphys.physics.black_hole import trace_fan
from mlphys.physics.events import Status, captured, escaped
from mlphys.physics.frames import light, matter, static_frame
from mlphys.physics.geodesics import path, rk4_path, trace
from mlphys.physics.line_elements import (
    lectures_diagonal,
    minkowski,
    schwarzschild,
    schwarzschild_ingoing,
    schwarzschild_isotropic,
)

SLOPES = np.linspace(0.0, 0.7, 1024)  # relativity's standard job: camera at r = 20, sky at 50


def angle_error(rays, slopes):
    """Difference between traced and exact swept angle of escaping rays."""
    seen = rays.status == Status.ESCAPED
    place = rays.position[seen, 1:]
    radius = np.linalg.norm(place, axis=-1)
    swept = exact.swept_angle(exact.impact_parameter(slopes[seen], 20.0), 20.0, radius)
    error = np.arctan2(place[:, 1], place[:, 0]) - swept
    return abs((error + np.pi) % (2 * np.pi) - np.pi)


@pytest.mark.parametrize(
    ("tolerance", "largest", "median"), [(1e-8, 1e-6, 1e-8), (1e-11, 1e-9, 1e-11)]
)
@pytest.mark.parametrize("equations", ["euler_lagrange", "hamiltonian"])
def test_1024_rays_are_right_with_only_ds2_given(equations, tolerance, largest, median):
    rays = trace_fan(SLOPES, tolerance=tolerance, locate=False, equations=equations)
    verdict = np.where(SLOPES < exact.critical_slope(20.0), Status.CAPTURED, Status.ESCAPED)
    np.testing.assert_array_equal(rays.status, verdict)
    error = angle_error(rays, SLOPES)
    assert error.max() <= largest
    assert np.median(error) <= median


def test_single_precision_is_right_to_a_ten_thousandth():
    options: dict = {"locate": False, "equations": "hamiltonian", "scheme": "DP54"}
    rays = trace_fan(SLOPES, tolerance=1e-6, precision="single", **options)
    assert rays.position.dtype == np.float32
    verdict = np.where(SLOPES < exact.critical_slope(20.0), Status.CAPTURED, Status.ESCAPED)
    np.testing.assert_array_equal(rays.status, verdict)
    error = angle_error(rays._replace(position=rays.position.astype(float)), SLOPES)
    assert error.max() <= 1e-4 and np.median(error) <= 1e-6
    with pytest.raises(ValueError, match="at least 1e-06 in single"):
        trace_fan(SLOPES, tolerance=1e-8, precision="single")
    with pytest.raises(ValueError, match="precision among"):
        trace_fan(SLOPES, tolerance=1e-8, precision="half")


def test_straight_lines_in_single_precision_end_as_they_should():
    rays = trace(
        minkowski, [0.0, 3, 0, 0], [1.0, 0, 1, 0], events=[escaped(5.0)], tolerance=1e-6,
        precision="single",
    )  # fmt: skip
    assert rays.status == Status.ESCAPED


def test_every_ray_reports_what_it_kept():
    rays = trace_fan(SLOPES[::64], tolerance=1e-10, equations="hamiltonian")
    assert set(rays.drift) == {
        "norm",
        "energy",
        "angular_momentum_x",
        "angular_momentum_y",
        "angular_momentum_z",
    }
    assert abs(rays.drift["energy"]).max() < 1e-14  # t does not occur in ds²
    assert abs(rays.drift["norm"]).max() < 1e-8
    assert abs(rays.drift["angular_momentum_z"]).max() < 1e-8
    assert (rays.steps > 5).all() and (rays.parameter > 0).all()
    lagrange = trace_fan(SLOPES[::64], tolerance=1e-10)
    assert 0 < abs(lagrange.drift["energy"]).max() < 1e-8


@pytest.mark.parametrize(
    ("ds2", "radius", "capture", "sky"),
    [
        (schwarzschild, 20.0, 1.0001, 50.0),
        (schwarzschild_isotropic, (19.5 + np.sqrt(380)) / 2, 0.2501, (49.5 + np.sqrt(2450)) / 2),
    ],
)
def test_charts_agree(ds2, radius, capture, sky):
    slopes = np.array([0.05, 0.12, 0.13, 0.2, 0.5])
    options = {"tolerance": 1e-11}
    ingoing = trace_fan(slopes, **options)
    other = trace_fan(
        slopes, ds2=ds2, radius=radius, capture_radius=capture, sky_radius=sky, **options
    )
    np.testing.assert_array_equal(other.status, ingoing.status)
    seen = ingoing.status == Status.ESCAPED

    def angle(rays):
        return np.arctan2(rays.position[seen, 2], rays.position[seen, 1])

    np.testing.assert_allclose(angle(other), angle(ingoing), atol=1e-8)


def test_forms_and_schemes_agree():
    slopes = np.array([0.05, 0.13, 0.2, 0.5])
    ends = [
        trace_fan(slopes, tolerance=1e-11, equations=equations, scheme=scheme).position
        for equations, scheme in (
            ("euler_lagrange", "DOP853"),
            ("hamiltonian", "DP54"),
            ("christoffel", "DOP853"),
        )
    ]
    for end in ends[1:]:
        np.testing.assert_allclose(end[1:], ends[0][1:], atol=2e-6)


def test_against_scipy_on_hand_written_equations():
    # x'' = −(3/2) h² x/r⁵ with h = |x × v|: light outside a hole, by another integrator
    slope = 0.16
    rays = trace_fan([slope], tolerance=1e-12)
    impact = float(exact.impact_parameter(slope, 20.0))
    radial = -np.sqrt(1 - (1 - 1 / 20.0) * (impact / 20.0) ** 2)

    def binet(_, y):
        x, v = y[:2], y[2:]
        return np.concatenate([v, -1.5 * impact**2 * x / np.linalg.norm(x) ** 5])

    def sky(_, y):
        return np.hypot(y[0], y[1]) - 50.0

    sky.terminal, sky.direction = True, 1
    solution = solve_ivp(
        binet,
        (0, 1000),
        [20.0, 0.0, radial, impact / 20],
        method="DOP853",
        events=sky,
        rtol=1e-12,
        atol=1e-12,
    )
    np.testing.assert_allclose(rays.position[0, 1:3], solution.y_events[0][0][:2], atol=1e-7)


def test_bound_orbit_precesses_as_the_elliptic_integral_says():
    p, e = 10.0, 0.2  # in units of M = 1/2
    inner, outer = p / (1 + e) / 2, p / (1 - e) / 2
    frame = static_frame(schwarzschild, [0.0, outer, 0.0, 0.0])
    # at apoapsis the velocity is purely sideways; E², L² from the two turning points
    momentum = np.sqrt((1 / inner - 1 / outer) / _turning(inner, outer))
    sideways = momentum / outer / np.sqrt(1 + (momentum / outer) ** 2)
    start = matter(frame, [0.0, -sideways, 0.0])
    period = np.linspace(0.0, 400.0, 4001)
    orbit = path(schwarzschild, [0.0, outer, 0.0, 0.0], start, period, tolerance=1e-12)
    x, v = orbit.position[:, 1:3], orbit.velocity[:, 1:3]
    radial = np.sum(x * v, axis=1)
    angle = np.unwrap(np.arctan2(x[:, 1], x[:, 0]))
    back = np.flatnonzero((radial[:-1] > 0) & (radial[1:] <= 0))[0]  # next apoapsis
    share = radial[back] / (radial[back] - radial[back + 1])
    swept = angle[back] + share * (angle[back + 1] - angle[back])
    assert swept - 2 * np.pi == pytest.approx(float(exact.precession(p, e)), abs=1e-4)


def _turning(inner, outer):
    """Return (1 − 1/outer)/outer² − (1 − 1/inner)/inner², whose sign makes L² positive."""
    return (1 - 1 / inner) / inner**2 - (1 - 1 / outer) / outer**2


def test_innermost_stable_circular_orbit():
    # E = √(8/9), L = √3 at r = 3; a nudge inward falls in there, and oscillates at r = 3.6
    frame = static_frame(schwarzschild, [0.0, 3.0, 0.0, 0.0])
    start = matter(frame, [0.0, -0.5, 0.0])  # v = 1/2 in the local frame
    energy = (1 - 1 / 3) * start[0]
    assert energy == pytest.approx(np.sqrt(8 / 9), rel=1e-14)
    assert 3.0 * start[2] == pytest.approx(np.sqrt(3), rel=1e-14)
    turn = np.linspace(0, 60, 7)
    circle = path(schwarzschild, [0.0, 3.0, 0.0, 0.0], start, turn, tolerance=1e-12)
    np.testing.assert_allclose(np.linalg.norm(circle.position[:, 1:], axis=1), 3.0, atol=1e-8)
    for radius, fate in ((3.0, Status.CAPTURED), (3.6, Status.RUNNING)):
        frame = static_frame(schwarzschild_ingoing, [0.0, radius, 0.0, 0.0])
        speed = np.sqrt(1 / (2 * (radius - 1)))
        nudged = matter(frame, [0.01, -speed, 0.0])
        orbit = path(
            schwarzschild_ingoing,
            [0.0, radius, 0.0, 0.0],
            nudged,
            [1000.0],
            events=[captured(0.95)],
        )
        assert Status(int(orbit.status)) is fate


def test_radial_fall_takes_the_proper_time_of_the_cycloid():
    # from rest at R to r: τ = √(R³)(η + sin η)/2, r = R(1 + cos η)/2
    radius, eta = 8.0, 2.0
    frame = static_frame(schwarzschild, [0.0, radius, 0.0, 0.0])
    proper = np.sqrt(radius**3) * (eta + np.sin(eta)) / 2
    fall = path(schwarzschild, [0.0, radius, 0.0, 0.0], frame[0], [proper], tolerance=1e-12)
    assert fall.position[0, 1] == pytest.approx(radius * (1 + np.cos(eta)) / 2, rel=1e-9)


def test_fixed_step_converges_with_order_four():
    slopes = 0.3
    frame = static_frame(schwarzschild_ingoing, [0.0, 20.0, 0.0, 0.0])
    ray = light(frame, [np.cos(slopes), -np.sin(slopes), 0.0])
    start = [0.0, 20.0, 0.0, 0.0]
    reference = path(schwarzschild_ingoing, start, ray, [32.0], tolerance=1e-13).position[0]
    counts = np.array([32, 64, 128])
    errors = []
    for count in counts:
        way = rk4_path(
            schwarzschild_ingoing,
            start,
            ray,
            step=32.0 / count,
            steps=int(count),
            equations="euler_lagrange",
        )
        errors.append(np.linalg.norm(way.position[-1] - reference))
    order = -np.polyfit(np.log(counts), np.log(errors), 1)[0]
    assert order == pytest.approx(4.0, abs=0.2)


def test_fixed_step_jumps_over_the_hole_and_the_tracer_does_not():
    # a ray aimed at the hole: with steps longer than the hole is wide, it comes out behind
    frame = static_frame(schwarzschild_ingoing, [0.0, 20.0, 0.0, 0.0])
    ray = light(frame, [np.cos(0.02), -np.sin(0.02), 0.0])
    jumped = rk4_path(
        schwarzschild_ingoing,
        [0.0, 20.0, 0.0, 0.0],
        ray,
        step=3.0,
        steps=40,
        equations="euler_lagrange",
    )
    assert np.linalg.norm(jumped.position[:, 1:], axis=1).min() > 1
    assert trace_fan([np.tan(0.02)]).status[0] == Status.CAPTURED


def test_correction_lectures_metric_shows_another_hole():
    # seen from the y axis, in the plane x = 0, theirs bends time but not space: light from afar is
    # bent by Newton's half of Einstein's angle, 2M/b instead of 4M/b
    def bending(ds2):
        start = np.array([0.0, 0.0, 1e6, 1e3])
        frame = static_frame(ds2, start, forward=[0.0, -1.0, 0.0])
        ray = light(frame, [1.0, 0.0, 0.0])
        end = trace(ds2, start, ray, events=[captured(1.001), escaped(2e6)], tolerance=1e-12)
        assert Status(int(end.status)) is Status.ESCAPED
        return -np.arctan2(end.velocity[3], -end.velocity[2])

    assert bending(schwarzschild) == pytest.approx(float(exact.deflection(1e3)), rel=0.005)
    assert bending(lectures_diagonal) == pytest.approx(float(exact.deflection(1e3)) / 2, rel=0.005)


def test_an_unfinished_ray_is_failed_never_captured():
    rays = trace_fan([0.1, 0.2], max_steps=5)
    np.testing.assert_array_equal(rays.status, Status.FAILED)
    np.testing.assert_array_equal(rays.event, -1)
    # the static chart ends at the horizon: without a sphere outside it, light never arrives
    static = trace_fan([0.05], ds2=schwarzschild, capture_radius=0.5, max_steps=300)
    assert static.status[0] == Status.FAILED


def test_results_do_not_depend_on_neighbors_threads_or_shape():
    slopes = np.linspace(0.0, 0.7, 600)
    whole = trace_fan(slopes, threads=2)
    single = trace_fan(slopes, threads=1)
    np.testing.assert_array_equal(whole.position, single.position)
    few = trace_fan(slopes[::100])
    np.testing.assert_allclose(few.position[1:], whole.position[100::100], rtol=1e-9, atol=1e-9)
    frame = static_frame(minkowski, [0.0, 1.0, 0.0, 0.0])
    rays = light(frame, np.ones((2, 3, 3)) / np.sqrt(3))
    result = trace(minkowski, [0.0, 1.0, 0.0, 0.0], rays, events=[escaped(9.0)])
    assert result.position.shape == (2, 3, 4) and result.status.shape == (2, 3)


def test_line_elements_written_for_whole_arrays_work():
    def ds2(x, dx):
        weights = np.array([-1.0, 1.0, 1.0, 1.0])
        return (weights * dx * dx).sum(-1)

    end = trace(ds2, [0.0, 3.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0], events=[escaped(5.0, locate=True)])
    np.testing.assert_allclose(end.position, [4, 3, 4, 0], atol=1e-12)


def test_path_is_nan_after_the_end():
    way = path(
        minkowski,
        [0.0, 0.0, 0.0, 0.0],
        [1.0, 1.0, 0.0, 0.0],
        [0.0, 1.0, 3.0],
        events=[escaped(2.0)],
    )
    np.testing.assert_allclose(way.position[:2, 1], [0, 1], atol=1e-14)
    assert np.isnan(way.position[2]).all() and int(way.status) == Status.ESCAPED


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"position": [0.0, 1.0, 2.0]}, r"position of shape \(..., 4\)"),
        ({"velocity": [1.0, np.nan, 0.0, 0.0]}, "finite velocities"),
        ({"position": [0.0, 60.0, 0.0, 0.0]}, "event #1 .escaped.; got one that starts behind it"),
        ({"position": [0.0, 0.5, 0.0, 0.0]}, "expected finite components of the metric"),
        ({"equations": "newton"}, "equations among .*euler_lagrange"),
        ({"scheme": "RK4"}, "scheme among .*DOP853"),
        ({"tolerance": 1.0}, "tolerance from 1e-14 to 0.01; got 1"),
        ({"tolerance": 0.0}, "tolerance from 1e-14 to 0.01; got 0"),
        ({"tolerance": np.nan}, "got nan"),
        ({"position": np.zeros((0, 4))}, "at least one ray"),
    ],
)
def test_bad_input_is_refused(change, message):
    arguments = {
        "position": [0.0, 20.0, 0.0, 0.0],
        "velocity": [1.0, -1.0, 0.0, 0.0],
        "events": (captured(0.2), escaped(50.0)),
    } | change
    with pytest.raises(ValueError, match=message):
        trace(schwarzschild, **arguments)


def test_path_refuses_parameters_that_do_not_increase():
    with pytest.raises(ValueError, match="increasing"):
        path(minkowski, [0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [1.0, 1.0])


@pytest.mark.parametrize(("far", "impact"), [(1e8, 100.0), (1e8, 2e5), (1e9, 50.0)])
def test_no_step_leaps_over_a_distant_hole(far, impact):
    start = np.array([0.0, -far, impact, 0.0])
    k = light(static_frame(schwarzschild_ingoing, start, forward=(1, 0, 0)), [1, 0, 0])
    end = trace(schwarzschild_ingoing, start, k, events=[escaped(2e9)], tolerance=1e-10)
    bent = -np.arctan2(end.velocity[2], end.velocity[1])
    np.testing.assert_allclose(bent, exact.deflection(impact), rtol=1e-3)
