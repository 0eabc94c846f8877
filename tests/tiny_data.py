"""A data set of 30 small random images, for tests that prepare one; it borrows MNIST's name."""

import hashlib
import io
import struct
import tarfile
from pathlib import Path

import numpy as np

from mlphys.datasets.catalog import Dataset, IdxFile, NpmPackage

NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def make_arrays():
    """Return 20 training and 10 test images with their labels."""
    rng = np.random.default_rng(20)
    return (
        rng.integers(0, 256, (20, 28, 28), dtype=np.uint8),
        rng.integers(0, 10, 20, dtype=np.uint8),
        rng.integers(0, 256, (10, 28, 28), dtype=np.uint8),
        rng.integers(0, 10, 10, dtype=np.uint8),
    )


def make_idx(array):
    """Return the IDX file of an array of bytes, written independently of the library."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


FILES = dict(zip(NAMES, map(make_idx, make_arrays()), strict=True))
TINY = Dataset(
    name="mnist",
    version="3.0.1",
    classes=10,
    files=tuple(
        IdxFile(name, array.shape, hashlib.sha256(FILES[name]).hexdigest())
        for name, array in zip(NAMES, make_arrays(), strict=True)
    ),
    origin="random numbers",
    licence="none needed",
    npm=NpmPackage("tiny-data", "1.0.0", "data"),
)


def write_idx_folder(folder: Path) -> Path:
    """Write the four files and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    return folder


def make_npm_archive(files=FILES) -> bytes:
    """Return the archive that ``npm pack`` would fetch for the tiny set."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"package/data/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def write_records_stub(dataset, arrays, folder):
    """Stand in for the writer of records: the same places, plain content, no TensorFlow."""
    made = folder / dataset.name / dataset.version
    made.mkdir(parents=True)
    for split, images in zip(("train", "test"), arrays[::2], strict=True):
        (made / f"{dataset.name}-{split}.tfrecord").write_bytes(images.tobytes())
