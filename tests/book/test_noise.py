"""Each kind of noise is caught, what merely looks like it is not, and the build names the cell."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
import pytest
from mlphys_book.noise import find_noise, rules
from tiny_book import build, edited

TABLE = rules(Path("/home/jovyan/mlphys"), Path(sys.prefix))


def found(text: str, *, stream: str = "stdout", tags: tuple[str, ...] = ()) -> list[str]:
    cell = nbformat.v4.new_code_cell("x", metadata={"tags": list(tags)})
    cell.outputs = [nbformat.v4.new_output("stream", name=stream, text=text)]
    return list(find_noise(cell, TABLE))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("memory address", "<function f at 0x7f3a2c1d5e10>"),
        ("memory address", "id: 0x7F3A2C1D5E10"),
        ("temporary path", "Saved artifact at '/tmp/tmpk2x1'"),
        ("temporary path", "/var/folders/ab/x.png"),
        ("path of this machine", "/home/jovyan/mlphys/book"),
        ("path of this machine", f"{sys.prefix}/lib"),
        ("process number", "worker pid=4711"),
        ("process number", "PID 12"),
        ("progress bar", "\r 40%"),
        ("progress bar", "12/12 [00:01<00:00, 8.1it/s]"),
        ("progress bar", "3/3 ━━━━━━━━ 0s"),
        ("log line", "I0000 00:00:1700000000.123 1 gpu.cc:1] x"),
        ("log line", "2026-01-02 03:04:05.6: I tensorflow/core/x.cc:1] y"),
        ("log line", "WARNING: All log messages before absl::InitializeLog() is called"),
    ],
)
def test_noise_is_found(name, text):
    assert any(sentence.startswith(name) for sentence in found(text)), found(text)


@pytest.mark.parametrize(
    "text",
    [
        "0x9e3779b97f4a7c15",  # a constant of a generator: 16 digits
        "0xdeadbeef",
        "0x1.8p+1",
        "rapid 12",
        "tmp/file",
        "a line\r\n",
        "8 bits/s",
        "energies: 1.5 2.5",
        "2026-01-02 was a Friday",
    ],
)
def test_what_looks_like_noise_is_left_alone(text):
    assert found(text) == []


def test_standard_error_needs_its_tag():
    assert "tag the cell `stderr`" in found("careful", stream="stderr")[0]
    assert found("careful", stream="stderr", tags=("stderr",)) == []


def test_results_and_errors_are_read_too():
    cell = nbformat.v4.new_code_cell("x")
    cell.outputs = [
        nbformat.v4.new_output("execute_result", data={"text/html": "<b>0x7f3a2c1d5e10</b>"}),
        nbformat.v4.new_output(
            "error", ename="E", evalue="at 0x7f3a2c1d5e10", traceback=["\x1b[31mE"]
        ),
    ]
    assert len(list(find_noise(cell, TABLE))) == 2


@pytest.fixture(scope="module")
def loud(book):
    """Build once with a chapter that makes every kind of noise."""
    code = (
        "print(object())\nimport os, sys, warnings\nprint(os.getcwd())\n"
        "os.write(2, b'straight to ' + b'the terminal');\nprint('careful', file=sys.stderr)\nprint("
    )
    with edited(book / "book/alone.md", {"print(": code}):
        return build(book)


@pytest.mark.parametrize(
    "name", ["memory address", "path of this machine", "output to standard error"]
)
def test_the_build_fails_and_names_the_cell(loud, name):
    assert loud.code != 0
    assert f"book/alone.md:14: WARNING: code cell 1: {name}" in loud.said


def test_what_compiled_code_writes_to_the_terminal_stays_out_of_the_page(loud, book):
    assert "'careful'" in loud.said
    page = (book / "_build/html/book/alone.html").read_text("utf-8")
    assert "straight to the terminal" not in page
    assert "straight to the terminal" in (book / "_build/book.log").read_text("utf-8")
