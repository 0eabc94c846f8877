"""The figures show what they are given."""

from collections import Counter

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.language.execution_figures import draw_binding, draw_depths, draw_lookup


def test_binding_has_a_line_and_a_label_each():
    figure = draw_binding([5, 6, 1], {"default": [50, 50, 50], "late": [50, 60, 10]})
    (axes,) = figure.axes
    assert [np.asarray(line.get_ydata()).tolist() for line in axes.lines] == [
        [50, 50, 50],
        [50, 60, 10],
    ]
    assert [text.get_text() for text in axes.texts] == ["default", "late"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["5", "6", "1"]
    plt.close(figure)


def test_depths_are_drawn_as_recorded():
    figure = draw_depths({"f": [0, 1, 2, 1, 0], "g": [0, 1, 0]})
    assert [np.asarray(line.get_ydata()).tolist() for line in figure.axes[0].lines] == [
        [0, 1, 2, 1, 0],
        [0, 1, 0],
    ]
    plt.close(figure)


@pytest.mark.parametrize("draw", [lambda s: draw_binding([1], s), draw_depths])
def test_too_many_lines_are_refused(draw):
    with pytest.raises(ValueError, match="expected at most 3 lines; got 4; draw fewer"):
        draw({name: [1] for name in "abcd"})


def test_the_class_that_is_used_is_the_one_python_uses():
    names = ["most_common", "__missing__", "update", "keys", "__class__"]
    figure = draw_lookup(Counter, names)
    (axes,) = figure.axes
    words = {
        (t.get_position()[1] - 0.5, t.get_position()[0] - 0.5): t.get_text() for t in axes.texts
    }
    for row, name in enumerate(names):
        (column,) = [int(x) for (y, x), word in words.items() if y == row and word == "used"]
        assert (
            getattr(Counter.__mro__[column], name) is getattr(Counter, name) or name == "__class__"
        )
    assert words[2, 1] == "hidden"  # dict has an update of its own
    plt.close(figure)


def test_unknown_attribute_is_refused():
    with pytest.raises(AttributeError, match=r"expected attributes of Counter; got \['no'\]"):
        draw_lookup(Counter, ["keys", "no"])
