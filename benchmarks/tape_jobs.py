"""The jobs of ``benchmarks/tape.py``, written once for all engines; uses NumPy and nothing else.

``m`` is the module that a program's functions come from: NumPy itself, or what an engine offers.
"""

import itertools
import time

import numpy as np

SIZES = (784, 25, 25, 25, 10)
BATCH = 64
SPECS = ("ii->", "ii->i", "...ij->...ji", "ij,jk->ik", "ij,ij->", "iij->j")


def chain(n):
    """Return a function of one number that takes n additions and multiplications."""

    def f(x):
        a, b = x, x * 1.0
        for _ in range((n - 2) // 4):
            t = a * b
            a = t + x
            b = t * 0.3
            a = a * 0.5
        return a + b

    return f


def chain_slope(n, x):
    """Return value and slope of the chain by forward mode in plain numbers: the judge."""
    a, da, b, db = x, 1.0, x, 1.0
    for _ in range((n - 2) // 4):
        t, dt = a * b, a * db + da * b
        a, da = (t + x) * 0.5, (dt + 1.0) * 0.5
        b, db = t * 0.3, dt * 0.3
    return a + b, da + db


def wave(m):
    """Return a sum of elementwise functions."""
    return lambda x: m.sum(m.sin(x) * m.tanh(x) + x * x)


def numbers():
    """Return weights, biases, images and targets of a net, and a long array."""
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(n, k)) / n**0.5 for n, k in itertools.pairwise(SIZES)]
    biases = [rng.normal(size=k) * 0.1 for k in SIZES[1:]]
    images, targets = rng.uniform(size=(BATCH, SIZES[0])), rng.uniform(size=(BATCH, SIZES[-1]))
    return [*weights, *biases], images, targets, np.linspace(-2, 2, 1_000_000)


def net_loss(m, images, targets):
    """Return the mean squared error of a net as a function of its weights and biases."""

    def loss(*parameters):
        half = len(parameters) // 2
        y = images
        for k in range(half):
            y = y @ parameters[k] + parameters[half + k]
            if k < half - 1:
                y = m.arctan(y)
        miss = y - targets
        return m.sum(miss * miss) / BATCH

    return loss


def net_by_hand(images, targets):
    """Return a function that computes loss and gradient of the net by hand."""

    def both(*parameters):
        half = len(parameters) // 2
        inputs, sums = [images], []
        for k in range(half):
            sums.append(inputs[-1] @ parameters[k] + parameters[half + k])
            inputs.append(np.arctan(sums[-1]) if k < half - 1 else sums[-1])
        miss = inputs[-1] - targets
        s = 2 / BATCH * miss
        found = [None] * len(parameters)
        for k in reversed(range(half)):
            found[k], found[half + k] = inputs[k].T @ s, s.sum(axis=0)
            if k:
                s = (s @ parameters[k].T) / (1 + sums[k - 1] * sums[k - 1])
        return np.sum(miss * miss) / BATCH, tuple(found)

    return both


def keep_freed_memory():
    """Let glibc keep what is freed: after a block of 32 MB it maps no smaller one by itself."""
    block = np.ones(4_000_000)  # the largest for which glibc does so
    del block


def seconds(function, *args, rounds=15, target=0.02):
    """Return the least CPU time of one call; short calls are repeated within a round."""
    start = time.process_time()
    function(*args)
    once = max(time.process_time() - start, 1e-7)
    calls = max(1, round(target / once))
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(calls):
            function(*args)
        best = min(best, (time.process_time() - start) / calls)
    return best
