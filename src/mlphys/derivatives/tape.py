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
import gc
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import ndarray

from mlphys.derivatives.operations import RULES
from mlphys.derivatives.tape_ends import checked_input, checked_objective, finished
from mlphys.derivatives.variable import Variable, is_complex

__all__ = ["Tape", "Variable", "gradient", "value_and_gradient"]

SMALL = 4096  # elements; arrays up to this size are compared with what they were when first used

_levels = itertools.count()


class Tape:
    """The record of a computation: parallel lists, one entry for each operation or input.

    The lists hold numbers, arrays and tuples of these. Python's cyclic garbage collector takes no
    notice of such objects, so that the millionth operation costs little more than the first.

    Attributes
    ----------
    values : list
        The result of each line.
    functions : list
        How it came about; None for an input.
    uses : list of tuple
        From what: the value of the first argument, the line that defined it, the value of the
        second, and so on. In place of the line None for a constant. Empty for an input.
    """

    __slots__ = ("copies", "functions", "level", "locked", "uses", "values")

    def __init__(self):
        self.level = next(_levels)  # an inner tape has the larger number
        self.values, self.functions, self.uses = [], [], []
        self.locked, self.copies = [], []

    def variable(self, value: Any) -> Variable:
        """Return a new variable: an input, from which the computation starts."""
        self.lock(value)
        return self.record(None, (), value)

    def record(self, function: Any, uses: tuple, value: Any) -> Variable:
        """Write one line; return the variable for its result."""
        if type(value) is ndarray:
            # The name write= would double the time.
            value.setflags(False)  # type: ignore[reportCallIssue]
        variable, values = Variable(), self.values
        variable.value, variable.tape, variable.index = value, self, len(values)
        values.append(value)
        self.functions.append(function)
        self.uses.append(uses)
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
        values, functions, uses = self.values, self.functions, self.uses
        sums: list = [None] * len(values)
        sums[result.index] = seed
        for i in range(result.index, -1, -1):
            g, use = sums[i], uses[i]
            if g is None or not use:  # the result does not depend on it, or it is an input
                continue
            y, rules = values[i], RULES[functions[i]]
            if not keep:
                sums[i] = values[i] = uses[i] = None
            if len(use) == 4 and type(g) is float:  # numbers: as below, without calls of _fit
                a, j, b, k = use
                if j is not None:
                    s = rules[0](g, y, a, b)
                    s = s if type(s) is float else _fit(s, a)
                    sums[j] = s if sums[j] is None else sums[j] + s
                if k is not None:
                    s = rules[1](g, y, a, b)
                    s = s if type(s) is float else _fit(s, b)
                    sums[k] = s if sums[k] is None else sums[k] + s
            elif len(use) == 4:
                _pass_to_two(sums, rules, g, y, use)
            else:
                args = use[::2]
                for k, j in enumerate(use[1::2]):
                    if j is not None and sums[j] is None:
                        sums[j] = _fit(rules[k](g, y, *args), args[k])
                    elif j is not None:  # NumPy writes a long sum over its nameless second term
                        sums[j] = sums[j] + _fit(rules[k](g, y, *args), args[k])
        return sums

    def lock(self, array: Any) -> None:
        """Make an array read-only until the tape closes: replay needs its present value."""
        locked = self.locked
        owner, before = array, len(locked)
        while isinstance(owner, ndarray):
            if owner.flags.writeable:
                owner.setflags(False)  # type: ignore[reportCallIssue]
                locked.insert(before, owner)  # owners before their views
            owner = owner.base
        if len(locked) > before and array.size <= SMALL:  # an older view can still write to it
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
        for array in self.locked:
            array.setflags(True)
        del self.values, self.functions, self.uses, self.locked, self.copies

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(
            "a variable was used after its tape had been closed: expected all work to happen "
            "inside the differentiated function. Return what you need from there."
        )


def _pass_to_two(sums: list, rules: Any, g: Any, y: Any, use: tuple) -> None:
    """Add what one line passes to its two arguments: most lines have two, and a loop costs more."""
    a, j, b, k = use
    if j is not None and sums[j] is None:
        sums[j] = _fit(rules[0](g, y, a, b), a)
    elif j is not None:
        sums[j] = sums[j] + _fit(rules[0](g, y, a, b), a)
    if k is not None and sums[k] is None:
        sums[k] = _fit(rules[1](g, y, a, b), b)
    elif k is not None:
        sums[k] = sums[k] + _fit(rules[1](g, y, a, b), b)


def _fit(s: Any, x: Any) -> Any:
    """Return a sensitivity in the shape of its quantity x: summed over axes that were broadcast."""
    if type(s) is ndarray and type(x) is ndarray and s.dtype is x.dtype:  # most often
        if s.shape == x.shape:
            return s
        if s.shape[1:] == x.shape:
            return np.add.reduce(s)
    shape, mine = getattr(x, "shape", ()), getattr(s, "shape", ())
    if mine != shape:
        extra = len(mine) - len(shape)
        axes = [k for k in range(len(mine)) if k < extra or shape[k - extra] != mine[k]]
        s = s.sum(axis=tuple(axes)).reshape(shape)
    return np.real(s) if is_complex(s) and not is_complex(x) else s


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
        tape, given, collecting = Tape(), list(args), gc.isenabled()
        gc.disable()  # a tape has no cycles; looking for them would cost a tenth of the time
        try:
            for k in chosen:
                given[k] = tape.variable(checked_input(given[k], k))
            value = checked_objective(_run(f, given))
            used = type(value) is Variable and value.tape is tape
            sums = tape.sensitivities(value, keep=False) if used else [None] * len(tape.values)
            found, taken = [], set()
            for k in chosen:
                found.append(finished(sums[given[k].index], given[k].value, taken))
        finally:
            tape.close()
            if collecting:
                gc.enable()
        gradients = tuple(found) if isinstance(argnums, tuple) else found[0]
        return value.value if used else value, gradients

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
