"""Write ``.zenodo.json``, with which Zenodo deposits a release, from ``CITATION.cff``.

    python tools/write_deposit.py [--check]

Both files say the same to different services; only the citation is written by hand. With
``--check`` nothing is written, and a stale deposit or a wrong date is an error.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

__all__ = ["deposit", "main"]

ROOT = Path(__file__).resolve().parent.parent
NEEDED = ("title", "abstract", "version", "date-released", "license", "authors", "keywords", "url")


def deposit(citation: dict[str, Any]) -> dict[str, Any]:
    """Return what Zenodo is to know.

    Parameters
    ----------
    citation : dict
        Content of ``CITATION.cff``.

    Returns
    -------
    dict

    Raises
    ------
    ValueError
        If the citation lacks a field.
    """
    missing = [name for name in (*NEEDED, "repository-code") if not citation.get(name)]
    if missing:
        raise ValueError(f"CITATION.cff: expected {', '.join(missing)}; found none")
    licenses = citation["license"]
    text = f"{citation['abstract']} Licenses: {', '.join(licenses)} (code, text and figures)."
    return {
        "title": citation["title"],
        "description": " ".join(text.split()),
        "creators": [creator(author) for author in citation["authors"]],
        "version": str(citation["version"]),
        "publication_date": str(citation["date-released"]),
        "upload_type": citation["type"],
        "access_right": "open",
        "license": licenses[0],
        "keywords": citation["keywords"],
        "language": "eng",
        "related_identifiers": [
            {"identifier": citation["url"], "relation": "isDocumentedBy", "scheme": "url"},
            {
                "identifier": f"{citation['repository-code']}/tree/v{citation['version']}",
                "relation": "isSupplementTo",
                "scheme": "url",
            },
        ],
    }


def creator(author: dict[str, str]) -> dict[str, str]:
    """Return an author as Zenodo names one: the family name first, a group by its name.

    Examples
    --------
    >>> creator({"family-names": "Noether", "given-names": "Emmy", "orcid": "https://orcid.org/0"})
    {'name': 'Noether, Emmy', 'orcid': '0'}
    """
    name = author.get("name") or f"{author['family-names']}, {author['given-names']}"
    found = {"name": name}
    if "affiliation" in author:
        found["affiliation"] = author["affiliation"]
    if "orcid" in author:
        found["orcid"] = author["orcid"].rpartition("/")[2]
    return found


def check_date(citation: dict[str, Any], changelog: str) -> None:
    """Check that the citation and the changelog name one day for the version.

    Raises
    ------
    ValueError
        If not.
    """
    heading = f"## [{citation['version']}] - {citation['date-released']}"
    if not re.search(rf"^{re.escape(heading)}$", changelog, re.MULTILINE):
        raise ValueError(f"CITATION.cff: expected {heading!r} in CHANGELOG.md; found none")


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Run from the command line; return the exit code."""
    target = root / ".zenodo.json"
    try:
        citation = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
        check_date(citation, (root / "CHANGELOG.md").read_text("utf-8"))
        text = json.dumps(deposit(citation), indent=2, ensure_ascii=False) + "\n"
    except (OSError, ValueError) as error:
        print(f"write_deposit: {error}", file=sys.stderr)
        return 2
    if "--check" not in arguments:
        target.write_text(text, "utf-8")
    elif not target.is_file() or target.read_text("utf-8") != text:
        print(".zenodo.json is stale; run `python tools/write_deposit.py`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
