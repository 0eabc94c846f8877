"""Nearest neighbors by the library, by scikit-learn, and the bare matrix product, in one run.

    python benchmarks/neighbors.py             seven rounds of 2,048 queries, then the whole test set
    python benchmarks/neighbors.py --rounds 15

60,000 MNIST digits of 784 pixels, k = 3, one thread, CPU seconds, round robin. The bare product is
the float32 matrix product of the same blocks with nothing before, between or after: no exact method
that multiplies matrices can be faster. Needs the full MNIST set and scikit-learn.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

import numpy as np

from mlphys.datasets import load_mnist
from mlphys.learning.neighbors import IMAGES, QUERIES, nearest, vote
from mlphys.machine import describe
from mlphys.timing import single_thread


def make_bare(queries: np.ndarray, images: np.ndarray) -> Callable[[], None]:
    """Return the products alone: floats at hand, result overwritten."""
    a, b = queries.astype(np.float32), images.astype(np.float32)
    out = np.empty((QUERIES, IMAGES), np.float32)

    def run():
        for start in range(0, len(b), IMAGES):
            block = b[start : start + IMAGES]
            for first in range(0, len(a), QUERIES):
                rows = a[first : first + QUERIES]
                part = out.reshape(-1)[: len(rows) * len(block)].reshape(len(rows), len(block))
                np.matmul(rows, block.T, out=part)

    return run


def make_peer(queries: np.ndarray, images: np.ndarray) -> Callable[[], np.ndarray]:
    from sklearn.neighbors import NearestNeighbors

    peer = NearestNeighbors(n_neighbors=3, algorithm="brute").fit(images.astype(np.float32))
    floats = queries.astype(np.float32)
    return lambda: peer.kneighbors(floats)[1]


def compare(queries: np.ndarray, images: np.ndarray, rounds: int) -> dict[str, np.ndarray]:
    """Print queries per CPU second, the median of the rounds; return those of each round."""
    jobs = {
        "library": lambda: nearest(queries, images, k=3),
        "bare product": make_bare(queries, images),
        "scikit-learn brute": make_peer(queries, images),
    }
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            begin = time.process_time()
            job()
            seconds[name].append(time.process_time() - begin)
    rates = {name: len(queries) / np.array(times) for name, times in seconds.items()}
    for name, rate in rates.items():
        spread = ", ".join(f"{one:.0f}" for one in rate)
        print(f"{name:20} {np.median(rate):7.0f} queries per CPU second   ({spread})")
    return rates


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    data = load_mnist()
    if len(data.train_labels) != 60_000:
        print(f"neighbors: expected the full MNIST set; got {data.source}", file=sys.stderr)
        return 1
    images, queries = data.train_images.reshape(60_000, -1), data.test_images.reshape(10_000, -1)
    print(describe())
    with single_thread():
        rates = compare(queries[:2048], images, rounds)
        begin = time.process_time()
        answers = vote(nearest(queries, images, k=3), data.train_labels, weighted=False)
        whole = time.process_time() - begin
    accuracy = (answers.argmax(axis=1) == data.test_labels).mean()
    weighted = vote(nearest(queries, images, k=3), data.train_labels).argmax(axis=1)
    ours = rates["library"]  # ratios are taken within a round, then their median
    goals = [
        ("queries per CPU second", np.median(ours), 700),
        ("times scikit-learn brute", np.median(ours / rates["scikit-learn brute"]), 1.6),
        ("share of the bare product", np.median(ours / rates["bare product"]), 0.9),
        ("whole test set, 15 s / CPU s", 15 / whole, 1),
        ("accuracy / 97.05 %", round(100 * accuracy, 2) / 97.05, 1),
    ]
    print(f"whole test set: {whole:.1f} CPU s, {100 * accuracy:.2f} % right with equal votes,")
    print(f"  {100 * (weighted == data.test_labels).mean():.2f} % with votes by 1/distance")
    for name, value, goal in goals:
        print(f"{'met   ' if value >= goal else 'MISSED'} {name:28} {value:8.2f}   goal {goal}")
    return int(any(value < goal for _, value, goal in goals))


if __name__ == "__main__":
    raise SystemExit(main())
