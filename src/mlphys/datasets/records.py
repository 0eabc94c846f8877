"""Writing a data set for ``tensorflow_datasets``, and reading it through it.

The only module of this package that imports TensorFlow, and only when one of its functions runs.
"""

from __future__ import annotations

import errno
import hashlib
import io
import logging
from contextlib import redirect_stdout
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import numpy as np

from mlphys.datasets.catalog import Dataset
from mlphys.datasets.errors import DataError
from mlphys.quiet import quiet_stderr, quiet_tensorflow

__all__ = ["Arrays", "check_tfds", "import_tfds", "read_records", "write_records"]

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def check_tfds() -> None:
    """Raise `DataError` at once if TensorFlow or tfds is not installed. Imports neither."""
    for package in ("tensorflow", "tensorflow_datasets", "importlib_resources"):
        if find_spec(package) is None:
            raise DataError(
                f"expected the package {package}, which writes and reads the records; it is not "
                "installed. Install it with: pip install 'mlphys[tensorflow]'"
            )


def import_tfds() -> ModuleType:
    """Return ``tensorflow_datasets``, without log lines and progress bars."""
    check_tfds()
    quiet_tensorflow()
    with quiet_stderr():
        import tensorflow_datasets as tfds
    tfds.disable_progress_bar()
    logging.getLogger("absl").setLevel(logging.ERROR)  # its notes on folders name our workshop
    return tfds


def write_records(dataset: Dataset, arrays: Arrays, folder: Path) -> None:
    """Store the arrays under ``folder``, so that ``tfds.load(dataset.name, data_dir=folder)`` works.

    The order of the examples is that of the arrays.

    Raises
    ------
    OSError
        If the disk is full or cannot be written to.
    """
    tfds = import_tfds()
    tf = quiet_tensorflow()
    height, width = dataset.files[0].shape[1:]
    features = tfds.features.FeaturesDict(
        {
            "image": tfds.features.Image(shape=(height, width, 1)),
            "label": tfds.features.ClassLabel(num_classes=dataset.classes),
        }
    )

    def examples(images: np.ndarray, labels: np.ndarray):
        columns = {"image": images[..., None], "label": labels.astype(np.int64)}
        return tf.data.Dataset.from_tensor_slices(columns)

    try:
        with quiet_stderr(), redirect_stdout(io.StringIO()):
            tfds.dataset_builders.store_as_tfds_dataset(
                name=dataset.name,
                version=dataset.version,
                data_dir=folder,
                features=features,
                split_datasets={"train": examples(*arrays[:2]), "test": examples(*arrays[2:])},
                description=f"{dataset.name}: {dataset.origin}",
                disable_shuffling=True,
            )
    except Exception as fault:
        # tfds wraps whatever went wrong, the disk's own errors included, in other classes
        raise (_disk_error(fault, folder, tf) or fault) from fault


def read_records(dataset: Dataset, folder: Path, repair: str) -> Arrays:
    """Return the arrays of a prepared set as ``tensorflow_datasets`` itself reads them.

    Raises
    ------
    DataError
        If what is read is not, to the last byte, what the catalog says.
    """
    tfds = import_tfds()
    tf = quiet_tensorflow()
    try:
        splits = tfds.as_numpy(
            tfds.load(dataset.name, data_dir=folder, batch_size=-1, download=False)
        )
    except (tf.errors.OpError, OSError, ValueError, AssertionError) as fault:
        raise DataError(
            f"{folder}: expected tensorflow_datasets to read {dataset.name}; "
            f"got {type(fault).__name__}: {fault}. {repair}"
        ) from fault
    arrays = tuple(
        array
        for split in ("train", "test")
        for array in (splits[split]["image"][..., 0], splits[split]["label"].astype(np.uint8))
    )
    for array, file in zip(arrays, dataset.files, strict=True):
        content = file.header + np.ascontiguousarray(array).tobytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest != file.sha256:
            raise DataError(
                f"{folder}: expected the {file.name} of {dataset.name} to have the SHA-256 "
                f"{file.sha256}; the records hold {digest}. {repair}"
            )
    return arrays


def _disk_error(fault: BaseException, folder: Path, tf: ModuleType) -> OSError | None:
    """Return the error of the disk at the bottom of a chain of exceptions, if there is one."""
    numbers = {
        tf.errors.ResourceExhaustedError: errno.ENOSPC,
        tf.errors.OutOfRangeError: errno.EFBIG,
        tf.errors.PermissionDeniedError: errno.EACCES,
    }
    link: BaseException | None = fault
    while link is not None:
        if isinstance(link, OSError):
            return link
        if type(link) in numbers:
            words = str(link).rpartition("; ")[2]
            return OSError(numbers[type(link)], words, str(folder))
        link = link.__cause__ or link.__context__
    return None
