"""Add the CUDA parts of TensorFlow and JAX where there is a GPU: ``make gpu``.

The lock file holds what runs everywhere. On a machine with an NVIDIA device this adds the
libraries that both frameworks load, at the locked versions of the frameworks themselves. Without
a device it changes nothing, and says so.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["devices", "main"]

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ("jax[cuda12]", "tensorflow[and-cuda]")


def devices() -> list[str]:
    """Return the names of the NVIDIA devices of this machine.

    Raises
    ------
    RuntimeError
        If ``nvidia-smi`` is there and fails: a driver that is broken is not the same as no device.
    """
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    query = [program, "--query-gpu=name", "--format=csv,noheader"]
    done = subprocess.run(query, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"nvidia-smi failed: {(done.stderr or done.stdout).strip()}")
    return [line.strip() for line in done.stdout.splitlines() if line.strip()]


def main() -> int:
    """Install the CUDA parts if there is a device; return the exit code."""
    try:
        found = devices()
    except RuntimeError as error:
        print(f"gpu: {error}", file=sys.stderr)
        return 1
    if not found:
        print("gpu: no NVIDIA device here; the book is computed on the processor")
        return 0
    print(f"gpu: {', '.join(found)}: adding the CUDA libraries", flush=True)
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet",
               "--constraint", "requirements.lock", *EXTRAS]  # fmt: skip
    return subprocess.run(command, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
