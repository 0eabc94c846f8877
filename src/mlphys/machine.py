"""The machine card: what a page was built on, in words that a reader can compare with."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["card", "describe", "in_notebook"]

PACKAGES = ("numpy", "scipy", "matplotlib", "jax", "tensorflow", "keras")


def card() -> dict[str, str]:
    """Return the machine and the versions, one line each.

    Returns
    -------
    dict of str to str
        Processor, cores that this process may use, memory in GiB, operating system, Python, and
        the version of each installed package of the course. Nothing in it names the host, the user
        or a path.

    Examples
    --------
    >>> sorted(card())[:3]
    ['Cores', 'JAX', 'Keras']
    >>> card()["Python"].count(".")
    2
    """
    lines = {
        "Processor": _processor(),
        "Cores": str(_cores()),
        "Memory": f"{_memory_gib():.0f} GiB",
        "System": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
    }
    titles = {"jax": "JAX", "numpy": "NumPy", "scipy": "SciPy", "tensorflow": "TensorFlow"}
    for name in PACKAGES:
        lines[titles.get(name, name.capitalize())] = _version(name)
    return lines


def describe() -> str:
    """Return the card as one sentence fragment for captions and tables.

    Examples
    --------
    >>> describe().split(", ")[1].startswith("Python 3.")
    True
    """
    lines = card()
    return (
        f"{lines['Cores']} cores of {lines['Processor'].replace(',', '')}, "
        f"Python {lines['Python']}, NumPy {lines['NumPy']}"
    )


def in_notebook() -> bool:
    """Return whether this code runs in a Jupyter kernel, whose output becomes part of a page.

    Examples
    --------
    >>> in_notebook()
    False
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return hasattr(shell, "kernel")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _cores() -> int:
    """Return the number of cores that this process may run on."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _processor() -> str:
    """Return the processor's own name for itself."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
