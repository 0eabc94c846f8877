"""Each figure shows the numbers that went in, on labelled axes."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.learning import going_wrong_figures as figures


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def shown(axes):
    return np.asarray(axes.images[0].get_array())


def test_curves_are_medians_in_percent():
    scores = {"one": np.array([[0.1, 0.2, 0.6], [0.5, 0.5, 0.5]]), "two": np.ones((2, 3))}
    axes = figures.draw_shortcut([0, 1], scores).axes[0]
    assert axes.lines[0].get_xdata() == pytest.approx([0, 100])
    assert axes.lines[0].get_ydata() == pytest.approx([20, 50])
    axes = figures.draw_attacks([0, 0.1], scores).axes[0]
    assert axes.lines[0].get_xdata() == pytest.approx([0, 0.1])
    assert axes.get_legend_handles_labels()[1] == ["one", "two"]


def test_shifts_put_confidence_to_the_right():
    point = (np.array([0.9, 0.8]), np.array([0.2, 0.1]))
    axes = figures.draw_shifts({"net": {"turned": point, "moved": point}}).axes[0]
    assert axes.lines[1].get_xdata() == pytest.approx([90, 80])
    assert axes.lines[1].get_ydata() == pytest.approx([20, 10])
    assert "confidence" in axes.get_xlabel()
    assert len(axes.get_legend_handles_labels()[1]) == 1


def test_memory_and_transfer():
    curves = {"a": np.linspace(0, 1, 12).reshape(3, 4)}
    axes = figures.draw_memory(np.arange(1, 5), curves).axes[0]
    assert axes.lines[0].get_ydata() == pytest.approx(100 * curves["a"][1])
    shares = np.arange(18).reshape(3, 2, 3) / 18
    axes = figures.draw_transfer(["x", "y"], shares, ["p", "q", "r"]).axes[0]
    assert axes.texts[0].get_text() == "6 %\n0 to 11"
    assert axes.get_ylabel() == "made for"


def test_pictures_keep_their_order():
    images = np.arange(4 * 9).reshape(4, 3, 3) / 36
    drawn = figures.draw_pictures(images, list("abcd"))
    assert np.array_equal(np.stack([shown(axes) for axes in drawn.axes]), images)
    sheet = shown(figures.draw_gallery(images, images[::-1], ("l", "r")).axes[0])
    assert np.array_equal(sheet[:3, 3:], images[1])
    assert np.array_equal(sheet[3:, :3], images[2])
