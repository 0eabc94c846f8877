"""Fewer colors, fewer bytes, and nearly the same picture."""

import io

import numpy as np
import pytest
from PIL import Image

from mlphys.few_colors import use_few_colors


def encoded(pixels):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="png")
    return buffer.getvalue()


def test_colors_are_few_and_near():
    grain = np.random.default_rng(0).integers(0, 6, (120, 160))  # as the shading of a surface has
    shade = (np.add.outer(np.arange(120), np.arange(160)) % 250 + grain).astype(np.uint8)
    pixels = np.stack([shade, 255 - shade, shade // 2], axis=-1)
    light = use_few_colors(encoded(pixels), colors=48)
    again = np.asarray(Image.open(io.BytesIO(light)).convert("RGB"))
    assert again.shape == pixels.shape
    assert len(np.unique(again.reshape(-1, 3), axis=0)) <= 48
    assert np.abs(again.astype(int) - pixels).mean() < 6
    assert len(light) < len(encoded(pixels))


@pytest.mark.parametrize("colors", [1, 257])
def test_number_of_colors_is_checked(colors):
    with pytest.raises(ValueError, match=f"expected 2 to 256 colors, got {colors}"):
        use_few_colors(b"", colors=colors)
