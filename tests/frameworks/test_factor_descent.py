"""Descent entry by entry against alternating least squares and against its own step by hand."""

import numpy as np
import pytest

from mlphys.frameworks.factor_descent import descend
from mlphys.frameworks.factorization import alternate


def planted(seed):
    rng = np.random.default_rng(seed)
    full = rng.normal(size=(24, 2)) @ rng.normal(size=(2, 20))
    holes = full.copy()
    holes[rng.random(full.shape) > 0.8] = np.nan
    return full, holes


@pytest.mark.parametrize("seed", range(5))
def test_descent_and_alternation_find_the_same_table(seed):
    full, holes = planted(seed)
    rng = np.random.default_rng(3)
    down = descend(
        holes, k=2, ridge=0.0, learning_rate=0.05, epochs=150, rng=rng, center=False
    ).table()
    across = alternate(holes, k=2, ridge=0.1, rng=rng, sweeps=300, center=False).table()
    assert np.sqrt(np.mean((down - full) ** 2)) < 0.05
    assert np.sqrt(np.mean((down - across) ** 2)) < 0.05


def test_one_step_by_hand():
    table = np.array([[2.0]])
    found = descend(
        table, k=1, ridge=0.5, learning_rate=0.1, epochs=1, rng=np.random.default_rng(0),
        center=False,
    )  # fmt: skip
    again = np.random.default_rng(0)
    size = np.sqrt(0.3 * 2.0)
    u, m = size * again.normal(), size * again.normal()
    error = 2.0 - u * m
    assert found.rows[0, 0] == pytest.approx(u + 0.1 * (error * m - 0.5 * u))
    assert found.columns[0, 0] == pytest.approx(m + 0.1 * (error * u - 0.5 * m))


def test_full_table_has_the_fixed_point_of_its_own_penalty():
    """Row i is visited n times an epoch, so that it is penalized by n λ, a column by m λ."""
    rng = np.random.default_rng(1)
    full = np.outer(rng.normal(size=30) + 2, rng.normal(size=30) + 2)
    found = descend(full, k=1, ridge=0.05, learning_rate=0.01, epochs=150, rng=rng, center=False)
    top = np.linalg.svd(full, compute_uv=False)[0]
    mine = np.linalg.svd(found.table(), compute_uv=False)[0]
    assert top - mine == pytest.approx(30 * 0.05, rel=0.1)


def test_too_long_steps_are_named():
    _, holes = planted(0)
    with pytest.raises(ValueError, match="smaller learning_rate"):
        descend(100 * holes, k=2, ridge=0.0, learning_rate=1.0, epochs=5,
                rng=np.random.default_rng(0))  # fmt: skip


def test_wrong_arguments():
    _, holes = planted(0)
    for change in ({"ridge": -1.0}, {"learning_rate": 0.0}, {"epochs": 0}):
        given = {"ridge": 0.1, "learning_rate": 0.1, "epochs": 1} | change
        with pytest.raises(ValueError, match="descend: expected"):
            descend(holes, k=2, rng=np.random.default_rng(0), **given)
