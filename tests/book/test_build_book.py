"""What the build command shows of Sphinx's log, and what it says at the end."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from build_book import Progress, outcome

LOG = """Running Sphinx v7.4.7
reading sources... [ 50%] book/near
/w/book/near.md: Executing notebook using local CWD [mystnb]
[IPKernelApp] WARNING | Kernel is running over TCP without encryption.
2026-01-01 00:00:00.1: I tensorflow/core/platform/cpu_feature_guard.cc:1] a line of TensorFlow
/w/book/near.md: Executed notebook in 3.14 seconds [mystnb]
reading sources... [100%] book/late
/w/book/late.md: Using cached notebook: ID=1 [mystnb]
/w/book/late.md:7: WARNING: undefined label: 'x' [ref.ref]
writing output... [ 50%] book/near
build succeeded.
"""


def shown(log: str) -> tuple[str, Progress]:
    stream = io.StringIO()
    progress = Progress(stream, Path("/w"))
    for line in log.splitlines():
        progress.feed(line)
    return stream.getvalue(), progress


def test_one_line_for_each_executed_chapter_and_each_problem():
    text, progress = shown(LOG)
    assert text.splitlines() == [
        "book: reading pages",
        "book:   executing book/near ... 3.1 s",
        "book:   book/late.md:7: WARNING: undefined label: 'x' [ref.ref]",
        "book: writing pages",
    ]
    assert progress.problems == ["book/late.md:7: WARNING: undefined label: 'x' [ref.ref]"]


def test_a_chapter_that_does_not_end_is_told():
    text, _ = shown("\n".join([*LOG.splitlines()[1:3], "reading sources... [100%] book/late"]))
    assert text.splitlines()[-1] == "book:   executing book/near ... broken off"


def test_what_follows_from_a_failed_cell_is_not_told():
    glue = "WARNING: No key 'near_x' found in glue data for this document. [mystnb.glue]"
    log = f"""/w/book/near.md: WARNING: Executing notebook failed: CellExecutionError [mystnb.exec]
/w/book/near.md: WARNING: Notebook exception traceback saved in: /w/x.log [mystnb.exec]
/w/book/near.md:9: {glue}
/w/book/late.md:9: {glue}"""
    assert shown(log)[1].problems == [f"book/late.md:9: {glue}"]


def test_the_end_of_a_good_build(tmp_path):
    (tmp_path / "_build/html").mkdir(parents=True)
    report = {"chapters": ["a", "b", "c"], "executed": ["b"], "failures": []}
    line = outcome(0, report, Progress(io.StringIO(), tmp_path), tmp_path)
    assert line == "_build/html/index.html is ready: 3 chapters, 1 executed, 2 from the cache"


@pytest.mark.parametrize(
    "log, cause",
    [
        ("Extension error:\nCould not import extension x (exception: no)\nTraceback (most recent",
         "Could not import extension x (exception: no)"),
        ("Exception occurred:\n  File \"/w/_ext/x.py\", line 7, in setup\n    app.no()\n    ^^^\n"
         "AttributeError: no\nThe full traceback",
         'File "/w/_ext/x.py", line 7, in setup app.no() AttributeError: no'),
    ],
)  # fmt: skip
def test_the_end_of_a_build_that_sphinx_broke_off_says_why(tmp_path, log, cause):
    _, progress = shown(log)
    assert outcome(2, {}, progress, tmp_path) == f"FAILED: {cause}"


def test_the_end_of_a_build_that_broke_without_a_report(tmp_path):
    progress = Progress(io.StringIO(), tmp_path)
    progress.page = "book/near"
    assert (
        outcome(1, {}, progress, tmp_path) == "FAILED at book/near: Jupyter Book ended with code 1"
    )
