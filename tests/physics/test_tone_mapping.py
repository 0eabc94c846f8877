"""What the curve must keep: order, black, white, and the ratio of colors."""

import numpy as np
import pytest

from mlphys.physics.blackbody import BRIGHTNESS
from mlphys.physics.tone_mapping import tone_map


def test_gray_keeps_its_order_and_white_becomes_one():
    gray = np.linspace(0, 9, 200)[:, None] * np.ones(3)
    mapped = tone_map(gray, white=9.0)
    assert (np.diff(mapped[:, 0]) > 0).all()
    np.testing.assert_allclose(mapped[[0, -1]], [[0] * 3, [1] * 3], atol=1e-12)


def test_colors_keep_their_ratios_while_they_fit():
    color = np.array([0.5, 0.2, 0.1])
    mapped = tone_map(color, exposure=2.0)
    np.testing.assert_allclose(mapped / mapped[0], color / color[0], rtol=1e-13)
    light = 2 * color @ BRIGHTNESS
    assert mapped @ BRIGHTNESS == pytest.approx(light * (1 + light / 16) / (1 + light), rel=1e-12)


def test_strong_colors_pale_at_their_brightness():
    mapped = tone_map(np.array([0.0, 0.0, 20.0]), white=np.inf)
    light = 20 * BRIGHTNESS[2]
    assert mapped.max() == pytest.approx(1)
    assert mapped @ BRIGHTNESS == pytest.approx(light / (1 + light), rel=1e-12)


def test_any_light_is_shown_within_the_range():
    rgb = np.random.default_rng(0).exponential(10.0, size=(500, 3))
    mapped = tone_map(rgb)
    assert mapped.min() >= 0 and mapped.max() <= 1


def test_bad_options_are_refused():
    with pytest.raises(ValueError, match="exposure and white > 0"):
        tone_map(np.ones(3), exposure=0.0)
