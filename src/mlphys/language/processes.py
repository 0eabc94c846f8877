"""The running processes of this machine as a table that can be queried.

Linux shows each process as a folder ``/proc/<pid>``, whose file ``stat`` holds its number, its
name and the number of its parent [1]_. Other systems have the program ``ps``. Where neither
answers, a small example table stands in, and the result says so.

Chapter: ``book/language/queries.md``.

References
----------
.. [1] proc_pid_stat(5), https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from mlphys.language.queries import group_by

__all__ = ["EXAMPLE", "Process", "ProcessTable", "parse_stat", "read_processes", "siblings"]


class Process(NamedTuple):
    """One running program: its number, the number of its parent (0 for none), its name."""

    number: int
    parent: int
    name: str


class ProcessTable(NamedTuple):
    """Processes in the order of their numbers, and a sentence that says where they come from."""

    processes: list[Process]
    source: str


# A computer with one user at work: invented, so that a page that shows it is always the same.
EXAMPLE = [
    Process(1, 0, "init"),
    Process(210, 1, "sshd"),
    Process(305, 1, "bash"),
    Process(411, 305, "jupyter-lab"),
    Process(412, 411, "python3"),
    Process(413, 411, "python3"),
    Process(520, 305, "tmux: server"),
    Process(530, 210, "(sd-pam)"),
]


def parse_stat(line: str) -> Process:
    """Return the process that one line of ``/proc/<pid>/stat`` describes.

    The line reads ``pid (name) state parent …``. A name may hold blanks and parentheses, so the
    name ends at the *last* closing parenthesis.

    Parameters
    ----------
    line : str
        Content of the file.

    Raises
    ------
    ValueError
        If the line does not have that form.

    Examples
    --------
    >>> parse_stat("520 (tmux: server) S 305 520 520 0")
    Process(number=520, parent=305, name='tmux: server')
    """
    head, closing, tail = line.rpartition(")")
    pid, opening, name = head.partition(" (")
    fields = tail.split()
    if not (closing and opening and len(fields) >= 2 and pid.isdigit() and fields[1].isdigit()):
        raise ValueError(f"parse_stat: expected 'pid (name) state parent ...'; got {line!r}")
    return Process(int(pid), int(fields[1]), name)


def read_processes(folder: Path = Path("/proc"), *, program: str = "ps") -> ProcessTable:
    """Return the processes that run now, and where the answer came from.

    Parameters
    ----------
    folder : Path
        Where Linux shows its processes.
    program : str
        What to ask where that folder has none: a ``ps`` with the options of POSIX.

    Returns
    -------
    ProcessTable
        From the folder, else from the program, else the shipped example; ``source`` says which.

    Raises
    ------
    ValueError
        If a file or a line is there and does not have the documented form.

    Examples
    --------
    >>> table = read_processes(Path("no such folder"), program="no such program")
    >>> table.source
    'the shipped example, because this system has neither no such folder nor no such program'
    >>> len(table.processes)
    8
    """
    lines = [text for path in folder.glob("[0-9]*/stat") if (text := _read(path))]
    if lines:
        return ProcessTable(sorted(map(parse_stat, lines)), f"the folder {folder}")
    if shutil.which(program):
        command = [program, "-A", "-o", "pid=,ppid=,comm="]
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return ProcessTable(sorted(map(_parse_ps, answer.splitlines())), f"the program {program}")
    missing = f"because this system has neither {folder} nor {program}"
    return ProcessTable(list(EXAMPLE), f"the shipped example, {missing}")


def siblings(processes: list[Process]) -> dict[int, list[Process]]:
    """Return the processes that share a parent, by the number of the parent.

    Parameters
    ----------
    processes : list of Process

    Returns
    -------
    dict
        Only parents with two children or more.

    Examples
    --------
    >>> for parent, children in siblings(EXAMPLE).items():
    ...     print(parent, [child.name for child in children])
    1 ['sshd', 'bash']
    305 ['jupyter-lab', 'tmux: server']
    411 ['python3', 'python3']
    """
    families = group_by(processes, lambda process: process.parent)
    return {parent: kin for parent, kin in families.items() if parent and len(kin) > 1}


def _read(path: Path) -> str:
    """Return a process's line; empty if it ended since we listed the folder."""
    try:
        return path.read_text("utf-8", errors="backslashreplace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _parse_ps(line: str) -> Process:
    fields = line.split(maxsplit=2)
    if not (len(fields) == 3 and fields[0].isdigit() and fields[1].isdigit()):
        raise ValueError(f"read_processes: expected 'pid parent name' from ps; got {line!r}")
    return Process(int(fields[0]), int(fields[1]), fields[2])
