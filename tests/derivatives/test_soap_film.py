import numpy as np
import pytest

from mlphys.derivatives import catenoid, triangles
from mlphys.derivatives.soap_film import (
    area_and_gradient,
    ellipse,
    film_area,
    forces,
    is_open,
    make_film,
    points,
    start,
)


def odd_film():
    """Rings that share no symmetry: tilted, elliptical, displaced, of two sizes."""
    angles = 9
    radius = np.stack([ellipse(angles, half_axes=(14, 9), turn=0.3), np.full(angles, 12.0)])
    height = np.stack([np.zeros(angles), 15 + np.cos(2 * np.pi * np.arange(angles) / angles)])
    return make_film(4, angles, radius=radius, height=height, center=((0.5, 0), (-1, 2)))


def crumpled(film, seed=1):
    return start(film, noise=0.4, rng=np.random.default_rng(seed))


def triangle_list(vertices):
    """Corners of all triangles, one by one, as the module's docstring describes them."""
    _, rings, angles = vertices.shape
    for i in range(rings - 1):
        for j in range(angles):
            k = (j + 1) % angles
            a, b, c, d = (vertices[:, p, q] for p, q in ((i, j), (i, k), (i + 1, j), (i + 1, k)))
            yield from ((a, b, c), (d, c, b))


def test_area_is_the_sum_over_triangles_by_heron_and_by_the_cross_product():
    film = odd_film()
    radii = crumpled(film)
    corners = np.array(list(triangle_list(points(film, radii)))).transpose(1, 0, 2)
    assert len(corners[0]) == 2 * 5 * 9
    area = film_area(film, radii)
    assert area == pytest.approx(triangles.area_heron(*corners).sum(), rel=1e-13)
    assert area == pytest.approx(triangles.area_cross(*corners).sum(), rel=1e-14)
    assert area_and_gradient(film, radii)[0] == pytest.approx(area, rel=1e-15)


def test_a_tube_has_the_area_of_its_plane_sides():
    film = make_film(7, 12)
    assert film_area(film, start(film)) == pytest.approx(
        12 * 28 * np.sin(np.pi / 12) * 18, rel=1e-14
    )


@pytest.mark.parametrize("film", [make_film(10, 20), odd_film()], ids=["coaxial", "odd"])
def test_gradient_against_central_differences_for_every_unknown(film):
    radii = crumpled(film)
    _, gradient = area_and_gradient(film, radii)
    for k in np.ndindex(film.shape):
        nudge = np.zeros(film.shape)
        nudge[k] = 1e-5
        change = film_area(film, radii + nudge) - film_area(film, radii - nudge)
        assert gradient[k] == pytest.approx(change / 2e-5, abs=2e-8)


def test_gradient_against_jax():
    jax = pytest.importorskip("jax")
    film = odd_film()
    radii = crumpled(film)
    with jax.enable_x64(True):
        jnp = jax.numpy
        part = jnp.linspace(0, 1, film.rows + 2)[:, None]
        center = (1 - part) * film.ring_center[0] + part * film.ring_center[1]

        def area(free):
            r = jnp.concatenate([film.ring_radius[:1], free, film.ring_radius[1:]])
            x = center[:, :1] + r * jnp.cos(film.angle)
            y = center[:, 1:] + r * jnp.sin(film.angle)
            z = (1 - part) * film.ring_height[0] + part * film.ring_height[1]
            v = jnp.stack([x, y, z], axis=-1)
            w = jnp.roll(v, -1, axis=1)
            a, b, c, d = v[:-1], w[:-1], v[1:], w[1:]
            normals = jnp.cross(b - a, c - a), jnp.cross(c - d, b - d)
            return sum(jnp.linalg.norm(n, axis=-1).sum() for n in normals) / 2

        value, gradient = jax.value_and_grad(area)(radii)
        gradient = np.asarray(gradient)
    ours, by_hand = area_and_gradient(film, radii)
    assert ours == pytest.approx(float(value), rel=1e-14)
    assert np.allclose(by_hand, gradient, rtol=0, atol=1e-13)


@pytest.mark.parametrize("what", ["ring_radius", "ring_height", "ring_center"])
def test_forces_on_the_rings_against_central_differences(what):
    film = odd_film()
    radii = crumpled(film)
    parts = {
        "radius": film.ring_radius,
        "height": film.ring_height,
        "center": film.ring_center,
    }
    found = getattr(forces(film, radii), what)
    name = what.removeprefix("ring_")
    for k in np.ndindex(found.shape):
        areas = []
        for sign in (1, -1):
            moved = {key: value.copy() for key, value in parts.items()}
            moved[name][k] += sign * 1e-5
            areas.append(film_area(make_film(*film.shape, **moved), radii))
        assert found[k] == pytest.approx((areas[0] - areas[1]) / 2e-5, abs=2e-8)


def test_forces_balance():
    film = odd_film()
    pull = forces(film, crumpled(film))
    assert pull.ring_height.sum() == pytest.approx(0, abs=1e-12)
    assert np.allclose(pull.ring_center.sum(axis=0), 0, atol=1e-12)
    area, gradient = area_and_gradient(film, crumpled(film))
    assert pull.area == area and np.array_equal(pull.radius, gradient)


def test_mirrored_radii_give_the_mirrored_gradient():
    film = make_film(6, 11)
    radii = crumpled(film)
    turned = np.roll(radii, 3, axis=1)
    assert film_area(film, turned) == pytest.approx(film_area(film, radii), rel=1e-14)
    _, gradient = area_and_gradient(film, radii)
    assert np.allclose(area_and_gradient(film, turned)[1], np.roll(gradient, 3, axis=1), atol=1e-13)
    upside_down = radii[::-1, ::-1]  # the diagonal of a cell goes over into itself
    assert film_area(film, upside_down) == pytest.approx(film_area(film, radii), rel=1e-14)


def test_catenoid_on_the_mesh_approaches_the_exact_area():
    errors = []
    for rows, angles in ((24, 48), (49, 96)):
        film = make_film(rows, angles)
        z = np.linspace(-9, 9, rows + 2)[1:-1, None]
        radii = catenoid.profile(z, neck=catenoid.waist(14, 18)) + np.zeros(film.shape)
        errors.append(catenoid.area(14, 18) - film_area(film, radii))
    assert errors[0] / errors[1] == pytest.approx(4, abs=0.05)


def test_is_open_says_when_a_neck_has_closed():
    film = make_film(3, 8, radius=(14.0, 4.0))
    radii = np.full(film.shape, 1.1)
    assert is_open(film, radii)
    radii[1] = 0.9
    assert not is_open(film, radii) and is_open(film, radii, pinch=0.2)


def test_ellipse_has_its_half_axes():
    radii = ellipse(360, half_axes=(3.0, 2.0), turn=np.pi / 6)
    assert radii.max() == pytest.approx(3) and radii.argmax() in (30, 210)
    angle = 2 * np.pi * np.arange(360) / 360 - np.pi / 6
    x, y = radii * np.cos(angle), radii * np.sin(angle)
    assert np.allclose((x / 3) ** 2 + (y / 2) ** 2, 1)


def test_a_triangle_without_area_has_no_gradient():
    film = make_film(3, 6)
    area, gradient = area_and_gradient(film, np.zeros(film.shape))
    assert np.isfinite(area) and np.isnan(gradient).any()


@pytest.mark.parametrize(
    "options, words",
    [
        ({"rows": 0, "angles": 9}, "at least 1 row"),
        ({"rows": 2, "angles": 2}, "3 angles"),
        ({"rows": 2, "angles": 9, "radius": -1.0}, "positive ring radii"),
        ({"rows": 2, "angles": 9, "radius": [1.0, 2.0, 3.0]}, "one number, a pair, or an array"),
        ({"rows": 2, "angles": 9, "height": (3.0, 1.0)}, "Exchange the rings"),
    ],
)
def test_bad_rings_are_refused(options, words):
    with pytest.raises(ValueError, match=words):
        make_film(options.pop("rows"), options.pop("angles"), **options)


def test_radii_of_the_wrong_number_are_refused():
    with pytest.raises(
        ValueError, match=r"expected radii of shape \(2, 5\).*not among the unknowns"
    ):
        film_area(make_film(2, 5), np.ones((4, 5)))
    with pytest.raises(ValueError, match="default_rng"):
        start(make_film(2, 5), noise=0.1)
