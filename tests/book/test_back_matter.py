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
FACTS = """---
mlphys:
  title: {title}
  minutes: 5
  needs: [{needs}]
---
"""
WORDS = """
(part)=
## The entropies

A caption, `entropy`, $S$, [the entropy](two.md) and cross-entropy are no places for a link.
Tape comes before two entropies,
the first of which an **entropy**
exceeds, as Noether's dual
number and "entropy" show.

| entropy |
|---|
| entropy |
"""
GLOSSARY = """# Glossary

```{glossary}
:sorted:

tape
  Keeps what was done.

entropy
  The mean of the surprise.

dual number
number with a shadow
  Its entropy is not known, and its tape neither.

Noether's theorem
  Symmetry keeps.

view (of an array)
  Shares memory.
```
"""
CHAPTERS = {
    "book/one.md": FACTS.format(title="First", needs="") + f"# One\n\nentropy\n\n{SIGN}\n{WORDS}",
    "book/two.md": FACTS.format(title="Second", needs="one")
    + "(there)=\n# Two\n\n"
    + BOX.format(
        title="a limit",
        name=":name: correction-two-limit",
        text="The limit is 3, not 2: {eq}`eq-two`. Pinned by `test_two` in `tests/test_two.py`.",
    )
    + "\n$$\na = 3\n$$ (eq-two)\n\n(other)=\n## Other\n\n"
    "```{index} single: algebra; Clifford\n```\nA **view** and Noether’s theorem, of a tape.\n",
    "book/end.md": "# Errata\n\n```{errata}\n```\n",
    "book/glossary.md": GLOSSARY,
    "book/words.md": "# Index\n\n```{term-index}\n```\n",
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
        extensions=(*EXTENSIONS, "references", "errata", "glossary", "term_index"),
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
    assert "one.md:11: WARNING: this Correction box needs a label" in built.said
    assert "names a test that does not exist: test_sing in tests/part/test_one.py" in built.said
    assert "names a test that does not exist: test_two in tests/test_two.py" in built.said


def article(folder, name):
    return html.parse(str(folder / f"_build/html/book/{name}.html")).xpath("//article")[0]


def term_links(element):
    return {
        words(link): link.get("href") for link in element.xpath(".//a[contains(@class, 'term')]")
    }


def test_words_are_linked_once_where_prose_first_uses_them(small):
    page = article(small, "one")
    assert term_links(page) == {
        "Tape": "glossary.html#term-tape",
        "entropies": "glossary.html#term-entropy",
        "dual number": "glossary.html#term-dual-number",
    }
    assert len(page.xpath(".//a[contains(@class, 'term')]")) == 3
    (paragraph,) = page.xpath(".//p[a[contains(@class, 'term')]]")
    assert words(paragraph).startswith("A caption, entropy") and "number and" in words(paragraph)
    assert term_links(article(small, "two")) == {
        "Noether’s theorem": "glossary.html#term-Noether-s-theorem",
        "tape": "glossary.html#term-tape",
    }
    assert term_links(article(small, "glossary")) == {
        "entropy": "#term-entropy",
        "tape": "#term-tape",
    }


def test_the_index_leads_to_definitions_first_and_to_typed_entries(small):
    lines = {words(item): item.xpath(".//a/@href") for item in article(small, "words").iter("li")}
    assert lines == {
        "algebra, Clifford: Second": ["two.html#index-0"],
        "dual number: First": ["glossary.html#term-dual-number", "one.html#the-entropies"],
        "entropy: First": ["glossary.html#term-entropy", "one.html#the-entropies"],
        "Noether’s theorem: Second": ["glossary.html#term-Noether-s-theorem", "two.html#other"],
        "number with a shadow, see dual number": ["glossary.html#term-dual-number"],
        "tape: First · Second": [
            "glossary.html#term-tape",
            "one.html#the-entropies",
            "two.html#other",
        ],
        "view (of an array): Second": ["glossary.html#term-view-of-an-array", "two.html#other"],
    }
    page = article(small, "words")
    assert [words(rubric) for rubric in page.find_class("rubric")] == ["A", "D", "E", "N", "T", "V"]
    assert page.xpath("//strong/a/@href") == ["one.html#the-entropies", "two.html#other"]


def test_links_and_index_follow_glossary_and_chapters(small):
    with (
        edited(small / "book/glossary.md", {"tape\n  Keeps": "Tape (of a machine)\n  Keeps"}),
        edited(small / "book/two.md", {"  needs": "  unlinked: [Noether's theorem]\n  needs"}),
        edited(small / "book/one.md", {"Tape comes": "What comes"}),
    ):
        assert build(small).code == 0
        assert set(term_links(article(small, "one"))) == {"entropies", "dual number"}
        assert term_links(article(small, "two")) == {}
        lines = [words(item) for item in article(small, "words").iter("li")]
        assert "Noether’s theorem" in lines and "Tape (of a machine)" in lines
    assert build(small).code == 0
    assert "tape: First · Second" in words(article(small, "words"))
