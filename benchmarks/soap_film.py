"""Soap films by the library's minimizers and SciPy's, JAX's and HIPS autograd's gradients, in one run.

    python benchmarks/soap_film.py --peers PEERS/bin/python   everything (a quarter of an hour)
    python benchmarks/soap_film.py truth      areas against the catenoid, order, collapse
    python benchmarks/soap_film.py speed      CPU seconds until the area is within 1e-9 of the minimum

``--peers`` names the Python of an environment made from ``benchmarks/tape_peers.txt``.

Rings of radius 14 at the distance 18; meshes of 10 x 20, 50 x 100 and 200 x 400 radii. Every method
gets the same hand gradient, or, where its name says so, that of JAX (compiled, compiling not
counted) or of HIPS autograd; it stops at the first evaluation with area <= minimum (1 + 1e-9). The
process is bound to one core and BLAS to one thread; seconds are CPU seconds, medians of ``--rounds``
round-robin rounds for what takes less than a second. A method that needs more than ``--limit``
seconds is stopped, and its row says how far it came.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

# Set before JAX is imported: its idle helper threads would count as CPU time.
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")

import film_jobs as jobs
import jax
import jax.numpy as jnp
import numpy as np
from film_jobs import Counted, Stop
from scipy.optimize import minimize as scipy_minimize

from mlphys.derivatives import catenoid
from mlphys.derivatives.film_hessian import film_hessian
from mlphys.derivatives.film_minimum import nested, objective, refine, relax
from mlphys.derivatives.minimize import minimize
from mlphys.derivatives.soap_film import FilmBreaks, make_film, start
from mlphys.machine import describe
from mlphys.timing import single_thread

MINIMA = {
    (10, 20): 1437.114138167705,
    (50, 100): 1446.340272349993,
    (200, 400): 1446.687775628897,
}
LADDER = [(12, 25), (25, 50), (50, 100), (100, 200), (200, 400)]
NOISE = 0.5
HERE = Path(__file__).parent


def scipy_method(name, **options):
    def run(film, counted, x0):
        hessian = (lambda x: film_hessian(film, x)) if name == "Newton-CG" else None
        scipy_minimize(
            counted, x0, jac=True, hess=hessian, method=name, options=options, tol=1e-14
        )  # fmt: skip

    return run


def our_method(name):
    def run(film, counted, x0):
        minimize(
            counted, x0, method=name, hessian=lambda x: film_hessian(film, x),
            gradient_tolerance=1e-12, iterations=100_000,
        )  # fmt: skip

    return run


def our_nested(film, counted, x0):
    """Coarse meshes first; they begin at straight walls, or at the noise seen on the coarse mesh."""
    if film.rows <= 10:
        return our_method("newton_cg")(film, counted, x0)
    films = [make_film(*shape) for shape in LADDER if shape[0] < film.rows]
    rough = np.ptp(x0) > 0
    begin = refine(x0, film, films[0]) if rough else start(films[0])
    results = [relax(films[0], begin, gradient_tolerance=1e-6)]
    if films[1:]:
        results.append(nested_from(films, results[0].x))
    fine = refine(results[-1].x, films[-1], film).ravel()
    our_method("newton_cg")(film, counted, fine)


def nested_from(films, x):
    for coarse, fine in pairwise(films):
        result = relax(fine, refine(x, coarse, fine), gradient_tolerance=1e-6)
        x = result.x
    return result


METHODS = {
    "ours BFGS": (our_method("bfgs"), 5000),
    "ours L-BFGS": (our_method("lbfgs"), 80_000),
    "ours truncated Newton": (our_method("newton_cg"), 80_000),
    "ours nested + Newton": (our_nested, 80_000),
    "scipy BFGS": (scipy_method("BFGS", maxiter=10**6), 5000),
    "scipy L-BFGS-B": (scipy_method("L-BFGS-B", **jobs.LBFGS), 80_000),
    "scipy Newton-CG": (scipy_method("Newton-CG", maxiter=10**6), 80_000),
}  # fmt: skip


def seconds(run, film, minimum, x0, limit):
    """Return CPU seconds, evaluations, and the relative distance from the minimum at the end."""
    counted = Counted(objective(film), minimum, limit)
    began = time.process_time()
    try:
        run(film, counted, x0)
    except Stop:
        pass
    return time.process_time() - began, counted.calls, counted.best / minimum - 1


def jax_runs(film, minimum, x0, rounds, limit):
    """Return runs of SciPy's L-BFGS-B with JAX's gradient, after a comparison with the hand's."""
    area = jobs.film_area(jnp, *film.shape)
    compiled = jax.jit(jax.value_and_grad(area))

    def both(x):
        value, gradient = compiled(x)
        return float(value), np.asarray(gradient)

    check_slopes("JAX", both(x0)[1], film, x0)
    runs = [jobs.lbfgs_seconds(both, x0, minimum, limit)]
    while len(runs) < rounds and runs[0][0] < 1:
        runs.append(jobs.lbfgs_seconds(both, x0, minimum, limit))
    return runs


def peer_runs(python, film, minimum, x0, rounds, limit):
    """Return name and runs of HIPS autograd, which has an environment of its own."""
    asked = {"shape": film.shape, "start": x0.tolist(), "minimum": minimum}
    done = subprocess.run(
        [python, str(HERE / "film_peers.py")],
        input=json.dumps(asked | {"rounds": rounds, "limit": limit}),
        capture_output=True, text=True, check=True,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    answer = json.loads(done.stdout)
    check_slopes(answer["version"], np.array(answer["gradient"]), film, x0)
    return f"{answer['version']} + L-BFGS-B", answer["runs"]


def check_slopes(name, found, film, x0):
    """Raise if a program's gradient is not the hand's."""
    expected = objective(film)(x0)[1]
    error = np.max(np.abs(found - expected)) / np.max(np.abs(expected))
    if not error < 1e-10:  # rounding grows with the mesh
        raise ValueError(f"{name}: the gradient is off by {error:.1e}")


def time_all(shape, noise, rounds, limit, peers):
    film, minimum = make_film(*shape), MINIMA[shape]
    x0 = start(film, noise=noise, rng=np.random.default_rng(0)).ravel()
    names = [name for name, (_, most) in METHODS.items() if x0.size <= most]
    taken = {name: [] for name in names}
    for number in range(rounds):
        for name in names:
            if number and taken[name][0][0] > 1:
                continue
            taken[name].append(seconds(METHODS[name][0], film, minimum, x0, limit))
    taken[f"JAX {jax.__version__} + L-BFGS-B"] = jax_runs(film, minimum, x0, rounds, limit)
    if peers:
        name, runs = peer_runs(peers, film, minimum, x0, rounds, limit)
        taken[name] = runs
    print(f"\n{shape[0]} x {shape[1]}, from {'noise' if noise else 'the tube'}")
    print(f"{'method':30} {'CPU s':>9} {'/ nested':>9} {'calls':>6}  {'left':>8}")
    medians = {name: float(np.median([run[0] for run in runs])) for name, runs in taken.items()}
    for name, runs in taken.items():
        left = runs[0][2]
        word = "" if left <= 1e-9 else f"{left:.1e} stopped after {limit:.0f} s"
        ratio = medians[name] / medians["ours nested + Newton"]
        print(f"{name:30} {medians[name]:9.4f} {ratio:9.1f} {runs[0][1]:6d}  {word}", flush=True)
    if "scipy BFGS" in medians:
        ratio = medians["scipy BFGS"] / medians["ours BFGS"]
        print(f"scipy BFGS / ours BFGS: {ratio:.1f}")
    return medians


def truth():
    exact = catenoid.area(14, 18)
    results = {shape: result.value for shape, result in zip(LADDER, nested_all(), strict=True)}
    results[10, 20] = relax(make_film(10, 20)).value
    print("\ndiscrete minima")
    for shape, minimum in MINIMA.items():
        print(f"{shape!s:12} {results[shape]:.12f}  off by {results[shape] - minimum:+.1e}")
    sides = [50, 100, 200]
    areas = [relax(make_film(n // 2 - 1, n)).value for n in sides]
    errors = exact - np.array(areas)
    print("orders", np.log2(errors[:-1] / errors[1:]).round(4), "between", sides, "sides")
    finest = np.array([exact - results[shape] for shape in ((50, 100), (100, 200), (200, 400))])
    fitted = np.polyfit(np.log([100, 200, 400]), np.log(finest), 1)[0]
    print(f"order fitted to 50 x 100, 100 x 200, 200 x 400: {-fitted:.3f}")
    once = [fine + (fine - coarse) / 3 for coarse, fine in pairwise(areas)]
    twice = once[1] + (once[1] - once[0]) / 15
    print(f"catenoid {exact:.9f}, Richardson off by {once[1] - exact:+.1e},", end=" ")
    print(f"repeated off by {twice - exact:+.1e}")
    critical = 14 * catenoid.critical_ratio()
    low, high = 18.0, 19.0
    while high - low > 1e-4:
        middle = (low + high) / 2
        try:
            relax(make_film(99, 200, height=(0, middle)), gradient_tolerance=1e-6)
            low = middle
        except FilmBreaks:
            high = middle
    print(f"99 x 200 breaks at {high:.4f}, critical distance {critical:.4f}")


def nested_all():
    return nested([make_film(*shape) for shape in LADDER])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", nargs="?", choices=("truth", "speed"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--limit", type=float, default=120.0)
    parser.add_argument("--peers", help="Python of the peers' environment")
    options = parser.parse_args()
    machine = describe()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    if not options.peers:
        print("absent: HIPS autograd (name its Python by --peers; see benchmarks/tape_peers.txt)")
    jax.config.update("jax_enable_x64", True)
    versions = f"SciPy {version('scipy')}, JAX {jax.__version__}"
    print(f"{machine}, {versions}; one core used, one BLAS thread, CPU seconds")
    with single_thread():
        if options.part != "speed":
            truth()
        if options.part != "truth":
            for shape in MINIMA:
                for noise in (0.0, NOISE):
                    time_all(shape, noise, options.rounds, options.limit, options.peers)


if __name__ == "__main__":
    main()
