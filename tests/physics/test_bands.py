"""Bands of a picture: every pixel once, and memory that grows only with the picture kept."""

import os
import subprocess
import sys

import numpy as np
import pytest

from mlphys.physics import bands
from mlphys.physics.bands import block_order, row_bands, traced_bands
from mlphys.physics.black_hole import render
from mlphys.physics.camera import static_camera
from mlphys.physics.events import escaped
from mlphys.physics.line_elements import minkowski, schwarzschild_ingoing

MEASURE = """
import resource, sys
from mlphys.physics.black_hole import render
side = int(sys.argv[1])
picture = render(width=side, height=side, max_steps=1, threads=1)
assert picture.status.shape == (side, side)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_blocks_order_every_pixel_once():
    for width, height in ((16, 16), (13, 9), (3, 20)):
        np.testing.assert_array_equal(np.sort(block_order(width, height)), range(width * height))
    first = block_order(24, 16)[:64]
    assert first.max() < 8 * 24 and (first % 24 < 8).all()  # one block of 8×8 pixels


@pytest.mark.parametrize("size", [(1, 1), (800, 800), (4000, 4000), (13, 9), (300_000, 3)])
def test_bands_hold_every_row_once_and_stay_small(size):
    found = row_bands(*size)
    rows = np.concatenate([np.arange(size[1])[band] for band in found])
    np.testing.assert_array_equal(rows, range(size[1]))
    tall = max(band.stop - band.start for band in found)
    assert tall * size[0] <= bands.BAND + 8 * size[0]


def test_a_picture_does_not_depend_on_its_bands(monkeypatch):
    whole = render(width=24, height=40)
    monkeypatch.setattr(bands, "BAND", 400)
    assert len(row_bands(24, 40)) > 2
    cut = render(width=24, height=40)
    np.testing.assert_array_equal(cut.status, whole.status)
    np.testing.assert_allclose(cut.direction, whole.direction, atol=1e-12)


def test_rays_come_in_the_order_of_pixels():
    camera = static_camera(minkowski)
    ((rows, rays),) = traced_bands(
        minkowski, camera, width=20, height=12, half_width=0.3, events=[escaped(50.0)]
    )
    assert rows == slice(0, 12) and rays.drift["norm"].shape == (12, 20)
    assert (np.diff(rays.velocity[..., 2], axis=1) > 0).all()  # left is −y
    assert (np.diff(rays.velocity[..., 3], axis=0) < 0).all()
    assert schwarzschild_ingoing is not minkowski


@pytest.mark.slow
def test_memory_a_pixel_is_that_of_the_picture_kept():
    def peak(side):
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, str(side)],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ,
        )
        return 1024 * int(done.stdout)

    small, large = peak(1000), peak(2000)
    each = (large - small) / (2000**2 - 1000**2)
    assert each < 45  # 37 bytes are the picture: colors 12, status 1, direction 24
