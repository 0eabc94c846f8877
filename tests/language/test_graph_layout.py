"""The layout by its laws: sources to the left of targets, no box on another."""

import networkx
from hypothesis import given
from hypothesis import strategies as st

from mlphys.language.graph_layout import PAGE, Arrow, Box, add_gates, columns, place

LINKS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=25)


def connected(links) -> list[Arrow]:
    """Return arrows that reach all twelve nodes from node 0: a tree, and the links."""
    tree = [((node - 1) // 2, node) for node in range(1, 12)]
    return [Arrow(a, 5.0, b) for a, b in [*tree, *links]]


@given(LINKS)
def test_columns_are_longest_paths(links):
    arrows = connected(links)
    column, closing = columns(12, arrows)
    kept = [(a.source, a.target) for k, a in enumerate(arrows) if k not in closing]
    graph = networkx.DiGraph(kept)
    assert networkx.is_directed_acyclic_graph(graph)
    for depth, layer in enumerate(networkx.topological_generations(graph)):
        assert all(column[node] == depth for node in layer)


@given(LINKS, st.lists(st.tuples(st.floats(20, 300), st.floats(20, 90)), min_size=12, max_size=12))
def test_no_box_on_another_and_none_off_the_page(links, sizes):
    arrows = connected(links)
    boxes = [Box(*size) for size in sizes]
    column, closing = columns(12, arrows)
    boxes, single, column, gates = add_gates(boxes, arrows, column, closing)
    assert all(column[a.target] == column[a.source] + 1 for a in single)
    assert all(arrows[k].source < 12 for k in gates)
    corner, bottoms, _ = place(boxes, single, column)
    placed = [(x, y, x + b.width, y + b.height) for (x, y), b in zip(corner, boxes, strict=True)]
    for k, (left, top, right, low) in enumerate(placed):
        assert left >= 0 and top >= -1e-9 and right <= PAGE and low <= bottoms[-1] + 1e-9
        for left2, top2, right2, low2 in placed[:k]:
            assert right <= left2 or right2 <= left or low <= top2 + 1e-9 or low2 <= top + 1e-9


def test_target_stands_beside_its_only_source():
    corner, _, _ = place([Box(60, 200), Box(60, 20)], [Arrow(0, 150, 1)], [0, 1])
    assert corner[1][1] + 10 == 150
