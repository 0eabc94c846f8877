"""The picture of the project is the size that its pages expect, black where light is captured."""

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("jax")

from make_picture import HALF_WIDTH, HEIGHT, OBSERVER, TARGET, WIDTH, night_sky


def test_the_committed_picture_is_light_and_has_the_right_size():
    assert TARGET.stat().st_size <= 250_000
    with Image.open(TARGET) as image:
        assert image.size == (WIDTH, HEIGHT)


def test_its_black_disk_is_the_exact_shadow():
    with Image.open(TARGET) as image:
        rgb = np.asarray(image.convert("RGB"))
    pixel = 2 * HALF_WIDTH / WIDTH
    up, right = np.mgrid[(HEIGHT - 1) / 2 : -HEIGHT / 2 : -1, -(WIDTH - 1) / 2 : WIDTH / 2]
    slope = pixel * np.hypot(up, right)
    r = OBSERVER[1]
    edge = np.tan(np.arcsin(1.5 * np.sqrt(3) * np.sqrt(1 - 1 / r) / r))
    assert (rgb[slope < edge - pixel] == 0).all()
    assert (rgb[slope > edge + pixel].max(axis=-1) > 0).all()


def test_the_sky_glows_behind_the_hole_and_is_blue_in_front():
    behind, front = night_sky(np.array([[-1.0, 0.02, 0.02], [1.0, 0.02, 0.02]]))
    assert behind[0] > behind[2] and front[2] > front[0]
