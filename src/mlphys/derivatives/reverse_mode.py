"""Reverse mode by hand: three functions with their gradients, walked back line by line.

The recipe: keep every intermediate quantity; give each a sensitivity accumulator, at first 0; set
that of the result to 1; walk back through the lines, and for each use of a quantity add to its
accumulator (sensitivity of what it was used for) · (partial derivative of that). What holds all the
way: *the accumulator of q says by how much the final result changes, per unit, if q were nudged
right after its definition.*

The functions take numbers of any kind that knows ``+ - *``: floats, complex numbers, numbers that
count. In each, ``s`` maps the name of a quantity to its accumulator.

Chapter: ``book/derivatives/reverse_mode.md``.

References
----------
.. [1] S. Linnainmaa, "Taylor expansion of the accumulated rounding error", BIT 16, 146 (1976).
.. [2] B. Speelpenning, "Compiling fast partial derivatives of functions given by algorithms",
   thesis, University of Illinois (1980). Its example is the product of n variables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from mlphys.derivatives.nudges import unchanged

__all__ = [
    "box_sensitivities",
    "box_surface",
    "product",
    "product_gradient",
    "rosenbrock",
    "rosenbrock_gradient",
]


def product(x: Any) -> Any:
    """Return x₁ x₂ … x_n, by n − 1 multiplications.

    Parameters
    ----------
    x : sequence of numbers, at least one

    Examples
    --------
    >>> product([2.0, 5.0, 7.0])
    70.0
    """
    return _partial_products(x)[-1]


def product_gradient(x: Any) -> tuple[Any, list[Any]]:
    """Return the product and all its n partial derivatives, by 3 (n − 1) multiplications at most.

    No accumulator adds anything up, for every quantity is used once; and nothing is divided, so
    that zeros among the x do no harm.

    Parameters
    ----------
    x : sequence of numbers, at least one

    Returns
    -------
    value : number
    gradient : list of numbers
        ``gradient[k]`` is the product of all numbers but ``x[k]``.

    Examples
    --------
    >>> product_gradient([2.0, 5.0, 7.0])
    (70.0, [35.0, 14.0, 10.0])
    """
    partial = _partial_products(x)
    gradient = list(x)  # to be overwritten
    s = 1.0  # sensitivity of partial[k]
    for k in range(len(x) - 1, 0, -1):  # partial[k] = partial[k - 1] * x[k]
        gradient[k] = partial[k - 1] * s
        s = x[k] * s
    gradient[0] = s
    return partial[-1], gradient


def _partial_products(x: Any) -> list[Any]:
    if len(x) == 0:
        raise ValueError("product: expected at least one number, got none")
    partial = [x[0]]
    for number in x[1:]:
        partial.append(partial[-1] * number)
    return partial


def box_surface(a: Any, b: Any, c: Any, d: Any, keep: Callable[[str, Any], Any] = unchanged) -> Any:
    """Return the surface 2 (abc + abd + acd + bcd) of a four-dimensional box.

    Parameters
    ----------
    a, b, c, d : number
        Edges.
    keep : callable
        Called with name and value of each intermediate quantity, it returns the value to go on
        with; see :mod:`mlphys.derivatives.nudges`.

    Returns
    -------
    number
        Sum of the eight three-dimensional faces, in the cube of the edges' unit.

    Examples
    --------
    >>> box_surface(10, 10, 10, 10), box_surface(2, 5, 7, 11)
    (8000, 1438)
    """
    ab, cd = keep("ab", a * b), keep("cd", c * d)
    abc, abd = keep("abc", ab * c), keep("abd", ab * d)
    acd, bcd = keep("acd", a * cd), keep("bcd", b * cd)
    half = keep("half", abc + abd + acd + bcd)
    return keep("surface", 2 * half)


def box_sensitivities(a: Any, b: Any, c: Any, d: Any) -> dict[str, Any]:
    """Return the sensitivity of the box's surface to every quantity that its computation meets.

    Parameters
    ----------
    a, b, c, d : number
        Edges.

    Returns
    -------
    dict
        From names to sensitivities: the edges, and all intermediate quantities of
        :func:`box_surface`.

    Examples
    --------
    >>> s = box_sensitivities(2.0, 5.0, 7.0, 11.0)
    >>> [s[edge] for edge in "abcd"]
    [334.0, 226.0, 174.0, 118.0]
    """
    # Keep every intermediate quantity that is needed below.
    ab, cd = a * b, c * d
    # Give each quantity an accumulator, at first zero.
    s: dict[str, Any] = defaultdict(float)
    # Start from 1 at the result.
    s["surface"] = 1.0
    # Walk back: surface = 2 * half
    s["half"] += 2 * s["surface"]
    # half = abc + abd + acd + bcd
    for face in ("abc", "abd", "acd", "bcd"):
        s[face] += s["half"]
    # bcd = b * cd
    s["b"] += cd * s["bcd"]
    s["cd"] += b * s["bcd"]
    # acd = a * cd
    s["a"] += cd * s["acd"]
    s["cd"] += a * s["acd"]
    # abd = ab * d
    s["ab"] += d * s["abd"]
    s["d"] += ab * s["abd"]
    # abc = ab * c
    s["ab"] += c * s["abc"]
    s["c"] += ab * s["abc"]
    # cd = c * d
    s["c"] += d * s["cd"]
    s["d"] += c * s["cd"]
    # ab = a * b
    s["a"] += b * s["ab"]
    s["b"] += a * s["ab"]
    return dict(s)


def rosenbrock(x: Any) -> Any:
    """Return Σ 100 (x_{k+1} − x_k²)² + (1 − x_k)², a curved valley in n dimensions.

    Parameters
    ----------
    x : sequence of numbers, at least two

    Examples
    --------
    >>> rosenbrock([1.0, 1.0, 1.0]), rosenbrock([0.0, 1.0])
    (0.0, 101.0)
    """
    total = 0
    for here, after in pairwise(x):
        bend, rest = after - here * here, 1 - here
        total = total + (100 * bend * bend + rest * rest)
    return total


def rosenbrock_gradient(x: Any) -> tuple[Any, list[Any]]:
    """Return :func:`rosenbrock` and its gradient, a list of the length of x.

    Examples
    --------
    >>> rosenbrock_gradient([0.0, 1.0])
    (101.0, [-2.0, 200.0])
    """
    kept = []
    total = 0
    for here, after in pairwise(x):
        bend, rest = after - here * here, 1 - here
        steep = 100 * bend
        total = total + (steep * bend + rest * rest)
        kept.append((steep, rest))
    gradient: list[Any] = [0.0] * len(x)
    for k in range(len(kept) - 1, -1, -1):
        steep, rest = kept[k]
        s_bend = 2 * steep  # 100 bend² and the total with sensitivity 1
        gradient[k + 1] = gradient[k + 1] + s_bend
        gradient[k] = gradient[k] - 2 * (rest + s_bend * x[k])
    return total, gradient
