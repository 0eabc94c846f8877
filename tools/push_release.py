"""Store a built release in the branches that readers reach.

    python3 tools/push_release.py --site FOLDER --notebooks FOLDER --version v0.2.0

In one commit on the branch ``site`` the newest release comes to the root, the release gets a folder
of its own, and the pages of all versions get links to one another; see `site_versions`. Previews
stay. The notebooks go to the branch ``notebooks-v0.2.0``, where the buttons of this release's pages
find them ever after, and to ``notebooks`` if no release is newer. It runs on the Python of the
runner, with the standard library alone.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import push_folder
import site_versions


def main(arguments: list[str]) -> int:
    """Run from the command line; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--site", type=Path, required=True, help="folder of the built site")
    parser.add_argument("--notebooks", type=Path, required=True, help="folder of the notebooks")
    parser.add_argument("--version", required=True, help="the release's tag")
    parser.add_argument("--remote", default="", help="default: the workflow's own repository")
    options = parser.parse_args(arguments)
    try:
        push_release(options.site, options.notebooks, options.version, options.remote)
    except (OSError, RuntimeError, ValueError) as error:
        print(f"push_release: {error}", file=sys.stderr)
        return 1
    return 0


def push_release(site: Path, notebooks: Path, version: str, remote: str = "") -> None:
    """Store the site and the notebooks of a release.

    Parameters
    ----------
    site, notebooks : pathlib.Path
        What the build made.
    version : str
        The release's tag.
    remote : str
        Address of the repository; if empty, that of the workflow.

    Raises
    ------
    FileNotFoundError
        If there are no notebooks.
    ValueError
        If the version is none, or there is no site.
    """
    if not any(notebooks.rglob("*.ipynb")):
        raise FileNotFoundError(f"expected notebooks in {notebooks}; found none")
    remote = remote or push_folder.default_remote()
    token = os.environ.get("GITHUB_TOKEN", "")
    versions: list[str] = []

    def add(tree: Path) -> None:
        site_versions.add_release(tree, site, version)
        versions[:] = site_versions.released(tree)

    replace = lambda tree: push_folder.store(tree, notebooks)
    push_folder.push(remote, "site", add, f"Release {version}", token)
    print(f"push_release: the site holds {' '.join(versions)}")
    branches = [f"notebooks-{version}"]
    if site_versions.newest(versions) == version:
        branches.append("notebooks")
    for branch in branches:
        push_folder.push(remote, branch, replace, f"Notebooks of {version}", token)
        print(f"push_release: the notebooks are on {branch}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
