"""Run the tests with other packages than the locked ones: ``python tools/test_variant.py light``.

``light`` leaves TensorFlow and JAX out: the numeric parts must work without them. ``oldest`` takes
the oldest version that ``pyproject.toml`` allows of each package. Each variant has an environment
of its own below ``_build``, made anew when the lock file or ``pyproject.toml`` changes.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

__all__ = ["make_environment", "requirements"]

ROOT = Path(__file__).resolve().parent.parent
GROUPS = ("--group", "book", "--group", "test", "--group", "lint")
VARIANTS = {
    "light": ["--constraint", "requirements.lock", "--editable", "."],
    "oldest": ["--resolution", "lowest-direct", "--editable", ".[all]"],
}
# Old packages with new ones beneath them: their deprecations are shown, and are not ours to mend.
OPTIONS = {"oldest": ["-W", "default::DeprecationWarning"]}


def requirements(variant: str) -> list[str]:
    """Return the arguments of ``uv pip install`` for a variant.

    Raises
    ------
    ValueError
        If there is no such variant.
    """
    if variant not in VARIANTS:
        raise ValueError(f"expected one of {', '.join(VARIANTS)}; got {variant!r}")
    return [*VARIANTS[variant], *GROUPS]


def make_environment(variant: str) -> Path:
    """Return the Python of the variant's environment, after making it where it is stale."""
    arguments = requirements(variant)
    home = ROOT / "_build" / f"environment-{variant}"
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    state = hashlib.sha256(" ".join([sys.version, *arguments]).encode())
    for name in ("pyproject.toml", "requirements.lock"):
        state.update((ROOT / name).read_bytes())
    stamp = home / ".made-from"
    if not stamp.exists() or stamp.read_text("utf-8") != state.hexdigest():
        print(f"{variant}: making the environment", flush=True)
        venv.create(home, with_pip=False, clear=True)
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(python)]
        subprocess.run([*command, *arguments], cwd=ROOT, check=True)
        stamp.write_text(state.hexdigest(), "utf-8")
    return python


def main(arguments: list[str]) -> int:
    """Run the tests of a variant; further arguments go to ``run_tests.py``. Return the exit code."""
    variant, *rest = arguments or [""]
    try:
        python = make_environment(variant)
    except (ValueError, subprocess.CalledProcessError) as error:
        print(f"test_variant: {error}", file=sys.stderr)
        return 2
    command = [str(python), "tools/run_tests.py", *OPTIONS.get(variant, []), *rest]
    return subprocess.run(command, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
