"""Each figure shows the numbers that went in, on labelled axes."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.learning import evidence_figures as figures


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_scale_draws_opinions_on_the_curve():
    z = np.log(3) * np.arange(-3, 4)
    p = 1 / (1 + np.exp(-z))
    axes = figures.draw_scale(z, p, np.full(7, 0.75)).axes[0]
    assert np.array_equal(axes.lines[1].get_ydata(), p)
    assert np.allclose(np.interp(z, *axes.lines[0].get_data()), p, atol=1e-3)


def test_order_marks_where_evidence_is_lost():
    pooled = np.array([0.0, 1, 2, 1, 0])
    axes = figures.draw_order(np.array([0.0, 1, np.inf, np.inf, np.inf]), pooled).axes[0]
    assert np.array_equal(axes.lines[0].get_ydata(), pooled)
    assert len(axes.lines[2].get_xdata()) == 3
    assert len(figures.draw_order(pooled, pooled).axes[0].lines) == 2


def test_words_and_texts_keep_their_order():
    axes = figures.draw_words({"now": 2.0, "seminar": -1.0}).axes[0]
    assert [bar.get_width() for bar in axes.patches] == [2.0, -1.0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["now", "seminar"]
    groups = {"talks": np.array([-3.0, -5.0]), "junk": np.array([4.0])}
    axes = figures.draw_texts(groups, ("ours", "fail")).axes[0]
    assert axes.lines[0].get_xdata().tolist() == [-5, -3]


def test_loss_error_shows_infinite_ones():
    z = np.array([1.0, 2.0, 3.0])
    errors = {"naive": np.array([1e-16, 1e-3, np.inf]), "stable": np.full(3, 1e-16)}
    axes = figures.draw_loss_error(z, errors).axes[0]
    assert axes.lines[1].get_xdata().tolist() == [3.0]
    assert axes.get_yscale() == "log"


def test_quanta_and_relaxation_draw_every_series():
    shares = {n: 2.0 ** -np.arange(1, 5) for n in (3, 10, 100)}
    axes = figures.draw_quanta(shares, shares[3]).axes[0]
    assert len(axes.lines) == 4
    runs = np.array([[0.0, 0.6], [0.0, 0.7]])
    axes = figures.draw_relaxation(np.array([0.0, 1.0]), runs, np.array([0.0, 2 / 3])).axes[0]
    assert axes.lines[2].get_ydata() == pytest.approx([0, 0.65])
