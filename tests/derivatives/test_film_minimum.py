import numpy as np
import pytest
from scipy.optimize import minimize as scipy_minimize
from scipy.sparse.linalg import eigsh

from mlphys.derivatives import catenoid
from mlphys.derivatives.film_hessian import film_hessian
from mlphys.derivatives.film_minimum import nested, objective, refine, relax, settle, with_distance
from mlphys.derivatives.soap_film import (
    FilmBreaks,
    area_and_gradient,
    ellipse,
    forces,
    make_film,
    start,
)

EXACT = 1446.7108062590835744  # area of the catenoid, R = 14, d = 18, by mpmath
DISCRETE = {  # areas and necks of the discrete minima, found before by another program
    (10, 20): (1437.114138167705, 9.02293),
    (50, 100): (1446.340272349993, 9.27779),
    (200, 400): (1446.687775628897, 9.28621),
}


@pytest.mark.parametrize("shape", [(10, 20), (50, 100)])
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_discrete_minima(shape, noise):
    film = make_film(*shape)
    result = relax(film, start(film, noise=noise, rng=np.random.default_rng(1)))
    area, neck = DISCRETE[shape]
    assert result.status == "converged"
    assert result.value == pytest.approx(area, abs=1e-11)
    assert result.x.min() == pytest.approx(neck, abs=5e-6)


def test_discrete_minimum_of_80_000_unknowns():
    films = [make_film(*shape) for shape in ((12, 25), (50, 100), (200, 400))]
    result = nested(films)[-1]
    assert result.value == pytest.approx(DISCRETE[200, 400][0], abs=1e-11)
    assert result.x.min() == pytest.approx(DISCRETE[200, 400][1], abs=5e-6)


@pytest.mark.parametrize("method", ["bfgs", "lbfgs"])
def test_quasi_newton_methods_find_the_same_minimum(method):
    result = relax(make_film(10, 20), method=method)
    assert result.value == pytest.approx(DISCRETE[10, 20][0], abs=1e-11)
    assert result.evaluations <= 30


def test_scipy_finds_the_same_minimum():
    film = make_film(10, 20)
    reference = scipy_minimize(
        objective(film), start(film).ravel(), jac=True, method="L-BFGS-B", tol=1e-15
    )
    assert relax(film).value == pytest.approx(reference.fun, rel=1e-12)


def test_order_is_two_and_richardson_is_close():
    shapes = [(24, 50), (49, 100), (99, 200)]  # intervals double, and so do angles
    areas = [result.value for result in nested([make_film(*shape) for shape in shapes])]
    errors = EXACT - np.array(areas)
    orders = np.log2(errors[:-1] / errors[1:])
    assert np.abs(orders - 2).max() < 0.05
    assert areas[2] + (areas[2] - areas[1]) / 3 == pytest.approx(EXACT, abs=1e-6 * EXACT)


def test_the_film_is_a_local_minimum_only():
    """Second derivatives are positive, and yet two discs, far away, have less area."""
    film = make_film(20, 40)
    result = relax(film)
    assert eigsh(film_hessian(film, result.x), k=1, sigma=0)[0][0] > 0
    assert catenoid.disc_area(14) < result.value


def test_a_film_thinner_than_the_unstable_one_breaks_and_a_wider_one_does_not():
    film = make_film(20, 40)
    z = np.linspace(-9, 9, 22)[1:-1, None]
    profile = catenoid.profile(z, neck=catenoid.waist(14, 18, branch="unstable"))
    saddle = settle(film, profile + np.zeros(film.shape))
    area, gradient = area_and_gradient(film, saddle)
    assert np.abs(gradient).max() < 1e-10 and area > relax(film).value
    _, vectors = eigsh(film_hessian(film, saddle), k=1, sigma=-1.0)
    push = vectors[:, 0] * np.sign(vectors[:, 0].sum())
    assert relax(film, saddle.ravel() + push).value == pytest.approx(relax(film).value)
    with pytest.raises(FilmBreaks, match="the film breaks"):
        relax(film, saddle.ravel() - push)


@pytest.mark.parametrize("method", ["bfgs", "lbfgs", "newton_cg"])
@pytest.mark.parametrize("shape", [(10, 20), (30, 40)])
def test_beyond_the_critical_distance_the_film_breaks(method, shape):
    critical = 14 * catenoid.critical_ratio()
    film = make_film(*shape, height=(0, critical + 0.15))
    with pytest.raises(FilmBreaks, match="bring them closer"):
        relax(film, method=method)


def test_the_discrete_critical_distance_approaches_the_exact_one():
    """Bisect between a film that holds and one that breaks; the gap closes as the square."""
    gaps = []
    for rows, angles in ((9, 20), (19, 40)):
        low, high = 17.0, 20.0
        while high - low > 2e-4:
            middle = (low + high) / 2
            try:
                relax(make_film(rows, angles, height=(0, middle)), gradient_tolerance=1e-6)
                low = middle
            except FilmBreaks:
                high = middle
        gaps.append(low - 14 * catenoid.critical_ratio())
    assert abs(gaps[1]) < 0.05
    assert gaps[0] / gaps[1] == pytest.approx(4, abs=0.4)


def test_ring_forces_are_the_slope_of_the_minimal_area():
    film = make_film(10, 20)
    film_forces = forces(film, relax(film, gradient_tolerance=1e-11).x)
    wider = relax(with_distance(film, 18 + 1e-3), gradient_tolerance=1e-11).value
    closer = relax(with_distance(film, 18 - 1e-3), gradient_tolerance=1e-11).value
    pull = film_forces.ring_height.sum(axis=1)
    assert pull[1] == pytest.approx((wider - closer) / 2e-3, rel=1e-7)
    assert pull[0] == pytest.approx(-pull[1], rel=1e-12)


def test_ring_forces_approach_those_of_the_catenoid():
    exact = np.array(catenoid.ring_pull(14, 18))
    errors = []
    for shape in ((24, 50), (49, 100)):
        film = make_film(*shape)
        found = forces(film, relax(film).x)
        errors.append([found.ring_height[1].sum(), found.ring_radius[1].sum()] - exact)
    assert np.allclose(np.divide(*errors), 4, atol=0.2)
    assert np.abs(errors[1] / exact).max() < 2e-3


def test_elliptical_and_displaced_rings_settle_and_break_the_symmetry():
    angles = 40
    radius = np.stack([ellipse(angles, half_axes=(14, 10)), ellipse(angles, half_axes=(10, 14))])
    film = make_film(20, angles, radius=radius, height=(0, 10), center=((0, 0), (3, 0)))
    result = relax(film)
    assert result.status == "converged"
    assert np.ptp(result.x.reshape(film.shape)[10]) > 0.1
    other = relax(film, start(film, noise=0.3, rng=np.random.default_rng(0)))
    assert other.value == pytest.approx(result.value, abs=1e-9)


def test_refinement_keeps_a_smooth_film_and_the_rings():
    coarse, fine = make_film(12, 24), make_film(49, 100)
    z = lambda film: np.linspace(-9, 9, film.rows + 2)[1:-1, None]
    smooth = lambda film: (
        np.cosh(z(film) / 9) + 0.1 * np.cos(2 * film.angle) * (81 - z(film) ** 2) / 81
    )
    rings = lambda film: make_film(*film.shape, radius=np.cosh(1.0))
    found = refine(smooth(coarse), rings(coarse), rings(fine))
    assert np.abs(found - smooth(fine)).max() < 2e-4


def test_faults_are_named():
    film = make_film(5, 10)
    with pytest.raises(ValueError, match="at least one film"):
        nested([])
    with pytest.raises(ValueError, match="inside of the function's domain"):
        relax(film, -start(film))
    with pytest.raises(FilmBreaks, match="expected a stationary film"):
        settle(make_film(5, 10, height=(0, 25)), start(film))
