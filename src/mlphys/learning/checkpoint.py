"""Write the state of a training run to one file, so that nothing short of a lost disk loses it.

A file is complete or absent: bytes go to a neighbor file, are forced to disk, and the neighbor
takes the name in one move. Its first line names the format, its second is the SHA-256 of the rest,
and the rest is a NumPy archive without pickled objects.

Chapter: ``book/learning/deep_net.md``.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from mlphys.learning.deep_net import DeepNet
from mlphys.learning.optimizers import Optimizer
from mlphys.learning.training import Record, Score, TrainingState

__all__ = ["CheckpointError", "load_checkpoint", "load_net", "make_saver", "save_checkpoint"]

FORMAT = b"mlphys checkpoint 1\n"
DIGEST_LENGTH = 65  # 64 hexadecimal digits and a line end


class CheckpointError(ValueError):
    """A file is no complete checkpoint, or belongs to another net or optimizer."""


def save_checkpoint(path: str | os.PathLike, net: DeepNet, state: TrainingState) -> None:
    """Write net and state to ``path``, atomically.

    Parameters
    ----------
    path : path-like
        A file that exists is replaced only when the new one is complete on disk.
    net : DeepNet
    state : TrainingState
        As :func:`mlphys.learning.training.train` hands it to callbacks.

    Raises
    ------
    OSError
        If the folder is missing, not writable or full; an older file is then untouched.
    """
    path = Path(path)
    content = _encode(net, state)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(FORMAT + hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load_checkpoint(path: str | os.PathLike, net: DeepNet, optimizer: Optimizer) -> TrainingState:
    """Return the state that was saved for this net and optimizer.

    Parameters
    ----------
    path : path-like
    net : DeepNet
        With the sizes, unit and dtype of the one that was saved; its parameters stay as they are
        until ``train(..., resume=state)``.
    optimizer : Optimizer

    Returns
    -------
    TrainingState

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CheckpointError
        If the file is cut short, altered, something else, or of another net or optimizer.
    """
    path = Path(path)
    arrays = _read(path)
    about = json.loads(str(arrays["about"]))
    expected = _about_net(net) | {"optimizer": optimizer.name}
    for key, value in expected.items():
        if about[key] != value:
            raise CheckpointError(
                f"{path.name}: expected a checkpoint with {key} {value}; it has {about[key]}. "
                "Build the net and the optimizer as in the run that saved it."
            )
    blank = optimizer.init(net.parameters)
    fields = {
        name: arrays[f"optimizer.{name}"] if isinstance(value, np.ndarray) else about[name]
        for name, value in blank._asdict().items()
    }
    return TrainingState(
        epoch=about["epoch"],
        parameters=arrays["parameters"],
        optimizer_name=optimizer.name,
        optimizer_state=type(blank)(**fields),
        rng_state=about["rng"],
        history=tuple(_record(values) for values in about["history"]),
    )


def load_net(path: str | os.PathLike) -> DeepNet:
    """Return the net in a checkpoint, to use and not to go on training.

    Parameters
    ----------
    path : path-like

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CheckpointError
        If the file is cut short, altered or something else.
    """
    arrays = _read(Path(path))
    about = json.loads(str(arrays["about"]))
    net = DeepNet(
        about["sizes"],
        rng=np.random.default_rng(0),  # its draws are overwritten
        activation=about["activation"],
        dtype=np.dtype(about["dtype"]).type,
    )
    net.parameters[:] = arrays["parameters"]
    return net


def make_saver(
    path: str | os.PathLike, *, every: int = 1
) -> Callable[[DeepNet, TrainingState], None]:
    """Return a callback that saves after every so many epochs.

    Parameters
    ----------
    path : path-like
    every : int
        Number of epochs between two files, at least 1.

    Raises
    ------
    ValueError
        If ``every`` is below 1.
    FileNotFoundError
        At once, if the folder does not exist: not after the first epoch.

    Examples
    --------
    >>> make_saver("no_such_folder/run.checkpoint")
    Traceback (most recent call last):
    ...
    FileNotFoundError: checkpoint: folder no_such_folder does not exist; make it first
    """
    if every < 1:
        raise ValueError(f"make_saver: expected every >= 1; got {every}")
    folder = Path(path).parent
    if not folder.is_dir():
        raise FileNotFoundError(f"checkpoint: folder {folder} does not exist; make it first")

    def save(net: DeepNet, state: TrainingState) -> None:
        if state.epoch % every == 0:
            save_checkpoint(path, net, state)

    return save


def _encode(net: DeepNet, state: TrainingState) -> bytes:
    memory = state.optimizer_state._asdict()
    arrays: dict[str, Any] = {
        f"optimizer.{k}": v for k, v in memory.items() if isinstance(v, np.ndarray)
    }
    about = _about_net(net) | {
        "optimizer": state.optimizer_name,
        "epoch": state.epoch,
        "rng": state.rng_state,
        "history": state.history,
        **{k: v for k, v in memory.items() if not isinstance(v, np.ndarray)},
    }
    text = json.dumps(about, default=lambda value: value.tolist())
    buffer = io.BytesIO()
    np.savez(buffer, about=np.array(text), parameters=state.parameters, **arrays)
    return buffer.getvalue()


def _read(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays of a file whose checksum is right."""
    content = path.read_bytes()
    start = len(FORMAT) + DIGEST_LENGTH
    if not content.startswith(FORMAT):
        raise CheckpointError(
            f"{path.name}: expected a file that save_checkpoint wrote, beginning with "
            f"{FORMAT.decode().strip()!r}; it begins with {content[: len(FORMAT)]!r}"
        )
    digest = hashlib.sha256(content[start:]).hexdigest()
    if content[len(FORMAT) : start] != digest.encode() + b"\n":
        raise CheckpointError(
            f"{path.name}: its SHA-256 does not match its content of {len(content)} bytes; "
            "it was cut short or altered. Delete it and resume from an earlier one."
        )
    with np.load(io.BytesIO(content[start:]), allow_pickle=False) as archive:
        return dict(archive)


def _about_net(net: DeepNet) -> dict:
    return {
        "sizes": list(net.sizes),
        "activation": net.activation.name,
        "dtype": str(net.parameters.dtype),
    }


def _record(values: list) -> Record:
    epoch, loss, learning_rate, validation = values
    score = None if validation is None else Score(*validation)
    return Record(epoch, loss, learning_rate, score)
