"""The tool makes the shipped sample again from the official files, byte for byte."""

import gzip
import zlib

import make_mnist_sample
import pytest

from mlphys.datasets.catalog import MNIST, MNIST_SAMPLE
from mlphys.datasets.mnist import SAMPLE_FOLDER
from mlphys.datasets.state import OWN_FOLDER, state_of


@pytest.mark.full_data
def test_shipped_files_come_out_again():
    made = make_mnist_sample.make_sample(state_of(MNIST).folder / OWN_FOLDER)
    assert sorted(made) == sorted(path.name for path in SAMPLE_FOLDER.glob("*.gz"))
    for name, (content, digest) in made.items():
        shipped = (SAMPLE_FOLDER / name).read_bytes()
        assert gzip.decompress(content) == gzip.decompress(shipped)
        assert digest in {file.sha256 for file in MNIST_SAMPLE.files}
        if "ng" not in zlib.ZLIB_RUNTIME_VERSION:  # zlib-ng packs the same bytes in another way
            assert content == shipped


def test_header_of_the_compressed_files_names_no_time_and_no_system():
    for path in SAMPLE_FOLDER.glob("*.gz"):
        assert path.read_bytes()[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    assert make_mnist_sample.compress(b"x")[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


def test_folder_without_the_files_is_refused(tmp_path, capsys):
    assert make_mnist_sample.main([str(tmp_path)]) == 1
    assert "did not find train-images-idx3-ubyte" in capsys.readouterr().err
