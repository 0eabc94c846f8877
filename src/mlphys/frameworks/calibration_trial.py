"""A small convolutional net with and without a squashed last layer, trained from several seeds.

All nets of one seed start from the same weights and see the same pictures in the same order, so that
their results may be compared in pairs. This module imports Keras.

Chapter: ``book/frameworks/custom_layer.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from mlphys.frameworks.custom_layer import CURVES, Squash, keras
from mlphys.learning.calibration import expected_calibration_error
from mlphys.learning.losses import accuracy, cross_entropy, softmax

__all__ = [
    "KINDS",
    "Outcome",
    "Pictures",
    "Scores",
    "at_loss",
    "score",
    "split",
    "tiny_net",
    "train_seeds",
]

KINDS = ("plain", *sorted(CURVES))


class Pictures(NamedTuple):
    """Pictures to learn from, to set temperatures by, and to judge by.

    Images are ``float32`` in 0 ... 1, shape ``(n, height, width, channels)``.
    """

    train: np.ndarray
    train_labels: np.ndarray
    held: np.ndarray
    held_labels: np.ndarray
    test: np.ndarray
    test_labels: np.ndarray


class Outcome(NamedTuple):
    """What one trained net says.

    Attributes
    ----------
    seed : int
    raw, test : ndarray, shape (n, 10)
        What goes into the last layer, and the logits that come out of it, on the test pictures.
    held : ndarray, shape (m, 10)
        Logits on the held-out pictures.
    path : ndarray, shape (epochs + 1, 3)
        Before training and after each epoch: mean loss on the training pictures and on the test
        pictures, in nats, and the share of test pictures that are right.
    a, b : float
        The layer's numbers; not-a-number for a plain net.
    """

    seed: int
    raw: np.ndarray
    test: np.ndarray
    held: np.ndarray
    path: np.ndarray
    a: float
    b: float


class Scores(NamedTuple):
    """Share of right answers, mean loss in nats, and expected calibration error."""

    accuracy: float
    loss: float
    calibration: float


def score(logits: np.ndarray, labels: np.ndarray, *, bins: int = 15) -> Scores:
    """Return the three scores of logits.

    Examples
    --------
    >>> score(np.log([[0.8, 0.2]] * 5), np.array([0, 0, 0, 0, 1])).calibration < 1e-12
    True
    """
    logits = np.asarray(logits, np.float64)
    p = softmax(logits)
    right = p.argmax(axis=1) == labels
    return Scores(
        accuracy(logits, labels),
        float(cross_entropy(logits, labels).mean()),
        expected_calibration_error(p.max(axis=1), right, bins=bins),
    )


def split(images: Any, *, learn: int, hold: int, judge: int, wrong: float = 0.0) -> Pictures:
    """Return the first ``learn`` training pictures, the next ``hold``, and ``judge`` test pictures.

    Parameters
    ----------
    images : mlphys.datasets.Images
    learn, hold, judge : int
    wrong : float
        Share of the labels to learn from that are replaced by another class, drawn with a fixed
        seed. Held-out and test labels stay right.

    Raises
    ------
    ValueError
        If there are not so many pictures, or ``wrong`` is outside 0 ... 1.

    Examples
    --------
    >>> from mlphys.datasets import load_images
    >>> part = split(load_images(source="mnist"), learn=100, hold=50, judge=20)
    >>> part.train.shape, part.held.shape, part.test.dtype
    ((100, 28, 28, 1), (50, 28, 28, 1), dtype('float32'))
    """
    if learn + hold > len(images.train_labels) or judge > len(images.test_labels):
        raise ValueError(
            f"split: expected at most {len(images.train_labels)} pictures to learn and hold, and "
            f"{len(images.test_labels)} to judge by; got {learn} + {hold}, and {judge}"
        )
    if not 0 <= wrong <= 1:
        raise ValueError(f"split: expected a share of wrong labels in 0 ... 1; got {wrong}")
    scaled = [
        part.astype(np.float32) / 255
        for part in (
            images.train_images[:learn],
            images.train_images[learn : learn + hold],
            images.test_images[:judge],
        )
    ]
    labels = images.train_labels[:learn].astype(np.int64)
    rng = np.random.default_rng(0)
    spoiled = rng.choice(learn, round(wrong * learn), replace=False)
    labels[spoiled] = (labels[spoiled] + rng.integers(1, 10, len(spoiled))) % 10
    return Pictures(
        scaled[0],
        labels,
        scaled[1],
        images.train_labels[learn : learn + hold].astype(np.int64),
        scaled[2],
        images.test_labels[:judge].astype(np.int64),
    )


def tiny_net(
    shape: Sequence[int], kind: str, *, filters: int = 8, units: int = 32, rate: float = 0.25
) -> Any:
    """Return an untrained net: two convolutions, a hidden layer, ten logits, perhaps squashed.

    Parameters
    ----------
    shape : sequence of int
        Height, width and channels of a picture.
    kind : str
        ``"plain"``, ``"asinh"`` or ``"arctan"``.
    filters, units : int
        Kernels of the first convolution (the second has twice as many); width of the hidden layer.
    rate : float
        Where the layer's b starts.

    Raises
    ------
    ValueError
        If the kind is unknown.

    Examples
    --------
    >>> net = tiny_net((28, 28, 1), "asinh")
    >>> net.count_params() - tiny_net((28, 28, 1), "plain").count_params()
    2
    """
    if kind not in KINDS:
        raise ValueError(f"tiny_net: expected kind to be one of {', '.join(KINDS)}; got {kind!r}.")
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(tuple(shape)),
            layers.Conv2D(filters, 3, strides=2, activation="relu", padding="same"),
            layers.Conv2D(2 * filters, 3, strides=2, activation="relu", padding="same"),
            layers.Flatten(),
            layers.Dense(units, activation="relu"),
            layers.Dense(10, name="logits"),
            *([] if kind == "plain" else [Squash(kind, rate=rate)]),
        ]
    )


def train_seeds(
    pictures: Pictures,
    kind: str,
    *,
    seeds: Sequence[int],
    epochs: int,
    batch: int = 64,
    learning_rate: float = 2e-3,
    filters: int = 8,
    units: int = 32,
    frozen: bool = False,
) -> list[Outcome]:
    """Return what the net of each seed says after training with Adam.

    The net is compiled once: every seed puts its own start into it, and sets the optimizer back.

    Parameters
    ----------
    pictures : Pictures
    kind : str
        ``"plain"``, ``"asinh"`` or ``"arctan"``.
    seeds : sequence of int
        A seed fixes the first weights and the order of the pictures, for all kinds alike.
    epochs, batch : int
    learning_rate : float
    filters, units : int
        As for :func:`tiny_net`.
    frozen : bool
        Keep the numbers of the squashing layer at their start.
    """
    shape = pictures.train.shape[1:]
    net = tiny_net(shape, kind, filters=filters, units=units)
    net.layers[-1].trainable = kind == "plain" or not frozen
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(
        keras.optimizers.Adam(learning_rate), loss,
        steps_per_execution=-(-len(pictures.train) // batch),
    )  # fmt: skip
    net.optimizer.build(net.trainable_variables)
    fresh = [keras.ops.copy(variable.value) for variable in net.optimizer.variables]
    outcomes = []
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        net.set_weights(tiny_net(shape, kind, filters=filters, units=units).get_weights())
        for variable, value in zip(net.optimizer.variables, fresh, strict=True):
            variable.assign(value)
        keras.utils.set_random_seed(seed)
        path = _Path(pictures)
        net.fit(
            pictures.train, pictures.train_labels, batch_size=batch, epochs=epochs, verbose=0,
            callbacks=[path],
        )  # fmt: skip
        test, held = (_logits(net.layers, x) for x in (pictures.test, pictures.held))
        raw = test if kind == "plain" else _logits(net.layers[:-1], pictures.test)
        a, b = (np.nan, np.nan) if kind == "plain" else net.get_weights()[-2:]
        outcomes.append(Outcome(seed, raw, test, held, np.array(path.rows), float(a), float(b)))
    return outcomes


def at_loss(path: np.ndarray, level: float, column: int) -> float:
    """Return a column of an outcome's path where the training loss first falls to a level.

    Between two epochs the path is taken as straight.

    Parameters
    ----------
    path : ndarray, shape (epochs + 1, 3)
        As in :class:`Outcome`.
    level : float
        Training loss in nats.
    column : int
        1 for the test loss, 2 for the accuracy.

    Raises
    ------
    ValueError
        If the training loss never falls to the level.

    Examples
    --------
    >>> at_loss(np.array([[2.0, 2.0, 0.1], [1.0, 1.5, 0.5]]), 1.5, 1)
    1.75
    """
    below = np.flatnonzero(path[:, 0] <= level)
    if not len(below):
        raise ValueError(
            f"at_loss: expected a training loss that falls to {level}; its least is "
            f"{path[:, 0].min()}. Train longer, or ask for a larger loss"
        )
    i = int(below[0])
    if i == 0:
        return float(path[0, column])
    (x0, x1), (y0, y1) = path[i - 1 : i + 1, 0], path[i - 1 : i + 1, column]
    return float(y0 + (y1 - y0) * (x0 - level) / (x0 - x1))


class _Path(keras.callbacks.Callback):
    """Note losses and accuracy before training and after each epoch."""

    def __init__(self, pictures: Any) -> None:
        super().__init__()
        self.pictures = pictures
        self.rows: list[tuple[float, float, float]] = []

    def on_train_begin(self, logs: Any = None) -> None:
        del logs
        self._note()

    def on_epoch_end(self, epoch: Any, logs: Any = None) -> None:
        del epoch, logs
        self._note()

    def _note(self) -> None:
        part = self.pictures
        train = _logits(self.model.layers, part.train)
        test = _logits(self.model.layers, part.test)
        self.rows.append(
            (
                float(cross_entropy(train, part.train_labels).mean()),
                float(cross_entropy(test, part.test_labels).mean()),
                accuracy(test, part.test_labels),
            )
        )


def _logits(layers: Any, x: np.ndarray, size: int = 2000) -> np.ndarray:
    """Return what the layers make of x, without the start-up time of ``predict``."""
    parts = []
    for start in range(0, len(x), size):
        y = x[start : start + size]
        for layer in layers:
            y = layer(y)
        parts.append(keras.ops.convert_to_numpy(y))
    return np.concatenate(parts).astype(np.float64)
