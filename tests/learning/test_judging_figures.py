"""Each figure shows the numbers that went in, on labelled axes."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.learning import judging_figures as figures
from mlphys.learning.roc import roc_curve


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_scores_are_shares_of_their_side():
    rng = np.random.default_rng(0)
    drawn = figures.draw_scores(rng.normal(size=50), rng.normal(-3, 1, 400), {"A": 0.0})
    axes = drawn.axes[0]
    heights = [sum(bar.get_height() for bar in group) for group in axes.containers]
    assert heights == pytest.approx([100, 100])


def test_curves_and_points():
    truth = np.array([True, False, True, False])
    curve = roc_curve(truth, np.array([3, 2, 2, 1]))
    axes = figures.draw_curves({"a": curve}, points={"A": (0.1, 0.7)}).axes[0]
    assert np.array_equal(axes.lines[0].get_ydata(), curve.recall)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("false-positive rate", "true-positive rate")
    assert axes.lines[2].get_ydata() == pytest.approx([0.7])


def test_precision_and_coverage_in_percent():
    x = np.linspace(0.01, 0.5, 5)
    axes = figures.draw_precision(x, {"A": x}, {"here": (0.1, 0.4)}).axes[0]
    assert axes.lines[0].get_ydata() == pytest.approx(100 * x)
    axes = figures.draw_coverage(x, {"Wilson": x, "textbook": x / 2}).axes[0]
    assert axes.lines[1].get_ydata() == pytest.approx(50 * x)


def test_intervals_that_miss_are_marked():
    intervals = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])
    axes = figures.draw_intervals(intervals, 0.25, np.array([True, False]), xlabel="area").axes[0]
    assert axes.lines[1].get_marker() == "o"
    assert axes.lines[3].get_marker() == "x"


def test_confusion_writes_every_count():
    matrix = np.array([[5, 1], [0, 7]])
    texts = figures.draw_confusion(matrix).axes[0].texts
    assert sorted(text.get_text() for text in texts) == ["1", "5", "7"]
