"""Boltzmann's distribution by counting, by formula and by simulation."""

from collections import Counter
from itertools import product

import numpy as np
import pytest

from mlphys.learning.boltzmann import (
    boltzmann,
    boltzmann_evidence,
    chemical_potentials,
    metropolis,
    share_of_quanta,
)


def test_shares_of_quanta_by_listing_every_state():
    oscillators, quanta = 4, 5
    states = [s for s in product(range(quanta + 1), repeat=oscillators) if sum(s) == quanta]
    first = Counter(state[0] for state in states)
    exact = share_of_quanta(oscillators, quanta)
    assert [share * len(states) for share in exact] == [first[n] for n in range(quanta + 1)]
    assert sum(exact) == 1


def test_many_oscillators_are_boltzmanns():
    """One quantum each on average: e^(-1/T) = Q/(N + Q) = 1/2, T = 1/ln 2 in quanta."""
    levels = np.arange(60)
    limit = boltzmann(levels, temperature=1 / np.log(2))
    for size, bound in ((10, 0.06), (100, 0.006), (1000, 0.0006)):
        exact = [float(share) for share in share_of_quanta(size, size)[:60]]
        shares = np.pad(exact, (0, 60 - len(exact)))
        assert abs(shares - limit).max() < bound


def test_states_and_energies_trade():
    by_count = boltzmann([1.0, 1.0], temperature=2.0, states=[2, 1])
    by_energy = boltzmann([1.0, 1.0 + 2 * np.log(2)], temperature=2.0)
    assert np.allclose(by_count, [2 / 3, 1 / 3], rtol=1e-15)
    assert np.allclose(by_energy, by_count, rtol=1e-15)


def test_boltzmann_minimizes_the_free_energy():
    energies, temperature = np.array([0.0, 0.7, 2.0]), 0.8
    p = boltzmann(energies, temperature=temperature)

    def free_energy(q):
        return (q * energies).sum() + temperature * (q * np.log(q)).sum()

    rng = np.random.default_rng(8)
    for q in rng.dirichlet([1, 1, 1], size=200):
        assert free_energy(q) >= free_energy(p)
    partition = np.exp(-energies / temperature).sum()
    assert free_energy(p) == pytest.approx(-temperature * np.log(partition))


def test_equilibrium_has_equal_chemical_potentials():
    z = boltzmann_evidence([0.0, 0.5, 1.0], temperature=0.7, states=[1, 3, 2])
    p = boltzmann([0.0, 0.5, 1.0], temperature=0.7, states=[1, 3, 2])
    mu = chemical_potentials(600 * p, z, temperature=0.7)
    assert np.allclose(mu, mu[0], rtol=1e-13)


def test_metropolis_reaches_boltzmanns_shares():
    energies, rng = np.array([0.0, 0.5, 1.5]), np.random.default_rng(9)
    counts = metropolis(energies, temperature=0.8, walkers=20_000, steps=60, rng=rng)
    assert (counts.sum(axis=1) == 20_000).all() and counts[0].tolist() == [0, 0, 20_000]
    p = boltzmann(energies, temperature=0.8)
    sigma = np.sqrt(p * (1 - p) / 20_000)
    assert (abs(counts[-1] / 20_000 - p) < 4 * sigma).all()


def test_messages():
    with pytest.raises(ValueError, match="positive temperature"):
        boltzmann([0.0], temperature=0.0)
    with pytest.raises(ValueError, match="at least one state"):
        boltzmann([0.0, 1.0], temperature=1.0, states=[1, 0])
    with pytest.raises(ValueError, match="no surroundings"):
        share_of_quanta(1, 3)
