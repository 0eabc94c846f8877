"""What the chapter *From finite differences to dual numbers* measures and applies.

Twenty functions with their slopes to the last bit, as a jury for every rule of differentiation
(none close to a point where its slope vanishes: there terms cancel, and any rule loses digits); the
propagation of errors of measurement, which is forward mode under another name; and a chain of
pendulums, whose energy has as many parameters as you like, with its gradient by four methods.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from mlphys.derivatives.counting import count_operations
from mlphys.derivatives.dual import Dual, jacobian

__all__ = [
    "EXAMPLES",
    "Example",
    "chain_energy",
    "chain_gradient",
    "gradient_by_differences",
    "gradient_costs",
    "propagate",
]


class Example(NamedTuple):
    """A function of one variable, a point, and its slope there, rounded from 50 digits.

    Attributes
    ----------
    name : str
        Name for a table or an axis.
    f : callable
        The function, for numbers, complex numbers and dual numbers.
    x : float
        The point.
    slope : float
        f′(x), the floating-point number nearest to it.
    """

    name: str
    f: Callable[[Any], Any]
    x: float
    slope: float


def _bessel(x: Any) -> Any:
    """Return J₀(x) by the first thirteen terms of its series."""
    term = total = 1 + 0 * x
    for k in range(1, 13):
        term = term * (-x * x / 4) / (k * k)
        total = total + term
    return total


def _iterated_cosine(x: Any) -> Any:
    for _ in range(8):
        x = np.cos(x)
    return x


EXAMPLES = (
    Example("x³", lambda x: x**3, 2.0, 12.0),
    Example("(1 − x)/(1 + x²)", lambda x: (1 - x) / (1 + x * x), 0.7, -0.8603216071348138),
    Example("x^2.5", lambda x: x**2.5, 1.7, 5.541322044422251),
    Example("exp", np.exp, 1.5, 4.4816890703380645),
    Example("log", np.log, 2.5, 0.4),
    Example("√x", np.sqrt, 3.0, 0.28867513459481287),
    Example("sin", np.sin, 1.2, 0.3623577544766736),
    Example("cos", np.cos, 0.8, -0.7173560908995228),
    Example("tan", np.tan, 1.1, 4.860280510751842),
    Example("arcsin", np.arcsin, 0.6, 1.25),
    Example("arctan", np.arctan, 1.5, 0.3076923076923077),
    Example("sinh", np.sinh, 0.9, 1.4330863854487743),
    Example("tanh", np.tanh, 0.4, 0.8556387860811777),
    Example("Gauss curve", lambda x: np.exp(-x * x / 2), 1.25, -0.5722917022145179),
    Example(
        "exp/√(sin³ + cos³)",  # of Martins, Sturdza and Alonso (2003)
        lambda x: np.exp(x) / np.sqrt(np.sin(x) ** 3 + np.cos(x) ** 3),
        1.5,
        4.053427893898621,
    ),
    Example("Planck's law", lambda x: x**3 / np.expm1(x), 1.0, 0.825256526400187),
    Example("Morse potential", lambda r: (1 - np.exp(1 - r)) ** 2, 1.7, 0.4999766796996061),
    Example("Lennard-Jones", lambda r: 4 * (r**-12 - r**-6), 1.5, 1.1580288310461557),
    Example("Bessel series", _bessel, 1.5, -0.5579365079100996),
    Example("cos, 8 times", _iterated_cosine, 0.4, 0.02559704783800906),
)


def propagate(
    f: Callable[[Any], Any], x: Any, covariance: Any
) -> tuple[np.ndarray | float, np.ndarray | float]:
    """Return f(x) and its covariance J C Jᵀ, to first order in the errors of x.

    Parameters
    ----------
    f : callable
        Takes a :class:`~mlphys.derivatives.dual.Dual` of shape ``(n,)``, returns a number, or a
        list of m numbers.
    x : array_like, shape (n,)
        Measured values.
    covariance : array_like, shape (n, n)
        Their covariance C: variances on the diagonal.

    Returns
    -------
    value : float or ndarray, shape (m,)
    covariance : float or ndarray, shape (m, m)
        Variance of one result, or covariance of m.

    Raises
    ------
    ValueError
        If the covariance is not symmetric, or not of the shape that x demands.

    References
    ----------
    Guide to the expression of uncertainty in measurement, JCGM 100:2008, section 5.

    Examples
    --------
    >>> value, variance = propagate(lambda x: x[0] * x[1], [3.0, 4.0], np.diag([0.01, 0.04]))
    >>> value, round(variance, 12)  # 4² · 0.01 + 3² · 0.04
    (12.0, 0.52)
    """
    x, c = np.asarray(x, dtype=float), np.asarray(covariance, dtype=float)
    if x.ndim != 1 or c.shape != (x.size, x.size) or not np.array_equal(c, c.T):
        raise ValueError(
            f"propagate: expected n values and a symmetric (n, n) covariance; got shapes {x.shape} "
            f"and {c.shape}. Independent errors: np.diag(sigma**2)."
        )
    slopes = jacobian(f, x)
    result = f(x)
    spread = slopes @ c @ slopes.T
    if slopes.ndim == 1:
        return float(result), float(spread)
    return np.asarray(result), spread


def chain_energy(angles: Any, *, stiffness: float = 2.0) -> Any:
    """Return the energy of n pendulums in a row, joined by springs, in units of m g l.

    E = Σᵢ (1 − cos θᵢ) + (k/2) Σᵢ (θᵢ₊₁ − θᵢ)²

    Parameters
    ----------
    angles : array, shape (n,)
        Angles θ of the pendulums from the vertical, in radians; numbers of any kind that NumPy
        adds, multiplies and takes the cosine of.
    stiffness : float
        Stiffness k of the springs, in units of m g l.

    Examples
    --------
    >>> chain_energy(np.array([0.0, np.pi, 0.0])).round(12)  # 2 + 2π²
    np.float64(21.739208802179)
    """
    heights = 1 - np.cos(angles)
    twists = angles[1:] - angles[:-1]
    return heights.sum() + stiffness / 2 * (twists * twists).sum()


def chain_gradient(angles: Any, *, stiffness: float = 2.0) -> tuple[Any, Any]:
    """Return :func:`chain_energy` and its gradient, by walking the computation backward.

    The next chapter explains the walk; here it serves to show what it costs.

    Examples
    --------
    >>> energy, gradient = chain_gradient(np.array([0.0, np.pi / 2]))
    >>> gradient.round(12)  # −kπ/2 and 1 + kπ/2
    array([-3.14159265,  4.14159265])
    """
    heights = 1 - np.cos(angles)
    twists = angles[1:] - angles[:-1]
    energy = heights.sum() + stiffness / 2 * (twists * twists).sum()
    pull = stiffness * twists  # sensitivity of the energy to each twist
    gradient = np.sin(angles)
    gradient[1:] = gradient[1:] + pull
    gradient[:-1] = gradient[:-1] - pull
    return energy, gradient


def gradient_by_differences(f: Callable[[Any], Any], x: Any, *, step: float = 1e-8) -> np.ndarray:
    """Return the gradient of f by forward differences: n + 1 evaluations of f.

    Parameters
    ----------
    f : callable
        Takes an array, returns one number.
    x : array, shape (n,)
        Where to differentiate.
    step : float
        Length h of the step, the same in all components.

    Examples
    --------
    >>> gradient_by_differences(lambda x: x[0] * x[1] ** 2, np.array([5.0, 3.0])).round(5)
    array([ 9., 30.])
    """
    start = f(x)
    slopes = []
    for k in range(len(x)):
        nudged = x.copy()
        nudged[k] = nudged[k] + step
        slopes.append((f(nudged) - start) / step)
    return np.array(slopes)


def gradient_costs(n: int) -> dict[str, float]:
    """Return how many operations the gradient of :func:`chain_energy` takes, per evaluation of it.

    Parameters
    ----------
    n : int
        Number of pendulums, at least 2.

    Returns
    -------
    dict
        Method -> operations for the gradient divided by operations for the energy alone. Complex
        arithmetic counts one operation for one; a machine needs two to six.

    Raises
    ------
    ValueError
        If n is below 2.

    Examples
    --------
    >>> costs = gradient_costs(10)
    >>> costs["forward"] > 10, costs["reverse"] < 2
    (True, True)
    """
    if n < 2:
        raise ValueError(f"gradient_costs: expected n >= 2 pendulums; got {n}")
    angles = np.sin(np.arange(n, dtype=float))
    _, alone = count_operations(chain_energy, angles)
    methods: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
        "differences": (lambda x: gradient_by_differences(chain_energy, x), (angles,)),
        "imaginary steps": (chain_energy, (angles + 1e-200j,)),
        "forward": (lambda x, e: chain_energy(Dual(x, e)).slopes, (angles, np.eye(n))),
        "reverse": (chain_gradient, (angles,)),
    }
    costs = {}
    for name, (method, arguments) in methods.items():
        _, tally = count_operations(method, *arguments)
        runs = n if name == "imaginary steps" else 1  # one run for each component
        costs[name] = runs * tally.total() / alone.total()
    return costs
