"""Derivatives through the tracer against derivatives of the elliptic formula, at 30 digits."""

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest

from mlphys.physics.events import Status, captured, escaped
from mlphys.physics.geodesics import trace
from mlphys.physics.inverse import hole
from mlphys.physics.resting_observer import make_start
from mlphys.physics.symmetries import NONE
from mlphys.physics.variations import trace_variations
from mlphys.timing import measure

SLOPES = np.array([0.0, 0.13, 0.15, 0.2, 0.3, 0.5, 0.7])
ANGLE = np.arctan(SLOPES)
FAN = make_start(hole, np.stack([np.cos(ANGLE), -np.sin(ANGLE), 0 * ANGLE], -1))
EVENTS = (captured(0.6), escaped(50.0, locate=True))
IMPACTS = np.array([2.61, 3.0, 5.0, 10.0])


def by_impact(p):
    """Rays of impact parameters IMPACTS + p[1] at r = 20, for a hole of radius p[0]."""
    sine = (IMPACTS + p[1]) * jnp.sqrt(1 - p[0] / 20) / 20
    rate, zero = jnp.sqrt(1 - p[0] / 20), 0 * sine
    ahead = -jnp.sqrt(1 - sine * sine)
    start = jnp.array([0.0, 20.0, 0.0, 0.0])
    return start, jnp.stack([1 / rate + ahead * p[0] / 20 / rate, ahead * rate, sine, zero], -1)


def swept(b, r_s, start, end=50):
    """Swept angle by elliptic integrals; any number may be mpmath's."""
    b, u0, uf = b / r_s, r_s / mpmath.mpf(start), r_s / mpmath.mpf(end)
    third = mpmath.acos(1 - 27 / (2 * b * b)) / 3
    u1, u2, u3 = sorted((1 + 2 * mpmath.cos(third - 2 * mpmath.pi * k / 3)) / 3 for k in range(3))
    m = (u2 - u1) / (u3 - u1)
    legs = sum(mpmath.ellipf(mpmath.asin(mpmath.sqrt((u - u1) / (u2 - u1))), m) for u in (u0, uf))
    return 2 / mpmath.sqrt(u3 - u1) * (2 * mpmath.ellipk(m) - legs)


def impact(slope, r_s, radius):
    slope = mpmath.mpf(slope)
    return radius * slope / mpmath.sqrt(1 + slope**2) / mpmath.sqrt(1 - r_s / mpmath.mpf(radius))


def turning(found):
    """Derivatives of the swept angle, (parameters, rays)."""
    x, y = found.trace.position[:, 1:3].T
    dx, dy = np.moveaxis(found.position[..., 1:3], -1, 0)
    return (x * dy - y * dx) / (x * x + y * y)


@pytest.mark.parametrize("equations", ["euler_lagrange", "hamiltonian"])
def test_derivatives_by_mass_and_impact_parameter(equations):
    found = trace_variations(hole, by_impact, [1.0, 0.0], events=EVENTS, equations=equations)
    with mpmath.workdps(30):
        by_mass = [float(mpmath.diff(lambda r_s, b=b: swept(b, r_s, 20), 1)) for b in IMPACTS]
        by_b = [float(mpmath.diff(lambda b: swept(b, 1, 20), b)) for b in IMPACTS]
    np.testing.assert_allclose(turning(found), [by_mass, by_b], rtol=1e-6)


def test_derivatives_by_mass_and_distance_at_fixed_pixels():
    found = trace_variations(hole, FAN, [1.0, 20.0], events=EVENTS)
    assert found.trace.status[0] == Status.CAPTURED and np.isnan(found.position[:, 0]).all()
    with mpmath.workdps(30):

        def phi(slope, r_s, radius):
            return swept(impact(slope, r_s, radius), r_s, radius)

        by_mass = [float(mpmath.diff(lambda q, s=s: phi(s, q, 20), 1)) for s in SLOPES[1:]]
        by_distance = [float(mpmath.diff(lambda q, s=s: phi(s, 1, q), 20)) for s in SLOPES[1:]]
    np.testing.assert_allclose(turning(found)[:, 1:], [by_mass, by_distance], rtol=1e-6)


def test_the_ray_itself_is_the_plain_tracers():
    found = trace_variations(hole, FAN, [1.0, 20.0], events=EVENTS)
    with jax.enable_x64(True):
        x, v = (np.asarray(part) for part in FAN(jnp.array([1.0, 20.0])))
    plain = trace(
        lambda x, dx: hole(x, dx, (1.0,)), x, v, events=EVENTS, tolerance=1e-10, killing=NONE
    )
    np.testing.assert_array_equal(found.trace.status, plain.status)
    np.testing.assert_allclose(found.trace.position[1:], plain.position[1:], rtol=1e-6)
    assert abs(found.trace.drift["norm"]).max() < 1e-7


def test_ends_stay_on_the_surface():
    found = trace_variations(hole, FAN, [1.0, 20.0], events=EVENTS)
    x, dx = found.trace.position[1:, 1:], found.position[:, 1:, 1:]
    np.testing.assert_allclose((x * dx).sum(-1), 0, atol=1e-6)


def test_rays_with_other_parameters_end_where_the_derivative_says():
    h = 1e-4
    ends = [
        trace_variations(hole, FAN, [1.0 + k * h, 20.0], events=EVENTS, tolerance=1e-12)
        for k in (-1, 0, 1)
    ]
    difference = (ends[2].trace.velocity - ends[0].trace.velocity)[3:] / (2 * h)
    np.testing.assert_allclose(difference, ends[1].velocity[0, 3:], atol=1e-6)


def test_cost_of_one_derivative_stays_below_four_plain_traces():
    angle = np.arctan(np.linspace(0.13, 0.7, 1024))
    fan = np.stack([np.cos(angle), -np.sin(angle), 0 * angle], -1)
    start = make_start(hole, fan, place=lambda p: (0.0, 20.0, 0.0, 0.0))
    with jax.enable_x64(True):
        x, v = (np.asarray(part) for part in start(jnp.array([1.0])))

    def flat(x, dx):
        return hole(x, dx, (1.0,))

    def varied():
        trace_variations(hole, start, [1.0], events=EVENTS, unrolled=True)

    def plain():
        trace(flat, x, v, events=EVENTS, tolerance=1e-10, killing=NONE)

    costs = [measure(f, repeats=7, warmup=2, clock="cpu").best for f in (varied, plain)]
    assert costs[0] < 4 * costs[1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"parameters": 1.0}, "row of finite parameters"),
        ({"parameters": [1.0, 0.9]}, "finite starts"),
        ({"parameters": [1.0, 60.0]}, "before event #1"),
        ({"start": lambda p: (jnp.zeros(3), jnp.ones(4))}, r"shape \(\.\.\., 4\)"),
        ({"equations": "christoffel"}, "equations among"),
    ],
)
def test_what_cannot_be_traced_is_refused(change, message):
    options = {"start": FAN, "parameters": [1.0, 20.0]} | change
    start, p = options.pop("start"), options.pop("parameters")
    with pytest.raises(ValueError, match=message):
        trace_variations(hole, start, p, events=EVENTS, **options)
