"""Skip, with the reason, the tests that need a framework which is not installed here.

The library's numeric parts must work without TensorFlow and JAX, and ``make test-light`` proves it
in an environment that lacks them. There, a test that reaches for a framework is skipped. Where all
frameworks are installed, which is the rule, nothing is skipped and an ``ImportError`` is an error.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

FRAMEWORKS = (
    "ai_edge_litert",
    "h11",
    "jax",
    "keras",
    "onnx",
    "onnxruntime",
    "starlette",
    "tensorflow",
    "tensorflow_datasets",
    "tf2onnx",
    "uvicorn",
)
MISSING = tuple(name for name in FRAMEWORKS if importlib.util.find_spec(name) is None)


def missing_framework(error: BaseException | None) -> str | None:
    """Return the framework whose absence caused an error, or None.

    It is named by an ``ImportError`` in the chain of errors, or by the library's own message, which
    says what to install.
    """
    while error is not None:
        error = getattr(error, "exc_info", (None, error))[1]  # a doctest wraps the error
        package = (getattr(error, "name", "") or "").partition(".")[0]
        if isinstance(error, ImportError) and package in MISSING:
            return package
        said = re.search(r"mlphys\[(\w+)\]", str(error))
        if said and said.group(1) in MISSING:
            return said.group(1)
        error = error.__cause__ or error.__context__
    return None


@contextmanager
def skipping() -> Iterator[None]:
    """Turn an error that a missing framework caused into a skip."""
    try:
        yield
    except Exception as error:
        name = missing_framework(error)
        if name is None:
            raise
        pytest.skip(f"needs {name}, which is not installed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Iterator[None]:
    """Skip a test whose fixtures need what is not installed."""
    with skipping():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """Skip a test that needs what is not installed."""
    with skipping():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """Skip a file that cannot be imported because a framework is not installed."""
    report = yield
    absent = re.search(rf"No module named '({'|'.join(MISSING)})\b", str(report.longrepr))
    if MISSING and report.failed and absent:
        report.outcome = "skipped"
        reason = f"Skipped: needs {absent.group(1)}, which is not installed"
        report.longrepr = (str(collector.path), 1, reason)
        forget_half_imported(str(collector.path))
    return report


def forget_half_imported(path: str) -> None:
    """Drop the module of a file whose import broke off; pytest leaves it where others find it."""
    for name, module in list(sys.modules.items()):
        if getattr(module, "__file__", None) == path:
            del sys.modules[name]
