"""Releases stored one after another: every version readable, every link between them alive."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import push_release
import pytest
import site_versions
from mlphys_book import version as version_note
from mlphys_book.repository import Repository

HOME = Repository("https://github.com/a/b", "main", "main", "https://a.github.io/b/")
CHAPTERS = {"v0.1.0": ("one", "old"), "v0.2.0": ("one", "two"), "v0.3.0": ("one", "two", "three")}


def empty(place: Path) -> Path:
    """Return an empty repository."""
    subprocess.run(["git", "init", "--quiet", "--bare", str(place)], check=True)
    return place


def build(folder: Path, version: str, chapters: tuple[str, ...] = ("one",)) -> tuple[Path, Path]:
    """Write a small site, as a build leaves it, and its notebooks; return their folders."""
    site, notebooks = folder / f"{version}-html", folder / f"{version}-notebooks"
    mark = version_note.note(HOME._replace(ref=version))
    nav = "".join(f'<a href="../part/{name}.html">{name}</a>' for name in chapters)
    for name in chapters:
        page = f'<nav>{mark}{nav}</nav><article class="x">{version} {name}</article>'
        path = site / "part" / f"{name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, "utf-8")
        notebook = notebooks / "part" / f"{name}.ipynb"
        notebook.parent.mkdir(parents=True, exist_ok=True)
        notebook.write_text(f'{{"version": "{version}"}}', "utf-8")
    for name in ("index.html", "404.html"):
        (site / name).write_text(f'{mark}<a href="part/one.html">{version}</a>', "utf-8")
    return site, notebooks


def publish(remote: Path, folder: Path, version: str, chapters: tuple[str, ...] = ("one",)) -> int:
    """Build a release and push it as the workflow does."""
    site, notebooks = build(folder, version, chapters)
    return push_release.main(["--site", str(site), "--notebooks", str(notebooks),
                              "--version", version, "--remote", str(remote)])  # fmt: skip


def checkout(remote: Path, folder: Path, branch: str) -> Path:
    """Return a folder with the files of a branch."""
    command = ["git", "clone", "--quiet", "--branch", branch, "--", str(remote), str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def dead_links(site: Path) -> list[str]:
    """Return the relative links of all pages that lead to no file."""
    dead = []
    for page in site.rglob("*.html"):
        here = page.relative_to(site).as_posix()
        for link in re.findall(r'href="([^"]+)"', page.read_text("utf-8")):
            if link.startswith(("https:", "_static/")):
                continue
            target = urldefrag(urljoin(f"http://host/{here}", link))[0].removeprefix("http://host/")
            if not (site / target).is_file():
                dead.append(f"{here}: {link}")
    return dead


@pytest.fixture(scope="module")
def history(tmp_path_factory) -> Path:
    """Return a folder with a repository after three releases and a preview, and its site."""
    folder = tmp_path_factory.mktemp("history")
    remote = empty(folder / "remote.git")
    for version, chapters in CHAPTERS.items():
        assert publish(remote, folder, version, chapters) == 0
        if version == "v0.1.0":
            (folder / "pr").mkdir()
            (folder / "pr/index.html").write_text("a preview", "utf-8")
            store = ["store", str(folder / "pr"), "--branch", "site", "--remote", str(remote)]
            assert push_release.push_folder.main([*store, "--folder", "preview/pr-7"]) == 0
    checkout(remote, folder / "site", "site")
    return folder


@pytest.fixture(scope="module")
def published(history) -> Path:
    """Return the site after three releases and a preview; whoever changes it copies it."""
    return history / "site"


@pytest.fixture
def remote(history, tmp_path) -> Path:
    """Return a copy of the repository after three releases."""
    return shutil.copytree(history / "remote.git", tmp_path / "remote.git")


def test_newest_is_at_the_root_and_each_version_at_its_own_address(published):
    assert ">v0.3.0 three<" in re.sub(
        r"<!--.*?-->", "", (published / "part/three.html").read_text()
    )
    assert not (published / "part/old.html").exists()
    for version, chapters in CHAPTERS.items():
        pages = {path.stem for path in (published / version / "part").iterdir()}
        assert pages == set(chapters)
        assert f"{version} one" in (published / version / "part/one.html").read_text("utf-8")
    assert (published / "preview/pr-7/index.html").read_text("utf-8") == "a preview"


def test_no_link_between_versions_is_dead(published, tmp_path):
    assert dead_links(published) == []
    broken = shutil.copytree(published, tmp_path / "broken")
    (broken / "v0.1.0/part/one.html").unlink()
    assert "part/one.html: ../v0.1.0/part/one.html" in dead_links(broken)


def links_of(page: Path) -> dict[str, str]:
    """Return the links of a page's menu of versions by their words."""
    text = page.read_text("utf-8")
    menu = text.partition(site_versions.START)[2].partition(site_versions.END)[0]
    return {words: link for link, words in re.findall(r'href="([^"]+)"[^>]*>([^<]+)<', menu)}


def test_menu_leads_to_the_same_page_of_each_version(published):
    assert links_of(published / "part/one.html") == {
        "0.3.0 (newest)": "one.html",
        "0.2.0": "../v0.2.0/part/one.html",
        "0.1.0": "../v0.1.0/part/one.html",
    }
    assert links_of(published / "v0.1.0/part/one.html") == {
        "0.3.0 (newest)": "../../part/one.html",
        "0.2.0": "../../v0.2.0/part/one.html",
        "0.1.0": "one.html",
    }


def test_menu_leads_to_the_front_page_where_a_version_lacks_the_page(published):
    assert links_of(published / "v0.1.0/part/old.html")["0.3.0 (newest)"] == "../../index.html"
    assert links_of(published / "part/three.html")["0.1.0"] == "../v0.1.0/index.html"


def test_menu_says_which_version_this_is_and_works_without_scripts(published):
    text = (published / "v0.2.0/part/one.html").read_text("utf-8")
    assert "<details><summary>Version 0.2.0, not the newest</summary><ul><li><a href=" in text
    assert '<a href="one.html" aria-current="true">0.2.0</a>' in text
    assert text.count("aria-current") == 1
    assert "<script" not in text
    assert "http" not in text


def test_old_pages_alone_say_that_they_are_old(published):
    old = (published / "v0.1.0/part/one.html").read_text("utf-8")
    line = (
        'This is version 0.1.0. <a href="../../part/one.html">Go to version 0.3.0</a>, the newest.'
    )
    assert old.count(line) == 1
    assert old.index("<article") < old.index(line) < old.index("v0.1.0 one")
    for name in ("part/one.html", "v0.3.0/part/one.html"):
        assert "the newest." not in (published / name).read_text("utf-8")


def test_list_of_versions(published):
    text = (published / "versions.html").read_text("utf-8")
    assert re.findall(r'href="([^"]*index.html)"', text) == [
        "index.html", "v0.3.0/index.html", "v0.2.0/index.html", "v0.2.0/index.html",
        "v0.1.0/index.html", "v0.1.0/index.html",
    ]  # fmt: skip


def test_page_for_wrong_addresses_is_the_root_s_alone_and_keeps_its_links(published):
    assert [path.parent for path in published.rglob("404.html")] == [published]
    assert version_note.note(HOME._replace(ref="v0.3.0")) in (published / "404.html").read_text()


def test_notebooks_of_each_release_stay(remote, tmp_path):
    for number, version in enumerate(CHAPTERS):
        tree = checkout(remote, tmp_path / f"n{number}", f"notebooks-{version}")
        assert version in (tree / "part/one.ipynb").read_text("utf-8")
    newest = checkout(remote, tmp_path / "newest", "notebooks")
    assert "v0.3.0" in (newest / "part/three.ipynb").read_text("utf-8")


def test_late_patch_and_candidate_do_not_come_to_the_root(remote, tmp_path):
    for version in ("v0.2.1", "v0.4.0rc1"):
        assert publish(remote, tmp_path, version) == 0
    site = checkout(remote, tmp_path / "later", "site")
    assert "v0.3.0 one" in (site / "part/one.html").read_text("utf-8")
    assert list(links_of(site / "part/one.html")) == [
        "0.4.0rc1", "0.3.0 (newest)", "0.2.1", "0.2.0", "0.1.0",
    ]  # fmt: skip
    assert dead_links(site) == []
    newest = checkout(remote, tmp_path / "newest", "notebooks")
    assert "v0.3.0" in (newest / "part/one.ipynb").read_text("utf-8")


def test_same_release_twice_changes_nothing(remote, tmp_path):
    before = subprocess.run(["git", "rev-parse", "site"], cwd=remote, capture_output=True).stdout
    assert publish(remote, tmp_path, "v0.3.0", CHAPTERS["v0.3.0"]) == 0
    after = subprocess.run(["git", "rev-parse", "site"], cwd=remote, capture_output=True).stdout
    assert before == after


def test_oldest_versions_go_where_the_site_would_grow_too_large(published, tmp_path):
    site, _ = build(tmp_path, "v0.4.0")
    tree = shutil.copytree(published, tmp_path / "tree")
    limit = site_versions.size(tree) - site_versions.size(tree / "v0.1.0") + 100
    site_versions.add_release(tree, site, "v0.4.0", largest=limit)
    assert "v0.1.0" not in site_versions.released(tree)
    assert "v0.4.0" in site_versions.released(tree)
    assert dead_links(tree) == []


@pytest.mark.parametrize("name", ["main", "v1", "v1.0", "0.1.0", "v0.1.0/..", "v0.1.0-x", ""])
def test_other_tags_are_no_versions(name):
    with pytest.raises(ValueError, match=r"expected a version such as v0\.2\.0"):
        site_versions.order(name)


def test_nothing_is_pushed_without_a_site_or_notebooks(tmp_path, capsys):
    remote = empty(tmp_path / "empty.git")
    site, notebooks = build(tmp_path, "v0.1.0")
    (site / "index.html").unlink()
    given = ["--version", "v0.1.0", "--remote", str(remote), "--notebooks", str(notebooks)]
    assert push_release.main(["--site", str(site), *given]) == 1
    assert "expected a built site" in capsys.readouterr().err
    (tmp_path / "none").mkdir()
    none = ["--notebooks", str(tmp_path / "none")]
    assert push_release.main(["--site", str(site), *given[:4], *none]) == 1
    assert "expected notebooks" in capsys.readouterr().err
    done = subprocess.run(["git", "branch"], cwd=remote, capture_output=True, env=os.environ)
    assert done.stdout == b""


def test_marks_are_those_that_the_build_leaves():
    assert (site_versions.START, site_versions.END) == (version_note.START, version_note.END)
    assert site_versions.LIST == version_note.LIST
    assert "Version in development" in version_note.note(HOME)
    assert "href" not in version_note.note(HOME._replace(site=""))
