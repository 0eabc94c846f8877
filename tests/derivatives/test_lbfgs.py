import numpy as np
import pytest

from mlphys.derivatives import bfgs, lbfgs


def pairs(size, count):
    rng = np.random.default_rng(4)
    root = rng.normal(size=(size, size))
    hessian = root @ root.T + np.eye(size)
    return [(s, hessian @ s) for s in rng.normal(size=(count, size))]


def test_with_enough_memory_it_is_bfgs_with_the_same_first_matrix():
    """Both start from (sᵀy/yᵀy) 1, of the last pair here and of the first pair there."""
    learned = pairs(8, 1)
    wide, narrow = bfgs.init(8), lbfgs.init(memory=5)
    for s, y in learned:
        wide, narrow = bfgs.update(wide, s, y), lbfgs.update(narrow, s, y)
    g = np.random.default_rng(1).normal(size=8)
    assert np.allclose(bfgs.direction(wide, g), lbfgs.direction(narrow, g), atol=1e-13)


def test_direction_against_dense_updates():
    learned = pairs(8, 4)
    state = lbfgs.init(memory=3)
    for s, y in learned:
        state = lbfgs.update(state, s, y)
    s, y = learned[-1]
    dense, unit = np.eye(8) * (s @ y) / (y @ y), np.eye(8)
    for s, y in learned[-3:]:  # the oldest pair is forgotten
        left = unit - np.outer(s, y) / (s @ y)
        dense = left @ dense @ left.T + np.outer(s, s) / (s @ y)
    g = np.random.default_rng(1).normal(size=8)
    assert np.allclose(lbfgs.direction(state, g), -dense @ g, atol=1e-12)


def test_pairs_without_curvature_are_not_learned_and_memory_is_checked():
    state = lbfgs.init()
    s = np.ones(3)
    assert lbfgs.update(state, s, -s) is state
    with pytest.raises(ValueError, match="at least 1 pair"):
        lbfgs.init(memory=0)
