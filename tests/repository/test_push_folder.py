"""Branches made by workflows: what is pushed, what stays, and what happens in a race."""

import io
import subprocess
from pathlib import Path

import push_folder
import pytest


@pytest.fixture
def remote(tmp_path) -> str:
    """Return the address of an empty repository."""
    place = tmp_path / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(place)], check=True)
    return str(place)


def folder(place: Path, files: dict[str, str]) -> Path:
    """Write files below ``place`` and return it."""
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, "utf-8")
    return place


def content(remote: str, branch: str = "site") -> dict[str, str]:
    """Return all files of a branch."""
    show = lambda *words: subprocess.run(["git", "-C", remote, *words], check=True,
                                         capture_output=True, text=True).stdout  # fmt: skip
    names = show("ls-tree", "-r", "--name-only", branch).split()
    return {name: show("show", f"{branch}:{name}") for name in names}


def commits(remote: str) -> int:
    """Return the number of commits of the branch "site"."""
    command = ["git", "-C", remote, "rev-list", "--count", "site"]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def run(remote: str, *arguments: str) -> int:
    """Run the tool on the branch "site"."""
    return push_folder.main([*arguments, "--branch", "site", "--remote", remote])


def test_release_replaces_the_site_and_keeps_the_previews(remote, tmp_path):
    first = folder(tmp_path / "a", {"index.html": "1", "old.html": "1", ".hidden": "x"})
    preview = folder(tmp_path / "p", {"index.html": "preview"})
    second = folder(tmp_path / "b", {"index.html": "2", "sub/new.html": "2"})
    run(remote, "store", str(first), "--keep", "preview")
    run(remote, "store", str(preview), "--folder", "preview/pr-7")
    run(remote, "store", str(second), "--keep", "preview")
    assert content(remote) == {
        "index.html": "2",
        "sub/new.html": "2",
        "preview/pr-7/index.html": "preview",
    }
    assert commits(remote) == 1


def test_names_to_keep_may_be_patterns(remote, tmp_path):
    run(remote, "store", str(folder(tmp_path / "a", {"v1/x": "1", "v2/x": "2", "w": "3"})))
    run(remote, "store", str(folder(tmp_path / "b", {"w2": "4"})), "--keep", "v*")
    assert content(remote) == {"v1/x": "1", "v2/x": "2", "w2": "4"}
    run(remote, "store", str(folder(tmp_path / "c", {"w2": "5"})), "--keep", "*")
    assert content(remote) == {"v1/x": "1", "v2/x": "2", "w2": "5"}


def test_new_preview_replaces_the_old_one_alone(remote, tmp_path):
    run(remote, "store", str(folder(tmp_path / "a", {"x.html": "1"})), "--folder", "preview/pr-1")
    run(remote, "store", str(folder(tmp_path / "b", {"x.html": "2"})), "--folder", "preview/pr-2")
    run(remote, "store", str(folder(tmp_path / "c", {"y.html": "3"})), "--folder", "preview/pr-1")
    assert content(remote) == {"preview/pr-1/y.html": "3", "preview/pr-2/x.html": "2"}


def test_prune_removes_closed_requests(remote, tmp_path, monkeypatch, capsys):
    site = folder(tmp_path / "a", {"index.html": "1", "preview/pr-1/x": "1", "preview/pr-2/x": "2"})
    run(remote, "store", str(site))
    monkeypatch.setattr("sys.stdin", io.StringIO("pr-2\npr-9\n"))
    run(remote, "prune", "--folder", "preview")
    assert content(remote) == {"index.html": "1", "preview/pr-2/x": "2"}
    monkeypatch.setattr("sys.stdin", io.StringIO("pr-2\n"))
    run(remote, "prune", "--folder", "preview")
    assert capsys.readouterr().out.endswith("was up to date\n")


def test_ignored_files_are_stored_too(remote, tmp_path):
    site = folder(tmp_path / "a", {".gitignore": "*.html\n", "index.html": "1"})
    run(remote, "store", str(site))
    assert "index.html" in content(remote)


def test_slower_of_two_pushes_starts_over(remote, tmp_path):
    run(remote, "store", str(folder(tmp_path / "a", {"index.html": "1"})))
    other = folder(tmp_path / "b", {"x": "other"})
    mine = folder(tmp_path / "c", {"x": "mine"})
    turns = []

    def change(tree: Path) -> None:
        if not turns:  # while this one works, another one pushes
            run(remote, "store", str(other), "--folder", "preview/pr-2")
        turns.append(1)
        push_folder.store(tree, mine, folder="preview/pr-1")

    assert push_folder.push(remote, "site", change, "Store")
    assert len(turns) == 2
    assert content(remote) == {
        "index.html": "1",
        "preview/pr-1/x": "mine",
        "preview/pr-2/x": "other",
    }


def test_six_lost_races_are_an_error(remote, tmp_path, monkeypatch):
    def lose(*_):
        raise push_folder.Rejected("site")

    monkeypatch.setattr(push_folder, "push_once", lose)
    with pytest.raises(RuntimeError, match="gave up on branch 'site' after 6 tries"):
        push_folder.push(remote, "site", lambda tree: None, "Store")


@pytest.mark.parametrize("name", ["../x", "/x", "preview/..", "a//b", ".git", "preview/pr-1/", "ä"])
def test_folder_cannot_lead_out_of_the_branch(name):
    with pytest.raises(ValueError, match="expected a folder such as preview/pr-7"):
        push_folder.inside(name)


def test_outside_a_workflow_the_address_must_be_given(monkeypatch):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    with pytest.raises(ValueError, match="expected GITHUB_REPOSITORY"):
        push_folder.default_remote()
    monkeypatch.setenv("GITHUB_REPOSITORY", "someone/fork")
    monkeypatch.delenv("GITHUB_SERVER_URL", raising=False)
    assert push_folder.default_remote() == "https://github.com/someone/fork.git"
