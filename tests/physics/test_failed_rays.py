"""Rays that cannot be finished are FAILED, on both backends, whatever event they were headed for."""

import numpy as np
import pytest

from mlphys.physics import geodesics
from mlphys.physics.events import Event, Status, captured, escaped
from mlphys.physics.line_elements import components, minkowski, namespace, schwarzschild_ingoing
from mlphys.physics.starts import check_count

START, RAY = [0.0, 20.0, 0.0, 0.0], [1.0, -0.995, 0.1, 0.0]
ENDS = (captured(1.0), escaped(50.0, locate=True))


def distance(x):
    _, x, y, z = components(x)
    return (x * x + y * y + z * z) ** 0.5


def nan_inside(x, dx):
    """Flat, and nothing at all within r = 5: NaN on the way."""
    r = distance(x)
    return namespace(x).where(r < 5, float("nan") + 0 * r, 1 + 0 * r) * minkowski(x, dx)


def infinite_inside(x, dx):
    r = distance(x)
    return namespace(x).where(r < 5, float("inf") + 0 * r, 1 + 0 * r) * minkowski(x, dx)


def signature_ends(x, dx):
    """All components vanish at r = 5 and change sign: the step falls below every floor."""
    return (distance(x) - 5) * minkowski(x, dx)


def clocks_stop(x, dx):
    """g_tt changes its sign at r = 5, as inside a horizon, but nothing else does."""
    dt, dx, dy, dz = components(dx)
    return dx * dx + dy * dy + dz * dz - (distance(x) - 5) * dt * dt


def rough(x, dx):
    """Ripples 10⁻⁹ long: no step is short enough within the budget."""
    dt, dx, dy, dz = components(dx)
    ripple = 1 + 0.1 * namespace(x).sin(1e9 * distance(x))
    return dx * dx + dy * dy + dz * dz - ripple * dt * dt


def tracers():
    yield "JAX", geodesics.trace
    twin = pytest.importorskip("mlphys.physics.geodesics_tensorflow")
    yield "TensorFlow", twin.trace


BROKEN = (nan_inside, infinite_inside, signature_ends, clocks_stop, rough)


@pytest.mark.parametrize("ds2", BROKEN, ids=lambda f: f.__name__)
def test_no_broken_metric_is_a_hole(ds2):
    runs = [(geodesics.trace, "euler_lagrange")]
    if ds2 in (nan_inside, signature_ends):  # the others fail alike, and each is compiled anew
        runs = [(trace, "euler_lagrange") for _, trace in tracers()]
        runs.append((geodesics.trace, "hamiltonian"))
    for trace, equations in runs:
        end = trace(ds2, START, RAY, events=ENDS, equations=equations, max_steps=600)
        assert Status(int(end.status)) is Status.FAILED
        assert int(end.event) == -1 and int(end.steps) <= 600
        assert np.linalg.norm(end.position[1:]) > 4.99  # it stands where it was still defined


def test_budget():
    for _, trace in tracers():
        end = trace(schwarzschild_ingoing, START, RAY, events=ENDS, max_steps=3)
        assert Status(int(end.status)) is Status.FAILED and int(end.steps) == 3


def test_path_ends_as_failed_too():
    way = geodesics.path(nan_inside, START, RAY, [0.0, 5.0, 30.0], events=ENDS)
    assert Status(int(way.status)) is Status.FAILED
    assert np.isfinite(way.position[:2]).all() and np.isnan(way.position[2]).all()


def test_a_surface_that_cannot_be_found_is_not_met():
    # its function jumps: Newton has no slope to follow, and once went on for ever
    def jump(x, v):
        zero = 0 * components(x)[1]
        return namespace(x).where(components(x)[1] > 3, zero + 1, zero - 1)

    events = [Event(Status.CROSSED, jump, locate=True), escaped(50.0)]
    for _, trace in tracers():
        end = trace(minkowski, START, RAY, events=events)
        assert Status(int(end.status)) is Status.FAILED and int(end.steps) < 100


def test_a_surface_that_newton_circles_around_costs_the_budget_only():
    # f = cbrt(h): Newton's step is −3h, from side to side and farther each time
    def root(x, v):
        height = components(x)[1] - 3
        return namespace(x).sign(height) * namespace(x).abs(height) ** (1 / 3)

    events = [Event(Status.CROSSED, root, locate=True), escaped(50.0)]
    for _, trace in tracers():
        end = trace(minkowski, START, RAY, events=events, max_steps=200)
        assert Status(int(end.status)) is Status.FAILED and int(end.steps) <= 200


@pytest.mark.parametrize("scale", [1e-12, 1e-3, 1e6, 1e20])
def test_the_unit_of_the_parameter_does_not_matter(scale):
    ray = np.array(RAY)
    one, other = (
        geodesics.trace(minkowski, START, s * ray, events=ENDS, tolerance=1e-10)
        for s in (1.0, scale)
    )
    assert one.status == other.status == Status.CAPTURED or one.status == Status.ESCAPED
    assert other.status == one.status
    np.testing.assert_allclose(other.position, one.position, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"events": captured(0.95)}, TypeError, "a list of Event"),
        ({"events": [lambda x, v: 1.0]}, TypeError, "a list of Event"),
        ({"events": [Event(Status.CAPTURED, lambda x, v: 1.0)]}, ValueError, "one number for each"),
        ({"events": [Event(Status.CAPTURED, lambda x, v: x)]}, ValueError, r"got shape \(1, 4\)"),
        (
            {"events": [Event(Status.CAPTURED, lambda x, v: components(x)[1] * float("nan"))]},
            ValueError,
            "to be a number where rays start; got nan",
        ),
        ({"max_steps": 0}, ValueError, "max_steps to be a whole number .*got 0"),
        ({"max_steps": 2.5}, ValueError, "got 2.5"),
        ({"max_steps": 2**40}, ValueError, "to 2³¹ − 1"),
        ({"max_steps": True}, ValueError, "got True"),
        ({"velocity": [0.0, 0.0, 0.0, 0.0]}, ValueError, "velocities that point somewhere"),
        ({"position": np.array([0, 20 + 1j, 0, 0])}, TypeError, "real numbers; got complex128"),
        ({"position": "here"}, TypeError, "position of real numbers; got <U4"),
        ({"position": np.ones((2, 4)), "velocity": np.ones((3, 4))}, ValueError, "axes broadcast"),
        ({"position": [0.0, np.nan, 0.0, 0.0]}, ValueError, "finite coordinates"),
    ],
)
def test_hostile_input_is_refused(change, error, message):
    arguments = {"position": START, "velocity": RAY, "events": ENDS} | change
    for _, trace in tracers():
        with pytest.raises(error, match=message):
            trace(schwarzschild_ingoing, **arguments)


@pytest.mark.parametrize("parameter", [[0.0, np.nan, 3.0], [0.0, np.inf], [], [[0.0, 1.0]], [-1.0]])
def test_points_of_a_path_are_finite_and_increase(parameter):
    with pytest.raises(ValueError, match="finite, increasing numbers"):
        geodesics.path(minkowski, START, RAY, parameter)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"steps": 2.5}, "steps to be a whole number"),
        ({"steps": -1}, "steps to be a whole number"),
        ({"step": np.nan}, "finite step other than 0; got nan"),
        ({"step": 0.0}, "finite step other than 0; got 0"),
    ],
)
def test_fixed_steps_are_checked(change, message):
    with pytest.raises(ValueError, match=message):
        geodesics.rk4_path(minkowski, START, RAY, **{"step": 0.1, "steps": 3} | change)


@pytest.mark.parametrize("radius", [0.0, -1.0, np.nan, np.inf, "wide"])
def test_spheres_have_a_radius(radius):
    for make in (captured, escaped):
        with pytest.raises(ValueError, match="radius above 0 and finite"):
            make(radius)


def test_no_event_says_running_or_failed():
    for status in (Status.RUNNING, Status.FAILED):
        with pytest.raises(ValueError, match="words for how a ray ended"):
            Event(status, lambda x, v: distance(x))


def test_counts():
    assert check_count("steps", np.int64(3)) == 3
    with pytest.raises(ValueError, match="whole number from 1"):
        check_count("steps", np.float64(3.0))
