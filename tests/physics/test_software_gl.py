"""The small OpenGL against geometry: areas, the nearest face, rotations by SciPy."""

import numpy as np
from scipy.spatial.transform import Rotation

from mlphys.physics.display_list import CORNERS, FACES, PAINTS, compile_tetrahedron, draw_view
from mlphys.physics.software_gl import REACH, SoftwareGL


def triangle(gl, corners, color):
    gl.glColor3d(*color)
    gl.glBegin(gl.GL_TRIANGLES)
    for corner in corners:
        gl.glVertex3d(*corner)
    gl.glEnd()


def test_a_triangle_covers_its_area():
    gl = SoftwareGL(400, 400)
    triangle(gl, [(-1.5, -1, 0), (1.7, -0.4, 0), (0.2, 1.6, 0)], (1, 0, 0))
    covered = (gl.pixels == [255, 0, 0]).all(-1).sum() * (2 * REACH / 400) ** 2
    exact = 0.5 * (3.2 * 2.6 - 0.6 * 1.7)
    assert abs(covered - exact) < 0.01


def test_the_upper_row_is_at_large_y_and_turned_triangles_count_too():
    gl = SoftwareGL(8, 8)
    triangle(gl, [(-2, 2, 0), (2, 2, 0), (-2, 0, 0)], (0, 0, 1))  # clockwise
    assert (gl.pixels[0, 0] == [0, 0, 255]).all()
    assert (gl.pixels[7] == 255).all()


def test_nearer_hides_farther_in_either_order():
    near, far = ((0, 1, 0), 1.0), ((1, 0, 0), -1.0)
    for order in ([near, far], [far, near]):
        gl = SoftwareGL(8, 8)
        for color, z in order:
            triangle(gl, [(-2, -2, z), (2, -2, z), (0, 2, z)], color)
        assert (gl.pixels[5, 4] == [0, 255, 0]).all()


def test_a_degenerate_triangle_paints_nothing():
    gl = SoftwareGL(8, 8)
    triangle(gl, [(-1, -1, 0), (1, 1, 0), (0, 0, 0)], (0, 0, 0))
    assert (gl.pixels == 255).all()


def test_rotations_are_those_of_scipy():
    gl = SoftwareGL(4, 4)
    gl.glRotated(30, 1, 2, -1)
    gl.glRotated(-75, 0, 1, 3)
    axes = [np.array([1, 2, -1]) / 6**0.5, np.array([0, 1, 3]) / 10**0.5]
    first, second = (
        Rotation.from_rotvec(np.radians(angle) * axis).as_matrix()
        for angle, axis in zip((30, -75), axes, strict=True)
    )
    np.testing.assert_allclose(gl._matrix, first @ second, atol=1e-15)


def test_each_pixel_shows_the_face_that_a_ray_meets_first():
    gl, side = SoftwareGL(64, 64), 64
    draw_view(gl, compile_tetrahedron(gl), 33.0, -20.0)
    turn = Rotation.from_euler("x", -20, degrees=True) * Rotation.from_euler("y", 33, degrees=True)
    corners = turn.apply(CORNERS)
    for row, column in np.ndindex(side, side):
        x, y = ((column + 0.5) * 4 / side - 2, 2 - (row + 0.5) * 4 / side)
        met = []
        for face, paint in zip(FACES, PAINTS, strict=True):
            a, b, c = corners[list(face)]
            system = np.array([b - a, c - a, [0, 0, -1]]).T
            u, v, _ = solution = np.linalg.solve(system, np.array([x, y, 0]) - a)
            if min(u, v, 1 - u - v) >= 0:
                met.append((solution[2], paint))
        expected = np.round(255 * np.array(max(met)[1])) if met else 255
        assert (gl.pixels[row, column] == expected).all(), (row, column)


def test_a_list_records_values_and_does_nothing_until_it_is_called():
    gl = SoftwareGL(16, 16)
    corners = CORNERS.copy()
    number = compile_tetrahedron(gl, corners)
    assert (gl.pixels == 255).all()
    assert len(gl.lists[number]) == 18
    gl.glCallList(number)
    before = gl.pixels.copy()
    corners *= 0.1
    gl.glClear(0)
    gl.glCallList(number)
    assert (gl.pixels == before).all()
    assert (before != 255).any()


def test_lists_get_numbers_of_their_own():
    gl = SoftwareGL(4, 4)
    assert [gl.glGenLists(2), gl.glGenLists(1)] == [1, 3]
