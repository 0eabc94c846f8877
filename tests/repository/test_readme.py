"""The README: its commands exist, its links lead somewhere, its table is the book's."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import update_readme

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md", "book/index.md")


def targets() -> set[str]:
    """Return the targets of the Makefile that `make help` lists."""
    return set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES)
def test_every_make_command_in_the_text_is_a_target(page):
    text = (ROOT / page).read_text("utf-8")
    code = "\n".join(re.findall(r"`[^`]+`|^```.*?^```", text, re.MULTILINE | re.DOTALL))
    named = set(re.findall(r"\bmake ([a-z-]+)", code))
    assert named <= targets()


def test_readme_gives_the_two_commands():
    text = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"```sh\n(git clone.*?)```", text, re.DOTALL)
    assert block is not None
    assert re.findall(r"^make (\w+)", block.group(1), re.MULTILINE) == ["book", "test"]


@pytest.mark.parametrize("page", PAGES[:4])
def test_every_relative_link_leads_to_a_file(page):
    text = (ROOT / page).read_text("utf-8")
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text)
    missing = [link for link in links if not (ROOT / page).parent.joinpath(link).exists()]
    assert not missing


def test_chapter_table_is_that_of_the_book():
    assert update_readme.main(["--check"]) == 0


def test_stale_chapter_table_is_found_and_mended(tmp_path):
    small_book(tmp_path, minutes=40)
    assert update_readme.main(["--check"], root=tmp_path) == 1
    assert update_readme.main([], root=tmp_path) == 0
    assert update_readme.main(["--check"], root=tmp_path) == 0
    text = (tmp_path / "README.md").read_text("utf-8")
    assert "| [A tape](book/d/tape.md) | Backwards. | 40 |" in text
    assert text.startswith("before\n") and text.endswith("\nafter\n")
    assert "| II | [](d/tape.md) |" in (tmp_path / "book/index.md").read_text("utf-8")


def test_chapter_without_its_file_is_an_error(tmp_path):
    small_book(tmp_path, minutes=40)
    (tmp_path / "book/d/tape.md").unlink()
    with pytest.raises(ValueError, match=r"_toc.yml lists book/d/tape"):
        update_readme.read_chapters(tmp_path)


def test_chapter_without_a_title_is_an_error(tmp_path):
    small_book(tmp_path, minutes=40)
    path = tmp_path / "book/d/tape.md"
    path.write_text(path.read_text("utf-8").replace("title:", "name:"), "utf-8")
    with pytest.raises(ValueError, match=r"book/d/tape.md: the front matter has no 'title'"):
        update_readme.read_chapters(tmp_path)


def test_page_without_markers_is_an_error():
    with pytest.raises(ValueError, match=r"README\.md: .* add them"):
        update_readme.insert("no markers here", "table")


def small_book(root: Path, *, minutes: int) -> None:
    """Write a book of one chapter and a README with an empty table."""
    (root / "book/d").mkdir(parents=True)
    (root / "_toc.yml").write_text(
        "root: book/index\nparts:\n- caption: Part II\n  chapters:\n  - file: book/d/tape\n",
        "utf-8",
    )
    (root / "book/d/tape.md").write_text(
        "---\nmyst:\n  html_meta:\n    description: Backwards.\n"
        f"mlphys:\n  title: A tape\n  minutes: {minutes}\n---\n# A tape\n",
        "utf-8",
    )
    marked = f"before\n{update_readme.START}\n{update_readme.END}\nafter\n"
    for page in update_readme.PAGES:
        (root / page).write_text(marked, "utf-8")


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_help_lists_every_target():
    done = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert {line.split()[0] for line in done.stdout.splitlines()} == targets()
