"""What the server of the preview sends: pages with a script, news for it, and no file changed."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request

import pytest
from preview_server import Board, PortTaken, serve_preview
from widget_page import start_browser

PAGE = "<html><body><p>a page</p></body></html>"


@pytest.fixture
def board(tmp_path):
    site = tmp_path / "html"
    (site / "book").mkdir(parents=True)
    (site / "index.html").write_text(PAGE, "utf-8")
    (site / "book/tape.html").write_text(PAGE, "utf-8")
    board = Board(site)
    board.publish()
    return board


def get(address):
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.headers, answer.read().decode()


def test_a_page_gets_the_script_and_the_file_does_not(board):
    with serve_preview(board, base="/up/", port=0) as address:
        headers, text = get(f"{address}book/tape.html")
    assert '<script data-news="/up/__preview"' in text
    assert headers["Cache-Control"] == "no-store"
    assert (board.site / "book/tape.html").read_text("utf-8") == PAGE


def test_a_page_hears_of_its_own_change_only(board):
    with serve_preview(board, base="/up/", port=0) as address:
        news = lambda page: json.loads(get(f"{address}__preview?page=/up/{page}")[1])
        before = {page: news(page)["stamp"] for page in ("book/tape.html", "")}
        os.utime(board.site / "book/tape.html", ns=(1, 1))
        assert news("book/tape.html")["stamp"] == before["book/tape.html"]  # not yet published
        board.publish()
        assert news("book/tape.html")["stamp"] != before["book/tape.html"]
        assert news("")["stamp"] == before[""]


def test_a_new_style_sheet_concerns_all_pages(board):
    before = board.stamp("index.html")
    (board.site / "_static").mkdir()
    (board.site / "_static/site.css").write_text("p{color:red}", "utf-8")
    board.publish()
    assert board.stamp("") == board.stamp("index.html") != before


def test_a_notice_reaches_the_page(board):
    board.notice = "book/tape.md:7: WARNING: undefined label"
    assert board.news("book/tape.html")["notice"] == board.notice


def test_a_wrong_address_is_told_and_follows_the_news(board):
    with serve_preview(board, base="/up/", port=0) as address:
        with pytest.raises(urllib.error.HTTPError) as caught:
            get(f"{address}no/such.html")
        with caught.value as answer:
            assert answer.code == 404
            assert "not built yet" in (text := answer.read().decode())
            assert "data-news" in text


def test_the_root_leads_to_the_book(board):
    with serve_preview(board, base="/up/", port=0) as address:
        assert "a page" in get(address.removesuffix("up/"))[1]


def test_a_port_that_is_taken_is_told_with_a_way_out(board):
    with serve_preview(board, base="/up/", port=0) as address:
        port = int(address.split(":")[2].split("/")[0])
        with (
            pytest.raises(PortTaken, match=rf"port {port} is taken.* make serve PORT={port + 1}"),
            serve_preview(board, base="/up/", port=port),
        ):
            pass


@pytest.fixture(scope="module")
def browser():
    yield from start_browser()


@pytest.mark.browser
def test_an_open_page_reloads_where_it_stands_and_shows_what_is_wrong(browser, board):
    path = board.site / "book/tape.html"
    tall = "<html><body><div style='height:3000px'>{}</div></body></html>"
    path.write_text(tall.format("first"), "utf-8")
    board.publish()
    with serve_preview(board, base="/up/", port=0) as address:
        page = browser.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}book/tape.html")
        page.evaluate("scrollTo(0, 700)")
        board.busy = True
        page.get_by_role("status").get_by_text("building").wait_for(timeout=5000)
        path.write_text(tall.format("second"), "utf-8")
        board.publish()
        board.busy = False
        page.get_by_text("second").wait_for(state="attached", timeout=5000)
        page.wait_for_function("scrollY === 700", timeout=5000)
        board.notice = "book/tape.md:7: WARNING: undefined label"
        page.get_by_role("status").get_by_text("undefined label").wait_for(timeout=5000)
        board.notice = ""
        page.get_by_role("status").wait_for(state="detached", timeout=5000)
        assert errors == []
        page.close()
