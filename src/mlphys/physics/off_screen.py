"""OpenGL without a window: a canvas in memory, through EGL or through OSMesa.

Two ways to a context that needs no display. *EGL* asks the graphics driver for a surface that is
shown nowhere; Mesa's driver computes on the processor where there is no graphics card. *OSMesa* is
the same renderer with a buffer in the program's own memory. PyOpenGL (the extra ``opengl``) binds
one of the two for the life of a process, so that whoever wants both starts two processes.

Whether a way works is found out in a process of its own: a driver that crashes takes nobody along.
Draw in one, too (:func:`mlphys.physics.display_list.draw_apart`): Mesa's driver and TensorFlow each
bring the compiler LLVM, and a process with both was seen to end with a segmentation fault.

Chapter: ``book/physics/graphs.md``.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import numpy as np

__all__ = ["BACKENDS", "canvas", "find_backends", "read_pixels"]

BACKENDS = ("egl", "osmesa")
REACH = 2.0  # the canvas shows x and y from −2 to 2, seen from +z
PATIENCE = 120  # seconds that a driver may take to start
LIBRARIES = {"egl": "libegl1 libgl1-mesa-dri", "osmesa": "libosmesa6"}


@lru_cache(maxsize=1)
def find_backends() -> dict[str, str]:
    """Return for each backend which OpenGL it brings, or why there is none.

    Returns
    -------
    dict
        From ``"egl"`` and ``"osmesa"`` to a text that begins with ``"OpenGL"`` where it works, and
        with ``"none: "`` where not.

    Examples
    --------
    >>> sorted(find_backends())
    ['egl', 'osmesa']
    """
    return {backend: _tried(backend) for backend in BACKENDS}


def _tried(backend: str) -> str:
    code = (
        "from mlphys.physics.off_screen import canvas\n"
        f"with canvas(8, 8, {backend!r}) as gl:\n"
        "    words = [gl.glGetString(k).decode() for k in (gl.GL_VERSION, gl.GL_RENDERER)]\n"
        "print('OpenGL ' + ', '.join(words))\n"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return f"none: its driver did not start within {PATIENCE} s"
    if done.returncode == 0:
        return done.stdout.strip().splitlines()[-1]
    said = done.stderr.strip().splitlines() or [f"the process ended with {done.returncode}"]
    return f"none: {said[-1]}"


@contextmanager
def canvas(width: int, height: int, backend: str) -> Iterator[Any]:
    """Give PyOpenGL's module ``OpenGL.GL``, with a canvas of its own to draw on.

    The canvas is white, shows x and y from −2 to 2 as seen from the positive z axis without
    perspective, and hides what lies behind. A triangle has the color that was set before its last
    corner. The matrix mode is ``GL_MODELVIEW``.

    Parameters
    ----------
    width, height : int
        In pixels.
    backend : str
        ``"egl"`` or ``"osmesa"``.

    Raises
    ------
    ValueError
        If there is no such backend.
    ImportError
        If PyOpenGL or the backend's library is missing; the message says what to install.
    RuntimeError
        If the process has bound the other backend, or the driver gives no context.
    """
    if backend not in BACKENDS:
        raise ValueError(f"canvas: expected one of {', '.join(BACKENDS)}; got {backend!r}")
    gl = _bound(backend)
    make = _egl_context if backend == "egl" else _osmesa_context
    with make(width, height):
        gl.glViewport(0, 0, width, height)
        gl.glEnable(gl.GL_DEPTH_TEST)
        gl.glDisable(gl.GL_DITHER)
        gl.glShadeModel(gl.GL_FLAT)
        gl.glClearColor(1, 1, 1, 1)
        gl.glMatrixMode(gl.GL_PROJECTION)
        gl.glLoadIdentity()
        gl.glOrtho(-REACH, REACH, -REACH, REACH, -4, 4)
        gl.glMatrixMode(gl.GL_MODELVIEW)
        yield gl


def read_pixels(gl: Any, width: int, height: int) -> np.ndarray:
    """Return what has been drawn, shape (height, width, 3), uint8, upper row first."""
    gl.glFinish()
    gl.glPixelStorei(gl.GL_PACK_ALIGNMENT, 1)
    data = gl.glReadPixels(0, 0, width, height, gl.GL_RGB, gl.GL_UNSIGNED_BYTE)
    return np.frombuffer(data, np.uint8).reshape(height, width, 3)[::-1].copy()


def _bound(backend: str) -> Any:
    """Return ``OpenGL.GL``, bound to a backend."""
    before = os.environ.get("PYOPENGL_PLATFORM") if "OpenGL.GL" in sys.modules else backend
    if before != backend:
        raise RuntimeError(
            f"canvas: this process has bound OpenGL to {before or 'a display'}; expected {backend}. "
            "Start another process for it."
        )
    os.environ["PYOPENGL_PLATFORM"] = backend
    if backend == "egl":
        os.environ.setdefault("EGL_PLATFORM", "surfaceless")
    try:
        return importlib.import_module("OpenGL.GL")
    except ModuleNotFoundError as fault:
        raise ImportError(
            "drawing with OpenGL needs PyOpenGL, which is not installed. "
            "Install it with: pip install 'mlphys[opengl]'"
        ) from fault
    except (
        ImportError,
        AttributeError,
        OSError,
        TypeError,
    ) as fault:  # PyOpenGL raises any of them
        raise ImportError(
            f"the library behind the backend {backend} cannot be loaded ({fault}). "
            f"On Debian it comes with: apt-get install {LIBRARIES[backend]}"
        ) from fault


@contextmanager
def _egl_context(width: int, height: int) -> Iterator[None]:
    egl = importlib.import_module("OpenGL.EGL")
    display = egl.eglGetDisplay(egl.EGL_DEFAULT_DISPLAY)
    if not egl.eglInitialize(display, egl.EGLint(), egl.EGLint()):
        raise RuntimeError("canvas: EGL finds no device; try the backend osmesa")
    egl.eglBindAPI(egl.EGL_OPENGL_API)
    config = _egl_config(egl, display)
    size = [egl.EGL_WIDTH, width, egl.EGL_HEIGHT, height, egl.EGL_NONE]
    surface = egl.eglCreatePbufferSurface(display, config, size)
    context = egl.eglCreateContext(display, config, egl.EGL_NO_CONTEXT, None)
    if not egl.eglMakeCurrent(display, surface, surface, context):
        raise RuntimeError("canvas: EGL gives no OpenGL context; try the backend osmesa")
    try:
        yield
    finally:
        egl.eglMakeCurrent(display, egl.EGL_NO_SURFACE, egl.EGL_NO_SURFACE, egl.EGL_NO_CONTEXT)
        egl.eglDestroyContext(display, context)
        egl.eglDestroySurface(display, surface)


def _egl_config(egl: Any, display: Any) -> Any:
    """Return a configuration with 8 bits a color; EGL itself would prefer 10."""
    wished = [egl.EGL_SURFACE_TYPE, egl.EGL_PBUFFER_BIT, egl.EGL_RENDERABLE_TYPE]
    wished += [egl.EGL_OPENGL_BIT, egl.EGL_RED_SIZE, 8, egl.EGL_DEPTH_SIZE, 24, egl.EGL_NONE]
    found, count, bits = (egl.EGLConfig * 64)(), egl.EGLint(), egl.EGLint()
    egl.eglChooseConfig(display, wished, found, 64, count)
    for config in found[: count.value]:
        egl.eglGetConfigAttrib(display, config, egl.EGL_RED_SIZE, bits)
        if bits.value == 8:
            return config
    raise RuntimeError("canvas: EGL offers no surface of 8 bits a color; try the backend osmesa")


@contextmanager
def _osmesa_context(width: int, height: int) -> Iterator[None]:
    mesa = importlib.import_module("OpenGL.osmesa")
    context = mesa.OSMesaCreateContextExt(mesa.OSMESA_RGBA, 24, 0, 0, None)
    memory = np.zeros((height, width, 4), np.uint8)
    unsigned_byte = importlib.import_module("OpenGL.GL").GL_UNSIGNED_BYTE
    if not context or not mesa.OSMesaMakeCurrent(context, memory, unsigned_byte, width, height):
        raise RuntimeError("canvas: OSMesa gives no OpenGL context; try the backend egl")
    try:
        yield
    finally:
        mesa.OSMesaDestroyContext(context)
