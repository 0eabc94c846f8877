"""Make the MNIST sample that ships with mlphys: ``python tools/make_mnist_sample.py FOLDER``.

``FOLDER`` holds the four IDX files of MNIST, plain or with ``.gz``; their checksums are checked.
The rule: every tenth digit of the training set and of the test set, beginning with the first, in
the order of the files. (The first 1,000 test digits would not do: the two halves of the test set
come from different groups of writers [1]_, and both must be there.) No clock, no name, no random
number enters, so the files come out the same, byte for byte, each time.

With ``--check`` nothing is written: the files that ship are compared with what would be written.

.. [1] Yadav, C., and Bottou, L., *Cold Case: The Lost MNIST Digits*, NeurIPS 2019.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import sys
from pathlib import Path

import numpy as np

from mlphys.datasets.catalog import MNIST, MNIST_SAMPLE, IdxFile
from mlphys.datasets.errors import DataError
from mlphys.datasets.idx import read_idx_folder
from mlphys.datasets.mnist import SAMPLE_FOLDER

EVERY = 10


def sample_file(array: np.ndarray, file: IdxFile) -> bytes:
    """Return one uncompressed IDX file of the sample."""
    return file.header + np.ascontiguousarray(array[::EVERY]).tobytes()


def compress(content: bytes) -> bytes:
    """Return the gzip file of the content, without time or name in it."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=packed, mtime=0) as stream:
        stream.write(content)
    return packed.getvalue()


def make_sample(folder: Path) -> dict[str, tuple[bytes, str]]:
    """Return name -> (bytes of the compressed file, SHA-256 of the uncompressed one)."""
    made = {}
    for array, file in zip(read_idx_folder(folder, MNIST), MNIST_SAMPLE.files, strict=True):
        content = sample_file(array, file)
        made[f"{file.name}.gz"] = compress(content), hashlib.sha256(content).hexdigest()
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 if the sample was written or agrees, else 1."""
    parser = argparse.ArgumentParser(description="Make the MNIST sample that ships with mlphys.")
    parser.add_argument("folder", type=Path, help="folder with the four IDX files of MNIST")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--to", type=Path, default=SAMPLE_FOLDER, help="folder to write to")
    options = parser.parse_args(arguments)
    try:
        made = make_sample(options.folder)
    except DataError as fault:
        print(f"make_mnist_sample: {fault}", file=sys.stderr)
        return 1
    differ = 0
    for name, (content, digest) in made.items():
        path = options.to / name
        if not options.check:
            path.write_bytes(content)
        same = path.is_file() and path.read_bytes() == content
        differ += not same
        print(f"{'same' if same else 'DIFFERS'}  {len(content):>9,} bytes  {digest}  {name}")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
