import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlphys.physics import thomson_figures as figures
from mlphys.physics.icosadeltahedral import icosadeltahedral_points, icosahedron
from mlphys.physics.sphere_mesh import degrees


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_views_only_turn():
    points = icosahedron()[0]
    seen = figures.turned(points, 0.7, -0.4)
    assert np.allclose(seen @ seen.T, points @ points.T)
    assert np.linalg.det(np.linalg.lstsq(points, seen, rcond=None)[0]) == pytest.approx(1)
    assert np.allclose(figures.turned(np.array([[0, -1.0, 0]]), 0, 0), [[0, 0, 1]])


def test_bodies_draw_the_edges_that_are_asked_for():
    cube = np.array([[i, j, k] for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)]) / 3**0.5
    axes = figures.draw_bodies({"cube": cube}, longest=1.35).axes[0]
    assert sum(len(lines.get_segments()) for lines in axes.collections) == 24  # 12, both ways
    axes = figures.draw_bodies({"ball": icosahedron()[0]}).axes[0]
    assert sum(len(lines.get_segments()) for lines in axes.collections) == 30


def test_defects_are_marked_where_they_face_the_viewer():
    points = icosadeltahedral_points(2, 1)
    axes = figures.draw_bodies({"72": points}, defects=True).axes[0]
    marked = {line.get_label(): len(line.get_xdata()) for line in axes.lines}
    fives = (figures.turned(points)[:, 2] > 0) & (degrees(points) == 5)
    assert marked["5 neighbors"] == fives.sum() and marked["7 neighbors"] == 0


def test_table_shows_differences_in_billionths():
    n = np.array([2.0, 3.0, 4.0])
    upper, lower = figures.draw_table(n, n + 1e-9, n).axes
    assert np.allclose(upper.lines[0].get_ydata(), 1 / n)
    assert np.allclose(lower.lines[0].get_ydata(), 1, atol=1e-6)


def test_hops_are_relative_and_never_below_zero():
    history = np.array([[1, 3.0], [4, 1.9]])
    line = figures.draw_hops({"a": history}, target=2.0).axes[0].lines[0]
    assert line.get_ydata().tolist() == [0.5, 0.0]


def test_luck_and_twist_have_their_axes():
    figure = figures.draw_luck(np.array([5, 9]), np.array([1, 0.25]), np.array([1, 4]), 8)
    left, right = figure.axes
    assert left.lines[0].get_ydata().tolist() == [100, 25] and right.get_yscale() == "log"
    angle = np.linspace(0, 90, 4)
    figure = figures.draw_twist(angle, {"a": angle, "b": angle}, {"cube": (0.0, 0.0)})
    assert "degrees" in figure.axes[0].get_xlabel()


def test_spheres_to_turn_have_words_for_their_picture():
    view = figures.draw_to_turn({"12 electrons": icosahedron()[0]})
    assert "12 electrons" in view.still.alt and not plt.get_fignums()
