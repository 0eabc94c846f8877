"""The numbers that a build keeps are those that its chapters computed, cached or not."""

import json
import math

import compare_results
import pytest
import tiny_book
from mlphys_book.results import KIND, glued_values

GLUING = (
    tiny_book.HEADER
    + """# Glue

```{code-cell} ipython3
from mlphys.near import six
from myst_nb import glue
glue("glue_six", six(), display=False)
glue("glue_third", six() / 18, display=False)
glue("glue_word", "six", display=False)
```

Six is {glue:text}`glue_six`.
"""
)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return the folder of a small book, after a build and after one from the cache."""
    folder = tiny_book.make_book(
        tmp_path_factory.mktemp("results"),
        chapters={"book/glue.md": GLUING},
        extensions=(*tiny_book.EXTENSIONS, "results"),
    )
    first = tiny_book.build(folder)
    assert first.code == 0, first.said
    before = compare_results.read_results(folder / "_build/results.json")
    second = tiny_book.build(folder)
    assert second.executed == []
    return before, compare_results.read_results(folder / "_build/results.json")


def test_values_and_cost_of_each_chapter_are_kept(built):
    results, _ = built
    assert results["scale"] == "small"
    assert list(results["chapters"]) == ["glue"]
    chapter = results["chapters"]["glue"]
    assert chapter["values"] == {"glue_six": 6, "glue_third": 6 / 18, "glue_word": "six"}
    assert chapter["seconds"] > 0


def test_build_from_the_cache_keeps_the_same(built):
    before, after = built
    assert compare_results.compare(before, after) == ([], [])
    assert json.dumps(before) == json.dumps(after)


@pytest.mark.parametrize(
    ("text", "value"),
    [("7", 7), ("-2.5e-9", -2.5e-9), ("inf", math.inf), ("True", True), ("'six'", "six")],
)
def test_repr_of_a_glued_value_is_read(text, value):
    assert glued_values({"x": {"data": {KIND: text}}}) == {"x": value}


def test_figure_is_left_out():
    figure = {"data": {KIND: "<Figure size 640x480 with 1 Axes>"}}
    assert glued_values({"x": figure, "y": {"data": {"image/png": ""}}}) == {}
