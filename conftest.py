"""Skip, with the reason, the tests that need a framework which is not installed here.

The library's numeric parts must work without TensorFlow and JAX, and ``make test-light`` proves it
in an environment that lacks them. There, a test that reaches for a framework is skipped. Where all
frameworks are installed, which is the rule, nothing is skipped and an ``ImportError`` is an error.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator

import pytest

FRAMEWORKS = ("jax", "keras", "tensorflow", "tensorflow_datasets")
MISSING = tuple(name for name in FRAMEWORKS if importlib.util.find_spec(name) is None)


def missing_framework(error: BaseException | None) -> str | None:
    """Return the framework whose absence caused an error, or None."""
    while error is not None:
        package = (getattr(error, "name", "") or "").partition(".")[0]
        if isinstance(error, ImportError) and package in MISSING:
            return package
        error = error.__cause__ or error.__context__
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """Skip a test that failed because a framework is not installed."""
    try:
        return (yield)
    except Exception as error:
        name = missing_framework(error)
        if name is None:
            raise
        pytest.skip(f"needs {name}, which is not installed")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """Skip a file that cannot be imported because a framework is not installed."""
    report = yield
    absent = re.search(rf"No module named '({'|'.join(MISSING)})\b", str(report.longrepr))
    if MISSING and report.failed and absent:
        report.outcome = "skipped"
        reason = f"Skipped: needs {absent.group(1)}, which is not installed"
        report.longrepr = (str(collector.path), 1, reason)
    return report
