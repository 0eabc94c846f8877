"""Each figure shows the numbers that went in, on labelled axes."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.physics import serving_figures as figures


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_orders_are_written_out():
    axes = figures.draw_orders(["AAABBB", "ABABAB"], [(True, True), (False, True)]).axes[0]
    words = [text.get_text() for text in axes.texts]
    assert words[:6] == ["A fill", "A run", "A fetch", "B fill", "B run", "B fetch"]
    assert words[6] == "A right, B right" and words[-1] == "A WRONG, B right"
    assert len(axes.patches) == 12


def test_eight_and_its_probabilities():
    p = np.eye(10)[8]
    drawn = figures.draw_eight(np.zeros((7, 7)), np.zeros((28, 28)), {"a": p, "b": p / 2})
    bars = drawn.axes[2].containers
    assert [bar.get_height() for bar in bars[0]] == pytest.approx(100 * p)
    assert [bar.get_height() for bar in bars[1]] == pytest.approx(50 * p)
    assert drawn.axes[2].get_ylabel() == "probability / %"


def test_guesses_against_both_laws():
    n = np.array([1, 2, 4])
    axes = figures.draw_guesses(n, 30 * n, 64).axes[0]
    assert axes.lines[1].get_ydata() == pytest.approx([32.5, 65, 130])
    assert axes.lines[2].get_ydata() == pytest.approx([32, 2048, 2**23])


def test_latencies_are_shares():
    axes = figures.draw_latencies({1: np.array([0.002, 0.001]), 2: np.ones(4)}, {1: 0.0015, 2: 1.0})
    line = axes.axes[0].lines[0]
    assert line.get_xdata() == pytest.approx([1, 2]) and line.get_ydata() == pytest.approx(
        [50, 100]
    )


def test_refusals_are_ordered_by_time():
    seconds = {"slow": np.array([0.5]), "quick": np.array([0.001, 0.002])}
    drawn = figures.draw_refusals(seconds, {"slow": 408, "quick": 401}, 0.5)
    labels = [label.get_text() for label in drawn.axes[0].get_yticklabels()]
    assert labels == ["401  quick", "408  slow"]
