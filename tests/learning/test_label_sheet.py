import io
import re

import matplotlib.image
import numpy as np
import pytest
from PIL import Image
from widget_page import check_accessible, open_widget, start_browser

from mlphys.learning.label_sheet import LabelSheet, compare_labels, encode_png, tile_images


@pytest.fixture(scope="module")
def sheet():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (60, 28, 28)).astype(np.uint8)
    return LabelSheet(images, np.arange(60) % 10, name="<test>", columns=25)


def test_png_is_read_back():
    picture = np.random.default_rng(0).integers(0, 256, (5, 7)).astype(np.uint8)
    read = matplotlib.image.imread(io.BytesIO(encode_png(picture)))
    assert np.array_equal(np.round(255 * read).astype(np.uint8), picture)


@pytest.mark.parametrize("width", [6, 7])
def test_png_of_sixteen_grays_is_read_back(width):
    picture = np.random.default_rng(0).integers(0, 256, (5, width)).astype(np.uint8)
    read = np.asarray(Image.open(io.BytesIO(encode_png(picture, bits=4)))).astype(int)
    assert read.shape == picture.shape
    assert np.abs(read - picture).max() <= 8  # half of a step of 17
    with pytest.raises(ValueError, match="4 or 8 bits"):
        encode_png(picture, bits=2)


def test_tiles_stand_in_rows():
    images = np.random.default_rng(0).integers(1, 256, (7, 3, 2)).astype(np.uint8)
    picture = tile_images(images, columns=3)
    assert picture.shape == (9, 6)
    assert np.array_equal(picture[3:6, 2:4], images[4])
    assert not picture[6:, 2:].any()


def test_comparison_counts_only_what_was_labelled():
    found = compare_labels("01.3 4\n9", np.array([0, 1, 2, 3, 9, 9]))
    assert (found.labelled, found.agreed) == (5, 4)
    assert found.disagreements.tolist() == [[4, 4, 9]]
    assert compare_labels("..", np.array([1, 2])).disagreements.shape == (0, 3)


@pytest.mark.parametrize("text", ["01", "01x"])
def test_other_text_is_refused(text):
    with pytest.raises(ValueError, match="expected 3 characters"):
        compare_labels(text, np.array([0, 1, 2]))


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: tile_images(np.zeros((0, 2, 2), np.uint8)), "columns > 0"),
        (lambda: LabelSheet(np.zeros((2, 4, 4), np.uint8), np.array([1]), name="a"), "2 labels"),
        (lambda: LabelSheet(np.zeros((1, 4, 4), np.uint8), np.array([10]), name="a"), "0 ... 9"),
    ],
)
def test_bad_sheets_are_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_bundle_has_a_form_for_screen_paper_and_terminal(sheet):
    bundle = sheet._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["text/plain"] == "A sheet of 60 digits to label"
    assert "&lt;test&gt;" in bundle["text/html"]
    assert not re.search(r"(src|href)=\"(https?:)?//", bundle["text/html"])
    assert sheet._repr_mimebundle_() == bundle


browser = pytest.fixture(scope="module")(start_browser)


@pytest.mark.browser
def test_digits_are_labelled_by_keys_buttons_and_mouse(browser, sheet):
    page, errors = open_widget(browser, sheet)
    canvas, status = page.locator("canvas"), page.get_by_role("status")
    canvas.wait_for(state="visible")
    assert not page.locator(".widget-still").is_visible()
    canvas.focus()
    page.keyboard.type("017")
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="8", exact=True).click()
    box = canvas.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 9.5 / 25, box["y"] + box["height"] * 2.5 / 3)
    assert status.inner_text() == "4 of 60 labeled; digit 60: no label"
    canvas.focus()
    page.keyboard.type("3")
    page.keyboard.press("Backspace")
    page.keyboard.type("9")
    page.get_by_role("button", name="Compare").click()
    assert status.inner_text() == "5 labeled, 1 differ from the official labels"
    text = page.locator("textarea").input_value()
    found = compare_labels(text, np.arange(60) % 10)
    assert found.disagreements.tolist() == [[2, 7, 2]]
    page.get_by_role("button", name="Begin anew").click()
    assert page.locator("textarea").input_value() == "." * 60
    assert errors == []
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible(browser, sheet, theme, width):
    page, _ = open_widget(browser, sheet)
    check_accessible(page, theme=theme, width=width)
    page.close()


@pytest.mark.browser
def test_without_scripts_the_still_picture_shows(browser, sheet):
    page, _ = open_widget(browser, sheet, java_script_enabled=False)
    assert page.locator(".widget-still").is_visible() and not page.locator("canvas").is_visible()
    page.close()
