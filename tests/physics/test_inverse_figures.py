"""Figures show what they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.physics import inverse_figures as figures


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_curves_are_labelled():
    steps = np.geomspace(1e-6, 1e-1, 5)
    figure = figures.draw_step_error(steps, {"one": steps, "two": steps**2}, forward=1e-9)
    assert [t.get_text() for t in figure.axes[0].get_legend().get_texts()][:2] == ["one", "two"]
    figure = figures.draw_misfits(steps, {"bands": steps}, truth=1e-3)
    np.testing.assert_array_equal(figure.axes[0].lines[0].get_ydata(), steps)


def test_panels():
    flat = np.zeros((4, 4))
    figure = figures.draw_picture_and_slopes(
        np.zeros((4, 4, 3)), {"a": flat, "b": flat}, half_width=1.0
    )
    assert [axes.get_title() for axes in figure.axes[:3]] == ["the picture", "a", "b"]
    mass = np.array([1.0, 1.1, 1.2])
    figure = figures.draw_profiles(mass, {"far": [1, 1, 1], "near": [9, 1, 9]}, truth=1.1)
    np.testing.assert_array_equal(figure.axes[0].lines[1].get_ydata(), [9, 1, 9])


def test_ellipse_has_the_standard_deviations():
    figure = figures.draw_scatter(np.ones((5, 2)), np.diag([4.0, 9.0]), truth=np.ones(2))
    one = figure.axes[0].lines[0].get_xydata() / 1e6
    np.testing.assert_allclose(one.max(axis=0), [2, 3], rtol=1e-3)
