"""The costly part of the theme's script is gone, and a theme that has changed is noticed."""

from __future__ import annotations

from importlib.resources import files

import pytest
from mlphys_book.theme_script import DONE, SCRIPT, lighten_theme_script
from sphinx.errors import ExtensionError


@pytest.fixture
def script(tmp_path):
    """Return the theme's own script in a built site."""
    path = tmp_path / SCRIPT
    path.parent.mkdir(parents=True)
    source = files("pydata_sphinx_theme") / "theme/pydata_sphinx_theme/static/scripts"
    path.write_text((source / "pydata-sphinx-theme.js").read_text("utf-8"), "utf-8")
    return path


def test_tab_stops_are_left_to_the_book_s_script(script, tmp_path):
    before = script.read_text("utf-8")
    lighten_theme_script(tmp_path)
    after = script.read_text("utf-8")
    assert after.count(DONE) == 1
    assert before.count("tabIndex") - after.count("tabIndex") == 1
    kept, gone = before.index('document.querySelectorAll(["pre"'), before.index("?0:-1})")
    rest = before[gone + len("?0:-1})") :].partition("//# sourceMappingURL")[0]  # the map is void
    assert after == before[:kept] + DONE + rest


def test_a_second_time_changes_nothing(script, tmp_path):
    lighten_theme_script(tmp_path)
    once = script.stat().st_mtime_ns
    lighten_theme_script(tmp_path)
    assert script.stat().st_mtime_ns == once


def test_another_theme_is_noticed(script, tmp_path):
    script.write_text("nothing of the kind", "utf-8")
    with pytest.raises(ExtensionError, match="The theme has changed"):
        lighten_theme_script(tmp_path)


def test_a_site_without_the_theme_is_left_alone(tmp_path):
    lighten_theme_script(tmp_path)
    assert list(tmp_path.iterdir()) == []
