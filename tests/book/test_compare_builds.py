"""Two builds of a small book agree; planted differences are found, and timings are left out."""

from __future__ import annotations

import base64
import copy
import io
import shutil

import numpy as np
import pytest
from compare_builds import compare_builds, compare_notebooks, figure_difference
from PIL import Image
from tiny_book import build


def test_two_builds_from_scratch_agree(rich, tmp_path):
    first = tmp_path / "first"
    shutil.copytree(rich / "_build/html", first)
    shutil.rmtree(rich / "_build")
    assert build(rich).executed == ["rich"]
    assert compare_builds(first, rich / "_build/html") == []


def test_a_folder_without_a_site_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="make book"):
        compare_builds(tmp_path, tmp_path)


def picture(changed: int = 0, size: int = 100) -> bytes:
    pixels = np.zeros((size, size), np.uint8)
    pixels.flat[:changed] = 255
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG")
    return data.getvalue()


def notebook(printed="1", *, figure=None, tags=(), prose="It is 1."):
    outputs = [{"output_type": "stream", "name": "stdout", "text": printed}]
    if figure:
        data = {"image/png": base64.b64encode(figure).decode()}
        outputs.append({"output_type": "display_data", "metadata": {}, "data": data})
    return {
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": prose},
            {
                "cell_type": "code",
                "metadata": {"tags": list(tags)},
                "source": "x",
                "outputs": outputs,
            },
        ]
    }


def test_differences_are_named_by_cell():
    one = notebook("a\nb", figure=picture())
    assert list(compare_notebooks(one, copy.deepcopy(one))) == []
    assert list(compare_notebooks(one, notebook("a\nc", figure=picture()))) == [
        "cell 2: printed 'b' in one, 'c' in the other"
    ]
    (prose,) = compare_notebooks(notebook(prose="It is 1."), notebook(prose="It is 2."))
    assert prose.startswith("cell 1: ")
    (drawn,) = compare_notebooks(one, notebook("a\nb", figure=picture(200)))
    assert drawn == "cell 2: figure 1 differs in 2.0% of its pixels"
    assert list(compare_notebooks(one, notebook("a\nb"))) == [
        "cell 2: 1 figures in one, 0 in the other"
    ]


def test_timings_may_differ():
    assert (
        list(compare_notebooks(notebook("1 s", tags=["timing"]), notebook("2 s", tags=["timing"])))
        == []
    )


def test_figures_are_compared_by_the_share_of_their_pixels():
    assert figure_difference(picture(), picture(25)) == pytest.approx(25 / 100**2)
    assert figure_difference(picture(), picture(size=99)) == 1.0
    assert figure_difference(b"<svg/>", b"<svg></svg>") == 1.0
