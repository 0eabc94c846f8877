"""Drawing a tetrahedron from a compiled display list, from any side, by any OpenGL.

``gl`` is whatever has OpenGL's functions: a :class:`~mlphys.physics.software_gl.SoftwareGL`, PyOpenGL's
module ``OpenGL.GL``, or a :class:`Recording`, which writes every call down. What is written down is
data, and another process can do it with a true OpenGL. That is how pictures are drawn here: a driver
and TensorFlow in one process bring two copies of the compiler LLVM, and such a process was seen to
crash. Where there is no OpenGL, :func:`opengl_views` gives the stored picture and says that it is stored.

Chapter: ``book/physics/graphs.md``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from mlphys.physics.off_screen import BACKENDS, PATIENCE, canvas, find_backends, read_pixels
from mlphys.physics.software_gl import SoftwareGL

__all__ = [
    "CORNERS",
    "FACES",
    "PAINTS",
    "SIDE",
    "VIEWS",
    "Recording",
    "Views",
    "compile_tetrahedron",
    "draw_apart",
    "draw_view",
    "opengl_views",
    "software_views",
    "stored_views",
    "tetrahedron_frames",
]

Calls = list[tuple[str, tuple]]  # names of OpenGL's functions, each with its arguments

SIDE = 320  # pixels
VIEWS = ((128.0, 27.0), (231.0, -31.0))  # azimuth and elevation in degrees
CORNERS = np.array([[1.0, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
FACES = ((0, 1, 2), (0, 3, 1), (0, 2, 3), (1, 3, 2))
PAINTS = tuple(
    tuple(part / 255 for part in paint)
    for paint in ((230, 159, 0), (86, 180, 233), (0, 114, 178), (204, 121, 167))
)
STORED = "tetrahedron_views.png"


class Views(NamedTuple):
    """Pictures and where they come from.

    Attributes
    ----------
    pixels : ndarray, shape (views, height, width, 3), uint8
    stored : bool
        Whether they were drawn on another machine, earlier.
    source : str
        In words, for whoever looks at them.
    """

    pixels: np.ndarray
    stored: bool
    source: str


class Recording:
    """Stands before an OpenGL, passes everything on, and writes down the calls.

    Attributes
    ----------
    frames : list of list
        The calls of each picture: names of functions, and arguments by value.

    Examples
    --------
    >>> gl = Recording(SoftwareGL(4, 4))
    >>> gl.glRotated(30, 0, 1, 0)
    >>> gl.end_frame()
    >>> gl.frames
    [[('glRotated', (30, 0, 1, 0))], []]
    """

    def __init__(self, gl: Any):
        self.gl, self.frames = gl, [[]]

    def end_frame(self) -> None:
        """End a picture; calls that follow belong to the next."""
        self.frames.append([])

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.gl, name)
        if not callable(found):
            return found

        def recorded(*arguments: Any) -> Any:
            self.frames[-1].append((name, tuple(map(_plain, arguments))))
            return found(*arguments)

        return recorded


def _plain(number: Any) -> int | float:
    return int(number) if isinstance(number, int | np.integer) else float(number)


def compile_tetrahedron(gl: Any, corners: Any = CORNERS) -> int:
    """Record a tetrahedron in a display list, and return the number of the list.

    Parameters
    ----------
    gl : module or object
        OpenGL, with a canvas.
    corners : array_like, shape (4, 3)
        The list keeps their present values.

    Examples
    --------
    >>> gl = SoftwareGL(4, 4)
    >>> len(gl.lists[compile_tetrahedron(gl)])
    18
    """
    number = gl.glGenLists(1)
    gl.glNewList(number, gl.GL_COMPILE)
    gl.glBegin(gl.GL_TRIANGLES)
    for face, paint in zip(FACES, PAINTS, strict=True):
        gl.glColor3d(*paint)
        for corner in face:
            gl.glVertex3d(*corners[corner])
    gl.glEnd()
    gl.glEndList()
    return number


def draw_view(gl: Any, number: int, azimuth: float, elevation: float) -> None:
    """Draw a display list on the empty canvas, turned by two angles in degrees."""
    gl.glClear(gl.GL_COLOR_BUFFER_BIT | gl.GL_DEPTH_BUFFER_BIT)
    gl.glLoadIdentity()
    gl.glRotated(elevation, 1, 0, 0)
    gl.glRotated(azimuth, 0, 1, 0)
    gl.glCallList(number)


def tetrahedron_frames() -> list[Calls]:
    """Return the calls that compile the tetrahedron and draw :data:`VIEWS`, a list a picture.

    Examples
    --------
    >>> [len(calls) for calls in tetrahedron_frames()]
    [26, 5]
    """
    gl = Recording(SoftwareGL(1, 1))
    number = compile_tetrahedron(gl)
    for k, view in enumerate(VIEWS):
        if k:
            gl.end_frame()
        draw_view(gl, number, *view)
    return gl.frames


def opengl_views(frames: Sequence[Calls] | None = None) -> Views:
    """Return pictures by the first OpenGL that works here, or the stored ones.

    Parameters
    ----------
    frames : sequence of lists of calls, optional
        As :class:`Recording` writes them; by default :func:`tetrahedron_frames`, the only ones of
        which there is a stored picture.

    Raises
    ------
    RuntimeError
        If there is no OpenGL, and no stored picture either.
    """
    standard = tetrahedron_frames()
    frames = standard if frames is None else frames
    found = find_backends()
    for backend in BACKENDS:
        if found[backend].startswith("OpenGL"):
            source = f"drawn now by {found[backend]}, through {backend}"
            return Views(draw_apart(frames, backend), False, source)
    reasons = "; ".join(f"{backend}: {said}" for backend, said in found.items())
    if list(frames) != standard:
        raise RuntimeError(
            "opengl_views: no OpenGL works here, and only the views of tetrahedron_frames() are "
            f"stored ({reasons})"
        )
    return Views(stored_views(), True, f"STORED picture, drawn earlier elsewhere ({reasons})")


def software_views(frames: Sequence[Calls] | None = None) -> np.ndarray:
    """Return the same pictures by :class:`SoftwareGL`, shape (frames, SIDE, SIDE, 3), uint8.

    Examples
    --------
    >>> software_views().shape
    (2, 320, 320, 3)
    """
    gl = SoftwareGL(SIDE, SIDE)
    return _replayed(gl, tetrahedron_frames() if frames is None else frames, gl.pixels.copy)


def stored_views() -> np.ndarray:
    """Return the picture of :data:`VIEWS` that comes with the library, drawn by Mesa 22.3.6.

    Examples
    --------
    >>> stored_views().shape
    (2, 320, 320, 3)
    """
    from PIL import Image

    with resources.files("mlphys.physics").joinpath(STORED).open("rb") as file:
        side_by_side = np.asarray(Image.open(file).convert("RGB"))
    return np.stack(np.split(side_by_side, len(VIEWS), axis=1))


def draw_apart(frames: Sequence[Calls], backend: str) -> np.ndarray:
    """Return the pictures of recorded calls, done by OpenGL in another process.

    Parameters
    ----------
    frames : sequence of lists of calls
        As :class:`Recording` writes them.
    backend : str
        ``"egl"`` or ``"osmesa"``.

    Returns
    -------
    ndarray, shape (frames, SIDE, SIDE, 3), uint8

    Raises
    ------
    RuntimeError
        If that fails; the message holds what the process said.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "views.npy"
        done = subprocess.run(
            [sys.executable, "-m", "mlphys.physics.display_list", backend, str(file)],
            input=json.dumps(list(frames)),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        if done.returncode:
            raise RuntimeError(f"draw_apart: {backend} drew nothing: {done.stderr.strip()}")
        return np.load(file)


def _replayed(gl: Any, frames: Sequence[Any], read: Any) -> np.ndarray:
    """Do the calls of each frame, and return what there is to see after each."""
    pictures = []
    for calls in frames:
        for name, arguments in calls:
            if not name.startswith("gl"):
                raise ValueError(f"display_list: expected a function of OpenGL; got {name!r}")
            getattr(gl, name)(*arguments)
        pictures.append(read())
    return np.array(pictures)


def main(backend: str, file: str) -> None:
    """Read frames as JSON from the standard input, draw them, and save the pixels."""
    with canvas(SIDE, SIDE, backend) as gl:
        frames = json.load(sys.stdin)
        np.save(file, _replayed(gl, frames, lambda: read_pixels(gl, SIDE, SIDE)))


if __name__ == "__main__":
    main(*sys.argv[1:])
