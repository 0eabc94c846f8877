"""Where data lives: one folder for everything, which ``MLPHYS_DATA`` can move.

::

    <data folder>/
        tfds/                       what tensorflow_datasets takes as its data_dir
            mnist/3.0.1/            records, dataset_info.json, features.json
                mlphys/             the same set as IDX files, and manifest.json
        lock                        held while a set is being prepared
        preparing-<random>/         a preparation at work; swept away by the next one
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from mlphys.datasets.catalog import Dataset
from mlphys.datasets.errors import DataError
from mlphys.datasets.publish import explain_os_error

__all__ = ["data_folder", "prepared_folder", "tfds_folder"]


def data_folder() -> Path:
    """Return the folder that holds all data sets, whether or not it exists yet.

    It is ``MLPHYS_DATA`` where that is set and not empty; else ``mlphys`` in the user's cache
    folder: ``$XDG_CACHE_HOME`` or ``~/.cache``, on macOS ``~/Library/Caches``, on Windows
    ``%LOCALAPPDATA%``.

    Raises
    ------
    DataError
        If ``MLPHYS_DATA`` names a file or a place that this user may not look into, or no home
        folder can be found.

    Examples
    --------
    >>> data_folder().is_absolute()
    True
    """
    try:
        chosen = os.environ.get("MLPHYS_DATA", "")
        folder = Path(chosen).expanduser() if chosen else _user_cache() / "mlphys"
    except RuntimeError as fault:
        raise DataError(
            f"data folder: expected a home folder for this user; got: {fault}. "
            "Set MLPHYS_DATA to a folder that you may write to."
        ) from fault
    try:
        is_file = folder.exists() and not folder.is_dir()
    except OSError as fault:
        raise explain_os_error(fault, folder) from fault
    if is_file:
        raise DataError(
            f"MLPHYS_DATA: expected a folder; got {folder}, which is a file. "
            "Set MLPHYS_DATA to a folder that you may write to."
        )
    return folder.absolute()


def tfds_folder() -> Path:
    """Return the folder to hand to ``tensorflow_datasets`` as ``data_dir``.

    Examples
    --------
    >>> tfds_folder().name
    'tfds'
    """
    return data_folder() / "tfds"


def prepared_folder(dataset: Dataset) -> Path:
    """Return the folder of one prepared data set, whether or not it exists yet.

    Examples
    --------
    >>> from mlphys.datasets.catalog import MNIST
    >>> prepared_folder(MNIST).parts[-3:]
    ('tfds', 'mnist', '3.0.1')
    """
    return tfds_folder() / dataset.name / dataset.version


def _user_cache() -> Path:
    """Return the folder in which this system's programs keep what can be fetched again."""
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        return Path(local) if local else Path.home() / "AppData" / "Local"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    xdg = os.environ.get("XDG_CACHE_HOME", "")
    return Path(xdg) if xdg else Path.home() / ".cache"
