"""Each figure shows the numbers that went in, on labelled axes."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.learning import DeepNet, PixelScale
from mlphys.learning import digit_detector_figures as figures
from mlphys.learning.digit_detector import Detector
from mlphys.learning.digit_pad import make_reader


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_losses_leave_out_what_is_no_number():
    z = np.linspace(0, 50, 6)
    broken = np.where(z > 30, np.inf, z)
    drawn = figures.draw_losses(z, {"right": z, "naive": broken}, {"right": z / 50})
    left, right = drawn.axes
    assert np.array_equal(left.lines[0].get_ydata(), z)
    assert np.isnan(left.lines[1].get_ydata()).sum() == 2
    assert "nat" in left.get_xlabel() and "slope" in right.get_ylabel()


def test_searches_end_in_a_mark():
    history = np.array([[1, 5.0], [3, 2.0], [4, 1.5]])
    axes = figures.draw_searches({"one": history}, 2.5, "never 8").axes[0]
    assert np.array_equal(axes.lines[0].get_ydata(), history[:, 1])
    assert axes.lines[1].get_xdata() == [4]


def test_weights_have_zero_in_the_middle_and_signs():
    weights = np.zeros((14, 14))
    weights[3, 4], weights[5, 6], weights[7, 7] = 2.0, -3.0, 1.0
    axes = figures.draw_weights({"w": weights}, np.eye(14)).axes[0]
    assert axes.images[0].get_clim() == (-3.0, 3.0)
    signs = {text.get_position(): text.get_text() for text in axes.texts}
    assert signs == {(4, 3): "+", (6, 5): "\N{MINUS SIGN}"}


def test_growth_runs_to_smaller_gradients():
    axes = figures.draw_growth({"a": ([1e-2, 1e-4], [3.0, 9.0])}).axes[0]
    assert axes.xaxis_inverted() and axes.get_xscale() == axes.get_yscale() == "log"


def test_attack_shows_picture_change_and_sum():
    one = np.random.default_rng(0).random((14, 14))
    drawn = figures.draw_attack([[(one, "before"), (one - 0.5, "change"), (one, "after")]])
    assert [axes.get_title() for axes in drawn.axes] == ["before", "change", "after"]
    low, high = drawn.axes[1].images[0].get_clim()
    assert low == -high


def test_shares_are_percent():
    x = np.arange(3.0)
    drawn = figures.draw_shares(
        x, {"left": {"a": x / 4}, "right": {"a": x / 2}}, xlabel="size", ylabel="wrong / %"
    )
    assert np.array_equal(drawn.axes[1].lines[0].get_ydata(), [0, 50, 100])


def test_evidence_has_one_scale_and_signs():
    evidence = np.zeros((2, 14, 14))
    evidence[0, 3, 4], evidence[1, 5, 6] = 1.0, -2.0
    ink = np.eye(28)
    drawn = figures.draw_evidence(
        [("a", ink, evidence[0], "first"), ("b", ink, evidence[1], "second")]
    )
    above, _, below, other = drawn.axes
    assert np.array_equal(above.images[0].get_array(), ink)
    assert below.images[0].get_clim() == other.images[0].get_clim() == (-2.0, 2.0)
    assert [text.get_text() for text in below.texts] == ["+"]
    assert [text.get_text() for text in other.texts] == ["\N{MINUS SIGN}"]
    assert other.get_xlabel() == "second" and "2.0 nat" in below.get_ylabel()


def test_pad_has_a_button_for_each_case_and_leaves_no_figure_open():
    net = DeepNet((784, 3, 10), rng=np.random.default_rng(0))
    reader = make_reader(Detector(np.ones(196), 0.0), net, pixels=PixelScale())
    case = ("first", np.eye(28), np.eye(14), "z = 7")
    pad = figures.draw_pad(reader, [case], alt="An example.")
    assert pad.examples == {"first": case[1]} and pad.still.alt == "An example."
    assert plt.get_fignums() == []
