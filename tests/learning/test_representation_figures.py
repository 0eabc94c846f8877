"""Each figure shows the numbers that went in, on labelled axes."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.learning import representation_figures as figures
from mlphys.learning.representation import affine_cells, random_relu_net


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_each_cell_is_drawn_once():
    cells = affine_cells(random_relu_net((2, 5, 1), rng=np.random.default_rng(0)))
    axes = figures.draw_cells({"one": cells, "two": cells}, half_width=1.0).axes
    assert [len(a.collections[0].get_paths()) for a in axes] == [len(cells)] * 2
    assert axes[0].get_xlabel() == "x"


def test_learning_curves_show_medians():
    errors = {"a": np.array([[1.0, 3.0, 2.0], [0.1, 0.2, 0.3]])}
    axes = figures.draw_learning_curves([10, 100], errors, errors).axes
    assert np.array_equal(axes[0].lines[0].get_ydata(), [2.0, 0.2])
    assert axes[1].get_yscale() == "log"


def test_lines_hold_their_values():
    t = np.linspace(0, 3, 40)
    axes = figures.draw_rays(t, t**3, {"relu": t}).axes[0]
    assert np.array_equal(axes.lines[1].get_ydata(), t)
    axes = figures.draw_wave_errors([1, 10], {0.1: np.array([1.0, 0.1])}, {0.1: 3}).axes[0]
    assert np.array_equal(axes.lines[0].get_ydata(), [1.0, 0.1])


def test_shuffled_is_drawn_in_percent():
    pair = np.array([0.5, 0.7, 0.6]), np.array([0.2, 0.2, 0.2])
    image = np.zeros((4, 4))
    axes = figures.draw_shuffled((image, image), {"net": pair}).axes[-1]
    assert axes.lines[0].get_ydata() == pytest.approx([60, 20])
