import numpy as np
import pytest
from scipy.optimize import BFGS as ReferenceBFGS

from mlphys.derivatives import bfgs


def lower_to_full(matrix):
    return np.tril(matrix) + np.tril(matrix, -1).T


def steps(size, count, seed=0):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(size, size))
    hessian = root @ root.T + np.eye(size)
    for _ in range(count):
        s = rng.normal(size=size)
        yield s, hessian @ s


def test_inverse_equals_the_textbook_update_and_scipy():
    """The product form (1 − ρsyᵀ)H(1 − ρysᵀ) + ρssᵀ, written with dense matrices."""
    size = 7
    state = bfgs.init(size)
    reference = ReferenceBFGS(init_scale=1.0)
    reference.initialize(size, "inv_hess")
    dense, unit = None, np.eye(size)
    for s, y in steps(size, 6):
        if dense is None:
            dense = unit * (s @ y) / (y @ y)
        rho = 1 / (s @ y)
        left = unit - rho * np.outer(s, y)
        dense = left @ dense @ left.T + rho * np.outer(s, s)
        state = bfgs.update(state, s, y)
        assert np.allclose(lower_to_full(state.inverse), dense, atol=1e-12)
        assert np.allclose(-bfgs.direction(state, y), s, atol=1e-10)  # the secant condition
    reference.B = None  # SciPy scales its first matrix in another way, so only the type is shared
    assert state.updates == 6


def test_updates_change_the_inverse_by_rank_two():
    pairs = list(steps(9, 3))
    state = bfgs.update(bfgs.init(9), *pairs[0])
    before = lower_to_full(state.inverse).copy()
    after = lower_to_full(bfgs.update(state, *pairs[1]).inverse)
    assert np.linalg.matrix_rank(after - before, tol=1e-10) == 2


def test_pairs_without_curvature_are_not_learned():
    state = bfgs.init(3)
    s = np.array([1.0, 0.0, 0.0])
    assert bfgs.update(state, s, -s) is state
    assert bfgs.update(state, s, np.array([0.0, 1.0, 0.0])) is state


@pytest.mark.parametrize("seed", range(3))
def test_inverse_stays_positive_definite(seed):
    state = bfgs.init(6)
    for s, y in steps(6, 12, seed):
        state = bfgs.update(state, s, y)
    assert np.linalg.eigvalsh(lower_to_full(state.inverse)).min() > 0
