"""The tape engine beside hand-written gradients, micrograd, HIPS autograd and JAX, in one run.

Jobs: a chain of additions and multiplications of numbers (500 and 1,000,000 of them); the gradient of
a 784-25-25-25-10 net with respect to its 21,185 parameters, batch 64; a sum of elementwise functions
of a million numbers. Value and gradient together, float64, one thread, CPU seconds, best of several
rounds; compiling is not counted. Every gradient is compared with a hand-written one first.

The long array is measured twice: as it comes, when the C library gives each freed array of 8 MB back
to the system, which has to clear a fresh one for the next operation, and with freed memory kept. The
first is a price of the allocator, not of an engine, and changes from run to run by a tenth.

    python benchmarks/tape.py --peers PEERS/bin/python

``--peers`` names the Python of an environment made from ``benchmarks/tape_peers.txt``. Goals: at most
1.0 µs per operation at both lengths, ratio of the two at most 1.5; the net at most 1.2 times the hand
gradient; the sum at most 3 times its value alone.
"""

import argparse
import gc
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

# Set before NumPy and JAX are imported; the peers inherit it.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")

import jax
import jax.numpy as jnp
import numpy as np
import tape_jobs as jobs

from mlphys import machine
from mlphys.derivatives.tape import gradient, value_and_gradient

HERE = Path(__file__).parent
LONG = 1_000_000


CHAINS = f"""
import json, numpy as np, tape_jobs as jobs
from mlphys.derivatives.tape import Tape, value_and_gradient

rows = {{}}
for n in (500, {LONG}):
    both = value_and_gradient(jobs.chain(n))
    assert np.allclose(both(0.5), jobs.chain_slope(n, 0.5), rtol=1e-12)
    rows[f"tape {{n}}"] = jobs.seconds(both, 0.5, rounds=40 if n == 500 else 5)
    rows[f"plain {{n}}"] = jobs.seconds(jobs.chain(n), 0.5, rounds=10)
print(json.dumps(rows))
"""
MEMORY = f"""
import os, tape_jobs as jobs
from mlphys.derivatives.tape import Tape

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

x = Tape().variable(0.5)
before = resident()
y = jobs.chain({LONG})(x)
print((resident() - before) / len(x.tape.values))
"""


def apart(code: str) -> Any:
    """Return what a program prints, run on its own: no engine has JAX in its process then."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HERE
    )
    return json.loads(done.stdout)


def compiled(f, *args):
    """Return JAX's compiled value and gradient as a function that waits for the result."""
    both = jax.jit(jax.value_and_grad(f, tuple(range(len(args)))))
    return lambda *a: jax.block_until_ready(both(*a))


def net() -> dict[str, float]:
    """Return seconds of the net's loss and of its gradient by hand, by the tape and by JAX."""
    parameters, images, targets, _ = jobs.numbers()
    places = tuple(range(len(parameters)))
    hand = jobs.net_by_hand(images, targets)
    ours = value_and_gradient(jobs.net_loss(np, images, targets), places)
    loss = jobs.net_loss(jnp, jnp.asarray(images), jnp.asarray(targets))
    there = [jnp.asarray(p) for p in parameters]
    theirs, eager = compiled(loss, *there), jax.value_and_grad(loss, places)
    expected = hand(*parameters)
    for value, slopes in (ours(*parameters), theirs(*there)):
        assert np.allclose(value, expected[0], rtol=1e-12)
        assert all(np.allclose(a, b, rtol=1e-10) for a, b in zip(slopes, expected[1], strict=True))
    return {
        "value": jobs.seconds(jobs.net_loss(np, images, targets), *parameters),
        "hand": jobs.seconds(hand, *parameters),
        "tape": jobs.seconds(ours, *parameters),
        "JAX jit": jobs.seconds(theirs, *there),
        "JAX": jobs.seconds(lambda *p: jax.block_until_ready(eager(*p)), *there, rounds=3),
    }


def long_array() -> dict[str, float]:
    """Return seconds of a sum over a million numbers and of its gradient."""
    x = jobs.numbers()[3]
    ours, theirs = value_and_gradient(jobs.wave(np)), compiled(jobs.wave(jnp), x)
    there = jnp.asarray(x)
    assert np.allclose(ours(x)[1], theirs(there)[1][0], rtol=1e-12)
    hand = lambda x: (
        jobs.wave(np)(x),
        np.cos(x) * np.tanh(x) + np.sin(x) * (1 - np.tanh(x) ** 2) + 2 * x,
    )
    assert np.allclose(ours(x)[1], hand(x)[1])
    rows = {
        "value": jobs.seconds(jobs.wave(np), x),
        "tape": jobs.seconds(ours, x),
        "JAX jit": jobs.seconds(theirs, there),
    }
    jobs.keep_freed_memory()
    rows["value, memory kept"] = jobs.seconds(jobs.wave(np), x)
    rows["tape, memory kept"] = jobs.seconds(ours, x)
    return rows


def specifications() -> dict[str, str]:
    """Return whether our gradient of an einsum agrees with JAX's, conjugated."""
    rng, rows = np.random.default_rng(1), {}
    for kind in ("real", "complex"):
        for spec in jobs.SPECS:
            terms = spec.split("->")[0].split(",")
            shapes = [(3,) * len(s.replace("...", "a")) for s in terms]
            draw = lambda s, k=kind: (
                rng.normal(size=s) + (1j * rng.normal(size=s) if k == "complex" else 0)
            )
            operands = [draw(s) for s in shapes]
            f = lambda m, s=spec, o=operands: lambda a: m.sum(abs(m.einsum(s, a, *o[1:])) ** 2)
            ours, theirs = gradient(f(np))(operands[0]), jax.grad(f(jnp))(operands[0])
            right = np.allclose(ours, np.conj(theirs), rtol=1e-12, atol=1e-13)
            rows[f"{spec} {kind}"] = "right" if right else "WRONG"
    return rows


def peers(python: str | None) -> dict:
    """Return what the peers measured, or nothing where there is no such environment."""
    if not python or not Path(python).exists():
        print(f"absent: micrograd, HIPS autograd (no Python at {python}; see tape_peers.txt)")
        return {}
    done = subprocess.run(
        [python, str(HERE / "tape_peers.py")], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def judge(name: str, found: float, bound: float) -> None:
    """Print a goal and whether it was met."""
    print(f"  {'met   ' if found <= bound else 'MISSED'} {name}: {found:.2f} (at most {bound})")


def show(name: str, seconds, per: float = 1.0, unit: str = "µs") -> None:
    """Print one row: a time, or the error that a peer raised."""
    text = seconds if isinstance(seconds, str) else f"{1e6 * seconds / per:,.2f} {unit}"
    print(f"  {name:<34}{text}")


def main() -> None:
    """Measure all, print all."""
    options = argparse.ArgumentParser()
    options.add_argument("--peers", help="Python of the peers' environment")
    chosen = options.parse_args()
    jax.config.update("jax_enable_x64", True)
    print(machine.describe(), "· JAX", jax.__version__)
    numbers, layers, array, size = apart(CHAINS), net(), long_array(), apart(MEMORY)
    gc.collect()
    others = peers(chosen.peers)
    print("peers:", others.get("versions", "absent"))
    print("chain of numbers, per operation")
    for name, value in numbers.items():
        show(name, value, per=int(name.split()[1]))
    for name in ("micrograd 500", "autograd 500", "autograd 1000000"):
        show(name, others.get(name, "absent"), per=int(name.split()[1]))
    show("micrograd, default recursion limit", str(others.get("micrograd default limit", "absent")))
    print(f"  memory of the tape: {size:.0f} bytes per operation")
    print("net, 21,185 parameters, batch 64")
    for name, value in layers.items():
        show(name, value)
    show("autograd", others.get("autograd net", "absent"))
    print("sum over a million numbers")
    for name, value in array.items():
        show(name, value)
    show("autograd", others.get("autograd wave", "absent"))
    print("einsum gradients: ours against JAX; HIPS autograd")
    for name, value in specifications().items():
        print(f"  {name:<24}{value:<8}{others.get(f'autograd {name}', 'absent')}")
    print("goals")
    short, long = 1e6 * numbers["tape 500"] / 500, 1e6 * numbers[f"tape {LONG}"] / LONG
    judge("µs per operation, 500", short, 1.0)
    judge("µs per operation, 1,000,000", long, 1.0)
    judge("ratio of the two", long / short, 1.5)
    judge("net, tape over hand", layers["tape"] / layers["hand"], 1.2)
    judge("long array, with gradient over value", array["tape"] / array["value"], 3.0)
    kept = array["tape, memory kept"] / array["value, memory kept"]
    judge("long array, the same with memory kept", kept, 3.0)


if __name__ == "__main__":
    main()
