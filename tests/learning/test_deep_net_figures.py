"""Each figure shows the numbers that went in, on labelled axes."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.learning import deep_net_figures as figures


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_means_and_misread_show_each_picture_once():
    images = np.arange(10 * 16).reshape(10, 4, 4).astype(np.uint8)
    drawn = figures.draw_means(images, np.linspace(0.5, 0.95, 10).tolist())
    shown = [axes.images[0].get_array() for axes in drawn.axes]
    assert np.array_equal(np.stack(shown), images)
    assert drawn.axes[9].get_title() == "95 %"
    drawn = figures.draw_misread(images[:7], list("abcdefg"))
    assert sum(len(axes.images) for axes in drawn.axes) == 7


def test_gradient_check_draws_both_curves():
    steps = np.logspace(-8, -1, 15)
    curves = {"right": steps**2 + 1e-16 / steps, "wrong": np.full(15, 1e-3)}
    axes = figures.draw_gradient_check(steps, curves).axes[0]
    assert np.array_equal(axes.lines[0].get_ydata(), curves["right"])
    assert np.array_equal(axes.lines[1].get_ydata(), curves["wrong"])
    assert axes.get_xscale() == axes.get_yscale() == "log"


def test_slopes_are_shares_that_fall_from_one_hundred():
    values = np.random.default_rng(0).uniform(0.01, 1, (50, 20))
    axes = figures.draw_slopes({"a": values, "b": values / 2}).axes[0]
    share = axes.lines[0].get_ydata()
    assert share[0] == 100
    assert (np.diff(share) <= 0).all()


def test_errors_are_drawn_in_percent_with_their_range():
    errors = {"one": np.array([[0.1, 0.2, 0.3], [0.05, 0.05, 0.07]])}
    marks = {"here": (2.0, 0.5)}
    axes = figures.draw_errors({"one": [1, 10]}, errors, xlabel="rate", marks=marks).axes[0]
    assert axes.lines[0].get_ydata() == pytest.approx([20, 5])
    assert axes.get_ylabel() == "validation error / %"


def test_last_class_bars():
    share = np.eye(10)[9]
    truth = np.full(10, 0.1)
    axes = figures.draw_last_class({"a": truth, "b": share, "c": share[::-1]}, truth).axes[0]
    heights = np.array([bar.get_height() for bar in axes.patches if bar.get_width() < 0.5])
    assert heights.reshape(-1, 10)[1] == pytest.approx(100 * share)
