"""Variables: numbers and arrays that write down what is done with them.

A :class:`Variable` stands for a number or an array, and can be used wherever NumPy takes one:
operators, NumPy's functions (through its protocols ``__array_ufunc__`` and ``__array_function__``),
indexing. Each use computes the value at once and writes a line on the variable's tape
(:class:`mlphys.derivatives.tape.Tape`). Whatever would lose the history, such as assignment to
elements or conversion to plain numbers, is refused with a word on what to do instead.
"""

import inspect
import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy import ndarray

from mlphys.derivatives.operations import CONSTANT, REWRITES, RULES, UFUNCS

__all__ = ["Variable", "apply", "is_complex", "plain"]


def plain(x: Any) -> Any:
    """Return the number or array under a variable, whatever tapes it is on."""
    while type(x) is Variable:
        x = x.value
    return x


def is_complex(x: Any) -> bool:
    """Return whether a number, an array or a variable is of a complex type."""
    return x.dtype.kind == "c" if hasattr(x, "dtype") else type(x) is complex


def apply(function: Callable, arguments: tuple) -> "Variable":
    """Compute ``function(*arguments)`` and record it on the innermost tape of its arguments."""
    tape: Any = None
    for a in arguments:
        if type(a) is Variable and (tape is None or a.tape.level > tape.level):
            tape = a.tape
    rules, raw, uses = RULES[function], [], []
    for k, a in enumerate(arguments):
        if type(a) is Variable and a.tape is tape:
            raw.append(a.value)
            uses += a.value, None if rules[k] is None else a.index
        else:
            if type(a) is ndarray:
                tape.lock(a)
            raw.append(a)
            uses += a, None
    return tape.record(function, tuple(uses), function(*raw))


def _arithmetic(function: Callable, *, reflected: bool = False) -> Callable:
    """Return the method for ``self ∘ other``, or, reflected, for ``other ∘ self``."""

    def method(self, other):
        tape, kind = self.tape, type(other)
        if kind is Variable and other.tape is tape:
            a, j, b, k = self.value, self.index, other.value, other.index
        elif kind is not float and kind is not int and kind is not ndarray:
            return apply(function, (other, self) if reflected else (self, other))
        else:
            if kind is ndarray:
                tape.lock(other)
            if reflected:
                a, j, b, k = other, None, self.value, self.index
            else:
                a, j, b, k = self.value, self.index, other, None
        y = function(a, b)
        if type(y) is ndarray:
            if other is self and function is operator.mul:
                return tape.record(np.square, (a, j), y)  # one rule instead of two
            y.setflags(False)  # type: ignore[reportCallIssue]
        variable, values = Variable(), tape.values  # as Tape.record does, without a call
        variable.value, variable.tape, variable.index = y, tape, len(values)
        values.append(y)
        tape.functions.append(function)
        tape.uses.append((a, j, b, k))
        return variable

    return method


class Variable:
    """A number or an array whose history is on a tape.

    Attributes
    ----------
    value : number or array
        What it stands for. It may be a variable of another, outer tape.
    tape : Tape
        Where its history is written.
    index : int
        The line that defined it.
    """

    __slots__ = ("index", "tape", "value")

    __add__ = _arithmetic(operator.add)
    __radd__ = _arithmetic(operator.add, reflected=True)
    __sub__ = _arithmetic(operator.sub)
    __rsub__ = _arithmetic(operator.sub, reflected=True)
    __mul__ = _arithmetic(operator.mul)
    __rmul__ = _arithmetic(operator.mul, reflected=True)
    __truediv__ = _arithmetic(operator.truediv)
    __rtruediv__ = _arithmetic(operator.truediv, reflected=True)
    __pow__ = _arithmetic(operator.pow)
    __rpow__ = _arithmetic(operator.pow, reflected=True)
    __matmul__ = _arithmetic(operator.matmul)
    __rmatmul__ = _arithmetic(operator.matmul, reflected=True)
    __neg__ = lambda self: apply(operator.neg, (self,))
    __pos__ = lambda self: self
    __abs__ = lambda self: apply(np.absolute, (self,))
    __getitem__ = lambda self, key: apply(operator.getitem, (self, plain(key)))
    __lt__ = lambda self, other: plain(self) < plain(other)
    __le__ = lambda self, other: plain(self) <= plain(other)
    __gt__ = lambda self, other: plain(self) > plain(other)
    __ge__ = lambda self, other: plain(self) >= plain(other)
    __eq__ = lambda self, other: plain(self) == plain(other)
    __ne__ = lambda self, other: plain(self) != plain(other)
    __hash__ = None  # type: ignore[assignment]
    __bool__ = lambda self: bool(plain(self))
    __len__ = lambda self: len(plain(self))

    shape = property(lambda self: getattr(self.value, "shape", ()))
    ndim = property(lambda self: len(self.shape))
    size = property(lambda self: plain(self).size if self.shape else 1)
    dtype = property(lambda self: np.asarray(plain(self)).dtype)
    real = property(lambda self: np.real(self) if is_complex(self) else self)
    imag = property(lambda self: np.imag(self))
    T = property(lambda self: np.transpose(self))

    def conjugate(self) -> Any:
        """Return the complex conjugate; a real variable is its own."""
        return np.conjugate(self) if is_complex(self) else self

    conj = conjugate
    sum = lambda self, axis=None, keepdims=False: np.sum(self, axis=axis, keepdims=keepdims)
    mean = lambda self, axis=None, keepdims=False: np.mean(self, axis=axis, keepdims=keepdims)
    max = lambda self, axis=None, keepdims=False: np.max(self, axis=axis, keepdims=keepdims)
    min = lambda self, axis=None, keepdims=False: np.min(self, axis=axis, keepdims=keepdims)
    dot = lambda self, other: np.dot(self, other)
    ravel = lambda self: np.reshape(self, (-1,))

    def reshape(self, *shape: Any) -> Any:
        """Return the same elements in another shape."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes: Any) -> Any:
        """Return the array with its axes permuted, by default reversed."""
        return np.transpose(self, axes[0] if len(axes) == 1 else axes or None)

    def __iter__(self) -> Iterator["Variable"]:
        return (self[k] for k in range(len(self)))

    def __repr__(self) -> str:
        return f"Variable({plain(self)!r})"

    def __setitem__(self, key: Any, value: Any) -> None:
        raise TypeError(
            "x[...] = value would overwrite what the backward pass needs. Build a new array "
            "instead: np.where(mask, value, x), np.concatenate or np.stack."
        )

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        raise TypeError(
            "NumPy asked for the bare numbers of a variable, which would cut it off its tape. "
            "Join variables with np.stack or np.concatenate, not np.array; where the numbers "
            "alone are meant, use x.value."
        )

    def __float__(self) -> float:
        raise TypeError(
            "float(x), or a function of the module math, would cut the variable off its tape. "
            "Use NumPy's functions (np.sin, not math.sin); where the number alone is meant, "
            "use x.value."
        )

    __int__ = __complex__ = __index__ = __float__  # type: ignore[assignment]

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options:
            raise TypeError(
                f"np.{ufunc.__name__}: expected a plain call, got "
                f"{', '.join(f'{name}=' for name in options) or 'its method ' + method}; the tape "
                "cannot follow writing into an array that exists. Use the result that the call "
                "returns; reduce with np.sum, np.max or np.min."
            )
        function = UFUNCS.get(ufunc, ufunc)
        if function in RULES:
            if len(inputs) > 1:
                return apply(function, inputs)
            return self.tape.record(function, (self.value, self.index), function(self.value))
        if function in CONSTANT:
            return function(*map(plain, inputs))
        if function in REWRITES:
            return REWRITES[function](*inputs)
        raise _no_rule(function)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if function in RULES and not kwargs:
            return apply(function, args)
        if function in CONSTANT:
            return function(*map(plain, args), **kwargs)
        if function in REWRITES:
            return _rewritten(function, args, kwargs)
        raise _no_rule(function)


def _rewritten(function: Callable, args: tuple, kwargs: dict) -> Any:
    """Compute a function by the way in which the table writes it with others."""
    other = REWRITES[function]
    try:
        return other(*args, **kwargs)
    except TypeError as error:
        if not kwargs or _accepts(other, args, kwargs):
            raise
        raise TypeError(
            f"np.{function.__name__}: expected the arguments {inspect.signature(other)} here, got "
            f"{', '.join(f'{name}=' for name in kwargs)}; leave out what is not among them, or "
            "write the function with others"
        ) from error


def _accepts(function: Callable, args: tuple, kwargs: dict) -> bool:
    try:
        inspect.signature(function).bind(*args, **kwargs)
    except TypeError:
        return False
    return True


def _no_rule(function: Callable) -> TypeError:
    name = getattr(function, "__name__", str(function))
    return TypeError(
        f"the tape has no rule for {name}. Write it with functions that have one, or teach the "
        "tape its derivative with mlphys.derivatives.operations.primitive."
    )
