import gzip
import json
import re
from functools import cache

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.ndimage import maximum_filter, minimum_filter
from widget_page import check_accessible, open_widget, start_browser

from mlphys.physics import schwarzschild as exact
from mlphys.physics.antialias import antialias
from mlphys.physics.black_hole import render
from mlphys.physics.black_hole_figures import display
from mlphys.physics.camera import pixel_directions
from mlphys.physics.events import Status
from mlphys.physics.flight import (
    HALF_WIDTH,
    Flight,
    Observer,
    camera_of,
    look,
    orbit_speed,
    shadow_in_orbit,
)
from mlphys.physics.flight_table import flight_table, row_at
from mlphys.physics.frames import light, local_components, static_frame
from mlphys.physics.line_elements import schwarzschild_ingoing
from mlphys.physics.sky import checkerboard
from mlphys.physics.spacetime import metric
from mlphys.physics.starry_sky import starry_sky

ALT = "A black disk on a checkerboard sky, for a test of the widget."
SKIES = checkerboard, starry_sky
WIDTH, HEIGHT = 320, 200
OBSERVERS = (
    Observer(radius=20.0),
    Observer(radius=6.0, around=1.0, yaw=0.5, pitch=-0.2),
    Observer(radius=1.7, yaw=-1.2, pitch=0.3),
    Observer(radius=4.0, around=2.0, yaw=-0.6, orbit=True),
)
PIXELS = """([observer, options]) => { const flight = document.querySelector('.flight').flight;
  Object.assign(flight.observer, observer);
  return Array.from(flight.pixels(options), (byte) => String.fromCharCode(byte)).join(''); }"""
STATE = "document.querySelector('.flight').flight.observer"
NO_WEBGL = """const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind.startsWith('webgl') ? null : get.call(this, kind, ...more); };"""


@pytest.fixture(scope="module")
def table():
    return flight_table()


@pytest.fixture(scope="module")
def flight(table):
    figure = plt.figure(figsize=(4, 2.5))
    figure.text(0.2, 0.5, "still picture")
    made = Flight(table, still=figure, alt=ALT)
    plt.close(figure)
    return made


@cache
def traced(observer, sky, *, width=WIDTH, height=HEIGHT):
    """The picture without table or symmetry, and which pixels are dark."""
    picture = render(
        camera=camera_of(observer), width=width, height=height, half_width=HALF_WIDTH, sky=sky
    )
    assert not (picture.status == Status.FAILED).any()
    dark = picture.status == Status.CAPTURED
    return np.where(dark[..., np.newaxis], 0.0, np.nan_to_num(picture.rgb)), dark


def at_edges(rgb):
    """Pixels whose neighbors have another color."""
    size = (3, 3, 1)
    return (maximum_filter(rgb, size) - minimum_filter(rgb, size)).max(axis=-1) > 1e-6


@pytest.mark.parametrize("observer", OBSERVERS)
def test_the_look_in_numpy_is_the_traced_picture(table, observer):
    rgb, dark = traced(observer, checkerboard)
    found, captured = look(table, observer, width=WIDTH, height=HEIGHT, sky=checkerboard)
    assert np.array_equal(captured, dark)
    differ = abs(display(found) - display(rgb)).max(axis=-1) > 2 / 255
    assert differ.mean() < 2e-4 and not (differ & ~at_edges(rgb)).any()


def test_orbit_speed_is_that_of_the_geodesic():
    for radius in (1.6, 3.0, 9.0):
        # u = (1, 0, Ω, 0)·u^t with Ω² = M/r³ is the four-velocity of the orbit
        place = np.array([0.0, radius, 0.0, 0.0])
        u = np.array([1.0, 0.0, np.sqrt(0.5 / radius**3) * radius, 0.0])
        frame = static_frame(schwarzschild_ingoing, place)
        parts = local_components(metric(schwarzschild_ingoing, place), frame, u)
        assert -parts[2] / parts[0] == pytest.approx(float(orbit_speed(radius)), rel=1e-12)
    with pytest.raises(ValueError, match=r"above 1\.5"):
        orbit_speed(1.5)


def test_light_that_arrives_is_aberrated_as_in_special_relativity(table):
    # light comes from a direction of the frame at rest; in the moving frame it comes from nearer
    # to the direction of motion: cos θ' = (cos θ + β)/(1 + β cos θ)
    observer = Observer(radius=4.0, orbit=True)
    camera, beta = camera_of(observer), float(orbit_speed(4.0))
    rest = static_frame(schwarzschild_ingoing, camera.position)
    theta = np.linspace(0.1, 3.0, 7)
    moving = np.arccos((np.cos(theta) + beta) / (1 + beta * np.cos(theta)))
    seen = np.stack([np.sin(moving), -np.cos(moving), 0 * moving], axis=-1)
    parts = local_components(
        metric(schwarzschild_ingoing, camera.position), rest, light(camera.frame, seen)
    )
    found = parts[:, 1:] / parts[:, :1]
    np.testing.assert_allclose(found[:, 1], -np.cos(theta), atol=1e-12)


@pytest.mark.parametrize("radius", [2.5, 6.0])
def test_the_shadow_in_orbit_is_a_smaller_shifted_disk(table, radius):
    disk = shadow_in_orbit(exact.shadow_angle(radius), orbit_speed(radius))
    observer = Observer(radius=radius, orbit=True, yaw=-float(disk.shift))
    _, dark = look(table, observer, width=600, height=600, sky=checkerboard, half_width=1.5)
    angle = np.arccos(pixel_directions(600, 600, half_width=1.5)[..., 0])
    pixel = 2 * 1.5 / 600
    assert dark[angle < disk.radius - pixel].all()
    assert not dark[angle > disk.radius + pixel].any()


def test_bad_flights_are_refused(table):
    with pytest.raises(ValueError, match=r"from 1\.6 to 30"):
        Flight(table, start=Observer(radius=1.5), still=None, alt=ALT)
    with pytest.raises(ValueError, match="words for the still picture"):
        Flight(table, still=None, alt=" ")


def test_bundle_has_a_form_for_screen_paper_and_terminal(flight):
    bundle = flight._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["text/plain"].startswith("A flight around a black hole")
    assert "[[" not in flight.live()
    assert not re.search(r"(src|href)=\"(https?:)?//", bundle["text/html"])
    assert "fetch(" not in bundle["text/html"] and "import(" not in bundle["text/html"]
    assert flight._repr_mimebundle_() == bundle


def test_fragment_is_light_and_a_ray_costs_one_read(flight):
    text = flight._repr_html_()
    assert len(text) < 100_000 and len(gzip.compress(text.encode(), 6)) < 45_000
    shader = json.loads(flight.data())["shader"]
    reads = re.findall(r"\btexture\w*\(|\btexelFetch\w*\(", shader)
    assert sorted(reads) == ["texelFetch(", "textureSize("]  # the latter reads no texel


browser = pytest.fixture(scope="module")(start_browser)


@pytest.fixture
def page(browser, flight):
    page, errors = open_widget(browser, flight)
    assert page.evaluate("document.querySelector('.flight').dataset.problem ?? ''") == ""
    yield page
    assert errors == []
    page.close()


def drawn(page, observer, sky, *, rays=1, width=WIDTH, height=HEIGHT):
    """What the graphics card draws, 0 to 255."""
    options = {"width": width, "height": height, "rays": rays, "sky": sky}
    found = page.evaluate(PIXELS, [observer._asdict(), options])
    found = np.frombuffer(found.encode("latin-1"), np.uint8).astype(int)
    return found.reshape(height, width, 4)[::-1, :, :3]


def words(page):
    return page.get_by_role("status").inner_text()


def state(page):
    return page.evaluate(STATE)


@pytest.mark.browser
@pytest.mark.parametrize("observer", OBSERVERS)
@pytest.mark.parametrize("sky", [0, 1])
def test_the_pixels_are_those_of_the_traced_picture(page, observer, sky):
    rgb, dark = traced(observer, SKIES[sky])
    found = drawn(page, observer, sky)
    assert np.array_equal(found.max(axis=-1) == 0, dark)  # the shadow, pixel by pixel
    differ = abs(found - np.rint(255 * display(rgb))).max(axis=-1) > 2
    assert differ.mean() < 2e-4
    if sky == 0:  # squares of one color: nothing differs but at their edges
        assert not (differ & ~at_edges(rgb)).any()


@pytest.mark.browser
def test_the_refined_picture_is_the_smoothed_one(page):
    observer = OBSERVERS[1]
    fine, dark = traced(observer, checkerboard, width=3 * WIDTH, height=3 * HEIGHT)
    smooth = np.rint(255 * display(antialias(fine, dark, factor=3)))
    differ = abs(drawn(page, observer, 0, rays=3) - smooth).max(axis=-1) > 2
    assert differ.mean() < 5e-4


@pytest.mark.browser
@pytest.mark.parametrize("radius", [1.6, 2.0, 7.3, 20.0, 30.0])
def test_the_shadow_has_the_exact_radius(page, table, radius):
    row = page.evaluate(f"""() => {{ const row = document.querySelector('.flight').flight
      .rowAt({radius}); return [row.critical, [...row.pieces]]; }}""")
    expected = row_at(table, radius)
    edge = float(exact.shadow_angle(radius))
    assert abs(row[0] - edge) < 5e-7
    np.testing.assert_allclose(np.reshape(row[1], (-1, 4)), expected.pieces, atol=1e-5)
    yaw = 0.0 if radius > 6 else -edge
    line = drawn(page, Observer(radius=radius, yaw=yaw), 0, width=4096, height=1)[0].max(axis=-1)
    slope = HALF_WIDTH * (2 * np.arange(4096) + 1 - 4096) / 4096
    angle = np.arctan(slope) - yaw
    assert line[(angle > 0) & (angle < edge - 2e-4)].max() == 0
    assert line[angle > edge + 2e-4].min() > 0


@pytest.mark.browser
def test_keys_and_buttons_move_and_look(page):
    page.locator("canvas").focus()
    assert words(page) == (
        "8.00 Schwarzschild radii from the hole, at rest, looking at the hole. "
        "The shadow reaches 17.7° from its center."
    )
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    assert "looking 5.0° left of the hole and 5.0° up" in words(page)
    page.keyboard.press("Home")
    assert "looking at the hole" in words(page)
    page.keyboard.press("+")
    near = state(page)["radius"]
    assert near < 8
    page.get_by_role("button", name="Farther").click()
    page.get_by_role("button", name="Farther").click()
    assert state(page)["radius"] > 8
    for _ in range(50):
        page.get_by_role("button", name="Closer").click()
    assert state(page)["radius"] == pytest.approx(1.6)
    angle = np.degrees(exact.shadow_angle(1.6))
    assert f"The shadow reaches {angle:.1f}°" in words(page)
    assert page.evaluate("scrollY") == 0


@pytest.mark.browser
def test_sliders_move_by_keys(page):
    page.get_by_role("slider", name="Distance from the hole").focus()
    page.keyboard.press("End")
    assert state(page)["radius"] == 30
    page.keyboard.press("Home")
    assert state(page)["radius"] == pytest.approx(1.6)
    page.get_by_role("slider", name="Place around the hole").focus()
    page.keyboard.press("ArrowRight")
    assert state(page)["around"] == pytest.approx(np.radians(5))


@pytest.mark.browser
def test_in_orbit_the_view_keeps_to_the_hole(page):
    page.get_by_role("button", name="In orbit").click()
    disk = shadow_in_orbit(exact.shadow_angle(8.0), orbit_speed(8.0))
    assert words(page).startswith("8.00 Schwarzschild radii from the hole, in orbit at 0.27 of")
    assert f"looking at the hole. The shadow reaches {np.degrees(disk.radius):.1f}°" in words(page)
    assert state(page)["yaw"] == pytest.approx(-float(disk.shift), abs=1e-6)
    page.get_by_role("button", name="Closer").click()
    assert "looking at the hole" in words(page)
    page.get_by_role("button", name="At rest").click()
    assert state(page)["yaw"] == 0
    assert page.get_by_role("button", name="At rest").get_attribute("aria-pressed") == "true"


@pytest.mark.browser
def test_the_sky_follows_the_mouse(page):
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"] + 200, steps=5)
    page.mouse.up()
    assert state(page)["yaw"] > 0.1 and state(page)["pitch"] > 0.05
    before = page.evaluate("document.querySelector('.flight').flight.shown.sky")
    page.get_by_role("button", name="Stars").click()
    assert before == 0 and page.evaluate("document.querySelector('.flight').flight.shown.sky") == 1


@pytest.mark.browser
def test_a_finger_turns_sideways_and_scrolls_upward(browser, flight):
    page, errors = open_widget(browser, flight, has_touch=True)
    page.set_viewport_size({"width": 390, "height": 500})
    client = page.context.new_cdp_session(page)
    box = page.locator("canvas").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def swipe(dx, dy):
        send = lambda kind, points: client.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points}
        )
        send("touchStart", [{"x": x, "y": y}])
        for k in range(1, 11):
            send("touchMove", [{"x": x + k * dx / 10, "y": y + k * dy / 10}])
        send("touchEnd", [])

    swipe(100, 0)
    page.wait_for_function(f"{STATE}.yaw > 0.1")
    assert page.evaluate("scrollY") == 0
    yaw = state(page)["yaw"]
    swipe(0, -100)
    page.wait_for_function("scrollY > 20")
    assert state(page)["pitch"] == 0 and abs(state(page)["yaw"] - yaw) < 0.1
    assert errors == []
    page.close()


@pytest.mark.browser
def test_nothing_moves_by_itself(page):
    count = "document.querySelector('.flight').flight.shown.count"
    page.wait_for_timeout(1500)
    before = page.evaluate(count)
    page.wait_for_timeout(500)
    assert page.evaluate(count) == before


@pytest.mark.browser
def test_a_slow_machine_gets_smaller_pictures_while_it_moves(page):
    page.evaluate("""async () => {
      const canvas = document.querySelector('canvas');
      const press = () => canvas.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' }));
      for (let k = 0; k < 20; k++) {
        press();
        const end = performance.now() + 60;
        while (performance.now() < end);
        await new Promise(requestAnimationFrame);
      }
    }""")
    shown = "document.querySelector('.flight').flight.shown"
    assert 0.35 <= page.evaluate(f"{shown}.scale") < 0.9
    page.wait_for_timeout(600)  # at rest the picture has all its pixels again
    width, full = page.evaluate("(c => [c.width, c.clientWidth])(document.querySelector('canvas'))")
    assert width == full


@pytest.mark.browser
def test_speed_is_told_on_request(page):
    assert "a second" not in words(page)
    page.get_by_role("button", name="Pictures a second?").click()
    assert re.match(r"\d+ pictures of \d+ × \d+ pixels a second on this machine\.", words(page))


@pytest.mark.browser
def test_without_webgl_the_still_picture_stays_and_says_why(browser, flight):
    page, errors = open_widget(browser, flight)
    page.close()
    page = browser.new_page()
    page.add_init_script(NO_WEBGL)
    page.route(
        "**/*",
        lambda route: route.fulfill(
            body=flight._repr_html_(), content_type="text/html; charset=utf-8"
        ),
    )
    page.goto("http://widget.test/")
    assert page.get_by_role("img", name=ALT).is_visible()
    assert "This browser draws no WebGL 2" in page.get_by_role("note").inner_text()
    assert not page.locator("canvas").is_visible() and errors == []
    page.close()


@pytest.mark.browser
def test_a_lost_card_gives_way_to_the_still_picture_until_it_is_back(page):
    page.evaluate("""() => { const gl = document.querySelector('canvas').getContext('webgl2');
      window.lose = gl.getExtension('WEBGL_lose_context'); window.lose.loseContext(); }""")
    page.wait_for_function("!document.querySelector('.widget-still').hidden")
    assert "stopped drawing" in page.get_by_role("note").inner_text()
    page.evaluate("window.lose.restoreContext()")
    page.wait_for_function("document.querySelector('.widget-still').hidden")
    rgb, _ = traced(OBSERVERS[0], checkerboard)
    differ = abs(drawn(page, OBSERVERS[0], 0) - np.rint(255 * display(rgb))).max(axis=-1) > 2
    assert differ.mean() < 2e-4


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible(page, theme, width):
    check_accessible(page, theme=theme, width=width)


@pytest.mark.browser
def test_without_scripts_and_on_paper_the_still_picture_shows(browser, flight):
    page, _ = open_widget(browser, flight, java_script_enabled=False)
    assert page.get_by_role("img", name=ALT).is_visible()
    assert not page.locator("canvas").is_visible()
    page.close()
    page, _ = open_widget(browser, flight)
    page.emulate_media(media="print")
    assert page.locator(".widget-still").is_visible() and not page.locator("canvas").is_visible()
    page.close()
