"""Pictures keep their pixels and lose bytes."""

from __future__ import annotations

import numpy as np
import pytest
from lxml import html
from mlphys_book import pictures
from PIL import Image


@pytest.fixture
def folder(tmp_path):
    """Return a folder with a smooth picture, noise, a small picture and a drawing."""
    rng = np.random.default_rng(1)
    across, down = np.meshgrid(np.linspace(0, 9, 300), np.linspace(0, 9, 200))
    smooth = 127 * (1 + np.sin(across) * np.cos(down))
    Image.fromarray(np.stack([smooth, smooth / 2, smooth], -1).astype(np.uint8)).save(
        tmp_path / "smooth.png"
    )
    transparent = rng.integers(0, 255, (120, 100, 4), dtype=np.uint8)
    Image.fromarray(transparent).save(tmp_path / "noise.png")
    Image.new("RGB", (9, 7)).save(tmp_path / "dot.png")
    (tmp_path / "drawing.svg").write_text("<svg/>", "utf-8")
    return tmp_path


def lightened(folder, *images):
    document = html.document_fromstring(f"<article>{''.join(images)}</article>")
    pictures.lighten_pictures(document, folder)
    return document.findall(".//img")


def test_a_large_png_becomes_a_smaller_webp_with_the_same_pixels(folder):
    (image,) = lightened(folder, "<img src='smooth.png'>")
    assert image.get("src") == "smooth.webp"
    png, webp = folder / "smooth.png", folder / "smooth.webp"
    assert webp.stat().st_size < 0.9 * png.stat().st_size
    with Image.open(png) as before, Image.open(webp) as after:
        np.testing.assert_array_equal(np.asarray(before), np.asarray(after.convert("RGB")))


def test_a_png_stays_where_webp_gains_nothing(folder):
    noise, dot = lightened(folder, "<img src='noise.png'>", "<img src='dot.png'>")
    assert (noise.get("src"), dot.get("src")) == ("noise.png", "dot.png")


def test_sizes_are_stated_but_not_over_the_author_s(folder):
    images = lightened(
        folder, "<img src='smooth.png'>", "<img src='dot.png' width='50%'>", "<img src='no.png'>"
    )
    assert [(image.get("width"), image.get("height")) for image in images] == [
        ("300", "200"),
        ("50%", None),
        (None, None),
    ]


def test_a_webp_file_is_written_once(folder):
    lightened(folder, "<img src='smooth.png'>")
    before = (folder / "smooth.webp").stat().st_mtime_ns
    lightened(folder, "<img src='smooth.png'>")
    assert (folder / "smooth.webp").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("head", "size"),
    [
        ('<svg xmlns="x" width="72pt" height="36.5pt" viewBox="0 0 72 36">', ("96", "49")),
        ('<svg height="20" stroke-width="3" width="10">', ("10", "20")),
        ('<svg height="20px" width="50%">', (None, None)),
        ('<svg viewBox="0 0 9 9">', (None, None)),
    ],
)
def test_a_drawing_states_the_size_that_its_file_gives(folder, head, size):
    (folder / "sized.svg").write_text(f"<?xml version='1.0'?>{head}</svg>", "utf-8")
    (image,) = lightened(folder, "<img src='sized.svg'>")
    assert (image.get("width"), image.get("height")) == size


def test_drawings_and_foreign_pictures_are_left_alone(folder):
    sources = ["drawing.svg", "https://e.example/a.png", "data:image/png;base64,AAAA"]
    images = lightened(folder, *(f"<img src='{source}'>" for source in sources))
    assert [image.get("src") for image in images] == sources
