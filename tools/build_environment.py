"""The environment in which chapters run: the same whatever the user's own settings are.

A reader's shell may choose another Jupyter kernel, another plotting backend, another locale; a book
whose outputs depend on that is not reproducible. So the build has its own folder for the settings
of Jupyter, IPython, Matplotlib and Keras, and a kernel that is the Python of this environment.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from book_kernel import ROOT_VARIABLE

__all__ = ["build_variables", "kernel_variables", "write_kernel"]

# A precaution: on few cores, JAX 0.10.2 can wait for its own threads for ever. What was caught hanging
# were batches of LAPACK calls (see mlphys/physics/cofactors.py), which this option does not cure.
ONE_POOL = "--xla_cpu_multi_thread_eigen=false"

KERNEL = Path(__file__).with_name("book_kernel.py")
DROPPED = (
    "COLUMNS",  # tables that are drawn for a terminal have 80 columns without it
    "JUPYTER_CONFIG_PATH",
    "LINES",
    "MATPLOTLIBRC",
    "PYTHONHOME",
    "PYTHONSTARTUP",
    "PYTHONWARNINGS",
)


def kernel_variables(root: Path) -> dict[str, str]:
    """Return the variables that only the kernels see."""
    return {
        ROOT_VARIABLE: str(root),
        "CUDA_MODULE_LOADING": "LAZY",
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "SOURCE_DATE_EPOCH": "0",  # Matplotlib writes the time into SVG figures otherwise
        "TZ": "UTC",
    }


def build_variables(root: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the build.

    Parameters
    ----------
    root : pathlib.Path
        Folder of the project.
    environ : mapping of str to str
        The environment that the build was started from.

    Returns
    -------
    dict of str to str
    """
    home = root / "_build" / ".home"
    kept = {name: value for name, value in environ.items() if name not in DROPPED}
    return kept | {
        "IPYTHONDIR": str(home / "ipython"),
        # An edited chapter compiles only what is new.
        "JAX_COMPILATION_CACHE_DIR": str(home / "jax"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JUPYTER_CONFIG_DIR": str(home / "jupyter-config"),
        "JUPYTER_DATA_DIR": str(home / "jupyter-data"),
        "JUPYTER_NO_CONFIG": "1",
        "JUPYTER_PATH": str(home / "jupyter"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "KERAS_BACKEND": "tensorflow",
        "KERAS_HOME": str(home / "keras"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "PYTHONPATH": str(root / "src"),
        "PYTHONUTF8": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "XLA_FLAGS": f"{environ.get('XLA_FLAGS', '')} {ONE_POOL}".strip(),
    }


def write_kernel(root: Path) -> Path:
    """Write the kernel specification ``python3`` that the build uses, and return its file.

    ``JUPYTER_PATH`` comes first when Jupyter looks for kernels, so that this one is found before
    any kernel of the same name that the user has.
    """
    folder = root / "_build" / ".home" / "jupyter" / "kernels" / "python3"
    folder.mkdir(parents=True, exist_ok=True)
    specification = {
        "argv": [sys.executable, str(KERNEL), "-f", "{connection_file}"],
        "display_name": "Python 3",
        "language": "python",
        "env": kernel_variables(root),
    }
    path = folder / "kernel.json"
    path.write_text(json.dumps(specification, indent=1), "utf-8")
    for name in ("ipython", "jupyter-config", "jupyter-data", "keras", "matplotlib"):
        (root / "_build" / ".home" / name).mkdir(exist_ok=True)
    return path
