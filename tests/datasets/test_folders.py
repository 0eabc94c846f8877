"""One folder for all data; MLPHYS_DATA moves it."""

import sys
from pathlib import Path

import pytest

from mlphys.datasets.errors import DataError
from mlphys.datasets.folders import data_folder, tfds_folder


def test_variable_moves_everything(home):
    assert data_folder() == home
    assert tfds_folder() == home / "tfds"
    assert not home.exists()


def test_variable_may_be_relative_or_begin_with_a_tilde(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLPHYS_DATA", "here")
    assert data_folder() == tmp_path / "here"
    monkeypatch.setenv("MLPHYS_DATA", "~/there")
    assert data_folder() == Path.home() / "there"


@pytest.mark.parametrize(
    ("system", "variable", "value", "expected"),
    [
        ("linux", "XDG_CACHE_HOME", "/cache", "/cache/mlphys"),
        ("linux", "XDG_CACHE_HOME", "", "~/.cache/mlphys"),
        ("darwin", "XDG_CACHE_HOME", "", "~/Library/Caches/mlphys"),
        ("win32", "LOCALAPPDATA", "/local", "/local/mlphys"),
        ("win32", "LOCALAPPDATA", "", "~/AppData/Local/mlphys"),
    ],
)
def test_default_is_the_users_cache(monkeypatch, system, variable, value, expected):
    monkeypatch.setenv("MLPHYS_DATA", "")
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr(sys, "platform", system)
    assert data_folder() == Path(expected).expanduser()


def test_a_file_is_refused(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MLPHYS_DATA", str(tmp_path / "file"))
    with pytest.raises(DataError, match=r"MLPHYS_DATA: expected a folder; got .*file, which is a"):
        data_folder()


def test_no_home_folder_is_explained(monkeypatch):
    def no_home():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setenv("MLPHYS_DATA", "")
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setattr(Path, "home", no_home)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(DataError, match="Set MLPHYS_DATA to a folder"):
        data_folder()
