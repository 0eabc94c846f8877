"""Pictures of graphs: every box and arrow is there, arrows run down, boxes keep apart."""

import re
from itertools import pairwise

from lxml import etree

from mlphys.physics.dataflow_pictures import draw_dataflow, node_label
from mlphys.physics.graph_gradient import gradient_graph, trace
from mlphys.physics.graphs import Graph, Node, critical_path, depth, merged, operations, shared

SVG = "{http://www.w3.org/2000/svg}"


def two_charges(x, y):
    left, right = (x - 1) * (x - 1) + y * y, (x + 1) * (x + 1) + y * y
    return 1 / left**0.5 + 1 / right**0.5


def boxes(picture):
    """Return x, y, width of the boxes; the first rectangle is the ground."""
    root = etree.fromstring(picture.svg.encode())
    found = root.findall(f"{SVG}rect")[1:]
    return [tuple(float(box.get(key)) for key in ("x", "y", "width")) for box in found]


def test_boxes_are_the_operations_and_inputs_and_do_not_touch():
    graph = trace(two_charges, "xy")
    for shown in (graph, merged(graph), gradient_graph(graph)):
        found = boxes(draw_dataflow(shown))
        assert len(found) == len(operations(shown)) + 2
        by_row = {}
        for x, y, width in found:
            by_row.setdefault(y, []).append((x, x + width))
        for row in by_row.values():
            row.sort()
            assert all(a[1] + 5 < b[0] for a, b in pairwise(row))
        assert len(by_row) >= depth(shown) + 1


def test_each_use_is_one_arrow_that_runs_down():
    graph = merged(trace(two_charges, "xy"))
    constants = {k for k, node in enumerate(graph.nodes) if node.op == "const"}
    uses = {(j, k) for k in operations(graph) for j in graph.nodes[k].inputs} - {
        (j, k) for j in constants for k in operations(graph)
    }
    ways = re.findall(r'<path d="M([^"]*)" fill="none"', draw_dataflow(graph).svg)
    assert len(ways) == len(uses)
    for way in ways:
        levels = [float(end) for end in re.findall(r" (\d+(?:\.\d+)?)(?=C|V|$)", way)]
        assert levels == sorted(levels)


def test_marks_and_paths_change_the_look_of_their_boxes_only():
    graph = trace(two_charges, "xy")
    slopes = gradient_graph(graph)
    picture = draw_dataflow(slopes, marked=shared(graph, slopes), path=critical_path(slopes))
    assert picture.svg.count("#cfe0f3") == len(shared(graph, slopes))
    assert picture.svg.count('stroke-width="2.4"/>') == 2 * len(critical_path(slopes)) - 1 + 2
    assert picture.title == "Graph of a computation: 37 operations in 13 steps"
    assert draw_dataflow(slopes).svg == draw_dataflow(slopes).svg


def test_labels():
    x = Node("input", (), "x")
    two = Node("const", (), "-2")
    nodes = (x, two, Node("div", (1, 0)), Node("integer_pow", (0,), "y=-3"), Node("tanh", (0,)))
    graph = Graph(nodes, (4,))
    assert [node_label(graph, k) for k in (0, 2, 3, 4)] == ["x", "−2 ÷", "^−3", "tanh"]
