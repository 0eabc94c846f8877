r"""Samples spoiled on purpose, so that one can see what a classifier then learns.

Each function takes arrays and returns new ones; nothing is changed in place. Images are bytes of
shape ``(n, height, width)``, 0 for paper and 255 for ink; labels are integers ``0 ... k-1``.

Chapter: ``book/learning/going_wrong.md``.

References
----------
Change of class frequencies: Saerens, Latinne and Decaestecker, Neural Computation 14 (2002) 21,
eq. (2.4).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mlphys.learning.losses import check_labels, softmax

__all__ = [
    "Answers",
    "change_frequencies",
    "flip_labels",
    "invert_images",
    "judge",
    "make_near_copies",
    "move_images",
    "plant_telltale",
    "recalls",
    "rotate_images",
    "split_groups",
    "thin_class",
]


class Answers(NamedTuple):
    """How a classifier did on one set.

    Attributes
    ----------
    accuracy : float
        Fraction right.
    confidence : float
        Mean probability that it gave its own answers.
    surest_mistake : float
        Largest probability given to a wrong answer; 0 if there is none.
    """

    accuracy: float
    confidence: float
    surest_mistake: float


def judge(logits: np.ndarray, labels: np.ndarray) -> Answers:
    """Return accuracy, mean confidence, and the confidence of the worst mistake.

    Parameters
    ----------
    logits : ndarray of float, shape (n, k)
    labels : ndarray of int, shape (n,)

    Examples
    --------
    >>> answers = judge(np.log([[0.8, 0.2], [0.6, 0.4]]), np.array([0, 1]))
    >>> [round(value, 6) for value in answers]
    [0.5, 0.7, 0.6]
    """
    check_labels(labels, examples=len(logits), classes=logits.shape[1])
    sure = softmax(logits.astype(np.float64)).max(axis=1)
    wrong = logits.argmax(axis=1) != labels
    return Answers(float(1 - wrong.mean()), float(sure.mean()), float(sure[wrong].max(initial=0.0)))


def recalls(answers: np.ndarray, labels: np.ndarray, *, classes: int = 10) -> np.ndarray:
    """Return, class by class, the fraction of its examples that are named rightly.

    Parameters
    ----------
    answers, labels : ndarray of int, shape (n,)
    classes : int

    Returns
    -------
    ndarray of float, shape (classes,)
        NaN for a class without examples. The mean over classes is the balanced accuracy.

    Examples
    --------
    >>> recalls(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]), classes=2)
    array([1. , 0.5])
    """
    check_labels(labels, examples=len(answers), classes=classes)
    total = np.bincount(labels, minlength=classes)
    right = np.bincount(labels[answers == labels], minlength=classes)
    return np.where(total > 0, right / np.maximum(total, 1), np.nan)


def plant_telltale(
    images: np.ndarray,
    labels: np.ndarray,
    *,
    fraction: float = 1.0,
    row: int = 0,
    first_column: int = 9,
    rng: np.random.Generator | None = None,
) -> np.ndarray:
    """Return the images with one pixel of full ink each whose column tells the label.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, height, width)
    labels : ndarray of int, shape (n,)
        Label ``k`` blackens column ``first_column + k``. Pass other labels than the true ones to
        make pixels that lie.
    fraction : float
        Share of the images that get one, 0 ... 1; which ones is drawn from ``rng``.
    row, first_column : int
    rng : numpy.random.Generator, optional
        Needed if the fraction is neither 0 nor 1.

    Returns
    -------
    ndarray of uint8, shape of ``images``
        A copy.

    Raises
    ------
    ValueError
        If these are no such images, the labels do not fit, the pixel would lie outside, or a
        generator is missing.

    Examples
    --------
    >>> blank = np.zeros((2, 3, 4), np.uint8)
    >>> plant_telltale(blank, np.array([0, 2]), first_column=1)[:, 0]
    array([[  0, 255,   0,   0],
           [  0,   0,   0, 255]], dtype=uint8)
    """
    _check_images("plant_telltale", images)
    n, height, width = images.shape
    check_labels(labels, examples=n, classes=max(1, width - first_column))
    if not 0 <= row < height or first_column < 0:
        raise ValueError(
            f"plant_telltale: expected a row of 0 ... {height - 1} and a column of 0 or more; "
            f"got row {row}, column {first_column}"
        )
    chosen = np.arange(n) if fraction == 1 else _draw("plant_telltale", n, fraction, rng)
    planted = images.copy()
    planted[chosen, row, first_column + labels[chosen].astype(np.intp)] = 255
    return planted


def rotate_images(images: np.ndarray, *, quarter_turns: int = 1) -> np.ndarray:
    """Return the images turned counterclockwise by multiples of 90 degrees.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, height, width)
    quarter_turns : int

    Examples
    --------
    >>> rotate_images(np.array([[[1, 2], [3, 4]]], np.uint8))
    array([[[2, 4],
            [1, 3]]], dtype=uint8)
    """
    _check_images("rotate_images", images)
    return np.ascontiguousarray(np.rot90(images, quarter_turns, axes=(1, 2)))


def move_images(images: np.ndarray, *, down: int = 0, right: int = 0) -> np.ndarray:
    """Return the images moved by whole pixels; paper comes in, what leaves is lost.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, height, width)
    down, right : int
        May be negative.

    Examples
    --------
    >>> move_images(np.array([[[1, 2], [3, 4]]], np.uint8), right=1)
    array([[[0, 1],
            [0, 3]]], dtype=uint8)
    """
    _check_images("move_images", images)
    height, width = images.shape[1:]
    moved = np.zeros_like(images)
    if abs(down) < height and abs(right) < width:
        to = (
            slice(max(0, down), height + min(0, down)),
            slice(max(0, right), width + min(0, right)),
        )
        source = (
            slice(max(0, -down), height + min(0, -down)),
            slice(max(0, -right), width + min(0, -right)),
        )
        moved[:, to[0], to[1]] = images[:, source[0], source[1]]
    return moved


def invert_images(images: np.ndarray) -> np.ndarray:
    """Return the negatives: ink becomes paper and paper ink.

    Examples
    --------
    >>> invert_images(np.array([[[0, 200]]], np.uint8))
    array([[[255,  55]]], dtype=uint8)
    """
    _check_images("invert_images", images)
    return 255 - images


def flip_labels(
    labels: np.ndarray, *, fraction: float, rng: np.random.Generator, classes: int = 10
) -> np.ndarray:
    """Return the labels, a share of them replaced by one of the other classes.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
    fraction : float
        0 ... 1; the nearest whole number of labels is made wrong, no more and no fewer.
    rng : numpy.random.Generator
    classes : int
        2 or more.

    Returns
    -------
    ndarray, shape (n,), dtype of ``labels``

    Examples
    --------
    >>> truth = np.zeros(10, int)
    >>> wrong = flip_labels(truth, fraction=0.3, rng=np.random.default_rng(0), classes=3)
    >>> int((wrong != truth).sum())
    3
    """
    check_labels(labels, examples=len(labels), classes=classes)
    if classes < 2:
        raise ValueError(f"flip_labels: expected two classes or more; got {classes}")
    chosen = _draw("flip_labels", len(labels), fraction, rng)
    noisy = labels.copy()
    steps = rng.integers(1, classes, len(chosen))
    noisy[chosen] = (labels[chosen].astype(np.intp) + steps) % classes
    return noisy


def thin_class(
    labels: np.ndarray, *, digit: int, keep: float, rng: np.random.Generator
) -> np.ndarray:
    """Return the places of a sample in which one class has become rare, in order.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
    digit : int
        The class of which only a share is kept.
    keep : float
        That share, 0 ... 1, rounded to whole examples.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int
        Indices into ``labels``.

    Examples
    --------
    >>> thin_class(np.array([0, 1, 1, 0]), digit=1, keep=0.0, rng=np.random.default_rng(0))
    array([0, 3])
    """
    of_class = np.flatnonzero(labels == digit)
    kept = of_class[_draw("thin_class", len(of_class), keep, rng)]
    return np.sort(np.concatenate([np.flatnonzero(labels != digit), kept]))


def change_frequencies(logits: np.ndarray, *, before: Any, after: Any) -> np.ndarray:
    r"""Return the logits that hold where the classes are as frequent as ``after`` says.

    By Bayes' rule the odds of two classes are the ratio of their frequencies times the ratio of
    their likelihoods. If only the frequencies change, :math:`z_k` gains
    :math:`\log(\mathrm{after}_k/\mathrm{before}_k)`.

    Parameters
    ----------
    logits : ndarray of float, shape (n, k)
        Of a classifier that learned where the frequencies were ``before``.
    before, after : array_like of float, shape (k,)
        Above 0; they need not sum to 1.

    Examples
    --------
    >>> z = np.log([[0.9, 0.1]])  # 9 : 1, learned where class 0 was 9 times as frequent
    >>> softmax(change_frequencies(z, before=[9, 1], after=[1, 1])).round(6)
    array([[0.5, 0.5]])
    """
    before, after = np.asarray(before, np.float64), np.asarray(after, np.float64)
    k = logits.shape[-1]
    if before.shape != (k,) or after.shape != (k,) or not np.all((before > 0) & (after > 0)):
        raise ValueError(
            f"change_frequencies: expected {k} frequencies above 0 twice; got shapes "
            f"{before.shape} and {after.shape}. A class that was never seen has no logit to correct"
        )
    return logits + np.log(after / after.sum()) - np.log(before / before.sum())


def make_near_copies(
    images: np.ndarray, *, copies: int, noise: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return each image several times with noise of its own, and which original it came from.

    Like frames of one film, or tiles of one scan.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, height, width)
    copies : int
        Of each, 1 or more.
    noise : float
        Standard deviation in bytes, before rounding and cutting to 0 ... 255.
    rng : numpy.random.Generator

    Returns
    -------
    images : ndarray of uint8, shape (n · copies, height, width)
    group : ndarray of int, shape (n · copies,)

    Examples
    --------
    >>> frames, group = make_near_copies(
    ...     np.full((2, 1, 1), 100, np.uint8), copies=2, noise=0.0, rng=np.random.default_rng(0))
    >>> frames.ravel(), group
    (array([100, 100, 100, 100], dtype=uint8), array([0, 0, 1, 1]))
    """
    _check_images("make_near_copies", images)
    if copies < 1 or not noise >= 0:
        raise ValueError(
            f"make_near_copies: expected copies >= 1 and noise >= 0; got {copies} and {noise}"
        )
    group = np.repeat(np.arange(len(images)), copies)
    shaken = images[group] + noise * rng.standard_normal((len(group), *images.shape[1:]))
    return np.clip(np.rint(shaken), 0, 255).astype(np.uint8), group


def split_groups(
    group: np.ndarray, *, held_out: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return places to learn from and places to judge by, with no group in both.

    Parameters
    ----------
    group : ndarray of int, shape (n,)
    held_out : float
        Share of the *groups* to judge by.
    rng : numpy.random.Generator

    Examples
    --------
    >>> train, test = split_groups(
    ...     np.array([7, 7, 8, 8]), held_out=0.5, rng=np.random.default_rng(0))
    >>> len(train), len(test), set(train) & set(test)
    (2, 2, set())
    """
    names = np.unique(group)
    count = round(held_out * len(names))
    if not 0 < count < len(names):
        raise ValueError(
            "split_groups: expected a share that leaves groups on both sides; got "
            f"held_out={held_out} of {len(names)} groups"
        )
    judged = np.isin(group, rng.permutation(names)[:count])
    return np.flatnonzero(~judged), np.flatnonzero(judged)


def _draw(where: str, n: int, fraction: float, rng: np.random.Generator | None) -> np.ndarray:
    """Return round(fraction · n) different places in order."""
    if not 0 <= fraction <= 1:
        raise ValueError(f"{where}: expected a fraction of 0 ... 1; got {fraction}")
    if rng is None:
        raise ValueError(f"{where}: a fraction of {fraction} is drawn at random; pass rng=...")
    return np.sort(rng.permutation(n)[: round(fraction * n)])


def _check_images(where: str, images: np.ndarray) -> None:
    if images.ndim != 3 or images.dtype != np.uint8:
        raise ValueError(
            f"{where}: expected uint8 images of shape (n, height, width); "
            f"got {images.dtype} of shape {images.shape}"
        )
