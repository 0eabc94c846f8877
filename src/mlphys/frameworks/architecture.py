r"""Each idea of the chapter *Architecture ideas* weighed over several seeds, for and against.

Imports JAX. Every function of this module runs one comparison: the same data, the same first
weights, with and without one idea, for each seed. It returns percentages of judged examples that
were named rightly, one array a case, so that :func:`mlphys.frameworks.effects.paired_effect` can put
an error bar on each difference. The chapter states the effects; the tests hold their signs.

Digits are 14×14 here: means of 2×2 pixels, 0 to 1, as rows of 196 numbers.

Chapter: ``book/frameworks/architecture.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from mlphys.frameworks.early_stopping import kept
from mlphys.frameworks.many_nets import Recipe, Run, start, train
from mlphys.frameworks.plane_sets import clouds, spirals

__all__ = ["Stopped", "batch_sizes", "digit_sets", "dropout", "early_stop", "early_stop_on_spirals", "l2_on_clouds",
           "l2_on_spirals", "repeat_set", "small_digits", "spiral_nets"]  # fmt: skip

Sets = tuple[np.ndarray, np.ndarray]

CLOUD_WIDTHS = (2, 32, 32, 2)
WIDE, DEEP = (2, 440, 2), (2, 32, 32, 32, 2)  # 2,202 and 2,274 parameters


def repeat_set(make: Callable[..., Sets], n: int, *, seeds: Sequence[int], **options: Any) -> Sets:
    """Return a set of n points for each seed, with the axis of seeds in front.

    Sets of different sizes are drawn independently even for one seed.

    Examples
    --------
    >>> x, y = repeat_set(clouds, 10, seeds=range(5))
    >>> x.shape, y.shape
    ((5, 10, 2), (5, 10))
    """
    sets = [make(n, rng=np.random.default_rng([seed, n]), **options) for seed in seeds]
    return np.stack([x for x, _ in sets]), np.stack([y for _, y in sets])


def small_digits(images: np.ndarray) -> np.ndarray:
    """Return digits as rows of 196 means of 2×2 pixels, float32 in [0, 1].

    Examples
    --------
    >>> small_digits(np.full((3, 28, 28), 255, np.uint8)).shape
    (3, 196)
    """
    if images.shape[1:] != (28, 28):
        raise ValueError(f"small_digits: expected shape (n, 28, 28); got {images.shape}")
    tiles = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)) / 255
    return tiles.reshape(-1, 196).astype(np.float32)


def digit_sets(
    x: np.ndarray, labels: np.ndarray, n: int, *, seeds: Sequence[int], wrong: float = 0.0
) -> Sets:
    """Return n digits for each seed, a share of them with one of the nine wrong labels.

    Parameters
    ----------
    x : ndarray, shape (m, inputs)
    labels : ndarray of int, shape (m,)
    n : int
        At most m; every seed draws its own, without repetition.
    seeds : sequence of int
    wrong : float
        Share of labels that are replaced.
    """
    if n > len(x):
        raise ValueError(f"digit_sets: expected at most {len(x)} digits a seed; got {n}")
    chosen, named = [], []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        rows = rng.permutation(len(x))[:n]
        y = labels[rows].astype(np.int32)
        y[: round(wrong * n)] += rng.integers(1, 10, round(wrong * n), dtype=np.int32)
        order = rng.permutation(n)  # so that no part of the set has more wrong labels
        chosen.append(x[rows[order]])
        named.append(y[order] % 10)
    return np.stack(chosen), np.stack(named)


def everyone(x: np.ndarray, labels: np.ndarray, seeds: Sequence[int]) -> Sets:
    """Return one judged set for all seeds, with the axis of seeds in front."""
    k = len(seeds)
    return np.stack([x] * k), np.stack([labels.astype(np.int32)] * k)


def l2_on_clouds(
    n: int, strengths: Sequence[float], *, seeds: Sequence[int], wrong: float = 0.1,
    steps: int = 1500, judged: int = 2000,
) -> dict[float, Run]:  # fmt: skip
    """Return a training run for each strength of L2 on clouds with outliers.

    Small sets are trained in full batches, sets of more than 500 points in batches of 64; judged
    on points with right labels.

    Parameters
    ----------
    n : int
        Training points.
    strengths : sequence of float
    seeds : sequence of int
    wrong : float
        Share of wrong labels among the training points.
    steps, judged : int
    """
    data = repeat_set(clouds, n, seeds=seeds, wrong=wrong)
    test = repeat_set(clouds, judged + n, seeds=seeds)
    recipe = Recipe(steps=steps, batch_size=64 if n > 500 else 0, records=10)
    first = start(CLOUD_WIDTHS, seeds)
    return {s: train(first, *data, *test, seeds=seeds, recipe=recipe, l2=s) for s in strengths}


def spiral_nets(
    widths: Sequence[int], *, seeds: Sequence[int], turns: float = 2.5, noise: float = 0.02,
    n: int = 400, steps: int = 3000, l2: float = 0.0, learning_rate: float = 3e-3,
) -> Run:  # fmt: skip
    """Return ReLU nets trained on spirals, batches of 64, judged on 2,000 new points."""
    data = repeat_set(spirals, n, seeds=seeds, turns=turns, noise=noise)
    test = repeat_set(spirals, 2000 + n, seeds=seeds, turns=turns, noise=noise)
    recipe = Recipe(steps=steps, batch_size=64, records=20)
    return train(
        start(widths, seeds), *data, *test, seeds=seeds, recipe=recipe, l2=l2,
        learning_rate=learning_rate,
    )  # fmt: skip


def l2_on_spirals(strength: float, *, seeds: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return percentages of a wide net on easy spirals, with and without L2."""
    with_it, without = (
        spiral_nets(WIDE, seeds=seeds, turns=1.5, noise=0.04, l2=s).percent for s in (strength, 0.0)
    )
    return with_it, without


class Stopped(NamedTuple):
    """Percentages right of each seed, shape (seeds,).

    Attributes
    ----------
    stopped, end, best : ndarray
        On the test digits: at the record that the rule kept, at the end, at the best record.
    claimed : ndarray
        Highest percentage on the validation digits along the run, by which a careless report would
        choose and judge at once.
    at_claim : ndarray
        On the test digits at the same record.
    record : ndarray of int
        Index of the record that the rule kept.
    run : Run
    """

    stopped: np.ndarray
    end: np.ndarray
    best: np.ndarray
    claimed: np.ndarray
    at_claim: np.ndarray
    record: np.ndarray
    run: Run


def early_stop_on_spirals(
    *, seeds: Sequence[int], patience: int = 5, validation: int = 40, learning_rate: float = 1e-2
) -> Stopped:
    """Return what stopping by few validation points does to a wide net on spirals.

    The loss of these nets hardly falls at first, and one of few points hardly shows it.
    """
    options = {"seeds": seeds, "turns": 2.5, "noise": 0.02}
    data, watched, test = (repeat_set(spirals, n, **options) for n in (400, validation, 2400))
    judged = tuple(np.concatenate(pair, axis=1) for pair in zip(watched, test, strict=True))
    run = train(
        start(WIDE, seeds), *data, *judged, seeds=seeds, learning_rate=learning_rate,
        recipe=Recipe(steps=3000, batch_size=64, records=60),
    )  # fmt: skip
    return _read_off(run, validation, patience)


def dropout(
    train_set: Sets, test: Sets, hidden: int, *, seeds: Sequence[int], drop: float = 0.5,
    steps: int = 1000,
) -> dict[float, Run]:  # fmt: skip
    """Return runs without and with dropout on digits: one hidden layer, Adam, batches of 32."""
    first = start((train_set[0].shape[-1], hidden, 10), seeds)
    return {
        p: train(
            first, *train_set, *test, seeds=seeds, learning_rate=2e-3,
            recipe=Recipe(steps=steps, batch_size=32, dropout=True, records=10), drop=p,
        )
        for p in (0.0, drop)
    }  # fmt: skip


def early_stop(
    train_set: Sets, validation: Sets, test: Sets, *, seeds: Sequence[int], patience: int = 10,
    steps: int = 2000, hidden: int = 64,
) -> Stopped:  # fmt: skip
    """Return what stopping by the validation loss gives, and what it would have had to know.

    One hidden layer, Adam with rate 1e-3, batches of 32, a record every 50 steps.

    Parameters
    ----------
    train_set, validation, test : two ndarrays each
        With the axis of seeds in front.
    seeds : sequence of int
    patience : int
        In records.
    steps, hidden : int
    """
    judged = tuple(np.concatenate(pair, axis=1) for pair in zip(validation, test, strict=True))
    run = train(
        start((train_set[0].shape[-1], hidden, 10), seeds), *train_set, *judged, seeds=seeds,
        learning_rate=1e-3, recipe=Recipe(steps=steps, batch_size=32, records=steps // 50),
    )  # fmt: skip
    return _read_off(run, validation[0].shape[1], patience)


def _read_off(run: Run, v: int, patience: int) -> Stopped:
    """Return what the rule keeps, where the first v judged examples are the validation set."""
    watched, right = run.losses[..., :v].mean(axis=2), 100 * run.right[..., v:].mean(axis=2)
    claims = 100 * run.right[..., :v].mean(axis=2)
    rows, chosen = np.arange(len(right)), claims.argmax(axis=1)
    records = np.broadcast_to(np.arange(right.shape[1]), right.shape)
    return Stopped(
        kept(watched, right, patience=patience), right[:, -1], right.max(axis=1),
        claims.max(axis=1), right[rows, chosen], kept(watched, records, patience=patience), run,
    )  # fmt: skip


def batch_sizes(
    train_set: Sets, test: Sets, batches: Sequence[int], *, seeds: Sequence[int],
    epochs: int = 10, rate: float = 0.1, scaled_to: int = 0,
) -> dict[int, Run]:  # fmt: skip
    """Return plain gradient descent at equal epochs for several batch sizes.

    Parameters
    ----------
    train_set, test : two ndarrays each
    batches : sequence of int
    seeds : sequence of int
    epochs : int
    rate : float
        Learning rate.
    scaled_to : int
        If above 0, the rate is ``rate * batch / scaled_to``: rate times steps is then the same for
        all batch sizes.
    """
    n = train_set[0].shape[1]
    first = start((train_set[0].shape[-1], 64, 10), seeds)
    return {
        b: train(
            first, *train_set, *test, seeds=seeds,
            learning_rate=rate * b / scaled_to if scaled_to else rate,
            recipe=Recipe(steps=epochs * n // b, batch_size=b, optimizer="sgd", records=1),
        )
        for b in batches
    }  # fmt: skip
