"""Counting against cutting, and against Zaslavsky's number."""

import numpy as np
import pytest

from mlphys.frameworks.line_cells import bend_lines, count_line_cells
from mlphys.learning.region_bounds import arrangement_cells
from mlphys.learning.representation import affine_cells, random_relu_net


@pytest.mark.parametrize("seed", range(4))
def test_counting_is_cutting(seed):
    net = random_relu_net((2, 14, 2), rng=np.random.default_rng(seed))
    for half_width in (0.7, 3.0):
        assert count_line_cells(net, half_width=half_width) == len(
            affine_cells(net, half_width=half_width)
        )
    assert count_line_cells(net, half_width=1e4) == arrangement_cells(14, 2)


def test_segments_lie_on_their_lines_and_on_the_rim():
    net = random_relu_net((2, 20, 1), rng=np.random.default_rng(9))
    segments = bend_lines(net, half_width=2.0)
    for segment in segments:
        z = segment @ net[0][0] + net[0][1]
        assert np.abs(z).max(axis=0).min() < 1e-10
        assert np.allclose(np.abs(segment).max(axis=1), 2.0)
    assert 0 < len(segments) <= 20


def test_dead_units_bend_nowhere_and_messages():
    net = [(np.zeros((2, 3)), np.ones(3)), (np.ones((3, 1)), np.zeros(1))]
    assert count_line_cells(net) == 1
    with pytest.raises(ValueError, match="one hidden layer and two inputs"):
        bend_lines(random_relu_net((2, 3, 3, 1), rng=np.random.default_rng(0)))
