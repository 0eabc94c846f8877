"""Names and time: when a name is looked up, who remembers it, and how to do without deep stacks.

Chapter: ``book/language/execution.md``. The four families of multipliers differ only in the moment
at which ``k`` is looked up.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from operator import mul
from typing import Any, NamedTuple

__all__ = [
    "Call",
    "changed",
    "closure_boxes",
    "frame_depths",
    "late_multipliers",
    "make_counter",
    "multipliers_by_default",
    "multipliers_by_factory",
    "multipliers_by_partial",
    "run_calls",
    "shown_digits",
    "using_digits",
]

Multiplier = Callable[[float], float]


def late_multipliers(factors: Iterable[float]) -> list[Multiplier]:
    """Return functions that all multiply by the *last* factor: the pitfall itself.

    Each function looks ``k`` up when it is called, in the one frame in which the loop ran.

    Examples
    --------
    >>> [f(10) for f in late_multipliers(range(5, 10))]
    [90, 90, 90, 90, 90]
    """
    functions = []
    for k in factors:
        functions.append(lambda x: k * x)  # noqa: B023 - the defect is the point
    return functions


def multipliers_by_default(factors: Iterable[float]) -> list[Multiplier]:
    """Return one multiplier for each factor; a default value holds the factor.

    Examples
    --------
    >>> [f(10) for f in multipliers_by_default(range(5, 10))]
    [50, 60, 70, 80, 90]
    """
    functions = []
    for k in factors:
        functions.append(lambda x, k=k: k * x)
    return functions


def multipliers_by_factory(factors: Iterable[float]) -> list[Multiplier]:
    """Return one multiplier for each factor; each has a frame of its own to look ``k`` up in.

    Examples
    --------
    >>> [f(10) for f in multipliers_by_factory(range(5, 10))]
    [50, 60, 70, 80, 90]
    """

    def make_multiplier(k: float) -> Multiplier:
        return lambda x: k * x

    return [make_multiplier(k) for k in factors]


def multipliers_by_partial(factors: Iterable[float]) -> list[Multiplier]:
    """Return one multiplier for each factor; ``functools.partial`` stores the argument.

    Examples
    --------
    >>> [f(10) for f in multipliers_by_partial(range(5, 10))]
    [50, 60, 70, 80, 90]
    """
    return [partial(mul, k) for k in factors]


def make_counter(start: int = 0) -> Callable[[], int]:
    """Return a function that counts its own calls: ``start + 1``, ``start + 2``, ….

    Examples
    --------
    >>> first, second = make_counter(), make_counter(10)
    >>> first(), first(), second(), first()
    (1, 2, 11, 3)
    """
    count = start

    def step() -> int:
        nonlocal count
        count += 1
        return count

    return step


class function(list):  # the lower-case name is what a picture writes above the box
    """Stands for a function in a picture of objects: its items are the cells that it holds."""


class cell(list):
    """Stands for a cell of a closure in a picture of objects: its one item is what it holds."""


def closure_boxes(functions: Iterable[Any]) -> list[list[list[Any]]]:
    """Return for each function a box of the cells that its closure holds, ready to be drawn.

    Functions that share a cell share its box, so that
    :func:`mlphys.language.graph_pictures.draw_names` shows who looks a name up in the same place.

    Parameters
    ----------
    functions : iterable of function
        Python functions (not built-in ones, which have no closure).

    Returns
    -------
    list of list of list
        One box a function, holding one box a cell, holding the cell's content.

    Raises
    ------
    TypeError
        If something else than a Python function is given.

    Examples
    --------
    >>> late = closure_boxes(late_multipliers(range(5, 8)))
    >>> late, late[0][0] is late[2][0]
    ([[[7]], [[7]], [[7]]], True)
    """
    boxes: dict[int, list[Any]] = {}
    drawn: list[list[list[Any]]] = []
    for maker in functions:
        if not hasattr(maker, "__closure__"):
            raise TypeError(
                f"closure_boxes: expected functions made by def or lambda; got {maker!r}; "
                "built-in functions and partial objects have no closure"
            )
        held = maker.__closure__ or ()
        drawn.append(function(boxes.setdefault(id(c), cell([c.cell_contents])) for c in held))
    return drawn


def frame_depths(task: Callable[..., Any], *arguments: Any) -> list[int]:
    """Return how many frames of Python functions stood on the stack while a call ran.

    Parameters
    ----------
    task : callable
        What to call.
    *arguments
        What to call it with.

    Returns
    -------
    list of int
        The depth before the call, 0, and after each beginning and each end of a call that it
        made, itself included. Functions written in C make no frame and are not counted.

    Notes
    -----
    It uses the interpreter's hook for profilers (``sys.setprofile``) and puts back the one that was
    set before.

    Examples
    --------
    >>> def twice(f, x):
    ...     return f(f(x))
    >>> frame_depths(twice, lambda x: x + 1, 5)
    [0, 1, 2, 1, 2, 1, 0]
    """
    depths = [0]

    def watch(frame: Any, event: str, value: Any) -> None:
        del frame, value  # the hook's interface
        if event in ("call", "return"):
            depths.append(depths[-1] + (1 if event == "call" else -1))

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        task(*arguments)
    finally:
        sys.setprofile(before)
    return depths


class Call(NamedTuple):
    """A call that is described, not yet made: ``Call(f, (1, 2))`` stands for ``f(1, 2)``."""

    function: Callable[..., Any]
    arguments: tuple = ()


def run_calls(result: Any) -> Any:
    """Make described calls one after another until one returns something else (a trampoline).

    Parameters
    ----------
    result : object
        A :class:`Call`, or a finished result, which is returned as it is.

    Returns
    -------
    object
        The first result that is not a :class:`Call`. The stack never holds more than one of the
        functions, however many calls there are.

    Examples
    --------
    >>> def is_even(n):
    ...     return True if n == 0 else Call(is_odd, (n - 1,))
    >>> def is_odd(n):
    ...     return False if n == 0 else Call(is_even, (n - 1,))
    >>> run_calls(is_even(100_000))
    True
    """
    while isinstance(result, Call):
        result = result.function(*result.arguments)
    return result


@contextmanager
def changed(settings: MutableMapping[str, Any], **entries: Any) -> Iterator[None]:
    """Change entries of a dictionary inside a ``with`` block and restore them at its end.

    Parameters
    ----------
    settings : mutable mapping
        What to change, in place.
    **entries
        New values. Only existing keys are accepted, so that a misspelled one is an error.

    Raises
    ------
    KeyError
        If a key does not exist; nothing has been changed then.

    Examples
    --------
    >>> settings = {"step": 0.1}
    >>> with changed(settings, step=0.01):
    ...     print(settings)
    {'step': 0.01}
    >>> settings
    {'step': 0.1}
    """
    unknown = sorted(entries.keys() - settings.keys())
    if unknown:
        raise KeyError(f"changed: expected one of {sorted(settings)}; got {unknown}; add it first")
    before = {name: settings[name] for name in entries}
    settings.update(entries)
    try:
        yield
    finally:
        settings.update(before)


shown_digits: ContextVar[int] = ContextVar("shown_digits", default=6)
"""How many digits a report shows; each thread and each asynchronous task has its own value."""


@contextmanager
def using_digits(digits: int) -> Iterator[None]:
    """Set :data:`shown_digits` for all that is called inside a ``with`` block.

    Parameters
    ----------
    digits : int
        From 1 to 17, as many as a ``float`` can use.

    Raises
    ------
    ValueError
        If ``digits`` is outside 1 to 17.

    Examples
    --------
    >>> with using_digits(3):
    ...     print(shown_digits.get())
    3
    >>> shown_digits.get()
    6
    """
    if not 1 <= digits <= 17:
        raise ValueError(f"using_digits: expected 1 to 17; got {digits}; a float has 17 at most")
    token = shown_digits.set(digits)
    try:
        yield
    finally:
        shown_digits.reset(token)
