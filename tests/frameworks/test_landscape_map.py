"""The map shows every method once, at its year, and cites what the book's references hold."""

import re
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from mlphys.frameworks.landscape_map import FIELD, KIN, LANES, across, draw_map

ROOT = Path(__file__).resolve().parents[2]


def test_every_place_is_cited_with_its_year():
    text = (ROOT / "references.bib").read_text("utf-8")
    for name, place in FIELD.items():
        entry = re.search(rf"@\w+{{{place.key},(.*?)\n}}", text, re.DOTALL)
        assert entry, name
        assert str(place.year) in entry[1], name
        assert 0 <= place.lane < len(LANES) and 0 <= place.height <= 1


def test_kin_are_on_the_map():
    assert {name for pair in KIN for name in pair} <= set(FIELD)


def test_points_are_drawn_at_their_years():
    axes = draw_map().axes[0]
    dots = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert dots == pytest.approx([across(place.year) for place in FIELD.values()])
    assert [text.get_text() for text in axes.texts] == list(FIELD)
    plt.close("all")
