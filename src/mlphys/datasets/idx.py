"""Reading IDX files of unsigned bytes, plain or compressed by gzip, and refusing any other bytes.

The format: two zero bytes, the type (8 for unsigned bytes), the number of axes; then the length of
each axis as a big-endian 32-bit number; then the array in C order. A file is accepted only if its
size, its header and its SHA-256 are those of the catalog, so a reader of the arrays can rely on
them.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from pathlib import Path

import numpy as np

from mlphys.datasets.catalog import Dataset, IdxFile
from mlphys.datasets.errors import DataError

__all__ = ["find_idx_file", "read_idx", "read_idx_folder"]

GZIP_MAGIC = b"\x1f\x8b"


def read_idx(path: Path, file: IdxFile, repair: str = "Fetch the file again.") -> np.ndarray:
    """Return the array of one IDX file, checked to the last byte.

    Parameters
    ----------
    path : pathlib.Path
        The file; compressed if its first two bytes say so.
    file : IdxFile
        What the uncompressed file must be.
    repair : str
        What the reader of an error message should do; its last sentence.

    Returns
    -------
    numpy.ndarray
        ``uint8``, of shape ``file.shape``, writable.

    Raises
    ------
    DataError
        If the file is missing, unreadable, truncated or too long, or if its header or its SHA-256
        is not the expected one.

    Examples
    --------
    >>> from mlphys.datasets.catalog import MNIST_SAMPLE
    >>> from mlphys.datasets.mnist import SAMPLE_FOLDER
    >>> read_idx(SAMPLE_FOLDER / "t10k-labels-idx1-ubyte.gz", MNIST_SAMPLE.files[3])[:5]
    array([7, 0, 9, 3, 1], dtype=uint8)
    """
    content = _read_bytes(path, file, repair)
    if len(content) != file.bytes:
        fault = "is truncated" if len(content) < file.bytes else "is too long"
        raise DataError(
            f"{path} {fault}: expected {file.bytes:,} bytes (uncompressed); "
            f"got {len(content):,}. {repair}"
        )
    start = len(file.header)
    header = content[:start].tobytes()
    if header != file.header:
        raise DataError(
            f"{path} is another IDX file: expected the header {file.header.hex()} "
            f"(unsigned bytes, shape {file.shape}); got {header.hex()}. {repair}"
        )
    digest = hashlib.sha256(content.data).hexdigest()
    if digest != file.sha256:
        raise DataError(
            f"{path} has a wrong checksum: expected SHA-256 {file.sha256}; got {digest}. {repair}"
        )
    return content[start:].reshape(file.shape)


def find_idx_file(folder: Path, file: IdxFile) -> Path | None:
    """Return the path of one file in a folder, plain or with ``.gz``; None where it is not there.

    Both spellings in use are found: ``train-images-idx3-ubyte`` and ``train-images.idx3-ubyte``.
    """
    for name in (file.name, file.name.replace("-idx", ".idx")):
        for path in (folder / name, folder / f"{name}.gz"):
            if path.is_file():
                return path
    return None


def read_idx_folder(
    folder: Path, dataset: Dataset, repair: str = "Fetch the file again."
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return training images, training labels, test images, test labels from a folder.

    Raises
    ------
    DataError
        If a file is missing, or is not to the last byte what the catalog says.

    Examples
    --------
    >>> from mlphys.datasets.catalog import MNIST_SAMPLE
    >>> from mlphys.datasets.mnist import SAMPLE_FOLDER
    >>> [array.shape for array in read_idx_folder(SAMPLE_FOLDER, MNIST_SAMPLE)]
    [(6000, 28, 28), (6000,), (1000, 28, 28), (1000,)]
    """
    paths = [find_idx_file(folder, file) for file in dataset.files]
    missing = [file.name for file, path in zip(dataset.files, paths, strict=True) if path is None]
    if missing:
        raise DataError(
            f"{folder}: expected the files {', '.join(file.name for file in dataset.files)}, "
            f"each plain or with .gz; did not find {', '.join(missing)}. {repair}"
        )
    first, second, third, fourth = (
        read_idx(path, file, repair)
        for path, file in zip(paths, dataset.files, strict=True)
        if path is not None
    )
    return first, second, third, fourth


def _read_bytes(path: Path, file: IdxFile, repair: str) -> np.ndarray:
    """Return the uncompressed content of a file as writable bytes."""
    try:
        content = np.fromfile(path, dtype=np.uint8)
    except OSError as fault:
        raise DataError(
            f"{path}: expected a readable file of {file.bytes:,} bytes; "
            f"got {fault.strerror or fault}. {repair}"
        ) from fault
    if content[:2].tobytes() != GZIP_MAGIC:
        return content
    try:
        return np.frombuffer(bytearray(gzip.decompress(content.data)), dtype=np.uint8)
    except (EOFError, OSError, zlib.error) as fault:
        raise DataError(
            f"{path} is truncated or damaged: expected a gzip file of {file.bytes:,} bytes when "
            f"uncompressed; got this on reading it: {fault}. {repair}"
        ) from fault
