import re

import numpy as np
import pytest

from mlphys.derivatives.tape import Tape
from mlphys.derivatives.tape_pictures import draw_tape, write_tape


def pencil():
    tape = Tape()
    x, y = tape.variable(3.0), tape.variable(4.0)
    return x * y + x, {"x": x, "y": y}


def test_picture_holds_every_value_and_sensitivity():
    svg = draw_tape(*pencil()).svg
    texts = re.findall(r">([^<>]+)</text>", svg)
    assert texts.count("= 15") == texts.count("= 12") == 1
    assert {"x", "y", "×", "+", "s = 5", "s = 3"} <= set(texts)
    assert texts.count("s = 1") == 2


def test_inputs_stand_to_the_left_of_what_uses_them():
    svg = draw_tape(*pencil()).svg
    place = {
        name: float(x)
        for x, name in re.findall(r'<text x="([\d.]+)"[^>]*font-weight="bold"[^>]*>([^<]+)<', svg)
    }
    assert place["x"] < place["×"] < place["+"]


def test_text_view_lists_functions_arrays_and_constants():
    x = Tape().variable(np.ones((2, 3)))
    text = write_tape((np.sin(x[0]) * 2.5 - x).sum(), {"x": x})
    for part in ("x[0]", "sin(q1)", "× 2.5", "2×3 array", "total(q4, None)"):
        assert part in text, text


def test_graph_shows_names_and_constants_in_its_boxes():
    x = Tape().variable(2.0)
    half = x * 0.5
    y = -np.sin(half) + 3.0 / x
    svg = draw_tape(y, {"x": x, "half": half}).svg
    assert {"x", "half: × 0.5", "sin", "−", "3 ÷"} <= set(re.findall(r">([^<>]+)</text>", svg))


def test_lines_that_the_result_does_not_use_are_left_out():
    tape = Tape()
    x = tape.variable(2.0)
    _ = x * 7.0
    assert "q1" not in write_tape(x * 3.0, {"x": x})


def test_graph_that_leaves_the_page_is_refused():
    y = Tape().variable(1.0)
    for _ in range(20):
        y = y * 2.0
    with pytest.raises(ValueError, match=r"fits a page.*write_tape"):
        draw_tape(y)
