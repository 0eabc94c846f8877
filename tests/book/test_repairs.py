"""Each cure of a fault of the theme, on the smallest page that has the fault."""

from __future__ import annotations

import pytest
from lxml import html
from mlphys_book import repairs
from mlphys_book.repairs import Page


def page(body="", head=""):
    """Return a parsed page."""
    return html.document_fromstring(
        f"<!DOCTYPE html><html lang='en' data-theme='auto'><head><title>1. On \\(x^2\\) — Book"
        f"</title>{head}</head><body>{body}</body></html>"
    )


def scripts(document):
    return [script.get("src") or script.text for script in document.iter("script")]


def test_colors_are_chosen_before_the_first_paint():
    head = "<script>document.documentElement.dataset.mode = localStorage.getItem('mode');</script>"
    document = page(head=head)
    repairs.set_colors_before_paint(document)
    assert document.get("data-theme") == "light"
    assert "prefers-color-scheme: dark" in scripts(document)[0]


@pytest.mark.parametrize("head", ["", "<noscript><style>.old{}</style></noscript>"])
def test_contents_show_without_scripts(head):
    document = page(head=head)
    repairs.show_contents_without_scripts(document)
    assert len(document.findall(".//noscript")) == 1
    assert "bd-sidebar-primary" in document.find(".//noscript/style").text


def test_nothing_foreign_stays_but_links_for_readers_do():
    head = (
        "<script src='https://cdn.example/mathjax.js'></script>"
        "<script src='//cdn.example/x.js'></script><script>window.MathJax = {}</script>"
        "<link rel='stylesheet' href='https://fonts.example/a.css'>"
        "<link rel='canonical' href='https://book.example/'><script src='own.js'></script>"
        "<link rel='alternate' href='https://book.example/feed.xml'>"
    )
    document = page("<a href='https://elsewhere.example/'>a</a>", head)
    repairs.drop_foreign_parts(document)
    assert scripts(document) == ["own.js"]
    assert document.xpath("//link/@rel") == ["canonical", "alternate"]
    assert document.xpath("//a/@href") == ["https://elsewhere.example/"]


def test_thebe_goes():
    head = (
        "<script>const THEBE_JS_URL = 'https://unpkg.com/thebe'</script>"
        "<script src='_static/sphinx-thebe.js?v=1'></script>"
        "<link rel='stylesheet' href='_static/sphinx-thebe.css?v=1'>"
    )
    body = "<script type='text/x-thebe-config'>{}</script><script>kernelName = 'python3'</script>"
    document = page(body, head)
    repairs.drop_thebe(document)
    assert scripts(document) == []
    assert document.xpath("//link") == []


def test_leftovers_go():
    document = page("<div id='ethical-ad-placement'></div><div id='jb-print-docs-body'>x</div>kept")
    repairs.drop_leftovers(document)
    assert document.find("body").text_content() == "kept"


def test_one_viewport_stays():
    document = page(head="<meta name='viewport' content='a'>" * 3)
    repairs.keep_one_viewport(document)
    assert len(document.xpath("//meta[@name='viewport']")) == 1


SEARCH = "<script src='_static/searchtools.js'></script><script src='searchindex.js'></script>"


def test_search_index_is_on_the_search_page_alone():
    chapter, search = page(head=SEARCH), page(head=SEARCH)
    repairs.drop_unused_scripts(chapter, Page("book/chapter"))
    repairs.drop_unused_scripts(search, Page("search"))
    assert scripts(chapter) == []
    assert scripts(search) == ["_static/searchtools.js", "searchindex.js"]


def test_a_script_stays_where_it_has_work():
    head = "<script src='_static/copybutton.js'></script><script src='s/design-tabs.js'></script>"
    document = page("<div class='highlight'></div>", head)
    repairs.drop_unused_scripts(document, Page("a"))
    assert scripts(document) == ["_static/copybutton.js"]


def test_scripts_wait_and_options_stand_in_the_page():
    head = (
        "<script src='_static/documentation_options.js?v=1'></script>"
        "<script src='a.js'></script><script src='a.js'></script>"
        "<script>DOCUMENTATION_OPTIONS.pagename = 'a';</script>"
        "<script type='module' src='widget.js'></script>"
    )
    document = page(head=head)
    repairs.defer_scripts(document, Page("a", options_script="const DOCUMENTATION_OPTIONS = {};"))
    assert scripts(document) == [
        "const DOCUMENTATION_OPTIONS = {};",
        "a.js",
        "DOCUMENTATION_OPTIONS.pagename = 'a';",
        "widget.js",
    ]
    assert [s.get("src") for s in document.xpath("//script[@defer]")] == ["a.js"]


def test_page_describes_itself():
    head = "<meta name='description' content='About squares.'><link rel='next' title='\\(n\\)'>"
    document = page(head=head)
    place = Page("book/squares", "https://book.example/", "", "p.png", (1200, 630))
    repairs.describe_page(document, place)
    assert document.find(".//title").text == "1. On x² · Book"
    assert document.xpath("//link[@rel='next']/@title") == ["n"]
    address = "https://book.example/book/squares.html"
    assert document.xpath("//link[@rel='canonical']/@href") == [address]
    cards = {meta.get("property"): meta.get("content") for meta in document.iter("meta")}
    assert cards == {
        None: "summary_large_image",
        "og:title": "1. On x²",
        "og:site_name": "Book",
        "og:type": "article",
        "og:url": address,
        "og:description": "About squares.",
        "og:image": "https://book.example/p.png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "1. On x² · Book",
    }


def test_controls_have_the_names_they_show():
    document = page(
        "<button class='search-button-field' aria-label='Search'>Search Ctrl K</button>"
        "<summary aria-label='Toggle hidden content'>Show the source</summary>"
        "<button class='sidebar-toggle' title='Toggle primary sidebar'><span class='fa-bars'>"
        "</span></button>"
    )
    repairs.name_controls(document)
    assert document.xpath("//@aria-label") == ["Toggle primary sidebar"]
    assert document.xpath("//span/@aria-hidden") == ["true"]


def test_regions_and_folds_are_named():
    document = page(
        "<div class='sidebar-primary-items__start'><nav><ul><li><details><summary></summary>"
        "</details></li></ul></nav></div><details><summary>Own words</summary></details>"
    )
    repairs.name_regions(document)
    assert document.xpath("//@aria-label") == ["Book sidebar", "Sub-pages"]


def test_bibliography_has_no_list_roles():
    document = page(
        "<div class='citation-list' role='list'><div role='doc-biblioentry'></div></div>"
    )
    repairs.plain_bibliography_roles(document)
    assert document.xpath("//@role") == []


def test_dropdown_boxes_become_details():
    document = page(
        "<div class='solution dropdown admonition' id='s'><p class='admonition-title'>Solution to"
        "<a href='#e'> Exercise 2</a></p><section>It is <b>four</b>.</section></div>"
        "<div class='dropdown-menu'><p class='admonition-title'>a menu, no box</p></div>"
        "<div class='note admonition'><p class='admonition-title'>Note</p></div>"
    )
    repairs.fold_boxes(document)
    box = document.get_element_by_id("s")
    assert box.tag == "details"
    assert [child.tag for child in box] == ["summary", "section"]
    assert box[0].text_content() == "Solution to Exercise 2"
    assert len(document.findall(".//details")) == 1


def test_folded_title_keeps_its_formula():
    document = page(
        "<div class='dropdown admonition'><p class='admonition-title'>For "
        "<span class='math'>\\(n\\)</span> bodies</p></div>"
    )
    repairs.fold_boxes(document)
    assert document.xpath("//summary/span/@class") == ["math"]


def test_equation_number_is_the_link():
    document = page(
        "<div class='math' id='e'><span class='eqno'>(1.1)<a class='headerlink' href='#e'>#</a>"
        "</span>\\[x\\]</div>"
    )
    repairs.link_equation_numbers(document)
    number = document.find_class("eqno")[0]
    assert number.text_content() == "(1.1)"
    assert number.find("a").get("href") == "#e"
    assert number.tail == "\\[x\\]"


def test_ids_are_unique():
    document = page("<p id='a'></p><p id='a'></p><section id='exercise-content'></section>")
    repairs.drop_repeated_ids(document)
    assert document.xpath("//@id") == ["a"]


def test_bare_tables_get_a_scroll_box():
    boxed = "<div class='pst-scrollable-table-container'><table></table></div>"
    document = page(f"<article><div><table></table>tail</div>{boxed}</article>")
    repairs.wrap_tables(document)
    assert len(document.find_class("pst-scrollable-table-container")) == 2
    assert document.find(".//article/div").text_content() == "tail"
    assert all(
        "container" in table.getparent().get("class") for table in document.findall(".//table")
    )


def test_an_empty_corner_of_a_table_is_no_header():
    document = page("<article><table><tr><th><p> </p></th><th>size</th></tr></table></article>")
    repairs.drop_empty_headers(document)
    assert [cell.text_content() for cell in document.iter("th")] == ["size"]
    assert len(document.findall(".//td")) == 1


def test_links_that_spell_out_their_address_are_marked():
    document = page(
        "<article><a class='external' href='https://e.example/'>https://e.example</a>"
        "<a class='external' href='https://doi.org/10.1/x'>doi:10.1/x</a>"
        "<a class='external' href='https://e.example/'>words</a></article>"
    )
    repairs.mark_spelled_out_links(document)
    assert document.xpath("//a/@class") == [
        "external spelled-out",
        "external spelled-out",
        "external",
    ]


def test_repairs_twice_are_repairs_once():
    body = (
        "<article><div class='solution dropdown admonition'><p class='admonition-title'>S</p></div>"
        "<table></table><img src='a.png'><img src='b.png'></article>"
    )
    document = page(body, SEARCH)
    one = Page("book/a", "https://book.example/")
    repairs.repair(document, one)
    first = html.tostring(document)
    repairs.repair(document, one)
    assert html.tostring(document) == first
