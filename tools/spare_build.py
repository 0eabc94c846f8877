"""The builds of ``make serve``: each in a process of its own that was prepared in advance.

See `warm_build` for what such a process does before it is needed.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, NamedTuple

import build_state
from build_book import COLOR, Progress, outcome, read_report, stop
from build_environment import build_variables, write_kernel
from warm_build import PAGES_FINISHED, READY, STALE

__all__ = ["Builder", "Outcome", "Quiet", "pages_named"]

PROGRAM = Path(__file__).with_name("warm_build.py")


class Outcome(NamedTuple):
    """How a build ended: whether all is well, one line about it, and each problem."""

    good: bool
    line: str
    problems: list[str]
    executed: int


class Quiet(Progress):
    """Progress that tells of executed chapters and problems only."""

    def _enter(self, phase: str, page: str) -> None:
        del phase
        self.page = page
        self.close()


def pages_named(problems: Iterable[str]) -> set[str]:
    """Return the pages that problems are placed in.

    Examples
    --------
    >>> sorted(pages_named(["book/d/tape.md:7: WARNING: x", "WARNING: y", "book/a.md: ERROR: z"]))
    ['book/a', 'book/d/tape']
    """
    matches = (re.match(r"([\w./-]+)\.md\b", problem) for problem in problems)
    return {match[1] for match in matches if match}


class Builder:
    """Builds the book again and again, with one process always ready.

    Parameters
    ----------
    root : pathlib.Path
        Folder of the project.
    stream : file
        Where progress is told.
    """

    def __init__(self, root: Path, stream: IO[str]) -> None:
        self.root = root
        self.build_folder = root / "_build"
        self.stream = stream
        self.again: set[str] = set()
        self._child: subprocess.Popen[str] | None = None

    def prepare(self) -> None:
        """Start a process that gets ready for the next build; does not wait for it."""
        if self._child is not None and self._child.poll() is None:
            return
        self.close()
        write_kernel(self.root)
        variables = build_variables(self.root, os.environ) | {"PYTHONUNBUFFERED": "1"}
        self._child = subprocess.Popen(
            [sys.executable, str(PROGRAM), str(self.root)],
            cwd=self.root,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=os.name == "posix",  # Ctrl-C is for the parent to handle
        )

    def begin(self) -> list[str]:
        """Make the build folder fit for a build; return what had to be mended, in words."""
        return build_state.begin(self.build_folder, self.root)

    def build(self, pages: Iterable[str], shown: Callable[[], None]) -> Outcome:
        """Build the book once.

        Parameters
        ----------
        pages : iterable of str
            Pages to read even if Sphinx takes them for current, as ``book/derivatives/tape``.
        shown : callable
            Called as soon as the changed pages can be shown, before the build ends.

        Returns
        -------
        Outcome
        """
        self.again |= set(pages)
        code = STALE
        while code == STALE:
            self.prepare()
            progress = Quiet(self.stream, self.root)
            code = self._run(progress, shown)
        report = read_report(self.build_folder / "report.json")
        line = outcome(code, report, progress, self.root)
        good = not line.startswith("FAILED")
        failed = ["{chapter}:{line}: code cell {cell} (`{code}`) failed: {error}".format(**failure)
                  for failure in report.get("failures", [])]  # fmt: skip
        problems = failed + [problem for problem in progress.problems if problem]
        if good:
            build_state.finish(self.build_folder)
            self.again.clear()
        else:
            problems = problems or [line.removeprefix("FAILED: ")]
            self.again |= pages_named(problems)  # Sphinx does not repeat its warnings
        return Outcome(good, line, problems, len(report.get("executed", [])))

    def _run(self, progress: Progress, shown: Callable[[], None]) -> int:
        """Let the prepared process build; return its exit code."""
        child = self._child
        assert child is not None and child.stdin is not None and child.stdout is not None
        self.build_folder.joinpath("report.json").unlink(missing_ok=True)
        self.build_folder.joinpath(".unfinished").write_text("", "utf-8")
        try:
            child.stdin.write(json.dumps(sorted(self.again)) + "\n")
            child.stdin.close()
        except BrokenPipeError:
            pass  # it ended while it got ready: its last words say why
        log = self.build_folder / "book.log"
        with log.open("w", encoding="utf-8", buffering=1) as copy:
            for colored in child.stdout:
                line = COLOR.sub("", colored)
                copy.write(line)
                if line.startswith(PAGES_FINISHED):
                    shown()
                elif line.startswith("book: "):  # it waits for another build
                    progress.say(line.rstrip())
                elif not line.startswith(READY):
                    progress.feed(line)
        code = child.wait()
        self._child = None
        progress.close()
        return code

    def close(self) -> None:
        """End the prepared process, whatever it does; the next build starts another."""
        child, self._child = self._child, None
        if child is None:
            return
        if child.stdin is not None and not child.stdin.closed:
            child.stdin.close()
        stop(child)
        if child.stdout is not None:
            child.stdout.close()
