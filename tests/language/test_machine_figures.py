"""The figure shows what it is given."""

import matplotlib.pyplot as plt
import pytest

from mlphys.language.machine_figures import draw_depths


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
