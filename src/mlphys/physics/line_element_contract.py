"""What a line element must be before anything is computed with it: messages for those that are not.

A line element is a function ``ds2(x, dx)`` of arrays of shape (..., 4) that returns one float64
number for each event. :func:`check_line_element` calls it on arrays without numbers, which costs
milliseconds once and finds what has nothing to do with physics: the wrong type, shape or number of
arguments, and code that JAX cannot differentiate. Whether the numbers are those of a spacetime is
the question of :func:`mlphys.physics.spacetime.check_metric`.
"""

import inspect
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp

__all__ = ["check_line_element"]

# Three batches: one that looks like a single event, and two whose lengths are not that of an event,
# so that x[1], the second event instead of the second coordinate, cannot pass.
SHAPES = ((4,), (3, 4), (2, 5, 4))


def check_line_element(ds2: Any) -> None:
    """Raise unless ``ds2`` is a function of two arrays that JAX can differentiate.

    Parameters
    ----------
    ds2 : callable
        Line element ``ds2(x, dx)``.

    Raises
    ------
    TypeError
        If it is no function of two arguments, cannot be hashed, uses what JAX cannot trace, or
        returns anything but an array of float64.
    ValueError
        If it does not return one number for each event.

    Examples
    --------
    >>> from mlphys.physics.line_elements import minkowski
    >>> check_line_element(minkowski)
    >>> check_line_element("schwarzschild")
    Traceback (most recent call last):
    ...
    TypeError: expected a line element, a function ds2(x, dx); got the str 'schwarzschild'. Pass a function, such as mlphys.physics.line_elements.schwarzschild.
    """
    if not callable(ds2):
        raise TypeError(
            f"expected a line element, a function ds2(x, dx); got the {type(ds2).__name__} "
            f"{str(ds2)[:40]!r}. Pass a function, such as "
            "mlphys.physics.line_elements.schwarzschild."
        )
    try:
        hash(ds2)
    except TypeError:
        raise TypeError(
            "expected a line element that can be hashed, since it is compiled once and found "
            f"again; got an object of {type(ds2).__name__}, which cannot. Pass a function, or make "
            "it a frozen dataclass."
        ) from None
    _check_calls(ds2)


@lru_cache(maxsize=256)
def _check_calls(ds2: Any) -> None:
    _check_arguments(ds2)
    for shape in SHAPES:
        with jax.enable_x64(True):
            _check_value(_call(ds2, shape), shape)


def _check_arguments(ds2: Any) -> None:
    try:
        signature = inspect.signature(ds2)
    except ValueError:  # some functions written in C have none
        return
    try:
        signature.bind(None, None)
    except TypeError as error:
        raise TypeError(
            f"expected a line element ds2(x, dx) of two arguments; got {_name(ds2)}{signature}. "
            "Give further parameters a default. A function g(x) of the event alone, which returns "
            "the 4×4 array, becomes a line element by mlphys.physics.matrix_metrics.from_matrix."
        ) from error


def _call(ds2: Any, shape: tuple[int, ...]) -> Any:
    """Return the shape and the type of what ``ds2`` makes of events and steps of this shape."""
    array = jax.ShapeDtypeStruct(shape, jnp.float64)
    try:
        return jax.eval_shape(ds2, array, array)
    except jax.errors.JAXTypeError as error:  # numpy.sqrt or `if` on an array without numbers
        first = str(error).splitlines()[0]
        raise TypeError(
            f"expected a line element that JAX can differentiate; got one ({_name(ds2)}) that "
            f"asks for the numbers themselves: {first} Take sqrt, sin and where from "
            "line_elements.namespace(x) instead of numpy or math, and `where` instead of `if`."
        ) from error
    except Exception as error:
        error.add_note(f"(raised by the line element {_name(ds2)} for events of shape {shape})")
        raise


def _check_value(value: Any, shape: tuple[int, ...]) -> None:
    if not isinstance(value, jax.ShapeDtypeStruct):
        raise TypeError(
            f"expected ds2(x, dx) to return an array; got {type(value).__name__}. "
            "Return the sum of all terms of ds²."
        )
    if value.shape != shape[:-1]:
        raise ValueError(
            "expected ds2(x, dx) to return one number for each event; "
            f"got shape {value.shape} for events of shape {shape}. Index the last axis of x and dx "
            "(as `components` does) and sum over it."
        )
    if value.dtype != jnp.float64:
        raise TypeError(
            f"expected ds2(x, dx) to return real numbers, float64; got {value.dtype}. Second "
            "derivatives need all digits: remove the conversion, or take the real part."
        )


def _name(ds2: Any) -> str:
    return getattr(ds2, "__name__", type(ds2).__name__)
