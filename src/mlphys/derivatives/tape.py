"""A reverse-mode engine: record a computation on a tape, replay it backwards.

A :class:`Variable` stands for a number or an array. It can be used wherever NumPy takes an array;
each operation computes its value at once and writes one line on the :class:`Tape`: the function,
its arguments, where on the tape these were defined, and the value. Backwards, every line passes
its sensitivity on to its arguments, by the rules of :mod:`mlphys.derivatives.operations`. A line
only refers to earlier ones, so replay is one loop: no recursion, no sorting.

Values may be variables of another, outer tape. Then the backward pass, which is plain NumPy, is
itself recorded there: ``gradient(gradient(f))`` needs no further machinery.

Conventions. The objective is one real number L. The sensitivity of a complex quantity u + iv is
dL/du + i dL/dv, the direction in which L grows fastest (PyTorch and TensorFlow agree; JAX gives the
conjugate). The chapter is *A tape engine*.
"""

import functools
import itertools
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from mlphys.derivatives.operations import CONSTANT, REWRITES, RULES, UFUNCS

__all__ = ["Tape", "Variable", "gradient", "value_and_gradient"]

_levels = itertools.count()
_new = object.__new__


class Tape:
    """The record of a computation, one entry for each operation in every list.

    The lists are parallel, and hold numbers, arrays and tuples of these alone: of such objects
    Python's cyclic garbage collector takes no notice, so that a million operations cost a
    million times as much as one.

    Attributes
    ----------
    values : list
        Result of each operation (an input is an entry without a function).
    functions, arguments : list
        What was computed: ``functions[i](*arguments[i])`` gives ``values[i]``.
    parents : list of tuple
        For each argument the entry that defined it, None for a constant.
    """

    __slots__ = ("arguments", "functions", "level", "locked", "parents", "values")

    def __init__(self):
        self.level = next(_levels)
        self.values: list = []
        self.functions: list = []
        self.arguments: list = []
        self.parents: list = []
        self.locked: list = []

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(
            "a variable was used after its tape had been replayed: expected all work to happen "
            "inside the differentiated function. Return what you need from it."
        )

    def variable(self, value: Any) -> "Variable":
        """Return a new variable with a value: an input, from which the tape starts."""
        return self.record(None, (), (), value)

    def record(self, function: Any, arguments: tuple, parents: tuple, value: Any) -> "Variable":
        """Write one line on the tape; return the variable for its result."""
        values = self.values
        variable = _new(Variable)
        variable.value, variable.tape, variable.index = value, self, len(values)
        values.append(value)
        self.functions.append(function)
        self.arguments.append(arguments)
        self.parents.append(parents)
        return variable

    def lock(self, array: Any) -> None:
        """Make an array read-only until the tape closes: the replay needs its present value."""
        while isinstance(array, np.ndarray):
            if array.flags.writeable:
                array.flags.writeable = False
                self.locked.append(array)
            array = array.base

    def close(self) -> None:
        """Give back the memory and unlock the arrays; further use of the variables is an error."""
        for array in reversed(self.locked):
            array.flags.writeable = True
        del self.values, self.functions, self.arguments, self.parents, self.locked

    def sensitivities(self, result: "Variable", seed: Any = 1.0) -> list:
        """Return the accumulator of every entry: how the result answers to a nudge of it.

        Parameters
        ----------
        result : Variable
            Where the replay starts, with sensitivity ``seed``.

        Returns
        -------
        list
            One sensitivity for each entry of the tape; None where the result does not depend
            on it.
        """
        values, functions = self.values, self.functions
        arguments, parents = self.arguments, self.parents
        accumulators: list = [None] * len(values)
        accumulators[result.index] = seed
        for i in range(result.index, -1, -1):
            g = accumulators[i]
            if g is None or not parents[i]:
                continue
            y, args = values[i], arguments[i]
            for rule, j in zip(RULES[functions[i]], parents[i]):  # noqa: B905 (speed)
                if j is None:
                    continue
                s = rule(g, y, *args)
                if type(s) is not float:
                    s = _fit(s, values[j])
                a = accumulators[j]
                accumulators[j] = s if a is None else a + s
        return accumulators


def _fit(s: Any, x: Any) -> Any:
    """Return a sensitivity in the shape of its quantity: sums over axes that were broadcast."""
    shape, mine = getattr(x, "shape", ()), getattr(s, "shape", ())
    if mine != shape:
        extra = len(mine) - len(shape)
        axes = [k for k in range(len(mine)) if k < extra or shape[k - extra] != mine[k]]
        s = np.reshape(np.sum(s, axis=tuple(axes)), shape)
    if _is_complex(s) and not _is_complex(x):
        s = s.real
    return s


def _is_complex(x: Any) -> bool:
    return x.dtype.kind == "c" if hasattr(x, "dtype") else type(x) is complex


def _plain(x: Any) -> Any:
    """Return the number or array under a variable, whatever tapes it is on."""
    while type(x) is Variable:
        x = x.value
    return x


def apply(function: Callable, arguments: tuple) -> Any:
    """Compute ``function(*arguments)`` and record it on the innermost tape of its arguments."""
    tape = max((a.tape for a in arguments if type(a) is Variable), key=lambda t: t.level)
    mine = [type(a) is Variable and a.tape is tape for a in arguments]
    raw = tuple([a.value if m else a for a, m in zip(arguments, mine, strict=True)])
    value = function(*raw)
    for a in raw:
        if isinstance(a, np.ndarray):
            tape.lock(a)
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    parents = tuple([a.index if m else None for a, m in zip(arguments, mine, strict=True)])
    return tape.record(function, raw, parents, value)


def _method(function: Callable) -> tuple[Callable, Callable]:
    """Return the methods ``x ∘ other`` and ``other ∘ x`` of an arithmetic operation."""

    def forward(self, other):
        if type(other) is Variable and other.tape is self.tape:
            a, b, parents = self.value, other.value, (self.index, other.index)
        elif type(other) is float or type(other) is int:
            a, b, parents = self.value, other, (self.index, None)
        else:
            return apply(function, (self, other))
        return self.tape.record(function, (a, b), parents, function(a, b))

    def backward(self, other):
        return apply(function, (other, self))

    return forward, backward


class Variable:
    """A number or array whose history is on a tape; behaves as NumPy's arrays do."""

    __slots__ = ("index", "tape", "value")
    value: Any
    tape: Tape
    index: int

    __add__, __radd__ = _method(operator.add)
    __sub__, __rsub__ = _method(operator.sub)
    __mul__, __rmul__ = _method(operator.mul)
    __truediv__, __rtruediv__ = _method(operator.truediv)
    __pow__, __rpow__ = _method(operator.pow)
    __matmul__, __rmatmul__ = _method(operator.matmul)
    __neg__ = lambda self: apply(operator.neg, (self,))
    __abs__ = lambda self: apply(np.absolute, (self,))
    __lt__ = lambda self, other: _plain(self) < _plain(other)
    __le__ = lambda self, other: _plain(self) <= _plain(other)
    __gt__ = lambda self, other: _plain(self) > _plain(other)
    __ge__ = lambda self, other: _plain(self) >= _plain(other)
    __eq__ = lambda self, other: _plain(self) == _plain(other)
    __ne__ = lambda self, other: _plain(self) != _plain(other)
    __hash__ = None  # type: ignore[assignment]
    __bool__ = lambda self: bool(_plain(self))
    __len__ = lambda self: len(_plain(self))
    __getitem__ = lambda self, key: apply(operator.getitem, (self, key))

    shape = property(lambda self: getattr(self.value, "shape", ()))
    ndim = property(lambda self: len(self.shape))
    size = property(lambda self: int(np.prod(self.shape)))
    dtype = property(lambda self: np.asarray(_plain(self)).dtype)
    real = property(lambda self: np.real(self) if _is_complex(self) else self)
    imag = property(lambda self: np.imag(self))
    T = property(lambda self: np.transpose(self))

    def conjugate(self):
        """Return the complex conjugate; a real variable is its own."""
        return np.conjugate(self) if _is_complex(self) else self

    conj = conjugate
    sum = lambda self, axis=None, keepdims=False: np.sum(self, axis=axis, keepdims=keepdims)
    mean = lambda self, axis=None, keepdims=False: np.mean(self, axis=axis, keepdims=keepdims)
    max = lambda self, axis=None, keepdims=False: np.max(self, axis=axis, keepdims=keepdims)
    min = lambda self, axis=None, keepdims=False: np.min(self, axis=axis, keepdims=keepdims)
    dot = lambda self, other: np.dot(self, other)
    ravel = lambda self: np.reshape(self, (-1,))
    transpose = lambda self, *axes: np.transpose(self, axes or None)

    def reshape(self, *shape):
        """Return the same elements in another shape."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape)

    def __iter__(self):
        return (self[k] for k in range(len(self)))

    def __repr__(self) -> str:
        return f"Variable({_plain(self)!r})"

    def __setitem__(self, key, value):
        raise TypeError(
            "x[...] = value would overwrite what the backward pass needs. Build a new array "
            "instead: np.where(mask, value, x), np.concatenate or np.stack."
        )

    def __array__(self, dtype=None, copy=None):
        raise TypeError(
            "NumPy asked for the bare numbers of a variable, which would cut it off its tape. "
            "Expected a function of the table mlphys.derivatives.operations.RULES; for a list of "
            "variables use np.stack, for the numbers alone x.value."
        )

    def __float__(self):
        raise TypeError(
            "float(x), or a function of the module math, would cut the variable off its tape. "
            "Use NumPy's functions (np.sin, not math.sin), or x.value for the number alone."
        )

    __int__ = __complex__ = __index__ = __float__

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        function = UFUNCS.get(ufunc, ufunc)
        if method != "__call__" or options:
            raise TypeError(
                f"np.{ufunc.__name__}: the tape records plain calls, not "
                f"{'the method ' + method if method != '__call__' else ', '.join(options)}. "
                "Write the result to a new array (no out=, where=, dtype=); "
                "reduce with np.sum, np.max or np.min."
            )
        if function in CONSTANT:
            return function(*map(_plain, inputs))
        if function not in RULES:
            raise _no_rule(function)
        return apply(function, inputs)

    def __array_function__(self, function, types, args, kwargs):
        if function in CONSTANT:
            return function(*map(_plain, args), **kwargs)
        if function in REWRITES:
            return REWRITES[function](*args, **kwargs)
        if function not in RULES:
            raise _no_rule(function)
        return apply(function, args + tuple(kwargs.values()))


def _no_rule(function: Callable) -> TypeError:
    name = getattr(function, "__name__", str(function))
    return TypeError(
        f"the tape has no rule for {name}. Write it with functions that have one, or teach it "
        "the derivative with mlphys.derivatives.operations.primitive."
    )


def value_and_gradient(f: Callable, argnums: int | tuple[int, ...] = 0) -> Callable:
    """Return a function that computes f and its gradient together.

    Parameters
    ----------
    f : callable
        ``f(*args)`` returns one real number, computed with operators and NumPy's functions.
    argnums : int or tuple of int
        Which positional arguments to differentiate by: real or complex numbers or arrays.

    Returns
    -------
    callable
        ``(*args) -> (value, gradient)``; the gradient has the shape of its argument, and is a
        tuple where ``argnums`` is one.

    Raises
    ------
    TypeError
        When called: if an argument is not floating point, or ``f`` does what a tape cannot follow.
    ValueError
        When called: if the result of ``f`` is not one real number, or if ``f`` changes an array
        in place that the backward pass needs.

    Examples
    --------
    >>> energy = lambda x: 0.5 * np.sum(x**2)
    >>> value, slope = value_and_gradient(energy)(np.array([3.0, 4.0]))
    >>> float(value), slope
    (12.5, array([3., 4.]))
    """
    chosen = argnums if isinstance(argnums, tuple) else (argnums,)

    @functools.wraps(f)
    def evaluate(*args: Any) -> tuple:
        tape, inputs, args = Tape(), [], list(args)
        try:
            for k in chosen:
                args[k] = tape.variable(_checked_input(args[k], k))
                tape.lock(args[k].value)
                inputs.append(args[k])
            value = _run(f, args)
            if type(value) is not Variable or value.tape is not tape:
                _check_objective(value)
                return value, _out([np.zeros_like(_plain(x.value)) for x in inputs], argnums)
            _check_objective(value)
            found = tape.sensitivities(value)
            gradients = [_finished(found[x.index], x.value) for x in inputs]
            return value.value, _out(gradients, argnums)
        finally:
            tape.close()

    return evaluate


def _out(gradients: list, argnums: Any) -> Any:
    return tuple(gradients) if isinstance(argnums, tuple) else gradients[0]


def _run(f: Callable, args: list) -> Any:
    try:
        return f(*args)
    except ValueError as error:
        if "read-only" not in str(error):
            raise
        raise ValueError(
            "an array that the tape has used was changed in place, but the backward pass needs "
            "its old value. Expected arrays to stay as they are inside the differentiated "
            "function: change a copy (a.copy()), or build a new array."
        ) from error


def _checked_input(x: Any, k: int) -> Any:
    if type(x) is Variable or type(x) is float or type(x) is complex:
        return x
    kind = np.asarray(x).dtype.kind
    if kind not in "fc":
        raise TypeError(
            f"argument {k}: expected floating-point numbers, since a derivative asks what a small "
            f"change does; got {np.asarray(x).dtype}. Convert with np.asarray(x, dtype=float)."
        )
    return np.asarray(x) if isinstance(x, list | tuple) else x


def _check_objective(value: Any) -> None:
    shape = getattr(value, "shape", ())
    if shape != ():
        raise ValueError(
            f"the objective must be one number; got an array of shape {shape}. Reduce it (np.sum, "
            "np.mean), or pick one element."
        )
    if _is_complex(value):
        raise ValueError(
            "the objective must be real; got a complex number. Take .real, .imag or abs(...)**2."
        )


def _finished(g: Any, x: Any) -> Any:
    """Return a gradient that shares no memory with anything else."""
    if g is None:
        return np.zeros_like(x) if isinstance(x, np.ndarray) else 0.0
    return np.array(g, dtype=x.dtype) if isinstance(g, np.ndarray) else g


def gradient(f: Callable, argnums: int | tuple[int, ...] = 0) -> Callable:
    """Return a function that computes the gradient of f; see :func:`value_and_gradient`.

    Examples
    --------
    >>> cube = lambda x: x**3
    >>> gradient(cube)(2.0), gradient(gradient(cube))(2.0)
    (12.0, 12.0)
    """
    both = value_and_gradient(f, argnums)
    return functools.wraps(f)(lambda *args: both(*args)[1])
