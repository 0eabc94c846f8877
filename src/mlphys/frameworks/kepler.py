"""Kepler's equation, solved by a loop that reverse mode cannot enter and a derivative that need not.

The eccentric anomaly E of a planet obeys ``E − e sin E = M``, with the eccentricity ``0 ≤ e < 1`` and
the mean anomaly M, an angle that grows evenly with time. Newton's iteration runs in
``jax.lax.while_loop`` until it stands still. Nobody can tell beforehand how many steps that takes, so
JAX keeps no record to walk back along. The implicit function theorem needs none:

    dE/dM = 1 / (1 − e cos E),  dE/de = sin E / (1 − e cos E).

This module imports JAX. It works for one pair of numbers; batches come by ``jax.vmap``.

Chapter: ``book/frameworks/tracing.md``.

References
----------
Battin, *An Introduction to the Mathematics and Methods of Astrodynamics* (1999), section 4.3.
"""

from typing import Any

import jax
import jax.numpy as jnp

__all__ = ["eccentric_anomaly", "newton_steps"]


def newton_steps(mean: Any, e: Any) -> tuple[Any, Any]:
    """Return the solution of Kepler's equation and the number of steps it took.

    Differentiable in forward mode only.

    Parameters
    ----------
    mean : float or scalar array
        Mean anomaly in radians, between −π and π.
    e : float or scalar array
        Eccentricity, at least 0 and below 1.

    Returns
    -------
    tuple of scalar arrays
        Eccentric anomaly in radians; steps, at most 50.

    Examples
    --------
    >>> anomaly, steps = newton_steps(1.0, 0.0)  # a circle
    >>> float(anomaly)
    1.0
    """
    mean, e = jnp.asarray(mean, dtype=float), jnp.asarray(e, dtype=float)
    close = 4 * jnp.finfo(mean.dtype).eps

    def unsettled(state):
        _, step, count = state
        return (jnp.abs(step) > close) & (count < 50)

    def newton(state):
        anomaly, _, count = state
        step = (anomaly - e * jnp.sin(anomaly) - mean) / (1 - e * jnp.cos(anomaly))
        return anomaly - step, step, count + 1

    # from here the iteration falls monotonically, whatever the eccentricity
    begin = mean + e * jnp.sign(mean)
    anomaly, _, count = jax.lax.while_loop(unsettled, newton, (begin, jnp.ones_like(mean), 0))
    return anomaly, count


@jax.custom_vjp
def eccentric_anomaly(mean: Any, e: Any) -> Any:
    """Return the solution of Kepler's equation, differentiable in reverse mode.

    Parameters
    ----------
    mean, e : float or scalar array
        As for :func:`newton_steps`.

    Returns
    -------
    scalar array
        Eccentric anomaly in radians.

    Examples
    --------
    >>> float(jax.grad(eccentric_anomaly)(0.0, 0.5))  # 1 / (1 − 1/2)
    2.0
    """
    return newton_steps(mean, e)[0]


def _forward(mean, e):
    anomaly = eccentric_anomaly(mean, e)
    return anomaly, (anomaly, e)


def _backward(kept, g):
    anomaly, e = kept
    share = g / (1 - e * jnp.cos(anomaly))
    return share, share * jnp.sin(anomaly)


eccentric_anomaly.defvjp(_forward, _backward)
