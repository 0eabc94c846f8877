import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import constants

from mlphys.language.radiation import (
    COULOMB_PER_KG_PER_ROENTGEN,
    GRAY_PER_RAD,
    AbsorbedDose,
    EquivalentDose,
    equivalent_dose,
    gray_in_air,
)

DOSES = st.floats(0, 100)


def test_a_rad_is_a_hundred_ergs_per_gram():
    assert pytest.approx(100 * constants.erg / constants.gram, rel=1e-15) == GRAY_PER_RAD


def test_a_roentgen_is_one_electrostatic_unit_in_a_cubic_centimeter_of_air():
    charge = 0.1 / constants.c  # the electrostatic unit of charge in coulomb: 10/c with c in cm/s
    mass = 0.001293 * constants.gram  # of 1 cm³ of dry air at 0 °C and 1 atm
    assert charge / mass == pytest.approx(COULOMB_PER_KG_PER_ROENTGEN, rel=5e-4)


def test_the_dose_of_a_roentgen_in_air():
    assert gray_in_air(1.0).value == pytest.approx(0.876 * GRAY_PER_RAD, abs=1e-5)


@pytest.mark.parametrize(("radiation", "weight"), [("photon", 1), ("proton", 2), ("alpha", 20)])
def test_weights_of_icrp_103(radiation, weight):
    assert equivalent_dose(AbsorbedDose(0.5), radiation=radiation) == EquivalentDose(0.5 * weight)


@given(DOSES, DOSES)
def test_weighing_is_linear(one, two):
    weighed = [equivalent_dose(AbsorbedDose(d), radiation="alpha") for d in (one, two)]
    both = equivalent_dose(AbsorbedDose(one) + AbsorbedDose(two), radiation="alpha")
    assert both.value == pytest.approx((weighed[0] + weighed[1]).value)


def test_kinds_are_not_mixed():
    with pytest.raises(TypeError, match=r"expected AbsorbedDose \+ AbsorbedDose; got Equivalent"):
        AbsorbedDose(1.0) + EquivalentDose(1.0)
    with pytest.raises(TypeError, match="got float on the right: weigh with equivalent_dose"):
        EquivalentDose(1.0) + 1.0
    assert AbsorbedDose(1.0) != EquivalentDose(1.0)


@pytest.mark.parametrize("value", [-1.0, float("inf"), float("nan")])
def test_impossible_doses_are_refused(value):
    with pytest.raises(ValueError, match="AbsorbedDose: expected a finite dose of at least 0"):
        AbsorbedDose(value)


def test_unknown_radiation_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"among \['alpha', .*'proton'\]; got 'neutron'"):
        equivalent_dose(AbsorbedDose(1.0), radiation="neutron")
