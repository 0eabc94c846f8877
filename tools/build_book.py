"""Build the site: ``make book``, or ``python tools/build_book.py``.

Runs Jupyter Book with warnings as errors, shows one line for each chapter that is executed, keeps
the full log in ``_build/book.log``, and ends with one line: where the site is, how many chapters
were executed and how many came from the cache, the seconds; or which cell of which chapter failed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import build_state
from build_environment import build_variables, write_kernel

__all__ = ["Progress", "main"]

ROOT = Path(__file__).resolve().parent.parent
START = "import sys; from jupyter_book.cli.main import main; sys.argv[0] = 'jupyter-book'; main()"
OPTIONS = ("-W", "-n", "--keep-going")
SCALES = ("", "small", "full")

READING = re.compile(r"^reading sources\.\.\. \[ *\d+%\] (?P<page>\S+)")
WRITING = re.compile(r"^writing output\.\.\. \[ *(?P<percent>\d+)%\] (?P<page>\S+)")
EXECUTING = re.compile(r"Executing notebook using \w+ CWD \[mystnb\]")
EXECUTED = re.compile(r"Executed notebook in (?P<seconds>[\d.]+) seconds \[mystnb\]")
PROBLEM = re.compile(r"^(?P<place>.*?)(?P<kind>WARNING|ERROR|CRITICAL|SEVERE): (?P<text>.*)$")
BROKEN = re.compile(r"^(?:[A-Z]\w+ error|Exception occurred):$")
COLOR = re.compile(r"\x1b\[[0-9;]*m")
CELL_FAILED = "Executing notebook failed:"


class Progress:
    """Turn the log of Sphinx into a few lines for people.

    Parameters
    ----------
    stream : file
        Where the lines go.
    root : pathlib.Path
        Project folder; paths are shown relative to it.

    Attributes
    ----------
    page : str
        The page that is being read or written.
    problems : list of str
        Warnings and errors, in order.
    cause : str
        What Sphinx said when it broke off, one line; empty if it did not.
    """

    def __init__(self, stream: IO[str], root: Path) -> None:
        self.stream = stream
        self.root = root
        self.page = ""
        self.problems: list[str] = []
        self.cause = ""
        self._open = False
        self._phase = ""
        self._failed: set[str] = set()
        self._telling = False

    def say(self, text: str) -> None:
        """Write one line, after ending an open one."""
        self.close()
        print(text, file=self.stream, flush=True)

    def close(self) -> None:
        """End the line of a chapter that did not come to its end, if there is one."""
        if self._open:
            print(" broken off", file=self.stream, flush=True)
            self._open = False

    def feed(self, line: str) -> None:
        """Take one line of the log."""
        line = line.rstrip()
        if self._telling:
            self.cause = " ".join([*self.cause.split(), *line.replace("^", "").split()])
            self._telling = line.startswith(" ")  # a place in the code; the message follows
        elif BROKEN.match(line):
            self._telling = True
        elif match := READING.match(line):
            self._enter("reading", match["page"])
        elif match := WRITING.match(line):
            self._enter("writing", match["page"])
        elif EXECUTING.search(line):
            self.close()
            print(f"book:   executing {self.page} ...", end="", file=self.stream, flush=True)
            self._open = True
        elif match := EXECUTED.search(line):
            print(f" {float(match['seconds']):.1f} s", file=self.stream, flush=True)
            self._open = False
        elif (match := PROBLEM.match(line)) and not match["place"].startswith("["):
            self._note(match)

    def _enter(self, phase: str, page: str) -> None:
        self.page = page
        self.close()
        if phase != self._phase:
            self._phase = phase
            self.say(f"book: {phase} pages")

    def _note(self, match: re.Match[str]) -> None:
        """Keep a problem; a failed cell is told in full at the end instead."""
        chapter = match["place"].partition(":")[0]
        if CELL_FAILED in match["text"]:
            self._failed.add(chapter)
        follows = ("traceback saved in", "[mystnb.glue]")  # consequences of the failed cell
        if chapter in self._failed and any(
            word in match["text"] for word in (CELL_FAILED, *follows)
        ):
            return
        place = match["place"].replace(f"{self.root}{os.sep}", "")
        text = f"{place.replace('::', ':')}{match['kind']}: {match['text']}"
        self.problems.append(text)
        self.say(f"book:   {text}")


@contextlib.contextmanager
def only_build(build: Path) -> Iterator[list[int]]:
    """Hold the folder's lock, so that two builds do not write into each other's files.

    Yields the descriptors that the build must inherit: the lock lasts as long as it does.
    """
    try:
        import fcntl
    except ImportError:  # not on Windows
        yield []
        return
    build.mkdir(exist_ok=True)
    with (build / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("book: another build is at work in this folder; waiting for it", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield [lock.fileno()]


def run(command: list[str], root: Path, log: Path, progress: Progress, keep: list[int]) -> int:
    """Run the build, feed its log to ``progress``, and return its exit code."""
    session = {"start_new_session": True, "pass_fds": keep} if os.name == "posix" else {}
    with log.open("w", encoding="utf-8", buffering=1) as copy:
        child = subprocess.Popen(
            command,
            cwd=root,
            env=build_variables(root, os.environ) | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            **session,
        )
        assert child.stdout is not None
        try:
            for colored in child.stdout:
                line = COLOR.sub("", colored)
                copy.write(line)
                progress.feed(line)
            return child.wait()
        finally:
            stop(child)


def stop(child: subprocess.Popen) -> None:
    """End a build that still runs: first by the signal of Ctrl-C, then for good."""
    for send, patience in ((signal.SIGINT, 10), (signal.SIGTERM, 3), (None, 3)):
        if child.poll() is not None:
            return
        if send is None:
            child.kill()
        else:
            child.send_signal(send)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(patience)


def outcome(code: int, report: dict[str, Any], progress: Progress, root: Path) -> str:
    """Return the last line without its seconds, and print the failures above it."""
    failures = report.get("failures", [])
    lines = [
        "{chapter}:{line}: code cell {cell} (`{code}`) failed: {error}".format(**failure)
        for failure in failures
    ]
    for line in lines[1:]:
        progress.say(f"book:   {line}")
    problems = lines or [problem for problem in progress.problems if problem]
    if code == 0 and not problems:
        chapters, executed = report["chapters"], report["executed"]
        index = (root / "_build" / "html" / "index.html").relative_to(root)
        return (
            f"{index} is ready: {len(chapters)} chapters, {len(executed)} executed, "
            f"{len(chapters) - len(executed)} from the cache"
        )
    more = f" (and {len(problems) - 1} more above)" if len(problems) > 1 else ""
    if problems:
        return f"FAILED: {problems[0]}{more}"
    where = f" at {progress.page}" if progress.page else ""
    cause = report.get("error") or progress.cause or f"Jupyter Book ended with code {code}"
    return f"FAILED{where}: {cause.splitlines()[0]}"


def read_report(path: Path) -> dict[str, Any]:
    """Return the report that the extension wrote, or an empty one."""
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def build_book(root: Path, *, fresh: bool = False, stream: IO[str] = sys.stdout) -> int:
    """Build the site of the project in ``root`` and return the exit code."""
    started = time.monotonic()
    build = root / "_build"
    report = build / "report.json"
    log = build / "book.log"
    progress = Progress(stream, root)
    if os.environ.get("MLPHYS_SCALE", "") not in SCALES:
        progress.say(f"book: FAILED: MLPHYS_SCALE: expected small or full; "
                     f"got {os.environ['MLPHYS_SCALE']!r}")  # fmt: skip
        return 2
    with only_build(build) as keep:
        report.unlink(missing_ok=True)
        if fresh:
            (build / ".unfinished").write_text("", "utf-8")
        for sentence in build_state.begin(build, root):
            progress.say(f"book: {sentence}")
        write_kernel(root)
        command = [sys.executable, "-c", START, "build", str(root), *OPTIONS]
        try:
            code = run(command, root, log, progress, keep)
        except KeyboardInterrupt:
            progress.say("book: STOPPED; the next build takes up what is finished")
            return 130
        line = outcome(code, read_report(report), progress, root)
        if not line.startswith("FAILED"):
            build_state.finish(build)
    log_hint = f"; log: {log.relative_to(root)}" if line.startswith("FAILED") else ""
    progress.say(f"book: {line}, {time.monotonic() - started:.1f} s{log_hint}")
    return (code or 1) if line.startswith("FAILED") else 0


def main() -> int:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--root", type=Path, default=ROOT, help="folder of the project")
    parser.add_argument("--fresh", action="store_true", help="read every page again")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # end a killed build like Ctrl-C
    return build_book(options.root.resolve(), fresh=options.fresh)


if __name__ == "__main__":
    sys.exit(main())
