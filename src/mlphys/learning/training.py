"""The training loop: shuffle, take a batch, step, look at the validation part, record.

The loop stores nothing that it does not return. All random choices come from the ``rng`` that is
passed in, and the state after each epoch holds everything that the next one depends on, so that a
run that was interrupted and resumed ends with the same bits as one that was not.

Chapter: ``book/learning/deep_net.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from mlphys.learning.deep_net import DeepNet
from mlphys.learning.inputs import PixelScale, shift_images
from mlphys.learning.losses import accuracy, check_labels, cross_entropy
from mlphys.learning.optimizers import Optimizer, Schedule
from mlphys.learning.progress import Progress
from mlphys.timing import single_thread

__all__ = [
    "BestEpoch",
    "DivergenceError",
    "Record",
    "Score",
    "TrainingState",
    "evaluate",
    "train",
]


class Score(NamedTuple):
    """Mean loss in nats and fraction right on one labelled set."""

    loss: float
    accuracy: float


class Record(NamedTuple):
    """What one epoch left behind.

    Attributes
    ----------
    epoch : int
        Counts from 1.
    loss : float
        Mean over the epoch's batches, each before its own step, in nats.
    learning_rate : float
        At the last step of the epoch.
    validation : Score or None
        After the epoch.
    """

    epoch: int
    loss: float
    learning_rate: float
    validation: Score | None = None


class TrainingState(NamedTuple):
    """Everything that the next epoch depends on, and the history so far."""

    epoch: int
    parameters: np.ndarray
    optimizer_name: str
    optimizer_state: Any
    rng_state: dict
    history: tuple[Record, ...]


class DivergenceError(FloatingPointError):
    """The loss left the range of numbers."""


Callback = Callable[[DeepNet, TrainingState], object]


class BestEpoch:
    """Callback that keeps a copy of the parameters of the best epoch by validation accuracy.

    Ties go to the earlier epoch. ``restore(net)`` writes the copy back.

    Attributes
    ----------
    record : Record or None
    parameters : ndarray or None
    """

    def __init__(self) -> None:
        self.record: Record | None = None
        self.parameters: np.ndarray | None = None

    def __call__(self, net: DeepNet, state: TrainingState) -> None:
        record = state.history[-1]
        if record.validation is None:
            raise ValueError("BestEpoch: expected validation data; pass validation=... to train")
        best = None if self.record is None else self.record.validation
        if best is None or record.validation.accuracy > best.accuracy:
            self.record, self.parameters = record, net.parameters.copy()

    def restore(self, net: DeepNet) -> None:
        """Write the best parameters back into the net."""
        if self.parameters is None:
            raise ValueError("BestEpoch: no epoch seen yet; call restore after train")
        net.parameters[:] = self.parameters


def evaluate(
    net: DeepNet,
    images: np.ndarray,
    labels: np.ndarray,
    *,
    pixels: PixelScale,
    chunk: int = 1000,
) -> Score:
    """Return loss and accuracy of a net on stored images.

    Parameters
    ----------
    net : DeepNet
    images : ndarray of uint8, shape (n, ...)
    labels : ndarray of int, shape (n,)
    pixels : PixelScale
    chunk : int
        Images at a time, so that memory stays small.

    Returns
    -------
    Score

    Examples
    --------
    >>> net = DeepNet((4, 2), rng=np.random.default_rng(0))
    >>> net.parameters[:] = 0
    >>> images, labels = np.zeros((3, 2, 2), np.uint8), np.array([0, 1, 0])
    >>> score = evaluate(net, images, labels, pixels=PixelScale())
    >>> round(score.loss, 4), round(score.accuracy, 4)
    (0.6931, 0.6667)
    """
    _check_data("evaluate", net, images, labels)
    loss = right = 0.0
    with single_thread(), np.errstate(all="ignore"):
        for start in range(0, len(images), chunk):
            part = slice(start, start + chunk)
            x = pixels.apply(images[part], dtype=net.parameters.dtype.type)
            logits = net.logits(x)
            loss += float(cross_entropy(logits, labels[part]).sum(dtype=np.float64))
            right += accuracy(logits, labels[part]) * len(logits)
    return Score(loss / len(images), right / len(images))


def train(
    net: DeepNet,
    images: np.ndarray,
    labels: np.ndarray,
    *,
    optimizer: Optimizer,
    learning_rate: float | Schedule,
    epochs: int,
    rng: np.random.Generator,
    pixels: PixelScale,
    batch_size: int = 64,
    validation: tuple[np.ndarray, np.ndarray] | None = None,
    reach: int = 0,
    shuffle: bool = True,
    callbacks: Sequence[Callback] = (),
    resume: TrainingState | None = None,
    progress: str = "auto",
) -> TrainingState:
    """Train a net in place; return the state after the last epoch, with the history.

    Parameters
    ----------
    net : DeepNet
    images : ndarray of uint8, shape (n, height, width) or (n, pixels)
    labels : ndarray of int, shape (n,)
    optimizer : Optimizer
    learning_rate : float or callable
        A constant, or a function of the step that counts from 0.
    epochs : int
        Total number, those of a resumed run included.
    rng : numpy.random.Generator
        Draws the order of the examples and the shifts; a resumed run sets its state.
    pixels : PixelScale
    batch_size : int
        The last batch of an epoch may be smaller.
    validation : pair of ndarray, optional
        Images and labels that are looked at after each epoch and never learned from.
    reach : int
        Images are shifted at random by up to this many pixels; needs (n, height, width).
    shuffle : bool
        False keeps the order of the file in every epoch, which is a mistake that the chapter
        makes on purpose.
    callbacks : sequence of callable
        Each is called as ``callback(net, state)`` after every epoch.
    resume : TrainingState, optional
        From an earlier run or a checkpoint.
    progress : {"auto", "bar", "line", "none"}

    Returns
    -------
    TrainingState

    Raises
    ------
    ValueError
        Before any work, if the arguments do not belong together.
    DivergenceError
        After an epoch with a loss that is no finite number.

    Examples
    --------
    >>> from mlphys.learning.optimizers import sgd
    >>> rng = np.random.default_rng(0)
    >>> labels = np.arange(200) % 2
    >>> images = (rng.integers(0, 100, (200, 4)) + 150 * labels[:, None]).astype(np.uint8)
    >>> net = DeepNet((4, 3, 2), rng=rng)
    >>> state = train(net, images, labels, optimizer=sgd(), learning_rate=0.5, epochs=5, rng=rng,
    ...               pixels=PixelScale.fit(images), batch_size=10)
    >>> len(state.history), evaluate(net, images, labels, pixels=PixelScale.fit(images)).accuracy
    (5, 1.0)
    """
    _check_data("train", net, images, labels)
    _check_run(images, epochs, batch_size, reach)
    if validation is not None:
        _check_data("train (validation)", net, *validation)
    schedule = _schedule(learning_rate)
    labels = labels.astype(np.intp)
    state = resume or TrainingState(
        0, net.parameters, optimizer.name, optimizer.init(net.parameters), {}, ()
    )
    if resume is not None:
        state = _restore(net, optimizer, rng, resume)
    batches = _Batches(images, labels, batch_size, pixels, reach, net.parameters.dtype)
    report = Progress(epochs, done=state.epoch, kind=progress)
    with single_thread(), np.errstate(all="ignore"):
        for epoch in range(state.epoch + 1, epochs + 1):
            loss, memory, rate = _epoch(net, batches, rng, shuffle, optimizer, state, schedule)
            score = None if validation is None else evaluate(net, *validation, pixels=pixels)
            record = Record(epoch, loss, rate, score)
            state = TrainingState(
                epoch,
                net.parameters,
                optimizer.name,
                memory,
                dict(rng.bit_generator.state),
                (*state.history, record),
            )
            report.advance(_describe(record))
            for callback in callbacks:
                callback(net, state)
    report.close(_describe(state.history[-1]) if state.history else "nothing to do")
    return state


class _Batches:
    """Turns an order of the examples into batches, in buffers that it owns."""

    def __init__(self, images, labels, size, pixels, reach, dtype):
        self.images = images if reach else images.reshape(len(images), -1)
        self.labels, self.size = labels, size
        self.pixels, self.reach, self.dtype = pixels, reach, dtype
        self.buffers = {}

    def __len__(self) -> int:
        return len(self.images)

    def load(self, chosen: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return inputs and labels of the chosen examples; the next call overwrites them."""
        n = len(chosen)
        if n not in self.buffers:
            self.buffers[n] = self._allocate(n)
        raw, moved, x, y = self.buffers[n]
        # mode="clip" lets take write straight into `out`; with "raise" it goes through a copy.
        self.images.take(chosen, 0, raw, "clip")
        self.labels.take(chosen, 0, y, "clip")
        if self.reach:
            raw = shift_images(raw, rng=rng, out=moved, reach=self.reach)
        self.pixels.apply(raw, out=x)
        return x, y

    def _allocate(self, n: int) -> tuple[np.ndarray, ...]:
        raw = np.empty((n, *self.images.shape[1:]), np.uint8)
        x = np.empty((n, int(np.prod(self.images.shape[1:]))), self.dtype)
        return raw, np.empty_like(raw), x, np.empty(n, np.intp)


def _epoch(net, batches, rng, shuffle, optimizer, state, schedule):
    """Go once through all examples; return mean loss, optimizer state and last learning rate."""
    count, size = len(batches), batches.size
    order = rng.permutation(count) if shuffle else np.arange(count)
    losses = np.empty(count, net.parameters.dtype)
    memory, rate = state.optimizer_state, 0.0
    update, step = optimizer.update, state.epoch * -(-count // size)
    for start in range(0, count, size):
        x, y = batches.load(order[start : start + size], rng)
        losses[start : start + size] = net.step(x, y)
        rate = schedule(step)
        memory = update(net.parameters, net.gradient, memory, rate)
        step += 1
    loss = float(losses.mean(dtype=np.float64))
    if not np.isfinite(loss):
        raise DivergenceError(
            f"train: the loss of epoch {state.epoch + 1} is {loss} at learning rate {rate:.3g}. "
            "Take a smaller learning rate or smaller initial weights."
        )
    return loss, memory, rate


def _schedule(learning_rate: float | Schedule) -> Schedule:
    if callable(learning_rate):
        return learning_rate
    if not learning_rate > 0:
        raise ValueError(f"train: expected a learning rate above 0; got {learning_rate}")
    return lambda step: learning_rate


def _restore(net, optimizer, rng, resume: TrainingState) -> TrainingState:
    """Put net and generator where the earlier run stopped."""
    if resume.parameters.shape != net.parameters.shape:
        raise ValueError(
            f"train: the state to resume has {resume.parameters.size} parameters, "
            f"the net {net.parameters.size}. Make the net with the same sizes."
        )
    if resume.optimizer_name != optimizer.name:
        raise ValueError(
            f"train: the state to resume was made by {resume.optimizer_name!r}; "
            f"got optimizer {optimizer.name!r}. Use the same one."
        )
    net.parameters[:] = resume.parameters
    if resume.rng_state:
        rng.bit_generator.state = resume.rng_state
    arrays = (v.copy() if isinstance(v, np.ndarray) else v for v in resume.optimizer_state)
    return resume._replace(optimizer_state=type(resume.optimizer_state)(*arrays))


def _check_data(where: str, net: DeepNet, images: np.ndarray, labels: np.ndarray) -> None:
    pixels = int(np.prod(images.shape[1:]))
    if images.dtype != np.uint8 or images.ndim not in (2, 3) or pixels != net.sizes[0]:
        raise ValueError(
            f"{where}: expected uint8 images of {net.sizes[0]} pixels, shape (n, {net.sizes[0]}) "
            f"or (n, height, width); got shape {images.shape} of {images.dtype}. "
            "Pass the stored bytes: scaling happens batch by batch."
        )
    if len(images) == 0:
        raise ValueError(f"{where}: expected at least one image; got none")
    check_labels(labels, examples=len(images), classes=net.sizes[-1])


def _check_run(images, epochs, batch_size, reach) -> None:
    if epochs < 1 or not 1 <= batch_size <= len(images):
        raise ValueError(
            f"train: expected epochs >= 1 and a batch size of 1 ... {len(images)}; "
            f"got {epochs} and {batch_size}"
        )
    if reach < 0 or (reach and images.ndim != 3):
        raise ValueError(
            "train: expected reach >= 0, and images of shape (n, height, width) to shift; "
            f"got reach {reach} and shape {images.shape}"
        )


def _describe(record: Record) -> str:
    text = f"loss {record.loss:.4f}"
    if record.validation is not None:
        text += f", validation {100 * record.validation.accuracy:.2f} %"
    return text
