import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.derivatives import reverse_mode_figures as figures
from mlphys.derivatives.nudges import kept_values
from mlphys.derivatives.reverse_mode import box_sensitivities, box_surface


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def words(axes):
    return [text.get_text() for text in axes.texts]


def test_box_shows_every_value_and_every_sensitivity():
    edges = {"a": 2.0, "b": 5.0, "c": 7.0, "d": 11.0}
    values = edges | kept_values(box_surface, *edges.values())
    s = box_sensitivities(*edges.values())
    assert set(figures.PLACES) == set(values) == set(s)
    shown = words(figures.draw_box_walk(values, s).axes[0])
    for name in values:
        assert any(word.startswith(f"{name} = {values[name]:g}\n") for word in shown)
        assert f"{s[name]:g}" in shown


def test_edges_of_the_graph_are_the_uses_of_the_computation():
    """A nudge of a quantity changes exactly what the picture says it is used for."""
    edges = (2.0, 5.0, 7.0, 11.0)
    before = kept_values(box_surface, *edges)
    for k, edge in enumerate("abcd"):
        moved = [size + (1.0 if i == k else 0.0) for i, size in enumerate(edges)]
        after = kept_values(box_surface, *moved)
        changed = {name for name in before if after[name] != before[name]}
        reached, todo = set(), [edge]
        while todo:
            here = todo.pop()
            users = {name for name, used in figures.USES.items() if here in used.split()}
            todo += users - reached
            reached |= users
        assert reached == changed


def test_costs_draw_one_line_a_method_and_the_bound():
    figure = figures.draw_costs([2, 4], {"differences": [3, 5], "walk": [2, 2]}, 5)
    assert len(figure.axes[0].lines) == 3
    assert "proven bound 5" in words(figure.axes[0])


def test_wrong_line_points_at_the_first_wrong_quantity():
    measured = {"r": 1.0, "q": 2.0, "p": 4.0}
    axes = figures.draw_wrong_line({"p": 2.0, "q": 1.0, "r": 1.0}, measured).axes[0]
    (note,) = axes.texts
    assert note.xy == (1, 0.5)
    assert not figures.draw_wrong_line(measured, measured).axes[0].texts


def test_checker_draws_medians():
    table = np.array([[1.0, 2.0, 9.0], [3.0, 4.0, 5.0]])
    axes = figures.draw_checker([0.1, 1], {"central": table}, {"central": 1e-7}).axes[0]
    assert axes.lines[0].get_ydata().tolist() == [2.0, 4.0]


def test_heron_breaks_its_line_where_the_result_falls():
    x = np.linspace(1, 2, 6)
    roots = np.array([1.0, 1.1, 1.2, 0.9, 1.0, 1.1])
    figure = figures.draw_heron(x, roots, {"replayed": x})
    top, bottom = figure.axes
    assert len(top.lines) == 3 and len(bottom.lines) == 3


def test_lag_leaves_out_errors_of_zero():
    axes = figures.draw_lag({"root": [0.1, 0.0]}).axes[0]
    assert np.isnan(axes.lines[0].get_ydata()[1])
