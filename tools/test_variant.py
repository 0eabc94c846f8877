"""Run the tests with other packages than the locked ones: ``python tools/test_variant.py light``.

``light`` leaves TensorFlow and JAX out: the numeric parts must work without them. ``oldest`` takes
the oldest version that ``pyproject.toml`` allows of each package, ``newest`` the newest, as a reader
gets them today; ``colab`` starts from the versions of the Colab image (see `colab_image`) and runs
the tests of the library. Each variant has an environment of its own below ``_build``, made anew
when the lock file or ``pyproject.toml`` changes, the last two every day.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from datetime import UTC, datetime
from pathlib import Path

import colab_image

__all__ = ["make_environment", "requirements"]

ROOT = Path(__file__).resolve().parent.parent
GROUPS = ("--group", "book", "--group", "test", "--group", "lint")
VARIANTS = {
    "light": ["--constraint", "requirements.lock", "--editable", "."],
    "oldest": ["--resolution", "lowest-direct", "--editable", ".[all]"],
    "newest": ["--upgrade", "--editable", ".[all]"],
    "colab": ["--editable", ".[all]"],
}
DAILY = ("newest", "colab")
# Old packages with new ones beneath them: their deprecations are shown, and are not ours to mend.
SHOWN = ("-W", "default::DeprecationWarning")
OPTIONS = {
    "oldest": [*SHOWN],
    "colab": [*SHOWN, *(f"--ignore=tests/{name}" for name in ("book", "repository", "site"))],
}


def requirements(variant: str) -> list[str]:
    """Return the arguments of ``uv pip install`` for a variant.

    Raises
    ------
    ValueError
        If there is no such variant.
    """
    if variant not in VARIANTS:
        raise ValueError(f"expected one of {', '.join(VARIANTS)}; got {variant!r}")
    groups = ("--group", "test") if variant == "colab" else GROUPS
    return [*VARIANTS[variant], *groups]


def make_environment(variant: str) -> Path:
    """Return the Python of the variant's environment, after making it where it is stale."""
    arguments = requirements(variant)
    home = ROOT / "_build" / f"environment-{variant}"
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    state = hashlib.sha256(" ".join([sys.version, *arguments]).encode())
    for name in ("pyproject.toml", "requirements.lock"):
        state.update((ROOT / name).read_bytes())
    if variant in DAILY:
        state.update(f"{datetime.now(UTC):%Y-%m-%d}".encode())
    stamp = home / ".made-from"
    if not stamp.exists() or stamp.read_text("utf-8") != state.hexdigest():
        print(f"{variant}: making the environment", flush=True)
        venv.create(home, with_pip=False, clear=True)
        if variant == "colab":
            install_image(python)
        install(python, *arguments)
        stamp.write_text(state.hexdigest(), "utf-8")
    return python


def install(python: Path, *arguments: str) -> None:
    """Install into a variant's environment what the arguments of ``uv pip install`` say."""
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(python)]
    subprocess.run([*command, *arguments], cwd=ROOT, check=True)


def installed(python: Path) -> dict[str, str]:
    """Return what an environment holds, version by package."""
    command = [sys.executable, "-m", "uv", "pip", "freeze", "--python", str(python)]
    done = subprocess.run(command, cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE)
    return colab_image.read_freeze(done.stdout)


def install_image(python: Path) -> None:
    """Install the versions of the Colab image and the library on top; say what that replaces.

    ``COLAB_LISTS`` may name a folder with Colab's lists, instead of their address.
    """
    folder = Path(os.environ["COLAB_LISTS"]) if "COLAB_LISTS" in os.environ else None
    colab_image.check_python(colab_image.read_python(colab_image.fetch("os-info.txt", folder)))
    image = colab_image.read_freeze(colab_image.fetch("pip-freeze.txt", folder))
    ours = colab_image.read_names((ROOT / "requirements.lock").read_text("utf-8"))
    pins = [f"{name}=={version}" for name, version in image.items() if name in ours]
    install(python, "--no-deps", *pins)
    before = installed(python)
    install(python, *VARIANTS["colab"])
    for line in colab_image.changes(before, installed(python)):
        print(f"colab: the first cell replaces {line}", flush=True)


def main(arguments: list[str]) -> int:
    """Run the tests of a variant; further arguments go to ``run_tests.py``. Return the exit code."""
    variant, *rest = arguments or [""]
    try:
        python = make_environment(variant)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print(f"test_variant: {error}", file=sys.stderr)
        return 2
    command = [str(python), "tools/run_tests.py", *OPTIONS.get(variant, []), *rest]
    return subprocess.run(command, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
