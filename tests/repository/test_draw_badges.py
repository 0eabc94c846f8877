"""Badges of the weekly jobs: valid pictures that name the job, its end and the day."""

import json
from datetime import date
from xml.etree import ElementTree

import draw_badges
import pytest

DAY = date(2026, 11, 24)


def test_badge_says_what_how_and_when(tmp_path):
    assert draw_badges.main([str(tmp_path), "links=success", "newest=failure"], DAY) == 0
    links = ElementTree.fromstring((tmp_path / "links.svg").read_text("utf-8"))
    assert links.get("aria-label") == "links: passed on 2026-11-24"
    words = [text.text for text in links.iter("{http://www.w3.org/2000/svg}text")]
    assert words == ["links", "passed on 2026-11-24"]
    newest = (tmp_path / "newest.svg").read_text("utf-8")
    assert "failed on 2026-11-24" in newest
    assert json.loads((tmp_path / "weekly.json").read_text("utf-8")) == {
        "links": {"result": "success", "day": "2026-11-24"},
        "newest": {"result": "failure", "day": "2026-11-24"},
    }


def test_job_that_did_not_run_keeps_its_last_badge(tmp_path):
    assert draw_badges.main([str(tmp_path), "links=cancelled", "colab=skipped"], DAY) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["weekly.json"]


@pytest.mark.parametrize(
    "words", [[], ["f"], ["f", "links"], ["f", "links=red"], ["f", "=success"]]
)
def test_anything_else_is_an_error(words, capsys):
    assert draw_badges.main(words) == 2
    assert "usage:" in capsys.readouterr().err


def test_a_name_cannot_leave_its_place():
    badge = draw_badges.draw('a"<b>', "success", DAY)
    assert ElementTree.fromstring(badge).get("aria-label", "").startswith('a"<b>:')
