"""Each line element against a metric written down for sympy, its curvature, and exact rays."""

import ast
import inspect

import numpy as np
import pytest
import sympy
from scipy.integrate import solve_ivp

from mlphys.physics import line_elements, other_spacetimes, rotating_holes
from mlphys.physics.equations import depends_on_time
from mlphys.physics.events import Status, captured, crossed_plane, escaped
from mlphys.physics.frames import light, matter, static_frame
from mlphys.physics.geodesics import path, trace
from mlphys.physics.line_elements import (
    Components,
    components,
    minkowski,
    schwarzschild,
    schwarzschild_ingoing,
    schwarzschild_isotropic,
)
from mlphys.physics.other_spacetimes import (
    de_sitter,
    ellis_wormhole,
    plane_wave,
    reissner_nordstrom,
)
from mlphys.physics.rotating_holes import kerr, kerr_newman
from mlphys.physics.spacetime import (
    check_metric,
    christoffel,
    kretschmann,
    metric,
    ricci,
    riemann,
)

T, X, Y, Z = COORDINATES = sympy.symbols("t x y z", real=True)
R = sympy.sqrt(X**2 + Y**2 + Z**2)
N = sympy.Matrix([X, Y, Z]) / R
FLAT = sympy.diag(-1, 1, 1, 1)


def rational(number):
    return sympy.Rational(str(number))


def stretched_radially(s):
    return sympy.diag(sympy.Matrix([[-s]]), sympy.eye(3) + (1 / s - 1) * N * N.T)


def kerr_schild(spin, charge):
    """Flat space and one square, with M = 1/2."""
    a, q = rational(spin) / 2, rational(charge) / 2
    b = X**2 + Y**2 + Z**2 - a**2
    r = sympy.sqrt((b + sympy.sqrt(b**2 + 4 * a**2 * Z**2)) / 2)
    k = sympy.Matrix([1, (r * X + a * Y) / (r**2 + a**2), (r * Y - a * X) / (r**2 + a**2), Z / r])
    return FLAT + (r - q**2) * r**2 / (r**4 + a**2 * Z**2) * k * k.T


def exact():
    """The metric of every spacetime of the library, as sympy matrices with their default numbers."""
    q = 1 / (4 * R)
    wave = sympy.Matrix([1, 0, 0, -1])
    tide = rational(0.02) * sympy.cos(T - Z) * (X**2 - Y**2)
    grown = sympy.exp(2 * rational(0.1) * T)
    return {
        minkowski: FLAT,
        schwarzschild: stretched_radially(1 - 1 / R),
        schwarzschild_isotropic: sympy.diag(-(((1 - q) / (1 + q)) ** 2), *[(1 + q) ** 4] * 3),
        schwarzschild_ingoing: kerr_schild(0, 0),
        reissner_nordstrom: stretched_radially(1 - 1 / R + rational(0.16) / R**2),
        kerr: kerr_schild(0.9, 0),
        kerr_newman: kerr_schild(0.6, 0.6),
        ellis_wormhole: sympy.diag(-1, *[(1 + 1 / (4 * R**2)) ** 2] * 3),
        de_sitter: sympy.diag(-1, *[grown] * 3),
        plane_wave: FLAT + tide * wave * wave.T,
    }


EXACT = exact()
NEW = (reissner_nordstrom, ellis_wormhole, de_sitter, plane_wave)
VACUA = (minkowski, schwarzschild, schwarzschild_isotropic, schwarzschild_ingoing, kerr, plane_wave)


def by_name(ds2):
    return ds2.__name__


def events(count, seed=1915):
    """Random events off the axes, 1.2 to 12 r_s from the origin."""
    rng = np.random.default_rng(seed)
    direction = rng.normal(size=(count, 3))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    radius = rng.uniform(1.2, 12.0, size=(count, 1))
    return np.concatenate([2 * rng.normal(size=(count, 1)), radius * direction], axis=1)


def numbers(matrices, x):
    """Evaluate sympy matrices at events: a list of arrays (n, 4, 4)."""
    function = sympy.lambdify(COORDINATES, [list(g) for g in matrices], "numpy", cse=True)
    return [
        np.stack([np.broadcast_to(entry, len(x)) for entry in g], axis=-1).reshape(-1, 4, 4)
        for g in function(*x.T)
    ]


@pytest.mark.parametrize("ds2", EXACT, ids=by_name)
def test_metric_and_christoffel_symbols_at_1000_events_equal_those_of_sympy(ds2):
    x = events(1000)
    exact_g, *slopes = numbers([EXACT[ds2], *(EXACT[ds2].diff(c) for c in COORDINATES)], x)
    g = metric(ds2, x)
    scale = abs(exact_g).max(axis=(1, 2), keepdims=True)
    assert (abs(g - exact_g) / scale).max() <= 1e-12
    slope = np.stack(slopes, axis=-1)
    lowered = (slope.transpose(0, 1, 3, 2) + slope - slope.transpose(0, 3, 1, 2)) / 2
    expected = np.einsum("eab,ebmn->eamn", np.linalg.inv(exact_g), lowered)
    scale = abs(expected).max(axis=(1, 2, 3), keepdims=True)
    assert (abs(christoffel(ds2, x) - expected) <= 1e-12 * scale).all()


@pytest.mark.parametrize("ds2", VACUA, ids=by_name)
def test_vacuum_is_empty_at_1000_events(ds2):
    x = events(1000, seed=1916)
    assert abs(ricci(ds2, x)).max() <= 1e-8
    if ds2 is not minkowski:
        assert abs(riemann(ds2, x)).max(axis=(1, 2, 3, 4)).min() > 1e-6  # but not flat


@pytest.mark.parametrize("ds2", EXACT, ids=by_name)
def test_ten_lines_are_enough(ds2):
    if ds2 in (kerr, kerr_newman):
        ds2 = short_kerr_newman
    (function,) = ast.parse(inspect.getsource(ds2)).body
    assert isinstance(function, ast.FunctionDef)
    body = function.body
    code = [line for line in body if not isinstance(line, (ast.Expr, ast.Delete))]
    assert sum((line.end_lineno or 0) - line.lineno + 1 for line in code) <= 10


def short_kerr_newman(x, dx, a=0.3, q=0.3):
    _, x, y, z = components(x)
    dt, dx, dy, dz = components(dx)
    b = x * x + y * y + z * z - a * a
    r2 = (b + (b * b + 4 * a * a * z * z) ** 0.5) / 2
    r = r2**0.5
    along = dt + (r * (x * dx + y * dy) + a * (y * dx - x * dy)) / (r2 + a * a) + z * dz / r
    pull = (r - q * q) * r2 / (r2 * r2 + a * a * z * z)
    return dx * dx + dy * dy + dz * dz - dt * dt + pull * along * along


def test_the_short_form_is_the_rotating_charged_hole():
    x = events(100)
    np.testing.assert_allclose(metric(short_kerr_newman, x), metric(kerr_newman, x), atol=1e-13)
    np.testing.assert_allclose(ricci(short_kerr_newman, x), ricci(kerr_newman, x), atol=1e-11)


@pytest.mark.parametrize("ds2", NEW, ids=by_name)
def test_one_code_runs_on_numpy_jax_and_components(ds2):
    import jax

    rng = np.random.default_rng(0)
    x, dx = 3 + rng.random((5, 4)), rng.normal(size=(5, 4))
    expected = ds2(x, dx)
    with jax.enable_x64(True):
        traced = np.asarray(ds2(jax.numpy.asarray(x), jax.numpy.asarray(dx)))
    np.testing.assert_allclose(traced, expected, rtol=1e-14)
    np.testing.assert_array_equal(ds2(Components(x.T), Components(dx.T)), expected)


def test_limits():
    x = events(50)
    dx = np.random.default_rng(1).normal(size=(50, 4))
    uncharged = reissner_nordstrom(x, dx, charge=0.0)
    np.testing.assert_allclose(uncharged, schwarzschild(x, dx), rtol=1e-12, atol=1e-13)
    for flat in (
        reissner_nordstrom(x, dx, r_s=0.0),
        ellis_wormhole(x, dx, throat=0.0),
        de_sitter(x, dx, hubble=0.0),
        plane_wave(x, dx, amplitude=0.0),
    ):
        np.testing.assert_allclose(flat, minkowski(x, dx), rtol=1e-12, atol=1e-14)


def test_charged_hole_ends_at_its_outer_horizon():
    outer, inner = (1 + 0.6) / 2, (1 - 0.6) / 2  # charge 0.8
    x = np.array([[0, r, 0, 0] for r in (outer + 1e-9, outer - 1e-9, inner - 1e-9)])
    values = reissner_nordstrom(x, np.ones((3, 4)))
    np.testing.assert_array_equal(np.isnan(values), [False, True, True])


def test_charged_hole_has_the_stress_of_its_field_alone():
    # R^m_n = (q²/r⁴) diag(−1, −1, 1, 1) along t, r and across: no trace, energy density positive
    x, q2 = events(1000), 0.16
    r = np.linalg.norm(x[:, 1:], axis=1)
    mixed = np.linalg.solve(metric(reissner_nordstrom, x), ricci(reissner_nordstrom, x))
    n = np.concatenate([np.zeros((1000, 1)), x[:, 1:] / r[:, None]], axis=1)
    across = np.diag([0.0, 1, 1, 1]) - n[:, :, None] * n[:, None, :]
    along = np.diag([1.0, 0, 0, 0]) + n[:, :, None] * n[:, None, :]
    expected = (q2 / r**4)[:, None, None] * (across - along)
    np.testing.assert_allclose(mixed, expected, atol=1e-11)
    assert abs(np.trace(mixed, axis1=1, axis2=2)).max() < 1e-11


def test_charged_hole_in_two_charts():
    slope = np.array([0.13, 0.3])
    starts = np.array([0.0, 20.0, 0.0, 0.0])
    ends = []
    for ds2 in (reissner_nordstrom, lambda x, dx: kerr_newman(x, dx, spin=0.0, charge=0.8)):
        aim = np.stack([np.cos(slope), -np.sin(slope), 0 * slope], axis=-1)
        rays = light(static_frame(ds2, starts), aim)
        sky = [captured(0.81), escaped(50.0, locate=True)]
        end = trace(ds2, starts, rays, events=sky, tolerance=1e-11)
        assert (end.status == Status.ESCAPED).all()
        ends.append(np.arctan2(end.position[:, 2], end.position[:, 1]))
    np.testing.assert_allclose(ends[0], ends[1], atol=1e-8)


def test_wormhole_needs_negative_energy_and_nothing_else_moves():
    # G_tt = −b²/R⁴ for clocks at rest
    x = events(100)
    rho = np.linalg.norm(x[:, 1:], axis=1)
    g, bent = metric(ellis_wormhole, x), ricci(ellis_wormhole, x)
    scalar = np.einsum("emn,emn->e", np.linalg.inv(g), bent)
    density = bent[:, 0, 0] - scalar * g[:, 0, 0] / 2
    np.testing.assert_allclose(density, -1 / (rho + 1 / (4 * rho)) ** 4, atol=1e-13)


def test_light_passes_the_wormhole_as_the_integral_says():
    # conserved h: dφ/dR = h/(R √((R² − b²)(1 − h²/R²))) counted over both turns; aimed through, h < b
    rho, h = 6.0, 0.4
    start = np.array([0.0, rho, 0.0, 0.0])
    sine = h / (rho + 1 / (4 * rho))
    ray = light(static_frame(ellis_wormhole, start), [np.sqrt(1 - sine**2), -sine, 0.0])
    there = trace(
        ellis_wormhole, start, ray, events=[captured(1 / (4 * rho), locate=True)], tolerance=1e-11
    )
    assert Status(int(there.status)) is Status.CAPTURED  # as far away, in the other space
    # l = ∓√(R² − 1): φ = ∫ h dl/((l² + 1) √(1 − h²/(l² + 1)))
    from scipy.integrate import quad

    far = rho - 1 / (4 * rho)
    swept = quad(
        lambda length: h / ((length**2 + 1) * np.sqrt(1 - h**2 / (length**2 + 1))), -far, far
    )
    angle = np.arctan2(there.position[2], there.position[1])
    assert angle == pytest.approx(swept[0], abs=1e-8)


def test_expanding_space_curves_alike_everywhere():
    x = events(100)
    np.testing.assert_allclose(ricci(de_sitter, x), 0.03 * metric(de_sitter, x), atol=1e-12)
    np.testing.assert_allclose(kretschmann(de_sitter, x), 24 * 0.1**4, rtol=1e-10)


def test_light_in_expanding_space_is_redder_and_late():
    # comoving way χ = (1 − e^{−Ht})/H, frequency ∝ e^{−Ht}
    start, target = np.array([0.0, 5.0, 0.0, 0.0]), 3.0
    ray = light(static_frame(de_sitter, start, forward=(-1.0, 0.0, 0.0)), [1.0, 0.0, 0.0])
    end = trace(
        de_sitter, start, ray, events=[captured(5.0 - target, locate=True)], tolerance=1e-12
    )
    arrival = -np.log(1 - 0.1 * target) / 0.1
    np.testing.assert_allclose(end.position, [arrival, 5.0 - target, 0, 0], rtol=1e-9, atol=1e-12)
    assert end.velocity[0] == pytest.approx(np.exp(-0.1 * arrival), rel=1e-9)


def test_bodies_in_a_wave_obey_hills_equation():
    # u = t − z is affine: x'' = A cos(u) x, y'' = −A cos(u) y for u' = 1
    start = np.array([0.0, 1.0, 0.5, 0.0])
    frame = static_frame(plane_wave, start, forward=(0.0, 0.0, 1.0), up=(1.0, 0.0, 0.0))
    speed = frame[0, 0]  # du/dτ = dt/dτ at rest, constant from then on
    way = path(plane_wave, start, frame[0], [10.0], tolerance=1e-12)

    def hill(u, state):
        x, y, vx, vy = state
        return [vx, vy, 0.02 * np.cos(u) * x, -0.02 * np.cos(u) * y]

    end = solve_ivp(hill, (0, 10 * speed), [1.0, 0.5, 0, 0], rtol=1e-12, atol=1e-12).y[:, -1]
    np.testing.assert_allclose(way.position[0, 1:3], end[:2], atol=1e-9)
    assert abs(end[:2] - [1.0, 0.5]).max() > 0.01  # it is no rest


def test_the_tracer_sees_which_spacetimes_depend_on_time():
    for ds2 in EXACT:
        assert depends_on_time(ds2) == (ds2 in (de_sitter, plane_wave))

    def whole(x, dx):
        return (dx * dx * np.array([-1.0, 1.0, 1.0, 1.0])).sum(-1)

    assert depends_on_time(whole)  # cannot be told: counts as yes


@pytest.mark.parametrize("ds2", [ellis_wormhole, de_sitter, plane_wave], ids=by_name)
def test_both_backends_agree(ds2):
    twin = pytest.importorskip("mlphys.physics.geodesics_tensorflow")
    start = np.array([0.0, 8.0, 0.5, 1.0])
    aim = [[0.96, 0.168, 0.224], [0.96, 0.28, 0.0], [0.96, 0.0, 0.28]]
    rays = light(static_frame(ds2, start), aim)
    options = {"events": [crossed_plane((1.0, 0.0, 0.0)), captured(0.01)], "killing": ()}
    one, two = trace(ds2, start, rays, **options), twin.trace(ds2, start, rays, **options)
    np.testing.assert_array_equal(one.status, two.status)
    np.testing.assert_array_equal(one.steps, two.steps)
    np.testing.assert_allclose(two.position, one.position, atol=1e-10)


def test_all_of_them_are_spacetimes():
    for ds2 in EXACT:
        check_metric(ds2, events(100))
    exported = {*line_elements.__all__, *other_spacetimes.__all__, "kerr", "kerr_newman"}
    known = {ds2.__name__ for ds2 in EXACT} | {"lectures_diagonal"}
    tools = {"Components", "components", "inverse_root", "namespace", "reciprocal"}
    assert exported - known == tools
    assert {"kerr", "kerr_newman"} <= set(rotating_holes.__all__)


def test_matter_at_rest_takes_no_hundred_steps_to_start():
    start = np.array([0.0, 8.0, 0.0, 0.0])
    rest = matter(static_frame(schwarzschild_ingoing, start), [0.0, 0.0, 0.0])
    fall = trace(schwarzschild_ingoing, start, rest, events=[captured(1.0, locate=True)])
    assert fall.steps < 60
    # the cycloid from R to r = 1: τ = √(R³)(η + sin η)/2, cos η = 2/R − 1
    eta = np.arccos(2 / 8 - 1)
    assert float(fall.parameter) == pytest.approx(np.sqrt(8**3) * (eta + np.sin(eta)) / 2, rel=1e-6)
