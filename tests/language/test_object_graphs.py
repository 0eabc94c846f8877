"""Object graphs against the interpreter's own list of references, and against copies."""

import copy
import gc
from collections import Counter
from fractions import Fraction

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.language.object_graphs import (
    has_cycle,
    name_graph,
    object_graph,
    shared,
)

ATOMS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.binary(max_size=4)
)
KEYS = st.one_of(st.integers(), st.text(max_size=3), st.tuples(st.integers(), st.booleans()))
VALUES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(KEYS, inner, max_size=3),
        st.frozensets(KEYS, max_size=3),
        inner.map(lambda x: [x, x]),
    ),
    max_leaves=12,
)


def reachable(value) -> set[int]:
    """Return the ids of all that the garbage collector sees from a value."""
    seen, todo = {}, [value]
    while todo:
        thing = todo.pop()
        if id(thing) not in seen:
            seen[id(thing)] = thing
            if isinstance(thing, list | tuple | set | frozenset | dict):
                todo.extend(gc.get_referents(thing))
            if isinstance(thing, dict):  # the collector skips keys that are strings
                todo.extend(thing)
    return set(seen)


def as_networkx(graph) -> networkx.MultiDiGraph:
    pairs = [(node.number, to) for node in graph.nodes for _, to in node.references]
    return networkx.MultiDiGraph(pairs)


@given(VALUES)
def test_nodes_are_what_the_garbage_collector_sees(value):
    assert len(object_graph(value).nodes) == len(reachable(value))


@given(VALUES)
def test_copy_has_the_same_graph(value):
    assert object_graph(copy.deepcopy(value)) == object_graph(value)


@given(st.lists(st.lists(st.integers(0, 5), max_size=4), min_size=6, max_size=6))
def test_cycles_agree_with_networkx(links):
    lists = [[] for _ in links]
    for own, targets in zip(lists, links, strict=True):
        own.extend(lists[target] for target in targets)
    graph = object_graph(lists)
    drawn = as_networkx(graph)
    assert has_cycle(graph) == (not networkx.is_directed_acyclic_graph(drawn))
    assert shared(graph) == tuple(sorted(n for n in drawn if drawn.in_degree(n) > 1))


def test_shared_rows_are_one_node():
    assert shared(object_graph([[7.0] * 4] * 4)) == (1,)
    assert shared(object_graph([[7.0] * 4 for _ in range(4)])) == ()


def test_list_within_itself():
    loop: list = []
    loop.append(loop)
    (node,) = object_graph(loop).nodes
    assert node.references == (("0", 0),)


def test_depth_is_not_limited_by_the_stack():
    value: list = []
    for _ in range(10_000):
        value = [value]
    assert len(object_graph(value).nodes) == 10_001


def test_sets_do_not_depend_on_hashes():
    a, b = {"x", "y", "zz", 3, 10, None}, {None, 10, 3, "zz", "y", "x"}
    texts = [[node.text for node in object_graph(s).nodes] for s in (a, b)]
    assert texts[0] == texts[1] == ["", "None", "3", "10", "'x'", "'y'", "'zz'"]


def test_derived_classes_are_followed_without_their_methods():
    class Strange(list):
        def __iter__(self):
            raise AssertionError("called")

        __repr__ = __len__ = __iter__

    nodes = object_graph([Strange([1]), Counter("aa")]).nodes
    assert [(node.kind, node.type_name) for node in nodes[:3]] == [
        ("list", "list"),
        ("list", "Strange"),
        ("dict", "Counter"),
    ]


def test_anything_else_is_opaque_and_shows_no_address():
    nodes = object_graph([object(), Fraction(1, 3), len, range(3), test_list_within_itself]).nodes
    assert {node.kind for node in nodes[1:]} == {"opaque"}
    assert [node.text for node in nodes[1:]] == ["", "", "", "", "test_list_within_itself"]
    assert "0x" not in repr(nodes)


def test_labels():
    texts = [node.text for node in object_graph([-0.0, 2**200, True, 1j, "a\u202eb\n"]).nodes[1:]]
    assert texts == ["-0.0", "201 bits", "True", "1j", r"'a\u202eb\n'"]
    assert object_graph("x" * 100).nodes[0].text == "'" + "x" * 60 + "'…"


def test_names():
    row = [1]
    graph = name_graph({"a": row, "b": [row], "c": row})
    assert list(graph.nodes[0].references) == [("a", 1), ("b", 2), ("c", 1)]
    with pytest.raises(TypeError, match="expected strings as names; got 3"):
        name_graph({3: row})  # type: ignore[dict-item]


def test_too_many_objects():
    with pytest.raises(ValueError, match=r"at most 100 objects; got more; draw a part"):
        object_graph([[k] for k in range(200)], most=100)
