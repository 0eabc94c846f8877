import numpy as np
import pytest
from scipy.sparse.linalg import eigsh

from mlphys.derivatives import catenoid
from mlphys.derivatives.film_hessian import film_hessian, stencil, triangle_block
from mlphys.derivatives.film_minimum import settle
from mlphys.derivatives.soap_film import area_and_gradient, ellipse, make_film, start


def films():
    angles = 7
    radius = np.stack([ellipse(angles, half_axes=(14, 9)), np.full(angles, 12.0)])
    odd = make_film(4, angles, radius=radius, center=((0, 0), (-1, 2)))
    return {"coaxial": make_film(5, 8), "odd": odd, "one row": make_film(1, 3)}


@pytest.mark.parametrize("name", films())
def test_hessian_against_differences_of_the_gradient(name):
    film = films()[name]
    radii = start(film, noise=0.5, rng=np.random.default_rng(2)).ravel()
    matrix = film_hessian(film, radii).toarray()
    step = 1e-5
    for k in range(len(radii)):
        nudge = np.zeros_like(radii)
        nudge[k] = step
        change = (
            area_and_gradient(film, radii + nudge)[1] - area_and_gradient(film, radii - nudge)[1]
        )
        assert np.allclose(matrix[k], change.ravel() / (2 * step), rtol=0, atol=5e-9)


def test_hessian_is_symmetric_and_in_canonical_form():
    film = make_film(6, 9)
    matrix = film_hessian(film, start(film, noise=0.5, rng=np.random.default_rng(2)))
    assert abs(matrix - matrix.T).max() == 0
    again = matrix.copy()
    again.has_canonical_format = False
    again.sum_duplicates()
    assert np.array_equal(again.indices, matrix.indices)
    assert np.array_equal(again.data, matrix.data)


def test_block_of_a_triangle_against_sympy():
    sp = pytest.importorskip("sympy")
    r = sp.symbols("r0:3")
    angles, heights = (0.2, 1.1, 0.2), (0.0, 0.3, 1.7)
    p = [
        sp.Matrix([x * sp.cos(t), x * sp.sin(t), z])
        for x, t, z in zip(r, angles, heights, strict=True)
    ]
    normal = (p[1] - p[0]).cross(p[2] - p[0])
    area = sp.sqrt(normal.dot(normal)) / 2
    at = dict(zip(r, (1.0, 2.0, 1.5), strict=True))
    corners = tuple(np.array([float(v) for v in q.subs(at)]) for q in p)
    block = triangle_block(corners, tuple(map(np.array, angles)))
    for name, value in block.items():
        i, j = ("abc".index(letter) for letter in name)
        assert value == pytest.approx(float(sp.diff(area, r[i], r[j]).subs(at)), rel=1e-12)


def test_couplings_of_the_axisymmetric_film_do_not_depend_on_the_angle():
    film = make_film(4, 12)
    for coupling in stencil(film, start(film)):
        assert np.ptp(coupling, axis=1).max() < 1e-14


def test_stable_catenoid_is_a_minimum_and_the_other_one_a_saddle():
    """All second derivatives are positive on one branch; one direction goes down on the other."""
    film = make_film(20, 40)
    z = np.linspace(-9, 9, 22)[1:-1, None]
    lowest = {}
    for branch in ("stable", "unstable"):
        profile = catenoid.profile(z, neck=catenoid.waist(14, 18, branch=branch))
        radii = settle(film, profile + np.zeros(film.shape))
        lowest[branch] = eigsh(film_hessian(film, radii), k=2, sigma=-1.0)[0]
    assert lowest["stable"].min() > 0
    assert sorted(lowest["unstable"] < 0) == [False, True]
