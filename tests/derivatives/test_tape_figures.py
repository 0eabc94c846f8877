import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.derivatives import tape_figures as figures


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def test_stops_are_drawn_with_both_laws():
    (axes,) = figures.draw_stops([1, 2], [3, 7], [2, 3]).axes
    drawn = [line.get_ydata() for line in axes.lines]
    assert any(np.array_equal(y, [3, 7]) for y in drawn)
    assert any(len(y) == 31 and y[30] == 2.0**31 - 1 for y in drawn)


def test_bars_and_marks_of_the_bridge_are_both_there():
    (axes,) = figures.draw_bridge(["a", "b"], [0.36, 0.16], [0.36, 0.16]).axes
    assert [bar.get_height() for bar in axes.patches] == [0.36, 0.16]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["a", "b"]


def test_kicks_share_the_time_axis_of_the_motion():
    t = np.linspace(0, 1, 5)
    top, bottom = figures.draw_kicks(t, t, t, (t[:2], t[:2]), t).axes
    assert top.get_shared_x_axes().joined(top, bottom)
    assert len(bottom.lines) == 3


def test_derivatives_are_scaled_by_the_closed_form():
    x = np.linspace(0, 1, 4)
    figure = figures.draw_derivatives(x, {0: 2 * x, 1: 4 * x}, {0: 2 * x, 1: 4 * x})
    for axes in figure.axes:
        for line in axes.lines:
            np.testing.assert_allclose(line.get_ydata(), x)


def test_times_start_at_zero():
    (axes,) = figures.draw_lengths([10, 100], {"ours": [0.7, 0.8], "other": [2.0, 2.1]}).axes
    assert axes.get_ylim()[0] == 0
    assert len(axes.lines) == 2
