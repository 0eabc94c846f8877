"""The figures show the numbers that they are given."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.frameworks import tracing_figures as figures


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_each_call_stands_under_its_label():
    figure = figures.draw_calls({"eager": [1.0, 2.0], "graph": [9.0, 3.0]}, ["a", "b"])
    axes = figure.axes[0]
    np.testing.assert_array_equal(axes.lines[1].get_ydata(), [9, 3])
    assert [text.get_text() for text in axes.get_xticklabels()] == ["call 1\na", "call 2\nb"]


def test_a_lost_slope_is_marked_where_it_is_lost():
    x = np.array([-1.0, 0.0, 1.0])
    given = {"one": np.array([-2, np.nan, 2.0]), "two": 2 * x}
    below = figures.draw_slopes(x, x * x, given, 2 * x).axes[1]
    assert [text.get_text() for text in below.texts] == ["one: NaN"]
    assert below.lines[2].get_xdata() == [0, 0]  # the line that marks it


def test_compile_times_are_drawn_on_logarithmic_axes():
    axes = figures.draw_unrolled([1, 10], {"loop": [0.1, 1.0], "scan": [0.2, 0.2]}).axes[0]
    assert axes.get_xscale() == axes.get_yscale() == "log"
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), [0.1, 1.0])


def test_total_time_is_compiling_and_calls():
    row = SimpleNamespace(compile=0.5, both=SimpleNamespace(median=0.1))
    axes = figures.draw_break_even(np.array([1, 10, 100, 1000]), {"JAX": row}).axes[0]
    np.testing.assert_allclose(np.asarray(axes.lines[0].get_ydata()), [0.6, 1.5, 10.5, 100.5])
