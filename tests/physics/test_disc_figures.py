"""Each figure shows the arrays that it was given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.physics import disc_figures as figures
from mlphys.physics.black_hole_figures import display


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_shifts():
    ratio = np.linspace(0.4, 1.5, 20) * np.ones((10, 1))
    ratio[:2] = np.nan
    figure = figures.draw_shifts({"one": ratio, "two": ratio}, half_width=0.6)
    figure.canvas.draw()
    shown = figure.axes[0].images[0]
    np.testing.assert_array_equal(np.asarray(shown.get_array())[2:], ratio[2:])
    assert shown.get_extent() == pytest.approx([-0.6, 0.6, -0.3, 0.3])
    assert [axes.get_title() for axes in figure.axes[:2]] == ["one", "two"]


def test_pictures():
    rgb = np.random.default_rng(1).uniform(size=(4, 6, 3))
    figure = figures.draw_lit({"a": rgb}, half_width=1.0)
    np.testing.assert_allclose(figure.axes[0].images[0].get_array(), display(rgb))


def test_flux_starts_at_the_edge():
    radius = np.geomspace(1, 30, 40)
    curves = {"slow": 1 / radius, "fast": 2 / radius}
    figure = figures.draw_flux(radius, curves, 3 / radius, [3.0, 1.2])
    line = figure.axes[0].lines[1]
    assert np.isnan(line.get_ydata()[radius <= 3]).all()
    np.testing.assert_array_equal(line.get_ydata()[radius > 3], (1 / radius)[radius > 3])


def test_contrast():
    figure = figures.draw_contrast(np.array([1e3, 1e5]), np.array([100.0, 4.0]), total=81, hot=3)
    assert figure.axes[0].lines[0].get_label() == "to the eye"
    assert figure.axes[0].lines[1].get_ydata()[0] == 81


def test_profiles():
    edges = np.linspace(0, 1, 5)
    figure = figures.draw_profiles(edges, {"a": np.array([0.1, 0.2, 0.3, 0.4])})
    values = figure.axes[0].patches[0].get_data().values
    np.testing.assert_allclose(values, [0.4, 0.8, 1.2, 1.6])
