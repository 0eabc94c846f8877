"""The same pixels from EGL and OSMesa, from the stored picture, and from NumPy.

Where a backend is missing its tests are skipped, and the reason names what to install.
"""

import numpy as np
import pytest

from mlphys.physics import display_list
from mlphys.physics.display_list import (
    SIDE,
    VIEWS,
    Recording,
    compile_tetrahedron,
    draw_apart,
    draw_view,
    opengl_views,
    software_views,
    stored_views,
    tetrahedron_frames,
)
from mlphys.physics.off_screen import BACKENDS, find_backends
from mlphys.physics.software_gl import SoftwareGL

MISSING = {"egl": "none: no driver", "osmesa": "none: no library"}


def needed(backend):
    said = find_backends()[backend]
    if not said.startswith("OpenGL"):
        pytest.skip(f"OpenGL through {backend} is not here: {said}")
    return draw_apart(tetrahedron_frames(), backend)


def test_both_backends_draw_the_same_pixels():
    np.testing.assert_array_equal(needed("egl"), needed("osmesa"))


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_stored_picture_is_what_opengl_draws(backend):
    different = (needed(backend) != stored_views()).any(-1).sum()
    assert different <= 20  # other drivers may decide otherwise for pixels on an edge


def test_numpy_draws_the_stored_picture_but_for_edges():
    ours, theirs = software_views(), stored_views()
    assert ours.shape == theirs.shape == (len(VIEWS), SIDE, SIDE, 3)
    different = (ours != theirs).any(-1)
    assert different.sum() <= 4
    assert (theirs != 255).any(-1).sum() > 40_000


def test_a_second_view_costs_one_call_of_the_list():
    gl = Recording(SoftwareGL(8, 8))
    number = compile_tetrahedron(gl)
    assert len(gl.frames[0]) == 21
    gl.end_frame()
    draw_view(gl, number, *VIEWS[0])
    gl.end_frame()
    draw_view(gl, number, *VIEWS[1])
    assert [len(calls) for calls in gl.frames] == [21, 5, 5]
    assert gl.GL_TRIANGLES == 4


def test_where_no_opengl_works_the_picture_is_called_stored(monkeypatch):
    monkeypatch.setattr(display_list, "find_backends", lambda: MISSING)
    views = opengl_views()
    assert views.stored
    assert views.source.startswith("STORED picture")
    assert "egl: none: no driver; osmesa: none: no library" in views.source
    np.testing.assert_array_equal(views.pixels, stored_views())
    with pytest.raises(RuntimeError, match="no OpenGL works here"):
        opengl_views([[]])


def test_where_opengl_works_the_picture_is_drawn_now():
    if not any(said.startswith("OpenGL") for said in find_backends().values()):
        pytest.skip(f"needs an OpenGL that works: {find_backends()}")
    views = opengl_views()
    assert not views.stored
    assert views.source.startswith("drawn now by OpenGL")
    assert (views.pixels != stored_views()).any(-1).sum() <= 20


def test_a_backend_that_draws_nothing_is_an_error():
    with pytest.raises(RuntimeError, match="drew nothing"):
        draw_apart([[]], "glx")


def test_only_functions_of_opengl_are_called():
    with pytest.raises(ValueError, match="a function of OpenGL; got '__init__'"):
        software_views([[("__init__", (4, 4))]])


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_color_before_the_last_corner_counts(backend):
    """What an exercise of the chapter exchanges, OpenGL and NumPy exchange alike."""
    needed(backend)
    calls = [list(frame) for frame in tetrahedron_frames()]
    first = next(k for k, (name, _) in enumerate(calls[0]) if name == "glColor3d")
    for other in (first + 2, first + 3):  # the second and the third corner of the face
        frames = [calls[0].copy(), calls[1]]
        frames[0][first], frames[0][other] = calls[0][other], calls[0][first]
        ours = software_views(frames)
        assert (ours != draw_apart(frames, backend)).any(-1).sum() <= 20
        assert (ours == software_views()).all() == (other == first + 2)
