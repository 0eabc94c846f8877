"""1/x and 1/√x on JAX, with derivatives that divide no more.

Left to itself, automatic differentiation divides once for every 1/x and once for every square root
in a line element, and again at each further derivative. A division occupies a processor's vector
unit for as long as several multiplications do. But the derivatives of both functions are products
of powers of their own value, ``(1/x)′ = −y²`` and ``(1/√x)′ = −½ y³``. The rules are exact, and hold
at every order, since y on the right is differentiated by the same rule.

Imports JAX. Line elements use :func:`mlphys.physics.line_elements.reciprocal` and
:func:`~mlphys.physics.line_elements.inverse_root`, which run on all three libraries.
"""

from typing import Any

import jax
from jax import lax

__all__ = ["inverse_root", "reciprocal"]


@jax.custom_jvp
def reciprocal(x: Any) -> Any:
    """Return 1/x.

    Examples
    --------
    >>> float(jax.grad(reciprocal)(2.0))
    -0.25
    """
    return 1 / x


@jax.custom_jvp
def inverse_root(x: Any) -> Any:
    """Return 1/√x.

    Examples
    --------
    >>> float(jax.grad(inverse_root)(4.0))
    -0.0625
    """
    return lax.rsqrt(x)


@reciprocal.defjvp
def _reciprocal_rule(primals: tuple[Any], tangents: tuple[Any]) -> tuple[Any, Any]:
    y = reciprocal(primals[0])
    return y, -tangents[0] * (y * y)


@inverse_root.defjvp
def _inverse_root_rule(primals: tuple[Any], tangents: tuple[Any]) -> tuple[Any, Any]:
    y = inverse_root(primals[0])
    return y, -0.5 * tangents[0] * (y * y * y)
