"""Each figure shows the numbers that went in."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.frameworks import landscape_figures as figures
from mlphys.frameworks.grid_world import make_world, value_iteration


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_maps_write_every_label():
    y = np.random.default_rng(0).normal(size=(7, 2))
    drawn = figures.draw_maps({"a": y, "b": 2 * y}, np.arange(7))
    assert [text.get_text() for text in drawn.axes[1].texts] == list("0123456")
    places = np.array([text.get_position() for text in drawn.axes[0].texts], float)
    assert places == pytest.approx(y)


def test_runs_have_means_and_an_exact_line():
    runs = np.array([[1.0, 2], [3, 4], [2, 6]])
    for bars in (True, False):
        axes = figures.draw_runs(
            np.array([1, 10]), {"a": runs}, labels=("n", "loss"), scales=("log", "linear"),
            exact=np.array([0.0, 1.0]), exact_label="bound", bars=bars,
        ).axes[0]  # fmt: skip
        assert axes.lines[0].get_ydata() == pytest.approx([2, 4])
        assert axes.get_xscale() == "log" and axes.get_xlabel() == "n"
        names = axes.get_legend_handles_labels()[1]
        assert sorted(names) == ["a", "bound"]


def test_policy_has_an_arrow_for_every_state():
    world = make_world("...\n.#G")
    axes = figures.draw_policy(world, *value_iteration(world)).axes[0]
    assert len(axes.texts) == len(world.cells) == 4


def test_band_is_two_deviations_wide():
    at = np.linspace(0, 1, 5)
    drawn = figures.draw_band(
        at, at, at, {"fit": (at, 0 * at + 1), "other": (at, at)}, labels=("x", "y"), truth=at
    )
    lines = drawn.axes[0].lines
    high, low = (np.asarray(lines[k].get_ydata(), float) for k in (3, 2))
    assert high - low == pytest.approx(np.full(5, 3.92))
    assert lines[-1].get_label() == "truth"
