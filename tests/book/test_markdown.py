"""Document trees are written as Markdown that CommonMark and notebooks show as the page does.

The inline tests read the result with another implementation, markdown-it, and compare the text.
"""

from __future__ import annotations

import pytest
from docutils import nodes
from markdown_it import MarkdownIt
from mlphys_book.markdown import Cell, Page, Writer


def refuse(node: nodes.Node) -> None:
    raise AssertionError(f"unknown node {type(node).__name__}")


def writer(**page) -> Writer:
    return Writer(Page(**page), refuse)


def paragraph(*children: nodes.Node) -> nodes.paragraph:
    return nodes.paragraph("", "", *children)


@pytest.mark.parametrize(
    "text",
    [
        "a * b * c",
        "_not_ emphasis",
        "[not](a link)",
        "1 < 2 > 0",
        "`tick`",
        "a \\ b",
        "# no",
        "~~x~~",
        "a|b",
    ],
)
def test_text_stays_literal(text):
    (markdown,) = writer().blocks([paragraph(nodes.Text(text))])
    html = MarkdownIt().enable("strikethrough").enable("table").render(markdown)
    expected = text.replace("<", "&lt;").replace(">", "&gt;")
    assert html == f"<p>{expected}</p>\n"


@pytest.mark.parametrize(
    ("node", "html"),
    [
        (nodes.emphasis("", "x"), "<em>x</em>"),
        (nodes.strong("", "x"), "<strong>x</strong>"),
        (nodes.literal("", "a`b``c"), "<code>a`b``c</code>"),
        (nodes.literal("", "x_1 * 2"), "<code>x_1 * 2</code>"),
        (nodes.reference("", "x", refuri="https://a.b/c"), '<a href="https://a.b/c">x</a>'),
        (nodes.reference("", "x", refuri="d.html#e"), '<a href="https://s/p/d.html#e">x</a>'),
        (nodes.reference("", "x", refid="e"), '<a href="https://s/p/q.html#e">x</a>'),
    ],
)
def test_inline_markup(node, html):
    (markdown,) = writer(url="https://s/p/q.html").blocks([paragraph(node)])
    assert MarkdownIt().render(markdown) == f"<p>{html}</p>\n"


def test_links_inside_the_site_become_text_where_its_address_is_not_known():
    (markdown,) = writer().blocks([paragraph(nodes.reference("", "x", refid="e"))])
    assert markdown == "x"


def test_dollars_are_prices_and_math_is_math():
    line = paragraph(nodes.Text("It costs $5: "), nodes.math("", r"\dd x"))
    assert writer(macros={"dd": r"\mathrm{d}"}).blocks([line]) == [r"It costs \$5: $\mathrm{d} x$"]


def test_display_math_carries_its_number():
    block = nodes.math_block("", "a = b", ids=["equation-x"], number=7)
    numbers = {"displaymath": {"equation-x": (2, 7)}}
    assert writer(figure_numbers=numbers).blocks([block]) == ["$$\na = b\n\\tag{2.7}\n$$"]
    assert writer().blocks([nodes.math_block("", r"a \\ b")]) == [
        "$$\n\\begin{aligned}\na \\\\ b\n\\end{aligned}\n$$"
    ]


def test_nested_lists_keep_their_depth():
    inner = nodes.bullet_list("", nodes.list_item("", paragraph(nodes.Text("deep"))))
    outer = nodes.enumerated_list(
        "", nodes.list_item("", paragraph(nodes.Text("top")), inner), start=3
    )
    (markdown,) = writer().blocks([outer])
    html = MarkdownIt().render(markdown)
    assert html.split() == '<ol start="3"> <li>top <ul> <li>deep</li> </ul> </li> </ol>'.split()


def test_a_bar_in_a_table_does_not_split_it():
    def row(*texts):
        return nodes.row("", *(nodes.entry("", paragraph(text)) for text in texts))

    group = nodes.tgroup("", nodes.thead("", row(nodes.Text("a"), nodes.Text("b"))))
    group += nodes.tbody("", row(nodes.math("", "|x|"), nodes.Text("u|v")))
    (markdown,) = writer().blocks([nodes.table("", group)])
    html = MarkdownIt("commonmark").enable("table").render(markdown)
    assert html.count("<td>") == 2
    assert "u|v" in html
    assert "|" not in html.partition("<tbody>")[2].replace("u|v", "")


def test_a_box_around_code_cells_is_opened():
    cell = nodes.container(nb_element="cell_code", cell_index=4)
    title = nodes.title("", "Solution")
    box = nodes.admonition("", title, paragraph(nodes.Text("Run:")), cell)
    assert writer().blocks([box]) == ["**Solution**", "Run:", Cell(4)]


def test_an_unknown_node_is_told():
    class Strange(nodes.Element):
        pass

    told = []
    Writer(Page(), told.append).blocks([Strange("", nodes.Text("x"))])
    assert [type(node).__name__ for node in told] == ["Strange"]
