"""Exact references against digits computed with mpmath at 40 digits and against quadrature."""

import mpmath
import numpy as np
import pytest

from mlphys.physics import schwarzschild as exact


def test_critical_impact_and_shadow():
    assert exact.CRITICAL_IMPACT == pytest.approx(2.5980762113533159403, rel=1e-15)
    assert float(exact.shadow_angle(20.0)) == pytest.approx(0.12695533498280729737, rel=1e-14)
    assert float(exact.critical_slope(20.0)) == pytest.approx(0.12764183541878970106, rel=1e-14)
    assert float(exact.shadow_angle(1.5)) == pytest.approx(np.pi / 2, rel=1e-7)


def test_deflection_digits():
    got = exact.deflection(np.array([3.0, 5.0, 10.0, 100.0, 1000.0]))
    expected = [
        1.719388310230168613,
        0.59039578760582732122,
        0.23613599538846990438,
        0.020299966239543313026,
        0.002002950587099009679,
    ]
    np.testing.assert_allclose(got, expected, atol=2e-15)


def test_deflection_by_quadrature():
    # independent route: 2∫du/√(1/b² − u² + u³) from 0 to the periapsis, u = u₂ sin²χ
    mpmath.mp.dps = 25
    b = mpmath.mpf("2.7")
    roots = sorted(mpmath.polyroots([1, -1, 0, 1 / b**2]), key=mpmath.re)
    u1, u2, u3 = (mpmath.re(root) for root in roots)

    def integrand(chi):
        u = u2 * mpmath.sin(chi) ** 2
        return 2 * mpmath.sqrt(u2) * mpmath.sin(chi) / mpmath.sqrt((u - u1) * (u3 - u))

    value = 2 * mpmath.quad(integrand, [0, mpmath.pi / 4, mpmath.pi / 2]) - mpmath.pi
    assert float(exact.deflection(2.7)) == pytest.approx(float(value), rel=1e-13)


def test_swept_angle_digits():
    slope = np.array([0.13, 0.15, 0.2, 0.3, 0.5, 0.7])
    expected = [
        6.60554434976314423,
        4.56530947855100772,
        3.70764063141619601,
        3.18807499603975663,
        2.74288117920496877,
        2.47211384044161922,
    ]
    impact = exact.impact_parameter(slope, 20.0)
    np.testing.assert_allclose(exact.swept_angle(impact, 20.0, 50.0), expected, rtol=2e-15)


def test_weak_and_strong_limits_meet_the_exact_deflection():
    for impact, miss in ((10.0, 6.0e-5), (100.0, 5.5e-11)):
        ratio = exact.weak_deflection(impact) / exact.deflection(impact) - 1
        assert abs(ratio) == pytest.approx(miss, rel=0.02)
    close = exact.CRITICAL_IMPACT * (1 + 1e-6)
    assert exact.strong_deflection(close) == pytest.approx(float(exact.deflection(close)), abs=1e-5)


@pytest.mark.parametrize(
    ("turns", "source", "impact"),
    [
        (1, np.inf, 7.0866882871408913),
        (2, np.inf, 2.6678774328978971),
        (3, np.inf, 2.6009399196708821),
        (1, 20.0, 5.3179760961440718),
        (2, 20.0, 2.6587857812436507),
    ],
)
def test_einstein_rings(turns, source, impact):
    got = exact.einstein_ring(20.0, turns=turns, source=source)
    assert got == pytest.approx(impact, rel=1e-14)


@pytest.mark.parametrize(
    ("p", "e", "advance"),
    [
        (10, 0.2, 3.6701328856745066),
        (20, 0.5, 1.2338618062654360),
        (1000, 0.2, 0.018934996629854887),
    ],
)
def test_precession(p, e, advance):
    assert float(exact.precession(p, e)) == pytest.approx(advance, rel=1e-13)


def test_precession_tends_to_einsteins():
    assert float(exact.precession(1e6, 0.3)) == pytest.approx(6 * np.pi / 1e6, rel=1e-5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: exact.deflection(2.5), "above 3√3/2"),
        (lambda: exact.shadow_angle(0.9), "outside the horizon"),
        (lambda: exact.precession(6.0, 0.2), "bound|p > 6"),
        (lambda: exact.weak_deflection(5.0, terms=7), "1 to 6 terms"),
        (lambda: exact.einstein_ring(20.0, turns=0), "turns >= 1"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
