"""`make serve`: a page follows its file, an error is told and survived, Ctrl-C ends it."""

from __future__ import annotations

import argparse
import json
import queue
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request

import pytest
from interruptible import interruptible
from serve_book import main, port_number
from spare_build import pages_named
from tiny_book import ROOT, make_book

PROGRAM = str(ROOT / "tools/serve_book.py")


class Served:
    """A preview of a small book that runs in a process of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.child = interruptible(
            [sys.executable, PROGRAM, "--root", str(folder), "--port", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.address = re.search(r"http\S+", self.until("the book is at")[-1])[0]

    def _read(self):
        for line in self.child.stdout:
            self.lines.put(line.rstrip())

    def until(self, words, patience=60):
        """Return the lines up to the first one with these words."""
        said, end = [], time.monotonic() + patience
        while time.monotonic() < end:
            try:
                said.append(self.lines.get(timeout=0.2))
            except queue.Empty:
                continue
            if re.search(words, said[-1]):
                return said
        raise AssertionError(f"no line with {words!r} in {said}")

    def get(self, path):
        with urllib.request.urlopen(self.address + path, timeout=10) as answer:
            return answer.read().decode()

    def news(self, page):
        return json.loads(self.get(f"__preview?page=/mlphys/{page}"))


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    preview = Served(make_book(tmp_path_factory.mktemp("served")))
    preview.until("done in")
    yield preview
    preview.child.kill()
    preview.child.communicate()


def test_prose_is_shown_a_failing_cell_is_told_and_only_its_chapter_runs(served):
    page, path = "book/late.html", served.folder / "book/late.md"
    before, text = served.news(page)["stamp"], path.read_text("utf-8")
    good = text.replace("Some prose.", "Some other words.")
    path.write_text(good, "utf-8")
    said = served.until("done in")
    assert "Some other words." in served.get(page)
    assert served.news(page)["stamp"] != before
    assert not [line for line in said if "executed" in line or "executing" in line]
    assert "__preview" not in (served.folder / "_build/html" / page).read_text("utf-8")

    path.write_text(good.replace("mlphys.late.nine()", "1 / 0"), "utf-8")
    said = "\n".join(served.until("FAILED"))
    assert "book/late.md:21: code cell 2" in said and "ZeroDivisionError" in said
    assert re.findall(r"executing (\S+)", said) == ["book/late"]
    assert "nine is 9" in served.get(page)  # what was right stays
    assert "ZeroDivisionError" in served.news(page)["notice"]

    path.write_text(good, "utf-8")
    served.until("done in")
    assert served.news(page)["notice"] == ""


def test_a_warning_is_told_until_it_is_mended(served):
    path = served.folder / "book/index.md"
    path.write_text(path.read_text("utf-8") + "See {ref}`nowhere`.\n", "utf-8")
    assert "book/index.md:3: WARNING: undefined label" in "\n".join(served.until("FAILED"))
    (served.folder / "book/alone.md").touch()  # another page; the fault is still there
    assert "book/index.md:3: WARNING" in "\n".join(served.until("FAILED"))


def test_ctrl_c_ends_it_without_a_traceback(served):
    served.child.send_signal(signal.SIGINT)
    said = served.until("ended")
    assert served.child.wait(20) == 0
    assert not [line for line in said if "Traceback" in line]


@pytest.mark.parametrize("text", ["x", "-1", "70000", ""])
def test_a_wrong_port_is_told(text):
    with pytest.raises(argparse.ArgumentTypeError, match=r"expected a number .* make serve PORT="):
        port_number(text)


def test_a_wrong_scale_is_told(monkeypatch, capsys):
    monkeypatch.setenv("MLPHYS_SCALE", "huge")
    assert main(["--port", "0"]) == 2
    assert "MLPHYS_SCALE: expected small or full; got 'huge'" in capsys.readouterr().out


def test_pages_with_problems_are_read_again():
    problems = ["book/d/tape.md:7: WARNING: x", "book/d/tape.md: WARNING: y", "WARNING: z"]
    assert pages_named(problems) == {"book/d/tape"}
