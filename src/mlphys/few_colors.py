"""Figures in few colors: a third of the bytes, for pictures that travel inside a page.

The widgets of the book carry their still picture in the HTML itself, so that it shows without
scripts and without another file. Paper and notebooks get all colors.
"""

from __future__ import annotations

import io

from PIL import Image

__all__ = ["use_few_colors"]


def use_few_colors(picture: bytes, *, colors: int = 48) -> bytes:
    """Return a PNG picture with a palette of the colors that occur most.

    Parameters
    ----------
    picture : bytes
        A PNG file.
    colors : int
        Number of colors, from 2 to 256.

    Returns
    -------
    bytes
        A PNG file of the same size in pixels, without dithering.

    Raises
    ------
    ValueError
        If the number of colors is outside 2 ... 256.

    Examples
    --------
    >>> buffer = io.BytesIO()
    >>> Image.new("RGB", (4, 2), "teal").save(buffer, format="png")
    >>> Image.open(io.BytesIO(use_few_colors(buffer.getvalue()))).size
    (4, 2)
    """
    if not 2 <= colors <= 256:
        raise ValueError(f"use_few_colors: expected 2 to 256 colors, got {colors}")
    few = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        flat = image.convert("RGB").quantize(colors, dither=Image.Dither.NONE)
    flat.save(few, format="png", optimize=True)
    return few.getvalue()
