"""What contributors are told is true: examples pass lint and run, owners and forms fit the book."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import lint_chapters
import pytest
import yaml
from chapter_lint import cells, exercises, figures, prose
from chapter_lint.chapter import read_chapter
from new_chapter import parts

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
FENCED = re.compile(r"^ *(?P<fence>`{3,})md\n(?P<text>.*?)^ *(?P=fence)$", re.MULTILINE | re.DOTALL)
EXAMPLES = [textwrap.dedent(match["text"]) for match in FENCED.finditer(TEXT)]
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[!c]*.yml"))


def the_example_with(words: str) -> str:
    """Return the only example that holds some words."""
    (example,) = (text for text in EXAMPLES if words in text)
    return example


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_pass_the_rules_for_chapters(example):
    chapter = read_chapter(example)
    checks = (cells.check_cell_size, cells.check_randomness, cells.check_timings,
              exercises.check_exercises, figures.check_alt_texts, prose.check_links)  # fmt: skip
    assert [fault for check in checks for fault in check(chapter)] == []


def test_the_new_exercise_runs_in_its_chapter():
    chapter = read_chapter((ROOT / "book/derivatives/tape.md").read_text("utf-8"))
    names: dict = {}
    for cell in chapter.cells:
        if re.search(r"^(class Number|def replay)", cell.text, re.MULTILINE):
            exec(cell.text, names)
    (cell,) = read_chapter(the_example_with("tape-ex-cube")).cells
    assert "assert" in cell.text
    exec(cell.text, names)


def test_the_escape_in_the_text_is_needed_and_works():
    example = the_example_with("lint-ok")
    chapter = read_chapter(example)
    (fault,) = prose.check_numbers(chapter)
    assert fault.rule in chapter.of_kind("paragraph")[0].excused


def test_the_table_of_rules_is_complete():
    table = TEXT[TEXT.index("### What lint asks") : TEXT.index("### Numbers")]
    rows = "\n".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    assert sorted(re.findall(r"`([\w-]+)`", rows)) == sorted(lint_chapters.RULES)


def test_links_within_the_page_lead_to_headings():
    headings = re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([\w-]+)\)", TEXT)) <= anchors


def owners() -> dict[str, list[str]]:
    """Return the owners of each path of CODEOWNERS."""
    lines = (ROOT / ".github/CODEOWNERS").read_text("utf-8").splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {row[0]: row[1:] for row in rows}


def test_each_part_has_owners_and_each_owned_path_exists():
    table = owners()
    for part in parts(ROOT):
        for folder in ("book", "src/mlphys", "tests"):
            assert table[f"/{folder}/{part}/"] == [f"@mlphys/{part}"]
    for path, people in table.items():
        assert people and all(re.fullmatch(r"@[\w-]+(/[\w-]+)?", name) for name in people)
        assert path == "*" or (ROOT / path.strip("/")).exists(), path


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_issue_forms_are_complete(path):
    form = yaml.safe_load(path.read_text("utf-8"))
    assert {"name", "description", "labels", "body"} <= form.keys()
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    identifiers = [field["id"] for field in fields]
    assert len(identifiers) == len(set(identifiers))
    assert all(field["attributes"]["label"] for field in fields)
    assert any(field.get("validations", {}).get("required") for field in fields)


def test_the_code_of_conduct_says_where_it_holds_how_to_report_and_what_follows():
    text = " ".join((ROOT / "CODE_OF_CONDUCT.md").read_text("utf-8").split())
    for words in ("This holds in", "in private", "confidential", "within a week", "stay away"):
        assert words in text
