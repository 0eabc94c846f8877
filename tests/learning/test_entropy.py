"""Entropies against SciPy, fifty-digit arithmetic and closed forms."""

import mpmath
import numpy as np
import pytest
import scipy.special
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from mlphys.learning.entropy import cross_entropy, entropy, frequencies, kl_divergence


def pairs(seed, n=50, k=6):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(k), n), rng.dirichlet(np.ones(k), n)


def test_against_scipy():
    p, q = pairs(0)
    assert np.allclose(entropy(p), scipy.stats.entropy(p, base=2, axis=1), rtol=1e-13)
    assert np.allclose(kl_divergence(p, q), scipy.stats.entropy(p, q, base=2, axis=1), rtol=1e-12)
    sums = scipy.special.rel_entr(p, q).sum(axis=1) + scipy.special.entr(p).sum(axis=1)
    assert np.allclose(cross_entropy(p, q), sums / np.log(2), rtol=1e-12)


def test_closed_forms():
    assert entropy(np.full(10, 0.1)) == pytest.approx(np.log2(10), rel=1e-15)
    assert entropy([1.0, 0.0]) == 0
    assert kl_divergence([1.0, 0.0], [0.25, 0.75]) == pytest.approx(2, rel=1e-15)
    assert kl_divergence([0.5, 0.5], [1.0, 0.0]) == np.inf
    assert cross_entropy([0.5, 0.5], [1.0, 0.0]) == np.inf
    assert kl_divergence([0.25, 0.75], [0.25, 0.75]) == 0


@given(st.integers(0, 10_000))
def test_divergence_is_the_difference_and_never_negative(seed):
    p, q = pairs(seed, n=1, k=4)
    difference = cross_entropy(p, q) - entropy(p)
    assert kl_divergence(p, q) == pytest.approx(difference, abs=1e-12)
    assert kl_divergence(p, q)[0] >= 0


@pytest.mark.parametrize("step", [1e-3, 1e-6, 1e-9, 1e-12])
def test_divergence_of_neighbors_keeps_its_digits(step):
    p, q = np.array([0.5, 0.5]), np.array([0.5 + step, 0.5 - step])
    with mpmath.workdps(50):
        a, b = (mpmath.mpf(float(value)) for value in q)
        exact = -(mpmath.log(2 * a, 2) + mpmath.log(2 * b, 2)) / 2
    assert kl_divergence(p, q) == pytest.approx(float(exact), rel=1e-3 if step < 1e-6 else 1e-7)


def test_divergence_is_not_symmetric():
    p, q = [0.5, 0.5], [0.99, 0.01]
    assert kl_divergence(p, q) == pytest.approx(2.3292, abs=1e-4)
    assert kl_divergence(q, p) == pytest.approx(0.9192, abs=1e-4)


def test_frequencies_and_what_they_refuse():
    assert frequencies([2, 2, 0], 3).tolist() == pytest.approx([1 / 3, 0, 2 / 3])
    for wrong in ([], [3], [-1]):
        with pytest.raises(ValueError, match="frequencies"):
            frequencies(np.array(wrong, int), 3)


@pytest.mark.parametrize("wrong", [[0.5, 0.6], [1.5, -0.5], [np.nan, 1.0], 1.0])
def test_no_probabilities_raise(wrong):
    with pytest.raises(ValueError, match="expected probabilities"):
        entropy(np.array(wrong))
