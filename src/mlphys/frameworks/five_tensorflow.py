"""Five computations in TensorFlow; see :mod:`mlphys.frameworks.five_numpy` for what they take.

This module imports TensorFlow. Called as they are, the functions run eagerly; under ``tf.function``
the loop of :func:`pendulum` becomes a loop of the graph.

Chapter: ``book/frameworks/tracing.md``.
"""

from typing import Any

from mlphys.quiet import quiet_tensorflow

tf = quiet_tensorflow()

__all__ = ["box", "charges", "film", "net", "pendulum"]


def box(edges: Any) -> Any:
    """Return the surface of a four-dimensional box.

    Examples
    --------
    >>> float(box(tf.constant([2.0, 5.0, 7.0, 11.0])))
    1438.0
    """
    a, b, c, d = tf.unstack(edges)
    return 2 * (a * b * c + a * b * d + a * c * d + b * c * d)


def film(radii: Any, ring: Any, sides: Any, heights: Any) -> Any:
    """Return the area of a soap film between two equal rings.

    Examples
    --------
    >>> square = tf.constant([[1.0, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]])
    >>> up = tf.constant([0, 0, 1.0]) * tf.range(3.0)[:, None, None]
    >>> wall = tf.fill((1, 4), 0.5**0.5)
    >>> round(float(film(wall, wall, square, up)), 5)
    8.0
    """
    points = tf.concat([ring, radii, ring], axis=0)[:, :, None] * sides + heights
    after = tf.roll(points, -1, axis=1)
    a, b, c, d = points[:-1], after[:-1], points[1:], after[1:]
    normals = tf.stack([tf.linalg.cross(b - a, c - a), tf.linalg.cross(c - d, b - d)])
    return tf.reduce_sum(tf.sqrt(tf.reduce_sum(normals**2, axis=-1))) / 2


def pendulum(start: Any, steps: Any) -> Any:
    """Return the last angle of a pendulum, by the leapfrog method.

    Examples
    --------
    >>> round(float(pendulum(tf.constant([0.001, 0.0]), tf.fill(100, 0.01 * 3.14159265))), 6)
    -0.001
    """
    angle, speed = start[0], start[1]
    for h in steps:
        speed = speed - h / 2 * tf.sin(angle)
        angle = angle + h * speed
        speed = speed - h / 2 * tf.sin(angle)
    return angle


def charges(places: Any) -> Any:
    """Return the Coulomb energy of unit charges on the unit sphere.

    Examples
    --------
    >>> float(charges(tf.constant([[0, 0, 1.0], [0, 0, -3.0]])))
    0.5
    """
    n = len(places)
    points = places / tf.sqrt(tf.reduce_sum(places**2, axis=1, keepdims=True))
    squares = tf.reduce_sum((points[:, None] - points) ** 2, axis=-1)
    return (tf.reduce_sum(1 / tf.sqrt(squares + tf.eye(n, dtype=places.dtype))) - n) / 2


def net(weights: Any, images: Any, labels: Any) -> Any:
    """Return the mean log-loss of a net with one hidden layer of tanh, in nats.

    Examples
    --------
    >>> loss = net(tf.zeros((3, 7)), tf.ones((2, 5)), tf.eye(2))
    >>> round(float(loss), 5)
    0.69315
    """
    pixels = images.shape[1]
    hidden = tf.tanh(images @ tf.transpose(weights[:, :pixels]))
    logits = hidden @ weights[:, pixels:]
    evidence = tf.reduce_sum(labels * logits, axis=1)
    return tf.reduce_mean(tf.reduce_logsumexp(logits, axis=1) - evidence)
