"""HIPS autograd on the job of ``benchmarks/derivatives.py``; runs in the peer's environment.

Called as ``python derivative_peers.py`` with a JSON list of numbers of pendulums on standard input.
Writes one JSON line for each: CPU seconds of the energy and of its gradient by reverse mode, and the
gradient itself. Nothing of mlphys is used.
"""

import json
import sys
import time
from importlib.metadata import version

import autograd.numpy as anp
import numpy as np
from autograd import value_and_grad

REPEATS = 7


def energy(angles):
    """Return the energy of a row of pendulums joined by springs of stiffness 2."""
    twists = angles[1:] - angles[:-1]
    return anp.sum(1 - anp.cos(angles)) + anp.sum(twists * twists)


def seconds(function, x, calls):
    """Return the least CPU time of one call, of several rounds."""
    function(x)
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        for _ in range(calls):
            function(x)
        best = min(best, (time.process_time() - start) / calls)
    return best


if __name__ == "__main__":
    gradient = value_and_grad(energy)
    for n in json.load(sys.stdin):
        x = np.sin(np.arange(n, dtype=float))
        row = {
            "version": f"HIPS autograd {version('autograd')}",
            "value": seconds(energy, x, 200),
            "gradient": seconds(gradient, x, 50),
            "result": gradient(x)[1].tolist(),
        }
        print(json.dumps(row))
