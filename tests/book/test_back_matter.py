"""The pages at the end of the book, which the build collects, in builds of a small book."""

from __future__ import annotations

import pytest
from lxml import html
from tiny_book import EXTENSIONS, build, edited, make_book, write

BOX = """```{{admonition}} Correction: {title}
:class: correction important
{name}

{text}
```
"""
SIGN = BOX.format(
    title="the *sign* of $c$",
    name=":name: correction-one-sign",
    text="The lectures print $c = 0.5$. Nobody saw it. Right is $c = -0.5$ (see {ref}`there`, "
    "{cite:p}`noether`). Pinned by `test_sign` and `test_scale` in `tests/part/test_one.py`.",
)
CHAPTERS = {
    "book/one.md": f"# One\n\n{SIGN}\n",
    "book/two.md": "(there)=\n# Two\n\n"
    + BOX.format(
        title="a limit",
        name=":name: correction-two-limit",
        text="The limit is 3, not 2: {eq}`eq-two`. Pinned by `test_two` in `tests/test_two.py`.",
    )
    + "\n$$\na = 3\n$$ (eq-two)\n",
    "book/end.md": "# Errata\n\n```{errata}\n```\n",
}
TESTS = {
    "tests/part/test_one.py": "def test_sign():\n    pass\n\n\ndef test_scale():\n    pass\n",
    "tests/test_two.py": "def test_two():\n    pass\n",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Return a small built book with two corrections; whoever edits it takes the edit back."""
    folder = make_book(
        tmp_path_factory.mktemp("back"),
        chapters=CHAPTERS,
        extensions=(*EXTENSIONS, "references", "errata"),
    )
    write(folder, TESTS)
    built = build(folder)
    assert built.code == 0, built.said
    return folder


def errata(folder):
    page = html.parse(str(folder / "_build/html/book/end.html"))
    return page.xpath("//article//dl[contains(@class, 'errata')]/dt"), page.xpath("//article//dd")


def words(element):
    return " ".join(element.text_content().split())


def test_errata_say_what_was_wrong_and_link_box_and_tests(small):
    (sign, limit), (said, short) = errata(small)
    assert words(sign) == r"The sign of \(c\)"
    assert sign.xpath(".//a/@href") == ["one.html#correction-one-sign"]
    assert words(said).startswith(
        r"The lectures print \(c = 0.5\). Right is \(c = -0.5\) (see Two, [Noether, 1921]). In One; held"
    )
    links = said.xpath(".//a/@href")
    assert links[0] == "two.html#there"
    assert links[2:] == [
        "one.html",
        "https://github.com/mlphys/mlphys/blob/main/tests/part/test_one.py#L1",
        "https://github.com/mlphys/mlphys/blob/main/tests/part/test_one.py#L5",
    ]
    assert words(limit) == "A limit"
    assert "two.html#equation-eq-two" in short.xpath(".//a/@href")


def test_the_page_is_renewed_when_a_box_is_edited_and_only_then(small):
    page = small / "_build/html/book/end.html"
    before = page.stat().st_mtime_ns
    assert build(small).code == 0
    assert page.stat().st_mtime_ns == before
    with edited(small / "book/two.md", {"The limit is 3": "The limit is three"}):
        assert build(small).code == 0
        assert "The limit is three" in words(errata(small)[1][1])
    one = small / "book/one.md"
    with edited(one, {SIGN: ""}), edited(small / "tests/test_two.py", {"def": "\n\ndef"}):
        assert build(small).code == 0
        (limit,), (short,) = errata(small)
        assert words(limit) == "A limit"
        assert short.xpath(".//a/@href")[-1].endswith("tests/test_two.py#L3")


def test_faulty_boxes_fail_the_build_also_when_only_a_test_goes(small):
    faults = {
        ":name: correction-one-sign\n": "",
        "test_sign": "test_sing",
        "Pinned by": "Pinned by `test_scale` in `tests/part/test_one.py`, not",
    }
    with (
        edited(small / "book/one.md", faults),
        edited(small / "tests/test_two.py", {"test_two": "test_too"}),
    ):
        built = build(small)
    assert built.code != 0
    assert "one.md:3: WARNING: this Correction box needs a label" in built.said
    assert "names a test that does not exist: test_sing in tests/part/test_one.py" in built.said
    assert "names a test that does not exist: test_two in tests/test_two.py" in built.said
