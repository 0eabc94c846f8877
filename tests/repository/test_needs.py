"""What chapters say they need are chapters, and can be read in some order."""

from pathlib import Path

from mlphys_book.course_map import check_needs
from update_readme import front_matter

ROOT = Path(__file__).resolve().parents[2]


def test_needs_are_chapters_without_a_circle():
    needs = {}
    for path in sorted((ROOT / "book").glob("*/*.md")):
        facts = front_matter(path).get("mlphys")
        if facts:
            needs[f"{path.parent.name}/{path.stem}"] = facts["needs"]
    assert len(needs) >= 30
    check_needs(needs)
