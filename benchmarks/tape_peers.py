"""HIPS autograd and micrograd on the jobs of ``benchmarks/tape.py``; runs in the peers' environment.

Writes one JSON object: for each job CPU seconds of value and gradient, or the error that was raised,
and how far value and gradient are from the judge's. Nothing of mlphys is used.
"""

import json
import sys
import threading
from importlib.metadata import version

import autograd.numpy as anp
import numpy as np
import tape_jobs as jobs
from autograd import grad, value_and_grad
from micrograd.engine import Value

found = {"versions": {name: version(name) for name in ("autograd", "micrograd", "numpy")}}


def attempt(name, work):
    """Record a result, or the name of the error that it ended in."""
    try:
        found[name] = work()
    except (RecursionError, ValueError, TypeError) as error:
        found[name] = type(error).__name__


def micrograd_chain(n):
    def both(x):
        start = Value(x)
        end = jobs.chain(n)(start)
        end.backward()
        return end.data, start.grad

    return both


def short_micrograd():
    both = micrograd_chain(500)
    assert np.allclose(both(0.5), jobs.chain_slope(500, 0.5))
    return jobs.seconds(both, 0.5)


def with_deep_recursion():
    """Run micrograd with as much recursion as it needs, which its user must arrange."""
    sys.setrecursionlimit(100_000)
    attempt("micrograd 500", short_micrograd)


def autograd_chain(n, rounds):
    both = value_and_grad(jobs.chain(n))
    assert np.allclose(both(0.5), jobs.chain_slope(n, 0.5))
    return jobs.seconds(both, 0.5, rounds=rounds)


def autograd_net():
    parameters, images, targets, _ = jobs.numbers()
    loss = jobs.net_loss(anp, images, targets)
    both = value_and_grad(lambda p: loss(*p))
    expected = jobs.net_by_hand(images, targets)(*parameters)
    value, slopes = both(parameters)
    assert np.allclose(value, expected[0])
    assert all(np.allclose(a, b) for a, b in zip(slopes, expected[1], strict=True))
    return jobs.seconds(both, parameters)


def autograd_spec(spec, kind):
    rng = np.random.default_rng(1)
    operands = [
        rng.normal(size=(3,) * len(s.replace("...", "a"))) + (0j if kind == "complex" else 0)
        for s in spec.split("->")[0].split(",")
    ]
    f = lambda a: anp.sum(anp.abs(anp.einsum(spec, a, *operands[1:])) ** 2)
    grad(f)(operands[0])
    return "runs"


if __name__ == "__main__":
    attempt("micrograd default limit", lambda: micrograd_chain(5000)(0.5)[0])
    threading.stack_size(512 * 1024 * 1024)
    deep = threading.Thread(target=with_deep_recursion)
    deep.start()
    deep.join()
    attempt("autograd 500", lambda: autograd_chain(500, 15))
    attempt("autograd 1000000", lambda: autograd_chain(1_000_000, 1))
    attempt("autograd net", autograd_net)
    x = jobs.numbers()[3]
    attempt("autograd wave", lambda: jobs.seconds(value_and_grad(jobs.wave(anp)), x, rounds=7))
    for kind in ("real", "complex"):
        for spec in jobs.SPECS:
            attempt(f"autograd {spec} {kind}", lambda s=spec, k=kind: autograd_spec(s, k))
    print(json.dumps(found))
