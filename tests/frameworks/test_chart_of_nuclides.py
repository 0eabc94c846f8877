"""Binding energies against values of the literature, and against sums that hold for any atom."""

import csv
from importlib.resources import files

import numpy as np
import pytest

from mlphys.frameworks.chart_of_nuclides import as_table, load_nuclides

PUBLISHED = {  # keV per nucleon, as nuclear physics texts and the evaluation quote them
    (1, 1): 1112.28,
    (2, 2): 7073.9,
    (26, 30): 8790.35,
    (28, 34): 8794.55,
    (26, 32): 8792.25,
    (82, 126): 7867.45,
    (92, 143): 7590.9,
    (92, 146): 7570.1,
}


@pytest.mark.parametrize(("nuclide", "expected"), PUBLISHED.items(), ids=str)
def test_binding_per_nucleon_is_the_published_one(nuclide, expected):
    nuclides = load_nuclides(lightest=0)
    at = (nuclides.z == nuclide[0]) & (nuclides.n == nuclide[1])
    assert nuclides.binding[at] / nuclides.a[at] == pytest.approx(expected, abs=0.06)


def test_nickel_62_is_bound_most_tightly():
    nuclides = load_nuclides(lightest=0)
    best = (nuclides.binding / nuclides.a).argmax()
    assert (nuclides.z[best], nuclides.n[best]) == (28, 34)


def test_file_holds_ground_states_measured_once():
    text = files("mlphys.frameworks").joinpath("nuclides/ame2020.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == 2550
    pairs = [(int(row["Z"]), int(row["N"])) for row in rows]
    assert pairs == sorted(set(pairs))
    excess = {pair: float(row["mass_excess_keV"]) for pair, row in zip(pairs, rows, strict=True)}
    assert excess[6, 6] == 0  # the unit of mass is a twelfth of this atom
    beta = excess[0, 1] - excess[1, 0]
    assert beta == pytest.approx(782.347, abs=1e-3)  # keV, decay of the free neutron


def test_standard_choice_of_nuclides():
    nuclides = load_nuclides()
    assert len(nuclides.z) == 2457
    assert nuclides.z.min() == nuclides.n.min() == 8
    assert (nuclides.uncertainty >= 0).all()


def test_table_has_values_and_holes():
    nuclides = load_nuclides()
    table = as_table(nuclides.z, nuclides.n, nuclides.binding)
    assert np.isfinite(table).sum() == 2457
    assert table[nuclides.z, nuclides.n].tolist() == nuclides.binding.tolist()


def test_wrong_arguments():
    with pytest.raises(ValueError, match="lightest from 0"):
        load_nuclides(lightest=500)
    one = np.array([1, 1])
    with pytest.raises(ValueError, match="one shape"):
        as_table(one, one, np.zeros(3))
    with pytest.raises(ValueError, match="twice"):
        as_table(one, one, np.zeros(2))
