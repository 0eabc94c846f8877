import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.language.processes import EXAMPLE, Process, parse_stat, read_processes, siblings


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.text(max_size=15))
def test_any_name_survives_the_line(pid, parent, name):
    assert parse_stat(f"{pid} ({name}) S {parent} 7 7 0 -1") == Process(pid, parent, name)


@pytest.mark.parametrize("line", ["", "12 python S 1", "12 (python", "x (y) S 1", "1 (y) S"])
def test_other_lines_are_refused(line):
    with pytest.raises(ValueError, match=r"expected 'pid \(name\) state parent"):
        parse_stat(line)


def test_a_folder_like_proc(tmp_path):
    for process in EXAMPLE:
        (tmp_path / str(process.number)).mkdir()
        line = f"{process.number} ({process.name}) S {process.parent} 0 0"
        (tmp_path / str(process.number) / "stat").write_text(line)
    (tmp_path / "999").mkdir()  # ended between listing and reading
    (tmp_path / "999" / "stat").symlink_to(tmp_path / "gone")
    table = read_processes(tmp_path)
    assert table.processes == EXAMPLE
    assert table.source == f"the folder {tmp_path}"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system has no /proc")
def test_this_process_and_its_parent_are_found_in_proc():
    table = read_processes()
    parents = {process.number: process.parent for process in table.processes}
    assert parents[os.getpid()] == os.getppid()


@pytest.mark.skipif(not shutil.which("ps"), reason="this system has no program ps")
def test_ps_finds_this_process(tmp_path):
    table = read_processes(tmp_path)
    parents = {process.number: process.parent for process in table.processes}
    assert parents[os.getpid()] == os.getppid()
    assert table.source == "the program ps"


def program(folder: Path, answer: str) -> str:
    """Write a program that prints the answer."""
    file = folder / "answer"
    file.write_text(f"#!{sys.executable}\nprint({answer!r})\n")
    file.chmod(0o755)
    return str(file)


def test_a_program_that_answers_in_another_form_is_refused(tmp_path):
    with pytest.raises(ValueError, match="expected 'pid parent name' from ps; got 'PID"):
        read_processes(tmp_path, program=program(tmp_path, "PID PPID COMMAND"))


def test_names_with_blanks_come_through_the_program(tmp_path):
    table = read_processes(tmp_path, program=program(tmp_path, "  12   1 tmux: server"))
    assert table.processes == [Process(12, 1, "tmux: server")]


def test_the_fallback_says_that_it_is_one(tmp_path):
    table = read_processes(tmp_path, program="no such program")
    assert table.processes == EXAMPLE
    assert "the shipped example, because this system has neither" in table.source


def test_siblings_share_a_parent_and_nobody_is_left_out():
    families = siblings(EXAMPLE)
    for parent, kin in families.items():
        assert kin == [process for process in EXAMPLE if process.parent == parent]
    alone = [process for process in EXAMPLE if process.parent not in families]
    assert len({process.parent for process in alone}) == len(alone)
    assert siblings([Process(1, 0, "init"), Process(2, 0, "kthreadd")]) == {}
