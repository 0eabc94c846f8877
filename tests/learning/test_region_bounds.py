"""Bounds against each other, small cases by hand, and nets that reach or respect them."""

import numpy as np
import pytest

from mlphys.learning.region_bounds import (
    arrangement_cells,
    deep_lower_bound,
    deep_upper_bound,
    folding_net,
)
from mlphys.learning.representation import affine_cells, random_relu_net, relu_net


def test_arrangements_obey_the_recursion_of_one_more_cut():
    for n in range(1, 8):
        for d in range(1, 5):
            one_less = arrangement_cells(n - 1, d) + arrangement_cells(n - 1, d - 1)
            assert arrangement_cells(n, d) == one_less
    assert arrangement_cells(3, 5) == 8


@pytest.mark.parametrize("folds", [0, 1, 2, 3])
def test_folding_net_reaches_the_lower_bound(folds):
    angle = np.array([0.3, 1.2, 2.1, 2.7])  # four lines that cross inside the square
    weights, offsets = np.array([np.cos(angle), np.sin(angle)]), np.array([0.1, -0.1, 0.2, 0.0])
    alone = len(affine_cells(folding_net(0, weights, offsets)))
    assert alone == arrangement_cells(4, 2)
    cells = affine_cells(folding_net(folds, weights, offsets))
    assert len(cells) == deep_lower_bound(2, [4] * (folds + 1)) == 4**folds * 11


def test_folding_net_repeats_its_function_on_every_sheet():
    net = folding_net(2, np.array([[1.0], [1.0]]), np.array([0.3]))
    x = np.random.default_rng(0).uniform(-1, 1, (50, 2))
    fold = lambda x: 2 * abs(x) - 1
    assert np.allclose(relu_net(net, x)[:, 0], np.maximum(fold(fold(x)).sum(axis=1) + 0.3, 0))


@pytest.mark.parametrize("widths", [(6,), (4, 4), (3, 3, 3), (1, 5)])
def test_random_nets_stay_below_the_upper_bound(widths):
    for seed in range(3):
        net = random_relu_net((2, *widths, 1), rng=np.random.default_rng(seed))
        assert len(affine_cells(net, half_width=5.0)) <= deep_upper_bound(2, widths)


def test_messages():
    with pytest.raises(ValueError, match="0 or more"):
        arrangement_cells(-1, 2)
    with pytest.raises(ValueError, match="at least one input"):
        deep_lower_bound(2, [])
    with pytest.raises(ValueError, match="0 or more folds"):
        folding_net(-1, np.ones((2, 1)), np.zeros(1))
