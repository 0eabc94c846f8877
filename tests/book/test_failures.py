"""A broken chapter fails the build, which names the place; planted faults, one at a time."""

from __future__ import annotations

import re

import pytest
from tiny_book import build, edited


def test_a_failing_cell_names_chapter_cell_line_and_error_and_others_are_still_tried(book):
    late, near = book / "book/late.md", book / "book/near.md"
    with (
        edited(late, {'print("nine': 'one = 1\n1 / 0\nprint("nine'}),
        edited(near, {'print("six': 'raise KeyError("no") #'}),
    ):
        built = build(book)
    assert built.code != 0
    assert "book: FAILED: book/late.md:21: code cell 2 (`one = 1`) failed: " in built.last
    assert "ZeroDivisionError: division by zero" in built.last
    assert (
        "book/near.md:14: code cell 1 (`from mlphys.near import six`) failed: KeyError"
        in built.said
    )
    assert "and 1 more above" in built.last


def test_a_failing_chapter_fails_again_and_heals(book):
    with edited(book / "book/alone.md", {"1 + 1": "1 + None"}):
        assert build(book).code != 0
        again = build(book)
    assert again.code != 0
    assert "book/alone.md:14: code cell 1" in again.last
    assert build(book).code == 0


def test_an_intended_error_is_no_failure(book):
    tagged = ":tags: [raises-exception]\n\nprint(missing)\n"
    with edited(book / "book/alone.md", {"print(": f"{tagged}print("}):
        built = build(book)
    assert built.code == 0, built.said
    assert "NameError" in (book / "_build/html/book/alone.html").read_text("utf-8")


def test_a_cell_that_never_ends_is_stopped(book):
    with (
        edited(book / "_config.yml", {"timeout: 300": "timeout: 1"}),
        edited(book / "book/alone.md", {"print(": "while True: pass\nprint("}),
    ):
        built = build(book)
    assert built.code != 0
    assert "code cell 1 (`while True: pass`) failed: still running after 1 s" in built.last


def test_a_kernel_that_dies_is_named_by_its_chapter(book):
    with edited(book / "book/near.md", {"print(": "import os; os._exit(1)\nprint("}):
        built = build(book)
    assert built.code != 0
    assert "book/near" in built.last
    assert "Kernel died" in built.last


FAULTS = {
    "see {ref}`nowhere`": "nowhere",
    "see [there](#nowhere-else)": "nowhere-else",
    "see {eq}`eq-nowhere`": "eq-nowhere",
    "says {cite:t}`nobody`": "nobody",
    "is {glue:text}`late_missing:.1f`": "late_missing",
    "```{unknown-directive}\n```": "unknown-directive",
    "{py:func}`mlphys.nothing`": "mlphys.nothing",
}


@pytest.fixture(scope="module")
def faulty(book):
    """Build once with every fault planted, then again without a change."""
    with edited(book / "book/late.md", append="\n" + "\n\n".join(FAULTS) + "\n"):
        return build(book), build(book)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_warning_is_an_error_that_names_its_line(faulty, fault):
    first, _ = faulty
    assert first.code != 0
    place = re.compile(rf"book/late\.md:\d+: (?:WARNING|ERROR): .*{re.escape(FAULTS[fault])}")
    assert place.search(first.said), first.said


def test_the_last_line_says_that_warnings_failed_the_build(faulty):
    first, second = faulty
    for built in (first, second):  # Sphinx reports a page's warnings once; the build repeats them
        assert built.code != 0
        assert "book: FAILED: book/late.md:" in built.last
        assert f"and {len(FAULTS) - 1} more above" in built.last


def test_an_unknown_scale_stops_before_any_work(book):
    built = build(book, MLPHYS_SCALE="huge")
    assert built.code != 0
    assert "expected small or full; got 'huge'" in built.last
