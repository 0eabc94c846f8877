"""Smooth a picture without smearing the edge of the shadow.

A pixel that is the average of several rays mixes the colors of the sky, which is what a camera
does. Averaged across the edge of the shadow it also mixes sky with black, and the edge, the one
feature of the picture that measures the hole, turns gray. Here each pixel averages only the rays
that share the fate of the ray through its center.

Chapter: Rendering a black hole.
"""

import numpy as np

__all__ = ["antialias"]


def antialias(rgb: np.ndarray, captured: np.ndarray, *, factor: int) -> np.ndarray:
    """Return the picture with ``factor × factor`` rays averaged in each pixel, the edge kept sharp.

    Parameters
    ----------
    rgb : ndarray, shape (factor·height, factor·width, 3)
        Linear intensities. Averages of values that already passed a transfer curve are too dark.
    captured : ndarray of bool, shape (factor·height, factor·width)
        Which rays were captured.
    factor : int
        Odd number, so that one ray runs through the center of each pixel.

    Returns
    -------
    ndarray, shape (height, width, 3)
        Mean over the rays of each pixel that share the fate of its central ray.

    Raises
    ------
    ValueError
        If ``factor`` is not odd and positive, or does not divide the size of the picture.

    Examples
    --------
    >>> light = np.array([0.0, 0.2, 0.6])  # three rays: captured, sky, sky
    >>> rgb = np.broadcast_to(light[None, :, None], (3, 3, 3))
    >>> antialias(rgb, rgb[..., 0] == 0, factor=3).round(12)
    array([[[0.4, 0.4, 0.4]]])
    """
    if factor < 1 or factor % 2 == 0:
        raise ValueError(f"antialias: expected an odd factor >= 1; got {factor}. Use 3 or 5.")
    height, width = captured.shape
    if height % factor or width % factor or rgb.shape != (height, width, 3):
        raise ValueError(
            f"antialias: expected rgb of shape (h, w, 3) and captured of shape (h, w), h and w "
            f"multiples of {factor}; got {rgb.shape} and {captured.shape}. Render both at the "
            "finer size."
        )
    fate = _blocks(captured, factor)
    middle = factor * factor // 2
    same = (fate == fate[..., middle : middle + 1])[..., None]
    color = np.moveaxis(np.stack([_blocks(rgb[..., c], factor) for c in range(3)]), 0, -1)
    return (color * same).sum(axis=-2) / same.sum(axis=-2)


def _blocks(array: np.ndarray, factor: int) -> np.ndarray:
    """Return the rays of each pixel in a last axis, shape (height, width, factor²)."""
    height, width = array.shape[0] // factor, array.shape[1] // factor
    split = array.reshape(height, factor, width, factor).swapaxes(1, 2)
    return split.reshape(height, width, factor * factor)
