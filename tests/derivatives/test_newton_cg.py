import numpy as np
import pytest
from scipy.sparse import csr_array

from mlphys.derivatives.newton_cg import direction


def matrix(size, lowest, seed=0):
    rng = np.random.default_rng(seed)
    q, _ = np.linalg.qr(rng.normal(size=(size, size)))
    return q @ np.diag(np.linspace(lowest, 10, size)) @ q.T


def test_tight_forcing_gives_newtons_step():
    hessian, g = matrix(30, 0.5), np.random.default_rng(1).normal(size=30)
    found = direction(csr_array(hessian), g, forcing=1e-12)
    assert np.allclose(found.vector, -np.linalg.solve(hessian, g), rtol=1e-8)
    assert not found.bends_down and found.products <= 60


def test_loose_forcing_costs_less_and_still_descends():
    hessian, g = matrix(30, 0.5), np.random.default_rng(1).normal(size=30)
    found = direction(hessian, g, forcing=0.5)
    assert found.products < direction(hessian, g, forcing=1e-6).products
    assert found.vector @ g < 0


@pytest.mark.parametrize("lowest", [-0.5, -5.0])
@pytest.mark.parametrize("seed", range(3))
def test_indefinite_matrices_are_noticed_and_the_direction_descends(lowest, seed):
    hessian, g = matrix(30, lowest, seed), np.random.default_rng(1).normal(size=30)
    found = direction(hessian, g, forcing=1e-10)
    assert found.bends_down and found.vector @ g < 0


def test_the_limit_of_products_is_kept():
    found = direction(matrix(30, 0.5), np.ones(30), forcing=1e-14, products=3)
    assert found.products == 3 and found.vector @ np.ones(30) < 0
