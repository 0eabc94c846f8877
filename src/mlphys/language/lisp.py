"""The evaluator of a tiny Lisp: ``quote if define lambda let``, lexical scope, proper tail calls.

The evaluator is a loop with a stack of its own. The stack holds what waits for a value: an ``if``
for its condition, a call for its next argument. A call in *tail position*, one whose value is the
value of the caller, leaves nothing waiting, so that a loop written as recursion runs in constant
space. Other recursion is limited by memory alone, not by Python's own stack.

One namespace serves functions and other values, as in Scheme; the built-in functions are those of
:mod:`mlphys.language.lisp_primitives`. Chapter: ``book/language/machine.md``.

References
----------
J. McCarthy, Recursive functions of symbolic expressions and their computation by machine, part I,
Communications of the ACM 3 (1960) 184-195.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mlphys.language.lisp_primitives import PRIMITIVES, TRUE, Primitive
from mlphys.language.lisp_reader import read_all
from mlphys.language.lisp_trees import (
    Cons,
    LispError,
    Place,
    Symbol,
    elements,
    make_list,
    show,
)

__all__ = ["Environment", "Function", "evaluate", "global_environment", "run"]

SHAPES = {
    "quote": "(quote x)",
    "if": "(if condition then else)",
    "define": "(define name value) or (define (name argument ...) body ...)",
    "lambda": "(lambda (argument ...) body ...)",
    "let": "(let ((name value) ...) body ...)",
}


@dataclass(slots=True)
class Environment:
    """What names mean at one place of a program, and around it.

    Attributes
    ----------
    values : dict of str to value
        The names that were bound here.
    outer : Environment or None
        Where to look for the others.
    """

    values: dict[str, Any] = field(default_factory=dict)
    outer: Environment | None = None

    def lookup(self, symbol: Symbol) -> Any:
        """Return the value of a name; the innermost binding counts.

        Raises
        ------
        LispError
            If the name has no value.
        """
        scope: Environment | None = self
        while scope is not None:
            if symbol.name in scope.values:
                return scope.values[symbol.name]
            scope = scope.outer
        raise LispError(
            f"expected a name that has a value; got the unbound symbol {symbol.name}; "
            f"write (define {symbol.name} ...) before",
            symbol.place,
        )


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Function:
    """A function made by ``lambda``: names of its arguments, body, and where it was made."""

    names: tuple[str, ...]
    body: Any
    environment: Environment
    name: str = "lambda"

    def __repr__(self) -> str:
        return f"#<function {self.name}>"


def global_environment() -> Environment:
    """Return a fresh environment that holds the built-in functions.

    Examples
    --------
    >>> sorted(global_environment().values)[:5]
    ['*', '+', '-', '/', '<']
    """
    return Environment({"t": TRUE, **PRIMITIVES})


def run(
    text: str,
    environment: Environment | None = None,
    *,
    steps: int | None = None,
    watch: Callable[[int], object] | None = None,
) -> list[Any]:
    """Read a program, evaluate its expressions in order, and return their values.

    Parameters
    ----------
    text : str
        Program text.
    environment : Environment, optional
        Where to look names up and to define them; a fresh one by default.
    steps : int, optional
        Most steps that each expression may take; no limit by default.
    watch : callable, optional
        Is called before each step with the number of computations that wait for a value.

    Returns
    -------
    list
        One value for each expression; that of ``define`` is the symbol.

    Raises
    ------
    LispError
        With line and column, for text that is no Lisp and for programs that go wrong. The text is
        read as a whole before anything is evaluated.

    Examples
    --------
    >>> run("(define (square x) (* x x)) (square 12) (square 1/2)")
    [Symbol(name='square'), 144, Fraction(1, 4)]
    """
    scope = global_environment() if environment is None else environment
    return [evaluate(tree, scope, steps=steps, watch=watch) for tree in read_all(text)]


def evaluate(
    tree: Any,
    environment: Environment,
    *,
    steps: int | None = None,
    watch: Callable[[int], object] | None = None,
) -> Any:
    """Return the value of one expression.

    Parameters
    ----------
    tree : tree
        What :func:`mlphys.language.lisp_reader.read` returns.
    environment : Environment
        Where to look names up and to define them.
    steps, watch
        As for :func:`run`.

    Raises
    ------
    LispError
        With line and column where the tree was read from text.

    Examples
    --------
    >>> from mlphys.language.lisp_reader import read
    >>> evaluate(read("(let ((x 6) (y 7)) (* x y))"), global_environment())
    42
    """
    waiting: list[Any] = []
    scope: Environment | None = environment
    count = 0
    while True:
        if steps is not None and count >= steps:
            raise LispError(
                f"expected an end within {steps} steps; got none; "
                "look for a loop without an end, or raise steps"
            )
        count += 1
        if watch is not None:
            watch(len(waiting))
        # tree is an expression while there is a scope to evaluate it in, and a value when not
        if scope is not None:
            tree, scope = _enter(tree, scope, waiting)
        elif waiting:
            tree, scope = waiting.pop().resume(tree, waiting)
        else:
            return tree


Step = tuple[Any, Environment | None]


def _enter(tree: Any, scope: Environment, waiting: list[Any]) -> Step:
    """Take an expression one step: to its value, or to the part that must be evaluated first."""
    if isinstance(tree, Symbol):
        return scope.lookup(tree), None
    if not isinstance(tree, Cons):
        return tree, None
    head = tree.car
    if isinstance(head, Symbol) and head.name in SPECIAL:
        return SPECIAL[head.name](tree, scope, waiting)
    waiting.append(_Call(tree.place, scope, _parts(tree, "(function argument ...)"), []))
    return head, scope


def _quote(tree: Cons, scope: Environment, waiting: list[Any]) -> Step:
    del scope, waiting  # what is quoted is not evaluated
    parts = _parts(tree, SHAPES["quote"], least=2, most=2)
    return parts[1], None


def _if(tree: Cons, scope: Environment, waiting: list[Any]) -> Step:
    parts = _parts(tree, SHAPES["if"], least=3, most=4)
    waiting.append(_Choice(scope, parts[2], parts[3] if len(parts) == 4 else None))
    return parts[1], scope


def _define(tree: Cons, scope: Environment, waiting: list[Any]) -> Step:
    parts = _parts(tree, SHAPES["define"], least=3)
    if isinstance(parts[1], Cons):
        name, *arguments = _parts(parts[1], SHAPES["define"])
        _check_names([name], SHAPES["define"], tree.place)
        function = _function(arguments, parts[2:], scope, tree.place, name.name)
        scope.values[name.name] = function
        return name, None
    parts = _parts(tree, SHAPES["define"], least=3, most=3)
    _check_names([parts[1]], SHAPES["define"], tree.place)
    waiting.append(_Binding(scope, parts[1]))
    return parts[2], scope


def _lambda(tree: Cons, scope: Environment, waiting: list[Any]) -> Step:
    del waiting
    parts = _parts(tree, SHAPES["lambda"], least=3)
    arguments = _parts(parts[1], SHAPES["lambda"], place=tree.place)
    return _function(arguments, parts[2:], scope, tree.place), None


def _let(tree: Cons, scope: Environment, waiting: list[Any]) -> Step:
    """Rewrite ``(let ((x 6)) body)`` as ``((lambda (x) body) 6)``."""
    parts = _parts(tree, SHAPES["let"], least=3)
    pairs = [
        _parts(pair, SHAPES["let"], least=2, most=2, place=tree.place)
        for pair in _parts(parts[1], SHAPES["let"], place=tree.place)
    ]
    names, values = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    function = _function(names, parts[2:], scope, tree.place, "let")
    call = make_list([make_list([Symbol("quote"), function]), *values], tree.place)
    return _enter(call, scope, waiting)


SPECIAL: dict[str, Callable[[Cons, Environment, list[Any]], Step]] = {
    "quote": _quote,
    "if": _if,
    "define": _define,
    "lambda": _lambda,
    "let": _let,
}


@dataclass(slots=True)
class _Choice:
    """An ``if`` that waits for its condition."""

    scope: Environment
    then: Any
    otherwise: Any

    def resume(self, value: Any, waiting: list[Any]) -> Step:
        del waiting
        return (self.otherwise if value is None else self.then), self.scope


@dataclass(slots=True)
class _Binding:
    """A ``define`` that waits for its value."""

    scope: Environment
    symbol: Symbol

    def resume(self, value: Any, waiting: list[Any]) -> Step:
        del waiting
        self.scope.values[self.symbol.name] = value
        return self.symbol, None


@dataclass(slots=True)
class _Sequence:
    """A body with expressions left to evaluate; the value of the one before is dropped."""

    scope: Environment
    rest: Any

    def resume(self, value: Any, waiting: list[Any]) -> Step:
        del value
        if self.rest.cdr is not None:  # the last expression leaves nothing waiting: a tail call
            waiting.append(_Sequence(self.scope, self.rest.cdr))
        return self.rest.car, self.scope


@dataclass(slots=True)
class _Call:
    """A call that waits for its function or its next argument."""

    place: Place | None
    scope: Environment
    parts: list[Any]
    done: list[Any]

    def resume(self, value: Any, waiting: list[Any]) -> Step:
        self.done.append(value)
        if len(self.done) < len(self.parts):
            waiting.append(self)
            return self.parts[len(self.done)], self.scope
        function, *arguments = self.done
        if isinstance(function, Function):
            return self._enter(function, arguments, waiting)
        if not isinstance(function, Primitive):
            raise LispError(
                f"expected a function at the head of the list; got {show(function)}; "
                "quote the list if it is data",
                self.place,
            )
        try:
            return function(arguments), None
        except LispError as error:
            raise LispError(error.message, self.place) from None

    def _enter(self, function: Function, arguments: list[Any], waiting: list[Any]) -> Step:
        names = function.names
        if len(arguments) != len(names):
            raise LispError(
                f"expected {len(names)} arguments for {function.name} "
                f"({' '.join(names)}); got {len(arguments)}; correct the call",
                self.place,
            )
        scope = Environment(dict(zip(names, arguments, strict=True)), function.environment)
        return _Sequence(scope, function.body).resume(None, waiting)


def _function(
    names: list[Any], body: list[Any], scope: Environment, place: Place | None, name: str = "lambda"
) -> Function:
    """Return a function after a check of the names of its arguments."""
    _check_names(names, SHAPES["lambda"], place)
    words = tuple(symbol.name for symbol in names)
    if len(set(words)) < len(words):
        raise LispError(
            f"expected different names for the arguments of {name}; got {' '.join(words)}; "
            "rename one",
            place,
        )
    return Function(words, make_list(body), scope, name)


def _check_names(names: list[Any], shape: str, place: Place | None) -> None:
    for name in names:
        if not isinstance(name, Symbol):
            raise LispError(f"expected a name in {shape}; got {show(name)}; write a name", place)
        if name.name in SPECIAL or name.name == TRUE.name:
            raise LispError(
                f"expected a name that is free; got {name.name}, which has a fixed meaning; "
                "choose another",
                name.place,
            )


def _parts(
    tree: Any,
    shape: str,
    *,
    least: int = 0,
    most: int | None = None,
    place: Place | None = None,
) -> list[Any]:
    """Return the elements of a form after a check of their number."""
    where = getattr(tree, "place", None) or place
    if tree is not None and not isinstance(tree, Cons):
        raise LispError(f"expected {shape}; got {show(tree)}; add parentheses", where)
    try:
        parts = elements(tree)
    except LispError:
        raise LispError(f"expected {shape}; got {show(tree)}; remove the dot", where) from None
    if len(parts) < least or (most is not None and len(parts) > most):
        raise LispError(
            f"expected {shape}; got a list of {len(parts)}; correct its number of parts", where
        )
    return parts
