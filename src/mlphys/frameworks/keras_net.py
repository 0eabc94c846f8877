"""MNIST through ``tf.data`` into a small Keras net: load, split, feed, train.

Everything random takes a seed. Images travel as the records hold them, bytes of shape
``(28, 28, 1)``; the last stage but one turns them into float32 of shape ``(28, 28)`` in 0 ... 1.
This module imports TensorFlow and Keras.

Chapter: ``book/frameworks/keras_net.md``.

References
----------
Murray et al., "tf.data: a machine learning data processing framework", arXiv:2101.12127.
Kingma and Ba, "Adam: a method for stochastic optimization", arXiv:1412.6980.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from mlphys.datasets import load_mnist, tfds_folder
from mlphys.datasets.records import import_tfds
from mlphys.frameworks.backend import quiet_keras
from mlphys.quiet import quiet_stderr, quiet_tensorflow

tf: Any = quiet_tensorflow()
keras: Any = quiet_keras()

__all__ = [
    "PERCENT",
    "Curves",
    "Parts",
    "load_parts",
    "make_net",
    "pipeline",
    "to_arrays",
    "to_ink",
    "train_net",
    "train_seeds",
]

PERCENT = (75, 24, 1)  # of the training set: to learn from, to choose by, to play with
WIDTHS = (784, 50, 50, 50, 50, 10)
TOGETHER = 20  # steps that one call into the graph makes; changes the time and nothing else


class Parts(NamedTuple):
    """Four ``tf.data.Dataset`` of pairs (image, label), in the order of the records.

    Attributes
    ----------
    train, validation, extra, test : tf.data.Dataset
        Images uint8 of shape (28, 28, 1), labels int64.
    counts : tuple of int
        Lengths of the four.
    name, source : str
        As of :func:`mlphys.datasets.load_mnist`.
    """

    train: Any
    validation: Any
    extra: Any
    test: Any
    counts: tuple[int, int, int, int]
    name: str
    source: str


class Curves(NamedTuple):
    """What one training run left behind, one value for each epoch.

    ``loss`` and ``accuracy`` of the training part are means over the epoch, while the weights
    move; those of the validation part are taken at its end.
    """

    seed: int
    loss: np.ndarray
    accuracy: np.ndarray
    validation_loss: np.ndarray
    validation_accuracy: np.ndarray


def load_parts(*, digits: int = 60_000) -> Parts:
    """Return the digits as ``tf.data`` sets: 75, 24 and 1 % of the training set, and the test set.

    Where the full set was prepared, it is read by ``tfds.load("mnist")``; else the sample that
    ships with mlphys stands in, cut in the same way, and ``source`` says so.

    Parameters
    ----------
    digits : int
        How many training digits to cut at most, counted from the first; a multiple of 100.

    Raises
    ------
    ValueError
        If that number does not cut into whole percents.
    mlphys.datasets.DataError
        If a prepared set is broken.

    Examples
    --------
    >>> load_parts(digits=600).counts[:3]
    (450, 144, 6)
    """
    if digits < 100 or digits % 100:
        raise ValueError(f"load_parts: expected a positive multiple of 100 digits; got {digits}")
    known = load_mnist()  # checks what is there, and knows what to say about it
    digits = min(digits, len(known.train_labels))
    first, second = (digits * share // 100 for share in (PERCENT[0], PERCENT[0] + PERCENT[1]))
    cuts = (0, first, second, digits)
    if known.name == "mnist":
        train, validation, extra, test = _load_records(cuts)
    else:
        whole = _from_arrays(known.train_images, known.train_labels)
        train, validation, extra = (whole.skip(a).take(b - a) for a, b in pairwise(cuts))
        test = _from_arrays(known.test_images, known.test_labels)
    counts = (first, second - first, digits - second, len(known.test_labels))
    return Parts(train, validation, extra, test, counts, known.name, known.source)


def _load_records(cuts: Sequence[int]) -> list[Any]:
    tfds = import_tfds()
    names = [f"train[{a}:{b}]" for a, b in pairwise(cuts)]
    with quiet_stderr():
        return tfds.load(
            "mnist",
            split=[*names, "test"],
            data_dir=tfds_folder(),
            as_supervised=True,
            download=False,
            shuffle_files=False,
        )


def _from_arrays(images: np.ndarray, labels: np.ndarray) -> Any:
    return tf.data.Dataset.from_tensor_slices((images[..., np.newaxis], labels.astype(np.int64)))


def to_ink(image: Any, label: Any) -> tuple[Any, Any]:
    """Return an image (or a batch) as float32 in 0 ... 1 without its last axis, and the label.

    Examples
    --------
    >>> ink, label = to_ink(tf.constant([[[0], [255]]], tf.uint8), 3)
    >>> ink.numpy().tolist(), label
    ([[0.0, 1.0]], 3)
    """
    return tf.cast(image[..., 0], tf.float32) / 255, label


def pipeline(data: Any, *, seed: int | None = None, batch: int = 32) -> Any:
    """Return a set of batches: scaled, kept in memory, shuffled anew in each epoch, made ahead.

    Parameters
    ----------
    data : tf.data.Dataset
        Of :func:`load_parts`.
    seed : int, optional
        Of the shuffling; without it the order is that of the records.
    batch : int

    Returns
    -------
    tf.data.Dataset
        Of pairs: float32 (batch, 28, 28), int64 (batch,). The last batch may be smaller.
    """
    data = data.map(to_ink, num_parallel_calls=tf.data.AUTOTUNE).cache()
    if seed is not None:
        data = data.shuffle(int(data.cardinality()), seed=seed, reshuffle_each_iteration=True)
    return data.batch(batch).prefetch(tf.data.AUTOTUNE)


def to_arrays(data: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return a set of :func:`load_parts` as arrays: ink float32 (n, 28, 28) and labels int64 (n,)."""
    (arrays,) = data.batch(int(data.cardinality())).map(to_ink).as_numpy_iterator()
    return arrays


def make_net(seed: int, *, output: str | None = None) -> Any:
    """Return the untrained net: 28×28 inputs, four layers of 50 tanh units, ten logits.

    Parameters
    ----------
    seed : int
        Of the initial weights.
    output : str, optional
        Name of a unit after the last layer, such as ``"softmax"``; none gives logits.

    Examples
    --------
    >>> make_net(0).count_params()
    47410
    """
    starts = [keras.initializers.GlorotUniform(seed=97 * seed + k) for k in range(5)]
    layers = [
        keras.layers.Dense(width, "tanh", kernel_initializer=start)
        for width, start in zip(WIDTHS[1:-1], starts[:-1], strict=True)
    ]
    last = keras.layers.Dense(WIDTHS[-1], output, kernel_initializer=starts[-1])
    return keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), *layers, last])


def train_net(
    model: Any,
    parts: Parts,
    *,
    seed: int,
    epochs: int,
    rate: float = 1e-4,
    loss: Any = None,
) -> Curves:
    """Train a model by Adam; return its curves.

    Parameters
    ----------
    model : keras.Model
        Trained in place.
    parts : Parts
    seed : int
        Of the order of the digits.
    epochs : int
    rate : float
        Learning rate of Adam.
    loss : keras loss, optional
        By default the cross-entropy of logits, in nats.
    """
    _compile(model, rate, loss)
    return _fit(model, parts, seed=seed, epochs=epochs)


def train_seeds(
    parts: Parts,
    *,
    seeds: Sequence[int],
    epochs: int,
    rate: float = 1e-4,
    loss: Any = None,
    output: str | None = None,
) -> tuple[list[Any], list[Curves]]:
    """Return a trained net and its curves for each seed.

    What :func:`train_net` does with ``make_net(seed, output=output)`` for one seed after the other,
    with one compiled graph for all of them.
    """
    worker = make_net(0, output=output)
    _compile(worker, rate, loss)
    worker.optimizer.build(worker.trainable_variables)
    fresh = [variable.numpy() for variable in worker.optimizer.variables]
    nets, curves = [], []
    for seed in seeds:
        net = make_net(seed, output=output)
        worker.set_weights(net.get_weights())
        for variable, value in zip(worker.optimizer.variables, fresh, strict=True):
            variable.assign(value)
        curves.append(_fit(worker, parts, seed=seed, epochs=epochs))
        net.set_weights(worker.get_weights())
        nets.append(net)
    return nets, curves


def _compile(model: Any, rate: float, loss: Any) -> None:
    model.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss=loss or keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        steps_per_execution=TOGETHER,
    )


def _fit(model: Any, parts: Parts, *, seed: int, epochs: int) -> Curves:
    history = model.fit(
        pipeline(parts.train, seed=seed),
        validation_data=pipeline(parts.validation),
        epochs=epochs,
        shuffle=False,  # the pipeline does
        verbose=0,
    ).history
    names = ("loss", "accuracy", "val_loss", "val_accuracy")
    return Curves(seed, *(np.array(history[name]) for name in names))
