"""A change runs exactly those chapters again whose outputs depend on what was changed."""

from __future__ import annotations

import re
import shutil

import nbformat
import pytest
from tiny_book import CHAPTERS, build, edited

ALL = ["alone", "late", "near"]


def page(folder, name):
    return (folder / f"_build/html/book/{name}.html").read_text("utf-8")


def test_nothing_changed_executes_nothing(book):
    built = build(book)
    assert built.code == 0
    assert built.executed == []
    assert re.search(r"3 chapters, 0 executed, 3 from the cache, [\d.]+ s$", built.last)


def test_a_changed_library_line_runs_the_dependent_chapter_and_the_old_line_the_cache(book):
    assert "six is 6" in page(book, "near")
    with edited(book / "src/mlphys/base.py", {"2 * x": "2 * x + 1"}):
        built = build(book)
        assert built.executed == ["near"], built.said
        assert "six is 7" in page(book, "near")
    built = build(book)
    assert built.executed == []
    assert "six is 6" in page(book, "near")


def test_an_import_inside_a_function_counts(book):
    with edited(book / "src/mlphys/cube.py", {"3": "4"}):
        assert build(book).executed == ["late"]
        assert "nine is 16" in page(book, "late")


def test_data_run_the_chapters_that_load_data(book):
    assert build(book, TINY_DATA="two").executed == ["late"]


def test_lock_file_and_scale_run_everything(book):
    with edited(book / "requirements.lock", append="scipy==1.0\n"):
        assert build(book).executed == ALL
    assert build(book, MLPHYS_SCALE="full").executed == ALL
    assert build(book, MLPHYS_SCALE="small").executed == []


def test_prose_runs_nothing_and_code_runs_its_chapter(book):
    with edited(book / "book/late.md", {"Some prose": "Other prose"}):
        assert build(book).executed == []
        assert "Other prose" in page(book, "late")
    with edited(book / "book/alone.md", {"1 + 1": "1 + 2"}):
        assert build(book).executed == ["alone"]


def test_an_unfinished_build_is_mended_from_the_cache(book):
    """A page half written is written again; the cached chapter's notebook has its outputs."""
    (book / "_build/.unfinished").write_text("")
    target = book / "_build/html/book/near.html"
    target.write_text("half a page")
    built = build(book)
    assert built.executed == []
    assert "six is 6" in target.read_text("utf-8")
    notebook = nbformat.read(book / "_build/html/_sources/book/near.ipynb", as_version=4)
    assert [cell.outputs[0].text for cell in notebook.cells if cell.get("outputs")] == [
        "six is 6\n"
    ]


def test_half_written_cache_entries_are_dropped_and_run_again(book):
    entries = sorted((book / "_build/.jupyter_cache/executed").glob("*/base.ipynb"))
    for entry in entries:
        entry.write_text(entry.read_text("utf-8")[:100], "utf-8")
    (book / "_build/.unfinished").write_text("")
    built = build(book)
    assert built.code == 0, built.said
    assert built.executed == ALL
    assert "half-written entries" in built.said


@pytest.mark.parametrize("damage", ["not a database", None])
def test_an_unreadable_cache_is_replaced(book, damage):
    index = book / "_build/.jupyter_cache/global.db"
    index.unlink()
    if damage:
        index.write_text(damage)
    (book / "_build/.unfinished").write_text("")
    built = build(book)
    assert built.code == 0, built.said
    assert built.executed == ALL
    assert "starting a new one" in built.said


def test_a_deleted_build_folder_is_no_problem(book):
    shutil.rmtree(book / "_build")
    assert build(book).executed == ALL


def test_the_record_cell_is_on_no_page(book):
    assert "peak_bytes" not in page(book, "near")
    source = (book / "_build/html/_sources/book/near.md").read_text("utf-8")
    assert source == CHAPTERS["book/near.md"]
