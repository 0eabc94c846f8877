"""The metadata of a release: one content in two forms, and days that agree."""

import json
import shutil
from pathlib import Path

import pytest
import write_deposit
import yaml

ROOT = Path(__file__).resolve().parents[2]
# What Zenodo takes for an upload of software by its deposit interface, of what we use.
KNOWN = {
    *("title", "description", "creators", "version", "publication_date", "upload_type"),
    *("access_right", "license", "keywords", "language", "related_identifiers"),
}


@pytest.fixture
def project(tmp_path):
    """Return a copy of the files that the tool reads and writes."""
    for name in ("CITATION.cff", "CHANGELOG.md", ".zenodo.json"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


def test_deposit_is_that_of_the_citation():
    assert write_deposit.main(["--check"]) == 0
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    told = json.loads((ROOT / ".zenodo.json").read_text("utf-8"))
    assert set(told) == KNOWN
    for ours, theirs in (("title", "title"), ("version", "version"), ("keywords", "keywords"),
                         ("date-released", "publication_date"), ("type", "upload_type")):  # fmt: skip
        assert told[theirs] == citation[ours]
    assert [creator["name"] for creator in told["creators"]] == [
        author["name"] for author in citation["authors"]
    ]
    assert told["license"] in citation["license"]
    assert all(name in told["description"] for name in citation["license"])
    assert citation["url"] in [one["identifier"] for one in told["related_identifiers"]]


def test_citation_has_what_its_format_demands():
    """The required keys of the Citation File Format 1.2.0, and addresses of one project."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"
    assert all(
        "name" in a or {"family-names", "given-names"} <= set(a) for a in citation["authors"]
    )
    for name in ("repository-code", "url"):
        assert citation[name].startswith("https://")


def test_stale_deposit_is_found_and_mended(project):
    path = project / "CITATION.cff"
    path.write_text(path.read_text("utf-8").replace("physics education", "teaching"), "utf-8")
    assert write_deposit.main(["--check"], root=project) == 1
    assert write_deposit.main([], root=project) == 0
    assert write_deposit.main(["--check"], root=project) == 0
    assert "teaching" in (project / ".zenodo.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('date-released: "20', 'date-released: "19', "expected '## ["),
        ("keywords:", "words:", "expected keywords; found none"),
    ],
)
def test_wrong_citation_is_an_error(project, capsys, old, new, said):
    path = project / "CITATION.cff"
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert write_deposit.main(["--check"], root=project) == 2
    assert said in capsys.readouterr().err
