"""The picture of each page for links elsewhere: the right words, the same bytes, few of them."""

from __future__ import annotations

import pytest
from lxml import html
from mlphys_book import cards
from mlphys_book.cards import Words
from PIL import Image

PAGE = """<html><head><title>7. On x² · A Book</title><meta name='description' content='Squares.'>
</head><body><nav><p class='caption'><span class='caption-text'>Part I: Numbers</span></p>
<ul class='nav'><li>a</li></ul><p class='caption'><span class='caption-text'>Part II: Powers</span></p>
<ul class='current nav'><li class='toctree-l1 current active'>b</li></ul></nav></body></html>"""
WORDS = Words("7. On x²", "Part II: Powers", "Squares.", "A Book")


def document(page=PAGE):
    return html.document_fromstring(page)


def test_the_words_are_those_of_the_page():
    assert cards.words_of(document()) == WORDS
    alone = document("<html><head><title>Search · A Book</title></head><body></body></html>")
    assert cards.words_of(alone) == Words("Search", "", "", "A Book")


def test_a_card_is_small_has_its_size_and_shows_its_words(tmp_path):
    assert cards.write_card(tmp_path, document(), "book/powers/x") == WORDS
    path = tmp_path / "_static/cards/book-powers-x.png"
    assert path.stat().st_size < 40_000
    with Image.open(path) as image:
        assert image.size == cards.SIZE == (1200, 630)
        shown = image.convert("RGB")
    with Image.new("RGB", cards.SIZE, cards.SPACE) as empty:
        assert shown.getpixel((5, 5)) == empty.getpixel((5, 5))
    title = shown.crop((cards.LEFT, 178, cards.RIGHT, 250)).getcolors(100_000)
    assert max(sum(color) for _, color in title) > 700  # white letters


def test_the_same_words_give_the_same_bytes_and_are_drawn_once(tmp_path):
    path = tmp_path / cards.card_path("a")
    cards.write_card(tmp_path, document(), "a")
    first, when = path.read_bytes(), path.stat().st_mtime_ns
    cards.write_card(tmp_path, document(), "a")
    assert path.stat().st_mtime_ns == when
    path.unlink()
    cards.write_card(tmp_path, document(), "a")
    assert path.read_bytes() == first


def test_other_words_are_drawn_anew(tmp_path):
    cards.write_card(tmp_path, document(), "a")
    before = (tmp_path / cards.card_path("a")).read_bytes()
    cards.write_card(tmp_path, document(PAGE.replace("Squares.", "Cubes.")), "a")
    assert (tmp_path / cards.card_path("a")).read_bytes() != before


def test_a_long_title_gets_smaller_letters_and_one_without_end_is_refused():
    short, lines = cards._fitted("word", width=900, height=250)
    long, more = cards._fitted("several words " * 14, width=900, height=250)
    assert (short.size, len(lines)) == (64, 1)
    assert long.size < 64
    assert all(long.getlength(line) <= 900 for line in more)
    with pytest.raises(ValueError, match="title that fits"):
        cards._fitted("several words " * 90, width=900, height=250)


def test_cards_of_removed_pages_go(tmp_path):
    for page in ("kept", "gone"):
        cards.write_card(tmp_path, document(), page)
    cards.drop_stale_cards(tmp_path, ["kept"])
    assert [path.name for path in (tmp_path / cards.FOLDER).iterdir()] == ["kept.png"]
