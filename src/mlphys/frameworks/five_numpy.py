"""Five computations in NumPy, differentiated by the course's own tape.

The same five functions, line for line where the library allows it, stand in
:mod:`mlphys.frameworks.five_tensorflow` and :mod:`mlphys.frameworks.five_jax`. Each takes as first
argument what it is differentiated by, and returns one number. Inputs come from
:mod:`mlphys.frameworks.five_computations`.

Chapter: ``book/frameworks/tracing.md``.
"""

from typing import Any

import numpy as np

__all__ = ["box", "charges", "film", "net", "pendulum"]


def box(edges: Any) -> Any:
    """Return the surface of a four-dimensional box.

    Parameters
    ----------
    edges : array_like of float, shape (4,)

    Examples
    --------
    >>> float(box(np.array([2.0, 5.0, 7.0, 11.0])))
    1438.0
    """
    a, b, c, d = edges[0], edges[1], edges[2], edges[3]
    return 2 * (a * b * c + a * b * d + a * c * d + b * c * d)


def film(radii: Any, ring: Any, sides: Any, heights: Any) -> Any:
    """Return the area of a soap film between two equal rings, both triangles of every mesh cell.

    Parameters
    ----------
    radii : array_like, shape (rows, angles)
        Distances of the free vertices from the axis.
    ring : array_like, shape (1, angles)
        Radius of both rings.
    sides : array_like, shape (angles, 3)
        Unit vectors (cos, sin, 0) from the axis to the vertices.
    heights : array_like, shape (rows + 2, 1, 3)
        Vectors (0, 0, z) to the center of each polygon.

    Examples
    --------
    >>> square = np.array([[1.0, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]])
    >>> up = np.array([0, 0, 1.0]) * np.arange(3.0)[:, None, None]
    >>> wall = np.full((1, 4), np.sqrt(0.5))  # a square tube of side 1 and height 2
    >>> round(float(film(wall, wall, square, up)), 12)
    8.0
    """
    points = np.concatenate([ring, radii, ring])[:, :, None] * sides + heights
    after = np.roll(points, -1, axis=1)
    a, b, c, d = points[:-1], after[:-1], points[1:], after[1:]
    normals = np.stack([np.cross(b - a, c - a), np.cross(c - d, b - d)])
    return np.sum(np.sqrt(np.sum(normals**2, axis=-1))) / 2


def pendulum(start: Any, steps: Any) -> Any:
    """Return the last angle of a pendulum, by the leapfrog method.

    Parameters
    ----------
    start : array_like, shape (2,)
        Angle and angular velocity; one unit of time is the square root of length over gravity.
    steps : array_like, shape (n,)
        Lengths of the time steps.

    Examples
    --------
    >>> round(float(pendulum(np.array([0.001, 0.0]), np.full(1000, np.pi / 1000))), 9)
    -0.001
    """
    angle, speed = start[0], start[1]
    for h in steps:
        speed = speed - h / 2 * np.sin(angle)
        angle = angle + h * speed
        speed = speed - h / 2 * np.sin(angle)
    return angle


def charges(places: Any) -> Any:
    """Return the Coulomb energy of unit charges on the unit sphere.

    Parameters
    ----------
    places : array_like, shape (n, 3)
        Vectors that point to the charges, of any length but zero.

    Examples
    --------
    >>> float(charges(np.array([[0, 0, 1.0], [0, 0, -3.0]])))  # poles, at a distance of 2
    0.5
    """
    n = len(places)
    points = places / np.sqrt(np.sum(places**2, axis=1, keepdims=True))
    squares = np.sum((points[:, None] - points) ** 2, axis=-1)
    return (np.sum(1 / np.sqrt(squares + np.eye(n))) - n) / 2


def net(weights: Any, images: Any, labels: Any) -> Any:
    """Return the mean log-loss of a net with one hidden layer of tanh, in nats.

    Parameters
    ----------
    weights : array_like, shape (hidden, pixels + classes)
        Of each hidden unit those from the pixels, then those to the classes.
    images : array_like, shape (n, pixels)
    labels : array_like, shape (n, classes)
        One-hot rows.

    Examples
    --------
    >>> loss = net(np.zeros((3, 7)), np.ones((2, 5)), np.eye(2))  # knows nothing: ln 2
    >>> round(float(loss), 12)
    0.69314718056
    """
    pixels = images.shape[1]
    hidden = np.tanh(images @ weights[:, :pixels].T)
    logits = hidden @ weights[:, pixels:]
    evidence = np.sum(labels * logits, axis=1)
    return np.mean(np.log(np.sum(np.exp(logits), axis=1)) - evidence)
