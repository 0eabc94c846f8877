"""A dozen functions of OpenGL on NumPy: enough for display lists, and short enough to read.

:class:`SoftwareGL` stands where PyOpenGL's module ``OpenGL.GL`` stands: the same function names, the
same meaning. It is a second opinion on what a driver draws, and it runs everywhere. A triangle has
the color that was set before its last corner, and covers the pixels whose centers lie inside it; each
pixel keeps the nearest. Drivers place corners on a grid of 1/256 pixel, so that pixels on an edge
may differ.

Chapter: ``book/physics/graphs.md``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["SoftwareGL"]

REACH = 2.0  # x and y from −2 to 2, as in mlphys.physics.off_screen


class SoftwareGL:
    """White canvas with an orthographic view along −z, and the commands that draw on it.

    Parameters
    ----------
    width, height : int
        In pixels.

    Attributes
    ----------
    lists : dict
        From the number of a display list to its commands: function and arguments, by value.
    pixels : ndarray, shape (height, width, 3), uint8
        What has been drawn, upper row first.

    Examples
    --------
    >>> gl = SoftwareGL(8, 8)
    >>> number = gl.glGenLists(1)
    >>> gl.glNewList(number, gl.GL_COMPILE)
    >>> gl.glColor3d(1, 0, 0)
    >>> gl.glEndList()
    >>> gl.lists[number]
    [('glColor3d', (1, 0, 0))]
    """

    GL_COMPILE = 0x1300
    GL_TRIANGLES = 0x0004
    GL_COLOR_BUFFER_BIT = 0x4000
    GL_DEPTH_BUFFER_BIT = 0x0100

    def __init__(self, width: int, height: int):
        self.lists: dict[int, list[tuple[str, tuple]]] = {}
        self.pixels = np.full((height, width, 3), 255, np.uint8)
        self._recording: list | None = None
        self._far = np.full((height, width), np.inf)
        self._matrix, self._color = np.eye(3), np.ones(3)
        self._corners: list[np.ndarray] = []

    # Lists

    def glGenLists(self, count: int) -> int:
        """Return the first of ``count`` unused numbers."""
        first = max(self.lists, default=0) + 1
        self.lists.update({first + k: [] for k in range(count)})
        return first

    def glNewList(self, number: int, mode: int) -> None:
        """Begin to record: commands are written down, not done."""
        del mode  # only GL_COMPILE is offered
        self._recording = self.lists[number] = []

    def glEndList(self) -> None:
        """End the record."""
        self._recording = None

    def glCallList(self, number: int) -> None:
        """Do what a list says."""
        for name, arguments in self.lists[number]:
            getattr(self, name)(*arguments)

    # Commands: recorded between glNewList and glEndList, done elsewhere

    def __getattribute__(self, name: str) -> Any:
        found = object.__getattribute__(self, name)
        if name in RECORDED:
            record = object.__getattribute__(self, "_recording")
            if record is not None:
                return lambda *arguments: record.append((name, arguments))
        return found

    def glClear(self, mask: int) -> None:
        """Make the canvas white and everything on it infinitely far."""
        del mask  # color and depth together
        self.pixels[...], self._far[...] = 255, np.inf

    def glLoadIdentity(self) -> None:
        """Forget all rotations."""
        self._matrix = np.eye(3)

    def glRotated(self, angle: float, x: float, y: float, z: float) -> None:
        """Rotate what follows by an angle in degrees about an axis (Rodrigues' formula)."""
        n, turn = np.array([x, y, z]) / np.linalg.norm([x, y, z]), np.radians(angle)
        cross = np.array([[0, -n[2], n[1]], [n[2], 0, -n[0]], [-n[1], n[0], 0]])
        rotation = np.eye(3) + np.sin(turn) * cross + (1 - np.cos(turn)) * cross @ cross
        self._matrix = self._matrix @ rotation

    def glColor3d(self, red: float, green: float, blue: float) -> None:
        """Set the color of the corners that follow, each part from 0 to 1."""
        self._color = np.array([red, green, blue])

    def glBegin(self, mode: int) -> None:
        """Begin a row of triangles."""
        del mode  # only GL_TRIANGLES is offered
        self._corners = []

    def glVertex3d(self, x: float, y: float, z: float) -> None:
        """Add a corner; every third completes a triangle."""
        self._corners.append(self._matrix @ [x, y, z])
        if len(self._corners) == 3:
            self._fill(np.array(self._corners))
            self._corners = []

    def glEnd(self) -> None:
        """End the row."""

    def _fill(self, corners: np.ndarray) -> None:
        """Paint a triangle where it is the nearest so far."""
        height, width = self._far.shape
        x = (np.arange(width) + 0.5) * 2 * REACH / width - REACH
        y = REACH - (np.arange(height)[:, None] + 0.5) * 2 * REACH / height
        area = _area(corners[0], corners[1], corners[2, 0], corners[2, 1])
        if area == 0:
            return
        weights = [_area(corners[k - 2], corners[k - 1], x, y) / area for k in range(3)]
        depth = -np.sum([w * z for w, z in zip(weights, corners[:, 2], strict=True)], axis=0)
        inside = np.logical_and.reduce([w >= 0 for w in weights]) & (depth < self._far)
        self._far[inside] = depth[inside]
        self.pixels[inside] = np.round(255 * self._color)


RECORDED = {"glBegin", "glClear", "glColor3d", "glEnd", "glLoadIdentity", "glRotated", "glVertex3d"}


def _area(a: np.ndarray, b: np.ndarray, x: Any, y: Any) -> Any:
    """Return twice the signed area of the triangle a, b, (x, y)."""
    return (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])
