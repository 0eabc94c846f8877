"""The drawing of pairs is well-formed, complete and small enough."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from mlphys.language.cons_picture import draw_pairs
from mlphys.language.lisp_reader import read
from mlphys.language.machine import count_pairs

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    "text", ["(1)", "(* 6 7)", "(+ 1 (* 2 3))", "(a . b)", "((a b) (c (d)) e)"]
)
def test_a_box_for_each_pair_and_a_label_for_each_atom(text):
    tree = read(text)
    picture = ET.fromstring(draw_pairs(tree)._repr_svg_())
    boxes = picture.findall(f"{SVG}rect")[1:]  # the first one is the ground
    assert len(boxes) == count_pairs(tree)
    corners = {(box.get("x"), box.get("y")) for box in boxes}
    assert len(corners) == len(boxes)
    atoms = [word for word in text.replace("(", " ").replace(")", " ").split() if word != "."]
    assert sorted(label.text for label in picture.findall(f"{SVG}text")) == sorted(atoms)


def test_boxes_do_not_overlap_and_stay_inside():
    picture = ET.fromstring(draw_pairs(read("((a b) (c (d e)) (long-name) . z)")).svg)
    boxes = [
        tuple(float(box.get(k)) for k in ("x", "y", "width"))
        for box in picture.findall(f"{SVG}rect")[1:]
    ]
    width = float(picture.get("width"))
    for i, (x, y, w) in enumerate(boxes):
        assert x + w <= width
        assert all(y != v or abs(x - u) >= w for u, v, _ in boxes[i + 1 :])


def test_long_names_do_not_touch_their_neighbors():
    picture = ET.fromstring(draw_pairs(read("(a-long-name (b another-name c) d . end)")).svg)
    labels = sorted(
        (float(text.get("y")), float(text.get("x")), len(text.text))
        for text in picture.findall(f"{SVG}text")
    )
    assert max(x + 9 * length for _, x, length in labels) <= float(picture.get("width"))
    for (y, x, length), (below, right, _) in pairwise(labels):
        assert y != below or x + 9 * length < right


def test_it_can_be_read_aloud_and_is_safe():
    svg = draw_pairs(read("(< a b)")).svg
    picture = ET.fromstring(svg)
    assert picture.get("role") == "img"
    assert picture.get("aria-label") == "Cons cells of (< a b)"
    assert picture.find(f"{SVG}title").text == "Cons cells of (< a b)"
    assert "&lt;" in svg


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="expected a pair; got 3; pass a list"):
        draw_pairs(3)
    with pytest.raises(ValueError, match="expected at most 60 pairs; got more; draw a part"):
        draw_pairs(read("(" + "1 " * 61 + ")"))
