"""The machine card: what a page was built on, in words that a reader can compare with."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections import Counter
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["card", "describe", "devices", "in_notebook"]

PACKAGES = ("numpy", "scipy", "matplotlib", "jax", "tensorflow", "keras")
TITLES = {"jax": "JAX", "numpy": "NumPy", "scipy": "SciPy", "tensorflow": "TensorFlow"}
NVIDIA = Path("/proc/driver/nvidia/gpus")
GIB = 2**30


def card(*, live: bool = False) -> dict[str, str]:
    """Return the machine and the versions, one line each.

    Parameters
    ----------
    live : bool
        Add what may change while a process runs: the free part of the disk, and the devices that
        TensorFlow and JAX see (:func:`devices`). Without them two processes on one machine give
        the same card.

    Returns
    -------
    dict of str to str
        Processor, cores that this process may use, memory and the disk under the current folder
        in GiB, accelerators that the system knows, operating system, Python, the version of each
        installed package of the course, and the library that NumPy uses for linear algebra.
        Nothing in it names the host, the user or a path.

    Examples
    --------
    >>> sorted(card())[:3]
    ['Accelerator', 'Cores', 'Disk']
    >>> card()["Python"].count(".")
    2
    """
    lines = {
        "Processor": _processor(),
        "Cores": str(_cores()),
        "Memory": _memory(),
        "Disk": _disk(free=live),
        "Accelerator": _accelerators(),
        "System": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
    }
    for name in PACKAGES:
        lines[TITLES.get(name, name.capitalize())] = _version(name)
    lines["NumPy BLAS"] = _blas()
    if live:
        lines |= {f"{TITLES[name]} devices": devices(name) for name in ("tensorflow", "jax")}
    return lines


def devices(package: str) -> str:
    """Return what TensorFlow or JAX may compute on, without loading either.

    Parameters
    ----------
    package : str
        ``"tensorflow"`` or ``"jax"``.

    Returns
    -------
    str
        For instance ``"1 CPU, 2 GPU"``; ``"not loaded"`` if this process has not imported the
        package, ``"not installed"`` if it could not.

    Raises
    ------
    ValueError
        If the package is another one.

    Examples
    --------
    >>> import sys
    >>> "jax" in sys.modules or devices("jax").startswith("not ")
    True
    """
    if package not in ("tensorflow", "jax"):
        raise ValueError(f"devices: expected 'tensorflow' or 'jax'; got {package!r}")
    module = sys.modules.get(package)
    if module is None:
        installed = _version(package)
        return installed if installed == "not installed" else "not loaded"
    if package == "tensorflow":
        kinds = Counter(device.device_type for device in module.config.list_physical_devices())
    else:
        kinds = Counter(device.platform.upper() for device in module.devices())
    return ", ".join(f"{count} {kind}" for kind, count in kinds.items()) or "none"


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


def _memory() -> str:
    names = getattr(os, "sysconf_names", {})
    if "SC_PHYS_PAGES" not in names:  # Windows
        return "not known"
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / GIB:.0f} GiB"


def _disk(*, free: bool) -> str:
    usage = shutil.disk_usage(".")
    rest = f", {usage.free / GIB:.0f} GiB free" if free else ""
    return f"{usage.total / GIB:.0f} GiB{rest}"


def _accelerators(folder: Path = NVIDIA) -> str:
    """Return the graphics processors that NVIDIA's driver for Linux lists."""
    models: Counter[str] = Counter()
    for file in sorted(folder.glob("*/information")):
        found = [line.partition(":") for line in file.read_text("utf-8").splitlines()]
        lines = {key: value.strip() for key, _, value in found}
        models[lines.get("Model", "graphics processor")] += 1
    return ", ".join(f"{count} × {model}" for model, count in models.items()) or "none found"


def _blas() -> str:
    """Return name and version of the library that NumPy was built with."""
    import numpy as np

    found = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return f"{found.get('name', 'not known')} {found.get('version', '')}".strip()


def _processor() -> str:
    """Return the processor's own name for itself."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
