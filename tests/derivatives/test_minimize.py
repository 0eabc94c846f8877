import numpy as np
import pytest
from scipy.optimize import minimize as scipy_minimize
from scipy.optimize import rosen, rosen_der, rosen_hess

from mlphys.derivatives.minimize import METHODS, minimize

FAST = [method for method in METHODS if method != "descent"]


def bowl(x):
    weight = np.arange(1, len(x) + 1)
    return float(np.sum(weight * (x - 1) ** 2)), 2 * weight * (x - 1)


def valley(x):
    return float(rosen(x)), rosen_der(x)


PROBLEMS = {
    "bowl": (bowl, lambda x: np.diag(2.0 * np.arange(1, len(x) + 1)), np.zeros(6)),
    "valley": (valley, rosen_hess, np.array([-1.2, 1.0, -1.2, 1.0])),
}


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("method", METHODS)
def test_every_method_solves_every_problem(method, problem):
    objective, hessian, x0 = PROBLEMS[problem]
    tolerance = 1e-5 if method == "descent" else 1e-9
    result = minimize(
        objective,
        x0,
        method=method,
        hessian=hessian,
        gradient_tolerance=tolerance,
        iterations=40_000,
    )
    assert result.status == "converged", result.message
    if problem == "bowl" or method != "descent":
        minima = [np.ones_like(x0)]
        if problem == "valley":  # Rosenbrock's function of four variables has a second minimum
            minima.append(scipy_minimize(rosen, [-0.8, 0.6, 0.4, 0.1], jac=rosen_der, tol=1e-12).x)
        assert min(np.abs(result.x - x).max() for x in minima) < 1e-4


@pytest.mark.parametrize("method", METHODS)
def test_counters_count(method):
    objective, hessian, x0 = PROBLEMS["valley"]
    calls = []

    def counted(x):
        calls.append(x.copy())
        return objective(x)

    result = minimize(counted, x0, method=method, hessian=hessian, iterations=20)
    assert result.evaluations == len(calls)
    assert len(result.history) == result.iterations + 1
    assert result.history[-1].tolist() == [len(calls), result.value]
    assert (result.products > 0) == (method == "newton_cg")
    assert np.all(np.diff(result.history[:, 1]) < 0)


@pytest.mark.parametrize("method", FAST)
def test_fast_methods_need_about_as_few_calls_as_scipy(method):
    objective, hessian, x0 = PROBLEMS["valley"]
    ours = minimize(objective, x0, method=method, hessian=hessian, gradient_tolerance=1e-6)
    theirs = scipy_minimize(rosen, x0, jac=rosen_der, method="BFGS", options={"gtol": 1e-6})
    assert ours.evaluations <= 2 * theirs.nfev


def test_stopping_and_the_limit_are_reported():
    result = minimize(valley, [-1.2, 1.0], stop=lambda x, f, g: "low enough" if f < 1 else None)
    assert (result.status, result.message) == ("stopped", "low enough") and result.value < 1
    result = minimize(valley, [-1.2, 1.0], iterations=3)
    assert (
        result.status == "limit" and result.iterations == 3 and "raise iterations" in result.message
    )


def test_a_wrong_gradient_ends_as_stuck():
    result = minimize(lambda x: (bowl(x)[0], -bowl(x)[1]), np.zeros(4), method="bfgs")
    assert result.status == "stuck" and "disagrees with the function" in result.message


def test_a_start_at_the_minimum_costs_one_evaluation():
    result = minimize(bowl, np.ones(3))
    assert (result.status, result.iterations, result.evaluations) == ("converged", 0, 1)


@pytest.mark.parametrize(
    "options, words",
    [
        ({"method": "newton"}, "expected a method among"),
        ({"method": "newton_cg"}, "returns the Hessian"),
        ({"x0": np.ones((2, 2))}, "Flatten it"),
        ({"x0": np.array([np.nan])}, "finite vector"),
        ({"objective": lambda x: (np.inf, x)}, "inside of the function's domain"),
        ({"objective": lambda x: (0.0, x[:1])}, "expected a gradient of shape"),
    ],
)
def test_bad_requests_are_refused(options, words):
    options = {"objective": bowl, "x0": np.zeros(3)} | options
    with pytest.raises(ValueError, match=words):
        minimize(options.pop("objective"), options.pop("x0"), **options)
