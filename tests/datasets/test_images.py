"""The loader of pictures: which set it takes, what it says, and what it refuses."""

import gzip
import os
import urllib.error
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tiny_data import NAMES, TINY, make_arrays, write_idx_folder

from mlphys.datasets import DataError, images, load_images
from mlphys.datasets.__main__ import main
from mlphys.datasets.images import image_fingerprint

REAL = Path(os.environ.get("MLPHYS_FASHION", images.DEBIAN))


@pytest.fixture
def bare(home, tmp_path, monkeypatch):
    """Return a machine that has neither set."""
    monkeypatch.setattr(images, "DEBIAN", tmp_path / "debian")
    return home


@pytest.fixture
def tiny_fashion(bare, tmp_path, monkeypatch):
    """Return Debian's folder with a tiny set in it."""
    del bare
    monkeypatch.setattr(images, "FASHION_MNIST", replace(TINY, name="fashion-mnist"))
    return write_idx_folder(tmp_path / "debian")


def test_unknown_source_lists_the_legal_ones():
    with pytest.raises(ValueError, match="one of auto, cifar10, fashion-mnist, mnist; got 'web'"):
        load_images(source="web")


def test_bare_machine_gets_digits_and_is_told_so(bare):
    del bare
    found = load_images()
    assert found.name == "mnist-sample"
    assert found.title == "handwritten digits"
    assert found.train_images.shape == (6000, 28, 28, 1)
    assert "no number here is one of CIFAR-10" in found.source
    assert "prepare cifar10 --from tfds" in found.source
    assert image_fingerprint().startswith("mnist-sample:")


def test_digits_asked_for_come_without_the_advice(bare):
    del bare
    assert "CIFAR" not in load_images(source="mnist").source


@pytest.mark.parametrize("source", ["cifar10", "fashion-mnist"])
def test_a_set_asked_for_by_name_is_never_replaced(bare, source):
    del bare
    with pytest.raises(
        DataError, match=r"expected .* (was not prepared|not there)\. .*[Rr]un once"
    ):
        load_images(source=source)


def test_an_empty_folder_asked_for_is_refused(bare, tmp_path):
    del bare
    with pytest.raises(DataError, match=r"the four files of Fashion-MNIST in .*nowhere"):
        load_images(folder=tmp_path / "nowhere")


def test_fashion_comes_from_the_systems_folder(tiny_fashion):
    found = load_images()
    for read, written in zip(found[:4], make_arrays(), strict=True):
        np.testing.assert_array_equal(read[..., 0] if read.ndim == 4 else read, written)
    assert (found.name, found.title) == ("fashion-mnist", "Fashion-MNIST")
    assert found.source == (
        "Fashion-MNIST: 20 training and 10 test pictures, from Debian's package "
        "dataset-fashion-mnist."
    )
    assert str(tiny_fashion) not in found.source
    assert image_fingerprint().startswith("fashion-mnist:")


def test_fashion_comes_from_a_folder_compressed_or_not(tiny_fashion, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    for name in NAMES:
        (other / f"{name}.gz").write_bytes(gzip.compress((tiny_fashion / name).read_bytes()))
    found = load_images(folder=other)
    np.testing.assert_array_equal(found.train_images[..., 0], make_arrays()[0])


def test_the_data_folder_goes_before_the_systems(tiny_fashion, bare):
    write_idx_folder(bare / "fashion-mnist")
    (tiny_fashion / NAMES[0]).unlink()
    assert "checked" in load_images().source


def test_incomplete_fashion_is_never_stepped_over(tiny_fashion):
    before = image_fingerprint()
    (tiny_fashion / NAMES[3]).unlink()
    assert image_fingerprint() != before
    with pytest.raises(DataError, match=r"did not find t10k-labels-idx1-ubyte. Install the pack"):
        load_images()


def test_changed_pixel_is_never_stepped_over(tiny_fashion):
    path = tiny_fashion / NAMES[0]
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(DataError, match="wrong checksum"):
        load_images()


# --- CIFAR-10, as tensorflow_datasets stores it ---


@pytest.fixture
def tiny_cifar10(bare, monkeypatch):
    pytest.importorskip("tensorflow_datasets")
    from mlphys.datasets.records import import_tfds
    from mlphys.quiet import quiet_tensorflow

    tfds, tf = import_tfds(), quiet_tensorflow()
    features = tfds.features.FeaturesDict(
        {
            "id": tfds.features.Text(),
            "image": tfds.features.Image(shape=(32, 32, 3)),
            "label": tfds.features.ClassLabel(num_classes=10),
        }
    )
    rng = np.random.default_rng(3)
    made = {}
    for split, count in (("train", 2), ("test", 1)):
        labels = np.repeat(np.arange(10), count)
        made[split] = rng.integers(0, 256, (len(labels), 32, 32, 3), np.uint8), labels
    tfds.dataset_builders.store_as_tfds_dataset(
        name="cifar10", version="3.0.2", data_dir=bare / "tfds", features=features,
        split_datasets={
            split: tf.data.Dataset.from_tensor_slices(
                {"id": [f"{split}_{i}" for i in range(len(y))], "image": x, "label": y}
            )
            for split, (x, y) in made.items()
        },
        disable_shuffling=True,
    )  # fmt: skip
    monkeypatch.setattr(images, "CIFAR10_COUNTS", (2, 1))
    return made


def test_cifar10_goes_before_all_others(tiny_cifar10, tiny_fashion, monkeypatch):
    del tiny_fashion
    found = load_images()
    assert (found.name, found.title, found.classes[3]) == ("cifar10", "CIFAR-10", "cat")
    np.testing.assert_array_equal(found.train_images, tiny_cifar10["train"][0])
    np.testing.assert_array_equal(found.test_labels, tiny_cifar10["test"][1])
    assert found.train_images.dtype == found.test_labels.dtype == np.uint8
    assert image_fingerprint().startswith("cifar10:")
    assert load_images(source="fashion-mnist").name == "fashion-mnist"
    assert load_images(source="mnist").name == "mnist-sample"
    monkeypatch.setattr(images, "CIFAR10_COUNTS", (5000, 1000))
    with pytest.raises(
        DataError, match=r"expected cifar10 to hold 5,000 pict.*Delete .*prepare cifar10"
    ):
        load_images()


def test_broken_cifar10_is_never_stepped_over(bare):
    pytest.importorskip("tensorflow_datasets")
    (bare / "tfds" / images.CIFAR10_FOLDER).mkdir(parents=True)
    assert image_fingerprint() == "cifar10:broken"
    with pytest.raises(DataError, match=r"expected tensorflow_datasets to read cifar10; got"):
        load_images()


def test_preparing_a_prepared_set_fetches_nothing(tiny_cifar10, bare, monkeypatch):
    del tiny_cifar10

    def refuse(*args, **options):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(images.urllib.request, "urlopen", refuse)
    said = []
    assert images.prepare_cifar10(say=said.append) == bare / "tfds" / images.CIFAR10_FOLDER
    assert said[0].startswith("CIFAR-10: 20 training and 10 test pictures")


def test_preparing_without_a_network_says_so(bare, monkeypatch, capsys):
    pytest.importorskip("tensorflow_datasets")

    def refuse(*args, **options):
        raise urllib.error.URLError("no route")

    monkeypatch.setattr(images.urllib.request, "urlopen", refuse)
    assert main(["prepare", "cifar10", "--from", "tfds"]) == 1
    error = capsys.readouterr().err
    assert "no download: expected an answer from https" in error
    assert "got no route. Nothing was stored" in error
    assert not bare.exists()


def test_a_failed_download_is_one_error(bare, monkeypatch):
    pytest.importorskip("tensorflow_datasets")
    from mlphys.datasets import records

    class Broken:
        def load(self, *args, **options):
            raise ValueError("wrong checksum")

    monkeypatch.setattr(images, "_check_reach", lambda url: None)
    monkeypatch.setattr(records, "import_tfds", Broken)
    with pytest.raises(DataError, match=r"download failed: .*ValueError: wrong checksum"):
        images.prepare_cifar10(say=list)
    assert not bare.exists()


@pytest.mark.parametrize("rest", [["--from", "npm"], ["--from", "tfds", "--force"]])
def test_cifar10_has_one_route(rest, capsys):
    assert main(["prepare", "cifar10", *rest]) == 2
    assert "cifar10: expected --from tfds" in capsys.readouterr().err


# --- the real thing ---


@pytest.mark.skipif(not REAL.is_dir(), reason="needs Debian's package dataset-fashion-mnist")
def test_debians_files_are_the_published_set():
    found = load_images(source="fashion-mnist", folder=REAL)
    assert found.train_images.shape == (60_000, 28, 28, 1)
    # ten classes in equal shares, as Xiao, Rasul and Vollgraf state
    assert np.bincount(found.train_labels).tolist() == [6000] * 10
    assert np.bincount(found.test_labels).tolist() == [1000] * 10
