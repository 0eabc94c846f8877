r"""Small dense nets in JAX, trained for many seeds at once.

Imports JAX. A net of a few hundred parameters keeps no processor busy; five of them side by side
cost little more than one. So every function is written for one seed and mapped over a leading axis
by ``jax.vmap``: parameters, data, and random keys all carry that axis, and the whole run of all
seeds is one compiled loop.

Layers are pairs (weights, offsets) of shapes (fan_in, fan_out) and (fan_out,), as in Part III; the
hidden units are max(z, 0) or tanh; the outputs are logits. All numbers are float32, without a unit.

Chapter: ``book/frameworks/architecture.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

__all__ = ["Recipe", "Run", "batch_gradient", "logits", "one_net", "start", "train"]

Layers = list[tuple[Any, Any]]
# Half the time to compile, and loops as fast as at the default level 3: nets of this size spend more
# time in XLA's compiler than in its code.
QUICK = {"xla_backend_optimization_level": 1}
UNITS: dict[str, Callable] = {"relu": jax.nn.relu, "tanh": jnp.tanh}


class Recipe(NamedTuple):
    """How to train; equal recipes share one compilation.

    Attributes
    ----------
    steps : int
        Gradient steps.
    batch_size : int
        Examples a step, drawn with replacement; 0 takes all of them, without chance.
    optimizer : {"adam", "sgd"}
    unit : {"relu", "tanh"}
    dropout : bool
        Whether masks are drawn at all; with which probability is an argument of :func:`train`.
    records : int
        How often the curves are written, at equal distances.
    """

    steps: int = 1000
    batch_size: int = 0
    optimizer: str = "adam"
    unit: str = "relu"
    dropout: bool = False
    records: int = 20


class Run(NamedTuple):
    """What training leaves: the nets, and what was written along the way.

    Attributes
    ----------
    path : list of (weights, offsets)
        The nets at every record, with the axes of seeds and records in front.
    steps : ndarray, shape (records,)
        After which steps something was written.
    train_loss, train_accuracy : ndarray, shape (seeds, records)
        Mean cross-entropy in nats, without the penalty and without dropout; fraction right.
    losses, right : ndarray, shape (seeds, records, m)
        Of every single judged example: cross-entropy in nats; whether it was named rightly.
    """

    path: Layers
    steps: np.ndarray
    train_loss: np.ndarray
    train_accuracy: np.ndarray
    losses: np.ndarray
    right: np.ndarray

    @property
    def layers(self) -> Layers:
        """The nets at the end, with the axis of seeds in front."""
        return [(w[:, -1], b[:, -1]) for w, b in self.path]

    @property
    def percent(self) -> np.ndarray:
        """Judged examples named rightly at the end, in percent, shape (seeds,)."""
        return 100 * self.right[:, -1].mean(axis=1)


def start(widths: Sequence[int], seeds: Sequence[int], *, gain: float = 1.0) -> Layers:
    """Return first weights for each seed: normal, of He's size times a gain; offsets 0.

    Parameters
    ----------
    widths : sequence of int
        From input to output.
    seeds : sequence of int
    gain : float

    Examples
    --------
    >>> [w.shape for w, _ in start((2, 8, 2), range(5))]
    [(5, 2, 8), (5, 8, 2)]
    """
    if len(widths) < 2 or min(widths) < 1:
        raise ValueError(f"start: expected two or more widths above 0; got {tuple(widths)}")
    nets = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        nets.append(
            [
                (rng.normal(size=(m, n)) * gain * np.sqrt(2 / m), np.zeros(n))
                for m, n in pairwise(widths)
            ]
        )
    return jax.tree.map(lambda *leaves: jnp.asarray(np.stack(leaves), jnp.float32), *nets)


def one_net(layers: Layers, *k: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return net number k in NumPy and float64, ready for the cells of Part III.

    Of a path, name the record as well: ``one_net(run.path, seed, record)``.
    """
    return [(np.asarray(w[k], float), np.asarray(b[k], float)) for w, b in layers]


def logits(layers: Layers, x: Any, *, unit: str = "relu") -> Any:
    """Return the logits of ONE net, shape (n, classes), for inputs of shape (n, inputs)."""
    for w, b in layers[:-1]:
        x = UNITS[unit](x @ w + b)
    return x @ layers[-1][0] + layers[-1][1]


def _dropped_logits(layers: Layers, x: Any, drop: Any, key: Any, recipe: Recipe) -> Any:
    for i, (w, b) in enumerate(layers[:-1]):
        x = UNITS[recipe.unit](x @ w + b)
        if recipe.dropout:
            kept = jax.random.bernoulli(jax.random.fold_in(key, i), 1 - drop, x.shape)
            x = jnp.where(kept, x / (1 - drop), 0.0)
    return x @ layers[-1][0] + layers[-1][1]


def _losses(z: Any, y: Any) -> Any:
    return -jnp.take_along_axis(jax.nn.log_softmax(z), y[:, None], axis=1)[:, 0]


def _loss(layers: Layers, x: Any, y: Any, l2: Any, drop: Any, key: Any, recipe: Recipe) -> Any:
    penalty = sum(jnp.sum(w**2) for w, _ in layers)
    return _losses(_dropped_logits(layers, x, drop, key, recipe), y).mean() + 0.5 * l2 * penalty


_slopes = jax.jit(jax.grad(_loss), static_argnames="recipe")


def batch_gradient(layers: Layers, x: Any, y: Any) -> np.ndarray:
    """Return the gradient of the mean loss of ONE ReLU net on one batch, as a flat vector."""
    slopes = _slopes(layers, x, y, 0.0, 0.0, jax.random.key(0), recipe=Recipe())
    return np.concatenate([np.asarray(leaf).ravel() for leaf in jax.tree.leaves(slopes)])


def train(
    layers: Layers,
    x: np.ndarray,
    y: np.ndarray,
    test_x: np.ndarray,
    test_y: np.ndarray,
    *,
    seeds: Sequence[int],
    recipe: Recipe,
    learning_rate: float = 3e-3,
    l2: float = 0.0,
    drop: float = 0.0,
) -> Run:
    r"""Return the nets after training, all seeds side by side.

    The loss is the mean cross-entropy plus :math:`\frac{\lambda}{2}\sum w^2` over the weights, not
    the offsets.

    Parameters
    ----------
    layers : list of (weights, offsets)
        With the axis of seeds in front, as :func:`start` makes them.
    x, y : ndarray
        Training data of each seed, shapes (seeds, n, inputs) and (seeds, n).
    test_x, test_y : ndarray
        What the nets are judged by, shapes (seeds, m, inputs) and (seeds, m).
    seeds : sequence of int
        For the batches and the masks.
    recipe : Recipe
    learning_rate, l2 : float
    drop : float
        Probability in [0, 1) that a hidden activity is set to 0 in a step, for recipes with dropout;
        the others are divided by ``1 - drop``, so that their mean stays.

    Raises
    ------
    ValueError
        If shapes or names do not fit.

    Examples
    --------
    >>> x = np.tile(np.array([[-1.0], [1.0]], np.float32), (5, 1, 1))
    >>> y = np.tile(np.array([0, 1], np.int32), (5, 1))
    >>> run = train(start((1, 4, 2), range(5)), x, y, x, y, seeds=range(5),
    ...             recipe=Recipe(steps=200, records=2))
    >>> run.steps, run.right.shape, run.percent
    (array([100, 200]), (5, 2, 2), array([100., 100., 100., 100., 100.]))
    """
    _check(layers, x, y, seeds, recipe, drop)
    keys = jnp.stack([jax.random.key(int(seed)) for seed in seeds])
    data = [jnp.asarray(a) for a in (x, y, test_x, test_y)]
    settings = (float(learning_rate), float(l2), float(drop))
    path, *written = _train(layers, *data, keys, *settings, recipe)
    every = recipe.steps // recipe.records
    steps = every * np.arange(1, recipe.records + 1)
    return Run(path, steps, *(np.asarray(array) for array in written))


@partial(
    jax.jit, static_argnames="recipe",
    compiler_options=QUICK if jax.default_backend() == "cpu" else None,
)  # fmt: skip
def _train(
    layers: Layers, x: Any, y: Any, test_x: Any, test_y: Any, keys: Any,
    learning_rate: Any, l2: Any, drop: Any, recipe: Recipe,
) -> Any:  # fmt: skip
    one = partial(_train_one, learning_rate=learning_rate, l2=l2, drop=drop, recipe=recipe)
    return jax.vmap(one)(layers, x, y, test_x, test_y, keys)


def _train_one(
    layers: Layers, x: Any, y: Any, test_x: Any, test_y: Any, key: Any, *,
    learning_rate: Any, l2: Any, drop: Any, recipe: Recipe,
) -> Any:  # fmt: skip
    def step(state: Any, i: Any) -> tuple[Any, None]:
        layers, m, v = state
        chosen, mask = jax.random.split(jax.random.fold_in(key, i))
        bx, by = x, y
        if recipe.batch_size:
            rows = jax.random.randint(chosen, (recipe.batch_size,), 0, len(x))
            bx, by = x[rows], y[rows]
        g = jax.grad(_loss)(layers, bx, by, l2, drop, mask, recipe)
        if recipe.optimizer == "sgd":
            return (jax.tree.map(lambda p, s: p - learning_rate * s, layers, g), m, v), None
        m = jax.tree.map(lambda a, s: 0.9 * a + 0.1 * s, m, g)
        v = jax.tree.map(lambda a, s: 0.999 * a + 0.001 * s**2, v, g)
        rate = learning_rate * jnp.sqrt(1 - 0.999 ** (i + 1.0)) / (1 - 0.9 ** (i + 1.0))
        layers = jax.tree.map(lambda p, a, b: p - rate * a / (jnp.sqrt(b) + 1e-8), layers, m, v)
        return (layers, m, v), None

    def judge(layers: Layers, x: Any, y: Any) -> tuple[Any, Any]:
        z = logits(layers, x, unit=recipe.unit)
        return _losses(z, y), z.argmax(axis=1) == y

    def stretch(state: Any, first: Any) -> tuple[Any, Any]:
        state, _ = lax.scan(step, state, first + jnp.arange(every))
        losses, right = judge(state[0], x, y)
        judged = judge(state[0], test_x, test_y)
        return state, (state[0], losses.mean(), right.mean(), *judged)

    every = recipe.steps // recipe.records
    zero = jax.tree.map(jnp.zeros_like, layers)
    _, written = lax.scan(stretch, (layers, zero, zero), every * jnp.arange(recipe.records))
    return written


def _check(
    layers: Layers, x: np.ndarray, y: np.ndarray, seeds: Sequence[int], recipe: Recipe, drop: float
) -> None:
    leading = {len(x), len(y), len(seeds), layers[0][0].shape[0]}
    if len(leading) > 1 or x.ndim != 3 or x.shape[:2] != y.shape:
        raise ValueError(
            "train: expected nets, points (seeds, n, inputs), labels (seeds, n) and seeds of one "
            f"number; got {layers[0][0].shape[0]} nets, shapes {x.shape} and {y.shape}, "
            f"{len(seeds)} seeds"
        )
    if recipe.optimizer not in ("adam", "sgd") or recipe.unit not in UNITS:
        raise ValueError(
            "train: expected optimizer 'adam' or 'sgd' and unit 'relu' or 'tanh'; got "
            f"{recipe.optimizer!r} and {recipe.unit!r}"
        )
    if (
        not 0 <= drop < (1 if recipe.dropout else 1e-12)
        or recipe.records < 1
        or recipe.steps % recipe.records
    ):
        raise ValueError(
            "train: expected drop in [0, 1), 0 for a recipe without dropout, and steps that are a "
            f"multiple of records; got drop {drop} for {recipe}"
        )
