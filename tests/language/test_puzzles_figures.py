import matplotlib.pyplot as plt
import numpy as np

from mlphys.language import puzzles_figures


def test_shares_show_each_outcome():
    values = np.array([0.2, 0.3, 0.5])
    figure = puzzles_figures.draw_shares("abc", {"rival": values}, expected=values, fair=1 / 3)
    (axes,) = figure.axes
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), values)
    assert [tick.get_text() for tick in axes.get_xticklabels()] == list("abc")
    plt.close(figure)


def test_angle_errors_have_a_panel_for_each_end_and_zero_is_drawn_at_the_floor():
    errors = {"acos": np.array([[0.0, 1e-3], [1e-9, 1e-4]])}
    figure = puzzles_figures.draw_angle_errors(np.array([1e-6, 1e-3]), errors)
    left, right = figure.axes
    np.testing.assert_array_equal(left.lines[0].get_ydata(), [1e-17, 1e-3])
    np.testing.assert_array_equal(right.lines[0].get_ydata(), [1e-9, 1e-4])
    plt.close(figure)


def test_steps_show_each_run():
    figure = puzzles_figures.draw_steps({"a": np.array([1, 1e-2]), "b": np.array([1, 0.5, 0.25])})
    assert [len(line.get_ydata()) for line in figure.axes[0].lines] == [2, 3]
    plt.close(figure)


def test_polynomial_errors_stand_beside_their_bound():
    x = np.array([1.0, 2.0])
    figure = puzzles_figures.draw_polynomial_errors(x, {"Horner": x, "powers": 2 * x}, 5 * x)
    assert len(figure.axes[0].lines) == 3
    np.testing.assert_array_equal(figure.axes[0].lines[2].get_ydata(), [5, 10])
    plt.close(figure)
