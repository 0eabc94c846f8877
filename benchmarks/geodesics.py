"""Light rays around a hole: mlphys beside its peers, the same job in one run.

The job: r_s = 1, a camera at rest at r = 20, tan(angle) = linspace(0, 0.7, 1024) in its frame; each
ray is followed until it is captured or beyond r = 50. Reported: rays per CPU second, verdicts,
largest and median error of the angle swept (against elliptic integrals), and how much faster mlphys
is at the same largest error. One thread each; best of several runs.

    python benchmarks/geodesics.py --peers PEERS/bin/python --system /usr/bin/python3

``--peers`` names the Python of an environment made from ``benchmarks/peers.txt``, ``--system`` the one
that Debian's python3-gyoto belongs to. Peers that are not there are listed as absent. ``--picture``
adds the 800×800 picture on all cores.
"""

import argparse
import json
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mlphys import machine
from mlphys.physics import geodesics, schwarzschild
from mlphys.physics.black_hole import critical_slope, render, render_round
from mlphys.physics.camera import pixel_directions, static_camera
from mlphys.physics.events import Status, captured, escaped
from mlphys.physics.frames import light
from mlphys.physics.line_elements import schwarzschild_ingoing

SLOPES = np.linspace(0.0, 0.7, 1024)
REPEATS = 5
HERE = Path(__file__).parent


class Row(NamedTuple):
    """One program at one setting."""

    name: str
    setting: str
    rate: float
    right: str
    largest: float
    median: float


def evaluate(
    name: str,
    setting: str,
    seconds: float,
    slopes: np.ndarray,
    is_captured: np.ndarray,
    x: np.ndarray,
) -> Row:
    """Compare verdicts and swept angles with the exact ones."""
    expected = slopes < schwarzschild.critical_slope(20.0)
    right = is_captured == expected
    seen = ~expected & right
    radius = np.hypot(x[seen, 0], x[seen, 1])
    impact = schwarzschild.impact_parameter(slopes[seen], 20.0)
    error = np.arctan2(x[seen, 1], x[seen, 0]) - schwarzschild.swept_angle(impact, 20.0, radius)
    error = abs((error + np.pi) % (2 * np.pi) - np.pi)
    verdicts = f"{int(right.sum())}/{len(slopes)}"
    return Row(name, setting, len(slopes) / seconds, verdicts, error.max(), float(np.median(error)))


def our_rows(
    name: str, trace, equations: str, tolerances: tuple[float, ...], repeats: int = REPEATS
) -> list[Row]:
    """Run mlphys on all 1024 rays, after a first call that compiles."""
    camera = static_camera(schwarzschild_ingoing)
    angle = np.arctan(SLOPES)
    toward = np.stack([np.cos(angle), -np.sin(angle), np.zeros_like(angle)], axis=-1)
    velocity = light(camera.frame, toward)
    rows = []
    for tolerance in tolerances:

        def job(tolerance: float = tolerance):
            return trace(
                schwarzschild_ingoing,
                camera.position,
                velocity,
                events=(captured(0.95), escaped(50.0)),
                tolerance=tolerance,
                equations=equations,
                threads=1,
            )

        rays, seconds = job(), []
        for _ in range(repeats):
            start = time.process_time()
            rays = job()
            seconds.append(time.process_time() - start)
        if not seconds:
            continue
        is_captured = rays.status == Status.CAPTURED
        label = f"{equations} tol {tolerance:g}"
        rows.append(evaluate(name, label, min(seconds), SLOPES, is_captured, rays.position[:, 1:3]))
    return rows


def twin_rows() -> list[Row]:
    """Run the TensorFlow twin in turn with JAX and print their ratios, compilation included."""
    from mlphys.physics import geodesics_tensorflow
    from mlphys.physics.compiling_tensorflow import barriers_hold

    barriers_hold()  # TensorFlow starts its compiler: no part of any job
    geodesics._tile_job.cache_clear()
    rows = []
    for equations in ("euler_lagrange", "hamiltonian"):
        first, pair = [], []
        for trace in (geodesics.trace, geodesics_tensorflow.trace):
            start = time.process_time()
            our_rows("", trace, equations, (1e-3,), repeats=0)
            first.append(time.process_time() - start)
        for tolerance in (1e-8, 1e-11):
            one = our_rows("", geodesics.trace, equations, (tolerance,))
            two = our_rows(
                "mlphys (TensorFlow)", geodesics_tensorflow.trace, equations, (tolerance,)
            )
            pair.append(one[0].rate / two[0].rate)
            rows += two
        print(
            f"{equations}: TensorFlow takes {pair[0]:.2f} (tol 1e-8) and {pair[1]:.2f} (1e-11) "
            f"times as long as JAX; first call {first[1]:.1f} against {first[0]:.1f} cpu-s"
        )
    return rows


def peer_rows(name: str, python: str | None) -> list[Row]:
    """Run a peer in its own environment."""
    if python is None or not Path(python).exists():
        print(f"absent: {name} (no Python at {python}; see benchmarks/peers.txt)")
        return []
    done = subprocess.run(
        [python, str(HERE / "geodesic_peers.py"), name],
        input=json.dumps(SLOPES.tolist()),
        capture_output=True,
        text=True,
        check=False,
    )
    rows = []
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            row = json.loads(line)
            slopes = SLOPES[row["rays"]]
            flags, x = np.array(row["captured"], bool), np.array(row["x"])
            rows.append(evaluate(name, row["setting"], row["seconds"], slopes, flags, x))
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["no message"]
        print(f"absent: {name} ({reason[0]})")
    return rows


def speed_at(rows: list[Row], largest: float) -> float:
    """Return our best speed with at most this largest error; NaN where we were not so exact."""
    return max((row.rate for row in rows if row.largest <= largest), default=float("nan"))


def show(rows: list[Row], ours: list[Row]) -> None:
    """Print the table."""
    print(f"\n{'program':22} {'setting':28} {'rays/cpu-s':>10} {'verdicts':>10} "
          f"{'max err':>8} {'median':>8} {'ours, times':>12}")  # fmt: skip
    for row in rows:
        ratio = speed_at(ours, row.largest) / row.rate
        print(f"{row.name:22} {row.setting:28} {row.rate:10.3g} {row.right:>10} "
              f"{row.largest:8.1e} {row.median:8.1e} {ratio:12.3g}")  # fmt: skip


def show_picture() -> None:
    """Print wall times and verdicts of the 800×800 picture."""
    directions = pixel_directions(800, 800)
    slope = np.hypot(directions[..., 1], directions[..., 2]) / directions[..., 0]
    shadow = slope < schwarzschild.critical_slope(20.0)
    for tolerance, scheme in ((1e-6, "DP54"), (1e-8, "DOP853")):
        render(width=64, height=64, tolerance=tolerance, scheme=scheme)
        wall, cpu = [], []
        for _ in range(3):
            start, used = time.perf_counter(), time.process_time()
            picture = render(tolerance=tolerance, scheme=scheme)
            wall.append(time.perf_counter() - start)
            cpu.append(time.process_time() - used)
        right = int(((picture.status == Status.CAPTURED) == shadow).sum())
        print(f"800×800, every pixel, {scheme} tol {tolerance:g}: {min(wall):.2f} s "
              f"({min(cpu):.2f} cpu-s), {right}/640000 verdicts")  # fmt: skip
    render_round()
    wall = []
    for _ in range(5):
        start = time.perf_counter()
        render_round()
        wall.append(time.perf_counter() - start)
    print(f"800×800, by symmetry: {1e3 * min(wall):.0f} ms")
    error = critical_slope() / float(schwarzschild.critical_slope(20.0)) - 1
    print(f"edge of the shadow by bisection: relative error {error:.1e}")


def main() -> None:
    """Run everything and print the tables."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--peers", help="Python of the peers' environment")
    options.add_argument("--system", default="/usr/bin/python3", help="Python that finds gyoto")
    options.add_argument("--picture", action="store_true", help="time the picture, too")
    options.add_argument("--tensorflow", action="store_true", help="run our TensorFlow twin, too")
    chosen = options.parse_args()
    print("; ".join(f"{key}: {value}" for key, value in machine.card().items()))
    start = time.perf_counter()
    our_rows("mlphys (JAX)", geodesics.trace, "euler_lagrange", (1e-8,))
    print(f"first call with compilation, and {REPEATS} more: {time.perf_counter() - start:.1f} s")
    scan = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12)
    ours = our_rows("mlphys (JAX)", geodesics.trace, "euler_lagrange", scan)
    ours += our_rows("mlphys (JAX)", geodesics.trace, "hamiltonian", (1e-7, 1e-8, 1e-11, 1e-12))
    rows = list(ours)
    if chosen.tensorflow:
        rows += twin_rows()
    for name in ("starless-style kernel", "pygro", "curvedpy"):
        rows += peer_rows(name, chosen.peers)
    rows += peer_rows("gyoto", chosen.system)
    show(rows, ours)
    if chosen.picture:
        show_picture()


if __name__ == "__main__":
    main()
