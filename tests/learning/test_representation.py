"""Cells against grids, closed counts, and the net itself."""

import numpy as np
import pytest

from mlphys.learning import region_bounds
from mlphys.learning.representation import (
    affine_cells,
    count_patterns,
    patterns,
    polygon_area,
    random_relu_net,
    relu_net,
)


@pytest.mark.parametrize("widths", [(7,), (5, 5), (4, 3, 5)])
def test_cells_tile_the_square_and_are_the_net(widths):
    net = random_relu_net((2, *widths, 3), rng=np.random.default_rng(len(widths)))
    cells = affine_cells(net, half_width=2.0)
    assert sum(polygon_area(c.corners) for c in cells) == pytest.approx(16, rel=1e-12)
    for cell in cells:
        inside = np.random.default_rng(0).dirichlet(np.ones(len(cell.corners)), 4) @ cell.corners
        assert np.allclose(inside @ cell.slope + cell.offset, relu_net(net, inside), atol=1e-10)
        assert (patterns(net, inside) == cell.pattern).all()


def test_every_pattern_has_one_cell_and_a_fine_grid_misses_none_of_the_large():
    net = random_relu_net((2, 6, 6, 1), rng=np.random.default_rng(3))
    cells = affine_cells(net)
    known = {cell.pattern.tobytes() for cell in cells}
    assert len(known) == len(cells)
    x = np.random.default_rng(1).uniform(-1, 1, (20_000, 2))
    seen = {row.tobytes() for row in patterns(net, x)}
    assert seen <= known
    large = {c.pattern.tobytes() for c in cells if polygon_area(c.corners) > 4e-3}
    assert large <= seen
    coarse, fine = (count_patterns(net, points=n) for n in (20, 400))
    assert coarse <= fine <= len(cells)


@pytest.mark.parametrize("units", [1, 2, 5, 9])
def test_lines_in_general_position_reach_zaslavskys_count(units):
    rng = np.random.default_rng(units)
    net = random_relu_net((2, units, 1), rng=rng)
    cells = affine_cells(net, half_width=1e4)  # all crossings lie inside
    assert len(cells) == region_bounds.arrangement_cells(units, 2)


def test_parallel_and_dead_units_cut_nothing_more():
    weights = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    net = [(weights, np.array([0.0, -0.5, 1.0])), (np.ones((3, 1)), np.zeros(1))]
    assert len(affine_cells(net)) == 3


def test_messages():
    net = random_relu_net((3, 4, 1), rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="net with 2 inputs; got 3"):
        affine_cells(net)
    with pytest.raises(ValueError, match="half_width above 0"):
        affine_cells(random_relu_net((2, 1), rng=np.random.default_rng(0)), half_width=0.0)
    with pytest.raises(ValueError, match="two or more widths"):
        random_relu_net((2,), rng=np.random.default_rng(0))
