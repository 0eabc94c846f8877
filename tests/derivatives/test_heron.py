import math

import mpmath
import numpy as np
import pytest

from mlphys.derivatives.complex_step import complex_step
from mlphys.derivatives.dual import Dual
from mlphys.derivatives.heron import heron, implicit_derivative, jump_between, replay


@pytest.mark.parametrize(
    ("tolerance", "iterations", "value", "slope"),
    [
        (1e-9, 8, 10.0, 0.05),
        (10.0, 4, 10.840434673026925, 0.06835572803),
        (50.0, 2, 26.24009900990099, 0.25009802960),
    ],
)
def test_runs_of_the_curriculum(tolerance, iterations, value, slope):
    run = heron(100.0, tolerance=tolerance)
    assert run.iterations == iterations
    assert run.root == pytest.approx(value, rel=1e-15)
    assert replay(run) == pytest.approx(slope, abs=5e-12)


@pytest.mark.parametrize("tolerance", [1e-9, 1e-3, 1.0, 10.0, 50.0])
@pytest.mark.parametrize("x", [0.01, 2.0, 100.0, 1e6])
def test_replay_is_the_derivative_of_the_run(x, tolerance):
    run = heron(x, tolerance=tolerance)
    with mpmath.workdps(40):  # the same number of iterations, differentiated numerically

        def same_run(x):
            side = mpmath.mpf(1)
            for _ in range(run.iterations):
                side = (side + x / side) / 2
            return side

        exact = float(mpmath.diff(same_run, mpmath.mpf(x)))
    assert replay(run) == pytest.approx(exact, rel=1e-12)
    step = complex_step(lambda z: heron(z, tolerance=tolerance).root, x)
    assert replay(run) == pytest.approx(step, rel=1e-12)


def test_replay_agrees_with_forward_mode():
    run = heron(100.0, tolerance=10.0)
    dual = heron(Dual(100.0, 1.0), tolerance=10.0)
    assert dual.iterations == run.iterations
    assert dual.root.slopes == pytest.approx(replay(run), rel=1e-14)


@pytest.mark.parametrize("x", [1e-8, 0.5, 2.0, 100.0, 1e10])
def test_converged_run_has_root_and_derivative_of_the_square_root(x):
    run = heron(x, tolerance=1e-9 * math.sqrt(x))
    assert run.root == pytest.approx(math.sqrt(x), rel=1e-15)
    assert replay(run) == pytest.approx(0.5 / math.sqrt(x), rel=1e-8)
    assert implicit_derivative(run) == pytest.approx(0.5 / math.sqrt(x), rel=1e-15)


def test_implicit_derivative_is_closer_wherever_the_loop_stops():
    """Both are exact in the limit; on the way there the replayed one lags behind."""
    for tolerance in (50.0, 10.0, 1.0, 0.01):
        run = heron(100.0, tolerance=tolerance)
        assert abs(implicit_derivative(run) - 0.05) < abs(replay(run) - 0.05)


def test_result_jumps_where_the_number_of_iterations_changes():
    left, right = jump_between(100.0, 200.0, tolerance=10.0)
    assert np.nextafter(left, 1e9) == right
    one, other = heron(left, tolerance=10.0), heron(right, tolerance=10.0)
    assert (one.iterations, other.iterations) == (4, 5)
    assert one.root - other.root > 0.5
    with pytest.raises(ValueError, match="got 4 at both"):
        jump_between(100.0, 101.0, tolerance=10.0)


@pytest.mark.parametrize(
    ("x", "options", "match"),
    [
        (-1.0, {}, "positive x, got -1.0"),
        (2.0, {"tolerance": 0.0}, "positive tolerance"),
        (2.0, {"start": -1.0}, "positive start"),
        (math.nan, {}, "positive x, got nan"),
    ],
)
def test_bad_input_is_refused(x, options, match):
    with pytest.raises(ValueError, match=match):
        heron(x, **options)


def test_tolerance_below_rounding_is_reported():
    with pytest.raises(RuntimeError, match="tolerance above the rounding"):
        heron(2.0, tolerance=1e-300)
