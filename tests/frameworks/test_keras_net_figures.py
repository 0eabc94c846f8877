"""What the figures of the Keras chapter put on paper."""

import matplotlib.pyplot as plt
import numpy as np

from mlphys.frameworks import keras_net_figures as figures


class Curve:
    def __init__(self, shift):
        self.loss = self.validation_loss = np.array([1.0, 0.5]) + shift
        self.accuracy = self.validation_accuracy = np.array([0.8, 0.9]) + shift


def test_curves_show_every_seed_and_the_mean_in_percent():
    figure = figures.draw_curves([Curve(0.0), Curve(0.02)], reference=0.953)
    left, right = figure.axes
    assert len(left.lines) == 6 and left.get_ylabel() == "loss / nat"
    np.testing.assert_allclose(right.lines[2].get_ydata(), [81, 91])
    assert right.lines[-1].get_ydata()[0] == 95.3
    plt.close(figure)


def test_latency_is_drawn_for_one_digit():
    figure = figures.draw_latency([1, 100], {"a": [1e-3, 2e-3], "b": [1e-5, 1e-4]})
    np.testing.assert_allclose(figure.axes[0].lines[0].get_ydata(), [1000, 20])
    plt.close(figure)


def test_slopes_and_margins():
    z = np.linspace(-1, 1, 5)
    figure = figures.draw_loss_slopes(z, {"logits": z - 1, "other": 0 * z})
    assert len(figure.axes[0].lines) == 2
    plt.close(figure)
    before, after = np.array([0.05, 0.5, 100.0]), np.array([-0.05, 0.4, 100.0])
    figure = figures.draw_margins(before, after, width=0.1)
    same, other = figure.axes[0].lines[:2]
    assert same.get_xdata().tolist() == [0.5] and other.get_xdata().tolist() == [0.05]
    plt.close(figure)
