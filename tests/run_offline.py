"""Run one notebook with no network: ``python run_offline.py in.ipynb out.ipynb``.

Two walls: every Python process refuses to look up or to connect to another machine (an audit hook,
which also says who tried), and where the system allows it the whole run has a network of its own
with nothing in it but itself.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HOOK = """
import sys


def refuse(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if host not in (None, "", "localhost", "127.0.0.1", "::1", b"localhost", b"127.0.0.1"):
        raise OSError(f"the network is off in this test; asked for {host!r}")


sys.addaudithook(refuse)
"""
ALONE = "MLPHYS_TEST_ALONE"


def write_hook(folder: Path) -> None:
    """Write the hook where Python loads it at every start, given ``folder`` on its path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(HOOK, "utf-8")


def lock_out(command: list[str]) -> list[str]:
    """Return the command to run in an empty network, or as it is where that is not allowed."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return command
    prefix = [unshare, "--map-root-user", "--net"]
    tried = subprocess.run([*prefix, "true"], capture_output=True)
    return [*prefix, *command] if tried.returncode == 0 else command


def open_loopback() -> None:
    """Switch on the machine's connection to itself inside an empty network; kernels need it."""
    import fcntl
    import socket
    import struct

    up, set_flags = 0x1, 0x8914
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        fcntl.ioctl(link, set_flags, struct.pack("16sh", b"lo", up))


def main(source: str, target: str) -> None:
    """Run the notebook in the current folder and write it with its new outputs."""
    import nbclient
    import nbformat

    if os.environ.get(ALONE):
        open_loopback()
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
    nbformat.write(notebook, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
