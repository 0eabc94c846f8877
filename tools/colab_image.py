"""The package versions of the Colab image, for a test of what a reader meets there.

Colab publishes what its image holds: a list of packages and a line with its Python. The image
itself is larger than the disk of a workflow's machine, so its versions are installed instead, those
of the packages that the course uses; then the library is installed on top, as the first cell of a
notebook does it. What that replaces is told, for it is what a reader has to wait for.
"""

from __future__ import annotations

import re
import sys
import urllib.request
from pathlib import Path

__all__ = ["changes", "check_python", "read_freeze", "read_names", "read_python"]

SOURCE = "https://raw.githubusercontent.com/googlecolab/backend-info/main/"
PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==([0-9][\w.!]*)$", re.MULTILINE)


def plain(name: str) -> str:
    """Return a package's name in the one spelling that compares.

    Examples
    --------
    >>> plain("Importlib_Resources")
    'importlib-resources'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def read_freeze(text: str) -> dict[str, str]:
    """Return version by package from what ``pip freeze`` printed.

    Packages that were installed from an address, and versions of one machine's build, are left out.

    Examples
    --------
    >>> read_freeze("# note\\nNumPy==2.0.2\\ntorch==2.9.0+cu126\\nx @ https://a.org/x.whl\\n")
    {'numpy': '2.0.2'}
    """
    return {plain(name): version for name, version in PIN.findall(text)}


def read_names(lock: str) -> set[str]:
    """Return the packages of a lock file."""
    return {plain(name) for name in re.findall(r"^([A-Za-z0-9][\w.-]*)==", lock, re.MULTILINE)}


def read_python(text: str) -> str:
    """Return the Python of the image, such as ``3.12``, from Colab's list of system programs.

    Raises
    ------
    ValueError
        If it does not say.
    """
    match = re.search(r"^Python (\d+\.\d+)", text, re.MULTILINE)
    if match is None:
        raise ValueError(f"expected a line such as `Python 3.12.11`; got {text[-200:]!r}")
    return match[1]


def check_python(wanted: str) -> None:
    """Check that this Python is the image's.

    Raises
    ------
    ValueError
        If it is another one.
    """
    mine = f"{sys.version_info.major}.{sys.version_info.minor}"
    if mine != wanted:
        raise ValueError(f"expected Colab's Python {wanted}; this is {mine}. Run it with that "
                         "one, and change it in the workflow that runs this")  # fmt: skip


def changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return what installing the library replaced, a line for each package.

    Examples
    --------
    >>> changes({"jax": "0.7.2", "numpy": "2.0.2"}, {"jax": "0.10.2", "numpy": "2.0.2", "x": "1"})
    ['jax 0.7.2 -> 0.10.2']
    """
    return [
        f"{name} {version} -> {after.get(name, 'gone')}"
        for name, version in sorted(before.items())
        if after.get(name) != version
    ]


def fetch(name: str, folder: Path | None = None) -> str:
    """Return one of Colab's lists, from a folder if one is given.

    Raises
    ------
    OSError
        If it cannot be had.
    """
    if folder is not None:
        return (folder / name).read_text("utf-8")
    with urllib.request.urlopen(SOURCE + name, timeout=60) as answer:
        return answer.read().decode()
