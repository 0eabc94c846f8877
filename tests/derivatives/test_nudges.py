import numpy as np
import pytest

from mlphys.derivatives.nudges import (
    Finding,
    find_wrong_line,
    kept_values,
    nudged_sensitivities,
    unchanged,
)
from mlphys.derivatives.reverse_mode import box_sensitivities, box_surface

EDGES = (2.0, 5.0, 7.0, 11.0)


def pendulum(length, keep=unchanged):
    squared = keep("squared", length / 9.81)
    return keep("period", 2 * np.pi * np.sqrt(squared))


def test_kept_values_are_those_of_the_pencil():
    assert kept_values(box_surface, *EDGES) == {
        "ab": 10,
        "cd": 77,
        "abc": 70,
        "abd": 110,
        "acd": 154,
        "bcd": 385,
        "half": 719,
        "surface": 1438,
    }


def test_measured_sensitivity_is_the_closed_form():
    measured = nudged_sensitivities(pendulum, 2.0)
    assert measured["squared"] == pytest.approx(np.pi / np.sqrt(2.0 / 9.81), rel=1e-14)
    assert measured["period"] == 1


def test_quantity_that_is_zero_can_be_nudged():
    f = lambda x, keep=unchanged: np.exp(keep("zero", x - x)) * x
    assert nudged_sensitivities(f, 3.0) == {"zero": pytest.approx(3.0, rel=1e-15)}


@pytest.mark.parametrize("name", ["ab", "cd", "abc", "abd", "acd", "bcd", "half"])
def test_planted_fault_is_found_at_its_line(name):
    """All accumulators before it in the computation inherit the fault, none after it does."""
    claimed = box_sensitivities(*EDGES)
    order = list(kept_values(box_surface, *EDGES))
    for inherited in order[: order.index(name) + 1]:
        claimed[inherited] *= 1.001
    finding = find_wrong_line(box_surface, claimed, *EDGES)
    assert isinstance(finding, Finding)
    assert finding.name == name
    assert finding.claimed == pytest.approx(1.001 * finding.measured)


def test_right_walk_has_no_wrong_line():
    assert find_wrong_line(box_surface, box_sensitivities(*EDGES), *EDGES) is None


def test_not_a_number_is_wrong():
    claimed = box_sensitivities(*EDGES) | {"ab": np.nan}
    finding = find_wrong_line(box_surface, claimed, *EDGES)
    assert finding is not None and finding.name == "ab"


def test_errors():
    twice = lambda x, keep=unchanged: keep("x", keep("x", x))
    with pytest.raises(ValueError, match="a new name for each quantity, got 'x' again"):
        kept_values(twice, 1.0)
    with pytest.raises(ValueError, match="got none for squared, period"):
        find_wrong_line(pendulum, {}, 2.0)
