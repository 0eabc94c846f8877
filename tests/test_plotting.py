"""Figure colors stay apart in greyscale; the style is the same after any other."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgb

from mlphys.plotting import COLORS, STYLES, new_axes, use_style


def luminance(color):
    linear = np.array(
        [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    )
    return linear @ [0.2126, 0.7152, 0.0722]


def test_every_color_is_legible_on_white():
    for name, color in COLORS.items():
        contrast = 1.05 / (luminance(color) + 0.05)
        assert contrast >= 3.0, name


def test_same_luminance_means_other_line_style():
    names = list(COLORS)
    for i, one in enumerate(names):
        for other in names[:i]:
            close = abs(luminance(COLORS[one]) - luminance(COLORS[other])) < 0.02
            assert not close or STYLES[one] != STYLES[other], (one, other)


def test_new_axes_has_labels_and_white_ground():
    use_style()
    axes = new_axes("time / s", "height / m", size=(3, 2), yscale="log")
    try:
        assert axes.get_xlabel() == "time / s"
        assert axes.get_yscale() == "log"
        assert axes.figure.get_facecolor() == (1.0, 1.0, 1.0, 1.0)
    finally:
        plt.close(axes.figure)
