import matplotlib.pyplot as plt
import numpy as np

from mlphys.physics import kerr_figures as figures

CIRCLE = np.stack([np.cos(np.arange(6)), np.sin(np.arange(6))], axis=-1)


def test_pictures_carry_the_edges_that_belong_to_them():
    rgb = np.zeros((4, 6, 3), dtype=np.float32)
    figure = figures.draw_framed({"a": rgb, "b": rgb}, {"b": 0.1 * CIRCLE}, half_width=0.3)
    plain, framed = figure.axes
    assert len(plain.lines) == 0
    x, y = framed.lines[0].get_data()
    np.testing.assert_allclose(x[:-1], -0.1 * CIRCLE[:, 0])  # left is negative to the right
    assert (x[0], y[0]) == (x[-1], y[-1])
    plt.close(figure)


def test_edges_show_curves_and_dots():
    curves = {"spin 0": CIRCLE, "spin 0.9": 2 * CIRCLE}
    figure = figures.draw_edges({"side": curves, "pole": curves}, {"side": {"spin 0.9": CIRCLE}})
    side, pole = figure.axes
    assert len(side.lines) == 4 and len(pole.lines) == 3  # curves, dots, and the cross
    assert side.get_legend() is not None
    plt.close(figure)


def test_sizes_and_checks_have_a_line_for_each():
    x = np.linspace(0, 1, 5)
    figure = figures.draw_sizes(x, {"horizon": 1 - x, "width": 1 - x / 2})
    assert [line.get_label() for line in figure.axes[0].lines] == ["horizon", "width"]
    plt.close(figure)
    figure = figures.draw_edge_checks(x, {"spin 0.5": 0 * x, "spin 0.9": 1e-9 + x}, bound=1e-6)
    axes = figure.axes[0]
    assert axes.lines[0].get_ydata().min() == 1e-13  # a zero stays visible on a logarithmic axis
    assert len(axes.lines) == 3
    plt.close(figure)


def test_dragged_rays_mark_the_middle_one():
    ways = np.zeros((3, 5, 4))
    figure = figures.draw_dragged({"a": ways, "b": ways}, {"a": 1.0, "b": 0.7})
    widths = [line.get_linewidth() for line in figure.axes[0].lines]
    assert widths == [1.0, 1.0, 1.8, 1.0, 1.0]
    assert figure.axes[1].patches[0].radius == 0.7
    plt.close(figure)
