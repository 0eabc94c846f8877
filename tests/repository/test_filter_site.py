"""The site of a stranger: an ordinary one passes, anything else is refused before it is copied."""

import os

import filter_site
import pytest


@pytest.fixture
def site(tmp_path):
    """Return the folder of a small ordinary site."""
    place = tmp_path / "site"
    (place / "_static").mkdir(parents=True)
    (place / "index.html").write_text("<p>page</p>", "utf-8")
    (place / "_static/style.css").write_text("p {}", "utf-8")
    return place


def test_ordinary_site_is_copied(site, tmp_path):
    assert filter_site.copy_site(site, tmp_path / "copy") == 2
    assert (tmp_path / "copy/_static/style.css").read_text("utf-8") == "p {}"


def test_archives_are_left_out(site, tmp_path):
    (site / "notebooks").mkdir()
    (site / "notebooks/all.zip").write_bytes(b"anything")
    assert filter_site.copy_site(site, tmp_path / "copy") == 2
    assert not list((tmp_path / "copy").rglob("*.zip"))


@pytest.mark.parametrize("name", ["tool.py", "run.sh", "noending", "page.php", "a.html.exe"])
def test_unknown_kind_is_refused(site, name):
    (site / name).write_text("", "utf-8")
    with pytest.raises(ValueError, match="expected files of the kinds"):
        filter_site.check_site(site)


def test_links_are_refused(site):
    (site / "page.html").symlink_to("/etc/hostname")
    with pytest.raises(ValueError, match=r"page\.html is a link"):
        filter_site.check_site(site)


def test_linked_folder_is_refused(site, tmp_path):
    (site / "more").symlink_to(tmp_path)
    with pytest.raises(ValueError, match="more is a link"):
        filter_site.check_site(site)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_special_files_are_refused(site):
    os.mkfifo(site / "pipe.html")
    with pytest.raises(ValueError, match=r"pipe\.html is none"):
        filter_site.check_site(site)


@pytest.mark.parametrize("name", [".htaccess", ".git"])
def test_hidden_files_are_refused(site, name):
    (site / name).mkdir()
    with pytest.raises(ValueError, match="hidden"):
        filter_site.check_site(site)


def test_strange_names_are_refused(site):
    (site / "a\nb.html").write_text("", "utf-8")
    with pytest.raises(ValueError, match="plain ASCII"):
        filter_site.check_site(site)


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [
        ("MOST_FILES", 1, "at most 1 files"),
        ("MOST_BYTES", 5, "and 5 bytes in all"),
        ("MOST_BYTES_A_FILE", 5, "at most 5 bytes a file"),
    ],
)
def test_flood_is_refused(site, monkeypatch, limit, value, message):
    monkeypatch.setattr(filter_site, limit, value)
    with pytest.raises(ValueError, match=message):
        filter_site.check_site(site)


def test_what_is_no_site_is_refused(site, tmp_path, capsys):
    (site / "index.html").unlink()
    assert filter_site.main([str(site), str(tmp_path / "copy")]) == 1
    assert "holds no index.html" in capsys.readouterr().err
    assert not (tmp_path / "copy").exists()
