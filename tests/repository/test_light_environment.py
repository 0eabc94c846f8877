"""Where a framework is missing, its tests are skipped with the reason, and nothing else is."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = """
import pytest

def test_plain(): pass
def test_inside(): import jax
def test_chained():
    try:
        import jax.numpy
    except ImportError as error:
        raise ImportError("install mlphys[jax]") from error
@pytest.fixture
def net(): raise ValueError("expected JAX, which is not installed: pip install 'mlphys[jax]'")
def test_fixture(net): pass
def test_other_package(): import no_such_package
def test_broken(): assert False
"""
BLOCK = """
import importlib.abc, importlib.util, sys

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "jax":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "jax" else found(name, *rest)
"""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory) -> str:
    """Return what pytest says of a small suite where JAX is missing."""
    folder = tmp_path_factory.mktemp("light")
    (folder / "conftest.py").write_text(BLOCK + (ROOT / "conftest.py").read_text("utf-8")
                                        .replace("from __future__ import annotations\n", ""), "utf-8")  # fmt: skip
    (folder / "test_small.py").write_text(TESTS, "utf-8")
    (folder / "test_whole_file.py").write_text("import jax\n\ndef test_it(): pass\n", "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-rsf", "-q", "-p", "no:cacheprovider", "."]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout


def test_only_what_needs_the_framework_is_skipped(outcome):
    assert "2 failed, 1 passed, 4 skipped" in outcome
    assert "FAILED test_small.py::test_other_package" in outcome
    assert "FAILED test_small.py::test_broken" in outcome


def test_reason_is_given(outcome):
    assert "SKIPPED [3] conftest.py" in outcome  # one reason for three tests
    assert "SKIPPED [1] test_whole_file.py" in outcome
    assert outcome.count("needs jax, which is not installed") == 2
