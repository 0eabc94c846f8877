"""A build that is stopped at any moment leaves a state from which the next one succeeds."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pytest
from build_state import begin, finish, mend_cache, mend_programs
from interruptible import interruptible
from tiny_book import ROOT, build, edited

SLOW = {"print(": "import time; time.sleep(60)\nprint("}


def start(book) -> subprocess.Popen:
    """Start a build, and return when it is executing a chapter that takes long."""
    child = interruptible(
        [sys.executable, str(ROOT / "tools/build_book.py"), "--root", str(book)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    log = book / "_build/book.log"
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        if log.exists() and "Executing notebook" in log.read_text("utf-8"):
            return child
        time.sleep(0.1)
    child.kill()
    raise AssertionError(f"the build did not begin to execute: {child.communicate()[0]}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_build_says_so_and_the_next_one_succeeds(book, number):
    log = book / "_build/book.log"
    log.unlink(missing_ok=True)
    with edited(book / "book/alone.md", SLOW):
        child = start(book)
        child.send_signal(number)
        said, _ = child.communicate(timeout=30)
        assert child.returncode == 130, said
        assert said.strip().splitlines()[-1].startswith("book: STOPPED")
    built = build(book)
    assert built.code == 0, built.said
    assert built.executed == []


def test_a_killed_build_is_waited_for_and_the_next_one_succeeds(book):
    log = book / "_build/book.log"
    log.unlink(missing_ok=True)
    with edited(book / "book/alone.md", {"print(": "import time; time.sleep(6)\nprint("}):
        child = start(book)
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
    built = build(book)
    assert built.code == 0, built.said
    assert "waiting for it" in built.said


def test_two_builds_take_turns(book):
    results = []
    threads = [threading.Thread(target=lambda: results.append(build(book))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [built.code for built in results] == [0, 0]


def make_cache(folder, keys):
    (folder / "executed").mkdir(parents=True)
    with sqlite3.connect(folder / "global.db") as connection:
        for table in ("nbcache", "nbproject", "settings"):
            connection.execute(f"CREATE TABLE {table} (hashkey TEXT)")
        connection.executemany("INSERT INTO nbcache VALUES (?)", [(key,) for key in keys])
    for key in keys:
        (folder / "executed" / key).mkdir()
        (folder / "executed" / key / "base.ipynb").write_text("{}")


def test_a_sound_cache_is_left_alone(tmp_path):
    make_cache(tmp_path / "cache", ["a", "b"])
    assert mend_cache(tmp_path / "cache") == []


def test_records_without_a_notebook_are_dropped(tmp_path):
    cache = tmp_path / "cache"
    make_cache(cache, ["whole", "cut", "lost"])
    (cache / "executed/cut/base.ipynb").write_text('{"cells"')
    (cache / "executed/lost/base.ipynb").unlink()
    assert mend_cache(cache) == ["dropped 2 half-written entries of the execution cache"]
    with sqlite3.connect(cache / "global.db") as connection:
        assert connection.execute("SELECT hashkey FROM nbcache").fetchall() == [("whole",)]
    assert mend_cache(cache) == []


def test_an_index_without_tables_is_replaced(tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir()
    sqlite3.connect(cache / "global.db").close()
    assert "starting a new one" in mend_cache(cache)[0]
    assert not cache.exists()


def compile_a_program(folder) -> str:
    """Compile with JAX's cache in a folder, in a fresh process; return what it wrote to stderr."""
    code = "import jax; jax.jit(lambda x: 2 * x + 1)(3.0).block_until_ready()"
    settings = {
        "JAX_COMPILATION_CACHE_DIR": str(folder),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PLATFORMS": "cpu",
    }
    child = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | settings, capture_output=True, text=True
    )
    assert child.returncode == 0, child.stderr
    return child.stderr


def test_torn_programs_are_dropped_of_which_jax_would_warn_for_ever(tmp_path):
    pytest.importorskip("jax")
    assert "compilation cache" not in compile_a_program(tmp_path)
    whole = sorted(tmp_path.glob("*-cache"))
    assert whole and mend_programs(tmp_path, since=0.0) == []
    for path in whole:
        path.write_bytes(path.read_bytes()[:100])
    assert "compilation cache" in compile_a_program(tmp_path)  # it warns, and does not write anew
    later = time.time() + 60
    assert mend_programs(tmp_path, since=later) == []
    assert mend_programs(tmp_path, since=0.0) == [
        f"dropped {len(whole)} half-written compiled programs"
    ]
    assert "compilation cache" not in compile_a_program(tmp_path)
    assert mend_programs(tmp_path, since=0.0) == [] == mend_programs(tmp_path / "no", since=0.0)


def test_pages_are_read_again_after_an_unfinished_build_or_a_changed_extension(tmp_path):
    build_folder, root = tmp_path / "_build", tmp_path
    (root / "_config.yml").write_text("a: 1\n")
    assert begin(build_folder, root) == []
    doctrees = build_folder / ".doctrees"
    doctrees.mkdir()
    assert begin(build_folder, root) == ["the last build did not succeed: reading every page again"]
    doctrees.mkdir()
    finish(build_folder)
    assert begin(build_folder, root) == []
    finish(build_folder)
    (root / "_config.yml").write_text("a: 2\n")
    assert "the configuration or an extension" in begin(build_folder, root)[0]
    assert not doctrees.exists()
