"""Which changes of files the preview notices."""

from __future__ import annotations

import os

from watch_files import changed, take_snapshot, wait_for_change


def project(root):
    for name in ("book/d/tape.md", "book/d/.tape.md.swp", "src/mlphys/base.py", "_toc.yml",
                 "src/mlphys/__pycache__/base.pyc", "book/d/tape.md~", "README.md"):  # fmt: skip
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one", "utf-8")
    return root


def test_sources_are_watched_and_what_editors_leave_is_not(tmp_path):
    found = take_snapshot(project(tmp_path))
    assert sorted(found) == ["_toc.yml", "book/d/tape.md", "src/mlphys/base.py"]


def test_a_change_a_new_file_and_a_lost_one_are_noticed(tmp_path):
    before = take_snapshot(project(tmp_path))
    os.utime(tmp_path / "_toc.yml", ns=(1, 1))
    (tmp_path / "book/d/new.md").write_text("two", "utf-8")
    (tmp_path / "src/mlphys/base.py").unlink()
    after = take_snapshot(tmp_path)
    assert changed(before, after) == ["_toc.yml", "book/d/new.md", "src/mlphys/base.py"]


def test_a_file_is_taken_when_it_holds_still():
    looks = iter([{"a": (1, 1)}, {"a": (2, 1)}, {"a": (3, 9)}, {"a": (3, 9)}])
    assert wait_for_change({"a": (1, 1)}, lambda: next(looks), interval=0) == {"a": (3, 9)}


def test_patience_ends():
    same = {"a": (1, 1)}
    assert wait_for_change(same, lambda: same, interval=0.001, patience=0.01) == same
