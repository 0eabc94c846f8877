"""The mapping rule: a chapter, its module and its test carry one name."""

import ast
import re
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

import pytest
from mlphys_book.dependencies import code_cells

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted(
    path for path in (ROOT / "book").glob("*/*.md") if not path.parent.name.startswith("_")
)
PARTS = ("language", "derivatives", "learning", "frameworks", "physics")
CORRECTION = re.compile(r"^(?P<fence>[`:]{3,})\{admonition\} *Correction", re.MULTILINE)


def identify(path: Path) -> str:
    """Return a chapter's name as it is shown beside a test."""
    return f"{path.parent.name}/{path.stem}"


def public_modules(part: str) -> list[Path]:
    """Return the modules of one part of the library, its ``__init__`` left out."""
    return sorted(
        path for path in (ROOT / "src/mlphys" / part).rglob("*.py") if not path.name.startswith("_")
    )


@pytest.mark.parametrize("chapter", CHAPTERS, ids=identify)
def test_chapter_has_a_module_and_a_test(chapter):
    part, stem = chapter.parent.name, chapter.stem
    assert part in PARTS
    assert (ROOT / "src/mlphys" / part / f"{stem}.py").is_file() or (
        ROOT / "src/mlphys" / part / stem / "__init__.py"
    ).is_file()
    assert (ROOT / "tests" / part / f"test_{stem}.py").is_file()


@pytest.mark.parametrize("chapter", CHAPTERS, ids=identify)
def test_chapter_imports_its_module(chapter):
    text = chapter.read_text("utf-8")
    assert re.search(rf"mlphys\.{chapter.parent.name}(\.| import .*){chapter.stem}\b", text)


@pytest.mark.parametrize("part", [part for part in PARTS if (ROOT / "src/mlphys" / part).is_dir()])
def test_module_has_a_test_of_its_name(part):
    tests = {path.stem for path in (ROOT / "tests" / part).glob("test_*.py")}
    missing = [path.stem for path in public_modules(part) if f"test_{path.stem}" not in tests]
    assert not missing


def test_no_function_is_defined_in_two_chapters():
    owners = defaultdict(set)
    for chapter in CHAPTERS:
        for cell in code_cells(chapter.read_text("utf-8")):
            for node in ast.walk(parse(cell.source)):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    owners[node.name].add(identify(chapter))
    twice = {name: sorted(where) for name, where in owners.items() if len(where) > 1}
    assert not {name: where for name, where in twice.items() if not name.startswith("__")}


def parse(source: str) -> ast.Module:
    """Parse a cell, without its IPython lines if it has any (a % may also begin a line of text)."""
    with suppress(SyntaxError):
        return ast.parse(source)
    lines = source.splitlines()
    return ast.parse("\n".join("" if re.match(r"\s*[%!]", line) else line for line in lines))


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


@pytest.mark.parametrize("chapter", CHAPTERS, ids=identify)
def test_correction_box_names_a_test_that_exists(chapter):
    for box in correction_boxes(chapter.read_text("utf-8")):
        pairs = named_tests(box)
        assert pairs, f"this box names no test:\n{box}"
        for file, function in pairs:
            tree = ast.parse((ROOT / file).read_text("utf-8"))
            names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            assert function in names, f"{file} has no {function}"
        assert ":class: correction" in box


def test_correction_boxes_are_found_with_their_tests():
    box = (
        ":::{admonition} Correction: the sign\n:class: correction important\n"
        "`test_sign` in `tests/physics/test_kerr.py` holds the right one.\n:::\nafter test_other\n"
    )
    (found,) = correction_boxes(box)
    assert named_tests(found) == [("tests/physics/test_kerr.py", "test_sign")]
