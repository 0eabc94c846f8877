import math

import numpy as np
import pytest

from mlphys.derivatives.rate_of_change import rate_of_change, real_number

SMOOTH = [
    (lambda t: np.sin(1 + t), math.cos(1)),
    (lambda t: np.exp(3 * t), 3.0),
    (lambda t: np.sqrt(2 + t), 1 / (2 * math.sqrt(2))),
    (lambda t: (5 + t) ** 3, 75.0),
    (lambda t: np.sin(1000 * t), 1000.0),
    (lambda t: 1e-30 * t, 1e-30),
]


@pytest.mark.parametrize(("f", "exact"), SMOOTH)
def test_both_methods_reach_closed_forms(f, exact):
    central = rate_of_change(f, method="central")
    assert central.value == pytest.approx(exact, rel=1e-8)
    assert abs(central.value - exact) <= 100 * central.uncertainty + 1e-15 * abs(exact)
    assert rate_of_change(f).value == pytest.approx(exact, rel=1e-15)


def test_steps_that_leave_the_domain_are_passed_over():
    f = lambda t: np.sqrt(0.01 + t)  # t = -0.1 and -0.04 lie outside
    assert rate_of_change(f, method="central").value == pytest.approx(5, rel=1e-8)


def test_conjugate_is_unmasked():
    rate = rate_of_change(lambda t: np.vdot(1 + t, 1 + t) + 0 * t)
    assert rate.method == "central"
    assert rate.value == pytest.approx(2, rel=1e-9)


def test_steps_below_the_resolution_of_a_coarse_function_do_not_count():
    coarse = lambda t: float(np.float16(np.sin(0.5 + t)))
    rate = rate_of_change(coarse, method="central")
    assert 1e-5 < rate.uncertainty < 0.1
    assert abs(rate.value - np.cos(0.5)) < 10 * rate.uncertainty


def test_even_function_has_no_slope():
    assert rate_of_change(lambda t: t * t, method="central").value == 0


def test_errors():
    with pytest.raises(ValueError, match="expected finite values"), np.errstate(all="ignore"):
        rate_of_change(lambda t: np.nan, method="central")
    with pytest.raises(TypeError, match="complex result"):
        rate_of_change(abs, method="complex_step")
    with pytest.raises(ValueError, match="expected one of auto"):
        rate_of_change(abs, method="forward")
    with pytest.raises(ValueError, match="one real number"):
        real_number(np.ones(2))
