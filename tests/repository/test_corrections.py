"""Every Correction box has a label of its own and names tests that exist.

The page of errata checks the same in the build, on the parsed page; here the sources are read as
text, so that a faulty box is found without a build.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "book").rglob("*.md"))
CORRECTION = re.compile(r"^(?P<fence>[`:]{3,})\{admonition\} *Correction", re.MULTILINE)
LABEL = re.compile(r"^:name: (correction-[\w-]+)$", re.MULTILINE)


def correction_boxes(text: str) -> list[str]:
    """Return the content of each Correction box of a page."""
    boxes = []
    for opening in CORRECTION.finditer(text):
        end = re.compile(rf"^{opening['fence']}\s*$", re.MULTILINE).search(text, opening.end())
        boxes.append(text[opening.start() : end.start() if end else len(text)])
    return boxes


def named_tests(box: str) -> list[tuple[str, str]]:
    """Return the test files and functions that a box names, in pairs."""
    files = re.findall(r"tests/[\w/]+/test_\w+\.py", box)
    functions = [name for name in re.findall(r"\btest_\w+", box) if f"{name}.py" not in box]
    return [(file, function) for file in files for function in functions]


BOXES = [
    pytest.param(box, id=f"{page.parent.name}/{page.stem}-{number}")
    for page in PAGES
    for number, box in enumerate(correction_boxes(page.read_text("utf-8")), 1)
]


@pytest.mark.parametrize("box", BOXES)
def test_box_names_a_test_that_exists(box):
    pairs = named_tests(box)
    assert pairs, f"this box names no test:\n{box}"
    for file, function in pairs:
        tree = ast.parse((ROOT / file).read_text("utf-8"))
        names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert function in names, f"{file} has no {function}"


@pytest.mark.parametrize("box", BOXES)
def test_box_has_a_label(box):
    assert len(LABEL.findall(box)) == 1, f"this box has no label :name: correction-...:\n{box}"


def test_labels_differ():
    labels = [label for case in BOXES for label in LABEL.findall(case.values[0])]
    assert len(set(labels)) == len(labels)


def test_no_box_hides_under_another_title_or_class():
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    marked = re.findall(r"^\s*:class:.*\bcorrection\b", text, re.MULTILINE)
    titled = re.findall(r"\{admonition\} *Correction", text)
    assert len(marked) == len(titled) == len(BOXES) > 15


def test_errata_page_collects_them():
    assert "```{errata}\n```" in (ROOT / "book/errata.md").read_text("utf-8")


def test_boxes_are_found_with_their_tests():
    box = (
        ":::{admonition} Correction: the sign\n:class: correction important\n"
        "`test_sign` in `tests/physics/test_kerr.py` holds the right one.\n:::\nafter test_other\n"
    )
    (found,) = correction_boxes(box)
    assert named_tests(found) == [("tests/physics/test_kerr.py", "test_sign")]
    assert not LABEL.findall(found)
