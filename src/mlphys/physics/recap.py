r"""The bending of light learned by a small net: one computation that passes through all parts.

A hidden layer of arctan units maps the impact parameter of a ray, in Schwarzschild radii, to the
angle in radians by which a black hole bends it:
:math:`\delta = c + \sum_k v_k \arctan(w_k\,b_c/b + a_k)`, with the critical impact parameter
:math:`b_c = \tfrac32\sqrt3`. The gradient of the loss is our tape's, the minimizer our L-BFGS.

Chapter: What stays. Reference: :cite:t:`Synge1966` for the light that escapes or not.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from mlphys.derivatives.minimize import minimize
from mlphys.derivatives.tape import value_and_gradient

__all__ = ["CRITICAL", "bend", "fit_bend", "mean_square", "random_bend"]

CRITICAL = 1.5 * 3**0.5
"""Impact parameter below which a hole of ``r_s = 1`` captures light."""


def bend(parameters: Any, impact: Any, library: Any = np) -> Any:
    """Return the angle by which the net bends light, in radians.

    Parameters
    ----------
    parameters : array, shape (3 m + 1,)
        Weights ``w``, offsets ``a`` and weights ``v`` of ``m`` units, then ``c``.
    impact : array, shape (n,)
        Impact parameters in Schwarzschild radii; real or complex.
    library : module
        The arrays' own, such as ``numpy`` or ``jax.numpy``.

    Returns
    -------
    array, shape (n,)

    Raises
    ------
    ValueError
        If the number of parameters is not one more than a multiple of three.

    Examples
    --------
    >>> bend(np.array([1.0, 0.0, 2.0, 0.5]), np.array([CRITICAL])) == np.pi / 2 + 0.5
    array([ True])
    """
    units, rest = divmod(len(parameters) - 1, 3)
    if units < 1 or rest:
        raise ValueError(
            f"parameters: expected 3 m + 1 numbers for m units; got {len(parameters)}. "
            "random_bend makes them."
        )
    w, a, v = (parameters[k * units : (k + 1) * units] for k in range(3))
    hidden = library.arctan(w * (CRITICAL / impact)[:, None] + a)
    return hidden @ v + parameters[3 * units]


def mean_square(parameters: Any, impact: Any, angle: Any, library: Any = np) -> Any:
    """Return the mean square of the net's errors, in rad².

    Parameters
    ----------
    parameters, impact, library
        As for :func:`bend`.
    angle : array, shape (n,)
        Right angles in radians.

    Examples
    --------
    >>> float(mean_square(np.array([1.0, 0.0, 0.0, 0.5]), np.array([3.0, 4.0]), np.array([0.5, 2.5])))
    2.0
    """
    miss = bend(parameters, impact, library) - angle
    return library.mean(miss * miss)


def random_bend(units: int, *, rng: np.random.Generator) -> np.ndarray:
    """Return random parameters of a net whose units bend at different places.

    Parameters
    ----------
    units : int
        Number ``m`` of hidden units, at least 1.
    rng : numpy.random.Generator

    Returns
    -------
    array, shape (3 m + 1,)

    Examples
    --------
    >>> random_bend(4, rng=np.random.default_rng(0)).shape
    (13,)
    """
    if units < 1:
        raise ValueError(f"units: expected at least 1; got {units}")
    w = rng.normal(scale=4.0, size=units)
    places = rng.uniform(size=units)  # of b_c/b, which lies between 0 and 1
    return np.concatenate([w, -w * places, rng.normal(scale=0.1, size=units), [0.0]])


def fit_bend(
    impact: np.ndarray,
    angle: np.ndarray,
    *,
    rng: np.random.Generator,
    units: int = 8,
    iterations: int = 1500,
    differentiate: Callable[[Callable], Callable] = value_and_gradient,
) -> np.ndarray:
    """Return parameters of a net that was fitted to bent rays by L-BFGS.

    Parameters
    ----------
    impact, angle : array, shape (n,)
        Impact parameters in Schwarzschild radii, and right angles in radians.
    rng : numpy.random.Generator
        Draws the start.
    units, iterations : int
        Size of the net; largest number of steps.
    differentiate : callable
        Turns the loss into a function that returns the loss and its gradient.

    Returns
    -------
    array, shape (3 units + 1,)

    Raises
    ------
    ValueError
        If the two arrays differ in shape, or hold a number that is not finite.

    Examples
    --------
    >>> b = np.array([4.0, 6.0, 8.0])
    >>> net = fit_bend(b, 2 / b, rng=np.random.default_rng(0), units=2)
    >>> bool(abs(bend(net, b) - 2 / b).max() < 1e-4)
    True
    """
    if impact.shape != angle.shape or not np.isfinite(impact + angle).all():
        raise ValueError(
            "impact, angle: expected two arrays of one shape with finite numbers; got the shapes "
            f"{impact.shape} and {angle.shape}. Leave out captured rays, which have no angle."
        )
    objective = differentiate(lambda parameters: mean_square(parameters, impact, angle))
    start = random_bend(units, rng=rng)
    return minimize(objective, start, iterations=iterations, gradient_tolerance=1e-11).x
