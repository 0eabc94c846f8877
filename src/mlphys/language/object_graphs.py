"""The objects that a value is made of, and who refers to whom, without an address.

A value is a graph: each object is a node, each reference an arrow. Two slots that hold *the same*
object point to the same node, so that sharing and cycles can be seen. Nodes carry numbers in the
order in which a walk from the root, level by level, meets them; equal numbers in two runs mean
equal structure, where ``id`` would differ. Chapter: ``book/language/values.md``.

The walk calls no method of a class that it does not know, keeps its own queue (depth is limited by
memory, not by the recursion limit), and never shows an address.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping
from types import FunctionType
from typing import Any, NamedTuple

from mlphys.language.svg import printable

__all__ = ["Graph", "Node", "Reference", "has_cycle", "name_graph", "object_graph", "shared"]

ATOMS = (bool, int, float, complex, str, bytes, type(None))
"""Types without references, in the order in which they are tried (``bool`` is an ``int``)."""

CONTAINERS = (list, tuple, set, frozenset, dict)
LONGEST_INT = 128  # bits; Python refuses to write integers beyond 4,300 digits
LONGEST_TEXT = 60  # characters of a string that are kept in a label


class Reference(NamedTuple):
    """One arrow: the slot it starts from and the number of the node it ends at."""

    slot: str
    target: int


class Node(NamedTuple):
    """One object.

    ``kind`` is ``"atom"``, ``"list"``, ``"tuple"``, ``"set"``, ``"frozenset"``, ``"dict"``,
    ``"opaque"`` or ``"names"``; ``type_name`` the name of its class; ``text`` what an atom says.
    """

    number: int
    kind: str
    type_name: str
    text: str
    references: tuple[Reference, ...]


class Graph(NamedTuple):
    """All objects reachable from node 0, each node at the index that is its number."""

    nodes: tuple[Node, ...]


def object_graph(value: object, *, most: int = 100_000) -> Graph:
    """Return the graph of all objects that ``value`` refers to, directly or not.

    Parameters
    ----------
    value : object
        Lists, tuples, sets, frozensets and dictionaries (and classes derived from them) are
        followed; numbers, strings, bytes and ``None`` are atoms; anything else is one opaque node.
    most : int
        Largest number of objects to accept.

    Returns
    -------
    Graph
        Node 0 is ``value``. Slots of lists and tuples are ``"0"``, ``"1"``, …; those of
        dictionaries ``"key 0"``, ``"value 0"``, …; those of sets ``"0"``, … in an order that does
        not depend on hashes.

    Raises
    ------
    ValueError
        If there are more than ``most`` objects.

    Examples
    --------
    >>> row = [7.0, 7.0]
    >>> for node in object_graph([row, row]).nodes:
    ...     print(node.number, node.type_name, node.text, [to for _, to in node.references])
    0 list  [1, 1]
    1 list  [2, 2]
    2 float 7.0 []
    """
    return _walk([value], None, most)


def name_graph(names: Mapping[Any, object], *, most: int = 100_000) -> Graph:
    """Return the graph of several named values, so that what they share is seen.

    Parameters
    ----------
    names : mapping
        From names to values. Node 0, of kind ``"names"``, has a slot for each.
    most : int
        As for :func:`object_graph`.

    Raises
    ------
    TypeError
        If a name is not a string.
    ValueError
        If there are more than ``most`` objects.

    Examples
    --------
    >>> a = [1]
    >>> name_graph({"a": a, "b": a}).nodes[0].references
    (Reference(slot='a', target=1), Reference(slot='b', target=1))
    """
    for name in names:
        if not isinstance(name, str):
            raise TypeError(
                f"name_graph: expected strings as names; got {name!r}; write {{'a': a}}"
            )
    return _walk(list(names.values()), [printable(name) for name in names], most)


def has_cycle(graph: Graph) -> bool:
    """Return whether some object can be reached from itself.

    Examples
    --------
    >>> loop = []
    >>> loop.append(loop)
    >>> has_cycle(object_graph(loop)), has_cycle(object_graph([[], []]))
    (True, False)
    """
    waiting = [0] * len(graph.nodes)
    for node in graph.nodes:
        for _, target in node.references:
            waiting[target] += 1
    free = [number for number, count in enumerate(waiting) if count == 0]
    removed = 0
    while free:  # take away what nothing points to, again and again; a cycle stays
        removed += 1
        for _, target in graph.nodes[free.pop()].references:
            waiting[target] -= 1
            if waiting[target] == 0:
                free.append(target)
    return removed < len(graph.nodes)


def shared(graph: Graph) -> tuple[int, ...]:
    """Return the numbers of the objects, atoms apart, that more than one reference points to.

    Examples
    --------
    >>> shared(object_graph([[7.0] * 4] * 4))
    (1,)
    """
    arrows = [0] * len(graph.nodes)
    for node in graph.nodes:
        for _, target in node.references:
            arrows[target] += 1
    return tuple(n.number for n in graph.nodes if arrows[n.number] > 1 and n.kind != "atom")


def _walk(roots: list[Any], names: list[str] | None, most: int) -> Graph:
    """Number the objects level by level. ``keep`` holds them all, so that no id is used twice."""
    numbers: dict[int, int] = {}
    keep: list[Any] = []
    queue: deque[Any] = deque()
    first = 0 if names is None else 1

    def number_of(thing: Any) -> int:
        if id(thing) not in numbers:
            if len(keep) + first >= most:
                raise ValueError(
                    f"object_graph: expected at most {most:,} objects; got more; "
                    "draw a part of the value, or pass a larger most="
                )
            numbers[id(thing)] = len(keep) + first
            keep.append(thing)
            queue.append(thing)
        return numbers[id(thing)]

    nodes = []
    targets = [number_of(root) for root in roots]
    if names is not None:
        arrows = tuple(Reference(*pair) for pair in zip(names, targets, strict=True))
        nodes.append(Node(0, "names", "names", "", arrows))
    while queue:
        thing = queue.popleft()
        arrows = tuple(Reference(slot, number_of(held)) for slot, held in _slots(thing))
        kind, text = _describe(thing)
        nodes.append(Node(len(nodes), kind, printable(type(thing).__name__), text, arrows))
    return Graph(tuple(nodes))


def _base(thing: object) -> type | None:
    return next((base for base in (*ATOMS, *CONTAINERS) if issubclass(type(thing), base)), None)


def _slots(thing: Any) -> Iterable[tuple[str, Any]]:
    """Yield each reference as (slot, object), through the methods of the built-in class."""
    base = _base(thing)
    if base is list or base is tuple:
        return ((str(k), held) for k, held in enumerate(base.__iter__(thing)))
    if base is set or base is frozenset:
        members = sorted(base.__iter__(thing), key=_order)
        return ((str(k), held) for k, held in enumerate(members))
    if base is dict:
        return (
            (f"{part} {k}", held)
            for k, entry in enumerate(dict.items(thing))
            for part, held in zip(("key", "value"), entry, strict=True)
        )
    return ()


def _describe(thing: Any) -> tuple[str, str]:
    """Return the kind of an object and its text."""
    base = _base(thing)
    if base in CONTAINERS:
        return base.__name__, ""
    if base is None:
        if isinstance(thing, type | FunctionType):
            return "opaque", printable(thing.__qualname__, LONGEST_TEXT)
        return "opaque", ""
    if base is int and int.bit_length(thing) > LONGEST_INT:
        return "atom", f"{int.bit_length(thing):,} bits"
    if base is str or base is bytes:
        head = base.__getitem__(thing, slice(LONGEST_TEXT))
        ending = "…" if base.__len__(thing) > LONGEST_TEXT else ""
        return "atom", repr(head) + ending
    plain: Any = base.__repr__  # a subclass may have another
    return "atom", plain(thing)


def _order(member: Any, depth: int = 6) -> tuple:
    """Return a key that sorts members of a set the same way in every run.

    Members that differ only below six levels, or after 16 parts, keep the order of the set.
    """
    base = _base(member)
    name = type(member).__name__
    if base is float:
        number = float.__float__(member)
        return (name, (1, 0.0) if math.isnan(number) else (0, number))
    if base is int or base is bool or base is str or base is bytes:
        return (name, member)
    if base is complex:
        return (name, complex.__repr__(member))
    if base is None or base is type(None) or depth == 0:
        return (name, "")
    parts = [_order(held, depth - 1) for held in list(base.__iter__(member))[:16]]
    return (name, tuple(sorted(parts) if base is frozenset else parts))
