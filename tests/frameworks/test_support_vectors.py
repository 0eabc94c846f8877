"""The support vector machine against libsvm, and against the conditions of the optimum."""

import numpy as np
import pytest
from sklearn.svm import SVC

from mlphys.frameworks.kernels import linear, make_gaussian, make_polynomial
from mlphys.frameworks.support_vectors import dual_value, fit_machine


def heaps(seed, n=60, gap=1.0):
    rng = np.random.default_rng(seed)
    y = np.repeat([-1, 1], n // 2)
    return rng.normal(size=(n, 2)) + gap * y[:, None], y


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("kernel", "theirs"),
    [
        (linear, {"kernel": "linear"}),
        (make_gaussian(0.8), {"kernel": "rbf", "gamma": 1 / (2 * 0.8**2)}),
        (make_polynomial(2), {"kernel": "poly", "degree": 2, "gamma": 1.0, "coef0": 1.0}),
    ],
)
def test_same_machine_as_libsvm(kernel, theirs, seed):
    x, y = heaps(seed)
    ours = fit_machine(x, y, kernel=kernel, penalty=2.0, tolerance=1e-8)
    other = SVC(C=2.0, tol=1e-8, **theirs).fit(x, y)
    new = np.random.default_rng(9).normal(size=(50, 2))
    assert ours.score(new) == pytest.approx(other.decision_function(new), abs=1e-5)


def test_conditions_of_the_optimum():
    x, y = heaps(5)
    machine = fit_machine(x, y, kernel=linear, penalty=1.0, tolerance=1e-9)
    edge = y * machine.score(x)
    assert machine.alpha @ y == pytest.approx(0, abs=1e-12)
    assert np.all(edge[machine.alpha == 0] >= 1 - 1e-8)
    assert np.all(edge[machine.alpha == 1.0] <= 1 + 1e-8)
    inside = (machine.alpha > 0) & (machine.alpha < 1.0)
    assert edge[inside] == pytest.approx(np.ones(inside.sum()), abs=1e-8)


def test_no_gap_between_dual_and_primal():
    x, y = heaps(6)
    machine = fit_machine(x, y, kernel=linear, penalty=1.0, tolerance=1e-9)
    w = machine.weights @ machine.vectors
    primal = w @ w / 2 + np.maximum(0, 1 - y * machine.score(x)).sum()
    assert dual_value(machine, linear(x, x), y) == pytest.approx(primal, rel=1e-8)


def test_bad_input():
    x, y = heaps(0)
    with pytest.raises(ValueError, match="-1 and 1 both present"):
        fit_machine(x, np.ones(len(y), int), kernel=linear)
    with pytest.raises(RuntimeError, match="no optimum after 2 pairs"):
        fit_machine(x, y, kernel=linear, steps=2)
