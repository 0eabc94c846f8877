"""Pictures of object graphs: as XML, and as Chromium draws them."""

import subprocess
import sys
from xml.etree import ElementTree

import pytest
from browser import HINT, find_browser, open_browser

from mlphys.language.graph_pictures import draw_names, draw_value

HOSTILE = [
    "\"double\" and 'single'",
    "<b>&amp;</b>",
    "</text><script>x</script>",
    "line\nend\ttab",
    "\u202eturned\u202c",
    "\u200f\u2066mark",
    "שלום",
    "漢字",
    "a\u0301é",
    "\x00\x1b[31m",
    "\ud800",
    "]]>",
]
SHOWN = [repr(text) if len(repr(text)) <= 28 else repr(text)[:27] + "…" for text in HOSTILE]
NS = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{NS}text")]


def loop() -> list:
    value: list = ["a", None]
    value[1] = value
    return value


VALUES = [
    [[float(4 * i + j) for j in range(4)] for i in range(4)],
    [[7.0] * 4] * 4,
    {(0, 1): "x", (1, 0): [1, 2], "k": {}},
    loop(),
    {text: [text] for text in HOSTILE},
    [[[[[[[[[[1]]]]]]]]], {}, (), set(), len],
    7.0,
]


def test_hostile_strings_are_shown_as_python_writes_them():
    assert texts(draw_value(HOSTILE).svg)[1:] == SHOWN


def test_hostile_names():
    assert texts(draw_names({"<\n>": 1}).svg) == ["names", "<\\n>", "1 int", "1"]
    element = ElementTree.fromstring(draw_value([], title='"<&>\n').svg)
    assert element.get("aria-label") == element.findtext(f"{NS}title") == '"<&>\\n'


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
@pytest.mark.parametrize("inline", [True, False])
def test_picture_is_accessible_and_fits_the_page(value, inline):
    element = ElementTree.fromstring(draw_value(value, inline=inline).svg)
    assert element.get("role") == "img" and element.get("aria-label")
    assert 0 < float(element.get("width", "")) <= 640
    assert not any("0x" in (text.text or "") for text in element.iter())


def test_shared_rows_are_drawn_once():
    assert texts(draw_value([[7.0] * 4] * 4).svg) == ["0 list", "1 list", *["7.0"] * 4]
    atoms = texts(draw_value([[7.0] * 4] * 4, inline=False).svg)
    assert atoms == ["0 list", "1 list", "2 float", "7.0"]


def test_cycle_is_named_and_dashed():
    picture = draw_value(loop())
    assert "with a cycle" in picture.title and "stroke-dasharray" in picture.svg


MEASURED = """
import time
from mlphys.language.graph_pictures import draw_value
deep, paired = [], []
for _ in range(10_000):
    deep, paired = [deep], [paired, paired]
table = [[100 * i + j for j in range(99)] for i in range(1000, 1101)]
wide = [[k] for k in range(5_000)]
for value in deep, paired, table, wide:
    started = time.process_time()
    draw_value(value, inline=False)
    print(time.process_time() - started)
"""


def test_ten_thousand_objects_take_less_than_two_seconds():
    """In a Python of its own, because here every call of the library is checked for its types."""
    done = subprocess.run([sys.executable, "-c", MEASURED], capture_output=True, check=True)
    seconds = [float(line) for line in done.stdout.split()]
    assert len(seconds) == 4 and max(seconds) < 2


@pytest.fixture(scope="module")
def page():
    if find_browser() is None:
        pytest.skip(f"pictures were not opened in a browser: {HINT}")
    with open_browser() as browser:
        yield browser.new_page(viewport={"width": 390, "height": 800})


MEASURE = """() => {
  const box = e => { const b = e.getBoundingClientRect(); return [b.left, b.right, b.top, b.bottom] };
  return {texts: [...document.querySelectorAll('text')].map(e => [e.textContent, ...box(e)]),
          rects: [...document.querySelectorAll('g rect')].map(box),
          svg: box(document.querySelector('svg')),
          scripts: document.querySelectorAll('script, b').length}}"""


@pytest.mark.browser
def test_hostile_strings_in_a_browser(page):
    page.set_content(f"<body>{draw_value(HOSTILE).svg}</body>")
    seen = page.evaluate(MEASURE)
    assert seen["scripts"] == 0
    assert [text[0] for text in seen["texts"][1:]] == SHOWN
    for _, left, right, top, bottom in seen["texts"][1:]:  # each text lies in one slot
        assert any(
            x1 <= left + 1 and right <= x2 + 1 and y1 <= (top + bottom) / 2 <= y2
            for x1, x2, y1, y2 in seen["rects"]
        )


@pytest.mark.browser
@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_picture_shrinks_on_a_phone(page, value):
    page.set_content(f"<body>{draw_value(value).svg}</body>")
    left, right, _, _ = page.evaluate(MEASURE)["svg"]
    assert left >= 0 and right <= 390
    for _, x1, x2, _, _ in page.evaluate(MEASURE)["texts"]:
        assert left <= x1 and x2 <= right


STROKES = """() => [...document.querySelectorAll('path[fill="none"]')].map(path => {
  const end = path.getPointAtLength(path.getTotalLength());
  const at = path.ownerSVGElement.getScreenCTM();
  return [end.x * at.a + at.e, end.y * at.d + at.f,
          path.hasAttribute('stroke-dasharray')] })"""


@pytest.mark.browser
def test_shared_rows_and_a_cycle_in_a_browser(page):
    """Each arrow, as it is drawn, ends at the left edge of a box; dashed is only what closes a cycle."""
    row = ["\u05d0\u202e"]
    for value, dashed in (([row, row, row], 0), (loop(), 1), ([[7.0] * 4] * 4, 0)):
        page.set_content(f"<body>{draw_value(value).svg}</body>")
        rects = page.evaluate(MEASURE)["rects"]
        arrows = page.evaluate(STROKES)
        assert sum(dash for _, _, dash in arrows) == dashed
        for x, y, _ in arrows:  # the point of the arrow takes up to 14 pixels
            assert any(0 < left - x < 14 and top < y < low for left, _, top, low in rects)
        ends = {(round(x), round(y)) for x, y, _ in arrows}
        assert len(ends) == 1  # one shared object, or the one that refers to itself


@pytest.mark.browser
def test_text_from_right_to_left_turns_nothing_else(page):
    """Every other label stands where it stands in a picture of plain letters."""
    places = []
    for word in ("\u05e9\u05dc\u05d5\u05dd", "abcd"):
        page.set_content(f"<body>{draw_value([word, 1, [word, 2.5]], inline=True).svg}</body>")
        texts = page.evaluate(MEASURE)["texts"]
        places.append([[round(edge) for edge in text[1:3]] for text in texts])
    assert places[0] == places[1]
