"""Putting a folder in its place in one step, and one process at a time.

Whatever is being prepared grows in a folder of its own beside the finished sets. It is flushed to
the disk and then renamed; a rename is all or nothing, so a reader sees the old state or the new
one and never half of it. A process that is killed leaves at most its own folder behind, which the
loader does not look at and the next preparation sweeps away.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mlphys.datasets.errors import DataError

__all__ = ["explain_os_error", "hold_lock", "make_workshop", "publish_folder", "sweep_workshops"]

PREFIX = "preparing-"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ENOENT, errno.EEXIST}
MOVE = "set MLPHYS_DATA to a folder on another disk"


def explain_os_error(fault: OSError, folder: Path) -> DataError:
    """Return the `DataError` that tells a reader what an operating-system error means here.

    Examples
    --------
    >>> full = OSError(28, "No space left on device", "records")
    >>> print(explain_os_error(full, Path("data")))  # doctest: +ELLIPSIS
    disk full, or a quota or limit is reached: could not write records: No space left on device...
    """
    where = fault.filename or folder
    what = fault.strerror or str(fault)
    if fault.errno in FULL:
        return DataError(
            f"disk full, or a quota or limit is reached: could not write {where}: {what}. Free space "
            f"({folder} has {_free(folder)}), or {MOVE}."
        )
    if fault.errno in FORBIDDEN:
        return DataError(
            f"unwritable cache: expected a folder that this user may write to; got {what} for "
            f"{where}. Make {folder} writable, or set MLPHYS_DATA to a folder that is."
        )
    return DataError(
        f"{where}: expected to read and write it; got {what}. Check the disk, or {MOVE}."
    )


@contextmanager
def hold_lock(folder: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of the data folder in the block; wait for whoever has it.

    The operating system gives the lock back when the process ends, however it ends.
    """
    with (folder / "lock").open("a") as stream:
        waiting = False
        while not _try_lock(stream.fileno()):
            if not waiting:
                say(f"another process is preparing data in {folder}; waiting for it to finish")
                waiting = True
            time.sleep(0.1)
        yield


@contextmanager
def make_workshop(folder: Path) -> Iterator[Path]:
    """Yield a new folder inside ``folder`` for things half done; delete it afterwards."""
    workshop = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
    try:
        yield workshop
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def sweep_workshops(folder: Path) -> int:
    """Delete what killed preparations left; return how many. Only while holding the lock."""
    left = [path for path in folder.glob(f"{PREFIX}*") if path.is_dir()]
    for path in left:
        shutil.rmtree(path)
    return len(left)


def publish_folder(made: Path, place: Path, workshop: Path) -> None:
    """Rename the folder ``made`` to ``place``, durably; what stood there is put aside first.

    All three are on one file system. The folder aside is deleted with the workshop.
    """
    _flush_tree(made)
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        place.rename(workshop / "replaced")
    made.rename(place)
    _flush(place.parent)


def _flush_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _flush(path)
    _flush(folder)


def _flush(path: Path) -> None:
    """Make the system write a file or folder to the disk (folders: not on Windows)."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _try_lock(handle: int) -> bool:
    """Take the lock on an open file if it is free; say whether that worked."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        if fault.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True


def _free(folder: Path) -> str:
    """Return the free space where a folder is or would be."""
    while not os.path.exists(folder) and folder != folder.parent:  # noqa: PTH110, raises nothing
        folder = folder.parent
    return f"{shutil.disk_usage(folder).free / 1e6:,.0f} MB free"
