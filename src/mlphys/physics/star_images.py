"""Stars in a bent sky: where a point source appears, how often, and how bright.

A picture of a surface asks each pixel which color it sees. A point has no surface, and no ray of a
pixel's center ever hits it. So the question is turned around. Three neighboring rays of a picture make a
small triangle in the picture and, where they leave, one in the sky. A star inside the triangle of the sky
has an image inside the triangle of the picture, at the same share of its corners; and because bent
light keeps its brightness per solid angle, the image is brighter than the star by the ratio of the
two areas. One star may lie in several triangles: it has as many images.

Images are splatted: the flux of each is shared among the four pixels around its place. So nothing
flickers when a star moves by a fraction of a pixel, and the sum over the picture is the sum of the
fluxes.

Chapter: A disc of hot gas. Compare :cite:t:`James2015`, who follow bundles of rays.
"""

from typing import Any, NamedTuple

import numpy as np
from scipy.spatial import KDTree

from mlphys.physics.stars import Stars

__all__ = ["StarImages", "find_images", "solid_angle", "splat"]

LARGEST = 0.3  # radians: a triangle of sky that is larger lies at the shadow's edge, and is skipped


class StarImages(NamedTuple):
    """Images of stars.

    Attributes
    ----------
    star : ndarray of int, shape (images,)
        Which star.
    place : ndarray, shape (images, 2)
        Row and column in the picture, in pixels from the center of the first.
    magnification : ndarray, shape (images,)
        Solid angle of the image over that of the star.
    """

    star: np.ndarray
    place: np.ndarray
    magnification: np.ndarray


def solid_angle(a: Any, b: Any, c: Any) -> Any:
    """Return the solid angle of spherical triangles with corners at the unit vectors a, b, c.

    Parameters
    ----------
    a, b, c : array_like, shape (..., 3)

    Returns
    -------
    ndarray, shape (...)
        Positive where a, b, c turn counterclockwise seen from outside.

    References
    ----------
    :cite:t:`OosteromStrackee1983`.

    Examples
    --------
    >>> float(solid_angle([1, 0, 0], [0, 1, 0], [0, 0, 1]) / np.pi)  # an eighth of 4π
    0.5
    """
    a, b, c = (np.asarray(part, dtype=float) for part in (a, b, c))
    volume = np.sum(a * np.cross(b, c), axis=-1)
    pairs = sum(np.sum(p * q, axis=-1) for p, q in ((a, b), (b, c), (c, a)))
    return 2 * np.arctan2(volume, 1 + pairs)


def find_images(stars: Stars, seen: np.ndarray, sky: np.ndarray) -> StarImages:
    """Return the images of stars in a picture.

    Parameters
    ----------
    stars : Stars
        Point sources.
    seen : ndarray, shape (height, width, 3)
        Unit vectors of the pixels in the camera's frame.
    sky : ndarray, shape (height, width, 3)
        Unit vectors toward the sky that the pixels show; NaN where they show none.

    Returns
    -------
    StarImages
        In the order of the triangles. Images in triangles that are cut by the shadow or by a disc
        are missing.

    Examples
    --------
    Without bending each star in view has one image, as bright as the star:

    >>> from mlphys.physics.camera import pixel_directions
    >>> seen = pixel_directions(40, 30, half_width=0.3)
    >>> one = Stars(np.array([[1.0, 0.02, -0.05]]) / 1.00145, np.ones(1), np.ones(1))
    >>> images = find_images(one, seen, seen)
    >>> images.place.round(2), images.magnification.round(6)
    (array([[17.83, 18.17]]), array([1.]))
    """
    corners, pixels = _triangles(seen.shape[:2])
    even = np.arange(len(corners)) % 2 == 0
    a, b, c = sky.reshape(-1, 3)[corners].swapaxes(0, 1)
    whole = np.isfinite(a + b + c).all(axis=-1)
    corners, pixels, even = corners[whole], pixels[whole], even[whole]
    a, b, c = a[whole], b[whole], c[whole]
    middle = (a + b + c) / 3
    reach = np.sqrt(np.max([np.sum((p - middle) ** 2, axis=-1) for p in (a, b, c)], axis=0))
    small = reach < LARGEST
    near = KDTree(stars.direction).query_ball_point(middle[small], reach[small])
    counts = np.array([len(one) for one in near], dtype=int)
    triangle = np.repeat(np.flatnonzero(small), counts)
    star = np.array([index for one in near for index in sorted(one)], dtype=int)
    share = _shares(stars.direction[star], a[triangle], b[triangle], c[triangle])
    # each edge belongs to an even and an odd triangle: a star on it counts in the even one
    inside = np.where(even[triangle, None], share >= 0, share > 0).all(axis=-1)
    triangle, star, share = triangle[inside], star[inside], share[inside]
    weight = share / share.sum(axis=-1, keepdims=True)
    place = np.einsum("ij,ijk->ik", weight, pixels[triangle].astype(float))
    picture = solid_angle(*seen.reshape(-1, 3)[corners[triangle]].swapaxes(0, 1))
    behind = solid_angle(a[triangle], b[triangle], c[triangle])
    return StarImages(star, place, abs(picture / behind))


def splat(place: np.ndarray, light: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return a picture in which the light of each image is shared among the four pixels around it.

    Parameters
    ----------
    place : ndarray, shape (images, 2)
        Row and column, as in :class:`StarImages`.
    light : ndarray, shape (images, colors)
        What is to be shared.
    shape : tuple of int
        Height and width of the picture.

    Returns
    -------
    ndarray, shape (height, width, colors)
        Its sum over all pixels is that of ``light``.

    Examples
    --------
    >>> splat(np.array([[0.0, 0.75]]), np.array([[4.0]]), (2, 3))[..., 0]
    array([[1., 3., 0.],
           [0., 0., 0.]])
    """
    height, width = shape
    low = np.clip(np.floor(place).astype(int), 0, [max(height - 2, 0), max(width - 2, 0)])
    part = place - low
    picture = np.zeros((height * width, light.shape[-1]))
    for down in (0, 1):
        for right in (0, 1):
            row = part[:, 0] if down else 1 - part[:, 0]
            column = part[:, 1] if right else 1 - part[:, 1]
            index = (low[:, 0] + down) * width + low[:, 1] + right
            np.add.at(picture, index, (row * column)[:, None] * light)
    return picture.reshape(height, width, -1)


def _triangles(shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the corners of all triangles: indices (triangles, 3) and pixels (triangles, 3, 2)."""
    height, width = shape
    index = np.arange(height * width).reshape(shape)
    nw, ne, sw, se = index[:-1, :-1], index[:-1, 1:], index[1:, :-1], index[1:, 1:]
    corners = np.stack([np.stack([nw, sw, ne], -1), np.stack([se, ne, sw], -1)], axis=-2)
    corners = corners.reshape(-1, 3)
    return corners, np.stack(np.divmod(corners, width), axis=-1)


def _shares(s: np.ndarray, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Return α, β, γ of s = αa + βb + γc, up to a common positive factor; all ≥ 0 inside."""
    volume = np.sum(a * np.cross(b, c), axis=-1)
    parts = [np.sum(s * np.cross(p, q), axis=-1) for p, q in ((b, c), (c, a), (a, b))]
    return np.stack(parts, axis=-1) * np.sign(volume)[:, None]
