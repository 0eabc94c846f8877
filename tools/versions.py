"""Check that the version stands the same everywhere: ``python tools/versions.py [--tag v0.1.0]``.

The package, its metadata, the citation and the changelog each name it, and at a release the tag
does, too. Standard library alone, so that a release can start with this check.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

__all__ = ["check", "read_versions"]

ROOT = Path(__file__).resolve().parent.parent
PATTERNS = {
    "src/mlphys/__init__.py": r'^__version__ = "([^"]+)"$',
    "CITATION.cff": r"^version: (\S+)$",
    "CHANGELOG.md": r"^## \[(\d[^\]]*)\] - \d{4}-\d\d-\d\d$",
}


def read_versions(root: Path) -> dict[str, str]:
    """Return the version that each file names; of the changelog, the newest.

    Raises
    ------
    ValueError
        If a file names none.
    """
    found = {"pyproject.toml": tomllib.loads((root / "pyproject.toml").read_text("utf-8"))}
    versions = {name: table["project"]["version"] for name, table in found.items()}
    for name, pattern in PATTERNS.items():
        match = re.search(pattern, (root / name).read_text("utf-8"), re.MULTILINE)
        if match is None:
            raise ValueError(f"{name}: expected a line like {pattern}; found none")
        versions[name] = match.group(1)
    return versions


def check(versions: dict[str, str]) -> None:
    """Raise unless all versions are one.

    Raises
    ------
    ValueError
        With the list of them.

    Examples
    --------
    >>> check({"pyproject.toml": "0.1.0", "tag": "0.1.0"})
    """
    if len(set(versions.values())) > 1:
        rows = ", ".join(f"{name} says {version}" for name, version in versions.items())
        raise ValueError(f"expected one version everywhere; {rows}")


def main(arguments: list[str]) -> int:
    """Run from the command line; return the exit code."""
    versions = read_versions(ROOT)
    if arguments[:1] == ["--tag"] and len(arguments) == 2:
        versions["the tag"] = arguments[1].removeprefix("v")
    elif arguments:
        print("usage: python tools/versions.py [--tag v0.1.0]", file=sys.stderr)
        return 2
    try:
        check(versions)
    except ValueError as error:
        print(f"versions: {error}", file=sys.stderr)
        return 1
    print(f"versions: {versions['pyproject.toml']} everywhere")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
