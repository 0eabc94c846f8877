"""The test command counts what pytest did, and names what was skipped."""

from __future__ import annotations

import pytest
from run_tests import Tally, summary

SAMPLE = """
import pytest


def test_good():
    pass


@pytest.mark.skip(reason="no browser")
def test_skipped_by_mark():
    pass


def test_skipped_inside():
    pytest.skip("no browser")


@pytest.mark.xfail
def test_known_fault():
    assert False


@pytest.fixture
def broken():
    raise ValueError


def test_error(broken):
    pass


def test_bad():
    assert 1 == 2
"""


@pytest.fixture
def tally(tmp_path, monkeypatch):
    (tmp_path / "test_sample.py").write_text(SAMPLE)
    (tmp_path / "test_whole.py").write_text("import pytest\npytest.importorskip('not_installed')\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    monkeypatch.chdir(tmp_path)
    found = Tally()
    code = pytest.main(
        ["-q", "-p", "no:cacheprovider", "-p", "no:jaxtyping", str(tmp_path)], plugins=[found]
    )
    return found, int(code)


def test_every_test_is_counted_once(tally, capsys):
    found, code = tally
    capsys.readouterr()
    assert code == 1
    assert (found.passed, found.known) == (1, 1)
    assert [name.partition("::")[2] for name in found.broken] == ["test_error", "test_bad"]
    assert found.skipped["no browser"] == 2
    assert sum(found.skipped.values()) == 3


def test_the_last_line_says_it_all():
    tally = Tally()
    tally.passed = 7
    tally.skipped.update(["no browser"] * 2)
    assert summary(tally, 0, 12.3) == [
        "tests: SKIPPED 2 x no browser",
        "tests: passed: 7 passed, 0 failed, 2 skipped, 12 s",
    ]
    tally.broken = ["tests/test_a.py::test_b"]
    lines = summary(tally, 1, 1.0)
    assert lines[-2:] == [
        "tests: FAILED tests/test_a.py::test_b",
        "tests: FAILED: 7 passed, 1 failed, 2 skipped, 1 s",
    ]
    assert "pytest ended with code 4" in summary(Tally(), 4, 1.0)[-1]


def test_slow_files_are_named_with_the_slowest_first():
    tally = Tally()
    tally.seconds.update({"tests/a.py": 4.0, "tests/b.py": 30.4, "tests/c.py": 61.0})
    assert summary(tally, 0, 95.0)[0] == "tests: slowest files: tests/c.py 61 s, tests/b.py 30 s"
