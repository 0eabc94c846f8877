"""Differentiation as a transformation: from the graph of a function to the graph of its gradient.

A :class:`Symbol` is a number without a value. Python code that runs on symbols leaves its operations
in a :class:`Builder`: that is how tracing works. The backward pass runs on symbols too, so that it
does not compute a gradient: it *writes* one, as further nodes.

Chapter: ``book/physics/graphs.md``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from mlphys.physics.graphs import Graph, Node

__all__ = ["Builder", "Symbol", "chain_sum", "gradient_graph", "trace", "tree_sum"]

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
    "sqrt": lambda a: a**0.5,
}


class Symbol:
    """A number that has no value yet: it knows its builder and the number of its node."""

    __array_ufunc__ = None  # NumPy leaves operators with arrays and its own numbers to us
    __slots__ = ("builder", "index")

    def __init__(self, builder: Builder, index: int):
        self.builder, self.index = builder, index

    def __add__(self, other):
        return self.builder.operation("add", self, other)

    def __radd__(self, other):
        return self.builder.operation("add", other, self)

    def __sub__(self, other):
        return self.builder.operation("sub", self, other)

    def __rsub__(self, other):
        return self.builder.operation("sub", other, self)

    def __mul__(self, other):
        return self.builder.operation("mul", self, other)

    def __rmul__(self, other):
        return self.builder.operation("mul", other, self)

    def __truediv__(self, other):
        return self.builder.operation("div", self, other)

    def __rtruediv__(self, other):
        return self.builder.operation("div", other, self)

    def __neg__(self):
        return self.builder.operation("neg", self)

    def __pow__(self, exponent):
        if exponent == 0.5:
            return self.builder.operation("sqrt", self)
        if exponent == 2:
            return self * self
        raise ValueError(f"Symbol: expected an exponent 2 or 0.5; got {exponent!r}; use products")

    def __bool__(self):
        raise TypeError(
            "a Symbol has no value yet, so a comparison or an `if` cannot decide by it; expected "
            "code that does the same operations for all values. Choose before tracing."
        )

    __lt__ = __le__ = __gt__ = __ge__ = lambda self, other: self.__bool__()


class Builder:
    """Where symbols leave their operations.

    Examples
    --------
    >>> builder = Builder()
    >>> x = builder.input("x")
    >>> y = 2 * x + x
    >>> [node.op for node in builder.graph(y).nodes]
    ['input', 'const', 'mul', 'add']
    """

    def __init__(self, nodes: Sequence[Node] = ()):
        self.nodes = list(nodes)
        self.constants = {
            node.function(): k
            for k, node in enumerate(self.nodes)
            if node.op == "const" and node.function
        }

    def input(self, name: str) -> Symbol:
        """Return a new input."""
        return self._new(Node("input", (), name))

    def symbol(self, value: Any) -> Symbol:
        """Return a symbol as it is, and a number as a constant; equal numbers share a node.

        Raises
        ------
        TypeError
            For anything else, and for a symbol of another builder.
        """
        if isinstance(value, Symbol) and value.builder is self:
            return value
        if not isinstance(value, int | float):
            raise TypeError(
                f"Builder: expected a number or a symbol of this graph; got {type(value).__name__}; "
                "pass every quantity as an argument of the traced function"
            )
        value = float(value)
        if value not in self.constants:
            self.constants[value] = len(self.nodes)
            self._new(Node("const", (), f"{value:g}", lambda: value))
        return Symbol(self, self.constants[value])

    def operation(self, op: str, *arguments: Any) -> Symbol:
        """Return the symbol of a new operation."""
        inputs = tuple(self.symbol(argument).index for argument in arguments)
        return self._new(Node(op, inputs, "", FUNCTIONS[op]))

    def graph(self, *outputs: Symbol) -> Graph:
        """Return all nodes so far, with these results."""
        return Graph(tuple(self.nodes), tuple(output.index for output in outputs))

    def _new(self, node: Node) -> Symbol:
        self.nodes.append(node)
        return Symbol(self, len(self.nodes) - 1)


def trace(f: Callable[..., Any], names: Sequence[str]) -> Graph:
    """Return the graph of a function: run it once, on symbols.

    Parameters
    ----------
    f : callable
        Of as many numbers as there are names; uses + − * / and powers 2 and 0.5.
    names : sequence of str
        Names of the inputs.

    Raises
    ------
    TypeError
        If ``f`` decides by a value (``if x > 0``) or uses what has no symbol.

    Examples
    --------
    >>> from mlphys.physics.graphs import run, work
    >>> cube = trace(lambda x: x * x * x, "x")
    >>> work(cube), run(cube, [2.0])
    (2, [8.0])
    """
    builder = Builder()
    return builder.graph(builder.symbol(f(*map(builder.input, names))))


def gradient_graph(
    graph: Graph, *, total: Callable[[list[Any]], Any] | None = None, value: bool = False
) -> Graph:
    """Return a graph whose results are the derivatives of a graph's result by all its inputs.

    The nodes of the given graph come first, unchanged; then those of the walk back. Multiplications
    by the seed 1 are not written.

    Parameters
    ----------
    graph : Graph
        With one result, from :func:`trace` or from here.
    total : callable, optional
        Adds the contributions to one sensitivity; :func:`chain_sum` by default.
    value : bool
        Whether the result itself comes first.

    Raises
    ------
    ValueError
        If there is not exactly one result, or an operation without a rule.

    Examples
    --------
    >>> from mlphys.physics.graphs import run
    >>> run(gradient_graph(trace(lambda x, y: x * x / y, "xy")), [3.0, 2.0])
    [3.0, -2.25]
    """
    if len(graph.outputs) != 1:
        raise ValueError(f"gradient_graph: expected one result; got {len(graph.outputs)}")
    builder, add = Builder(graph.nodes), total or chain_sum
    parts: list[list[Any]] = [[] for _ in graph.nodes]
    parts[graph.outputs[0]].append(1.0)
    for k in reversed(range(len(graph.nodes))):
        node = graph.nodes[k]
        if parts[k] and node.op not in ("input", "const"):
            g = parts[k][0] if len(parts[k]) == 1 else add(parts[k])
            used = [Symbol(builder, j) for j in node.inputs]
            for j, contribution in zip(node.inputs, _backward(node.op, g, k, used), strict=True):
                if graph.nodes[j].op != "const":
                    parts[j].append(contribution())
    found = [
        builder.symbol(add(parts[k]) if parts[k] else 0.0)
        for k, node in enumerate(graph.nodes)
        if node.op == "input"
    ]
    first = [Symbol(builder, graph.outputs[0])] if value else []
    return builder.graph(*first, *found)


def _backward(op: str, g: Any, k: int, used: list[Symbol]) -> list[Callable[[], Any]]:
    """Return, for each argument, what writes its contribution: the rules of the chain rule."""
    a, b = used[0], used[-1]
    y = Symbol(a.builder, k)
    if op == "add":
        return [lambda: g, lambda: g]
    if op == "sub":
        return [lambda: g, lambda: -g]
    if op == "mul":
        return [lambda: _times(g, b), lambda: _times(g, a)]
    if op == "div":
        return [lambda: g / b, lambda: -(_times(g, y) / b)]
    if op == "neg":
        return [lambda: -g]
    if op == "sqrt":
        return [lambda: _times(g, 0.5) / y]
    raise ValueError(f"gradient_graph: expected one of {', '.join(FUNCTIONS)}; got {op!r}")


def _times(g: Any, factor: Any) -> Any:
    return factor if isinstance(g, float) and g == 1.0 else g * factor


def chain_sum(terms: Sequence[Any]) -> Any:
    """Return a sum made term by term, as a loop makes it: depth n − 1."""
    result = terms[0]
    for term in terms[1:]:
        result = result + term
    return result


def tree_sum(terms: Sequence[Any]) -> Any:
    """Return a sum made by pairs, then pairs of pairs: depth log₂ n, rounded up.

    Examples
    --------
    >>> tree_sum([1.0, 2.0, 3.0, 4.0, 5.0])
    15.0
    """
    level = list(terms)
    while len(level) > 1:
        pairs = [a + b for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0]
