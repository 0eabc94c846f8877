"""Make the project's environment: ``python tools/set_up.py .venv``.

Runs on any Python the project supports, with the standard library alone. It makes a virtual
environment, installs into it the exact versions of ``requirements.lock`` (each checked against its
hash), and the project itself in editable form. A stamp file tells make that it is done.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
OLDEST, BEYOND = (3, 11), (3, 14)


def check_python() -> None:
    """Raise ``SystemExit`` unless this Python is one that the lock file covers."""
    found = sys.version_info[:2]
    if not OLDEST <= found < BEYOND:
        sys.exit(
            f"set-up: expected Python {OLDEST[0]}.{OLDEST[1]} or newer, below "
            f"{BEYOND[0]}.{BEYOND[1]}; this is {found[0]}.{found[1]} ({sys.executable}). "
            "Name another one, for example: make book PYTHON=python3.12"
        )


def locked_requirement(name: str) -> str:
    """Return the lock file's own lines (version and hashes) for one package."""
    match = re.search(rf"^{re.escape(name)}==(?:.*\\\n)+.*$", LOCK.read_text("utf-8"), re.MULTILINE)
    if match is None:
        sys.exit(f"set-up: {LOCK.name} has no entry for {name!r}; run `make lock`")
    return match.group(0) + "\n"


def run(message: str, command: list[str], **environment: str) -> None:
    """Say ``message``, run ``command``, and stop with its own words if it fails."""
    print(f"set-up: {message} ...", flush=True)
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment})
    if done.returncode:
        sys.exit(f"set-up: failed while: {message} (exit code {done.returncode}; see above)")


def main(target: str) -> None:
    """Build the environment in the folder ``target``."""
    check_python()
    started = time.monotonic()
    home = ROOT / target
    print(f"set-up: Python {sys.version.split()[0]}, environment in {target}/", flush=True)
    venv.create(home, with_pip=True, clear=True)
    binaries = home / ("Scripts" if os.name == "nt" else "bin")
    python = str(binaries / "python")
    bootstrap = home / "bootstrap.lock"
    bootstrap.write_text(locked_requirement("uv"), "utf-8")
    run("installing the installer (uv)",
        [python, "-m", "pip", "install", "-q", "--require-hashes", "-r", str(bootstrap)])  # fmt: skip
    uv = [python, "-m", "uv", "pip"]
    here = {"VIRTUAL_ENV": str(home), "UV_COMPILE_BYTECODE": "1"}
    run("installing the locked packages (1 GB or so to fetch the first time)",
        [*uv, "sync", "--require-hashes", str(LOCK)], **here)  # fmt: skip
    run("installing mlphys itself",
        [*uv, "install", "-q", "--no-deps", "--editable", "."], **here)  # fmt: skip
    run("fetching the site's node packages (MathJax and two tools)",
        [str(binaries / "npm"), "ci", "--loglevel=error", "--prefix", "tools/node"])  # fmt: skip
    (home / ".ready").write_text("", "utf-8")
    print(f"set-up: done in {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else ".venv")
