"""Each link of the page of notation leads to a place that exists in the sources."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
TEXT = (BOOK / "notation.md").read_text("utf-8")
LINKS = sorted(set(re.findall(r"\]\(([\w/]+\.md)(?:#([\w-]+))?\)", TEXT)))
EQUATIONS = sorted(set(re.findall(r"\{eq\}`([\w-]+)`", TEXT)))


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them.

    Small letters; spaces become hyphens; of the signs, hyphens stay alone.
    """
    headings = re.findall(r"^#{1,3} (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("page", "anchor"), LINKS)
def test_link_leads_to_a_heading(page, anchor):
    assert (BOOK / page).is_file()
    assert not anchor or anchor in anchors(BOOK / page)


@pytest.mark.parametrize("label", EQUATIONS)
def test_equation_is_labeled_once(label):
    pages = [path for path in BOOK.glob("*/*.md") if f"$$ ({label})" in path.read_text("utf-8")]
    assert len(pages) == 1


def test_every_row_with_a_place_has_a_link():
    rows = 0
    for block in re.findall(r"(?:^\|.*\n)+", TEXT, re.MULTILINE):
        head, _, *lines = block.splitlines()
        if "first used" in head:
            rows += len(lines)
            for line in lines:
                last = re.split(r"(?<!\\)\|", line)[-2]
                assert re.search(r"\{eq\}`|\]\(", last), line
    assert rows >= 30
