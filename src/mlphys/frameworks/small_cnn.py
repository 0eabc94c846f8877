"""The small convolutional net of the lectures in Keras, and a dense net of the same size.

Imports TensorFlow and Keras. Nothing here touches a global seed: the initial weights, the masks of
the dropout and the order of the digits all follow from one number that the caller gives.

Pictures enter as float32 of shape (n, 28, 28, 1), values in [0, 1]; labels are integers 0 to 9; the
ten outputs are logits.

Chapter: ``book/frameworks/architecture.md``.

References
----------
Fischbacher's lecture notes give the sequence of layers; the 99,376 parameters follow from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from mlphys.quiet import quiet_tensorflow

tf = quiet_tensorflow()
import keras  # noqa: E402  (TensorFlow first, without its log lines)
from keras import layers  # noqa: E402

__all__ = ["Lesson", "as_input", "dense_rival", "feature_maps", "load_trained", "over_seeds",
           "pool_change", "restart", "right", "small_cnn", "teach"]  # fmt: skip

PICTURE = (28, 28, 1)


class Lesson(NamedTuple):
    """What a training run left behind besides the weights.

    Attributes
    ----------
    train : list of float
        Fraction of the training digits named rightly during each epoch, with dropout at work.
    validation : list of float
        Fraction of the validation digits after each epoch; empty if there were none.
    """

    train: list[float]
    validation: list[float]


def as_input(images: np.ndarray) -> np.ndarray:
    """Return bytes as float32 in [0, 1] with one channel.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, height, width)

    Examples
    --------
    >>> as_input(np.full((1, 2, 2), 255, np.uint8)).shape
    (1, 2, 2, 1)
    """
    if images.ndim != 3 or images.dtype != np.uint8:
        raise ValueError(
            f"as_input: expected bytes of shape (n, height, width); got {images.dtype} of shape "
            f"{images.shape}"
        )
    return (images[..., None] / np.float32(255)).astype(np.float32)


def small_cnn(seed: int, *, dropout: float = 0.5, learning_rate: float = 1e-3) -> Any:
    """Return the net of 99,376 parameters, compiled and untrained.

    Conv 32 (3×3), max-pooling 2×2, Conv 64 (3×3), max-pooling 2×2, dropout, dense 50, 10 logits;
    units max(z, 0).

    Parameters
    ----------
    seed : int
        Decides the initial weights and the masks.
    dropout : float
        Probability in [0, 1) with which a number that enters the dense layer is set to 0.
    learning_rate : float
        Of Adam.

    Returns
    -------
    keras.Sequential

    Examples
    --------
    >>> small_cnn(0).count_params()
    99376
    """
    draw = _seeds(seed)
    return _compiled(
        [
            layers.Conv2D(32, 3, activation="relu", kernel_initializer=draw(), name="conv1"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Conv2D(64, 3, activation="relu", kernel_initializer=draw(), name="conv2"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Flatten(name="flatten"),
            layers.Dropout(dropout, seed=seed, name="dropout"),
            layers.Dense(50, activation="relu", kernel_initializer=draw(), name="dense"),
            layers.Dense(10, kernel_initializer=draw(), name="logits"),
        ],
        learning_rate,
    )


def dense_rival(seed: int, *, learning_rate: float = 1e-3) -> Any:
    """Return a net with one hidden layer of 125 units: 99,385 parameters, nine more.

    Examples
    --------
    >>> dense_rival(0).count_params()
    99385
    """
    draw = _seeds(seed)
    return _compiled(
        [
            layers.Flatten(name="flatten"),
            layers.Dense(125, activation="relu", kernel_initializer=draw(), name="dense"),
            layers.Dense(10, kernel_initializer=draw(), name="logits"),
        ],
        learning_rate,
    )


def _seeds(seed: int) -> Callable[[], Any]:
    rng = np.random.default_rng(seed)
    return lambda: keras.initializers.GlorotUniform(seed=int(rng.integers(2**31)))


def _compiled(stack: list[Any], learning_rate: float) -> Any:
    model = keras.Sequential([layers.Input(PICTURE), *stack])
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def restart(model: Any, fresh: Any) -> None:
    """Give a compiled model the variables of a fresh one, and an optimizer without memory.

    A model that was traced once can so be trained for many seeds without being traced again.

    Parameters
    ----------
    model, fresh : keras.Model
        Of the same layers.
    """
    for old, new in zip(model.variables, fresh.variables, strict=True):
        old.assign(new)
    for variable in model.optimizer.variables:
        if "learning_rate" not in variable.path:
            variable.assign(np.zeros(variable.shape, variable.dtype))


def teach(
    model: Any,
    x: np.ndarray,
    labels: np.ndarray,
    *,
    rng: np.random.Generator,
    epochs: int,
    batch_size: int = 32,
    validation: tuple[np.ndarray, np.ndarray] | None = None,
) -> Lesson:
    """Train a compiled model in place; the digits come in an order of our own in every epoch.

    Parameters
    ----------
    model : keras.Model
    x : ndarray of float32, shape (n, 28, 28, 1)
    labels : ndarray of int, shape (n,)
    rng : numpy.random.Generator
        Shuffles.
    epochs, batch_size : int
    validation : two ndarrays, optional
        Pictures and labels to judge by after each epoch.

    Raises
    ------
    ValueError
        If there are not as many labels as pictures, or no epoch.
    """
    if epochs < 1 or len(x) != len(labels) or not len(x):
        raise ValueError(
            "teach: expected at least one epoch and as many labels as pictures; got "
            f"{epochs} epochs, {len(x)} pictures and {len(labels)} labels"
        )
    judged: list[float] = []

    def judge(*_: Any) -> None:
        if validation is not None:
            judged.append(float(right(model, *validation).mean()))

    history = model.fit(
        _in_new_orders(x, labels, rng=rng, epochs=epochs, batch_size=batch_size),
        epochs=epochs, steps_per_epoch=-(-len(x) // batch_size), shuffle=False, verbose=0,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=judge)],
    ).history  # fmt: skip
    return Lesson([float(share) for share in history["accuracy"]], judged)


def _in_new_orders(
    x: np.ndarray, labels: np.ndarray, *, rng: np.random.Generator, epochs: int, batch_size: int
) -> Any:
    """Return the batches of all epochs as one stream: Keras then sets itself up only once."""
    orders = np.stack([rng.permutation(len(x)) for _ in range(epochs)])
    pictures, named = tf.constant(x), tf.constant(labels)
    rows = tf.data.Dataset.from_tensor_slices(orders).flat_map(
        lambda order: tf.data.Dataset.from_tensor_slices(order).batch(batch_size)
    )
    return rows.map(lambda chosen: (tf.gather(pictures, chosen), tf.gather(named, chosen)))


def right(model: Any, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return which pictures the model names rightly, a bool array of shape (n,)."""
    parts = [model.predict_on_batch(x[k : k + 500]) for k in range(0, len(x), 500)]
    return np.concatenate(parts).argmax(axis=1) == labels


def over_seeds(
    make: Callable[[int], Any],
    x: np.ndarray,
    labels: np.ndarray,
    judge: Callable[[Any], Any],
    *,
    seeds: Sequence[int],
    digits: int,
    epochs: int,
) -> np.ndarray:
    """Return what a judge says of one net for each seed, shape (seeds, ...).

    A seed decides first weights, masks, which digits are learned from, and their order; so two kinds
    of net meet the same digits in the same order.

    Parameters
    ----------
    make : callable
        From a seed to a compiled model.
    x, labels : ndarray
        Digits to draw from.
    judge : callable
        From a trained model to a number or an array.
    seeds : sequence of int
    digits, epochs : int
        How many digits each net learns from, and how often it sees them.
    """
    if digits > len(x):
        raise ValueError(f"over_seeds: expected at most {len(x)} digits; got {digits}")
    model, said = make(seeds[0]), []  # traced once for all seeds
    for seed in seeds:
        rng = np.random.default_rng(seed)
        rows = rng.permutation(len(x))[:digits]
        restart(model, make(seed))
        teach(model, x[rows], labels[rows].astype(np.int32), rng=rng, epochs=epochs)
        said.append(judge(model))
    return np.array(said)


def pool_change(model: Any, x: np.ndarray, moved: np.ndarray) -> tuple[float, float]:
    """Return how much the first layer's maps change with the pictures, in percent of their length.

    First after max-pooling; then with every second number kept instead, the one of four that stands
    at the upper left of each tile.

    Parameters
    ----------
    model : keras.Model
        With layers ``conv1`` and ``pool1``.
    x, moved : ndarray of float32, shape (n, 28, 28, 1)
    """
    before, after = (np.asarray(model.get_layer("conv1")(pictures)) for pictures in (x, moved))
    pool = model.get_layer("pool1")
    pairs = ((pool(before), pool(after)), (before[:, ::2, ::2], after[:, ::2, ::2]))
    changes = []
    for a, b in pairs:
        a, b = np.asarray(a), np.asarray(b)
        changes.append(float(100 * np.linalg.norm(b - a) / np.linalg.norm(a)))
    return changes[0], changes[1]


def feature_maps(model: Any, image: np.ndarray) -> dict[str, np.ndarray]:
    """Return what each convolutional or pooling layer passes on for one picture.

    Parameters
    ----------
    model : keras.Sequential
    image : ndarray of float32, shape (28, 28, 1)

    Returns
    -------
    dict
        Name of the layer -> array of shape (height, width, channels).
    """
    x, maps = image[None], {}
    for layer in model.layers:
        x = layer(x)
        if len(x.shape) == 4:
            maps[layer.name] = np.asarray(x)[0]
    return maps


def load_trained() -> tuple[Any, dict[str, Any]]:
    """Return the small CNN with the weights of the full run that this project made once.

    Returns
    -------
    model : keras.Sequential
        Weights stored in float16 (eleven bits of mantissa), which changes no logit by more than a
        few thousandths of its size.
    record : dict
        What was run and what it reached: seed, digits, epochs, accuracies, versions.
    """
    folder = files("mlphys.frameworks") / "data"
    record = json.loads((folder / "small_cnn.json").read_text(encoding="utf-8"))
    model = small_cnn(record["seed"])
    with (folder / "small_cnn.npz").open("rb") as source, np.load(source) as stored:
        model.set_weights([stored[name].astype(np.float32) for name in sorted(stored.files)])
    return model, record
