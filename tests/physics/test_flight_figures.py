"""The figures of the chapter show what they are given, with labelled axes."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.physics import flight_figures as figures
from mlphys.physics.flight import Observer
from mlphys.physics.flight_table import flight_table


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def table():
    return flight_table(radii=8, nodes=24)


def test_four_stops_stand_for_the_flight(table):
    figure = figures.draw_views(table, pixels=40)
    assert [axes.get_title() for axes in figure.axes][1::2] == [
        "r = 3, at rest",
        "r = 3, in orbit, same gaze",
    ]
    dark = [
        (np.asarray(axes.images[0].get_array()).max(axis=-1) == 0).sum() for axes in figure.axes
    ]
    assert dark[0] < dark[2] < dark[3] < dark[1]  # farther is smaller, and so is in orbit


def test_the_widget_starts_where_it_is_told(table):
    flight = figures.draw_to_fly(table, start=Observer(3.0))
    assert flight.start.radius == 3.0 and len(flight.still.alt) > 30
    assert plt.get_fignums() == []


def test_parts_are_the_angle_and_its_sum_with_the_logarithm():
    share = np.array([0.01, 0.1, 1.0])
    figure = figures.draw_parts(share, {3.0: -np.log(share), 8.0: 1 - np.log(share)})
    left, right = figure.axes
    np.testing.assert_allclose(left.lines[0].get_ydata(), -np.log(share))
    np.testing.assert_allclose(right.lines[1].get_ydata(), 1.0)
    assert left.get_xscale() == "log" and left.get_ylabel() == "angle / rad"


def test_errors_are_drawn_with_the_bound():
    share = np.array([0.01, 0.1])
    figure = figures.draw_table_errors(share, share / 100, {"plain": share}, bound=0.06)
    axes = figure.axes[0]
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["plain", "smooth part, 96 nodes"]
    assert axes.lines[-1].get_ydata()[0] == 0.06


def test_frequencies_are_drawn_upright():
    ratio = np.array([[2.0, 2.0, 2.0], [1.0, np.nan, 1.0], [0.5, 0.5, 0.5]])
    figure = figures.draw_frequencies(ratio, half_width=1.0)
    axes, bar = figure.axes
    assert np.asarray(axes.images[0].get_array())[0, 0] == 2.0
    assert axes.images[0].get_extent() == [-1.0, 1.0, -1.0, 1.0]
    assert bar.get_ylabel() == "frequency seen / sent"
