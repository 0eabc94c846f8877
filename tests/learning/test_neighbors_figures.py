"""Each figure shows the numbers that went in, on labelled axes."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.learning import neighbors_figures as figures


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_neighbors_shows_each_picture_once():
    rng = np.random.default_rng(0)
    queries = rng.integers(0, 256, (3, 4, 4)).astype(np.uint8)
    found = rng.integers(0, 256, (3, 2, 4, 4)).astype(np.uint8)
    titles = [[f"{i}{j}" for j in range(3)] for i in range(3)]
    drawn = figures.draw_neighbors(queries, found, titles)
    shown = {
        axes.get_title(): axes.images[0].get_array() for axes in drawn.axes if axes.get_title()
    }
    assert len(shown) == 9
    assert np.array_equal(shown["10"], queries[1])
    assert np.array_equal(shown["22"], found[2, 1])


def test_self_distances_are_sorted():
    values = {"a": np.array([3e-4, -1e-4]), "b": np.zeros(2)}
    lines = figures.draw_self_distances(values).axes[0].lines
    assert lines[0].get_ydata() == pytest.approx([-1, 3])


def test_learning_curve_draws_percent_and_the_goal():
    counts = np.array([10.0, 100, 1000])
    errors = 2 * counts**-0.5
    fitted = np.array([True, True, False])
    drawn = figures.draw_learning_curve(
        counts, errors, 0.1 * errors, fitted, np.array([2, -0.5]), (4e4, 0.01)
    )
    axes = drawn.axes[0]
    assert axes.get_xscale() == axes.get_yscale() == "log"
    law = next(line for line in axes.lines if line.get_linestyle() == "--")
    assert np.asarray(law.get_ydata())[-1] == pytest.approx(1)


def test_metrics_are_sorted_by_error():
    axes = figures.draw_metrics({"a": 0.2, "b": 0.1}, {"a": 0.01, "b": 0.02}).axes[0]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["b", "a"]


def test_ratios_and_dimensions():
    grid = np.linspace(0.5, 1.5, 11)
    axes = figures.draw_ratios(np.linspace(0.5, 1.5, 99), grid, grid).axes[0]
    assert np.array_equal(axes.lines[0].get_ydata(), grid)
    errors = np.array([[0.5, 0.6, 0.7], [0.1, 0.2, 0.3]])
    axes = figures.draw_errors_by_dimension(np.array([2, 50]), {"random": errors}, 0.05).axes[0]
    assert axes.lines[0].get_ydata() == pytest.approx([60, 20])
