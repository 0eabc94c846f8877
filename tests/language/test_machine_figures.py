"""The figures show what they are given."""

import matplotlib.pyplot as plt
import pytest

from mlphys.language.machine_figures import (
    draw_depths,
    draw_history,
    draw_outcomes,
    draw_parentheses,
)


def test_each_program_has_a_line_and_a_name():
    figure = draw_depths([10, 100], {"tail": [3, 3], "other": [12, 102]}, limit=1000)
    (axes,) = figure.axes
    assert [list(line.get_ydata()) for line in axes.lines] == [[3, 3], [12, 102], [1000, 1000]]
    names = [text.get_text() for text in axes.texts]
    assert names == ["tail", "other", "Python's recursion limit"]
    assert axes.get_xlabel() == "repetitions"
    assert "waiting" in axes.get_ylabel()
    plt.close(figure)


def test_curves_that_end_together_share_a_label():
    figure = draw_depths([10, 100], {"a": [2, 2], "b": [12, 102], "c": [2, 2]}, limit=1000)
    names = [text.get_text() for text in figure.axes[0].texts]
    assert names == ["a, c", "b", "Python's recursion limit"]
    plt.close(figure)


def test_too_many_programs_are_refused():
    with pytest.raises(ValueError, match="expected at most 3 programs; got 4; draw fewer"):
        draw_depths([1], {name: [1] for name in "abcd"}, limit=1000)


def test_history_shows_every_step_and_names_the_top():
    figure = draw_history({"rising": [0, 1, 2, 1], "level": [0, 1, 1, 1]})
    (axes,) = figure.axes
    assert [list(line.get_ydata()) for line in axes.lines] == [[0, 1, 2, 1], [0, 1, 1, 1]]
    assert [(text.get_text(), text.xy) for text in axes.texts] == [
        ("rising", (2, 2)),
        ("level", (3, 1)),
    ]
    assert axes.lines[0].get_linestyle() != axes.lines[1].get_linestyle()
    plt.close(figure)
    with pytest.raises(ValueError, match="expected at most 2 programs; got 3; draw fewer"):
        draw_history({name: [1] for name in "abc"})


def test_outcomes_are_counted_and_the_page_s_stands_out():
    figure = draw_outcomes([3, 6, 3, 12, 3], page=6)
    (axes,) = figure.axes
    assert [bar.get_height() for bar in axes.patches] == [3, 1, 1]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["3", "6", "12"]
    assert [text.get_text() for text in axes.texts] == ["3", "1: the page", "1"]
    assert axes.patches[0].get_hatch() != axes.patches[1].get_hatch()
    plt.close(figure)
    with pytest.raises(ValueError, match="expected at least one value; got none; run the cells"):
        draw_outcomes([], page=6)


def test_parentheses_have_points_means_and_the_closed_form():
    figure = draw_parentheses([1, 3], [[0, 0], [0, 4]], [2, 6])
    drawn = [list(line.get_ydata()) for line in figure.axes[0].lines]
    assert drawn == [[0, 0], [0, 4], [2, 6], [0, 2], [0, 2]]
    plt.close(figure)
    with pytest.raises(ValueError, match="of one length; got 1, 2, 1; count every formula"):
        draw_parentheses([1], [[0], [1]], [2])
