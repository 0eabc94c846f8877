"""Absent, prepared or broken; and the fingerprint for a cache."""

import json
import subprocess
import sys
import time

import pytest
from tiny_data import NAMES

from mlphys.datasets import fingerprint
from mlphys.datasets.catalog import MNIST_SAMPLE
from mlphys.datasets.errors import DataError
from mlphys.datasets.prepare import prepare
from mlphys.datasets.state import MANIFEST, check_digests, check_not_broken, state_of


@pytest.fixture
def folder(tiny, idx_folder):
    return prepare(tiny, "idx", folder=idx_folder, say=list).folder


def test_absent_then_prepared(tiny, idx_folder):
    assert state_of(tiny).word == "absent"
    assert fingerprint() == f"mnist-sample:{MNIST_SAMPLE.sha256}"
    prepare(tiny, "idx", folder=idx_folder, say=list)
    assert state_of(tiny).word == check_digests(tiny).word == "prepared"
    assert state_of(tiny).route == "a folder of IDX files"
    assert fingerprint() == f"mnist:{tiny.sha256}"


def truncate(path):
    path.write_bytes(path.read_bytes()[:-1])


FAULTS = {
    "records truncated": (
        lambda folder: truncate(folder / "mnist-train.tfrecord"),
        r"mnist-train.tfrecord: expected 15,680 bytes; got 15,679",
    ),
    "records gone": (
        lambda folder: (folder / "mnist-test.tfrecord").unlink(),
        r"mnist-test.tfrecord: expected a readable file; got: No such file",
    ),
    "images truncated": (
        lambda folder: truncate(folder / "mlphys" / NAMES[0]),
        r"mlphys/train-images-idx3-ubyte: expected 15,696 bytes; got 15,695",
    ),
    "manifest gone": (
        lambda folder: (folder / MANIFEST).unlink(),
        r"mlphys/manifest.json: expected a readable file; got: No such file",
    ),
    "manifest truncated": (
        lambda folder: truncate(folder / MANIFEST) or truncate(folder / MANIFEST),
        r"manifest.json: expected a manifest of mlphys; got JSONDecodeError",
    ),
    "manifest empty": (
        lambda folder: (folder / MANIFEST).write_text("{}"),
        r"manifest.json: expected a manifest of mlphys; got ValueError: no list",
    ),
    "manifest is a list": (
        lambda folder: (folder / MANIFEST).write_text("[]"),
        r"manifest.json: expected a manifest of mlphys; got ValueError: no list",
    ),
    "manifest is no text": (
        lambda folder: (folder / MANIFEST).write_bytes(b"\xff\xfe"),
        r"manifest.json: expected a manifest of mlphys; got UnicodeDecodeError",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_broken_set_says_what_is_broken_and_how_to_repair_it(folder, tiny, fault):
    damage, reason = FAULTS[fault]
    damage(folder)
    assert state_of(tiny).word == check_digests(tiny).word == "broken"
    with pytest.raises(DataError, match=reason) as caught:
        check_not_broken(tiny)
    assert "Repair it with: python -m mlphys.datasets prepare mnist --force" in str(caught.value)
    assert fingerprint() == "mnist:broken"


def test_another_set_in_the_same_place_is_broken(folder, tiny):
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, "sha256": "0" * 64}))
    assert "expected the data set" in state_of(tiny).reason


def test_a_folder_that_something_else_made_is_broken(home, tiny):
    (home / "tfds" / "mnist" / "3.0.1").mkdir(parents=True)
    assert state_of(tiny).word == "broken"


def test_changed_byte_is_found_by_the_digests(folder, tiny):
    path = folder / "mnist-train.tfrecord"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert state_of(tiny).word == "prepared"
    assert check_digests(tiny).word == "broken"
    assert "mnist-train.tfrecord: expected SHA-256" in check_digests(tiny).reason


def test_fingerprint_is_cheap(folder):
    del folder
    fingerprint()
    started = time.process_time()
    fingerprint()
    assert time.process_time() - started < 0.05


def test_fingerprint_refuses_an_unknown_set():
    with pytest.raises(DataError, match="expected one of mnist; got 'cifar'"):
        fingerprint("cifar")


def test_importing_and_fingerprinting_load_nothing_heavy(home):
    code = (
        "import sys, mlphys.datasets as d; d.fingerprint(); d.load_mnist();"
        "print(sorted({'tensorflow', 'jax', 'matplotlib', 'scipy', 'tqdm'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
