"""What a release carries: archives that depend on their content alone, and right checksums."""

import os
import shutil
import subprocess
import zipfile

import make_release
import pytest


@pytest.fixture
def site(tmp_path):
    """Return a folder with two files."""
    folder = tmp_path / "html"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub/b.html").write_text("b", "utf-8")
    (folder / "a.html").write_text("a", "utf-8")
    return folder


def test_archive_holds_the_files_in_one_folder(site, tmp_path):
    assert make_release.pack(site, tmp_path / "site.zip") == 2
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        assert archive.namelist() == ["site/a.html", "site/sub/b.html"]
        assert archive.read("site/sub/b.html") == b"b"
        assert archive.testzip() is None


def test_archive_depends_on_the_content_alone(site, tmp_path):
    make_release.pack(site, tmp_path / "site.zip")
    first = (tmp_path / "site.zip").read_bytes()
    os.utime(site / "a.html", (1, 1))
    (site / "a.html").chmod(0o600)
    make_release.pack(site, tmp_path / "site.zip")
    assert (tmp_path / "site.zip").read_bytes() == first


@pytest.mark.parametrize("make", [True, False])
def test_nothing_to_pack_is_an_error(tmp_path, make):
    folder = tmp_path / "html"
    if make:
        folder.mkdir()
    with pytest.raises(FileNotFoundError, match="Run `make book` first"):
        make_release.pack(folder, tmp_path / "site.zip")


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_checksums_are_those_of_sha256sum(site):
    (site / make_release.SUMS).write_text(make_release.checksums(site), "utf-8")
    done = subprocess.run(["sha256sum", "--check", make_release.SUMS], cwd=site,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "a.html: OK\n"


def test_archives_of_notebooks_carry_the_version(tmp_path):
    folder = tmp_path / "html/notebooks"
    folder.mkdir(parents=True)
    with pytest.raises(FileNotFoundError, match=r"expected mlphys-notebooks\.zip"):
        make_release.copy_notebooks(tmp_path / "html", tmp_path, "1.2.0")
    for name in ("mlphys-notebooks.zip", "mlphys-learning.zip"):
        (folder / name).write_text(name, "utf-8")
    target = tmp_path / "release"
    target.mkdir()
    make_release.copy_notebooks(tmp_path / "html", target, "1.2.0")
    assert {path.name: path.read_text("utf-8") for path in target.iterdir()} == {
        "mlphys-1.2.0-notebooks.zip": "mlphys-notebooks.zip",
        "mlphys-1.2.0-notebooks-learning.zip": "mlphys-learning.zip",
    }
