"""What is no line element is refused at every entrance, in words, before a ray is traced."""

import jax.numpy as jnp
import numpy as np
import pytest

from mlphys.physics.black_hole import render, render_round, trace_fan
from mlphys.physics.camera import static_camera
from mlphys.physics.events import captured, escaped
from mlphys.physics.frames import static_frame
from mlphys.physics.geodesics import path, rk4_path, trace
from mlphys.physics.line_element_contract import check_line_element
from mlphys.physics.line_elements import components, minkowski, schwarzschild
from mlphys.physics.matrix_metrics import from_matrix
from mlphys.physics.spacetime import check_metric, christoffel, metric

START, RAY = [0.0, 20.0, 0.0, 0.0], [1.0, -1.0, 0.1, 0.0]
EVENTS = (captured(0.95), escaped(50.0))


def distance(x):
    _, x, y, z = components(x)
    return (x * x + y * y + z * z) ** 0.5


def complex_numbers(x, dx):
    return minkowski(x, dx) + 0j


def whole_numbers(x, dx):
    return jnp.round(minkowski(x, dx)).astype(int)


def single_precision(x, dx):
    return jnp.asarray(minkowski(x, dx)).astype(jnp.float32)


def nothing(x, dx):
    minkowski(x, dx)


def four_numbers(x, dx):
    return components(dx)


def a_matrix(x, dx):
    return jnp.diag(jnp.array([-1.0, 1.0, 1.0, 1.0]))


def matrix_of_the_event(x):
    return jnp.diag(jnp.array([-1.0, 1.0, 1.0, 1.0]))


def first_axis(x, dx):
    return -dx[0] * dx[0] + dx[1] * dx[1] + dx[2] * dx[2] + dx[3] * dx[3]


def one_number_in_all(x, dx):
    return jnp.sum(dx * dx) - 2 * jnp.sum(dx[..., 0] ** 2)


def numpy_root(x, dx):
    return minkowski(x, dx) + components(dx)[0] ** 2 / np.sqrt(distance(x) ** 2)


def branch(x, dx):
    return minkowski(x, dx) if distance(x) < 1 else 2 * minkowski(x, dx)


def nan_everywhere(x, dx):
    return minkowski(x, dx) * float("nan")


def wrong_signs(x, dx):
    return -minkowski(x, dx)


def two_times(x, dx):
    dt, dx, dy, dz = components(dx)
    return -dt * dt - dx * dx + dy * dy + dz * dz


def no_up(x, dx):
    dt, dx, dy, _ = components(dx)
    return -dt * dt + dx * dx + dy * dy


def linear_term(x, dx):
    return minkowski(x, dx) + components(dx)[1]


def quartic_root(x, dx):
    dt, dx, dy, dz = components(dx)
    return -dt * dt + (dx**4 + dy**4 + dz**4) ** 0.5


def unsymmetric(x):
    g = jnp.diag(jnp.array([-1.0, 1.0, 1.0, 1.0])).at[1, 2].set(0.25)
    return jnp.broadcast_to(g, (*x.shape, 4))


def three_by_three(x):
    return jnp.broadcast_to(jnp.eye(3), (*x.shape[:-1], 3, 3))


class Unhashable:
    __hash__ = None  # pyright: ignore[reportAssignmentType]

    def __call__(self, x, dx):
        return minkowski(x, dx)


WRONG = [
    ("schwarzschild", TypeError, r"a function ds2\(x, dx\); got the str 'schwarzschild'"),
    (None, TypeError, "got the NoneType"),
    (Unhashable(), TypeError, "can be hashed.*got an object of Unhashable"),
    (complex_numbers, TypeError, "real numbers, float64; got complex128"),
    (whole_numbers, TypeError, "real numbers, float64; got int64"),
    (single_precision, TypeError, "real numbers, float64; got float32"),
    (nothing, TypeError, "return an array; got NoneType"),
    (four_numbers, TypeError, "return an array; got tuple"),
    (a_matrix, ValueError, r"one number for each event; got shape \(4, 4\)"),
    (matrix_of_the_event, TypeError, r"two arguments; got matrix_of_the_event\(x\).*from_matrix"),
    (first_axis, ValueError, r"one number for each event; got shape \(4,\) for .* \(3, 4\)"),
    (one_number_in_all, ValueError, r"one number for each event; got shape \(\)"),
    (numpy_root, TypeError, r"asks for the numbers themselves.*namespace\(x\)"),
    (branch, TypeError, "asks for the numbers themselves.*`where` instead of `if`"),
    (nan_everywhere, ValueError, "got nan at event .* and no finite metric at 16 other events"),
    (wrong_signs, ValueError, r"signature .* got \(−, −, −, \+\)"),
    (two_times, ValueError, r"signature .* got \(−, −, \+, \+\)"),
    (no_up, ValueError, r"signature .* got \(−, 0, \+, \+\)"),
    (linear_term, ValueError, "quadratic in dx"),
    (quartic_root, ValueError, "ds2 itself is finite, its derivatives are not: keep roots"),
    (from_matrix(unsymmetric), ValueError, r"symmetric metric; got g\[1, 2\] = 0.25"),
    (from_matrix(three_by_three), (ValueError, IndexError), r"\(\.\.\., 4, 4\)|out of bounds"),
]
ENTRANCES = {
    "check_metric": lambda ds2: check_metric(ds2, START),
    "trace": lambda ds2: trace(ds2, START, RAY, events=EVENTS),
    "path": lambda ds2: path(ds2, START, RAY, [0.0, 1.0]),
    "rk4_path": lambda ds2: rk4_path(ds2, START, RAY, step=0.1, steps=2),
    "static_frame": lambda ds2: static_frame(ds2, START),
    "static_camera": static_camera,
    "trace_fan": lambda ds2: trace_fan([0.1, 0.2], ds2=ds2),
    "render": lambda ds2: render(ds2, width=4, height=4),
    "render_round": lambda ds2: render_round(ds2=ds2, width=4, height=4),
    "render from a given camera": lambda ds2: render(
        ds2, static_camera(minkowski), width=4, height=4
    ),
    "tensorflow": lambda ds2: pytest.importorskip("mlphys.physics.geodesics_tensorflow").trace(
        ds2, START, RAY, events=EVENTS
    ),
}


@pytest.fixture
def no_rays(monkeypatch):
    """Let nothing be traced: a test that gets so far fails by another error."""

    def traced(*arguments, **options):
        raise AssertionError("a ray was traced")

    for module in ("geodesics", "geodesics_tensorflow"):
        name = f"mlphys.physics.{module}"
        if module == "geodesics" or _installed("tensorflow"):
            monkeypatch.setattr(f"{name}.over_tiles", traced)
    monkeypatch.setattr("mlphys.physics.geodesics._path_job", traced)
    monkeypatch.setattr("mlphys.physics.geodesics._rk4_job", traced)


def _installed(name):
    import importlib.util

    return importlib.util.find_spec(name) is not None


@pytest.mark.usefixtures("no_rays")
@pytest.mark.parametrize("entrance", ENTRANCES)
def test_wrong_metrics_are_refused_before_any_ray(entrance):
    for ds2, error, message in WRONG:
        if ds2 is None and entrance == "render_round":
            continue
        with pytest.raises(error, match=message):
            ENTRANCES[entrance](ds2)


@pytest.mark.parametrize("function", [metric, christoffel])
def test_what_is_no_line_element_has_no_metric(function):
    for ds2, error, message in WRONG[:14]:
        with pytest.raises(error, match=message):
            function(ds2, START)


def test_errors_of_the_users_own_code_come_through_with_a_note():
    def theirs(x, dx):
        raise KeyError("mass")

    with pytest.raises(KeyError, match="mass") as caught:
        check_line_element(theirs)
    notes = " ".join(caught.value.__notes__)
    assert "line element theirs for events of shape (4,)" in notes


def test_every_start_is_checked_not_a_sample():
    x = np.array([[0.0, 20.0 + i, 0.0, 0.0] for i in range(300)])
    x[211] = [0.0, 0.3, 0.4, 0.0]  # inside, where the static chart ends
    with pytest.raises(ValueError, match=r"got nan at event \(0.0, 0.3, 0.4, 0.0\)"):
        trace(schwarzschild, x, RAY, events=[escaped(500.0)])


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"camera": (0.0, 20.0, 0.0, 0.0)}, TypeError, "expected a Camera; got tuple"),
        ({"sky": None}, TypeError, "expected a sky, a function.*got NoneType"),
        ({"sky": lambda d: d[..., 0]}, ValueError, r"got shape \(3,\) for 3 directions"),
        ({"capture_radius": -1.0}, ValueError, "radius above 0 and finite; got -1.0"),
    ],
)
@pytest.mark.usefixtures("no_rays")
def test_pictures_are_refused_before_any_ray(change, error, message):
    for draw in (render, render_round):
        with pytest.raises(error, match=message):
            draw(width=4, height=4, **change)
