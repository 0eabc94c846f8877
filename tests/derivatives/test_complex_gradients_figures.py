"""The figures show what they are given, with units, and name each curve."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Rectangle, StepPatch

from mlphys.derivatives import complex_gradients_figures as figures
from mlphys.derivatives.thin_film import alternating, quarter_wave


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def labels(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_steps_are_labelled_with_the_value_that_they_reach():
    axes = figures.draw_steps(3 + 4j, {"down": -0.6 - 0.8j, "up": -0.6 + 0.8j}).axes[0]
    words = [text.get_text() for text in axes.texts]
    assert "down: 16.0" in words and "up: 28.8" in words


def test_disorder_shows_every_stack_and_both_laws():
    draws = np.log(np.array([[0.5, 0.25], [0.1, 0.4], [0.01, 0.04]]))
    axes = figures.draw_disorder(
        [10, 20, 30], draws, rays=np.array([0.5, 0.4, 0.3]), mean_log=np.array([-1.0, -2, -3])
    ).axes[0]
    assert labels(axes) == ["one random stack", "mean of ln T", "law of waves", "rays"]
    middle, law = (np.asarray(axes.lines[k].get_ydata()) for k in (3, 4))
    np.testing.assert_allclose(middle, [np.sqrt(0.125), 0.2, 0.02])
    np.testing.assert_allclose(law, np.exp([-1, -2, -3]))


def test_histories_keep_their_numbers():
    axes = figures.draw_histories({"a": np.array([3.0, 2.0]), "b": np.array([3.0])}).axes[0]
    assert labels(axes) == ["a", "b"]
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), [3, 2])


def test_spectra_shade_the_band():
    frequency = np.linspace(300, 700, 5)
    axes = figures.draw_spectra(
        frequency, {"before": frequency / 1e6, "after": frequency / 1e3}, (500, 600)
    ).axes[0]
    assert labels(axes) == ["before", "after"]
    assert axes.get_xlabel().endswith("THz") and axes.get_yscale() == "log"
    band = axes.patches[0]
    assert isinstance(band, Rectangle) and (band.get_x(), band.get_width()) == (500, 100)


def test_layers_end_at_their_depth():
    film = alternating(4)
    unit = quarter_wave(film, 550.0)
    designs = {"before": np.ones(4), "after": np.array([2.0, 1, 2, 1])}
    profiles = figures.draw_layers(film, designs, unit).axes
    for axes, x in zip(profiles, designs.values(), strict=False):
        steps = axes.patches[0]
        assert isinstance(steps, StepPatch)
        values, edges, _ = steps.get_data()
        np.testing.assert_array_equal(values, film.index)
        np.testing.assert_allclose(edges[-1], np.sum(x * unit) / 1000)
    np.testing.assert_array_equal(profiles[2].lines[1].get_ydata(), [3, 3, 3])


def test_means_run_from_the_left():
    axes = figures.draw_means(
        np.arange(1.0, 5.0), {"before": np.array([-1.0, -3.0, -5.0, -7.0])}, law=-2.0
    ).axes[0]
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), [-1, -2, -3, -4])
    np.testing.assert_array_equal(axes.lines[1].get_ydata(), [-2, -2])


def test_band_marks_what_was_seen():
    fine = np.linspace(500, 600, 11)
    axes = figures.draw_band(fine, {"a": fine / 700}, fine[::5], fine[::5] / 700).axes[0]
    assert labels(axes) == ["a", "seen by the optimizer"]
    assert np.shape(axes.lines[1].get_xdata()) == (3,)
