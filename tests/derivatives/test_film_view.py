import json
import re

import numpy as np
import pytest
from widget_page import check_accessible, check_still, open_widget, start_browser

from mlphys.derivatives.film_view import FilmView
from mlphys.derivatives.soap_film import ellipse, make_film, points, start
from mlphys.derivatives.soap_film_figures import draw_films

ALT = "Two tubes with different rings, side by side, for a test of the widget."
DARKNESS = """() => { const c = document.querySelector('canvas');
  const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
  let sum = 0; for (let i = 0; i < d.length; i += 4) sum += d[i] * d[i + 3];
  return [sum, c.width, c.height]; }"""


@pytest.fixture(scope="module")
def view():
    round_film = make_film(6, 16)
    wide = make_film(6, 16, radius=np.stack([ellipse(16, half_axes=(14, 6))] * 2), height=(0, 9))
    films = {"round": points(round_film, start(round_film)), "<flat>": points(wide, start(wide))}
    return FilmView(films, still=draw_films(films), alt=ALT)


def test_data_are_the_centered_vertices(view):
    first, second = json.loads(view.data())
    assert (first["name"], first["polygons"], first["angles"]) == ("round", 8, 16)
    found = np.array(first["points"]).reshape(8, 16, 3)
    vertices = view.films["round"].transpose(1, 2, 0) - [0, 0, 9]
    assert np.allclose(found, vertices, atol=0.006)
    assert second["name"] == "<flat>" and "<" not in view.data()


def test_bundle_has_a_form_for_screen_paper_and_terminal(view):
    bundle = view._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["text/plain"] == "Films to turn: round, <flat>"
    assert "&lt;flat&gt;" in bundle["text/html"]
    assert not re.search(r"(src|href)=\"(https?:)?//", bundle["text/html"])
    assert view._repr_mimebundle_() == bundle


@pytest.mark.parametrize(
    "films, alt, words",
    [
        ({}, ALT, "at least one film"),
        ({"a": np.zeros((3, 2, 4))}, " ", "words for the still picture"),
        ({"a": np.zeros((2, 4, 3))}, ALT, "See soap_film.points"),
        ({"a": np.full((3, 2, 4), np.nan)}, ALT, "finite vertices"),
    ],
)
def test_bad_films_are_refused(films, alt, words):
    with pytest.raises(ValueError, match=words):
        FilmView(films, still=None, alt=alt)


browser = pytest.fixture(scope="module")(start_browser)


@pytest.mark.browser
def test_the_film_turns_by_keys_buttons_and_mouse(browser, view):
    page, errors = open_widget(browser, view)
    canvas = page.locator("canvas")
    label = lambda: canvas.get_attribute("aria-label")
    assert not page.locator(".widget-still").is_visible() and canvas.is_visible()
    seen = [(label(), page.evaluate(DARKNESS))]
    assert seen[0][1][0] > 0  # something was drawn
    canvas.focus()
    page.keyboard.press("ArrowRight")
    seen.append((label(), page.evaluate(DARKNESS)))
    page.get_by_role("button", name="Look from higher").click()
    seen.append((label(), page.evaluate(DARKNESS)))
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 420, box["y"] + 180, steps=4)
    page.mouse.up()
    seen.append((label(), page.evaluate(DARKNESS)))
    assert len({name for name, _ in seen}) == 4
    assert len({pixels[0] for _, pixels in seen[1:]}) == 3
    page.get_by_role("button", name="First view").click()
    assert (label(), page.evaluate(DARKNESS)) == seen[0]
    page.get_by_role("button", name="<flat>").click()
    assert "<flat>" in label() and page.evaluate(DARKNESS) != seen[0][1]
    assert page.get_by_role("status").inner_text() == "Showing: <flat>"
    assert errors == []
    page.close()


@pytest.mark.browser
def test_dark_pages_get_light_lines(browser, view):
    page, errors = open_widget(browser, view)
    before = page.evaluate(DARKNESS)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(f"before => ({DARKNESS})()[0] > before", arg=before[0])
    assert errors == []
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible(browser, view, theme, width):
    page, _ = open_widget(browser, view)
    check_accessible(page, theme=theme, width=width)
    page.close()


@pytest.mark.browser
def test_without_scripts_and_on_paper_the_still_picture_shows(browser, view):
    check_still(browser, view, alt=ALT)
