"""Run the tests: ``make test``, or ``python tools/run_tests.py [arguments of pytest]``.

Shows pytest's own progress and ends with one line: passed, failed, skipped, and the seconds. What
was skipped is named above it with its reason, because a test that did not run proves nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from build_environment import build_variables

__all__ = ["Tally", "main", "summary"]

ROOT = Path(__file__).resolve().parent.parent
INSIDE = "--inside"
SLOW = 10  # seconds; a file of tests that takes as long is named


class Tally:
    """A pytest plugin that counts what became of every test."""

    def __init__(self) -> None:
        self.passed = 0
        self.known = 0
        self.broken: list[str] = []
        self.skipped: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()  # by file

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Count one phase of one test."""
        self.seconds[report.nodeid.partition("::")[0]] += report.duration
        if hasattr(report, "wasxfail"):  # a known fault, marked as such where it stands
            self.known += report.skipped
        elif report.skipped:
            self.skipped[reason(report)] += 1
        elif report.failed:
            self.broken.append(report.nodeid)
        elif report.when == "call":
            self.passed += 1

    def pytest_collectreport(self, report: Any) -> None:
        """Count a file that could not be read, or that asked to be skipped as a whole."""
        if report.failed:
            self.broken.append(report.nodeid)
        elif report.skipped:
            self.skipped[reason(report)] += 1


def reason(report: Any) -> str:
    """Return why a test was skipped, without pytest's own word for it."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")


def summary(tally: Tally, code: int, seconds: float) -> list[str]:
    """Return the lines to end with: slow files, the reasons of the skips, then the result.

    Parameters
    ----------
    tally : Tally
        Counts of the run.
    code : int
        Exit code of pytest.
    seconds : float
        Duration of the run.

    Returns
    -------
    list of str
        The last line is the result.
    """
    slow = [f"{name} {took:.0f} s" for name, took in tally.seconds.most_common(8) if took >= SLOW]
    lines = [f"tests: slowest files: {', '.join(slow)}"] if slow else []
    lines += [f"tests: SKIPPED {count} x {why}" for why, count in sorted(tally.skipped.items())]
    lines += [f"tests: FAILED {name}" for name in tally.broken[:20]]
    if len(tally.broken) > 20:
        lines.append(f"tests: FAILED ... and {len(tally.broken) - 20} more")
    skipped = sum(tally.skipped.values())
    result = "passed" if code == 0 else "FAILED"
    counts = f"{tally.passed} passed, {len(tally.broken)} failed, {skipped} skipped"
    counts += f", {tally.known} known faults" if tally.known else ""
    why = "" if code in (0, 1) else f" (pytest ended with code {code}, see above)"
    return [*lines, f"tests: {result}: {counts}, {seconds:.0f} s{why}"]


def variables() -> dict[str, str]:
    """Return the environment of the tests: that of the build, with figures drawn to memory."""
    home = ROOT / "_build" / ".home"
    home.mkdir(parents=True, exist_ok=True)
    return build_variables(ROOT, os.environ) | {"MPLBACKEND": "agg", "COLUMNS": "100"}


def shared_out(arguments: list[str]) -> list[str]:
    """Return the options that share the test files among the processor cores.

    One file of tests stays in one process, because it compiles what its tests have in common. With
    one file named, or where a framework is missing (a file that is skipped as a whole is not
    reported by pytest-xdist), the tests run in this process.
    """
    named = [argument for argument in arguments if argument.endswith(".py") or "::" in argument]
    complete = all(find_spec(name) for name in ("jax", "tensorflow", "xdist"))
    if len(named) == 1 or not complete or "-n" in arguments:
        return []
    return ["--numprocesses", str(os.cpu_count()), "--dist", "loadfile"]


def main(arguments: list[str]) -> int:
    """Run pytest on the project and return its exit code."""
    if INSIDE not in arguments:
        command = [sys.executable, __file__, INSIDE, *arguments]
        return subprocess.run(command, cwd=ROOT, env=variables()).returncode
    import pytest

    tally = Tally()
    started = time.monotonic()
    passed_on = [argument for argument in arguments if argument != INSIDE]
    options = ["--quiet", "-p", "no:cacheprovider", *shared_out(passed_on)]
    code = int(pytest.main([*options, *passed_on], plugins=[tally]))
    for line in summary(tally, code, time.monotonic() - started):
        print(line, flush=True)
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("tests: STOPPED")
