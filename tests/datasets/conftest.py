"""A data folder of its own for each test, and the tiny set in the place of MNIST."""

from importlib.util import find_spec

import pytest


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    monkeypatch.setenv("MLPHYS_DATA", str(folder))
    return folder


@pytest.fixture
def tiny(home, monkeypatch):
    """The tiny set as the only entry of the catalog, stored by a stub that is fast."""
    if (
        find_spec("tensorflow_datasets") is None
    ):  # the command itself refuses, in a process of its own
        pytest.skip("needs tensorflow_datasets, which is not installed")
    import tiny_data

    from mlphys.datasets import catalog, prepare

    monkeypatch.setitem(catalog.CATALOG, "mnist", tiny_data.TINY)
    monkeypatch.setattr(prepare, "write_records", tiny_data.write_records_stub)
    return tiny_data.TINY


@pytest.fixture
def idx_folder(tmp_path):
    import tiny_data

    return tiny_data.write_idx_folder(tmp_path / "idx")
