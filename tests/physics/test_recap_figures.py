"""The figure shows the sizes of the errors that went in, and shades where the net had rays."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.physics.recap_figures import draw_knowledge


def test_errors_lose_their_sign_and_the_rays_are_shaded():
    impact = np.array([2.61, 3.0, 10.0, 40.0])
    errors = {"angle": np.array([0.3, -1e-4, 1e-4, -0.2]), "slope": np.full(4, -0.5)}
    figure = draw_knowledge(impact, errors, (3.0, 10.0))
    axes: Any = figure.axes[0]
    angle, slope = axes.lines
    assert angle.get_ydata() == pytest.approx([0.3, 1e-4, 1e-4, 0.2])
    assert slope.get_ydata() == pytest.approx([0.5] * 4)
    assert angle.get_linestyle() != slope.get_linestyle()
    shade = axes.patches[0].get_bbox()
    assert (shade.x0, shade.x1) == (3, 10)
    words = [text.get_text() for text in axes.get_legend().get_texts()]
    assert words == ["angle", "slope"]
    assert axes.texts[0].get_text() == "where it had rays"
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["3", "5", "10", "20", "40"]
    plt.close(figure)
