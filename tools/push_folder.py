"""Keep a branch whose content is made by workflows: the site, its previews, the notebooks.

    python tools/push_folder.py store SOURCE --branch site [--folder preview/pr-7] [--keep preview]
    python tools/push_folder.py prune --branch site --folder preview   (names to keep: stdin)

Such a branch has one commit without a parent, so that the repository does not grow with every
preview. Two workflows may write at once: each push names the commit that it replaces, and starts
over if another was faster. ``GITHUB_TOKEN`` is used for the push where it is set. It runs on the
Python of the runner, with the standard library alone.
"""

from __future__ import annotations

import argparse
import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

__all__ = ["prune", "push", "store"]

TRIES = 6
AUTHOR = "-c user.name=mlphys-workflows -c user.email=workflows@users.noreply.github.com".split()


class Rejected(Exception):
    """Another push to the branch came first."""


def store(tree: Path, source: Path, *, folder: str = "", keep: tuple[str, ...] = ()) -> None:
    """Put the files of ``source`` in place of those below ``folder`` of a checked-out branch.

    Parameters
    ----------
    tree : pathlib.Path
        The checked-out branch.
    source : pathlib.Path
        Folder with the new files.
    folder : str
        Where they go, below ``tree``; empty for the whole branch.
    keep : tuple of str
        Names at the top of ``folder`` that stay as they are; ``v*`` is all that begin with v.
    """
    target = tree / inside(folder)
    target.mkdir(parents=True, exist_ok=True)
    for old in target.iterdir():
        if old.name != ".git" and not any(fnmatchcase(old.name, name) for name in keep):
            remove(old)
    shutil.copytree(source, target, dirs_exist_ok=True)


def prune(tree: Path, *, folder: str, keep: tuple[str, ...]) -> None:
    """Delete what lies in ``folder`` under other names than those in ``keep``."""
    target = tree / inside(folder)
    for old in target.iterdir() if target.is_dir() else ():
        if old.name not in keep:
            remove(old)


def inside(folder: str) -> PurePosixPath:
    """Return ``folder`` as a path that cannot lead out of the branch.

    Raises
    ------
    ValueError
        If a part of it is anything but letters, digits, ``-`` and ``_``.

    Examples
    --------
    >>> inside("preview/pr-7")
    PurePosixPath('preview/pr-7')
    """
    if folder and not re.fullmatch(r"[\w-]+(/[\w-]+)*", folder, re.ASCII):
        raise ValueError(f"expected a folder such as preview/pr-7; got {folder!r}")
    return PurePosixPath(folder)


def remove(path: Path) -> None:
    """Delete a file or a folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def git(tree: Path, *arguments: str, token: str = "") -> str:
    """Run git in ``tree`` and return what it prints; the token is seen by this one process.

    Raises
    ------
    subprocess.CalledProcessError
        If git fails.
    """
    environment = dict(os.environ, GIT_TERMINAL_PROMPT="0")
    if token:
        secret = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        environment |= {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "http.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {secret}",
        }
    done = subprocess.run(["git", *AUTHOR, *arguments], cwd=tree, env=environment, check=True,
                          text=True, stdout=subprocess.PIPE)  # fmt: skip
    return done.stdout.strip()


def push_once(
    remote: str, branch: str, change: Callable[[Path], None], message: str, token: str
) -> bool:
    """Fetch the branch, change its files, push them; return False if nothing changed.

    Raises
    ------
    Rejected
        If the branch moved in between.
    """
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name)
        git(tree, "init", "--quiet", "--initial-branch", "new")
        old = git(tree, "ls-remote", remote, f"refs/heads/{branch}", token=token).split("\t")[0]
        if old:
            git(tree, "fetch", "--quiet", "--depth", "1", remote, old, token=token)
            git(tree, "read-tree", "-u", "--reset", "FETCH_HEAD")
        change(tree)
        git(tree, "add", "--all", "--force")
        if old and git(tree, "write-tree") == git(tree, "rev-parse", "FETCH_HEAD^{tree}"):
            return False
        git(tree, "commit", "--quiet", "--allow-empty", "--message", message)
        lease = f"--force-with-lease=refs/heads/{branch}:{old}"
        try:
            git(tree, "push", "--quiet", lease, remote, f"HEAD:refs/heads/{branch}", token=token)
        except subprocess.CalledProcessError as error:
            now = git(tree, "ls-remote", remote, f"refs/heads/{branch}", token=token)
            if now.split("\t")[0] != old:
                raise Rejected(branch) from error
            raise
    return True


def push(
    remote: str, branch: str, change: Callable[[Path], None], message: str, token: str = ""
) -> bool:
    """Change a branch as :func:`push_once` does, and start over where another push came first.

    Raises
    ------
    RuntimeError
        If others were faster six times in a row.
    """
    for _ in range(TRIES):
        try:
            return push_once(remote, branch, change, message, token)
        except Rejected:
            print(f"push_folder: {branch} moved meanwhile; starting over", flush=True)
    raise RuntimeError(f"gave up on branch {branch!r} after {TRIES} tries; run the workflow again")


def default_remote() -> str:
    """Return the address of the repository whose workflow this is.

    Raises
    ------
    ValueError
        If this is no workflow.
    """
    if "GITHUB_REPOSITORY" not in os.environ:
        raise ValueError("expected GITHUB_REPOSITORY to be set, or --remote; got neither")
    server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
    return f"{server}/{os.environ['GITHUB_REPOSITORY']}.git"


def main(arguments: list[str]) -> int:
    """Run from the command line; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("store", "prune"))
    parser.add_argument("source", nargs="?", type=Path, help="folder to store")
    parser.add_argument("--branch", required=True)
    parser.add_argument("--folder", default="", help="where in the branch; the top if left out")
    parser.add_argument("--keep", nargs="*", default=[], help="names that stay; * fits all")
    parser.add_argument("--remote", default="", help="default: the workflow's own repository")
    options = parser.parse_args(arguments)
    if options.what == "store":
        if options.source is None or not options.source.is_dir():
            parser.error(f"store: expected a folder; got {options.source}")
        change = lambda tree: store(
            tree, options.source, folder=options.folder, keep=tuple(options.keep)
        )
    else:
        names = tuple(sys.stdin.read().split())
        change = lambda tree: prune(tree, folder=options.folder, keep=names)
    where = f"{options.branch}:{options.folder or '/'}"
    message = f"{options.what.capitalize()} {options.folder or 'the whole branch'}"
    remote = options.remote or default_remote()
    changed = push(remote, options.branch, change, message, os.environ.get("GITHUB_TOKEN", ""))
    print(f"push_folder: {where} {'is pushed' if changed else 'was up to date'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
