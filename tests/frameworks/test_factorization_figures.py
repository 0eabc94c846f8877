"""What is drawn is what was given: points, lines and labels."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.frameworks import factorization_figures as figures


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def test_errors_by_k_have_the_means_of_the_seeds():
    held = np.array([[3.0, 2.0], [1.0, 4.0]])
    figure = figures.draw_k([1, 2], held / 2, held, noise=0.5, planted=2)
    lines = {line.get_label(): line for line in figure.axes[0].lines}
    assert np.asarray(lines["entries held out"].get_ydata()).tolist() == [2.0, 3.0]
    assert lines["noise of an entry"].get_ydata() == [0.5, 0.5]


def test_filled_panels_hold_their_predictions():
    truth = np.linspace(-1, 1, 5)
    figure = figures.draw_filled(truth, {"one": truth, "two": truth / 4})
    assert [axes.get_title() for axes in figure.axes] == ["one", "two"]
    assert np.array_equal(figure.axes[1].lines[0].get_ydata(), truth / 4)


def test_chart_puts_each_nuclide_at_its_place_in_mev():
    z, n = np.array([8, 50]), np.array([9, 82])
    figure = figures.draw_chart(z, n, {"a": np.array([1000.0, -2000.0])})
    table = figure.axes[0].images[0].get_array()
    assert table[8, 9] == 1.0
    assert table[50, 82] == -2.0
    assert np.ma.count(table) == 2


def test_trial_draws_each_seed():
    five = np.arange(1, 6) * 1e3
    errors = {"alone": {"drop": five, "both": five}, "together": {"drop": five, "both": five}}
    axes = figures.draw_trial(errors).axes[0]
    assert len(axes.lines) == 4
    assert np.asarray(axes.lines[0].get_xdata()).tolist() == [1, 2, 3, 4, 5]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["drop", "both"]


def test_shells_have_two_panels_with_both_factors():
    n, z = np.arange(8, 60), np.arange(8, 40)
    figure = figures.draw_shells(n, np.ones((2, 52)), z, np.ones((32, 2)))
    assert [len(axes.lines) for axes in figure.axes] == [2 + 4, 2 + 3]


def test_ranks_are_medians_of_the_seeds():
    places = np.array([[1, 5], [3, 7], [2, 9]])
    axes = figures.draw_ranks(["a", "b"], {"sum": places, "one": places}, words=100).axes[0]
    assert np.asarray(axes.lines[0].get_xdata()).tolist() == [2.0, 7.0]
