"""Every figure is drawn from small arrays and labelled."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import LineCollection

from mlphys.frameworks import architecture_figures as figures
from mlphys.frameworks.effects import Effect
from mlphys.learning.representation import affine_cells, random_relu_net

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(10, 2)), np.arange(10) % 2
MARGIN = RNG.normal(size=(9, 9))
LINE = np.array([[-1.0, 0.0], [1.0, 0.5]])

DRAWN = {
    "borders": lambda: figures.draw_borders(
        {"a": MARGIN, "b": MARGIN}, X, Y, {t: (np.ones(4), np.ones(4)) for t in "ab"},
        np.arange(4), half_width=2,
    ),
    "spirals": lambda: figures.draw_spirals({"a": (MARGIN, [LINE]), "b": (MARGIN, [])}, X, Y),
    "subnetworks": lambda: figures.draw_subnetworks(
        MARGIN[None], MARGIN, X, Y, np.array([50.0, 70.0]), np.array([0.5, 0.5]),
        {"whole": 80.0}, half_width=2,
    ),
    "stops": lambda: figures.draw_stops(
        {t: (np.arange(4), np.ones(4), np.ones(4), np.array(2)) for t in "ab"}
    ),
    "batches": lambda: figures.draw_batches([4, 16], {"rule": list(RNG.normal(size=(2, 5)))}),
    "kernels": lambda: figures.draw_kernels({"a": np.eye(3), "b": -np.eye(3)}),
    "modes": lambda: figures.draw_modes(np.array([0.1, 1]), {"a": np.ones(2)}, {"a": np.ones(2)}),
    "shifts": lambda: figures.draw_shifts([0, 1], {"a": np.ones((2, 5))}, {"p": [1, 2, 3, 4, 5]}),
    "features": lambda: figures.draw_features(
        np.eye(4), np.ones((3, 3, 8)), np.ones((4, 4, 8)), np.ones((2, 2, 8))
    ),
    "bets": lambda: figures.draw_bets(
        {"idea": (Effect(1, 0.5, 5), Effect(-1, 0.5, 5))}, ("holds", "fails")
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_figure_is_drawn_with_labels(name):
    figure = DRAWN[name]()
    words = [a.get_xlabel() + a.get_ylabel() + a.get_title() for a in figure.axes]
    assert any(words) or name == "features"
    plt.close(figure)


def test_bars_are_the_interval_of_student():
    values = np.array([[1.0, 2.0, 3.0, 4.0, 5.0]] * 2)
    axes = figures.draw_batches([4, 16], {"rule": list(values)}).axes[0]
    (bars,) = (c for c in axes.collections if isinstance(c, LineCollection))
    low, high = np.asarray(bars.get_segments()[0])[:, 1]
    assert (high - low) / 2 == pytest.approx(1.963, abs=1e-3) and (high + low) / 2 == 3
    plt.close("all")


def test_outlines_are_closed():
    cells = affine_cells(random_relu_net((2, 4, 1), rng=np.random.default_rng(0)))
    for side in figures.cell_sides(cells):
        assert np.array_equal(side[0], side[-1])
