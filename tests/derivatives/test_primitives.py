import numpy as np
import pytest

from mlphys.derivatives.gradient_check import check_gradient
from mlphys.derivatives.primitives import EachArgument, primitive
from mlphys.derivatives.tape import Tape, gradient


@primitive(lambda g, y, x: np.real(backwards(g)) * len(x))
def spectrum(x):
    """Return the Fourier transform of real numbers."""
    return np.fft.fft(x)


@primitive(lambda g, y, x: spectrum(g) / len(x))
def backwards(x):
    """Return the inverse transform."""
    return np.fft.ifft(x)


@primitive(EachArgument(lambda k, g, y, *args: g * (k + 1)))
def weighted(*args):
    return sum((k + 1) * a for k, a in enumerate(args))


def test_function_of_ones_own_passes_the_gradient_check():
    rng = np.random.default_rng(1)
    power = lambda x: np.sum(abs(spectrum(x)) ** 2 * np.arange(8.0))
    x = rng.normal(size=8)
    report = check_gradient(power, gradient(power), x, rng=rng, method="central")
    assert report.ok, str(report)
    curve = lambda x: np.sum(gradient(power)(x) ** 3)
    report = check_gradient(curve, gradient(curve), x, rng=rng, method="central", rtol=1e-6)
    assert report.ok, str(report)


def test_primitive_still_takes_plain_numbers():
    np.testing.assert_allclose(spectrum(np.ones(4)), [4, 0, 0, 0])


def test_one_rule_can_stand_for_any_number_of_arguments():
    assert gradient(lambda a, b, c: weighted(a, b, c), (0, 1, 2))(1.0, 1.0, 1.0) == (1, 2, 3)
    assert gradient(lambda a, b: weighted(a, b), (0, 1))(1.0, 1.0) == (1, 2)


def test_argument_without_rule_gets_nothing():
    @primitive(lambda g, y, x, n: g * n * x ** (n - 1), None)
    def power(x, n):
        return x**n

    assert gradient(lambda x: power(x, 3))(2.0) == pytest.approx(12.0)
    tape = Tape()
    n = tape.variable(3.0)
    y = power(tape.variable(2.0), n)
    assert tape.sensitivities(y)[n.index] is None
