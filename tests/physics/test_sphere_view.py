import json
import re

import numpy as np
import pytest
from matplotlib.figure import Figure
from widget_page import check_accessible, check_still, open_widget, start_browser

from mlphys.physics.icosadeltahedral import icosadeltahedral_points, icosahedron
from mlphys.physics.sphere_view import SphereView
from mlphys.physics.thomson import random_points

ALT = "Two spheres with marked points, side by side, for a test of the widget."
COLORS = """() => { const c = document.querySelector('canvas');
  const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
  let sum = 0; for (let i = 0; i < d.length; i += 4) sum += (d[i] + i % 97 * d[i + 2]) * d[i + 3];
  return [sum, c.width, c.height]; }"""


@pytest.fixture(scope="module")
def view():
    rough = random_points(60, rng=np.random.default_rng(0))
    spheres = {"folded": 2 * icosadeltahedral_points(2, 1), "<rough>": rough}
    return SphereView(spheres, still=Figure(figsize=(4, 2)), alt=ALT)


def test_data_are_points_edges_and_degrees(view):
    folded, rough = json.loads(view.data())
    points = np.array(folded["points"]).reshape(-1, 3)
    assert np.allclose(points, icosadeltahedral_points(2, 1), atol=6e-4)
    edges = np.array(folded["edges"]).reshape(-1, 2)
    assert len(edges) == 3 * 72 - 6
    assert np.bincount(edges.ravel()).tolist() == folded["degrees"]
    assert folded["degrees"].count(5) == 12
    assert rough["name"] == "<rough>" and "<" not in view.data()


def test_bundle_has_a_form_for_screen_paper_and_terminal(view):
    bundle = view._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["text/plain"] == "Spheres to turn: folded, <rough>"
    assert "&lt;rough&gt;" in bundle["text/html"]
    assert not re.search(r"(src|href)=\"(https?:)?//", bundle["text/html"])


@pytest.mark.parametrize(
    "spheres, alt, words",
    [
        ({}, ALT, "at least one sphere"),
        ({"a": icosahedron()[0]}, " ", "words for the still picture"),
        ({"a": np.zeros((3, 2))}, ALT, "finite points"),
        ({"a": np.eye(3)}, ALT, "four points or more"),
    ],
)
def test_bad_spheres_are_refused(spheres, alt, words):
    with pytest.raises(ValueError, match=words):
        SphereView(spheres, still=Figure(figsize=(1, 1)), alt=alt)


browser = pytest.fixture(scope="module")(start_browser)


@pytest.mark.browser
def test_the_sphere_turns_by_keys_buttons_and_mouse(browser, view):
    page, errors = open_widget(browser, view)
    canvas = page.locator("canvas")
    label = lambda: canvas.get_attribute("aria-label")
    assert not page.locator(".widget-still").is_visible() and canvas.is_visible()
    said = page.get_by_role("status")
    assert said.inner_text().startswith("folded: 12 with five neighbors (circles), 60 with six")
    seen = [(label(), page.evaluate(COLORS))]
    assert seen[0][1][0] > 0  # something was drawn
    canvas.focus()
    page.keyboard.press("ArrowRight")
    seen.append((label(), page.evaluate(COLORS)))
    page.get_by_role("button", name="Look from higher").click()
    seen.append((label(), page.evaluate(COLORS)))
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 420, box["y"] + 180, steps=4)
    page.mouse.up()
    seen.append((label(), page.evaluate(COLORS)))
    assert len({name for name, _ in seen}) == 4
    assert len({pixels[0] for _, pixels in seen}) == 4
    page.get_by_role("button", name="First view").click()
    assert (label(), page.evaluate(COLORS)) == seen[0]
    page.get_by_role("button", name="<rough>").click()
    assert "<rough>" in label() and page.evaluate(COLORS) != seen[0][1]
    assert said.inner_text().startswith("<rough>: ")
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
