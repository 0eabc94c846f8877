"""Columns of tables on paper: room for what stands in them, never more than the line."""

from __future__ import annotations

import pytest
from docutils import nodes
from hypothesis import given
from hypothesis import strategies as st
from mlphys_book.columns import shares, spread


def make_table(*rows: list[nodes.Node]) -> nodes.table:
    head, *body = [
        nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in row))
        for row in rows
    ]
    group = nodes.tgroup("", nodes.thead("", head), nodes.tbody("", *body))
    return nodes.table("", group)


WIDTHS = st.lists(
    st.tuples(st.floats(1, 400), st.floats(0, 1)).map(lambda pair: (pair[0], pair[0] * pair[1])),
    min_size=1,
    max_size=8,
)


@given(WIDTHS)
def test_no_table_is_wider_than_the_line(columns) -> None:
    longest, words = map(list, zip(*columns, strict=True))
    given_to = shares(longest, words)
    assert sum(given_to) <= 1 + 1e-9
    assert all(share > 0 for share in given_to)


@given(WIDTHS)
def test_the_longest_word_fits_where_all_longest_words_fit(columns) -> None:
    longest, words = map(list, zip(*columns, strict=True))
    if sum(words) + 3 * len(words) <= 98:
        wanted = zip(shares(longest, words), words, strict=True)
        assert all(98 * share >= word + 3 - 1e-6 for share, word in wanted)


def test_a_short_column_is_not_starved_by_a_long_one() -> None:
    first, second = shares([12, 900], [8, 10])
    assert first == pytest.approx(15 / 98) and first + second == pytest.approx(1)


def test_columns_are_measured_as_they_are_shown() -> None:
    def widths(*cells: nodes.Node) -> list[int]:
        table = make_table([nodes.Text("a") for _ in cells], list(cells))
        return [int(part.split("}")[0]) for part in spread(table).split(r"\X{")[1:]]

    word, code = nodes.Text("abcdefghij"), nodes.literal("", "abcdefghij")
    formula = nodes.math("", r"\mathrm{d}\alpha_{ij}^2")
    plain, wide, math = widths(word, code, formula)
    assert plain == round(1000 * 13 / 98)
    assert wide > plain > math
    long_name = nodes.literal("", "test_" + "_".join(["word"] * 60))  # breaks after each stroke
    assert sum(widths(long_name, nodes.Text("short"))) in (999, 1000, 1001)
