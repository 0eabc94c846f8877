"""From the brightness of the world to that of a screen: exposure and a soft shoulder.

A disc of gas spans far more brightness than a screen. What is done about it must be said, because it
changes what a picture seems to prove: first an exposure multiplies all, then a curve compresses the
brightness Y and leaves the ratio of the three colors alone. Measure on the linear intensities, never on a
mapped picture.

Chapter: A disc of hot gas. Reference: :cite:t:`Reinhard2002`, equation 4.
"""

import numpy as np

from mlphys.physics.blackbody import BRIGHTNESS

__all__ = ["tone_map"]


def tone_map(rgb: np.ndarray, *, exposure: float = 1.0, white: float = 4.0) -> np.ndarray:
    """Return intensities in [0, 1]: ``Y → Y(1 + Y/white²)/(1 + Y)`` after the exposure.

    Parameters
    ----------
    rgb : ndarray, shape (..., 3)
        Linear intensities, not negative.
    exposure : float
        Factor that comes first.
    white : float
        Exposed brightness that becomes 1; infinity for the curve Y/(1 + Y).

    Returns
    -------
    ndarray, shape (..., 3)
        A color too strong for the screen is moved toward gray of its brightness, and cut at 1 where it is
        brighter than white.

    Raises
    ------
    ValueError
        If exposure or white is not positive.

    Examples
    --------
    >>> gray = np.array([0.0, 0.1, 1.0, 4.0])[:, None] * np.ones(3)
    >>> tone_map(gray)[:, 0].round(3)
    array([0.   , 0.091, 0.531, 1.   ])
    """
    if not (exposure > 0 and white > 0):
        raise ValueError(f"tone_map: expected exposure and white > 0; got {exposure} and {white}")
    light = exposure * np.asarray(rgb, dtype=float)
    brightness = (light @ BRIGHTNESS)[..., None]
    gain = (1 + brightness / white**2) / (1 + brightness)
    mapped, gray = light * gain, np.minimum(brightness * gain, 1.0)
    most = mapped.max(axis=-1, keepdims=True)
    strong = most > 1
    share = np.where(strong, (1 - gray) / np.where(strong, np.maximum(most - gray, 1e-300), 1), 1.0)
    return np.clip(gray + share * (mapped - gray), 0.0, 1.0)
