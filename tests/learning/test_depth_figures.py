"""Each figure shows the numbers that went in, on labelled axes."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.learning import depth_figures as figures


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_profiles_draw_each_batch_and_the_median_in_both_panels():
    lengths = np.geomspace(1, 100, 20).reshape(5, 4)
    left, right = figures.draw_profiles({0.1: lengths, 1.0: lengths * 2}, {0.1: lengths}).axes
    assert len(left.lines) == 12
    assert np.array_equal(left.lines[5].get_ydata(), np.median(lengths, axis=0))
    assert len(right.lines) == 6
    assert left.get_yscale() == "log"


def test_lengths_draw_map_and_measurement():
    curve, found = np.array([3.0, 2.0, 1.0, 1.0]), np.ones((4, 6))
    axes = figures.draw_lengths({"a": [curve]}, {"a": [found]}).axes[0]
    assert np.array_equal(axes.lines[0].get_ydata(), curve)
    assert np.array_equal(axes.lines[1].get_ydata(), np.ones(4))


def test_slopes_are_half_the_logarithm_of_chi():
    mean = np.array([3.0, 2.0, 0.0])
    axes = figures.draw_slopes({"a": np.e**2}, {"a": (mean, np.ones(3))}).axes[0]
    assert axes.lines[0].get_ydata() == pytest.approx([2, 1, 0])
    assert np.array_equal(axes.lines[1].get_ydata(), mean)


def test_correlations_draw_theory_and_measurement():
    curve = np.array([0.5, 0.7, 0.9])
    axes = figures.draw_correlations({"a": curve}, {"a": curve[:, None] * [1, 1]}).axes[0]
    assert np.array_equal(axes.lines[0].get_ydata(), curve)
    assert axes.lines[1].get_ydata() == pytest.approx(curve)


def test_phases_draw_lines_levels_and_marks():
    line = np.linspace(1, 2, 9), np.linspace(0, 1, 9)
    axes = figures.draw_phases({"arctan": line}, {"χ = 2": line}, {"here": (1.5, 0.0)}).axes[0]
    assert len(axes.lines) == 3
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["arctan, χ = 1"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == (r"$\sigma_w$", r"$\sigma_b$")


def test_windows_draw_percent():
    right = {4: np.array([[0.1, 0.2, 0.3], [0.9, 0.9, 0.9]])}
    axes = figures.draw_windows([0.5, 1.0], right, critical=1.0).axes[0]
    assert axes.lines[0].get_ydata() == pytest.approx([20, 90])
