"""IDX files are read to the last byte or refused with the file, what it should be, what it is."""

import gzip

import numpy as np
import pytest
from tiny_data import FILES, NAMES, TINY, make_arrays

from mlphys.datasets.errors import DataError
from mlphys.datasets.idx import find_idx_file, read_idx, read_idx_folder

IMAGES = TINY.files[0]


def test_folder_gives_the_arrays_that_were_written(idx_folder):
    for read, written in zip(read_idx_folder(idx_folder, TINY), make_arrays(), strict=True):
        np.testing.assert_array_equal(read, written)
        assert read.dtype == np.uint8
        assert read.flags.writeable


@pytest.mark.parametrize("rename", [lambda name: name, lambda name: name.replace("-idx", ".idx")])
def test_compressed_files_and_both_spellings_are_found(tmp_path, rename):
    for name, content in FILES.items():
        (tmp_path / f"{rename(name)}.gz").write_bytes(gzip.compress(content))
    for read, written in zip(read_idx_folder(tmp_path, TINY), make_arrays(), strict=True):
        np.testing.assert_array_equal(read, written)
        assert read.flags.writeable


def test_missing_files_are_all_named(idx_folder):
    (idx_folder / NAMES[1]).unlink()
    (idx_folder / NAMES[3]).unlink()
    with pytest.raises(DataError, match=f"did not find {NAMES[1]}, {NAMES[3]}. Get it"):
        read_idx_folder(idx_folder, TINY, "Get it.")
    assert find_idx_file(idx_folder, TINY.files[1]) is None


FAULTS = {
    "truncated": (lambda content: content[:-1], r"is truncated: expected 15,696 .* got 15,695"),
    "empty": (lambda content: b"", r"is truncated: expected 15,696 .* got 0"),
    "too long": (lambda content: content + b"x", r"is too long: expected 15,696 .* got 15,697"),
    "other type": (lambda content: b"\0\0\x0d" + content[3:], r"another IDX file: .* 00000d03"),
    "one bit": (lambda content: content[:-1] + bytes([content[-1] ^ 1]), r"wrong checksum: .*256"),
    "no gzip": (
        lambda content: gzip.compress(content)[:-9],
        r"truncated or damaged: expected a gz",
    ),
    "bad gzip": (lambda content: b"\x1f\x8b\x08" + bytes(50), r"truncated or damaged: expected a"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_file_is_refused(idx_folder, fault):
    damage, message = FAULTS[fault]
    path = idx_folder / IMAGES.name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DataError, match=message) as caught:
        read_idx(path, IMAGES, "Do this.")
    assert str(caught.value).startswith(str(path))
    assert str(caught.value).endswith("Do this.")


def test_every_single_changed_byte_is_seen(idx_folder):
    path = idx_folder / NAMES[1]
    content = path.read_bytes()
    for position in range(len(content)):
        path.write_bytes(content[:position] + b"\xff" + content[position + 1 :])
        with pytest.raises(DataError):
            read_idx(path, TINY.files[1])


def test_a_folder_in_the_place_of_a_file_is_explained(tmp_path):
    with pytest.raises(DataError, match="expected a readable file of 15,696 bytes; got "):
        read_idx(tmp_path, IMAGES)
