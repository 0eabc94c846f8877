"""Records that tensorflow_datasets writes and reads: the same arrays in the same order."""

import errno
import os
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest
from tiny_data import NAMES, TINY, make_arrays

from mlphys.datasets import records
from mlphys.datasets.errors import DataError

pytestmark = pytest.mark.skipif(
    find_spec("tensorflow_datasets") is None, reason="needs pip install 'mlphys[tensorflow]'"
)


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tfds")
    records.write_records(TINY, make_arrays(), folder)
    return folder


def test_what_is_written_is_read(stored):
    for read, written in zip(
        records.read_records(TINY, stored, "Repair."), make_arrays(), strict=True
    ):
        np.testing.assert_array_equal(read, written)
        assert read.dtype == np.uint8


def test_tfds_load_takes_it_for_its_own_mnist(stored):
    tfds = records.import_tfds()
    examples, info = tfds.load("mnist", data_dir=stored, split="train", with_info=True)
    assert info.full_name == "mnist/3.0.1"
    assert info.splits["test"].num_examples == 10
    images, labels = make_arrays()[:2]
    for example, image, label in zip(tfds.as_numpy(examples), images, labels, strict=True):
        np.testing.assert_array_equal(example["image"], image[..., None])
        assert example["label"] == label


def test_records_of_another_set_are_refused(stored):
    files = (TINY.files[0], TINY.files[3], TINY.files[2], TINY.files[1])
    other = type(TINY)("mnist", "3.0.1", 10, files, "", "")
    with pytest.raises(DataError, match=rf"expected the {NAMES[3]} of mnist .* Repair\."):
        records.read_records(other, stored, "Repair.")


def test_damaged_records_are_refused(tmp_path):
    records.write_records(TINY, make_arrays(), tmp_path)
    (path,) = tmp_path.rglob("*train.tfrecord*")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataError, match=r"expected tensorflow_datasets to read mnist; got .* Rep"):
        records.read_records(TINY, tmp_path, "Repair.")


def test_no_records_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"expected tensorflow_datasets to read mnist; got .* Rep"):
        records.read_records(TINY, tmp_path, "Repair.")


@pytest.mark.skipif(sys.platform == "win32", reason="limits on file sizes are of POSIX")
def test_full_disk_inside_tensorflow_is_an_error_of_the_disk(tmp_path):
    # The limit on the size of a file makes the system refuse to write, as a full disk does.
    code = (
        "import resource, pathlib, tiny_data\n"
        "from mlphys.datasets.records import write_records\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))\n"
        "try:\n"
        f"    write_records(tiny_data.TINY, tiny_data.make_arrays(), pathlib.Path({str(tmp_path)!r}))\n"
        "except OSError as fault:\n"
        "    print(fault.errno, fault.strerror)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": records_path()},
    )
    assert done.stdout == f"{errno.EFBIG} File too large\n"


def records_path():
    """Return the folder of ``tiny_data``, for a process that pytest did not start."""
    import tiny_data

    return tiny_data.__file__.rpartition("/")[0]


def test_missing_package_names_the_extra(monkeypatch):
    monkeypatch.setattr(records, "find_spec", lambda name: None)
    with pytest.raises(DataError, match=r"pip install 'mlphys\[tensorflow\]'"):
        records.check_tfds()
