"""`make new-chapter`: what it writes passes lint and its own test; what is wrong is refused."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import lint_chapters
import pytest
import update_readme
from chapter_lint.cells import parse
from chapter_lint.chapter import read_chapter
from new_chapter import FILES, main, make_plan, parts

ROOT = Path(__file__).resolve().parents[2]
WAVES = {"PART": "physics", "NAME": "standing_waves", "TITLE": 'Waves: what "stands" in a box'}


@pytest.fixture
def project(tmp_path):
    """Return a copy of what the tool reads and changes, the chapters among it."""
    for name in ("_toc.yml", "README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for page in ROOT.glob("book/**/*.md"):
        target = tmp_path / page.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(page, target)
    return tmp_path


def test_the_files_the_toc_and_the_tables_are_written(project, capsys):
    assert main(WAVES, project) == 0
    said = capsys.readouterr().out
    for path in FILES:
        path = path.format(part="physics", stem="standing_waves")
        text = (project / path).read_text("utf-8")
        assert "@" not in text.replace("@pytest", "")
        assert f"wrote {path}" in said
    toc = (project / "_toc.yml").read_text("utf-8").splitlines()
    place = toc.index("      - file: book/physics/standing_waves")
    assert toc[place - 1].startswith("      - file: book/physics/")
    assert not toc[place + 1].startswith("      - file: book/physics/")
    assert update_readme.main(["--check"], root=project) == 0
    (chapter,) = (c for c in update_readme.read_chapters(project) if "standing" in c.path)
    assert chapter.title == WAVES["TITLE"]


def test_what_is_written_passes_lint(project, capsys):
    main(WAVES, project)
    capsys.readouterr()
    path = project / "book/physics/standing_waves.md"
    assert lint_chapters.main([str(path)], root=project) == 0, capsys.readouterr().out
    ruff = Path(sys.executable).parent / "ruff"
    if ruff.exists():
        for command in (["check"], ["format", "--check"]):
            done = subprocess.run([ruff, *command, "--no-cache", "src", "tests"], cwd=project,
                                  capture_output=True, text=True)  # fmt: skip
            assert done.returncode == 0, done.stdout


def test_its_cells_and_its_test_run(project):
    main(WAVES, project)
    chapter = read_chapter((project / "book/physics/standing_waves.md").read_text("utf-8"))
    assert all(parse(cell.text) for cell in chapter.cells)
    package = project / "src/mlphys"
    for name in ("glue", "plotting"):
        shutil.copy(ROOT / f"src/mlphys/{name}.py", package)
    for folder in (package, package / "physics"):
        (folder / "__init__.py").touch()
    script = "\n".join(["import matplotlib", "matplotlib.use('Agg')",
                        *(cell.text for cell in chapter.cells)])  # fmt: skip
    (project / "cells.py").write_text(script, "utf-8")
    variables = os.environ | {"PYTHONPATH": str(package.parent)}
    tests = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", ".",
             "--doctest-modules", "tests/physics", "src/mlphys/physics"]  # fmt: skip
    for arguments in (["cells.py"], tests):
        done = subprocess.run([sys.executable, *arguments], cwd=project, env=variables,
                              capture_output=True, text=True)  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "change, message",
    [
        ({"PART": ""}, "PART is missing; write make new-chapter"),
        ({"NAME": " "}, "NAME is missing"),
        ({"TITLE": ""}, "TITLE is missing"),
        ({"PART": "chemistry"}, "expected one of language, derivatives, .*; got 'chemistry'"),
        ({"NAME": "Waves"}, "small letters and digits.*; got 'Waves'"),
        ({"NAME": "two-words"}, "got 'two-words'"),
        ({"NAME": "2d"}, "got '2d'"),
        ({"NAME": "class"}, "got 'class'"),
        ({"NAME": "../waves"}, "got '../waves'"),
        ({"NAME": "kerr"}, "there is a book/physics/kerr.md; choose another name"),
        ({"NAME": "tape"}, "there is a book/derivatives/tape.md; choose another name"),
        ({"TITLE": "x" * 61}, "at most 60 characters"),
        ({"TITLE": "The $n$-body problem"}, "without formulas"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(change, message, project, capsys):
    with pytest.raises(ValueError, match=message):
        make_plan(WAVES | change, project)
    before = sorted(project.rglob("*"))
    assert main(WAVES | change, project) == 2
    assert capsys.readouterr().err.startswith("new-chapter: ")
    assert sorted(project.rglob("*")) == before


def test_a_module_without_chapter_is_not_overwritten(project):
    module = project / "src/mlphys/physics/standing_waves.py"
    module.parent.mkdir(parents=True)
    module.write_text("mine = True\n", "utf-8")
    assert main(WAVES, project) == 2
    assert module.read_text("utf-8") == "mine = True\n"


def test_the_parts_are_those_of_the_book():
    assert parts(ROOT) == ["language", "derivatives", "learning", "frameworks", "physics"]
