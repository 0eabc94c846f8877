"""Graph measures against networkx, runs against plain Python, schedules against Brent's bounds."""

import itertools
import math
import operator

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.physics.graphs import (
    Graph,
    Node,
    critical_path,
    depth,
    live,
    merged,
    operations,
    run,
    schedule,
    shared,
    work,
)

OPS = {"add": operator.add, "mul": operator.mul, "sub": operator.sub}


@st.composite
def graphs(draw):
    """Return a graph of two inputs, a constant and up to 30 operations."""
    nodes = [Node("input", (), "x"), Node("input", (), "y"), Node("const", (), "2", lambda: 2.0)]
    for _ in range(draw(st.integers(1, 30))):
        op = draw(st.sampled_from(sorted(OPS)))
        pair = draw(st.tuples(*2 * [st.integers(0, len(nodes) - 1)]))
        nodes.append(Node(op, pair, "", OPS[op]))
    outputs = draw(st.lists(st.integers(0, len(nodes) - 1), min_size=1, max_size=3))
    return Graph(tuple(nodes), tuple(outputs))


def as_networkx(graph):
    """Return the operations of a graph and their arrows."""
    result = nx.DiGraph()
    chosen = operations(graph)
    result.add_nodes_from(chosen)
    result.add_edges_from(
        (j, k) for k in chosen for j in graph.nodes[k].inputs if graph.nodes[j].op in OPS
    )
    return result


@given(graphs())
def test_depth_is_the_longest_path_of_networkx(graph):
    graph = live(graph)
    length = nx.dag_longest_path_length(as_networkx(graph)) + 1 if work(graph) else 0
    assert depth(graph) == length
    path = critical_path(graph)
    assert len(path) == depth(graph)
    assert all(a in graph.nodes[b].inputs for a, b in itertools.pairwise(path))


@given(graphs())
def test_live_keeps_the_ancestors_of_the_results(graph):
    arrows = as_networkx(graph)
    ends = [k for k in graph.outputs if k in arrows]
    needed = set(ends).union(*(nx.ancestors(arrows, k) for k in ends))
    assert work(live(graph)) == len(needed)
    assert run(live(graph), [1.5, -0.5]) == run(graph, [1.5, -0.5])


@given(graphs())
def test_merging_changes_no_digit_and_leaves_no_two_equal(graph):
    small = merged(graph)
    assert run(small, [0.3, -1.7]) == run(graph, [0.3, -1.7])
    keys = [
        (n.op, tuple(sorted(n.inputs)) if n.op != "sub" else n.inputs, n.detail)
        for n in small.nodes
    ]
    assert len(set(keys)) == len(keys)
    assert merged(small) == small
    assert depth(small) <= depth(graph)


@given(graphs(), st.integers(1, 6))
def test_schedules_obey_order_and_brent(graph, workers):
    graph = live(graph)
    steps = schedule(graph, workers)
    flat = [k for step in steps for k in step]
    assert sorted(flat) == operations(graph)
    assert all(len(step) <= workers for step in steps)
    when = {k: n for n, step in enumerate(steps) for k in step}
    assert all(
        when[j] < when[k] for k in when for j in graph.nodes[k].inputs if j in when
    )  # nobody uses what is made in the same step
    assert max(depth(graph), math.ceil(work(graph) / workers)) <= len(steps)
    assert len(steps) <= work(graph) / workers + depth(graph)
    assert run(graph, [0.2, 3.0], flat) == run(graph, [0.2, 3.0])


def test_unlimited_workers_need_the_depth():
    nodes = [Node("input", (), "x")] + [Node("mul", (0, 0), str(k)) for k in range(5)]
    nodes += [Node("add", (1, 2)), Node("add", (6, 3))]
    graph = Graph(tuple(nodes), (7,))
    assert len(schedule(graph, 100)) == depth(graph) == 3
    assert len(schedule(graph, 1)) == work(graph) == 7


@given(graphs(), graphs())
def test_shared_operations_have_equal_values(graph, other):
    every = lambda g: g._replace(outputs=tuple(range(len(g.nodes))))
    rng = np.random.default_rng(5)
    for _ in range(3):
        point = list(rng.normal(size=2))
        values = set(run(every(graph), point))
        assert {run(every(other), point)[k] for k in shared(graph, other)} <= values
    assert shared(graph, graph) == set(operations(graph))


def test_what_cannot_be_run_is_refused():
    x, double = Node("input", (), "x"), Node("add", (0, 0), "", operator.add)
    graph = Graph((x, double, Node("add", (1, 1), "", operator.add)), (2,))
    with pytest.raises(ValueError, match="expected 1 values, one an input; got 2"):
        run(graph, [1.0, 2.0])
    with pytest.raises(ValueError, match=r"node 2 \(add\) needs node 1, which comes later"):
        run(graph, [1.0], order=[2, 1])
    with pytest.raises(ValueError, match="leaves out node 2"):
        run(graph, [1.0], order=[1])
    with pytest.raises(TypeError, match="'sin' has no function"):
        run(Graph((x, Node("sin", (0,))), (1,)), [1.0])
    with pytest.raises(ValueError, match="workers >= 1; got 0"):
        schedule(graph, 0)
