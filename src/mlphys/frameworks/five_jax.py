"""Five computations in JAX; see :mod:`mlphys.frameworks.five_numpy` for what they take.

This module imports JAX. It sets no precision: results are float64 where 64-bit numbers are enabled.

Chapter: ``book/frameworks/tracing.md``.
"""

from typing import Any

import jax
import jax.numpy as jnp

__all__ = ["box", "charges", "film", "net", "pendulum"]


def box(edges: Any) -> Any:
    """Return the surface of a four-dimensional box.

    Examples
    --------
    >>> float(box(jnp.array([2.0, 5.0, 7.0, 11.0])))
    1438.0
    """
    a, b, c, d = edges
    return 2 * (a * b * c + a * b * d + a * c * d + b * c * d)


def film(radii: Any, ring: Any, sides: Any, heights: Any) -> Any:
    """Return the area of a soap film between two equal rings.

    Examples
    --------
    >>> square = jnp.array([[1.0, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]])
    >>> up = jnp.array([0, 0, 1.0]) * jnp.arange(3.0)[:, None, None]
    >>> wall = jnp.full((1, 4), 0.5**0.5)
    >>> round(float(film(wall, wall, square, up)), 5)
    8.0
    """
    points = jnp.concatenate([ring, radii, ring])[:, :, None] * sides + heights
    after = jnp.roll(points, -1, axis=1)
    a, b, c, d = points[:-1], after[:-1], points[1:], after[1:]
    normals = jnp.stack([jnp.cross(b - a, c - a), jnp.cross(c - d, b - d)])
    return jnp.sum(jnp.sqrt(jnp.sum(normals**2, axis=-1))) / 2


def pendulum(start: Any, steps: Any) -> Any:
    """Return the last angle of a pendulum, by the leapfrog method.

    Examples
    --------
    >>> round(float(pendulum(jnp.array([0.001, 0.0]), jnp.full(1000, jnp.pi / 1000))), 6)
    -0.001
    """

    def leap(state, h):
        angle, speed = state
        speed = speed - h / 2 * jnp.sin(angle)
        angle = angle + h * speed
        speed = speed - h / 2 * jnp.sin(angle)
        return (angle, speed), None

    (angle, _), _ = jax.lax.scan(leap, (start[0], start[1]), steps)
    return angle


def charges(places: Any) -> Any:
    """Return the Coulomb energy of unit charges on the unit sphere.

    Examples
    --------
    >>> float(charges(jnp.array([[0, 0, 1.0], [0, 0, -3.0]])))
    0.5
    """
    n = len(places)
    points = places / jnp.sqrt(jnp.sum(places**2, axis=1, keepdims=True))
    squares = jnp.sum((points[:, None] - points) ** 2, axis=-1)
    return (jnp.sum(1 / jnp.sqrt(squares + jnp.eye(n))) - n) / 2


def net(weights: Any, images: Any, labels: Any) -> Any:
    """Return the mean log-loss of a net with one hidden layer of tanh, in nats.

    Examples
    --------
    >>> loss = net(jnp.zeros((3, 7)), jnp.ones((2, 5)), jnp.eye(2))
    >>> round(float(loss), 5)
    0.69315
    """
    pixels = images.shape[1]
    hidden = jnp.tanh(images @ weights[:, :pixels].T)
    logits = hidden @ weights[:, pixels:]
    evidence = jnp.sum(labels * logits, axis=1)
    return jnp.mean(jax.nn.logsumexp(logits, axis=1) - evidence)
