"""The scale is read from one variable and refuses unknown words."""

import pytest

from mlphys import scale as module


def test_default_is_small(monkeypatch):
    monkeypatch.delenv("MLPHYS_SCALE", raising=False)
    assert module.scale() == "small"
    monkeypatch.setenv("MLPHYS_SCALE", "")
    assert module.scale() == "small"


def test_full_chooses_the_second_column(monkeypatch):
    monkeypatch.setenv("MLPHYS_SCALE", "full")
    monkeypatch.setitem(module.SIZES, "example", {"rays": (1, 2), "steps": (3, 4)})
    assert module.choose(small="s", full="f") == "f"
    assert vars(module.sizes("example")) == {"rays": 2, "steps": 4}


def test_unknown_scale_names_the_legal_ones(monkeypatch):
    monkeypatch.setenv("MLPHYS_SCALE", "huge")
    with pytest.raises(ValueError, match="expected one of small, full; got 'huge'"):
        module.scale()


def test_unknown_chapter_is_refused():
    with pytest.raises(ValueError, match=r"expected a chapter among .*; got 'nowhere'"):
        module.sizes("nowhere")
