"""Folders appear whole or not at all; errors of the system are put into words."""

import errno
import os
import threading
from pathlib import Path

import pytest

from mlphys.datasets.publish import (
    explain_os_error,
    hold_lock,
    make_workshop,
    publish_folder,
    sweep_workshops,
)


def test_published_folder_replaces_the_old_one(tmp_path):
    place = tmp_path / "sets" / "one"
    for content in ("old", "new"):
        with make_workshop(tmp_path) as workshop:
            made = workshop / "made"
            (made / "deep").mkdir(parents=True)
            (made / "deep" / "file").write_text(content)
            publish_folder(made, place, workshop)
        assert (place / "deep" / "file").read_text() == content
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sets"]


def test_everything_is_flushed_before_the_rename(tmp_path, monkeypatch):
    events = []
    flush, rename = os.fsync, Path.rename
    monkeypatch.setattr(os, "fsync", lambda handle: (events.append("flush"), flush(handle))[1])
    monkeypatch.setattr(
        Path, "rename", lambda path, to: (events.append("rename"), rename(path, to))[1]
    )
    made = tmp_path / "made"
    (made / "deep").mkdir(parents=True)
    (made / "deep" / "file").write_text("content")
    publish_folder(made, tmp_path / "place", tmp_path)
    # file, its folder, the folder above; after the rename, the folder that holds the new name
    assert events == ["flush", "flush", "flush", "rename", "flush"]


def test_workshop_is_deleted_after_a_failure(tmp_path):
    with pytest.raises(KeyboardInterrupt), make_workshop(tmp_path) as workshop:
        (workshop / "half").write_text("written")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_sweep_takes_workshops_and_nothing_else(tmp_path):
    (tmp_path / "preparing-1" / "deep").mkdir(parents=True)
    (tmp_path / "preparing-2").mkdir()
    (tmp_path / "tfds").mkdir()
    (tmp_path / "preparing-notes.txt").touch()
    assert sweep_workshops(tmp_path) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["preparing-notes.txt", "tfds"]


def test_second_holder_waits_for_the_first_and_says_so(tmp_path):
    events = []
    waits = threading.Event()

    def second():
        with hold_lock(tmp_path, lambda line: (events.append(line), waits.set())):
            events.append("second")

    other = threading.Thread(target=second)
    with hold_lock(tmp_path, events.append):
        other.start()
        assert waits.wait(20)
        events.append("first")
    other.join(20)
    assert "waiting for it to finish" in events[0]
    assert events[1:] == ["first", "second"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_full_disk(tmp_path, number):
    message = str(explain_os_error(OSError(number, os.strerror(number), "file"), tmp_path / "new"))
    assert message.startswith("disk full, or a quota or limit is reached: could not write file: ")
    assert os.strerror(number) in message
    assert "MB free), or set MLPHYS_DATA to a folder on another disk." in message


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR])
def test_unwritable_folder(tmp_path, number):
    message = str(explain_os_error(OSError(number, os.strerror(number), "file"), tmp_path))
    assert message.startswith("unwritable cache: expected a folder that this user may write to")
    assert f"got {os.strerror(number)} for file" in message
    assert "set MLPHYS_DATA to a folder that is." in message


def test_other_errors_keep_their_words(tmp_path):
    message = str(explain_os_error(OSError(errno.EIO, "Input/output error"), tmp_path))
    assert "Input/output error. Check the disk" in message
