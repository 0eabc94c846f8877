"""A reverse-mode engine: record a computation on a tape, replay it backwards.

Each operation on a :class:`Variable` writes one line on its :class:`Tape`: the function, the values
of its arguments, the lines that defined these, and the result. Backwards, every line passes its
sensitivity on to its arguments, by the rules of :mod:`mlphys.derivatives.operations`. A line refers
to earlier lines only, so that replay is one loop: no recursion, no sorting.

Values may be variables of another, outer tape. Then the backward pass, which is plain NumPy, is
itself recorded there: ``gradient(gradient(f))`` needs no further machinery.

Conventions. The objective is one real number L. The sensitivity of a complex quantity u + iv is
dL/du + i dL/dv, the direction in which L grows fastest, as in PyTorch and TensorFlow; JAX gives the
conjugate.

Chapter: ``book/derivatives/tape.md``.
"""

import functools
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from mlphys.derivatives.operations import RULES
from mlphys.derivatives.variable import Variable, is_complex, plain

__all__ = ["Tape", "Variable", "gradient", "value_and_gradient"]

SMALL = 4096  # elements; arrays up to this size are compared with what they were when first used

_levels = itertools.count()
_new = object.__new__


class Tape:
    """The record of a computation: parallel lists, one entry for each operation or input.

    The lists hold numbers, arrays and tuples of these. Python's cyclic garbage collector takes no
    notice of such objects, so that the millionth operation costs as much as the first.

    Attributes
    ----------
    values : list
        The result of each line.
    functions, arguments : list
        How it came about: ``functions[i](*arguments[i])`` is ``values[i]``; None and () for an
        input.
    parents : list of tuple
        For each argument the line that defined it, None where that is a constant.
    """

    __slots__ = ("arguments", "copies", "functions", "level", "locked", "parents", "values")

    def __init__(self):
        self.level = next(_levels)  # an inner tape has the larger number
        self.values: list = []
        self.functions: list = []
        self.arguments: list = []
        self.parents: list = []
        self.locked: list = []
        self.copies: list = []

    def variable(self, value: Any) -> Variable:
        """Return a new variable: an input, from which the computation starts."""
        self.lock(value)
        return self.record(None, (), (), value)

    def record(self, function: Any, arguments: tuple, parents: tuple, value: Any) -> Variable:
        """Write one line; return the variable for its result."""
        if type(value) is np.ndarray:
            value.setflags(write=False)
        variable = _new(Variable)
        variable.value, variable.tape, variable.index = value, self, len(self.values)
        self.values.append(value)
        self.functions.append(function)
        self.arguments.append(arguments)
        self.parents.append(parents)
        return variable

    def sensitivities(self, result: Variable, seed: Any = 1.0, *, keep: bool = True) -> list:
        """Return the accumulator of every line: how the result answers to a nudge of it.

        Parameters
        ----------
        result : Variable
            Where the replay starts.
        seed : number or array
            Its own sensitivity, of its shape.
        keep : bool
            With False only the accumulators of inputs are kept, and the tape is used up: memory is
            given back on the way.

        Returns
        -------
        list
            One sensitivity for each line; None where the result does not depend on it.

        Raises
        ------
        ValueError
            If an array that the tape has used was changed in the meantime.
        """
        self._check_copies()
        values, functions = self.values, self.functions
        arguments, parents = self.arguments, self.parents
        sums: list = [None] * len(values)
        sums[result.index] = seed
        for i in range(result.index, -1, -1):
            g = sums[i]
            if g is None or functions[i] is None:
                continue
            y, args, rules = values[i], arguments[i], RULES[functions[i]]
            if not keep:
                sums[i] = values[i] = arguments[i] = None
            if type(rules) is tuple and len(rules) == 2:  # most often; loops would cost twice this
                (left, right), (j, k), (a, b) = rules, parents[i], args
                if j is not None:
                    s = left(g, y, a, b)
                    s = s if type(s) is float else _fit(s, values[j])
                    sums[j] = s if sums[j] is None else sums[j] + s
                if k is not None:
                    s = right(g, y, a, b)
                    s = s if type(s) is float else _fit(s, values[k])
                    sums[k] = s if sums[k] is None else sums[k] + s
            else:
                for rule, j in zip(rules, parents[i]):  # noqa: B905 (some rules never end)
                    if j is not None:
                        s = _fit(rule(g, y, *args), values[j])
                        sums[j] = s if sums[j] is None else sums[j] + s
        return sums

    def lock(self, array: Any) -> None:
        """Make an array read-only until the tape closes: replay needs its present value."""
        owner: Any = array
        before = len(self.locked)
        while isinstance(owner, np.ndarray):
            if owner.flags.writeable:
                owner.setflags(write=False)
                self.locked.append(owner)
            owner = owner.base
        if len(self.locked) > before and array.size <= SMALL:  # an older view can still write to it
            self.copies.append((array, array.tobytes()))

    def _check_copies(self) -> None:
        for array, before in self.copies:
            if array.tobytes() != before:
                raise ValueError(
                    f"aliasing: an array of shape {array.shape} that the tape has used was changed "
                    "afterwards through another array that shares its memory (a view). Expected "
                    "it to stay as it was: write to a copy, a.copy()."
                )

    def close(self) -> None:
        """Unlock the arrays and give back the memory; to use a variable further is an error."""
        for array in sorted(self.locked, key=lambda a: a.base is not None):  # owners before views
            array.setflags(write=True)
        del self.values, self.functions, self.arguments, self.parents, self.locked, self.copies

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(
            "a variable was used after its tape had been closed: expected all work to happen "
            "inside the differentiated function. Return what you need from there."
        )


def _fit(s: Any, x: Any) -> Any:
    """Return a sensitivity in the shape of its quantity x: summed over axes that were broadcast."""
    shape, mine = getattr(x, "shape", ()), getattr(s, "shape", ())
    if mine != shape:
        extra = len(mine) - len(shape)
        axes = [k for k in range(len(mine)) if k < extra or shape[k - extra] != mine[k]]
        s = s.sum(axis=tuple(axes)).reshape(shape)
    if getattr(s, "dtype", None) is getattr(x, "dtype", 0):  # most often
        return s
    return s.real if is_complex(s) and not is_complex(x) else s


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
        ``(*args) -> (value, gradient)``. The gradient has the shape of its argument; it is a tuple
        where ``argnums`` is one.

    Raises
    ------
    TypeError
        When called: if an argument is not floating point, or ``f`` does what a tape cannot follow.
    ValueError
        When called: if the result of ``f`` is not one real number, or if ``f`` changes an array
        that the backward pass needs.

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
        tape, given = Tape(), list(args)
        try:
            for k in chosen:
                given[k] = tape.variable(_checked_input(given[k], k))
            value = _checked_objective(_run(f, given))
            used = type(value) is Variable and value.tape is tape
            sums = tape.sensitivities(value, keep=False) if used else [None] * len(tape.values)
            found: list = []
            for k in chosen:
                found.append(_finished(sums[given[k].index], given[k].value, found))
        finally:
            tape.close()
        value = value.value if used else value
        return value, tuple(found) if isinstance(argnums, tuple) else found[0]

    return evaluate


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


def _run(f: Callable, args: list) -> Any:
    try:
        return f(*args)
    except ValueError as error:
        if "read-only" not in str(error):
            raise
        raise ValueError(
            "an array that the tape has used was changed in place, but the backward pass needs "
            "its old value. Expected arrays to stay as they are while the function runs: change a "
            "copy (a.copy()), or build a new array."
        ) from error


def _checked_input(x: Any, k: int) -> Any:
    if type(x) is Variable or type(x) is float or type(x) is complex:
        return x
    kind = x.dtype if isinstance(x, np.ndarray) else np.asarray(x).dtype
    if kind.kind not in "fc":
        raise TypeError(
            f"argument {k}: expected floating-point numbers, since a derivative asks what a small "
            f"change does; got {kind}. Write 2.0 for 2, or convert: np.asarray(x, dtype=float)."
        )
    return x if isinstance(x, np.ndarray | np.generic) else np.asarray(x)


def _checked_objective(value: Any) -> Any:
    number = plain(value)
    if isinstance(number, float):  # NumPy's float64 is one, too
        return value
    shape, kind = np.shape(number), np.asarray(number).dtype.kind
    if shape != ():
        raise ValueError(
            f"the objective must be one number; got an array of shape {shape}. Reduce it (np.sum, "
            "np.mean), pick one element, or use mlphys.derivatives.higher_derivatives.jacobian."
        )
    if kind not in "fiu":
        kinds = {"c": "a complex number: take .real, .imag or abs(...)**2"}
        raise ValueError(
            f"the objective must be a real number; got {kinds.get(kind, type(number).__name__)}."
        )
    return value


def _finished(s: Any, x: Any, others: list) -> Any:
    """Return a sensitivity as a gradient: of the type of x, in memory that nothing else uses."""
    if type(s) is Variable:
        return s
    x = plain(x)
    if isinstance(x, np.ndarray):
        if s is None:
            return np.zeros_like(x)
        own = isinstance(s, np.ndarray) and s.flags.owndata and s.flags.writeable
        if own and s.dtype == x.dtype and not any(s is g for g in others):
            return s
        return np.array(s, dtype=x.dtype)
    return type(x)(0.0 if s is None else s)
