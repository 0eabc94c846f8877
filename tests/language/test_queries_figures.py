from math import factorial

import matplotlib
import matplotlib.pyplot as plt
import pytest

from mlphys.language.queries_figures import (
    draw_involutions,
    draw_schedules,
    draw_trials,
    draw_walks,
    draw_ways,
)
from mlphys.plotting import COLORS


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_numbers_without_a_run_are_crossed_and_named():
    axes = draw_ways([0, 0, 1, 0, 1, 1]).axes[0]
    dots, crosses = axes.lines
    assert list(dots.get_xdata()) == [3, 5, 6]
    assert list(dots.get_ydata()) == [1, 1, 1]
    assert list(crosses.get_xdata()) == [1, 2, 4]
    assert [text.get_text() for text in axes.texts] == ["1", "2", "4"]


def test_the_search_is_drawn_beside_what_it_finds():
    tried, found = draw_involutions([1, 1, 2, 4, 10]).axes[0].lines
    assert list(tried.get_ydata()) == [factorial(n) for n in range(5)]
    assert list(found.get_ydata()) == [1, 1, 2, 4, 10]


def test_each_line_has_a_bar_at_its_step_and_panels_share_their_width():
    figure = draw_schedules({"one": (["x = 1", "y = x"], [1, 2]), "two": (["z = 1"], [1])})
    one, two = figure.axes
    assert [bar.get_x() + bar.get_width() / 2 for bar in one.patches] == [1, 2]
    assert [label.get_text() for label in one.get_yticklabels()] == ["x = 1", "y = x"]
    assert one.get_xlim() == two.get_xlim()


def test_the_two_readings_are_powers_on_logarithmic_axes():
    axes = draw_trials([10, 100], {"all": [45, 4950], "root": [19, 625]}).axes[0]
    assert axes.get_xscale() == axes.get_yscale() == "log"
    assert [list(line.get_ydata()) for line in axes.lines] == [[45, 4950], [19, 625]]


def test_the_entry_looked_at_is_filled_and_the_one_passed_over_is_framed():
    walk = [(0, [2, 4, 9], True), (1, [4, 9], False)]
    (axes,) = draw_walks({"a loop": walk}).axes
    filled, framed = [], []
    for text in axes.texts:
        box = text.get_bbox_patch()
        if box.get_facecolor() == matplotlib.colors.to_rgba(COLORS["ours"]):
            filled.append(text.get_text())
        if box.get_linewidth() > 0:
            framed.append(text.get_text())
    assert filled == ["2", "9"]
    assert framed == ["4"]
