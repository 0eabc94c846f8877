"""The figures show what they are given, with labels."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.derivatives import forward_mode_figures as figures


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_error_curves_show_both_rules_and_mark_the_best_steps():
    h = np.geomspace(1e-14, 1e-1, 200)
    models = {"forward": h + 1e-16 / h, "central": h**2 + 1e-16 / h}
    figure = figures.draw_error_curves(
        h, models, models, {"forward": (-1.0, 1.0), "central": (-1.01, 2.02)}
    )
    (axes,) = figure.axes
    texts = " ".join(text.get_text() for text in axes.texts)
    assert "slope +2.02" in texts and "slope −1.01" in texts
    stars = [line for line in axes.lines if line.get_marker() == "*"]
    np.testing.assert_allclose(stars[0].get_xdata(), 1e-8, rtol=0.1)
    assert axes.get_xscale() == axes.get_yscale() == "log" and "step" in axes.get_xlabel()


def test_exact_hits_stay_in_the_picture():
    figure = figures.draw_step_range(
        np.array([1e-300, 1e-8]), {"good": np.zeros(2), "bad": np.array([np.inf, 1.0])}
    )
    for line in figure.axes[0].lines[:2]:
        assert np.isfinite(line.get_ydata()).all()
    figure = figures.draw_jury(["a", "b"], {"rule": np.zeros(2)})
    np.testing.assert_array_equal(figure.axes[0].lines[0].get_xdata(), 0.01)


def test_jury_has_a_row_for_each_function():
    rules = {"central": [1e-10, 1e-9], "imaginary": [0, 1e-16], "dual": [0, 1e-16]}
    figure = figures.draw_jury(["x", "y"], {k: np.array(v) for k, v in rules.items()})
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["x", "y"]


def test_propagation_has_a_panel_for_each_cloud():
    cloud = np.random.default_rng(1).normal(size=1000)
    figure = figures.draw_propagation(
        {"one": cloud, "two": cloud}, {"one": (0.0, 1.0), "two": (0.0, 1.0)}, label="g / m s⁻²"
    )
    assert [axes.get_title() for axes in figure.axes] == ["one", "two"]
    area = sum(patch.get_width() * patch.get_height() for patch in figure.axes[0].patches)
    assert area == pytest.approx(1, abs=0.01)


def test_costs_share_their_scale():
    n = np.array([10, 100])
    curves = {"differences": n + 1, "forward": 1.5 * n, "reverse": 2 + 0 * n}
    figure = figures.draw_costs(
        {"a": n, "b": n}, {"a": curves, "b": {"reverse": curves["reverse"]}}
    )
    left, right = figure.axes
    assert left.get_ylim() == right.get_ylim()
    assert "number of parameters" in right.get_xlabel()
