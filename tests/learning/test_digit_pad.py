import base64
import gzip
import json
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.ndimage import center_of_mass
from widget_page import check_accessible, open_widget, start_browser

from mlphys.datasets import load_mnist
from mlphys.learning import DeepNet, PixelScale, adam, make_cosine, train
from mlphys.learning.deep_net import Layer
from mlphys.learning.digit_detector import Detector, average_blocks, fit_detector, probability
from mlphys.learning.digit_pad import (
    DigitPad,
    center_drawing,
    draw_strokes,
    make_reader,
    round_weights,
)

ALT = "A three and an eight with their evidence maps, for a test of the widget."
INK = """() => { const c = document.querySelector('.pad-paper');
  const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
  let sum = 0; for (let i = 3; i < d.length; i += 4) sum += d[i]; return sum; }"""
READ = """pictures => pictures.map(seen => { const pad = document.querySelector('.digit-pad').digitPad;
  const { logit, netLogits, evidence } = pad.read(seen); return [logit, netLogits, evidence]; })"""


def bow(x, y, width, height, start, end):
    """An arc, in pixels of the paper; angles in degrees, clockwise from the right."""
    angle = np.radians(np.linspace(start, end, 24))
    return np.stack([x + width * np.cos(angle), y + height * np.sin(angle)], axis=1)


THREE = [bow(112, 76, 32, 36, -150, 90), bow(112, 150, 34, 38, -90, 150)]
EIGHT = [*THREE, bow(112, 76, 32, 36, 90, 210), bow(112, 150, 34, 38, 150, 270)]
ONE = [np.array([[118.0, 36.0], [112.0, 110.0], [106.0, 186.0]])]


@pytest.fixture(scope="module")
def digits():
    return load_mnist()


@pytest.fixture(scope="module")
def trained(digits):
    """The detector, the net and its scale, from 6,000 digits."""
    images, labels = digits.train_images[:6000], digits.train_labels[:6000]
    learn = slice(0, 4000, 2)
    detector = fit_detector(average_blocks(images[learn]), labels[learn] == 8).detector
    rng, pixels = np.random.default_rng(0), PixelScale.fit(images)
    net = DeepNet((784, 25, 25, 25, 10), rng=rng)
    schedule = make_cosine(3e-3, steps=3000)
    train(
        net, images, labels, optimizer=adam(), learning_rate=schedule, epochs=32, rng=rng,
        pixels=pixels, reach=1, progress="none",
    )  # fmt: skip
    return detector, net, pixels


@pytest.fixture(scope="module")
def reader(trained):
    detector, net, pixels = trained
    return make_reader(detector, net, pixels=pixels)


@pytest.fixture(scope="module")
def pad(reader):
    figure = plt.figure(figsize=(5, 3))
    figure.text(0.2, 0.5, "still picture")
    examples = {
        "A three": center_drawing(draw_strokes(THREE)),
        "An <eight>": center_drawing(draw_strokes(EIGHT)),
    }
    made = DigitPad(reader, examples, still=figure, alt=ALT)
    plt.close(figure)
    return made


def test_drawings_fill_the_box_and_have_their_mass_in_the_middle():
    seen = center_drawing(draw_strokes(EIGHT, side=224, width=20))
    assert seen.shape == (28, 28)
    assert np.allclose(center_of_mass(seen), 14, atol=2e-3)
    rows = np.flatnonzero(seen.sum(axis=1))
    assert 20 <= rows[-1] - rows[0] + 1 <= 21  # a box of 20 pixels at a fractional place


def test_shrinking_keeps_the_ink():
    ink = np.random.default_rng(0).random((90, 60))
    seen = center_drawing(ink)
    assert np.isclose(seen.sum(), ink.sum() * (20 / 90) ** 2, rtol=1e-13)
    assert seen.max() <= 1 + 1e-12


def test_centering_does_not_depend_on_place_and_size():
    small = np.zeros((100, 130))
    small[20:60, 30:55] = np.random.default_rng(1).random((40, 25))
    moved = np.zeros((90, 90))
    moved[50:, 5:30] = small[20:60, 30:55]
    assert np.allclose(center_drawing(small), center_drawing(moved), atol=1e-12)
    large = np.kron(small, np.ones((3, 3)))
    assert np.allclose(center_drawing(small), center_drawing(large), atol=1e-12)


def test_centering_leaves_digits_of_mnist_nearly_where_they_are(digits):
    found = [center_drawing(image / 255) for image in digits.test_images[:100]]
    shifts = [
        np.subtract(center_of_mass(a), center_of_mass(b))
        for a, b in zip(found, digits.test_images[:100], strict=True)
    ]
    assert np.abs(shifts).max() < 0.55  # they were moved by whole pixels
    assert np.abs(np.mean(shifts, axis=0)).max() < 0.1  # and not to another place
    likeness = [
        np.corrcoef(a.ravel(), b.ravel())[0, 1]
        for a, b in zip(found, digits.test_images[:100] / 255, strict=True)
    ]
    assert np.median(likeness) > 0.9


def test_heavy_corners_do_not_push_ink_out_of_the_field():
    ink = np.zeros((100, 100))
    ink[:10, :10] = 1
    ink[99, 99] = 0.5
    seen = center_drawing(ink)
    assert np.isclose(seen.sum(), ink.sum() * 0.04, rtol=1e-12)


def test_empty_paper_stays_empty():
    assert not center_drawing(np.zeros((5, 7))).any()


@pytest.mark.parametrize("ink", [np.full((3, 3), 1.1), np.full((3, 3), np.nan), np.zeros(4)])
def test_what_is_no_ink_is_refused(ink):
    with pytest.raises(ValueError, match=r"expected ink in 0 \.\.\. 1"):
        center_drawing(ink)


def test_bytes_change_a_weight_by_half_a_step_at_most(trained):
    for layer in trained[1].layers:
        rounded = round_weights(layer)
        error = np.abs(rounded.weights * rounded.factors - layer.weights)
        assert np.all(error <= rounded.factors / 2 * (1 + 1e-6))
    with pytest.raises(ValueError, match="finite weights"):
        round_weights(Layer(np.array([[np.nan]]), np.zeros(1)))


def test_bytes_cost_no_accuracy(trained, reader, digits):
    """At most two of 1,000 digits are read differently than by the net in float32."""
    _, net, pixels = trained
    images, labels = digits.test_images[:1000], digits.test_labels[:1000]
    full = net.predict(pixels.apply(images))
    rounded = reader.net_logits(images / 255).argmax(axis=1)
    assert np.mean(full == labels) > 0.92
    assert np.sum(full != rounded) <= 2
    assert abs(np.sum(full == labels) - np.sum(rounded == labels)) <= 2


def test_evidence_adds_up_to_the_logit_of_the_detector(trained, reader, digits):
    images = digits.test_images[:50]
    expected = trained[0].logits(average_blocks(images))
    for image, logit in zip(images, expected, strict=True):
        found = reader.read(image / 255)
        assert np.isclose(found.logit, logit, rtol=1e-5, atol=1e-5)  # weights are float32
        assert np.isclose(found.evidence.sum() + reader.offset, found.logit, atol=1e-12)


def test_other_detectors_and_nets_are_refused(trained):
    detector, net, pixels = trained
    rng = np.random.default_rng(0)
    for pair in (
        (Detector(np.zeros(784), 0.0), net),
        (detector, DeepNet((784, 5, 10), rng=rng, activation="relu")),
        (detector, DeepNet((196, 5, 10), rng=rng)),
    ):
        with pytest.raises(ValueError, match="196 weights and a net of arctan or tanh units"):
            make_reader(*pair, pixels=pixels)


@pytest.mark.parametrize(
    "examples, alt, words",
    [
        ({}, ALT, "at least one example"),
        ({"a": np.zeros((28, 28))}, " ", "words for the still picture"),
        ({"a": np.zeros((14, 14))}, ALT, "center_drawing makes it"),
        ({"a": np.full((28, 28), 2.0)}, ALT, r"ink in 0 \.\.\. 1"),
    ],
)
def test_bad_pads_are_refused(reader, examples, alt, words):
    with pytest.raises(ValueError, match=words):
        DigitPad(reader, examples, still=None, alt=alt)


def test_bundle_has_a_form_for_screen_paper_and_terminal(pad):
    bundle = pad._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["text/plain"].startswith("A pad to draw digits on")
    assert "An &lt;eight&gt;" in bundle["text/html"]
    assert "[[" not in bundle["text/html"]
    assert not re.search(r"(src|href)=\"(https?:)?//", bundle["text/html"])
    assert "fetch(" not in bundle["text/html"] and "import(" not in bundle["text/html"]
    assert pad._repr_mimebundle_() == bundle


def test_fragment_is_light(pad):
    assert len(gzip.compress(pad._repr_html_().encode(), 6)) < 45_000


def test_data_hold_the_rounded_weights(pad, reader):
    data = json.loads(pad.data())
    assert np.array_equal(np.reshape(data["weights"], (14, 14)), reader.weights)
    for found, layer in zip(data["layers"], reader.layers, strict=True):
        weights = np.frombuffer(base64.b64decode(found["weights"]), np.int8)
        assert np.array_equal(weights.reshape(layer.weights.shape), layer.weights)
        assert found["factors"] == layer.factors.tolist()


browser = pytest.fixture(scope="module")(start_browser)


def draw(page, strokes):
    """Draw strokes with the mouse, in pixels of the paper, which is 224 wide."""
    box = page.locator(".pad-paper").bounding_box()
    place = lambda point: (box["x"] + point[0] * box["width"] / 224,
                           box["y"] + point[1] * box["height"] / 224)  # fmt: skip
    for stroke in strokes:
        page.mouse.move(*place(stroke[0]))
        page.mouse.down()
        for point in stroke[1:]:
            page.mouse.move(*place(point))
        page.mouse.up()


def answer(page):
    return page.get_by_role("status").inner_text()


@pytest.mark.browser
def test_the_script_reads_as_numpy_does(browser, pad, reader, digits):
    page, errors = open_widget(browser, pad)
    pictures = digits.test_images[:20] / 255
    found = page.evaluate(READ, pictures.reshape(20, 784).tolist())
    for picture, (logit, net_logits, evidence) in zip(pictures, found, strict=True):
        expected = reader.read(picture)
        assert abs(logit - expected.logit) < 1e-5
        assert np.abs(net_logits - expected.net_logits).max() < 1e-5
        assert np.abs(np.reshape(evidence, (14, 14)) - expected.evidence).max() < 1e-5
    assert errors == []
    page.close()


@pytest.mark.browser
def test_a_net_of_tanh_units_is_read_as_by_numpy(browser, pad, trained, digits):
    net = DeepNet((784, 50, 50, 50, 50, 10), rng=np.random.default_rng(0), activation="tanh")
    reader = make_reader(trained[0], net, pixels=PixelScale())
    page, errors = open_widget(browser, DigitPad(reader, pad.examples, still=plt.figure(), alt=ALT))
    plt.close()
    pictures = digits.test_images[:5] / 255
    found = page.evaluate(READ, pictures.reshape(5, 784).tolist())
    expected = reader.net_logits(pictures)
    assert np.abs(np.array([logits for _, logits, _ in found]) - expected).max() < 1e-5
    arctan = reader._replace(unit="arctan").net_logits(pictures)
    assert np.abs(arctan - expected).max() > 1e-3 and errors == []
    in_float = net.logits(PixelScale().apply(digits.test_images[:5]))
    assert np.abs(in_float - expected).max() < 0.1
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("shape", [(30, 50), (224, 224)])
def test_the_script_centers_as_numpy_does(browser, pad, shape):
    page, errors = open_widget(browser, pad)
    ink = np.zeros(shape)
    rows, columns = shape[0] // 3, shape[1] // 2
    ink[5 : 5 + rows, 8 : 8 + columns] = np.random.default_rng(0).random((rows, columns))
    call = "([ink, w, h]) => [...document.querySelector('.digit-pad').digitPad.center(ink, w, h)]"
    found = page.evaluate(call, [ink.ravel().tolist(), shape[1], shape[0]])
    assert np.allclose(np.reshape(found, (28, 28)), center_drawing(ink), atol=1e-12)
    assert errors == []
    page.close()


@pytest.mark.browser
def test_a_one_and_an_eight_drawn_with_the_mouse(browser, pad):
    page, errors = open_widget(browser, pad)
    assert not page.locator(".widget-still").is_visible()
    page.get_by_role("button", name="Clear").click()
    assert answer(page) == "The paper is empty." and page.evaluate(INK) == 0
    draw(page, ONE)
    assert "Net: 1 with" in answer(page) and ", no." in answer(page)
    page.get_by_role("button", name="Clear").click()
    draw(page, EIGHT)
    assert "Net: 8 with" in answer(page) and ", yes." in answer(page)
    assert "Evidence map" in page.locator(".pad-map").get_attribute("aria-label")
    assert errors == []
    page.close()


@pytest.mark.browser
def test_mouse_drawing_agrees_with_numpy(browser, pad, reader):
    page, _ = open_widget(browser, pad)
    page.get_by_role("button", name="Clear").click()
    draw(page, EIGHT)
    state = "document.querySelector('.digit-pad').digitPad.state"
    seen = np.reshape(page.evaluate(f"[...{state}.seen]"), (28, 28))
    assert np.abs(seen - center_drawing(draw_strokes(EIGHT))).max() < 0.1
    logit = page.evaluate(f"{state}.reading.logit")
    assert abs(logit - reader.read(seen).logit) < 1e-5
    assert str(round(100 * probability(np.array([logit]))[0])) in answer(page)
    page.close()


@pytest.mark.browser
def test_a_finger_draws_and_does_not_scroll(browser, pad):
    page, errors = open_widget(browser, pad, has_touch=True)
    page.get_by_role("button", name="Clear").click()
    box = page.locator(".pad-paper").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"]
    client = page.context.new_cdp_session(page)
    touch = lambda kind, points: client.send(
        "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points}
    )
    touch("touchStart", [{"x": x, "y": y + 30}])
    for k in range(1, 16):
        touch("touchMove", [{"x": x, "y": y + 30 + 10 * k}])
    touch("touchEnd", [])
    page.wait_for_function("document.querySelector('[role=status]').textContent.includes('Net: 1')")
    assert page.evaluate("scrollY") == 0 and errors == []
    page.close()


@pytest.mark.browser
def test_the_keyboard_moves_draws_and_clears(browser, pad):
    page, errors = open_widget(browser, pad)
    page.locator(".pad-paper").focus()
    page.keyboard.press("Escape")
    assert answer(page).endswith("The paper is empty.")
    press = lambda key, times: [page.keyboard.press(key) for _ in range(times)]
    press("ArrowUp", 9)
    assert answer(page) == "Pen up, row 5, column 14. The paper is empty."
    page.keyboard.press("Space")
    press("ArrowDown", 18)
    assert answer(page).startswith("Pen down, row 23, column 14. ")
    assert "Net: 1 with" in answer(page) and ", no." in answer(page)
    page.keyboard.press("Space")
    before = page.evaluate("document.querySelector('.digit-pad').digitPad.state.seen.join()")
    press("ArrowRight", 4)
    after = page.evaluate("document.querySelector('.digit-pad').digitPad.state.seen.join()")
    assert before == after and "Pen up, row 23, column 18" in answer(page)
    page.keyboard.press("Delete")
    assert answer(page).endswith("The paper is empty.")
    assert page.evaluate("scrollY") == 0 and errors == []
    page.close()


@pytest.mark.browser
def test_an_eight_drawn_with_the_keyboard(browser, pad):
    page, errors = open_widget(browser, pad)
    page.locator(".pad-paper").focus()
    page.keyboard.press("Escape")
    arrows = {"U": "ArrowUp", "D": "ArrowDown", "L": "ArrowLeft", "R": "ArrowRight"}
    to_start = "U" * 30 + "L" * 30 + "R" * 11 + "D" * 5
    upper = "RRRRRDRDDDDLDLLLL"
    lower = "DLDLDDDDRDRRRRRRURUUUULULULLLL"
    back = "ULUUUURU"
    for key in [*to_start, " ", *upper, *lower, *back, " "]:
        page.keyboard.press(arrows.get(key, "Space"))
    assert answer(page).startswith("Pen up, row 5, column 12. ")
    assert "Net: 8 with" in answer(page) and ", yes." in answer(page)
    assert page.evaluate("scrollY") == 0 and errors == []
    page.close()


@pytest.mark.browser
def test_examples_are_read_as_they_are(browser, pad, reader):
    page, errors = open_widget(browser, pad)
    for name, ink in pad.examples.items():
        page.get_by_role("button", name=name, exact=True).click()
        logit = page.evaluate("document.querySelector('.digit-pad').digitPad.state.reading.logit")
        assert abs(logit - reader.read(np.rint(255 * ink) / 255).logit) < 1e-5
    assert "Net: 8 with" in answer(page)
    assert errors == []
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible(browser, pad, theme, width):
    page, _ = open_widget(browser, pad)
    check_accessible(page, theme=theme, width=width)
    page.close()


@pytest.mark.browser
def test_dark_pages_get_dark_maps(browser, pad):
    page, errors = open_widget(browser, pad)
    corner = (
        """document.querySelector('.pad-map').getContext('2d').getImageData(0, 0, 1, 1).data[0]"""
    )
    assert page.evaluate(corner) == 255
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(f"{corner} < 30")
    assert errors == []
    page.close()


@pytest.mark.browser
def test_without_scripts_and_on_paper_the_still_picture_shows(browser, pad):
    page, _ = open_widget(browser, pad, java_script_enabled=False)
    assert page.get_by_role("img", name=ALT).is_visible()
    assert not page.locator("canvas").first.is_visible()
    page.close()
    page, _ = open_widget(browser, pad)
    page.emulate_media(media="print")
    assert page.locator(".widget-still").is_visible()
    assert not page.locator("canvas").first.is_visible()
    page.close()
