"""Copy a site that came from a stranger, or refuse it: ``python tools/filter_site.py FROM TO``.

The preview of a pull request shows files that somebody else's code has made. Nothing of them is
run here; before they are stored, this tool checks that they are what a site is made of: ordinary
files of known kinds, few enough and small enough, with plain names, inside their folder. Archives
are left out: a preview is looked at, and what a stranger has packed should not be offered for
download at our address. It runs on the Python of the runner, with the standard library alone.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

__all__ = ["check_site", "copy_site"]

KINDS = {
    ".css", ".gif", ".html", ".inv", ".ipynb", ".ico", ".jpeg", ".jpg", ".js", ".json", ".map", ".md",
    ".mo", ".mp4", ".pdf", ".png", ".po", ".svg", ".ttf", ".txt", ".webm", ".webp", ".woff",
    ".woff2", ".xml",
}  # fmt: skip
LEFT_OUT = ".zip"
MOST_FILES = 5_000
MOST_BYTES = 300_000_000
MOST_BYTES_A_FILE = 50_000_000


def check_site(folder: Path) -> list[Path]:
    """Return the files of a site, relative to ``folder``, after checking each of them.

    Parameters
    ----------
    folder : pathlib.Path
        Folder to read; its files are not opened.

    Returns
    -------
    list of pathlib.Path
        Sorted, without archives.

    Raises
    ------
    ValueError
        If there is a link, a special file, an unknown kind, a strange name, no ``index.html``, or
        more or larger files than a site has.
    """
    files, total = [], 0
    for parent, folders, names in os.walk(folder, followlinks=False):
        for name in (*folders, *names):
            path = Path(parent, name)
            _check_name(path.relative_to(folder))
            if path.is_symlink():
                raise ValueError(f"expected ordinary files; {path.relative_to(folder)} is a link")
        for name in names:
            if name.endswith(LEFT_OUT):
                continue
            total += _check_file(Path(parent, name), folder)
            files.append(Path(parent, name).relative_to(folder))
            if len(files) > MOST_FILES or total > MOST_BYTES:
                raise ValueError(
                    f"expected at most {MOST_FILES} files and {MOST_BYTES} bytes in all; got more"
                )
    if Path("index.html") not in files:
        raise ValueError(f"expected a site; {folder} holds no index.html")
    return sorted(files)


def _check_name(path: Path) -> None:
    if not path.as_posix().isascii() or not path.as_posix().isprintable():
        raise ValueError(f"expected plain ASCII names; got {path.as_posix()!r}")
    if path.name.startswith("."):
        raise ValueError(f"expected no hidden files; got {path}")


def _check_file(path: Path, folder: Path) -> int:
    """Return the size of one file after checking its kind and size."""
    name = path.relative_to(folder)
    if not path.is_file():
        raise ValueError(f"expected ordinary files; {name} is none")
    if path.suffix.lower() not in KINDS:
        raise ValueError(f"expected files of the kinds {' '.join(sorted(KINDS))}; got {name}")
    size = path.stat().st_size
    if size > MOST_BYTES_A_FILE:
        raise ValueError(f"expected at most {MOST_BYTES_A_FILE} bytes a file; {name} has {size}")
    return size


def copy_site(source: Path, target: Path) -> int:
    """Copy a checked site into the new folder ``target``; return the number of its files."""
    files = check_site(source)
    target.mkdir(parents=True)
    for name in files:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)
    return len(files)


def main(arguments: list[str]) -> int:
    """Run from the command line; return the exit code."""
    if len(arguments) != 2:
        print("usage: python tools/filter_site.py FROM TO", file=sys.stderr)
        return 2
    try:
        count = copy_site(Path(arguments[0]), Path(arguments[1]))
    except (OSError, ValueError) as error:
        print(f"filter_site: refused: {error}", file=sys.stderr)
        return 1
    print(f"filter_site: {count} files")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
