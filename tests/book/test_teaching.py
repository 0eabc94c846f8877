"""The page for teachers: tables computed from the chapters, plans in order, archives to hand out."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from docutils import nodes
from lxml import html
from mlphys_book import teaching
from mlphys_book.teaching import PlanError, check_plan, parse_plan
from tiny_book import ALWAYS, EXTENSIONS, HEADER, build, edited, make_book
from update_readme import front_matter, read_chapters

ROOT = Path(__file__).resolve().parents[2]
NEEDS = {"p/a": [], "p/b": ["p/a"], "q/c": ["p/b"]}
PAGE = (ROOT / "book/teachers.md").read_text("utf-8")


def chapter(title: str, minutes: int, needs: str, code: str = "print(1)") -> str:
    """Return a chapter with one exercise."""
    facts = f"mlphys:\n  title: {title}\n  minutes: {minutes}\n  needs: [{needs}]\n---\n"
    return (
        HEADER.removesuffix("---\n") + facts + f"# {title}, at length\n\n"
        f"```{{code-cell}} ipython3\n{code}\n```\n\n"
        f"```{{exercise}}\n:label: ex-{title.lower()}\nWhy?\n```\n\n"
        f"```{{solution}} ex-{title.lower()}\nBecause.\n```\n"
    )


TEACHERS = """# Teachers

```{teaching-table} parts
```

```{teaching-table} chapters
```

```{course-plan} Day
Monday: p/a
Tuesday: p/b q/c
```

```{notebook-archives}
```
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """Return a built book of three chapters in two parts."""
    pages = ALWAYS | {
        "book/p/a.md": chapter("Alpha", 10, ""),
        "book/p/b.md": chapter("Beta", 20, "p/a", "import hypothesis\nprint(2)"),
        "book/q/c.md": chapter("Gamma", 40, "p/b"),
        "book/teachers.md": TEACHERS,
    }
    folder = make_book(
        tmp_path_factory.mktemp("teaching"),
        chapters=pages,
        extensions=(*EXTENSIONS, "archives", "teaching"),
    )
    file = lambda name: {"file": f"book/{name}"}
    contents = {"format": "jb-book", "root": "book/index", "parts": [
        {"caption": "Part I", "chapters": [file("p/a"), file("p/b")]},
        {"caption": "Part II", "chapters": [file("q/c")]},
        {"caption": "Back", "chapters": [file(n) for n in ("bibliography", "statistics", "teachers")]},
    ]}  # fmt: skip
    (folder / "_toc.yml").write_text(yaml.safe_dump(contents), "utf-8")
    built = build(folder)
    assert built.code == 0, built.said
    return folder


def tables(book: Path) -> list[list[list[str]]]:
    """Return the tables of the page, rows of cells."""
    page = html.parse(str(book / "_build/html/book/teachers.html"))
    return [
        [[" ".join(cell.text_content().split()) for cell in row.xpath("./td")]
         for row in table.xpath(".//tbody/tr")]
        for table in page.xpath("//article//table")
    ]  # fmt: skip


def test_tables_say_what_the_chapters_say(book):
    parts, chapters, plan = tables(book)
    assert parts == [["Part I", "2", "30", "2", "–"], ["Part II", "1", "40", "1", "Beta"]]
    assert chapters == [
        ["Alpha", "10", "1", "–", "none"],
        ["Beta", "20", "1", "Alpha", "properties"],
        ["Gamma", "40", "1", "Beta", "none"],
    ]
    assert plan == [
        ["Monday", "Alpha", "10", "1"],
        ["Tuesday", "Beta, Gamma", "60", "2"],
        ["All", "3 chapters", "70", "3"],
    ]


def test_links_of_the_tables_lead_to_chapters(book):
    page = html.parse(str(book / "_build/html/book/teachers.html"))
    links = page.xpath("//article//table//a/@href")
    assert len(links) == 9
    assert all((book / "_build/html/book" / link).is_file() for link in links)


def test_whole_book_and_each_part_can_be_downloaded(book):
    site = book / "_build/html"
    page = html.parse(str(site / "book/teachers.html"))
    lines = page.xpath("//article//li[.//a[contains(@href, '.zip')]]")
    assert [" ".join(line.text_content().split()) for line in lines] == [
        "All parts, 3 notebooks: mlphys-notebooks.zip",
        "Part I, 2 notebooks: mlphys-p.zip",
        "Part II, 1 notebook: mlphys-q.zip",
    ]
    files = [site / "book" / link for line in lines for link in line.xpath(".//a/@href")]
    assert all(zipfile.ZipFile(path).testzip() is None for path in files)


def test_archives_hold_the_notebooks_of_the_site(book):
    site = book / "_build/html"
    with zipfile.ZipFile(site / "notebooks/mlphys-notebooks.zip") as whole:
        names = ("README.md", "p/a.ipynb", "p/b.ipynb", "q/c.ipynb", "requirements.txt")
        assert sorted(whole.namelist()) == [f"mlphys-notebooks/{name}" for name in names]
        for name in names[1:4]:
            offered = (site / "_sources/book" / name).read_bytes()
            assert whole.read(f"mlphys-notebooks/{name}") == offered
            assert any(cell.get("outputs") for cell in json.loads(offered)["cells"])
            assert f"]({name})" in whole.read("mlphys-notebooks/README.md").decode()
    with zipfile.ZipFile(site / "notebooks/mlphys-p.zip") as part:
        names = ("README.md", "a.ipynb", "b.ipynb", "requirements.txt")
        assert sorted(part.namelist()) == [f"mlphys-p/{name}" for name in names]


def test_changed_chapter_changes_tables_but_no_archive(book):
    """Minutes stand in no notebook; the archive of a part that is gone is deleted."""
    folder = book / "_build/html/notebooks"
    when = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    (folder / "mlphys-gone.zip").write_bytes(b"")
    with edited(book / "book/q/c.md", {"minutes: 40": "minutes: 45"}):
        assert build(book).code == 0
    assert tables(book)[2][2] == ["All", "3 chapters", "75", "3"]
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == when


def test_plan_that_cannot_be_taught_ends_the_build(monkeypatch):
    """Every build looks at the plans, also when their page is not read again."""
    facts = {f"book/{stem}": teaching.Fact(stem, 1, 1, [f"book/{need}" for need in needs])
             for stem, needs in NEEDS.items()}  # fmt: skip
    plan = [("Monday", ["p/a", "q/c"])]
    page = nodes.section("", teaching.TeachingMark(kind="plan", plan=plan))
    env = SimpleNamespace(
        config=SimpleNamespace(root_doc="book/index"),
        found_docs={"book/teachers"},
        get_doctree=lambda docname: page,
    )
    teaching.PAGES.add(env, "book/teachers")
    monkeypatch.setattr(teaching, "facts", lambda env: facts)
    with pytest.raises(PlanError, match="Monday: q/c needs p/b, which the plan does not have"):
        teaching.show_again(None, env)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Monday: p/a p/x", "Monday: expected stems of chapters such as p/a; got p/x"),
        ("Monday: p/a p/a", "Monday: p/a stands in the plan twice"),
        ("Monday: p/b", "Monday: p/b needs p/a"),
        ("Monday p/a", "expected `Monday: language/machine language/values`; got 'Monday p/a'"),
        ("Monday:", "got 'Monday:'"),
    ],
)
def test_wrong_plans_are_refused_with_what_is_wrong(line, said):
    with pytest.raises(PlanError, match=re.escape(said)):
        check_plan(parse_plan([line]), NEEDS)
    check_plan(parse_plan(["Monday: p/a p/b", "Tuesday: q/c"]), NEEDS)


def plans() -> list[list[tuple[str, list[str]]]]:
    """Return the plans on the page for teachers."""
    blocks = re.findall(r"```\{course-plan\} \w+\n(.*?)```", PAGE, re.DOTALL)
    return [parse_plan(block.splitlines()) for block in blocks]


def test_semester_holds_every_chapter_and_no_day_is_longer_than_it_says():
    """The page promises days of about three hours of reading, and the whole book in 15 weeks."""
    chapters = read_chapters(ROOT)
    stem = lambda path: path.removeprefix("book/").removesuffix(".md")
    minutes = {stem(one.path): one.minutes for one in chapters}
    needs = {stem(one.path): front_matter(ROOT / one.path)["mlphys"]["needs"] for one in chapters}
    week, semester = plans()
    for plan in (week, semester):
        check_plan(plan, needs)
    assert {name for _, names in semester for name in names} == set(minutes)
    assert len(semester) == 15
    assert max(sum(minutes[name] for name in names) for _, names in semester) <= 135
    days = [sum(minutes[name] for name in names) for _, names in week]
    assert len(days) == 5
    assert all(150 <= day <= 210 for day in days)


def test_commands_for_one_part_fetch_that_part(tmp_path):
    """Run the page's own commands against a bare repository with the files of this one."""
    source = tmp_path / "source"
    for name in ("book/physics/kerr.md", "book/learning/depth.md", "src/mlphys/physics/kerr.py",
                 "src/mlphys/learning/depth.py", "tests/physics/test_kerr.py", "README.md"):  # fmt: skip
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((ROOT / name).read_bytes())
    run = lambda *words, where: subprocess.run(words, cwd=where, check=True, capture_output=True)
    run("git", "init", "--quiet", where=source)
    run("git", "config", "uploadpack.allowFilter", "true", where=source)
    run("git", "add", ".", where=source)
    run("git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x", where=source)
    commands = re.search(r"```sh\n(git clone --filter.*?)```", PAGE, re.DOTALL)[1]
    address = "https://github.com/mlphys/mlphys"
    assert commands.count(address) == 1
    script = commands.replace(address, f"{source.as_uri()} mlphys")
    run("sh", "-ec", script, where=tmp_path)
    got = {
        path.relative_to(tmp_path / "mlphys").as_posix()
        for path in (tmp_path / "mlphys").rglob("*")
        if path.is_file() and ".git" not in path.relative_to(tmp_path / "mlphys").parts
    }
    assert got == {
        "README.md", "book/physics/kerr.md", "src/mlphys/physics/kerr.py",
        "tests/physics/test_kerr.py",
    }  # fmt: skip
