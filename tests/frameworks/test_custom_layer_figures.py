"""What the figures show is what they were given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.frameworks import custom_layer_figures as figures
from mlphys.frameworks.effects import Effect
from mlphys.learning.calibration import reliability
from mlphys.plotting import COLORS


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_stand_in_a_row_with_ink_dark(channels):
    images = np.zeros((3, 4, 5, channels))
    images[:, 0, 0] = 1
    figure = figures.draw_errors(images, ["a", "b", "c"])
    assert [axes.get_title() for axes in figure.axes] == ["a", "b", "c"]
    shown = np.asarray(figure.axes[0].images[0].get_array())
    np.testing.assert_array_equal(shown, images[0] if channels == 3 else 1 - images[0, ..., 0])


def test_odds_are_drawn_as_given():
    x = np.linspace(0, 5, 6)
    figure = figures.draw_odds(x, {"a": np.exp(x), "b": 1 + x, "c": 2 + x})
    lines = figure.axes[0].get_lines()
    np.testing.assert_array_equal(lines[0].get_ydata(), np.exp(x))
    assert len({line.get_linestyle() for line in lines}) == 3


def test_rare_bins_are_left_out():
    diagram = reliability(np.repeat([0.55, 0.95], [5, 30]), np.ones(35), bins=10)
    figure = figures.draw_claims({"a": diagram}, least=20)
    np.testing.assert_allclose(figure.axes[0].get_lines()[1].get_xdata(), [95])


def test_only_effects_with_a_sign_are_filled():
    effects = {"layer": [Effect(1.0, 2.0, 5)], "temperature": [Effect(3.0, 2.0, 5)]}
    figure = figures.draw_effects(
        {name: [*found, *found] for name, found in effects.items()}, ["points", "nats"]
    )
    marks = [line for line in figure.axes[0].get_lines() if line.get_marker() in ("o", "^")]
    assert [mark.get_markerfacecolor() for mark in marks] == ["white", COLORS["accent"]]
    assert [mark.get_xdata()[0] for mark in marks] == [1.0, 3.0]


def test_roads_run_from_large_to_small_training_loss():
    paths = np.random.default_rng(0).uniform(1, 2, (3, 5, 3))
    figure = figures.draw_roads({"right": {"plain": paths}, "wrong": {"plain": paths}})
    left, right = figure.axes[0].get_xlim()
    assert left > right
    np.testing.assert_allclose(
        figure.axes[0].get_lines()[-1].get_ydata(), paths.mean(axis=0)[1:, 1]
    )
