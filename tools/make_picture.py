"""Make the picture of the project, ``book/_static/black-hole.png``: ``python tools/make_picture.py``.

A checkerboard sky behind a black hole, seen by an observer at rest at twelve Schwarzschild radii,
drawn by the library from the line element in :mod:`mlphys.physics.line_elements`. Nothing in it is
random, so that the file changes only when the library does.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.spatial.transform import Rotation

from mlphys.physics.antialias import antialias
from mlphys.physics.black_hole import render_round
from mlphys.physics.black_hole_figures import display
from mlphys.physics.camera import static_camera
from mlphys.physics.events import Status
from mlphys.physics.line_elements import schwarzschild_ingoing
from mlphys.physics.sky import checkerboard

TARGET = Path(__file__).resolve().parent.parent / "book" / "_static" / "black-hole.png"
OBSERVER = (0.0, 12.0, 0.0, 0.0)
WIDTH, HEIGHT, FACTOR = 1600, 800, 3
HALF_WIDTH = 0.9
CELLS = 60
GLOW = 0.3  # radians around the point behind the hole in which the sky glows
TILT = Rotation.from_euler("xz", [20.0, 3.0], degrees=True).as_matrix()
COLORS = 256


def night_sky(direction: np.ndarray) -> np.ndarray:
    """Return a tilted checkerboard, glowing behind the hole and dark blue everywhere else."""
    unit = direction / np.linalg.norm(direction, axis=-1, keepdims=True)
    board = checkerboard(unit @ TILT.T, cells=CELLS)
    bright = board.max(axis=-1, keepdims=True) > 0.9
    behind = np.exp(-((np.arccos(np.clip(-unit[..., :1], -1, 1)) / GLOW) ** 2))
    light = behind * np.array([1.0, 0.50, 0.12]) + (1 - behind) * np.array([0.025, 0.11, 0.34])
    dark = behind * np.array([0.13, 0.025, 0.008]) + (1 - behind) * np.array([0.004, 0.013, 0.045])
    return np.where(bright, light, dark).astype(np.float32)


def make_picture() -> np.ndarray:
    """Return the picture as 8-bit values, shape (HEIGHT, WIDTH, 3)."""
    picture = render_round(
        static_camera(schwarzschild_ingoing, OBSERVER),
        width=WIDTH * FACTOR,
        height=HEIGHT * FACTOR,
        half_width=HALF_WIDTH,
        sky=night_sky,
        rays=8192,
    )
    rgb = antialias(picture.rgb, picture.status == Status.CAPTURED, factor=FACTOR)
    return np.round(255 * display(rgb)).astype(np.uint8)


def main() -> None:
    """Write the picture with a small palette, and say how large it is."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("target", nargs="?", type=Path, default=TARGET)
    target = parser.parse_args().target
    image = Image.fromarray(make_picture())
    palette = image.quantize(COLORS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette.save(target, optimize=True)
    print(f"{target.name}: {WIDTH} × {HEIGHT} pixels, {target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
