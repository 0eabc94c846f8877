"""The whole way of a notebook to Colab and Binder, short of those hosts.

A small book is built as a release of a fork, its notebooks are pushed into a bare repository as the
workflow does it, and the addresses on the page's buttons are taken apart by the rules of the two
services: what they would open must be there, and what they would install must be the same.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import nbformat
import push_release
import pytest
from lxml import html
from packaging.requirements import Requirement
from tiny_book import RICH, build, make_book

ROOT = Path(__file__).resolve().parents[2]
RELEASE = {
    "GITHUB_REPOSITORY": "Emmy/ideals",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REF_TYPE": "tag",
    "GITHUB_REF_NAME": "v1.2.0",
}


class Target(NamedTuple):
    """What a button opens: repository, branch, path in it."""

    repository: str
    branch: str
    path: str


def colab_target(address: str) -> Target:
    """Take apart ``https://colab.research.google.com/github/OWNER/NAME/blob/BRANCH/PATH``."""
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc, parts.query) == ("https", "colab.research.google.com", "")
    match = re.fullmatch(r"/github/([^/]+/[^/]+)/blob/([^/]+)/(.+\.ipynb)", unquote(parts.path))
    assert match, address
    return Target(*match.groups())


def binder_target(address: str) -> Target:
    """Take apart ``https://mybinder.org/v2/gh/OWNER/NAME/BRANCH?urlpath=lab/tree/PATH``."""
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc) == ("https", "mybinder.org")
    match = re.fullmatch(r"/v2/gh/([^/]+/[^/]+)/([^/]+)", unquote(parts.path))
    assert match, address
    ((place,),) = parse_qs(parts.query, strict_parsing=True).values()
    assert place.startswith("lab/tree/")
    return Target(*match.groups(), place.removeprefix("lab/tree/"))


@pytest.fixture(scope="module")
def rich(tmp_path_factory) -> Path:
    """Return the book, built as a release and nothing else."""
    pages = {"book/rich.md": RICH}
    folder = make_book(tmp_path_factory.mktemp("rich"), chapters=pages)
    built = build(folder, **RELEASE)
    assert built.code == 0, built.said
    return folder


@pytest.fixture(scope="module")
def published(rich, tmp_path_factory) -> tuple[list[str], Path]:
    """Return the links of a released page and the repository into which it was published."""
    remote = tmp_path_factory.mktemp("host") / "Emmy/ideals.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(remote)], check=True)
    push_release.push_release(
        rich / "_build/html", rich / "_build/notebooks", "v1.2.0", str(remote)
    )
    page = html.parse(str(rich / "_build/html/book/rich.html"))
    return page.xpath("//a/@href"), remote


def show(remote: Path, branch: str, path: str) -> bytes:
    """Return a file of a branch of the repository."""
    command = ["git", "-C", str(remote), "show", f"{branch}:{path}"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def targets(links: list[str]) -> dict[str, Target]:
    """Return what the two buttons open."""
    (colab,) = {link for link in links if "colab" in link}
    (binder,) = {link for link in links if "mybinder" in link}
    return {"colab": colab_target(colab), "binder": binder_target(binder)}


@pytest.mark.parametrize("service", ["colab", "binder"])
def test_button_opens_the_notebook_of_this_very_page(published, rich, service):
    links, remote = published
    target = targets(links)[service]
    assert target == ("Emmy/ideals", "notebooks-v1.2.0", "book/rich.ipynb")
    opened = show(remote, target.branch, target.path)
    assert opened == (rich / "_build/html/_sources/book/rich.ipynb").read_bytes()
    notebook = nbformat.reads(opened.decode(), as_version=4)
    nbformat.validate(notebook)
    assert any(cell.get("outputs") for cell in notebook.cells)


def test_newest_notebooks_lie_on_the_branch_of_builds_in_development(published):
    _, remote = published
    for path in ("book/rich.ipynb", "requirements.txt"):
        assert show(remote, "notebooks", path) == show(remote, "notebooks-v1.2.0", path)


def test_binder_finds_what_to_install_and_python(published):
    """Binder reads these two files at the root where there is no folder `binder`."""
    _, remote = published
    names = subprocess.run(
        ["git", "-C", str(remote), "ls-tree", "--name-only", "notebooks-v1.2.0"],
        check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    assert {"requirements.txt", "runtime.txt"} <= set(names)
    assert not {"binder", ".binder", "environment.yml", "Dockerfile", "setup.py"} & set(names)
    runtime = show(remote, "notebooks-v1.2.0", "runtime.txt").decode()
    major, minor = re.fullmatch(r"python-(\d+)\.(\d+)\n", runtime).groups()
    metadata = (ROOT / "pyproject.toml").read_text("utf-8")
    lowest, below = re.search(r'requires-python = ">=3\.(\d+),<3\.(\d+)"', metadata).groups()
    assert major == "3" and int(lowest) <= int(minor) < int(below)


def test_binder_and_the_first_cell_install_the_same_library(published):
    links, remote = published
    target = targets(links)["binder"]
    wanted = Requirement(show(remote, target.branch, "requirements.txt").decode().strip())
    notebook = json.loads(show(remote, target.branch, target.path))
    cell = "".join(notebook["cells"][0]["source"])
    installed = Requirement(re.search(r'%pip install -q "([^"]+)"', cell)[1])
    assert wanted.url == installed.url == "git+https://github.com/Emmy/ideals@v1.2.0"
    assert (wanted.name, installed.name, wanted.extras) == ("mlphys", "mlphys", {"all"})
    metadata = (ROOT / "pyproject.toml").read_text("utf-8")
    every = set(re.search(r'all = \["mlphys\[(.+)\]"\]', metadata)[1].split(","))
    assert installed.extras <= every
