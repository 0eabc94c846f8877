"""The catalog's numbers, against the format's definition and the sizes of the official files."""

import struct

import pytest
from tiny_data import FILES, TINY

from mlphys.datasets.catalog import CATALOG, MNIST, MNIST_SAMPLE, find_dataset
from mlphys.datasets.errors import DataError

# Bytes of the four uncompressed official files.
SIZES = (47_040_016, 60_008, 7_840_016, 10_008)


def test_headers_are_those_of_the_format():
    assert [file.header for file in TINY.files] == [
        FILES[file.name][: 4 + 4 * len(file.shape)] for file in TINY.files
    ]
    assert MNIST.files[0].header == struct.pack(">4I", 2051, 60_000, 28, 28)
    assert MNIST.files[1].header == struct.pack(">2I", 2049, 60_000)


def test_sizes_are_those_of_the_official_files():
    assert tuple(file.bytes for file in MNIST.files) == SIZES


def test_digests_tell_the_sets_apart():
    digests = {dataset.sha256 for dataset in (*CATALOG.values(), MNIST_SAMPLE, TINY)}
    assert len(digests) == len(CATALOG) + 2


def test_unknown_name_lists_the_known_ones():
    with pytest.raises(DataError, match="expected one of mnist; got 'cifar'"):
        find_dataset("cifar")
