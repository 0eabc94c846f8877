"""The map of the course: what it draws, and what it refuses."""

from __future__ import annotations

import pytest
from lxml import etree
from mlphys_book.course_map import CourseMapError, check_needs, draw, find_circle
from tiny_book import EXTENSIONS, build, edited, make_book

NEEDS = {"p/a": [], "p/b": ["p/a"], "q/c": ["p/a", "p/b"]}
TITLES = {"p/a": "First", "p/b": "Second & third", "q/c": "Last"}
SPACE = "{http://www.w3.org/2000/svg}"


def parse(svg):
    return etree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def test_one_link_a_chapter_and_one_arc_a_need():
    addresses = {stem: f"{stem}.html" for stem in NEEDS}
    drawing = parse(draw(NEEDS, TITLES, addresses, {"p/a": "Part I", "p/b": "Part I"}))
    links = drawing.findall(f"{SPACE}a")
    assert [link.get("href") for link in links] == ["p/a.html", "p/b.html", "q/c.html"]
    assert [link.get("aria-label") for link in links] == [
        "First, needs none", "Second & third, needs First", "Last, needs First, Second & third",
    ]  # fmt: skip
    rows = [float(link.find(f"{SPACE}circle").get("cy")) for link in links]
    ends = set()
    for arc in drawing.iter(f"{SPACE}path"):
        start, end = arc.get("d").removeprefix("M").split("A")
        ends.add((float(start.split()[1]), float(end.split()[-1])))
    assert ends == {(rows[0], rows[1]), (rows[0], rows[2]), (rows[1], rows[2])}
    assert [text.text for text in drawing.findall(f"{SPACE}text")] == ["Part I"]


def test_everything_lies_inside_the_picture():
    titles = TITLES | {"q/c": "A title that is so long that no picture was ever made for it"}
    drawing = parse(draw(NEEDS, titles, dict.fromkeys(NEEDS, ""), {}))
    _, _, width, height = map(float, drawing.get("viewBox").split())
    for text in drawing.iter(f"{SPACE}text"):
        assert float(text.get("x")) + 8 * len(text.text) <= width
        assert float(text.get("y")) <= height
    for arc in drawing.iter(f"{SPACE}path"):
        x, reach = float(arc.get("d")[1:].split()[0]), float(arc.get("d").split("A")[1].split()[0])
        assert x - reach > 0


def test_unknown_stems_are_refused_with_what_to_do():
    with pytest.raises(CourseMapError, match=r"p/b: `needs` expects .* got p/x, r/y\. Correct it"):
        check_needs(NEEDS | {"p/b": ["r/y", "p/x"]})
    with pytest.raises(CourseMapError, match=r"p/b: `needs` names a chapter twice: p/a, p/a"):
        check_needs(NEEDS | {"p/b": ["p/a", "p/a"]})


def test_circles_are_refused_and_named():
    with pytest.raises(CourseMapError, match=r"in a circle: p/a needs q/c needs p/a\. Drop"):
        check_needs(NEEDS | {"p/a": ["q/c"]})
    assert find_circle({"a": ["a"]}) == ["a", "a"]
    check_needs(NEEDS)


def chapter(title, needs=""):
    return f"---\nmlphys:\n  title: {title}\n  minutes: 5\n  needs: [{needs}]\n---\n\n# {title}!\n"


def test_the_page_is_drawn_anew_when_a_need_changes_and_a_circle_fails_the_build(tmp_path):
    folder = make_book(
        tmp_path,
        chapters={
            "book/one.md": chapter("One"),
            "book/part/two.md": chapter("Two", "one"),
            "book/map.md": "# Map\n\n```{course-map}\n```\n",
        },
        extensions=(*EXTENSIONS, "course_map"),
    )
    assert (built := build(folder)).code == 0, built.said
    page = folder / "_build/html/book/map.html"
    drawn = page.read_text("utf-8").split("<svg")[1]
    assert '<a href="part/two.html" aria-label="Two, needs One">' in drawn
    with edited(folder / "book/part/two.md", {"[one]": "[]"}):
        assert build(folder).code == 0
        assert 'aria-label="Two, needs none"' in page.read_text("utf-8")
    with edited(folder / "book/one.md", {"[]": "[part/two]"}):
        built = build(folder)
        assert built.code != 0
        assert "one needs part/two needs one" in built.said
    assert build(folder).code == 0
    assert page.read_text("utf-8").split("<svg")[1] == drawn
