"""The figures show the numbers that they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.physics import graphs_figures as figures


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


@pytest.mark.parametrize("stored", [False, True])
def test_stored_pictures_say_so(stored):
    pixels = np.zeros((2, 4, 4, 3), np.uint8)
    figure = figures.draw_pictures(pixels, ["left", "right"], stored)
    said = figure.get_suptitle()
    assert ("stored picture" in said) == stored
    assert [axes.get_title() for axes in figure.axes] == ["left", "right"]
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), pixels[0])


def test_profiles_have_a_bar_a_step():
    figure = figures.draw_profiles({"energy": [3, 2, 1], "force": [4, 4]})
    upper, lower = figure.axes
    assert [bar.get_height() for bar in upper.patches] == [3, 2, 1]
    assert [bar.get_height() for bar in lower.patches] == [4, 4]
    assert upper.get_title(loc="left") == "energy: 6 operations, 3 steps"


def test_ready_times_are_drawn_for_all_four():
    steps = {"a": [5, 9], "b": [4, 6], "c": [3, 4], "d": [2, 3]}
    axes = figures.draw_ready([2, 4], steps).axes[0]
    assert [list(line.get_ydata()) for line in axes.lines] == list(steps.values())
    assert [text.get_text() for text in axes.texts] == list(steps)


def test_crews_lie_in_their_bands():
    axes = figures.draw_crews([1, 2], {"e": [10, 6], "g": [20, 11]}, {"e": (10, 3), "g": (20, 2)})
    marks = [line for line in axes.axes[0].lines if line.get_marker() in "os"]
    assert [list(line.get_ydata()) for line in marks] == [[10, 6], [20, 11]]
    np.testing.assert_allclose(axes.axes[0].lines[0].get_ydata()[[0, -1]], [10, 5])
