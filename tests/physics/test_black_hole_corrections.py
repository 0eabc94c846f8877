"""What the chapter *Rendering a black hole* corrects in the lectures, pinned.

The rings inside their shadow come from a fixed step in coordinates that end at the horizon; the
size of their shadow comes from a metric that is right on the x axis only.
"""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from mlphys.physics.events import Status, captured, escaped
from mlphys.physics.frames import light, static_frame
from mlphys.physics.geodesics import rk4_path, trace
from mlphys.physics.line_elements import lectures_diagonal, schwarzschild, schwarzschild_ingoing

START = np.array([0.0, 20.0, 0.0, 0.0])
SHADOW = 0.12695533498280729737  # rad, at r = 20: sin = 3√3/2 · √(1 − 1/20)/20


def returned(ds2, step, angles):
    """Return which rays of a fixed step come back out without having been inside r = 1."""
    directions = np.stack([np.cos(angles), -np.sin(angles), 0 * angles], -1)
    velocity = light(static_frame(ds2, START), directions)
    way = rk4_path(
        ds2, START, velocity, step=step, steps=round(80 / step), equations="euler_lagrange"
    )
    r = np.linalg.norm(way.position[..., 1:], axis=-1)
    return (r[-1] > 20) & ~(r < 1).any(axis=0)


@pytest.mark.parametrize("step", [0.2, 0.1])
def test_false_rings_come_with_the_coordinates(step):
    dark = np.linspace(0, 0.999 * SHADOW, 300)
    false = returned(schwarzschild, step, dark)
    rings = (np.diff(false.astype(int)) == 1).sum()
    assert rings >= 5 and 0.02 < false.mean() < 0.12
    assert not returned(schwarzschild_ingoing, step, dark).any()
    bright = np.linspace(1.01 * SHADOW, 0.3, 100)
    assert returned(schwarzschild, step, bright).all()


def test_an_adaptive_step_throws_no_ray_back_in_either_chart():
    angles = np.linspace(0, 0.2, 400)
    directions = np.stack([np.cos(angles), -np.sin(angles), 0 * angles], -1)
    for ds2, radius in ((schwarzschild, 1.0001), (schwarzschild_ingoing, 0.95)):
        velocity = light(static_frame(ds2, START), directions)
        rays = trace(ds2, START, velocity, events=[captured(radius), escaped(50.0)])
        assert np.array_equal(rays.status == Status.CAPTURED, angles < SHADOW)


def edge(ds2, place, turn):
    """Return the half-angle of the shadow in one direction around the line of sight."""
    frame, low, high = static_frame(ds2, place), 0.0, 0.5
    for _ in range(6):  # 20 rays at a time
        a = np.linspace(low, high, 20)
        n = np.stack([np.cos(a), np.sin(a) * np.cos(turn), np.sin(a) * np.sin(turn)], -1)
        events = [captured(1.001), escaped(50.0)]
        out = trace(ds2, place, light(frame, n), events=events).status == Status.ESCAPED
        first = int(np.argmax(out))
        low, high = a[first - 1], a[first]
    return np.degrees((low + high) / 2)


def hamilton_edge(place, side):
    """Return the same for the lectures' metric in the plane z = 0, by Hamilton's equations.

    H = (−E²/s + s p_x² + p_y²)/2 with E = 1, written by hand and integrated by SciPy: nothing is
    shared with the tracer. ``side`` is 1 for the left of the line of sight, −1 for its right.
    """

    def slope(_, state):
        x, y, px, py = state
        r = np.hypot(x, y)
        s = 1 - 1 / r
        force = -(1 / s**2 + px**2) / (2 * r**3)
        return [s * px, py, force * x, force * y]

    def horizon(_, state):
        return np.hypot(state[0], state[1]) - 1.001

    def sky(_, state):
        return np.hypot(state[0], state[1]) - 50.0

    horizon.terminal = sky.terminal = True
    x, y, s = *place, 1 - 1 / np.hypot(*place)
    n = -np.array([x, y]) / np.hypot(x, y)
    g = np.diag([1 / s, 1.0])
    ahead = n / np.sqrt(n @ g @ n)
    left = np.array([-n[1], n[0]])
    left = left - (left @ g @ ahead) * ahead
    left = side * left / np.sqrt(left @ g @ left)
    low, high = 0.0, 0.5
    for _ in range(14):
        a = (low + high) / 2
        p = g @ (np.cos(a) * ahead + np.sin(a) * left) / np.sqrt(s)  # E = √s · 1/s · √s
        ray = solve_ivp(slope, (0, 500), [x, y, *p], events=[horizon, sky], rtol=1e-8, atol=1e-8)
        low, high = (a, high) if len(ray.t_events[0]) else (low, a)
    return np.degrees((low + high) / 2)


def test_shadow_of_the_true_hole_is_the_same_from_everywhere():
    for place in ([0.0, 20.0, 0.0, 0.0], [0.0, 200**0.5, 200**0.5, 0.0]):
        for turn in (0.0, 2.0):
            assert edge(schwarzschild, place, turn) == pytest.approx(np.degrees(SHADOW), abs=1e-4)


def test_shadow_of_the_lectures_metric():
    for place in ((20.0, 0.0), (200**0.5, 200**0.5)):
        for turn, side in ((0.0, 1), (np.pi, -1)):
            ours = edge(lectures_diagonal, [0.0, *place, 0.0], turn)
            assert ours == pytest.approx(hamilton_edge(place, side), abs=3e-3)
            assert abs(ours - np.degrees(SHADOW)) > 1
