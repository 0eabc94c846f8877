"""Install what a folder of ``tools/`` pins in its ``package-lock.json``, where it is missing.

Only those programs that most readers never run come this way; what every build needs is installed
by ``make setup``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["NODE", "environment", "install"]

BINARIES = Path(sys.executable).parent
NODE = BINARIES / "node"
FILES = ("package.json", "package-lock.json")


def environment() -> dict[str, str]:
    """Return the environment with the locked programs first on the path."""
    return {**os.environ, "PATH": f"{BINARIES}{os.pathsep}{os.environ.get('PATH', '')}"}


def install(pinned: Path, target: Path, proof: str) -> Path:
    """Return the file ``proof`` of an installed package, after installing it where it is missing.

    Parameters
    ----------
    pinned : pathlib.Path
        Folder with ``package.json`` and ``package-lock.json``.
    target : pathlib.Path
        Folder to install into, in its ``node_modules``; it may be ``pinned`` itself.
    proof : str
        A file below ``node_modules`` that is there once everything is.

    Raises
    ------
    RuntimeError
        If npm cannot install it.
    """
    wanted = (pinned / FILES[1]).read_bytes()
    stamp = target / "node_modules" / ".installed-lock.json"
    found = target / "node_modules" / proof
    if found.exists() and stamp.exists() and stamp.read_bytes() == wanted:
        return found
    target.mkdir(parents=True, exist_ok=True)
    if target != pinned:
        for name in FILES:
            shutil.copyfile(pinned / name, target / name)
    npm = [str(BINARIES / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(npm, cwd=target, env=environment(), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"npm could not install {pinned.name}: {done.stderr.strip()}")
    stamp.write_bytes(wanted)
    return found
