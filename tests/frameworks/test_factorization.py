"""Alternating least squares against planted factors, dense SVD and a general minimizer."""

import numpy as np
import pytest
from scipy.optimize import minimize

from mlphys.frameworks.factorization import Factors, alternate, objective, start_factors


def planted(seed, *, shape=(40, 30), k=3, seen=0.5, noise=0.0):
    """Return the full table of planted factors, and a copy with noise and holes."""
    rng = np.random.default_rng(seed)
    full = rng.normal(size=(shape[0], k)) @ rng.normal(size=(k, shape[1]))
    holes = full + noise * rng.normal(size=shape)
    holes[rng.random(shape) > seen] = np.nan
    return full, holes


@pytest.mark.parametrize("seed", range(5))
def test_planted_factors_come_back_without_noise(seed):
    full, holes = planted(seed)
    found = alternate(
        holes, k=3, ridge=1e-8, rng=np.random.default_rng(9), sweeps=600, center=False
    )
    assert np.abs(found.table() - full).max() < 1e-4


def test_every_sweep_lowers_the_objective():
    _, holes = planted(0, noise=0.5)
    track = []
    alternate(
        holes, k=3, ridge=0.7, rng=np.random.default_rng(1),
        observe=lambda factors: track.append(objective(holes, factors, ridge=0.7)),
    )  # fmt: skip
    assert len(track) == 50
    assert np.all(np.diff(track) < 1e-9)


def test_full_table_gives_the_shrunken_singular_values():
    """For a full table the minimum is known: each singular value loses λ, or vanishes."""
    full, _ = planted(3, noise=0.0, k=10)
    ridge = 5.0
    p, s, q = np.linalg.svd(full, full_matrices=False)
    expected = p[:, :4] * np.maximum(s[:4] - ridge, 0) @ q[:4]
    found = alternate(
        full, k=4, ridge=ridge, rng=np.random.default_rng(0), sweeps=2000, center=False
    )
    assert found.table() == pytest.approx(expected, abs=1e-6)


def test_minimum_equals_that_of_a_general_minimizer():
    _, holes = planted(5, shape=(8, 7), k=2, noise=0.3)
    found = alternate(holes, k=2, ridge=0.5, rng=np.random.default_rng(0), sweeps=3000)

    def loss(flat):
        factors = Factors(flat[:16].reshape(8, 2), flat[16:].reshape(2, 7), found.offset)
        return objective(holes, factors, ridge=0.5)

    start = np.concatenate([found.rows.ravel(), found.columns.ravel()])
    near = start + 0.05 * np.random.default_rng(2).normal(size=start.size)
    assert minimize(loss, near, tol=1e-12).fun == pytest.approx(loss(start), abs=1e-6)


def test_row_without_entries_is_predicted_by_the_mean():
    _, holes = planted(1)
    holes[4] = np.nan
    found = alternate(holes, k=2, ridge=0.1, rng=np.random.default_rng(0))
    assert found.table()[4] == pytest.approx(np.nanmean(holes))


def test_start_is_small_and_seeded():
    _, holes = planted(2)
    one, two = (start_factors(holes, k=3, rng=np.random.default_rng(7)) for _ in "ab")
    assert np.array_equal(one.rows, two.rows)
    assert np.std(one.rows @ one.columns) < np.nanstd(holes)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"k": 0}, "k from 1 to 30"),
        ({"k": 31}, "k from 1 to 30"),
        ({"ridge": 0.0}, "positive ridge"),
        ({"sweeps": 0}, "sweeps of at least 1"),
    ],
)
def test_wrong_arguments(change, message):
    _, holes = planted(0)
    given = {"k": 2, "ridge": 0.1, "rng": np.random.default_rng(0)} | change
    with pytest.raises(ValueError, match=message):
        alternate(holes, **given)


@pytest.mark.parametrize("table", [np.full((3, 3), np.nan), np.full((3, 3), np.inf), np.ones(3)])
def test_tables_that_are_none(table):
    with pytest.raises(ValueError, match="expected a matrix"):
        alternate(table, k=1, ridge=1.0, rng=np.random.default_rng(0))
