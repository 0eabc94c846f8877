"""Glue stores plain numbers in a notebook and does nothing elsewhere."""

import sys
import types

import numpy as np
import pytest

from mlphys.glue import glue


@pytest.fixture
def notebook(monkeypatch):
    """Stand in for a running notebook with myst_nb; return what it was given."""
    stored = {}
    ours = types.ModuleType("myst_nb")
    ours.glue = lambda name, value, display: stored.update({name: (value, display)})
    shell = types.ModuleType("IPython.core.getipython")
    shell.get_ipython = lambda: object()
    monkeypatch.setitem(sys.modules, "myst_nb", ours)
    monkeypatch.setitem(sys.modules, "IPython.core.getipython", shell)
    return stored


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.array(3), 3),
        (7, 7),
        ("text", "text"),
        (True, True),
    ],
)
def test_scalars_become_python_numbers(notebook, value, plain):
    glue("chapter_value", value)
    assert notebook == {"chapter_value": (plain, False)}
    assert type(notebook["chapter_value"][0]) is type(plain)


def test_arrays_stay_arrays(notebook):
    glue("chapter_array", np.arange(3))
    assert isinstance(notebook["chapter_array"][0], np.ndarray)


def test_outside_a_notebook_nothing_happens():
    assert glue("chapter_value", 1.0) is None


def test_a_name_needs_a_prefix():
    with pytest.raises(ValueError, match="chapter as prefix, such as 'deep_net_loss'; got 'loss'"):
        glue("loss", 1.0)
