from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.language.grammars import parse
from mlphys.language.svg import printable
from mlphys.language.syntax_trees import Node, from_lark, from_python
from mlphys.language.tree_pictures import (
    GAP,
    HEIGHT,
    MAX_LABEL,
    MAX_NODES,
    draw_trees,
    indented,
    layout,
)

LABELS = st.text(max_size=30)
NODES = st.recursive(
    st.builds(Node, LABELS, token=st.booleans()),
    lambda inner: st.builds(Node, LABELS, st.lists(inner, max_size=4).map(tuple)),
    max_leaves=25,
)
SVG = "{http://www.w3.org/2000/svg}"


@given(NODES)
def test_boxes_do_not_overlap_and_stay_in_order(node):
    boxes = layout(node)
    for a, b in combinations(boxes, 2):
        if abs(a.y - b.y) < HEIGHT:
            assert abs(a.x - b.x) >= (a.width + b.width) / 2 + GAP - 1e-9
            assert a.y == b.y
    for row in {box.y for box in boxes}:
        centers = [box.x for box in boxes if box.y == row]
        assert centers == sorted(centers)
    assert min(box.x - box.width / 2 for box in boxes) == pytest.approx(0)


@given(NODES)
def test_parents_stand_in_the_middle_above_their_children(node):
    boxes = layout(node)
    for i, box in enumerate(boxes):
        below = [child for child in boxes if child.parent == i]
        if below:
            assert box.x == pytest.approx((below[0].x + below[-1].x) / 2)
            assert {child.y for child in below} == {box.y + 46.0}


@given(st.text())
def test_any_caption_title_and_label_gives_well_formed_svg(text):
    svg = draw_trees({text: Node(text)}, title=text + "!")._repr_svg_()
    root = ElementTree.fromstring(svg.encode())
    assert root.get("role") == "img" and root.get("viewBox")
    assert root.find(SVG + "title").text == root.get("aria-label")
    texts = [element.text or "" for element in root.iter(SVG + "text")]
    assert texts[-1] == printable(text, MAX_LABEL)


@pytest.mark.parametrize("label", ["<b>&\"'", "a\nb", "\u202eabc", "\x00", "\ud800", "ﷺ", "漢字"])
def test_hostile_labels_are_shown_and_harm_nothing(label):
    svg = draw_trees({"": Node(label, token=True)}, title="t").svg
    root = ElementTree.fromstring(svg.encode())
    (shown,) = [element.text for element in root.iter(SVG + "text")]
    assert shown == label or "\\" in shown
    assert shown.isprintable()


def test_a_long_label_is_cut():
    (box,) = layout(Node("x" * 100))
    assert box.label == "x" * (MAX_LABEL - 1) + "…"


def test_everything_is_inside_the_picture_and_trees_keep_apart():
    trees = {"ours": from_lark(parse("2+3*(4+5)")), "Python's": from_python("2+3*(4+5)")}
    for chosen in (trees, {"a": trees["ours"], "b": Node("x")}):
        picture = draw_trees(chosen, title="Two trees")
        root = ElementTree.fromstring(picture.svg)
        boxes = [
            [float(r.get(k)) for k in ("x", "y", "width", "height")]
            for r in list(root.iter(SVG + "rect"))[1:]
        ]
        for x, y, width, height in boxes:
            assert x >= 0 and x + width <= picture.width
            assert y >= 0 and y + height <= picture.height
        for a, b in combinations(boxes, 2):
            assert a[0] + a[2] < b[0] or b[0] + b[2] < a[0] or abs(a[1] - b[1]) >= HEIGHT
        assert picture.width <= 640
        assert float(root.get("width")) <= 640


def test_too_large_and_empty_requests_are_refused():
    full = Node("r", tuple(Node("x") for _ in range(MAX_NODES - 1)))
    assert len(layout(full)) == MAX_NODES
    with pytest.raises(ValueError, match=f"at most {MAX_NODES} nodes, got more; draw a part"):
        layout(Node("s", (full,)))
    with pytest.raises(ValueError, match="at least one tree and a title"):
        draw_trees({}, title="nothing")
    with pytest.raises(ValueError, match="at least one tree and a title"):
        draw_trees({"": Node("x")}, title="")


def test_a_deep_tree_is_placed():
    node = Node("leaf")
    for _ in range(MAX_NODES - 1):
        node = Node("n", (node,))
    assert len({box.x for box in layout(node)}) == 1


@given(NODES)
def test_a_tree_written_downward_has_a_line_for_each_node(node):
    boxes, plain = indented(node), layout(node)
    assert [(b.label, b.token, b.parent) for b in boxes] == [
        (b.label, b.token, b.parent) for b in plain
    ]
    assert [b.y for b in boxes] == [HEIGHT / 2 + 30 * line for line in range(len(boxes))]
    for box in boxes[1:]:
        above = boxes[box.parent]
        assert box.x - box.width / 2 == pytest.approx(above.x - above.width / 2 + 26)


def test_a_tree_that_is_too_wide_keeps_its_letters():
    wide = Node("row", tuple(Node(f"entry {k}", token=True) for k in range(30)))
    assert max(box.x for box in layout(wide)) > 640
    picture = draw_trees({"many": wide}, title="A wide tree")
    root = ElementTree.fromstring(picture.svg)
    assert picture.width <= 640 and picture.height > 30 * 30
    texts = list(root.iter(SVG + "text"))
    assert len(texts) == 32 and {text.get("font-size") for text in texts} == {"14"}
    rects = list(root.iter(SVG + "rect"))[1:]  # the first one is the ground
    boxes = [[float(rect.get(k)) for k in ("x", "y", "width")] for rect in rects]
    assert all(x >= 0 and x + w <= picture.width for x, _, w in boxes)
    assert all(lower - upper >= HEIGHT for (_, upper, _), (_, lower, _) in pairwise(boxes))
