"""Contexts without a window: what is reported, and what is said where something is missing."""

import subprocess
import sys

import pytest

from mlphys.physics import off_screen
from mlphys.physics.off_screen import BACKENDS, canvas, find_backends


def run(code, **environment):
    import os

    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=os.environ | environment,
    )


def test_every_backend_is_found_or_says_why_not():
    found = find_backends()
    assert set(found) == set(BACKENDS)
    assert all(said.startswith(("OpenGL ", "none: ")) for said in found.values())


def test_an_unknown_backend_is_refused():
    with (
        pytest.raises(ValueError, match="expected one of egl, osmesa; got 'glx'"),
        canvas(4, 4, "glx"),
    ):
        pass


def test_without_pyopengl_the_message_says_what_to_install(monkeypatch):
    def absent(name):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(off_screen.importlib, "import_module", absent)
    monkeypatch.setenv("PYOPENGL_PLATFORM", "")
    monkeypatch.setenv("EGL_PLATFORM", "")
    with pytest.raises(ImportError, match=r"pip install 'mlphys\[opengl\]'"), canvas(4, 4, "egl"):
        pass


def test_without_the_library_the_message_names_the_package(monkeypatch):
    def broken(name):
        raise AttributeError("'NoneType' object has no attribute 'glGetError'")

    monkeypatch.setattr(off_screen.importlib, "import_module", broken)
    monkeypatch.setenv("PYOPENGL_PLATFORM", "")
    with pytest.raises(ImportError, match="apt-get install libosmesa6"), canvas(4, 4, "osmesa"):
        pass


def test_a_driver_that_dies_is_a_reason_and_no_crash(monkeypatch):
    monkeypatch.setattr(off_screen.sys, "executable", "/bin/false")
    assert off_screen._tried("egl") == "none: the process ended with 1"


def test_one_process_binds_one_backend():
    working = [backend for backend, said in find_backends().items() if said[:6] == "OpenGL"]
    if not working:
        pytest.skip(f"needs an OpenGL that works: {find_backends()}")
    other = BACKENDS[BACKENDS.index(working[0]) - 1]
    done = run(
        "from mlphys.physics.off_screen import canvas\n"
        f"with canvas(8, 8, {working[0]!r}): pass\n"
        f"with canvas(8, 8, {working[0]!r}): pass\n"
        f"with canvas(8, 8, {other!r}): pass\n"
    )
    assert f"RuntimeError: canvas: this process has bound OpenGL to {working[0]}" in done.stderr
