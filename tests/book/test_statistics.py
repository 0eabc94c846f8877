"""The page of build statistics tells what the records say, and is written again when they change."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from lxml import html
from mlphys_book.statistics import by_machine, duration, memory
from tiny_book import build, edited


def tables(book) -> list[list[list[str]]]:
    page = html.parse(str(book / "_build/html/book/statistics.html"))
    return [
        [
            [cell.text_content().strip() for cell in row.xpath("./th|./td")]
            for row in table.xpath(".//tr")
        ]
        for table in page.xpath("//article//table")
    ]


def text(book) -> str:
    page = html.parse(str(book / "_build/html/book/statistics.html"))
    return " ".join(page.xpath("//article")[0].text_content().split())


def test_every_chapter_has_its_row_in_the_order_of_the_book(book):
    head, *rows = tables(book)[0]
    assert head == ["Chapter", "Elapsed", "Processor", "Peak memory", "Scale", "Executed"]
    assert [row[0] for row in rows] == ["Near", "Late", "Alone"]
    for _, elapsed, processor, peak, scale, when in rows:
        assert 0 < float(elapsed.removesuffix(" s")) < 60
        assert 0 < float(processor.removesuffix(" s")) < 60
        assert 20 < float(peak.removesuffix(" MiB")) < 2000
        assert scale == "small"
        assert abs(datetime.now(UTC) - datetime.strptime(when, "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC)
                   ).total_seconds() < 3600  # fmt: skip
    assert ["Python", ".".join(map(str, __import__("sys").version_info[:3]))] in tables(book)[1]


def test_a_cache_hit_keeps_the_rows_and_an_execution_renews_its_own(book):
    before = tables(book)[0]
    assert "executed 3 of them and took the outputs of 0 from the cache" in text(book)
    assert build(book, "--fresh").executed == []
    assert tables(book)[0] == before
    assert "executed 0 of them and took the outputs of 3 from the cache" in text(book)
    code = {"print(": "ballast = bytearray(300 * 2**20)\nprint("}
    with edited(book / "book/alone.md", code):
        built = build(book)
        assert built.executed == ["alone"]
        rows = tables(book)[0]
    assert rows[1:3] == before[1:3]
    grown = float(rows[3][3].removesuffix(" MiB")) - float(before[3][3].removesuffix(" MiB"))
    assert 250 < grown < 350  # the 300 MiB that the edit holds


def test_nothing_changed_writes_nothing(book):
    build(book)
    page = book / "_build/html/book/statistics.html"
    before = page.stat().st_mtime_ns
    assert build(book).code == 0
    assert page.stat().st_mtime_ns == before
    assert not re.search(
        r"writing output.*statistics", (book / "_build/book.log").read_text("utf-8")
    )


def test_chapters_are_grouped_by_the_machine_that_ran_them():
    one, two = {"machine": {"Cores": "2"}}, {"machine": {"Cores": "64"}}
    assert by_machine({"a": one, "b": two, "c": one}) == [
        ({"Cores": "2"}, ["a", "c"]),
        ({"Cores": "64"}, ["b"]),
    ]


def test_numbers_are_readable():
    assert [duration(s) for s in (0.04, 59.9, 119.7, None)] == [
        "0.0 s",
        "59.9 s",
        "2 min 0 s",
        "not known",
    ]
    assert memory(None) == "not known"
