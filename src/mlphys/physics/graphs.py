"""Computations as graphs: count their operations, merge equal ones, find their critical path.

Vocabulary. A *node* is an input, a constant, or an operation on earlier nodes. The *work* of a graph
is the number of its operations; its *depth* is the number of operations on its longest chain, the
*critical path*. Each operation takes one step of one worker; inputs and constants take none.

Nothing here knows where a graph comes from. :mod:`mlphys.physics.graph_sources` makes graphs from
JAX and TensorFlow, :mod:`mlphys.physics.graph_gradient` from plain Python, and derivatives of those.

Chapter: ``book/physics/graphs.md``.

References
----------
A. V. Aho, M. S. Lam, R. Sethi, J. D. Ullman, *Compilers*, 2nd ed. (2006), section 6.1: value numbers.
R. P. Brent, J. ACM 21 (1974) 201, lemma 2: the bound on schedules.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

__all__ = [
    "Graph",
    "Node",
    "critical_path",
    "depth",
    "live",
    "merged",
    "operations",
    "run",
    "schedule",
    "shared",
    "work",
]

FREE = ("input", "const")  # nodes that cost nothing
COMMUTATIVE = ("add", "mul")  # a + b and b + a have the same digits


class Node(NamedTuple):
    """One line of a computation.

    Attributes
    ----------
    op : str
        ``"input"``, ``"const"``, or the name of the operation.
    inputs : tuple of int
        Numbers of the nodes that it works on, all smaller than its own.
    detail : str
        What else decides its value: the name of an input, the value of a constant, options.
    function : callable, optional
        Computes the value from those of ``inputs``; for a constant, without arguments.
    """

    op: str
    inputs: tuple[int, ...] = ()
    detail: str = ""
    function: Callable[..., Any] | None = None


class Graph(NamedTuple):
    """Nodes in an order in which they can be computed, and the numbers of the results."""

    nodes: tuple[Node, ...]
    outputs: tuple[int, ...]


def operations(graph: Graph) -> list[int]:
    """Return the numbers of all nodes that do something.

    Examples
    --------
    >>> x_squared = Graph((Node("input", (), "x"), Node("mul", (0, 0))), (1,))
    >>> operations(x_squared)
    [1]
    """
    return [k for k, node in enumerate(graph.nodes) if node.op not in FREE]


def work(graph: Graph) -> int:
    """Return the number of operations."""
    return len(operations(graph))


def live(graph: Graph) -> Graph:
    """Return the graph without operations and constants that no result depends on.

    All inputs stay.

    Examples
    --------
    >>> nodes = (Node("input", (), "x"), Node("sin", (0,)), Node("mul", (0, 0)))
    >>> work(live(Graph(nodes, (2,))))
    1
    """
    needed, waiting = set(), list(graph.outputs)
    while waiting:
        k = waiting.pop()
        if k not in needed:
            needed.add(k)
            waiting.extend(graph.nodes[k].inputs)
    needed |= {k for k, node in enumerate(graph.nodes) if node.op == "input"}
    return _kept(graph, sorted(needed), list(range(len(graph.nodes))))


def merged(graph: Graph) -> Graph:
    """Return the graph with each value computed once: common subexpressions are merged.

    Two operations are equal if they have the same name and options and work on equal nodes; the
    arguments of a sum or product of two may be exchanged. This changes no digit of any result.

    Examples
    --------
    >>> nodes = (Node("input", (), "x"), Node("mul", (0, 0)), Node("mul", (0, 0)), Node("add", (1, 2)))
    >>> work(Graph(nodes, (3,))), work(merged(Graph(nodes, (3,))))
    (3, 2)
    """
    numbers, first = _value_numbers(graph, {}), {}
    for k, number in enumerate(numbers):
        first.setdefault(number, k)
    return _kept(graph, sorted(first.values()), [first[number] for number in numbers])


def shared(graph: Graph, other: Graph) -> set[int]:
    """Return the operations of ``other`` whose values ``graph`` computes too.

    Parameters
    ----------
    graph, other : Graph
        With inputs of the same names.

    Returns
    -------
    set of int
        Numbers of nodes of ``other``.

    Examples
    --------
    >>> x, square = Node("input", (), "x"), Node("mul", (0, 0))
    >>> shared(Graph((x, square), (1,)), Graph((x, Node("neg", (0,)), square), (1, 2)))
    {2}
    """
    table: dict[Hashable, int] = {}
    known = set(_value_numbers(graph, table))
    numbers = _value_numbers(other, table)
    return {k for k in operations(other) if numbers[k] in known}


def depth(graph: Graph) -> int:
    """Return the number of operations on the longest chain: the time with unlimited workers."""
    levels = _levels(graph)
    return max((levels[k] for k in graph.outputs), default=0)


def critical_path(graph: Graph) -> list[int]:
    """Return the operations of a longest chain that ends in a result, first to last.

    Examples
    --------
    >>> nodes = (Node("input", (), "x"), Node("sin", (0,)), Node("mul", (0, 1)))
    >>> critical_path(Graph(nodes, (2,)))
    [1, 2]
    """
    levels, path = _levels(graph), []
    k = max(graph.outputs, key=lambda k: levels[k], default=None)
    while k is not None and levels[k]:
        path.append(k)
        k = max(graph.nodes[k].inputs, key=lambda j: levels[j], default=None)
    return path[::-1]


def schedule(graph: Graph, workers: int) -> list[tuple[int, ...]]:
    """Return what is computed in each step if ``workers`` operations can run at a time.

    Whoever is ready and has the longest way still ahead goes first. The number of steps is at least
    the depth and at least work / workers; by Brent's lemma it is at most their sum.

    Parameters
    ----------
    graph : Graph
        All operations are scheduled, needed or not.
    workers : int
        At least 1.

    Returns
    -------
    list of tuple of int
        Numbers of at most ``workers`` nodes a step.

    Raises
    ------
    ValueError
        If there is no worker.

    Examples
    --------
    >>> x, y = Node("input", (), "x"), Node("input", (), "y")
    >>> nodes = (x, y, Node("mul", (0, 0)), Node("mul", (1, 1)), Node("add", (2, 3)))
    >>> schedule(Graph(nodes, (4,)), 2)
    [(2, 3), (4,)]
    """
    if workers < 1:
        raise ValueError(f"schedule: expected workers >= 1; got {workers}; hire one")
    users, missing = _users(graph)
    ahead = _ways_ahead(graph, users)
    ready = {k for k in operations(graph) if not missing[k]}
    steps = []
    while ready:
        chosen = tuple(sorted(sorted(ready, key=lambda k: (-ahead[k], k))[:workers]))
        ready -= set(chosen)
        for k in chosen:
            for user in users[k]:
                missing[user] -= 1
                if not missing[user]:
                    ready.add(user)
        steps.append(chosen)
    return steps


def run(graph: Graph, values: Sequence[Any], order: Sequence[int] | None = None) -> list[Any]:
    """Return the results of a graph, computed in a given order.

    Parameters
    ----------
    graph : Graph
        Whose nodes have functions.
    values : sequence
        One value for each input, in the order of the input nodes.
    order : sequence of int, optional
        Numbers of operations; by default all, as they stand.

    Raises
    ------
    ValueError
        If the number of values is not that of the inputs, if the order asks for a node before what
        it works on, or leaves a result out.
    TypeError
        If a node has no function.

    Examples
    --------
    >>> square = Node("mul", (0, 0), "", lambda a, b: a * b)
    >>> run(Graph((Node("input", (), "x"), square), (1,)), [3.0])
    [9.0]
    """
    entries = [k for k, node in enumerate(graph.nodes) if node.op == "input"]
    if len(entries) != len(values):
        raise ValueError(f"run: expected {len(entries)} values, one an input; got {len(values)}")
    found = dict(zip(entries, values, strict=True))
    for k, node in enumerate(graph.nodes):
        if node.op == "const":
            found[k] = _call(node, [])
    for k in operations(graph) if order is None else order:
        missing = [j for j in graph.nodes[k].inputs if j not in found]
        if missing:
            raise ValueError(
                f"run: node {k} ({graph.nodes[k].op}) needs node {missing[0]}, which comes later in "
                "this order; take an order from schedule"
            )
        found[k] = _call(graph.nodes[k], [found[j] for j in graph.nodes[k].inputs])
    left = [k for k in graph.outputs if k not in found]
    if left:
        raise ValueError(f"run: the order leaves out node {left[0]}, a result; add it")
    return [found[k] for k in graph.outputs]


def _call(node: Node, values: list[Any]) -> Any:
    if node.function is None:
        raise TypeError(
            f"run: the node {node.op!r} has no function; graphs from TensorFlow can be looked at, "
            "not run: call the concrete function itself"
        )
    return node.function(*values)


def _kept(graph: Graph, kept: list[int], stands_for: list[int]) -> Graph:
    """Return the graph of some nodes; ``stands_for`` says which of them replaces each node."""
    new = {old: k for k, old in enumerate(kept)}
    place = lambda k: new[stands_for[k]]
    nodes = [graph.nodes[k] for k in kept]
    nodes = [node._replace(inputs=tuple(map(place, node.inputs))) for node in nodes]
    return Graph(tuple(nodes), tuple(map(place, graph.outputs)))


def _value_numbers(graph: Graph, table: dict[Hashable, int]) -> list[int]:
    """Return a number for each node, equal where values must be; ``table`` keeps them apart."""
    numbers: list[int] = []
    for op, inputs, detail, _ in graph.nodes:
        used = [numbers[k] for k in inputs]
        if op in COMMUTATIVE and len(used) == 2:
            used.sort()
        numbers.append(table.setdefault((op, tuple(used), detail), len(table)))
    return numbers


def _levels(graph: Graph) -> list[int]:
    """Return the step in which each node is ready, at the earliest; 0 for inputs, constants."""
    levels: list[int] = []
    for node in graph.nodes:
        before = max((levels[k] for k in node.inputs), default=0)
        levels.append(before + (node.op not in FREE))
    return levels


def _users(graph: Graph) -> tuple[list[set[int]], list[int]]:
    """Return who uses each node, and how many operations each node still waits for."""
    users: list[set[int]] = [set() for _ in graph.nodes]
    missing = [0] * len(graph.nodes)
    for k, node in enumerate(graph.nodes):
        for j in set(node.inputs):
            users[j].add(k)
            missing[k] += graph.nodes[j].op not in FREE
    return users, missing


def _ways_ahead(graph: Graph, users: list[set[int]]) -> list[int]:
    """Return the length of the longest chain from each node to an end."""
    ahead = [0] * len(graph.nodes)
    for k in reversed(range(len(graph.nodes))):
        ahead[k] = 1 + max((ahead[user] for user in users[k]), default=0)
    return ahead
