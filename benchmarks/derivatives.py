"""Derivatives: how exact, and at what cost against the number of parameters.

Part one: slopes of the error curves of differences (within 0.1 of ±1 and 2), the worst error of an
imaginary step from 1e-8 to 1e-300 and of dual numbers on twenty functions (at most 4 eps).

Part two: the gradient of the energy of n pendulums in a row, by differences, forward mode and
reverse mode, of mlphys, JAX and HIPS autograd, in units of one evaluation of the energy *by the same
program* and in microseconds. Every gradient is compared with the hand-written one first. CPU
seconds, one thread, best of several rounds; compiling is not counted.

    python benchmarks/derivatives.py --peers PEERS/bin/python

``--peers`` names the Python of an environment made from ``benchmarks/derivative_peers.txt``.
"""

import argparse
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

# Set before JAX is imported: its idle helper threads would count as CPU time.
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")

import jax
import jax.numpy as jnp
import numpy as np

from mlphys import machine
from mlphys.derivatives.complex_step import complex_step
from mlphys.derivatives.differences import central_difference, forward_difference, log_slope
from mlphys.derivatives.dual import derivative, jacobian
from mlphys.derivatives.forward_mode import (
    EXAMPLES,
    chain_energy,
    chain_gradient,
    gradient_by_differences,
    gradient_costs,
)
from mlphys.timing import single_thread

EPS = float(np.finfo(float).eps)
SIZES = (10, 30, 100, 300, 1000, 3000)
REPEATS = 7
HERE = Path(__file__).parent


class Row(NamedTuple):
    """Cost of one method: seconds of the energy and of its gradient at each size."""

    name: str
    value: list[float]
    gradient: list[float]


def error_slopes() -> Iterator[str]:
    """Yield the slopes of the error curves for three functions."""
    rng = np.random.default_rng(5)
    cases = {
        "x³ at 2": (lambda x: x**3, 2.0, 12.0),
        "exp at 0.3": (np.exp, 0.3, np.exp(0.3)),
        "sin at 1.2": (np.sin, 1.2, np.cos(1.2)),
    }
    bands = {
        "forward": (forward_difference, (1e-13, 1e-10), (1e-6, 1e-3), 1),
        "central": (central_difference, (1e-11, 1e-7), (1e-4, 1e-2), 2),
    }
    for name, (f, x, slope) in cases.items():
        for rule, (quotient, rounding, truncation, order) in bands.items():
            found = []
            for low, high in (rounding, truncation):
                h = np.exp(rng.uniform(np.log(low), np.log(high), 6000))
                found.append(log_slope(h, abs(quotient(f, x, h) - slope)))
            met = abs(found[0] + 1) < 0.1 and abs(found[1] - order) < 0.1
            yield f"  {name:11} {rule}: {found[0]:+.3f}, {found[1]:+.3f}  {verdict(met)}"


def exactness() -> Iterator[str]:
    """Yield the worst errors on the twenty functions, in units of eps."""
    ladder = 10.0 ** -np.arange(8.0, 301)
    imaginary = max(
        abs(complex_step(f, x, step=h) - slope) / abs(slope)
        for _, f, x, slope in EXAMPLES
        for h in ladder
    )
    dual = max(abs(derivative(f, x) - slope) / abs(slope) for _, f, x, slope in EXAMPLES)
    apart = max(
        abs(derivative(f, x) - complex_step(f, x)) / abs(slope) for _, f, x, slope in EXAMPLES
    )
    rows = {
        f"imaginary step, {len(ladder)} steps from 1e-8 to 1e-300": imaginary,
        "dual numbers": dual,
        "dual numbers against imaginary step": apart,
    }
    for name, error in rows.items():
        yield f"  {name}: {error / EPS:.2f} eps  {verdict(error <= 4 * EPS)}"


def verdict(met: bool) -> str:
    """Return a word for a goal."""
    return "met" if met else "MISSED"


def seconds(function: Callable[..., Any], x: Any, calls: int) -> float:
    """Return the least CPU time of one call, of several rounds."""
    jax.block_until_ready(function(x))
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        for _ in range(calls):
            jax.block_until_ready(function(x))
        best = min(best, (time.process_time() - start) / calls)
    return best


def jax_energy(angles: Any) -> Any:
    """Return :func:`chain_energy` on JAX."""
    twists = angles[1:] - angles[:-1]
    return jnp.sum(1 - jnp.cos(angles)) + jnp.sum(twists * twists)


def our_rows() -> Iterator[Row]:
    """Yield the costs of the methods of mlphys and of JAX, each checked against the hand's."""
    compiled, both = jax.jit(jax_energy), jax.jit(jax.value_and_grad(jax_energy))
    jobs = {
        "differences": (chain_energy, lambda x: gradient_by_differences(chain_energy, x), 1e-3),
        "imaginary steps": (chain_energy, lambda x: complex_step(chain_energy, x), 1e-13),
        "forward, multi-dual": (chain_energy, lambda x: jacobian(chain_energy, x), 1e-13),
        "reverse, by hand": (chain_energy, chain_gradient, 0.0),
        f"JAX {jax.__version__} jacfwd, jit": (compiled, jax.jit(jax.jacfwd(jax_energy)), 1e-13),
        f"JAX {jax.__version__} reverse, jit": (compiled, both, 1e-13),
    }
    for name, (energy, gradient, tolerance) in jobs.items():
        row = Row(name, [], [])
        for n in SIZES:
            x = np.sin(np.arange(n, dtype=float))
            argument = jnp.array(x) if name.startswith("JAX") else x
            result = gradient(argument)  # reverse mode returns the energy as well
            found = np.asarray(result[1] if isinstance(result, tuple) else result)
            error = np.max(np.abs(found - chain_gradient(x)[1]))
            if not error <= tolerance:
                raise ValueError(f"{name}, n = {n}: the gradient is off by {error:.1e}")
            calls = 100 if "hand" in name or "JAX" in name else 1 + 300 // n
            row.value.append(seconds(energy, argument, 200))
            row.gradient.append(seconds(gradient, argument, calls))
        yield row


def peer_rows(python: str | None) -> Iterator[Row]:
    """Yield the costs of HIPS autograd, if its environment is there."""
    if python is None or not Path(python).exists():
        print(f"absent: HIPS autograd (no Python at {python}; see benchmarks/derivative_peers.txt)")
        return
    done = subprocess.run(
        [python, str(HERE / "derivative_peers.py")],
        input=json.dumps(SIZES),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    for n, answer in zip(SIZES, answers, strict=True):
        exact = chain_gradient(np.sin(np.arange(n, dtype=float)))[1]
        np.testing.assert_allclose(answer["result"], exact, rtol=0, atol=1e-13)
    yield Row(
        f"{answers[0]['version']}, reverse",
        [answer["value"] for answer in answers],
        [answer["gradient"] for answer in answers],
    )


def show(rows: list[Row]) -> None:
    """Print both tables."""
    head = "".join(f"{n:>10}" for n in SIZES)
    print(f"\nevaluations of its own f that a gradient costs, n =\n{'':28}{head}")
    for row in rows:
        ratios = np.array(row.gradient) / row.value
        print(f"{row.name:28}" + "".join(f"{ratio:10.1f}" for ratio in ratios))
    print(f"\nmicroseconds of a gradient, n =\n{'':28}{head}")
    for row in rows:
        print(f"{row.name:28}" + "".join(f"{1e6 * t:10.0f}" for t in row.gradient))


def main() -> None:
    """Run both parts and print machine, versions and results."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--peers", help="Python of the peer's environment")
    chosen = options.parse_args()
    print(machine.describe())
    print("\nslopes of the error curves (rounding, truncation), goal ±0.1")
    print(*error_slopes(), sep="\n")
    print("\nworst relative error on twenty functions, goal 4 eps")
    print(*exactness(), sep="\n")
    print("\noperations of a gradient per operation of f, counted, n = 10, 100")
    for name in (few := gradient_costs(10)):
        print(f"  {name:16} {few[name]:7.1f} {gradient_costs(100)[name]:7.1f}")
    with single_thread(), jax.enable_x64(True):
        show([*our_rows(), *peer_rows(chosen.peers)])


if __name__ == "__main__":
    main()
