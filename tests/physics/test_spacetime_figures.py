"""The figures show what they are given, with labels; a ruler's ends have its proper length."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Polygon

from mlphys.physics import spacetime_figures as figures
from mlphys.physics.line_elements import lectures_diagonal, minkowski, schwarzschild


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.mark.parametrize("ds2", [minkowski, schwarzschild, lectures_diagonal])
def test_ruler_ends_have_the_proper_length(ds2):
    center = np.array([1.8, -1.1])
    ends = figures.ruler_ellipse(ds2, center, length=0.3)
    step = np.zeros((len(ends), 4))
    step[:, 1:3] = ends - center
    event = np.broadcast_to([0.0, *center, 0.0], step.shape)
    np.testing.assert_allclose(ds2(event, step), 0.09, rtol=1e-12)
    np.testing.assert_allclose(ends[0], ends[-1], atol=1e-15)


def test_rulers_are_short_across_the_stretched_direction():
    above = {
        name: np.ptp(figures.ruler_ellipse(ds2, [0.0, 2.0], length=1.0), axis=0)
        for name, ds2 in (("right", schwarzschild), ("wrong", lectures_diagonal))
    }
    np.testing.assert_allclose(above["right"], [2, 2**0.5], rtol=2e-3)
    np.testing.assert_allclose(above["wrong"], [2**0.5, 2], rtol=2e-3)


def test_polar_grid_holds_the_radii_it_was_asked_for():
    events = figures.polar_grid(1.5, 6.0, circles=7, spokes=9)
    radius = np.linalg.norm(events[..., 1:], axis=-1)
    np.testing.assert_allclose(radius, np.broadcast_to(1.5 * 4 ** (np.arange(7) / 6), (9, 7)))
    assert not events[..., [0, 3]].any()
    np.testing.assert_allclose(events[0], events[-1], atol=1e-14)
    np.testing.assert_allclose(events[2, :, 1], 0, atol=1e-14)  # a quarter turn: the y axis


def test_verdict_goes_by_the_distance_from_the_origin():
    ends = np.array([[7.0, 0, 5.1, 0], [0, 3, 3.9, 0], [0, 0, np.nan, 0], [0, 0, 0, -5.1]])
    words = figures.verdicts(ends, np.array([0, 3.0, 4, 0]))
    assert words.tolist() == ["escaped", "captured", "undefined", "escaped"]


def test_draw_rulers_has_a_panel_for_each_line_element():
    figure = figures.draw_rulers({"A": lectures_diagonal, "B": schwarzschild}, radii=(2.0,))
    assert [axes.get_title() for axes in figure.axes] == ["A", "B"]
    for axes in figure.axes:
        assert sum(isinstance(patch, Polygon) for patch in axes.patches) == 12
        assert "r_s" in axes.get_xlabel()


def test_second_beam_is_mirrored():
    rays = np.zeros((5, 2, 4))
    rays[:, :, 1] = np.linspace(-3, 3, 5)[:, None]
    rays[:, :, 2] = [4.0, 5.0]
    swapped = rays[:, :, [0, 2, 1, 3]]
    figure = figures.draw_beams({"flat": (rays, swapped)})
    first, _, second, _ = (line.get_xydata() for line in figure.axes[0].lines)
    np.testing.assert_array_equal(first, second)


def test_draw_matter_labels_its_scale():
    x, y = np.meshgrid(np.linspace(-6, 6, 30), np.linspace(-6, 6, 30))
    figure = figures.draw_matter(x, y, (x**2 - y**2) / 500)
    assert "rho" in figure.axes[1].get_ylabel()


def test_draw_fates_covers_every_ray_once():
    slopes = np.linspace(0.0, 0.2, 5)
    fate = np.array(["captured", "captured", "undefined", "escaped", "escaped"])
    figure = figures.draw_fates(slopes, {"one": fate, "two": fate}, critical=0.1)
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["one", "two"]
    assert len(axes.patches) == 10


def test_draw_orbits_names_each():
    circle = np.zeros((20, 4))
    circle[:, 1], circle[:, 2] = np.cos(np.arange(20)), np.sin(np.arange(20))
    axes = figures.draw_orbits({"near": 3 * circle, "far": 5 * circle}, half_width=6).axes[0]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["near", "far"]


def test_draw_precession_shows_ratios():
    p = np.array([10.0, 100.0])
    weak = 6 * np.pi / p
    axes = figures.draw_precession(p, 2 * weak, exact=2 * weak, weak=weak).axes[0]
    np.testing.assert_allclose(axes.lines[-1].get_ydata(), 2.0)
