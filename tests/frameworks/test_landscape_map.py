"""The map shows every method once, at its year, and cites what the book's references hold."""

import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.frameworks.landscape_map import FIELD, KIN, LANES, SIDES, across, draw_map
from mlphys.plotting import use_style

ROOT = Path(__file__).resolve().parents[2]


def test_every_place_is_cited_with_its_year():
    text = (ROOT / "references.bib").read_text("utf-8")
    for name, place in FIELD.items():
        entry = re.search(rf"@\w+{{{place.key},(.*?)\n}}", text, re.DOTALL)
        assert entry, name
        assert str(place.year) in entry[1], name
        assert 0 <= place.lane < len(LANES) and 0 <= place.height <= 1
        assert place.side in SIDES


def test_kin_are_on_the_map():
    assert {name for pair in KIN for name in pair} <= set(FIELD)


def test_points_are_drawn_at_their_years():
    axes = draw_map().axes[0]
    dots = [np.asarray(line.get_xdata())[0] for line in axes.lines if line.get_marker() == "o"]
    assert dots == pytest.approx([across(place.year) for place in FIELD.values()])
    assert [text.get_text() for text in axes.texts] == list(FIELD)
    plt.close("all")


def test_names_are_free_of_lines_of_dots_and_of_each_other():
    use_style()
    figure = draw_map()
    figure.canvas.draw()
    axes = figure.axes[0]
    boxes = {text.get_text(): text.get_window_extent() for text in axes.texts}
    frame = axes.get_window_extent()
    for name, box in boxes.items():
        assert frame.x0 <= box.x0 and box.x1 <= frame.x1, name
        rivals = [other for other in boxes if other != name and box.overlaps(boxes[other])]
        assert not rivals, (name, rivals)
        for line in axes.lines:
            ends = axes.transData.transform(line.get_xydata())
            along = ends[0] + np.linspace(0, 1, 400)[:, None] * (ends[-1] - ends[0])
            inside = (along > [box.x0, box.y0]) & (along < [box.x1, box.y1])
            assert not inside.all(axis=1).any(), name
    plt.close("all")
