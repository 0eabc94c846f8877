"""The experiments of the chapter on the wider landscape, each for one seed.

Every function takes a generator (and data, where digits are used) and returns the two or more
numbers that the chapter compares; the chapter and the tests repeat it over seeds and ask
:func:`mlphys.frameworks.effects.paired_effect` for the difference and its error bar. Shares are in
0 to 1.

Chapter: ``book/frameworks/landscape.md``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mlphys.frameworks.attention import attention, draw_head
from mlphys.frameworks.clusters import k_means, squared_distances
from mlphys.frameworks.diffusion import Mixture, generate
from mlphys.frameworks.gaussian_process import fit_hyperparameters, posterior
from mlphys.frameworks.grid_world import World, policy_values, q_learning, value_iteration
from mlphys.frameworks.kernels import linear, make_gaussian
from mlphys.frameworks.label_propagation import equal_masses, neighbor_graph, propagate
from mlphys.frameworks.message_passing import neighbor_means, two_groups
from mlphys.frameworks.neighbor_map import neighbor_map, same_neighbors
from mlphys.frameworks.principal_axes import principal_axes
from mlphys.frameworks.recurrent import draw_weights, memory_trace, run_lstm, run_plain
from mlphys.frameworks.spread_regression import explained_share, fit_spread, mean_nats
from mlphys.frameworks.support_vectors import fit_machine

__all__ = [
    "bands_and_points",
    "few_labels",
    "first_word",
    "group_guesses",
    "hide_labels",
    "mapped_widths",
    "maps_of_digits",
    "memorized",
    "over_seeds",
    "pooled",
    "straight_and_curved",
    "two_starts",
    "walked_shortfall",
    "what_a_feature_tells",
]


def over_seeds(experiment: Callable, seeds: int, *data: np.ndarray) -> np.ndarray:
    """Return what ``experiment(*data, rng=rng)`` gave for the seeds 0, 1, ..., one row a seed.

    Examples
    --------
    >>> over_seeds(lambda x, rng: (x, x + rng.integers(1, 2)), 3, np.array(5)).tolist()
    [[5, 6], [5, 6], [5, 6]]
    """
    return np.array([experiment(*data, rng=np.random.default_rng(seed)) for seed in range(seeds)])


def pooled(images: np.ndarray) -> np.ndarray:
    """Return pictures as rows of 14×14 averages in 0 to 1, shape (n, 196).

    Examples
    --------
    >>> pooled(np.full((1, 28, 28), 255, np.uint8))[0, :3].tolist()
    [1.0, 1.0, 1.0]
    """
    return images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(-1, 196) / 255


def few_labels(
    x: np.ndarray, y: np.ndarray, *, rng: np.random.Generator, size: int = 600, each: int = 1
) -> tuple[float, float, float]:
    """Return the shares right of the unlabeled rows, by three rules.

    By the class of the nearest labeled row, by the largest share on the graph, by the largest
    share after every class got an equal mass. A random part of ``size`` rows is used, ``each`` of
    every class with its label.
    """
    x, y, labels = hide_labels(x, y, rng=rng, size=size, each=each)
    unknown = labels < 0
    d = squared_distances(x[unknown], x[~unknown])
    by_nearest = y[~unknown][d.argmin(axis=1)]
    shares = propagate(neighbor_graph(x), labels, classes=int(y.max()) + 1)[unknown]
    guesses = by_nearest, shares.argmax(axis=1), equal_masses(shares).argmax(axis=1)
    first, second, third = (float((guess == y[unknown]).mean()) for guess in guesses)
    return first, second, third


def hide_labels(
    x: np.ndarray, y: np.ndarray, *, rng: np.random.Generator, size: int, each: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a random part of rows and classes, and labels that are -1 but for ``each`` a class."""
    part = rng.choice(len(x), size, replace=False)
    x, y = x[part], y[part]
    labels = np.full(size, -1)
    for digit in np.unique(y):
        labels[np.flatnonzero(y == digit)[:each]] = digit
    return x, y, labels


def two_starts(*, rng: np.random.Generator, k: int = 16) -> tuple[float, float]:
    """Return the inertia per point that k-means ends with, from a spread start and a plain one.

    The points lie in k round heaps in the plane, so that 2 is the value of the right answer.
    """
    centers = 10 * rng.normal(size=(k, 1, 2))
    x = (centers + rng.normal(size=(k, 30, 2))).reshape(-1, 2)
    spread, plain = (
        k_means(x, k, rng=rng, spread_start=start).inertia[-1] / len(x) for start in (True, False)
    )
    return spread, plain


def maps_of_digits(
    x: np.ndarray, y: np.ndarray, *, rng: np.random.Generator, size: int = 250, steps: int = 500
) -> tuple[float, float]:
    """Return how often a map's neighbors share the class: on the t-SNE map, on two components."""
    part = rng.choice(len(x), size, replace=False)
    flat = principal_axes(x[part], 2).encode(x[part])
    curved = neighbor_map(x[part], steps=steps).y
    return same_neighbors(curved, y[part]), same_neighbors(flat, y[part])


def mapped_widths(*, rng: np.random.Generator, n: int = 60, ratio: float = 10.0) -> tuple:
    """Return how many times wider the second of two heaps is: in the data, on the t-SNE map."""
    x = rng.normal(size=(2 * n, 10))
    x[n:] *= ratio
    x[n:, 0] += 6 * ratio
    y = neighbor_map(x, perplexity=20, steps=500).y
    widths = [[part.std(axis=0).mean() for part in (z[:n], z[n:])] for z in (x, y)]
    return widths[0][1] / widths[0][0], widths[1][1] / widths[1][0]


def walked_shortfall(
    world: World, *, rng: np.random.Generator, walks: tuple[int, ...] = (30, 300, 3000)
) -> list[float]:
    """Return by how much the policy learned from so many walks falls short of the best values.

    The mean over states; the policy is judged by its exact values, not by more walks.
    """
    best, _ = value_iteration(world)
    lost = []
    for n in walks:
        policy = q_learning(world, walks=n, rng=rng).argmax(axis=0)
        lost.append(float((best - policy_values(world, policy)).mean()))
    return lost


def what_a_feature_tells(*, rng: np.random.Generator, n: int = 400, swing: float = 1.0) -> tuple:
    """Return, on fresh data, R² of a feature and its gain in nats where it moves the spread alone.

    The truth is y ~ N(0, e^{2 swing x}) with x uniform in -1 to 1. Both fits know x; the first can
    use it in the mean alone.
    """
    x = rng.uniform(-1, 1, 2 * n)
    y = np.exp(swing * x) * rng.normal(size=2 * n)
    line, one = np.column_stack([np.ones(2 * n), x]), np.ones((2 * n, 1))
    old, new = slice(0, n), slice(n, None)
    nats = {}
    for name, phi, psi in (("none", one, one), ("mean", line, one), ("both", line, line)):
        fit = fit_spread(phi[old], psi[old], y[old])
        nats[name] = mean_nats(np.concatenate(fit), phi[new], psi[new], y[new])[0]
        if name == "mean":
            share = explained_share(y[new], phi[new] @ fit.of_mean)
    return share, nats["none"] - nats["mean"], nats["none"] - nats["both"]


def straight_and_curved(
    x: np.ndarray, y: np.ndarray, *, rng: np.random.Generator, pair: tuple = (4, 9), size: int = 150
) -> tuple[float, float]:
    """Return the shares right of a Gaussian and a linear machine on two digits, on the rest."""
    rows = rng.permutation(np.flatnonzero(np.isin(y, pair)))
    sign = np.where(y[rows] == pair[1], 1, -1)
    train, test = slice(0, size), slice(size, None)
    right = []
    for kernel in (make_gaussian(3.0), linear):
        machine = fit_machine(x[rows[train]], sign[train], kernel=kernel, penalty=10.0)
        right.append(float((np.sign(machine.score(x[rows[test]])) == sign[test]).mean()))
    return right[0], right[1]


def bands_and_points(*, rng: np.random.Generator, n: int = 25) -> tuple[float, float, float]:
    """Return how often a 95 % band holds the truth: inside of the data, beyond them, by a guess.

    The truth is sin x measured with noise 0.2 at n places in 0 to 8. The first two bands are of a
    process whose hyperparameters were fitted; the third, inside, has a length five times as long.
    """
    x = np.sort(rng.uniform(0, 8, n))
    y = np.sin(x) + 0.2 * rng.normal(size=n)
    theta = fit_hyperparameters(x, y, np.log([1.0, 1.0, 0.3]))
    inside, beyond = np.linspace(0.5, 7.5, 141), np.linspace(9, 14, 101)
    held = []
    for new, shift in ((inside, 0.0), (beyond, 0.0), (inside, np.log(5))):
        after = posterior(x, y, new, theta + np.array([shift, 0, 0]))
        held.append(float((abs(np.sin(new) - after.mean) < 1.96 * after.deviation).mean()))
    return held[0], held[1], held[2]


def first_word(*, rng: np.random.Generator, steps: int = 40, width: int = 16) -> list[float]:
    """Return the answer to the first of many inputs, over that to the last: plain, LSTM, head.

    All nets are untrained. For the head of attention it is the last token's answer.
    """
    x = rng.normal(size=(steps, 1, width))
    traces = [
        memory_trace(run, draw_weights(width, width, gates=gates, rng=rng), x)
        for run, gates in ((run_plain, 1), (run_lstm, 4))
    ]
    head = draw_head(width, width, rng=rng)

    def listen(weights, x):
        return attention(x[:, 0], weights)[0][-1:]

    traces.append(memory_trace(listen, head, x))
    return [float(trace[0] / trace[-1]) for trace in traces]


def group_guesses(
    *, rng: np.random.Generator, rounds: int = 3, inside: float = 0.1, across: float = 0.02
) -> list[float]:
    """Return the share of nodes whose group is guessed right, after 0, 1, ... rounds of means.

    Each of 200 nodes has one feature, its group ±1 plus noise of deviation 2. A round replaces it
    by the mean of its own and the mean of its neighbors'; the guess is the sign.
    """
    graph, group = two_groups(200, inside=inside, across=across, rng=rng)
    h = group[:, None] + 2 * rng.normal(size=(200, 1))
    right = [float((np.sign(h[:, 0]) == group).mean())]
    for _ in range(rounds):
        h = (h + neighbor_means(h, graph)) / 2
        right.append(float((np.sign(h[:, 0]) == group).mean()))
    return right


def memorized(*, rng: np.random.Generator, n: int = 20, drawn: int = 200) -> tuple[float, float]:
    """Return the mean distance of new numbers from the nearest training number, by two scores.

    The data are n numbers of a mixture of two normals. The first score is exact for these n
    numbers, the second for the mixture that they came from.
    """
    truth = Mixture(np.array([0.3, 0.7]), np.array([-2.0, 1.5]), np.array([0.5, 0.8]))
    which = rng.choice(2, n, p=truth.shares)
    seen = truth.means[which] + truth.deviations[which] * rng.normal(size=n)
    exactly = Mixture(np.full(n, 1 / n), seen, np.full(n, 1e-3))
    noise, gaps = rng.normal(size=drawn), []
    for data in (exactly, truth):
        new = generate(noise, data)
        gaps.append(float(abs(new[:, None] - seen).min(axis=1).mean()))
    return gaps[0], gaps[1]
