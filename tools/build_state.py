"""What one build leaves for the next, and how a broken-off build is mended.

A build may be stopped at any moment: by Ctrl-C, by a full disk, by the power. Four things must not
survive that: a record in Jupyter's cache without its notebook (every later build would stop on it),
a program in JAX's cache that was not written to its end (JAX would warn of it in a page, and never
replace it), a page that is older than the environment that Sphinx saved (it would stay old), and
warnings that were reported once (Sphinx does not repeat them for a page that it does not read again).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path

__all__ = ["begin", "finish", "mend_cache", "mend_programs"]

# What pages are made from and Sphinx does not watch.
UNWATCHED = (
    "_config.yml",
    "references.bib",
    "requirements.lock",
    "_ext/**/*.*",
    "tools/node/*.*",
)

ZSTD = b"\x28\xb5\x2f\xfd"  # the first bytes of its files
CLOCK_STEP = 2.0  # seconds; some file systems round times


def begin(build: Path, root: Path) -> list[str]:
    """Make the build folder fit for a build, and return what had to be mended, in words.

    Parameters
    ----------
    build, root : pathlib.Path
        Build folder and project folder.
    """
    build.mkdir(exist_ok=True)
    said = mend_cache(build / ".jupyter_cache")
    marker = build / ".unfinished"
    tools = _tools_digest(root)
    saved = build / ".tools"
    reason = ""
    if marker.exists():
        reason = "the last build did not succeed"
    elif saved.exists() and saved.read_text("utf-8") != tools:
        reason = "the configuration or an extension of the book changed"
    if marker.exists():
        said += mend_programs(build / ".home" / "jax", since=marker.stat().st_mtime)
    if reason and (build / ".doctrees").exists():
        shutil.rmtree(build / ".doctrees")
        said.append(f"{reason}: reading every page again")
    marker.write_text("", "utf-8")
    saved.write_text(tools, "utf-8")
    return said


def finish(build: Path) -> None:
    """Note that the build came to its end without an error or a warning."""
    (build / ".unfinished").unlink(missing_ok=True)


def _tools_digest(root: Path) -> str:
    """Return a digest of what pages are made from and Sphinx does not watch."""
    total = hashlib.sha256(str(root).encode())
    files = (path for pattern in UNWATCHED for path in sorted(root.glob(pattern)))
    for path in files:
        if path.is_file() and path.suffix != ".pyc":
            total.update(path.as_posix().encode() + path.read_bytes())
    return total.hexdigest()


def mend_programs(folder: Path, *, since: float) -> list[str]:
    """Drop what was not written to its end from JAX's cache of compiled programs.

    Parameters
    ----------
    folder : pathlib.Path
        JAX's folder; it need not exist.
    since : float
        When the build that did not succeed began, in seconds since the epoch; what is older was
        looked at before.

    Returns
    -------
    list of str
        One sentence if anything was dropped.
    """
    new = [path for path in folder.glob("*-cache") if path.stat().st_mtime >= since - CLOCK_STEP]
    broken = [path for path in new if not _is_whole(path.read_bytes())]
    for path in broken:
        path.unlink()
    return [f"dropped {len(broken)} half-written compiled programs"] if broken else []


def _is_whole(packed: bytes) -> bool:
    """Tell whether an entry of JAX's cache unpacks; JAX prefers zstd where Python has it."""
    try:
        if packed.startswith(ZSTD):
            import_module("compression.zstd").decompress(packed)
        else:
            zlib.decompress(packed)
    except ImportError:
        return False  # another Python wrote it; this one cannot read it either
    except Exception as error:
        if isinstance(error, zlib.error) or type(error).__name__ == "ZstdError":
            return False
        raise
    return True


def mend_cache(folder: Path) -> list[str]:
    """Drop what cannot be read from the cache of executed notebooks.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of jupyter-cache; it need not exist.

    Returns
    -------
    list of str
        One sentence for each thing dropped.
    """
    database = folder / "global.db"
    if not folder.exists():
        return []
    try:
        broken = list(_broken_records(database))
        _delete_records(database, broken)
    except sqlite3.DatabaseError as error:
        shutil.rmtree(folder)
        return [f"the cache of executed chapters cannot be read ({error}): starting a new one"]
    for hashkey in broken:
        shutil.rmtree(folder / "executed" / hashkey, ignore_errors=True)
    return [f"dropped {len(broken)} half-written entries of the execution cache"] if broken else []


def _broken_records(database: Path) -> Iterator[str]:
    """Yield the keys of records whose notebook is missing or is no complete JSON."""
    if not database.exists():
        raise sqlite3.DatabaseError("its index is missing")
    with closing(sqlite3.connect(database)) as connection:
        keys = [key for (key,) in connection.execute("SELECT hashkey FROM nbcache")]
        connection.execute("SELECT count(*) FROM nbproject")
        connection.execute("SELECT count(*) FROM settings")
    for key in keys:
        try:
            json.loads((database.parent / "executed" / key / "base.ipynb").read_bytes())
        except (OSError, ValueError):
            yield key


def _delete_records(database: Path, keys: list[str]) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executemany("DELETE FROM nbcache WHERE hashkey = ?", [(key,) for key in keys])
