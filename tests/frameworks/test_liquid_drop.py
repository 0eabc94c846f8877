"""The mass formula against a pencil, its own fit, and values of textbooks."""

import numpy as np
import pytest

from mlphys.frameworks.chart_of_nuclides import MAGIC, load_nuclides
from mlphys.frameworks.liquid_drop import TERMS, drop_energy, drop_terms, fit_drop


def test_terms_of_calcium_40():
    a = 40
    expected = [a, -(a ** (2 / 3)), -20 * 19 / a ** (1 / 3), 0, a**-0.5]
    assert drop_terms(np.array([20]), np.array([20]))[0] == pytest.approx(expected)


@pytest.mark.parametrize(("z", "n", "sign"), [(8, 8, 1), (8, 9, 0), (9, 8, 0), (9, 9, -1)])
def test_pairing_has_three_values(z, n, sign):
    assert drop_terms(np.array([z]), np.array([n]))[0, 4] * np.sqrt(z + n) == pytest.approx(sign)


def test_fit_equals_the_normal_equations():
    nuclides = load_nuclides()
    x = drop_terms(nuclides.z, nuclides.n)
    by_hand = np.linalg.solve(x.T @ x, x.T @ nuclides.binding)
    assert fit_drop(nuclides.z, nuclides.n, nuclides.binding) == pytest.approx(by_hand, rel=1e-8)


def test_coefficients_are_near_those_of_textbooks():
    """Krane, Introductory Nuclear Physics, (3.28): 15.5, 16.8, 0.72, 23 MeV."""
    nuclides = load_nuclides()
    found = dict(zip(TERMS, fit_drop(nuclides.z, nuclides.n, nuclides.binding) / 1e3, strict=True))
    for name, value in {"volume": 15.5, "surface": 16.8, "Coulomb": 0.72, "asymmetry": 23}.items():
        assert found[name] == pytest.approx(value, rel=0.05)
    assert 8 < found["pairing"] < 15


def test_error_is_about_three_mev_and_largest_at_closed_shells():
    nuclides = load_nuclides()
    rest = nuclides.binding - drop_energy(
        nuclides.z, nuclides.n, fit_drop(nuclides.z, nuclides.n, nuclides.binding)
    )
    assert 2500 < np.sqrt(np.mean(rest**2)) < 3500
    heavy = np.where(nuclides.a >= 30, rest, 0)  # below, a drop is hardly one
    worst = heavy.argmax()
    assert (nuclides.z[worst], nuclides.n[worst]) == (50, 82)  # tin 132, magic twice
    near = np.zeros(len(rest), bool)
    for magic in MAGIC:
        near |= (abs(nuclides.z - magic) <= 1) | (abs(nuclides.n - magic) <= 1)
    bar = np.sqrt(rest[near].var() / near.sum() + rest[~near].var() / (~near).sum())
    assert rest[near].mean() - rest[~near].mean() > 5 * bar


def test_wrong_arguments():
    with pytest.raises(ValueError, match="at least 0"):
        drop_terms(np.array([-1]), np.array([5]))
    with pytest.raises(ValueError, match="at least 5"):
        fit_drop(np.array([8]), np.array([8]), np.array([1.0]))
