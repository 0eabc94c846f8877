import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection

from mlphys.language import arrays_figures
from mlphys.language.matrices import dirac_by_hand


def words(axes):
    return [text.get_text() for text in axes.texts]


def test_views_show_the_memory_and_the_entries_of_each_view():
    table = np.arange(12).reshape(3, 4).copy()
    figure = arrays_figures.draw_views(table, {"table.T": table.T})
    strip, transposed = figure.axes
    assert words(strip) == [str(n) for n in range(12)]
    assert words(transposed) == [str(n) for n in table.T.ravel()]
    assert "strides (8, 32)" in transposed.get_title()
    plt.close(figure)


def test_broadcast_shows_the_sums():
    figure = arrays_figures.draw_broadcast(np.array([[0], [10]]), np.array([1, 2, 3]))
    assert words(figure.axes[2]) == ["1", "2", "3", "11", "12", "13"]
    plt.close(figure)


def test_every_dirac_matrix_has_four_signs():
    figure = arrays_figures.draw_matrices(dirac_by_hand(), ["0", "1", "2", "3"])
    for axes in figure.axes:
        assert len([word for word in words(axes) if word]) == 4
    assert sorted(w for w in words(figure.axes[2]) if w) == ["i", "i", "−i", "−i"]
    plt.close(figure)


def test_filters_show_each_beam():
    figure = arrays_figures.draw_filters(np.ones((4, 3)), np.full((4, 3), 0.5))
    assert len(figure.axes[0].lines) == 3 + 3 + 2
    plt.close(figure)


def test_ratios_show_median_and_reach():
    figure = arrays_figures.draw_ratios({3: [3.0, 1.0, 2.0], 30: [9.0, 4.0, 5.0]})
    (axes,) = figure.axes
    assert np.asarray(axes.lines[0].get_ydata()).tolist() == [2, 5]
    (bars,) = axes.collections
    assert isinstance(bars, LineCollection)
    assert [bar[:, 1].tolist() for bar in bars.get_segments()] == [[1, 3], [4, 9]]
    plt.close(figure)
