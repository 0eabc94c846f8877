"""Other programs on the job of ``benchmarks/geodesics.py``; runs in the environment of each peer.

Called as ``python geodesic_peers.py NAME`` with the slopes as a JSON list on standard input. Writes
one JSON line per setting: CPU seconds, and for each ray whether it was captured and where it ended
(x, y in units of r_s). The camera rests at x = 20; the sky is at r = 50. Nothing of mlphys is used.
"""

import json
import sys
import time
from functools import partial

import numpy as np

RADIUS, SKY = 20.0, 50.0
DILATION = np.sqrt(1 - 1 / RADIUS)


def starless(slopes, step):
    """Return rays by the kernel of `starless`: x″ = −(3/2) h² x/r⁵, RK4 with a fixed step."""
    angle = np.arctan(slopes)
    x = np.stack([np.full_like(angle, RADIUS), np.zeros_like(angle)], axis=-1)
    impact = RADIUS * np.sin(angle) / DILATION
    sideways = impact / RADIUS
    v = np.stack([-np.sqrt(1 - DILATION**2 * sideways**2), sideways], axis=-1)
    factor = -1.5 * (impact**2)[:, None]
    captured, done = np.zeros(len(x), bool), np.zeros(len(x), bool)

    def pull(x):
        return factor * x / np.sum(x * x, axis=-1, keepdims=True) ** 2.5

    with np.errstate(all="ignore"):
        while not done.all():
            k1x, k1v = v, pull(x)
            k2x, k2v = v + step / 2 * k1v, pull(x + step / 2 * k1x)
            k3x, k3v = v + step / 2 * k2v, pull(x + step / 2 * k2x)
            k4x, k4v = v + step * k3v, pull(x + step * k3x)
            go = ~done[:, None]
            x = np.where(go, x + step / 6 * (k1x + 2 * k2x + 2 * k3x + k4x), x)
            v = np.where(go, v + step / 6 * (k1v + 2 * k2v + 2 * k3v + k4v), v)
            radius = np.linalg.norm(x, axis=-1)
            captured |= ~done & ~(radius > 1)
            done |= captured | (radius > SKY)
    return captured, x


def pygro(slopes, goal, integrator):
    """Return rays by PyGRO: Christoffel symbols by sympy, compiled, one ray at a time."""
    engine = _pygro_engine(integrator)
    import pygro

    captured, ends = [], []
    for angle in np.arctan(slopes):
        ray = pygro.Geodesic("null", engine, verbose=False)
        ray.set_starting_point(0, RADIUS, np.pi / 2, 0)
        ray.set_starting_4velocity(u1=-np.cos(angle) * DILATION, u2=0, u3=np.sin(angle) / RADIUS)
        engine.integrate(ray, 1000, 0.1, accuracy_goal=goal, precision_goal=goal)
        _, r, _, phi = ray.x[-1]
        captured.append(ray.exit == "captured")
        ends.append([r * np.cos(phi), r * np.sin(phi)])
    return np.array(captured), np.array(ends)


ENGINES = {}


def _pygro_engine(integrator):
    if integrator not in ENGINES:
        import pygro

        metric = pygro.Metric(
            "hole",
            ["t", "r", "theta", "phi"],
            line_element="-(1-1/r)*dt**2+1/(1-1/r)*dr**2+r**2*(dtheta**2+sin(theta)**2*dphi**2)",
        )
        engine = pygro.GeodesicEngine(metric, backend="autowrap", integrator=integrator)
        engine.set_stopping_criterion("r > 1.01", "captured")
        engine.add_stopping_criterion("r < 50", "escaped")
        ENGINES[integrator] = engine
    return ENGINES[integrator]


def curvedpy(slopes, tolerance):
    """Return rays by curvedpy: Christoffel symbols by sympy, SciPy's solve_ivp for each ray."""
    from curvedpy.geodesics.blackhole import BlackholeGeodesicIntegrator

    if "curvedpy" not in ENGINES:
        ENGINES["curvedpy"] = BlackholeGeodesicIntegrator(mass=0.5)
    captured, ends = [], []
    for angle in np.arctan(slopes):
        start = np.array([-np.cos(angle) * DILATION, np.sin(angle), 0.0])
        _, x, result = ENGINES["curvedpy"].geodesic(
            start,
            np.array([RADIUS, 1e-12, 0.0]),
            R_end=SKY,
            curve_end=1000,
            nr_points_curve=0,
            rtol=tolerance,
            atol=tolerance,
        )
        captured.append(bool(result["hit_blackhole"]))
        ends.append([x[0][-1], x[1][-1]])
    return np.array(captured), np.array(ends)


def gyoto(slopes, tolerance, kind):
    """Return rays by Gyoto: C++ with hand-written Christoffel symbols, lengths in M = 1/2."""
    from gyoto import core, std

    del std  # imported for the metrics that it loads
    metric = core.Metric(kind)
    metric.set("Spin", 0.0)
    captured, ends = [], []
    for angle in np.arctan(slopes):
        coordinate = [0, 2 * RADIUS, np.pi / 2, 0]
        speed = [1 / DILATION, -np.cos(angle) * DILATION, 0, np.sin(angle) / (2 * RADIUS)]
        ray = core.Photon()
        ray.setInitialCondition(metric, np.array([*coordinate, *speed]), 1)
        ray.absTol(tolerance)
        ray.relTol(tolerance)
        ray.xFill(200.0)
        count = ray.get_nelements()
        x, y, z = (np.zeros(count) for _ in range(3))
        ray.get_xyz(x, y, z)
        captured.append(np.hypot(x[-1], y[-1]) < 4)
        ends.append([x[-1] / 2, y[-1] / 2])
    return np.array(captured), np.array(ends)


# name -> rays of the 1024 that it gets (the slow ones fewer, evenly chosen), settings
PEERS = {
    "starless-style kernel": (
        1024,
        {f"step {step}": partial(starless, step=step) for step in (0.16, 0.02)},
    ),
    "pygro": (
        64,
        {
            f"{name} goal {goal}": partial(pygro, goal=goal, integrator=name)
            for name in ("dp45", "rkf78")
            for goal in (6, 9, 12)
        },
    ),
    "curvedpy": (16, {f"rtol {t:g}": partial(curvedpy, tolerance=t) for t in (1e-3, 1e-6, 1e-9)}),
    "gyoto": (
        128,
        {
            f"KerrBL tol {t:g}": partial(gyoto, tolerance=t, kind="KerrBL")
            for t in (1e-6, 1e-9, 1e-12)
        },
    ),
}


def main() -> None:
    """Run the named peer on the slopes from standard input."""
    slopes = np.array(json.load(sys.stdin))
    count, settings = PEERS[sys.argv[1]]
    chosen = np.unique(np.linspace(0, len(slopes) - 1, count).round().astype(int))
    for name, run in settings.items():
        run(slopes[chosen[:2]])  # compile, import
        seconds = []
        for _ in range(2):
            start = time.process_time()
            captured, ends = run(slopes[chosen])
            seconds.append(time.process_time() - start)
        row = {
            "setting": name,
            "rays": chosen.tolist(),
            "seconds": min(seconds),
            "captured": captured.astype(int).tolist(),
            "x": np.asarray(ends).tolist(),
        }
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
