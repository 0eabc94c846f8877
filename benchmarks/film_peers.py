"""HIPS autograd on the film of ``benchmarks/soap_film.py``; runs in the peers' environment.

Reads one JSON object (mesh, start, minimum, limit, rounds), writes one: version, runs, and the first
gradient, which the caller compares with the hand's. Nothing of mlphys is used.
"""

import json
import sys
from importlib.metadata import version

import autograd.numpy as anp
import film_jobs as jobs
import numpy as np
from autograd import value_and_grad

asked = json.load(sys.stdin)
x0 = np.array(asked["start"])
both = value_and_grad(jobs.film_area(anp, *asked["shape"]))
runs = [jobs.lbfgs_seconds(both, x0, asked["minimum"], asked["limit"])]
while len(runs) < asked["rounds"] and runs[0][0] < 1:
    runs.append(jobs.lbfgs_seconds(both, x0, asked["minimum"], asked["limit"]))
answer = {
    "version": f"HIPS autograd {version('autograd')}",
    "gradient": both(x0)[1].tolist(),
    "runs": runs,
}
print(json.dumps(answer))
