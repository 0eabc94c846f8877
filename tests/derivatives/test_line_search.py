import numpy as np
import pytest

from mlphys.derivatives.line_search import LineSearchFails, weak_wolfe


def quartic(x):
    return float(np.sum(x**4 - 2 * x**2)), 4 * x**3 - 4 * x


@pytest.mark.parametrize("length", [1e-8, 1e-3, 1.0, 1e3, 1e9])
@pytest.mark.parametrize("place", [0.1, 0.5, 3.0])
def test_accepted_steps_satisfy_both_conditions(length, place):
    x = np.array([place, -place])
    value, gradient = quartic(x)
    step = weak_wolfe(
        quartic, x, value, gradient, -gradient, length=length, c1=1e-2, c2=0.5, trials=90
    )
    slope = -gradient @ gradient
    assert step.value <= value + 1e-2 * step.length * slope
    assert -step.gradient @ gradient >= 0.5 * slope
    assert np.array_equal(step.x, x - step.length * gradient)
    assert (step.value, step.gradient.tolist()) == (quartic(step.x)[0], quartic(step.x)[1].tolist())


def test_a_value_outside_of_the_domain_is_a_step_too_long():
    def wall(x):
        return (
            (np.inf, np.full(1, np.nan)) if x[0] <= 0 else (float(x[0] - np.log(x[0])), 1 - 1 / x)
        )

    x = np.array([3.0])
    step = weak_wolfe(wall, x, *wall(x), np.array([-8.0]))
    assert step.x[0] > 0 and step.value < wall(x)[0]


def test_directions_that_do_not_descend_are_refused():
    x = np.array([2.0])
    with pytest.raises(LineSearchFails, match="expected a direction that descends"):
        weak_wolfe(quartic, x, *quartic(x), np.array([1.0]))


def test_a_gradient_of_the_wrong_sign_is_noticed():
    wrong = lambda x: (quartic(x)[0], -quartic(x)[1])
    x = np.array([2.0])
    value, gradient = wrong(x)
    with pytest.raises(LineSearchFails, match="disagrees with the function"):
        weak_wolfe(wrong, x, value, gradient, -gradient)
