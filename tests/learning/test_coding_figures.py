"""Figures show the numbers that they are given."""

from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.learning import coding_figures as figures
from mlphys.learning.calibration import reliability


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_levels_are_lines_over_temperature():
    x = np.array([0.1, 1.0, 10.0])
    figure = figures.draw_levels(x, x / 10, {"a": x, "b": 2 * x, "c": 3 * x})
    lines = figure.axes[0].lines
    assert [line.get_label() for line in lines] == ["entropy", "a", "b", "c"]
    assert np.array_equal(lines[2].get_ydata(), 2 * x)


def test_intervals_are_drawn_within_the_one_before():
    steps = [
        (Fraction(0), Fraction(1)),
        (Fraction(1, 2), Fraction(1)),
        (Fraction(1, 2), Fraction(5, 8)),
    ]
    figure = figures.draw_intervals(steps, ["no", "yes"])
    bars = figure.axes[0].patches
    assert (bars[1].get_x(), bars[1].get_width()) == (0.5, 0.5)
    assert (bars[3].get_x(), bars[3].get_width()) == (0.0, 0.25)


def test_epochs_show_errors_and_prices():
    figure = figures.draw_epochs(np.array([0.9, 0.95]), np.array([0.5, 0.4]), cured=0.3, floor=0.4)
    top, bottom = figure.axes
    assert np.allclose(top.lines[0].get_ydata(), [10, 5])
    assert np.allclose(bottom.lines[0].get_ydata(), [0.5, 0.4])


def test_reliability_shows_every_bin():
    diagram = reliability([0.9, 0.9, 0.5], [1, 0, 1], bins=10)
    figure = figures.draw_reliability({"before": diagram})
    points = figure.axes[0].containers[0].lines[0]
    assert np.allclose(points.get_xydata(), [[0.5, 1.0], [0.9, 0.5]])


def test_prices_end_at_the_whole_message():
    figure = figures.draw_prices(np.array([1.0, 3.0]), np.zeros((2, 4, 4)), ["a", "b"])
    curve = figure.axes[0].lines[0].get_xydata()
    assert np.allclose(curve, [[50, 75], [100, 100]])
    assert [axes.get_title() for axes in figure.axes[1:]] == ["a", "b"]
