"""One version everywhere, and a tag that agrees."""

from pathlib import Path

import pytest
import versions

ROOT = Path(__file__).resolve().parents[2]


def test_package_metadata_citation_and_changelog_agree():
    found = versions.read_versions(ROOT)
    assert set(found) == {
        *("pyproject.toml", "src/mlphys/__init__.py", "CITATION.cff", "CHANGELOG.md")
    }
    versions.check(found)


def test_disagreement_names_every_file():
    with pytest.raises(ValueError, match=r"CITATION.cff says 0.2.0"):
        versions.check({"pyproject.toml": "0.1.0", "CITATION.cff": "0.2.0"})


def test_file_without_a_version_is_an_error(tmp_path):
    (tmp_path / "src/mlphys").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.0"\n', "utf-8")
    (tmp_path / "src/mlphys/__init__.py").write_text("", "utf-8")
    with pytest.raises(ValueError, match=r"src/mlphys/__init__\.py: expected a line like"):
        versions.read_versions(tmp_path)


@pytest.mark.parametrize(("tag", "code"), [("v9.9.9", 1), ("9.9.9", 1)])
def test_wrong_tag_stops_a_release(tag, code, capsys):
    assert versions.main(["--tag", tag]) == code
    assert "the tag says 9.9.9" in capsys.readouterr().err


def test_right_tag_passes():
    assert versions.main(["--tag", "v" + versions.read_versions(ROOT)["pyproject.toml"]]) == 0
