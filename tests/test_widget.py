"""The frame of the widgets: three forms, a picture in place of the live part, safe text."""

import base64
import io
import json
import re

import pytest
from matplotlib.figure import Figure
from PIL import Image

from mlphys.widget import Widget, buttons, still_of, to_json


class Sample(Widget):
    """A widget with hostile words, in the files of a real one."""

    package, style, script = "mlphys.derivatives", "film_view.css", "film_view.js"

    def __init__(self, alt: str = "A line.") -> None:
        figure = Figure(figsize=(3, 2))
        figure.add_subplot().plot([0, 1])
        self.still, self.words = still_of(figure, alt), "A sample"

    def live(self):
        return "<canvas></canvas>"

    def data(self):
        return to_json(["</script><script>alert(1)"])

    def attributes(self):
        return {"data-name": '"><b>'}


def test_three_forms_are_given():
    bundle = Sample()._repr_mimebundle_()
    assert list(bundle) == ["text/html", "image/png", "text/plain"]
    assert Image.open(io.BytesIO(bundle["image/png"])).size == (330, 220)
    assert bundle["text/plain"] == "A sample"


def test_picture_in_the_page_has_its_size_and_few_colors():
    page = Sample()._repr_html_()
    tag = re.search(
        r'<img class="widget-still" width="330" height="220" alt="A line." src="([^"]+)"', page
    )
    assert tag is not None
    picture = Image.open(io.BytesIO(base64.b64decode(tag.group(1).partition(",")[2])))
    assert picture.size == (330, 220)
    assert picture.mode == "P"


def test_live_part_is_hidden_until_the_script_shows_it():
    assert '<div class="widget-live" hidden><canvas></canvas></div>' in Sample()._repr_html_()


def test_words_and_data_cannot_become_markup():
    page = Sample('"><script>alert(1)</script>')._repr_html_()
    assert page.count("<script") == 2  # the data and the code
    assert page.count("</script>") == 2
    assert "<b>" not in page
    data = re.search(r'<script type="application/json">(.*?)</script>', page)
    assert data is not None
    assert json.loads(data.group(1)) == ["</script><script>alert(1)"]


def test_pressed_button_is_the_chosen_one():
    row = buttons("Films & more", {"0": "tube", "1": "<cone>"}, "film", chosen="1")
    assert re.findall(r'data-film="(.)" aria-pressed="(\w+)"', row) == [
        ("0", "false"),
        ("1", "true"),
    ]
    assert "&lt;cone&gt;" in row
    assert 'aria-label="Films &amp; more"' in row


def test_picture_without_words_is_refused():
    with pytest.raises(ValueError, match="words for the still picture"):
        still_of(Figure(), " ")


def test_widget_without_a_live_part_is_refused():
    with pytest.raises(NotImplementedError, match="Widget: a widget must say"):
        Widget().live()
