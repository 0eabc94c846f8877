"""Sensitivities of one real result L on complex numbers z = x + iy.

Convention of this book, as of PyTorch and TensorFlow: the sensitivity of z is

    s = ∂L/∂x + i ∂L/∂y,

the direction in the plane of z in which L grows fastest; a nudge dz changes L by Re(s* dz). JAX and
HIPS autograd return the conjugate, ∂L/∂x − i ∂L/∂y, the coefficients of dx and i dy in a linear
form; :func:`from_jax` converts.

Any w = f(z) that has a real derivative is described by two complex numbers, the *Wirtinger
derivatives* [1]_,

    dw = f_z dz + f_z̄ dz*,   f_z = (∂f/∂x − i ∂f/∂y)/2,   f_z̄ = (∂f/∂x + i ∂f/∂y)/2,

and passes a sensitivity backwards by s_z = f_z* s_w + f_z̄ s_w* [2]_. For a holomorphic f the second
term is zero.

From definition to engine: differences, one step back, a table of functions, a chain of them.

Chapter: *Complex numbers in the backward pass*.

References
----------
.. [1] W. Wirtinger, "Zur formalen Theorie der Funktionen von mehr komplexen Veränderlichen",
   Mathematische Annalen 97, 357 (1927).
.. [2] K. Kreutz-Delgado, "The complex gradient operator and the CR-calculus", arXiv:0906.4835.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

__all__ = [
    "RULES",
    "Chain",
    "Rule",
    "from_jax",
    "pull_back",
    "rate_along",
    "run_chain",
    "sensitivity_by_differences",
    "wirtinger",
]


def sensitivity_by_differences(
    objective: Callable[[Any], Any], z: Any, *, step: float = 1e-6
) -> Any:
    """Return ∂L/∂x + i ∂L/∂y by central differences along the real and the imaginary axis.

    Parameters
    ----------
    objective : callable
        Takes a complex array of z's shape, returns one real number L.
    z : complex or array_like, shape (...)
        Where to differentiate.
    step : float
        Length of the nudges of each part.

    Returns
    -------
    ndarray of complex128, shape (...)
        A scalar for scalar z.

    Raises
    ------
    ValueError
        If the objective returns complex numbers or more than one: there is no "downhill" then.

    Examples
    --------
    >>> print(f"{sensitivity_by_differences(lambda z: abs(z) ** 2, 3 + 4j):.6f}")
    6.000000+8.000000j
    """
    z = np.asarray(z, complex)
    result = np.empty(z.shape, complex)
    for where in np.ndindex(z.shape):
        nudge = np.zeros(z.shape, complex)
        slopes = []
        for direction in (1, 1j):
            nudge[where] = step * direction
            change = _one_real(objective(z + nudge)) - _one_real(objective(z - nudge))
            slopes.append(change / (2 * step))
        result[where] = complex(*slopes)
    return result[()]


def rate_along(sensitivity: Any, step: Any) -> float:
    """Return the change of L, to first order, for a step: Re Σ s* dz.

    Parameters
    ----------
    sensitivity, step : array_like, shape (...)
        Sensitivities of complex numbers, and small changes of them.

    Examples
    --------
    >>> rate_along(6 + 8j, 1j)
    8.0
    """
    return float(np.real(np.sum(np.conj(sensitivity) * step)))


def from_jax(sensitivity: Any) -> Any:
    """Return the sensitivity in this book's convention, given JAX's: the conjugate.

    The same function converts back. Real sensitivities stay as they are.

    Examples
    --------
    >>> from_jax(6 - 8j)
    np.complex128(6+8j)
    """
    return np.conj(sensitivity)


def wirtinger(f: Callable[[Any], Any], z: Any, *, step: float = 1e-6) -> tuple[Any, Any]:
    """Return f_z and f_z̄ of an elementwise function, by central differences.

    Parameters
    ----------
    f : callable
        Takes and returns an array of one shape, each element by itself.
    z : complex or array_like, shape (...)
        Where to differentiate.
    step : float
        Length of the nudges.

    Returns
    -------
    f_z, f_zbar : ndarray of complex128, shape (...)

    Examples
    --------
    >>> f_z, f_zbar = wirtinger(np.conj, 3 + 4j)
    >>> print(f"{f_z:.6f} {f_zbar:.6f}")
    0.000000+0.000000j 1.000000+0.000000j
    """
    z = np.asarray(z, complex)
    along_x, along_y = (
        (f(z + step * direction) - f(z - step * direction)) / (2 * step) for direction in (1, 1j)
    )
    return (along_x - 1j * along_y) / 2, (along_x + 1j * along_y) / 2


def pull_back(sensitivity: Any, f_z: Any, f_zbar: Any = 0.0) -> Any:
    """Return the sensitivity of z from that of w = f(z): f_z* s + f_z̄ s*.

    Parameters
    ----------
    sensitivity : array_like, shape (...)
        That of w.
    f_z, f_zbar : array_like, shape (...)
        Wirtinger derivatives; the second is 0 for a holomorphic function.

    Examples
    --------
    >>> pull_back(1.0, 2 * (3 + 4j))  # Re z² at 3 + 4i
    np.complex128(6-8j)
    """
    return np.conj(f_z) * sensitivity + f_zbar * np.conj(sensitivity)


class Rule(NamedTuple):
    """A function of one complex number with its Wirtinger derivatives, each a function of z."""

    value: Callable[[Any], Any]
    f_z: Callable[[Any], Any]
    f_zbar: Callable[[Any], Any]


def _zero(z: Any) -> Any:
    return 0 * z


def _half(z: Any) -> Any:
    return 0.5 + 0 * z


RULES: dict[str, Rule] = {
    "square": Rule(lambda z: z * z, lambda z: 2 * z, _zero),
    "reciprocal": Rule(lambda z: 1 / z, lambda z: -1 / (z * z), _zero),
    "exp": Rule(np.exp, np.exp, _zero),
    "log": Rule(np.log, lambda z: 1 / z, _zero),
    "sqrt": Rule(np.sqrt, lambda z: 0.5 / np.sqrt(z), _zero),
    "conj": Rule(np.conj, _zero, lambda z: 1 + 0 * z),
    "real": Rule(np.real, _half, _half),
    "imag": Rule(np.imag, lambda z: -0.5j + 0 * z, lambda z: 0.5j + 0 * z),
    "abs": Rule(np.abs, lambda z: np.conj(z) / (2 * abs(z)), lambda z: z / (2 * abs(z))),
    "abs2": Rule(lambda z: abs(z) ** 2, np.conj, lambda z: z + 0),
    "angle": Rule(np.angle, lambda z: -0.5j / z, lambda z: 0.5j / np.conj(z)),
}


class Chain(NamedTuple):
    """Values along a chain of functions and the sensitivity of its result on each of them.

    Attributes
    ----------
    values, sensitivities : tuple
        One more entry than there are functions: the first belongs to the input, the last to the
        result.
    """

    values: tuple
    sensitivities: tuple


def run_chain(names: Sequence[str], z: Any) -> Chain:
    """Return all values and sensitivities of functions applied one after the other.

    Parameters
    ----------
    names : sequence of str
        Keys of :data:`RULES`, the first one applied first. The last must return real numbers.
    z : complex or array_like, shape (...)
        Input; an array holds independent chains.

    Returns
    -------
    Chain

    Raises
    ------
    ValueError
        If a name is unknown, or the result is not real.

    Examples
    --------
    >>> chain = run_chain(["square", "real"], 3 + 4j)
    >>> chain.values[-1].item(), chain.sensitivities[0].item()
    (-7.0, (6-8j))
    """
    unknown = [name for name in names if name not in RULES]
    if unknown:
        raise ValueError(f"run_chain: expected names among {sorted(RULES)}; got {unknown[0]!r}")
    values: list[Any] = [np.asarray(z, complex)]
    for name in names:
        values.append(RULES[name].value(values[-1]))
    if np.iscomplexobj(values[-1]):
        raise ValueError(
            "run_chain: expected a real result; got a complex one. "
            "End the chain with real, imag, abs, abs2 or angle."
        )
    sensitivity: Any = np.ones(np.shape(values[-1]))
    backwards = [sensitivity]
    for name, before in zip(reversed(names), reversed(values[:-1]), strict=True):
        _, f_z, f_zbar = RULES[name]
        sensitivity = pull_back(sensitivity, f_z(before), f_zbar(before))
        if not np.iscomplexobj(before):
            sensitivity = np.real(
                sensitivity
            )  # a real number can be nudged along the real axis only
        backwards.append(sensitivity)
    return Chain(tuple(values), tuple(reversed(backwards)))


def _one_real(value: Any) -> float:
    """Return the value of an objective after checking that it is one real number."""
    if np.iscomplexobj(value) or np.size(value) != 1:
        raise ValueError(
            f"objective: expected one real number; got {value!r}. "
            "Take real, imag or abs, and sum over components."
        )
    return float(np.reshape(value, ()))
