"""The figures of the chapter show what they are given, with labelled axes."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.physics import black_hole_figures as figures


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def test_display_inverts_the_decoding_of_srgb():
    value = np.linspace(0, 1, 101)
    light = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    assert np.allclose(figures.display(light), value, atol=2e-6)


def test_display_cuts_what_a_screen_cannot_show():
    assert np.allclose(figures.display(np.array([-1.0, 2.0])), [0.0, 1.0], rtol=1e-12)


def test_rays_are_drawn_by_fate():
    points = np.zeros((5, 3, 4))
    points[..., 1] = np.linspace(20, 0, 5)[:, None]
    figure = figures.draw_rays(points, np.array([True, False, True]))
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["escapes", "is captured"]
    assert len(axes.lines) == 3 + 1  # and the observer


def test_pictures_pass_through_the_transfer_curve_and_stay_in_order():
    black, gray = np.zeros((4, 4, 3)), np.full((4, 4, 3), 0.214)
    figure = figures.draw_pictures({"a": black, "b": gray}, half_width=0.1, circles=[0.05])
    assert [axes.get_title() for axes in figure.axes] == ["a", "b"]
    shown = figure.axes[1].images[0].get_array()
    assert np.allclose(shown, 0.5, atol=1e-3)


def test_false_escapes_are_shares_of_each_bin():
    u = np.array([0.1, 0.1, 0.5, 0.5])
    wrong = np.array([False, False, True, False])
    figure = figures.draw_false_escapes(
        {0.1: u}, {0.1: wrong}, window=(0.4, 0.6), bins=np.array([0.0, 0.2, 0.4, 0.6])
    )
    share = figure.axes[0].lines[0].get_ydata()
    assert share[0] == 0 and np.isnan(share[1]) and share[2] == 0.5


def test_outlines_are_closed_and_seen_from_inside():
    turn = np.array([0.0, np.pi / 2, np.pi])
    figure = figures.draw_outlines({"a": (turn, np.array([3.0, 1.0, 2.0]))}, exact=1.0, limit=4.0)
    x, y = figure.axes[0].lines[0].get_data()
    assert np.allclose(x, [-3, 0, 2, -3]) and np.allclose(y, [0, 1, 0, 0])  # 0 is left


def test_windings_and_edge_errors_draw_every_series():
    gap = np.geomspace(1e-6, 1, 7)
    figure = figures.draw_windings(
        gap, -np.log(gap), np.zeros((3, 4, 3)), marks={"you": (0.1, 2.0)}, asymptote=-np.log(gap)
    )
    assert len(figure.axes) == 2
    figure = figures.draw_edge_error(gap, {1e-6: gap, 1e-8: gap})
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert labels == ["tolerance 1e-06", "tolerance 1e-08"]
