"""What a page leaves for later: heights that stand for sections, scripts that wait."""

from __future__ import annotations

import pytest
from lxml import html
from mlphys_book import later


def height(markup):
    return later.estimate_height(html.fromstring(f"<div>{markup}</div>"))


def test_scripts_of_live_figures_wait_and_others_do_not():
    document = html.document_fromstring(
        "<script>own()</script><div class='widget film'><script type='application/json'>{}</script>"
        "<script>start()</script></div>"
    )
    later.let_figures_wait(document)
    kinds = {
        script.text: (script.get("type"), script.get("class")) for script in document.iter("script")
    }
    assert kinds == {
        "own()": (None, None),
        "{}": ("application/json", None),
        "start()": ("text/plain", "waiting"),
    }


def test_sections_below_the_title_have_a_height_each():
    document = html.document_fromstring(
        "<article><section><h1>T</h1><section><h2>A</h2><p>word</p><section><h3>B</h3></section>"
        "</section><section><h2>C</h2></section></section></article>"
    )
    later.state_heights(document)
    assert document.xpath("//section/@style") == ["--tall:171", "--tall:62", "--tall:62"]


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("<p>word</p>", f"<p>{'word ' * 40}</p>"),
        ("<pre>a\n</pre>", "<pre>a\nb\nc\n</pre>"),
        ("<details><pre>a\n\n\n\nb</pre></details>", "<pre>a\n\n\n\nb</pre>"),
        ("<img width='1400' height='300'>", "<img width='700' height='300'>"),
        ("<table><tr></tr></table>", "<table><tr></tr><tr></tr></table>"),
        ("<script>x\ny</script>", "<p></p>"),
        (r"<p>\(\alpha\beta\)</p>", r"<div class='math'>\[\alpha\beta\]</div>"),
        ("", "<div class='cell'></div>"),
    ],
)
def test_more_to_read_is_taller(less, more):
    assert height(less) < height(more)


def test_a_picture_of_unknown_size_counts_as_half_its_width():
    assert height("<img>") == height("<img width='50%'>") == later.WIDTH // 2


def test_a_list_item_with_paragraphs_counts_them_once():
    assert height("<li><p>word</p></li>") == height("<p>word</p>")
