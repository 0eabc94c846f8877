"""The figure shows what it is given."""

import matplotlib.pyplot as plt
import pytest

from mlphys.language.grammars_figures import draw_shares


def test_each_way_has_a_line_and_a_name():
    figure = draw_shares([1, 3], {"refused": [10.0, 40.0], "cured": [0.0, 0.0]})
    (axes,) = figure.axes
    assert [list(line.get_ydata()) for line in axes.lines] == [[10, 40], [0, 0]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["refused", "cured"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "3"]
    assert len({line.get_linestyle() for line in axes.lines}) == 2
    plt.close(figure)


def test_too_many_ways_are_refused():
    with pytest.raises(ValueError, match="expected at most 3 ways; got 4; draw fewer"):
        draw_shares([1], {name: [1.0] for name in "abcd"})
