"""Numbers that count: each arithmetic operation on them is written to a tally.

A stopwatch measures the machine as well as the algorithm. A :class:`Counted` number measures the
algorithm alone: run a function on such numbers, and the tally holds how many additions,
multiplications and sines it took. Arrays of them (``dtype=object``) pass through NumPy's sums,
products and elementwise functions; so do dual numbers whose parts are counted.

Chapters: *From finite differences to dual numbers*, *Reverse mode by hand*.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["Counted", "count_operations", "plain", "wrap"]

# Name of the operation in a tally -> function of plain numbers, for Counted and NumPy's method call.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    name: getattr(np, name)
    for name in ("sin cos tan arcsin arccos arctan sinh cosh tanh exp expm1 log log1p sqrt".split())
}


class Counted:
    """A real or complex number that records what is done to it.

    Parameters
    ----------
    value : number
        The number itself.
    tally : collections.Counter
        Shared by all numbers of one computation; its keys are the names of operations: "add",
        "subtract", "multiply", "divide", "power", "negative", "absolute", "compare", "sin", ...

    Notes
    -----
    Adding a number to the plain integer 0, with which ``sum`` starts, costs nothing and is not
    counted; nor is ``+x``.

    Examples
    --------
    >>> tally = Counter()
    >>> x = Counted(3.0, tally)
    >>> (x * x + 1).value, dict(tally)
    (10.0, {'multiply': 1, 'add': 1})
    """

    __slots__ = ("tally", "value")

    def __init__(self, value: Any, tally: Counter):
        if isinstance(value, Counted):
            raise TypeError("Counted: expected a plain number; got a number that counts already")
        self.value = value
        self.tally = tally

    def __repr__(self) -> str:
        return f"Counted({self.value!r})"

    def _record(self, name: str, value: Any) -> "Counted":
        self.tally[name] += 1
        return Counted(value, self.tally)

    def __add__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        if type(other) is int and other == 0:
            return self
        return self._record("add", self.value + plain(other))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return self._record("subtract", self.value - plain(other))

    def __rsub__(self, other: Any) -> Any:
        return self._record("subtract", plain(other) - self.value)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return self._record("multiply", self.value * plain(other))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return self._record("divide", self.value / plain(other))

    def __rtruediv__(self, other: Any) -> Any:
        return self._record("divide", plain(other) / self.value)

    def __pow__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return self._record("power", self.value ** plain(other))

    def __rpow__(self, other: Any) -> Any:
        return self._record("power", plain(other) ** self.value)

    def __neg__(self) -> "Counted":
        return self._record("negative", -self.value)

    def __pos__(self) -> "Counted":
        return self

    def __abs__(self) -> "Counted":
        return self._record("absolute", abs(self.value))

    def _compare(self, outcome: Any) -> bool:
        self.tally["compare"] += 1
        return bool(outcome)

    def __lt__(self, other: Any) -> bool:
        return self._compare(self.value < plain(other))

    def __le__(self, other: Any) -> bool:
        return self._compare(self.value <= plain(other))

    def __gt__(self, other: Any) -> bool:
        return self._compare(self.value > plain(other))

    def __ge__(self, other: Any) -> bool:
        return self._compare(self.value >= plain(other))

    def __eq__(self, other: object) -> bool:
        return self._compare(self.value == plain(other))

    __hash__ = None  # type: ignore[assignment]  # equality is an operation here

    def __float__(self) -> float:
        raise TypeError(
            "Counted: expected an operation that can be counted; got a conversion to float, after "
            "which nothing is. Use np.sin for math.sin, or plain(x) where the count may end."
        )

    def __getattr__(self, name: str) -> Any:
        # NumPy evaluates np.sin on an array of objects by calling the method sin of each.
        if name not in FUNCTIONS:
            raise AttributeError(
                f"Counted: expected one of {', '.join(sorted(FUNCTIONS))}; got {name!r}"
            )
        return lambda: self._record(name, _python(FUNCTIONS[name](self.value)))

    def conjugate(self) -> "Counted":
        """Return the complex conjugate; a change of sign is not counted."""
        return Counted(np.conjugate(self.value), self.tally)


def _python(value: Any) -> Any:
    """Return a NumPy scalar as a number of Python."""
    return value.item() if isinstance(value, np.generic) else value


def plain(value: Any) -> Any:
    """Return numbers without their counters: Counted numbers, arrays of them, tuples and lists.

    Examples
    --------
    >>> plain([Counted(1.0, Counter()), 2.0])
    [1.0, 2.0]
    """
    if isinstance(value, Counted):
        return value.value
    if isinstance(value, tuple | list):
        return type(value)(plain(item) for item in value)
    if isinstance(value, np.ndarray) and value.dtype == object:
        flat = [plain(item) for item in value.reshape(-1)]
        return np.array(flat).reshape(value.shape)
    return value


def wrap(value: Any, tally: Counter) -> Any:
    """Return numbers as Counted ones: numbers, arrays, tuples and lists; anything else as it is.

    Examples
    --------
    >>> wrap(np.array([1.0, 2.0]), Counter())
    array([Counted(1.0), Counted(2.0)], dtype=object)
    """
    if isinstance(value, bool | np.bool_):
        return value
    if isinstance(value, int | float | complex | np.number):
        return Counted(value, tally)
    if isinstance(value, tuple | list):
        return type(value)(wrap(item, tally) for item in value)
    if isinstance(value, np.ndarray) and value.dtype.kind in "fciu":
        counted = np.empty(value.size, dtype=object)
        counted[:] = [Counted(item, tally) for item in value.reshape(-1).tolist()]
        return counted.reshape(value.shape)
    return value


def count_operations(f: Callable[..., Any], *arguments: Any) -> tuple[Any, Counter]:
    """Return the result of ``f(*arguments)`` and the tally of its operations.

    Parameters
    ----------
    f : callable
        Computes with ``+ - * / **``, comparisons, ``abs`` and NumPy's elementwise functions.
    *arguments
        Numbers, arrays, tuples and lists become counted; other arguments are handed on.

    Returns
    -------
    result
        What f returned, as plain numbers.
    tally : collections.Counter
        Operations by name; ``tally.total()`` is their number.

    Raises
    ------
    TypeError
        If f converts a number to float, because nothing after that can be counted.

    Examples
    --------
    >>> result, tally = count_operations(lambda a, b: a * b + np.sin(a), 0.0, 2.0)
    >>> result, tally.total(), sorted(tally)
    (0.0, 3, ['add', 'multiply', 'sin'])
    """
    tally: Counter = Counter()
    result = f(*(wrap(argument, tally) for argument in arguments))
    return plain(result), tally
