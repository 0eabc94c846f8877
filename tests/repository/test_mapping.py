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
