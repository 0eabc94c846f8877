"""The project's address: what stands in the configuration, and a fork's own in its CI."""

from __future__ import annotations

import nbformat
import pytest
from mlphys_book.repository import Repository, find_repository, launch_links
from tiny_book import RICH, build, make_book

OURS = Repository(
    "https://github.com/mlphys/mlphys", "main", "main", "https://mlphys.github.io/mlphys/"
)
FORK = {
    "GITHUB_REPOSITORY": "Emmy/ideals",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REF_TYPE": "branch",
    "GITHUB_REF_NAME": "lectures",
}


def test_outside_ci_the_configuration_holds():
    assert find_repository(OURS, {}) == OURS


def test_in_our_own_ci_the_site_keeps_its_address():
    ours = {
        "GITHUB_REPOSITORY": "mlphys/mlphys",
        "GITHUB_REF_TYPE": "branch",
        "GITHUB_REF_NAME": "main",
    }
    moved = OURS._replace(site="https://course.example/")
    assert find_repository(moved, ours) == moved


def test_a_fork_points_at_itself():
    found = find_repository(OURS, FORK)
    assert found == Repository(
        "https://github.com/Emmy/ideals", "lectures", "lectures", "https://emmy.github.io/ideals/"
    )


@pytest.mark.parametrize(
    ("extra", "branch", "ref"),
    [
        ({"GITHUB_REF_TYPE": "tag", "GITHUB_REF_NAME": "v1.2.0"}, "main", "v1.2.0"),
        ({"GITHUB_BASE_REF": "next", "GITHUB_REF_NAME": "7/merge"}, "next", "next"),
    ],
)
def test_tags_and_pull_requests(extra, branch, ref):
    found = find_repository(OURS, FORK | extra)
    assert (found.branch, found.ref) == (branch, ref)


def test_a_users_own_pages_and_a_named_site():
    assert (
        find_repository(OURS, {"GITHUB_REPOSITORY": "Emmy/emmy.github.io"}).site
        == "https://emmy.github.io/"
    )
    assert find_repository(OURS, FORK | {"MLPHYS_SITE": "https://a.b/c"}).site == "https://a.b/c/"


def test_services_exist_for_github_alone():
    assert launch_links(OURS._replace(url="https://git.example/a/b"), "x", "notebooks") == []


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    """Return a book that is not built yet."""
    return make_book(tmp_path_factory.mktemp("rich"), chapters={"book/rich.md": RICH})


@pytest.fixture(scope="module")
def page(rich):
    """Build the page in a fork's CI and return it."""
    built = build(rich, **FORK)
    assert built.code == 0, built.said
    return (rich / "_build/html/book/rich.html").read_text("utf-8")


@pytest.mark.parametrize(
    "link",
    [
        "https://github.com/Emmy/ideals/edit/lectures/book/rich.md",
        "https://github.com/Emmy/ideals/issues/new",
        "https://colab.research.google.com/github/Emmy/ideals/blob/notebooks/book/rich.ipynb",
        "https://mybinder.org/v2/gh/Emmy/ideals/notebooks?urlpath=lab/tree/book/rich.ipynb",
        "https://emmy.github.io/ideals/book/rich.html",
    ],
)
def test_a_forks_page_points_at_the_fork(page, link):
    assert link in page
    assert "mlphys/mlphys" not in page


def test_a_forks_notebook_installs_from_the_fork(page, rich):
    notebook = nbformat.read(rich / "_build/html/_sources/book/rich.ipynb", as_version=4)
    assert "git+https://github.com/Emmy/ideals@lectures" in notebook.cells[0].source
    told = (rich / "_build/notebooks/requirements.txt").read_text("utf-8")
    assert told == "mlphys[all] @ git+https://github.com/Emmy/ideals@lectures\n"
