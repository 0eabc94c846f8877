import mpmath
import numpy as np
import pytest

from mlphys.derivatives.dual_rules import BINARY, REAL_ONLY, UNARY

EPS = np.finfo(float).eps

# ufunc -> (the same for mpmath, points)
EXACT = {
    np.absolute: (abs, (-1.5, 2.0)),
    np.arccos: (mpmath.acos, (-0.9, 0.3, 0.999999)),
    np.arccosh: (mpmath.acosh, (1.000001, 3.0)),
    np.arcsin: (mpmath.asin, (-0.999999, 0.6)),
    np.arcsinh: (mpmath.asinh, (-2.0, 30.0)),
    np.arctan: (mpmath.atan, (-0.4, 1e6)),
    np.arctanh: (mpmath.atanh, (-0.999999, 0.5)),
    np.cbrt: (mpmath.cbrt, (0.001, 8.0)),
    np.cos: (mpmath.cos, (0.8, 3.0)),
    np.cosh: (mpmath.cosh, (-1.4, 0.01)),
    np.exp: (mpmath.exp, (-20.0, 1.5)),
    np.exp2: (lambda x: mpmath.mpf(2) ** x, (-1.0, 7.3)),
    np.expm1: (mpmath.expm1, (1e-9, 2.0)),
    np.log: (mpmath.log, (1e-9, 2.5)),
    np.log10: (mpmath.log10, (0.1, 2.5)),
    np.log1p: (mpmath.log1p, (-0.5, 1e-9)),
    np.log2: (lambda x: mpmath.log(x, 2), (0.1, 2.5)),
    np.negative: (lambda x: -x, (3.0,)),
    np.positive: (lambda x: x, (3.0,)),
    np.reciprocal: (lambda x: 1 / x, (-0.3, 7.0)),
    np.sign: (mpmath.sign, (-3.0, 3.0)),
    np.sin: (mpmath.sin, (-1.0, 1.2)),
    np.sinh: (mpmath.sinh, (-0.9, 5.0)),
    np.sqrt: (mpmath.sqrt, (1e-8, 3.0)),
    np.square: (lambda x: x * x, (-3.0, 3.0)),
    np.tan: (mpmath.tan, (-0.2, 1.1)),
    np.tanh: (mpmath.tanh, (-19.0, 0.4, 300.0)),
    np.add: (lambda a, b: a + b, ((1.0, 2.0),)),
    np.subtract: (lambda a, b: a - b, ((1.0, 2.0),)),
    np.multiply: (lambda a, b: a * b, ((1.5, -2.0),)),
    np.true_divide: (lambda a, b: a / b, ((1.5, -0.2),)),
    np.power: (lambda a, b: a**b, ((1.5, -0.2), (0.3, 4.0), (2.0, 0.0))),
    np.arctan2: (mpmath.atan2, ((1.0, -2.0), (-1.0, 3.0))),
    np.hypot: (mpmath.hypot, ((3.0, 4.0), (1e-9, -1.0))),
    np.maximum: (max, ((1.0, 2.0), (2.0, 1.0))),
    np.minimum: (min, ((1.0, 2.0), (2.0, 1.0))),
}


def test_every_rule_has_an_exact_rival():
    assert set(EXACT) == set(UNARY) | set(BINARY)


@pytest.mark.parametrize("ufunc", UNARY, ids=lambda u: u.__name__)
def test_slopes_of_one_argument_to_six_eps(ufunc):
    slow, points = EXACT[ufunc]
    for x in points:
        with mpmath.workdps(400):
            want = mpmath.diff(slow, mpmath.mpf(x))
        got = UNARY[ufunc](np.float64(x), ufunc(x))
        assert abs(got - want) <= 6 * EPS * abs(want), x


@pytest.mark.parametrize("ufunc", BINARY, ids=lambda u: u.__name__)
def test_slopes_of_two_arguments_to_six_eps(ufunc):
    slow, points = EXACT[ufunc]
    for point in points:
        for place, rule in enumerate(BINARY[ufunc]):
            with mpmath.workdps(60):
                order = (1, 0) if place == 0 else (0, 1)
                want = mpmath.diff(slow, tuple(map(mpmath.mpf, point)), order)
            got = rule(*np.float64(point), ufunc(*point))
            assert abs(got - want) <= 6 * EPS * abs(want), point


def test_conventions_at_kinks():
    assert UNARY[np.absolute](0.0, 0.0) == 0
    for ufunc in (np.maximum, np.minimum):
        assert [rule(2.0, 2.0, 2.0) for rule in BINARY[ufunc]] == [0.5, 0.5]


def test_a_power_at_zero_with_a_whole_exponent():
    by_base, _ = BINARY[np.power]
    assert by_base(np.float64(0.0), np.float64(2.0), 0.0) == 0
    assert by_base(np.float64(0.0), np.float64(1.0), 0.0) == 1
    assert by_base(np.float64(0.0), np.float64(0.0), 1.0) == 0


def test_real_only_functions_are_known():
    assert set(UNARY) | set(BINARY) >= REAL_ONLY
