"""Light around a rotating hole: speed, what is conserved, the edge of the shadow, and memory.

The job: spin 0.9, a camera at rest at r = 20 r_s, 75° from the axis; 4,096 pixels of a picture of
half-width 0.35, each followed into the past in outgoing Kerr–Schild coordinates until it is captured
or beyond r = 50, one thread. Reported for each form of the equations: rays per CPU second, and over
the rays that escape the largest and the median drift of E, L_z, Carter's Q (lengths in r_s, unit
energy) and g(k, k); then the traced edge of the shadow against Bardeen's curve, and the critical
impact parameters.

    python benchmarks/kerr.py            # speed, drifts and edge
    python benchmarks/kerr.py --memory   # peak memory of pictures of 1,000² to 4,000² pixels as well
"""

import argparse
import os
import subprocess
import sys
import time

import numpy as np

from mlphys import machine
from mlphys.physics import kerr
from mlphys.physics.bands import block_order
from mlphys.physics.black_hole import render
from mlphys.physics.camera import Camera, pixel_directions, static_camera
from mlphys.physics.events import Status, escaped
from mlphys.physics.frames import light
from mlphys.physics.geodesics import Trace, trace
from mlphys.physics.kerr_shadow import edge_directions, traced_edge
from mlphys.physics.rotating_holes import rotating_hole, swallowed
from mlphys.physics.symmetries import AXIAL

REPEATS = 5
ANGLES = np.linspace(0, 2 * np.pi, 128, endpoint=False)


def camera_at(spin: float, inclination: float) -> Camera:
    """Return a camera at rest at 20 r_s."""
    i = np.radians(inclination)
    ds2 = rotating_hole(spin, outgoing=True)
    return static_camera(ds2, [0.0, 20 * np.sin(i), 0.0, 20 * np.cos(i)])


def drifts(spin: float, camera: Camera, velocity: np.ndarray, rays: Trace) -> dict:
    """Return what each escaping ray lost of its constants."""
    ds2 = rotating_hole(spin, outgoing=True)
    start = np.broadcast_to(camera.position, velocity.shape)
    before, after = (
        kerr.carter_constant(ds2, x, k, spin=spin)
        for x, k in ((start, velocity), (rays.position, rays.velocity))
    )
    seen = rays.status == Status.ESCAPED
    lost = dict(rays.drift) | {"carter": after - before}
    return {name: abs(value[seen]) for name, value in lost.items()}


def show_speed(spin: float = 0.9) -> None:
    """Print speed and drifts at the tolerances of interest."""
    ds2, camera = rotating_hole(spin, outgoing=True), camera_at(spin, 75.0)
    n = pixel_directions(64, 64).reshape(-1, 3)[block_order(64, 64)]
    velocity = light(camera.frame, n, time=-1)
    print(f"{'equations':15} {'scheme':7} {'tol':>6} {'rays/cpu-s':>10} {'steps':>6} "
          f"{'failed':>6}  drifts, largest/median: E, L_z, Q, g(k,k)")  # fmt: skip
    for equations in ("hamiltonian", "euler_lagrange"):
        for scheme in ("DP54", "DOP853"):
            for tolerance in (1e-6, 1e-8, 1e-9, 1e-10):

                def job(equations=equations, scheme=scheme, tolerance=tolerance) -> Trace:
                    return trace(
                        ds2,
                        camera.position,
                        velocity,
                        events=(swallowed(spin), escaped(50.0)),
                        tolerance=tolerance,
                        equations=equations,
                        scheme=scheme,
                        killing=AXIAL,
                        threads=1,
                    )

                rays = job()
                seconds = []
                for _ in range(REPEATS):
                    start = time.process_time()
                    rays = job()
                    seconds.append(time.process_time() - start)
                lost = drifts(spin, camera, velocity, rays)
                order = ("energy", "angular_momentum_z", "carter", "norm")
                words = "  ".join(f"{lost[k].max():.0e}/{np.median(lost[k]):.0e}" for k in order)
                failed = int((rays.status == Status.FAILED).sum())
                print(f"{equations:15} {scheme:7} {tolerance:6.0e} {len(n) / min(seconds):10.3g} "
                      f"{rays.steps.mean():6.1f} {failed:6}  {words}", flush=True)  # fmt: skip


def show_edge() -> None:
    """Print the largest relative distance of the traced edge from the exact one."""
    for spin in (0.5, 0.9, 0.998):
        ds2 = rotating_hole(spin, outgoing=True)
        for inclination in (17.0, 60.0, 90.0):
            camera = camera_at(spin, inclination)
            n = edge_directions(camera, ANGLES, spin)
            share = traced_edge(ds2, camera, n, capture=swallowed(spin), digits=11)
            line = f"spin {spin}, {inclination:g}°: edge {abs(share - 1).max():.1e}"
            if inclination == 90:
                slope = n[[64, 0], 1] / n[[64, 0], 0]
                middle = (n[:, 1] / n[:, 0]).mean()
                left = middle + share[[64, 0]] * (slope - middle)
                toward = np.stack([1 + 0 * left, left, 0 * left], axis=-1)
                toward /= np.linalg.norm(toward, axis=-1, keepdims=True)
                k = light(camera.frame, toward, time=-1)
                x = np.broadcast_to(camera.position, k.shape)
                energy, momentum = kerr.angular_momentum(ds2, x, k)
                error = momentum / energy / np.array(kerr.critical_impact(spin)) - 1
                line += f"; critical xi {error[0]:.1e}, {error[1]:.1e}"
            print(line, flush=True)


def show_memory() -> None:
    """Print peak memory and time of whole pictures, each in a process of its own."""
    for side in (1000, 2000, 4000):
        done = subprocess.run(
            [sys.executable, __file__, "--one-picture", str(side)],
            check=True,
            capture_output=True,
            text=True,
            env=os.environ,
        )
        print(done.stdout.strip(), flush=True)


def show_picture(side: int) -> None:
    """Render one picture and print the peak memory of this process."""
    import resource

    start, used = time.perf_counter(), time.process_time()
    picture = render(
        rotating_hole(0.9, outgoing=True),
        camera_at(0.9, 75.0),
        capture=swallowed(0.9),
        time=-1,
        width=side,
        height=side,
        tolerance=1e-6,
    )
    peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{side}×{side}: {time.perf_counter() - start:.1f} s ({time.process_time() - used:.1f} "
        f"cpu-s), peak {peak / 2**20:.0f} MiB, {peak / side**2:.0f} bytes a pixel, "
        f"{int((picture.status == Status.FAILED).sum())} failed"
    )


def main() -> None:
    """Run everything and print the tables."""
    options = argparse.ArgumentParser(description="Light around a rotating hole")
    options.add_argument("--memory", action="store_true", help="render large pictures, too")
    options.add_argument("--one-picture", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one_picture:
        show_picture(chosen.one_picture)
        return
    print("; ".join(f"{key}: {value}" for key, value in machine.card().items()))
    show_speed()
    show_edge()
    if chosen.memory:
        show_memory()


if __name__ == "__main__":
    main()
