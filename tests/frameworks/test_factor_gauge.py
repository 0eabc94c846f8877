"""The group that no entry notices, and the member of each family that the SVD picks."""

import numpy as np
import pytest

from mlphys.frameworks.factor_gauge import canonical, remix, singular_values
from mlphys.frameworks.factorization import Factors, alternate


def some_factors(seed):
    rng = np.random.default_rng(seed)
    return Factors(rng.normal(size=(12, 3)), rng.normal(size=(3, 9)), 0.5)


@pytest.mark.parametrize("seed", range(5))
def test_remixing_changes_the_factors_and_no_entry(seed):
    factors = some_factors(seed)
    mixed = remix(factors, np.random.default_rng(seed + 50).normal(size=(3, 3)))
    assert np.abs(mixed.rows - factors.rows).max() > 0.1
    assert mixed.table() == pytest.approx(factors.table(), abs=1e-10)


@pytest.mark.parametrize("seed", range(5))
def test_canonical_is_the_same_for_all_members(seed):
    factors = some_factors(seed)
    mixed = remix(factors, np.random.default_rng(seed + 50).normal(size=(3, 3)))
    one, two = canonical(factors), canonical(mixed)
    assert one.rows == pytest.approx(two.rows, abs=1e-8)
    assert one.columns == pytest.approx(two.columns, abs=1e-8)
    assert one.table() == pytest.approx(factors.table(), abs=1e-10)


def test_canonical_weights_are_the_singular_values_of_the_dense_product():
    factors = some_factors(1)
    s = np.linalg.svd(factors.rows @ factors.columns, compute_uv=False)[:3]
    fixed = canonical(factors)
    assert fixed.rows.T @ fixed.rows == pytest.approx(np.diag(s), abs=1e-10)
    assert fixed.columns @ fixed.columns.T == pytest.approx(np.diag(s), abs=1e-10)
    assert singular_values(factors) == pytest.approx(s)
    assert (fixed.rows[np.abs(fixed.rows).argmax(axis=0), range(3)] > 0).all()


def test_ridge_leaves_only_rotations():
    """At the minimum with a ridge UᵀU = M Mᵀ, so that a remix must be orthogonal to cost nothing."""
    table = some_factors(2).table()
    table[np.random.default_rng(0).random(table.shape) > 0.7] = np.nan
    found = alternate(table, k=3, ridge=0.5, rng=np.random.default_rng(0), sweeps=3000)
    assert found.rows.T @ found.rows == pytest.approx(found.columns @ found.columns.T, abs=1e-6)


def test_wrong_arguments():
    with pytest.raises(ValueError, match="shape"):
        remix(some_factors(0), np.eye(2))
    with pytest.raises(ValueError, match="invertible"):
        remix(some_factors(0), np.ones((3, 3)))
