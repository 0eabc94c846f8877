import mpmath
import numpy as np
import pytest
from scipy.integrate import quad

from mlphys.derivatives import catenoid

mpmath.mp.dps = 30


def exact_waist(radius, distance, guess):
    return mpmath.findroot(
        lambda a: a * mpmath.cosh(mpmath.mpf(distance) / (2 * a)) - radius, guess
    )


@pytest.mark.parametrize("branch, guess", [("stable", 9.29), ("unstable", 6.15)])
def test_waist_and_area_against_mpmath(branch, guess):
    a = exact_waist(14, 18, guess)
    area = mpmath.pi * a * (18 + a * mpmath.sinh(18 / a))
    assert catenoid.waist(14, 18, branch=branch) == pytest.approx(float(a), rel=1e-14)
    assert catenoid.area(14, 18, branch=branch) == pytest.approx(float(area), rel=1e-14)


def test_reference_values():
    assert catenoid.waist(14, 18) == pytest.approx(9.2867659093677616, rel=1e-14)
    assert catenoid.area(14, 18) == pytest.approx(1446.7108062590835744, rel=1e-14)
    assert catenoid.waist(14, 18, branch="unstable") == pytest.approx(6.1469434702587237, rel=1e-14)
    assert catenoid.area(14, 18, branch="unstable") == pytest.approx(
        1454.0516085079952916, rel=1e-14
    )
    assert catenoid.disc_area(14) == pytest.approx(1231.5043202071989495, rel=1e-15)


def test_critical_distance_against_mpmath():
    u = mpmath.findroot(lambda u: u * mpmath.tanh(u) - 1, 1.2)
    assert catenoid.critical_ratio() == pytest.approx(float(2 * u / mpmath.cosh(u)), rel=1e-15)
    assert catenoid.critical_ratio() == pytest.approx(1.3254868386983631619, rel=1e-15)


def test_goldschmidt_distance_is_where_two_discs_have_the_same_area():
    ratio = catenoid.goldschmidt_ratio()
    assert ratio == pytest.approx(1.0553947939251430571, rel=1e-14)
    assert catenoid.area(1, ratio) == pytest.approx(catenoid.disc_area(1), rel=1e-14)
    assert catenoid.area(1, ratio * 1.001) > catenoid.disc_area(1) > catenoid.area(1, ratio * 0.999)


def test_no_catenoid_beyond_the_critical_distance():
    largest = 14 * catenoid.critical_ratio()
    stable, unstable = (
        catenoid.waist(14, largest * (1 - 1e-12), branch=b) for b in ("stable", "unstable")
    )
    assert stable == pytest.approx(unstable, rel=1e-5)
    with pytest.raises(ValueError, match="bring them closer"):
        catenoid.waist(14, largest * (1 + 1e-12))


@pytest.mark.parametrize("distance", [0.01, 1.0, 5.0, 18.0])
@pytest.mark.parametrize("branch", ["stable", "unstable"])
def test_profile_ends_on_the_rings_and_its_surface_has_the_area(distance, branch):
    a = catenoid.waist(14, distance, branch=branch)
    assert catenoid.profile(distance / 2, neck=a) == pytest.approx(14, rel=1e-9)
    ring = lambda z: 2 * np.pi * a * np.cosh(z / a) ** 2
    if distance > 1:  # else the unstable profile is too steep for quadrature
        surface = 2 * quad(ring, 0, distance / 2, epsabs=0, epsrel=1e-12)[0]
        assert catenoid.area(14, distance, branch=branch) == pytest.approx(surface, rel=1e-10)


def test_pull_is_the_derivative_of_the_area():
    axial, _ = catenoid.ring_pull(14, 18)
    change = catenoid.area(14, 18 + 1e-4) - catenoid.area(14, 18 - 1e-4)
    assert axial == pytest.approx(change / 2e-4, rel=1e-8)
    _, radial = catenoid.ring_pull(14, 18)  # both rings grow here, each takes half
    change = catenoid.area(14 + 1e-4, 18) - catenoid.area(14 - 1e-4, 18)
    assert 2 * radial == pytest.approx(change / 2e-4, rel=1e-8)


def test_messages_name_the_fault():
    with pytest.raises(ValueError, match="expected a branch among"):
        catenoid.waist(14, 18, branch="upper")
    with pytest.raises(ValueError, match="positive radius and distance"):
        catenoid.waist(14, 0)
