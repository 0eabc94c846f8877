"""Show the book while it is being written: ``make serve``, or ``python tools/serve_book.py``.

Builds the book, serves it on this machine alone, and watches the chapters, the library, the
bibliography and the configuration. After a change it builds what depends on it, and an open page
loads itself again. What is wrong is said in the terminal and above the page; the server lives on
until Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import bib_entries
from build_book import SCALES, only_build
from preview_server import Board, PortTaken, serve_preview
from spare_build import Builder, Outcome
from watch_files import changed, take_snapshot, wait_for_change

__all__ = ["Preview", "main", "pages_of", "port_number"]

ROOT = Path(__file__).resolve().parent.parent
BASE = "/mlphys/"
# What a process that is ready has already read.
LOADED_EARLY = ("_config.yml", "_ext/", "_toc.yml", "book/_static/", "references.bib", "tools/")
# What all pages are made from: the next build reads each of them again.
UNDER_ALL = ("_config.yml", "_ext/", "requirements.lock", "tools/")


def say(text: str) -> None:
    """Write a line to the terminal."""
    print(f"serve: {text}", flush=True)


def pages_of(names: Iterable[str]) -> set[str]:
    """Return the pages among changed files, without their suffix.

    Examples
    --------
    >>> sorted(pages_of(["book/d/tape.md", "book/_static/mlphys.css", "src/mlphys/glue.py"]))
    ['book/d/tape']
    """
    return {name.removesuffix(".md") for name in names if name.endswith(".md")}


def port_number(text: str) -> int:
    """Return the port that a text names.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is no number from 0 (any free port) to 65535.
    """
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(
            f"expected a number from 1024 to 65535, or 0 for any free port; got {text!r}; "
            "for example: make serve PORT=8001"
        )
    return int(text)


class Preview:
    """The loop of the preview.

    Parameters
    ----------
    root : pathlib.Path
        Folder of the project.
    board : Board
        Where pages are published and notices posted.
    builder : Builder
    """

    def __init__(self, root: Path, board: Board, builder: Builder) -> None:
        self.root = root
        self.board = board
        self.builder = builder
        self.bibliography = bib_entries.read(root / "references.bib")

    def start(self) -> None:
        """Build what is out of date since the last build."""
        (self.root / "_build").mkdir(exist_ok=True)
        with only_build(self.root / "_build"):
            for sentence in self.builder.begin():
                say(sentence)
        self._build("bringing the book up to date", ())

    def follow(self, *, rounds: float = float("inf")) -> None:
        """Build after each change, until interrupted or for a number of builds."""
        seen = take_snapshot(self.root)
        while rounds > 0:
            self.builder.prepare()
            now = wait_for_change(seen, lambda: take_snapshot(self.root))
            names, seen = changed(seen, now), now
            self.rebuild(names)
            rounds -= 1

    def rebuild(self, names: list[str]) -> None:
        """Build what depends on the changed files."""
        pages = pages_of(names)
        if any(name.startswith(LOADED_EARLY) for name in names):
            self.builder.close()  # what it has loaded is no longer true
        if any(name.startswith(UNDER_ALL) for name in names):
            for sentence in self.builder.begin():
                say(sentence)
        if "references.bib" in names:
            pages |= self._pages_that_cite_what_changed()
        more = f" and {len(names) - 1} more" if names[1:] else ""
        self._build(f"{names[0]}{more} changed", pages)

    def _pages_that_cite_what_changed(self) -> set[str]:
        before, self.bibliography = (
            self.bibliography,
            bib_entries.read(self.root / "references.bib"),
        )
        return bib_entries.pages_citing(
            self.root, bib_entries.changed_keys(before, self.bibliography)
        )

    def _build(self, reason: str, pages: Iterable[str]) -> None:
        """Build once, publish what came out, and say how it went."""
        say(reason)
        self.board.busy = True
        started = time.monotonic()
        shown: list[float] = []

        def show() -> None:
            self.board.publish()
            shown.append(time.monotonic() - started)

        result = self.builder.build(pages, show)
        seconds = time.monotonic() - started
        self.board.notice = "" if result.good else notice(result)
        self.board.publish()
        self.board.busy = False
        if result.good:
            ran = f", {result.executed} executed" if result.executed else ""
            say(f"shown after {shown[0] if shown else seconds:.1f} s, done in {seconds:.1f} s{ran}")
        else:
            say(f"{result.line}; edit on, the preview waits; log: _build/book.log")


def notice(result: Outcome) -> str:
    """Return what is shown above a page when a build has failed.

    Examples
    --------
    >>> print(notice(Outcome(False, "FAILED", ["book/a.md:7: WARNING: undefined label"], 0)))
    The build failed; this page may be an old one.
    book/a.md:7: WARNING: undefined label
    """
    return "\n".join(["The build failed; this page may be an old one.", *result.problems])


def stop_on_signals() -> None:
    """Let a polite kill end the preview as Ctrl-C does."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, build, serve and follow; return the exit code."""
    parser = argparse.ArgumentParser(prog="serve", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--root", type=Path, default=ROOT, help="folder of the project")
    parser.add_argument("--port", type=port_number, default=8000, help="0 takes any free one")
    options = parser.parse_args(arguments)
    if os.environ.get("MLPHYS_SCALE", "") not in SCALES:
        say(f"MLPHYS_SCALE: expected small or full; got {os.environ['MLPHYS_SCALE']!r}")
        return 2
    stop_on_signals()
    root = options.root.resolve()
    board = Board(root / "_build" / "html")
    builder = Builder(root, sys.stdout)
    try:
        with serve_preview(board, base=BASE, port=options.port) as address:
            board.publish()
            say(f"the book is at {address} (Ctrl-C ends)")
            preview = Preview(root, board, builder)
            preview.start()
            preview.follow()
    except PortTaken as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        print()
        say("ended")
    finally:
        builder.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
