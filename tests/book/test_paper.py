"""The book on paper: what Sphinx writes as LaTeX for a small one."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import build_pdf
import check_pdf
import pytest
import yaml
from tiny_book import ROOT, make_book

EXTENSIONS = (
    "sources", "execution", "repository", "noise", "references", "errata", "glossary", "term_index",
    "course_map", "paper",
)  # fmt: skip
FRONT = """# The book

Welcome.

| Part | Chapters |
|---|---|
| I | [](one.md) |

```{course-map}
```

## How to read

Slowly; see [the index](words.md).
"""
ONE = r"""---
mlphys:
  title: One
  needs: []
---
# Chapter one

## A section

By {cite:t}`noether`. A **tape** is long. See {ref}`the box <box-sign>` and {eq}`eq-last`.

$$ a = 1 $$ (eq-first)

```{admonition} A sign
:class: important
:name: box-sign

It was wrong: `a_very_long_name_with_many_words`.
```

| a column | what it holds |
|---|---|
| one | WORDS |

## Exercises

```{exercise}
:label: ex-one

Find $b$.
```

```{solution} ex-one
:class: dropdown

$$ b = 2 $$ (eq-inside)
```

```{exercise}
:label: ex-two

Mind that

$$ c = 3 $$ (eq-last)
```

```{solution} ex-two
:class: dropdown

It is three.
```

## References

```{references}
```
""".replace("WORDS", "many words " * 30)
TWO = """---
mlphys:
  title: Two
  needs: [one]
---
# Chapter two

## Another

Rewind the tape.

```{figure} dot.png
:name: fig-dot
:alt: A dot.

A dot.
```
"""
STAND_IN = """#!/bin/sh
# rsvg-convert --format=pdf --output FILE SOURCE
printf '%%PDF' > "$3"
"""
WORDS = "# Index\n\n```{term-index}\n```\n"
GLOSSARY = "# Glossary\n\n```{glossary}\ntape\n  A record.\n```\n"
CITED = "# Bibliography\n\n```{bibliography}\n```\n"


def with_svg_converter(folder):
    """Return this environment, with a program in place of rsvg-convert where there is none."""
    if shutil.which("rsvg-convert"):
        return dict(os.environ)
    (folder / "rsvg-convert").write_text(STAND_IN)
    (folder / "rsvg-convert").chmod(0o755)
    return os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a book that was written as LaTeX."""
    pages = {"index": FRONT, "one": ONE, "two": TWO, "glossary": GLOSSARY, "words": WORDS,
             "bibliography": CITED}  # fmt: skip
    root = make_book(
        tmp_path_factory.mktemp("paper"),
        chapters={f"book/{name}.md": text for name, text in pages.items()},
        extensions=EXTENSIONS,
    )
    (root / "book/statistics.md").unlink()
    contents = {
        "format": "jb-book", "root": "book/index",
        "parts": [
            {"caption": "Part I: All", "numbered": True,
             "chapters": [{"file": "book/one"}, {"file": "book/two"}]},
            {"caption": "Back matter",
             "chapters": [{"file": f"book/{name}"} for name in ("glossary", "words", "bibliography")]},
        ],
    }  # fmt: skip
    (root / "_toc.yml").write_text(yaml.safe_dump(contents), "utf-8")
    style = "_ext/mlphys_book/mlphysbook.sty"
    (root / style).parent.mkdir(parents=True)
    shutil.copyfile(ROOT / style, root / style)
    target = root / "_build" / "pdf"
    write = f"import build_pdf, pathlib as p; build_pdf.write_tex(p.Path({str(root)!r}), p.Path({str(target)!r}))"
    command = [sys.executable, "-c", write]
    done = subprocess.run(
        command,
        cwd=ROOT / "tools",
        env=with_svg_converter(tmp_path_factory.mktemp("programs")),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "WARNING" not in done.stdout, done.stdout
    assert done.returncode == 0, done.stderr
    tex = target / "_build/latex/mlphys.tex"
    tex.write_text(build_pdf.arrange(tex.read_text("utf-8"), contents), "utf-8")
    shutil.copyfile(root / "book/dot.png", tex.parent / "black-hole.png")  # of the title page
    return tex.parent


@pytest.fixture(scope="module")
def tex(folder):
    return (folder / "mlphys.tex").read_text("utf-8")


def order(tex, *pieces):
    """Return whether pieces of text stand in this order."""
    place = 0
    for piece in pieces:
        place = tex.find(piece, place) + len(piece)
        assert place >= len(piece), f"{piece!r} does not come next"
    return True


def test_solutions_stand_at_the_end_of_their_chapter(tex) -> None:
    assert order(
        tex, r"\section{Exercises}", "{Exercise 1.1}", "Find ", "{Exercise 1.2}", "Mind that",
        r"\section{Solutions}", "{Exercise 1.1}", r"\section{References}", "Noether",
        r"\chapter{Chapter two}",
    )  # fmt: skip
    solutions = tex.partition(r"\section{Solutions}")[2].partition(r"\section{References}")[0]
    assert order(
        solutions, "{exercise:ex-one}{Exercise 1.1}", "b = 2", "{exercise:ex-two}", "three"
    )
    pointed = re.findall(r"\\booksolutionpage\{(.*?)\}", tex)
    assert pointed == re.findall(r"\\booksolution\{(.*?)\}", solutions)


def test_what_moved_keeps_the_sites_number(folder, tex) -> None:
    numbers = json.loads((folder / "numbers.json").read_text("utf-8"))
    wanted = {"eq-first": "1.1", "eq-inside": "1.2", "eq-last": "1.3"}
    for name, number in wanted.items():
        assert numbers[f"equation:book/one:{name}"] == number
    assert numbers["book/two:fig-dot"] == "2.1"
    assert numbers["book/one::doc"] == "1" and numbers["book/two::doc"] == "2"
    assert order(tex, r"\setcounter{equation}{2}", "c = 3", r"\setcounter{equation}{1}", "b = 2")
    assert len(re.findall(r"\\setcounter\{(?:equation|figure)\}", tex)) == 2


def test_boxes_can_be_linked_to(tex) -> None:
    label = r"\label{\detokenize{book/one:box-sign}}"
    assert tex.count(label) == 1
    assert r"\hyperref[\detokenize{book/one:box-sign}]" in tex


def test_the_index_has_pages_and_ends_the_book(tex) -> None:
    assert r"\index{tape@\spxentry{tape}|spxpagem}" in tex.partition(r"\chapter{Chapter two}")[0]
    chapter = tex.partition(r"\chapter{Chapter two}")[2].partition(r"\chapter{Glossary}")[0]
    assert r"\index{tape@\spxentry{tape}}" in chapter
    assert r"\chapter{Index}" not in tex
    assert order(
        tex,
        r"\chapter{Glossary}",
        r"tape\phantomsection",
        r"\index{tape@\spxentry{tape}|spxpagem}",
        "A record",
    )
    assert order(tex, r"\begin{sphinxthebibliography}", "{book/words::doc}}", r"\printindex")
    assert tex.count(r"\printindex") == 1


def test_the_works_stand_in_place_of_their_page(tex) -> None:
    assert r"\chapter{Bibliography}" not in tex
    assert tex.count(r"\begin{sphinxthebibliography}") == 1
    assert tex.count(r"\label{\detokenize{book/bibliography::doc}}") == 1


def test_the_front_page_is_one_chapter_with_the_map_as_a_picture(folder, tex) -> None:
    front = tex.partition(r"\begin{document}")[2].partition(r"\part{")[0]
    assert order(
        front, r"\chapter{About this book}", "Welcome", "course-map", r"\section{How to read}"
    )
    assert "Chapters" not in front and "The same in words" not in front
    assert (folder / "course-map.pdf").read_bytes().startswith(b"%PDF")


def test_tables_have_the_room_they_need(tex) -> None:
    found = re.search(
        r"\\begin\{tabular[yx]?\}\{\\linewidth\}.*?\\X\{(\d+)\}\{1000\}[^\n]*\\X\{(\d+)\}",
        tex,
        re.DOTALL,
    )
    assert found
    first, second = map(int, found.groups())
    assert 90 <= first <= 140 and first + second == 1000


@pytest.mark.skipif(shutil.which("xelatex") is None, reason="needs XeLaTeX")
def test_the_style_file_compiles_and_numbers_agree(folder) -> None:
    """One run leaves references open, so only errors and numbers are looked at."""
    command = ["xelatex", "-interaction=nonstopmode", "-no-pdf", "mlphys.tex"]
    subprocess.run(command, cwd=folder, capture_output=True, timeout=120)
    log = (folder / "mlphys.log").read_text("utf-8", errors="replace")
    assert re.findall(r"^! .*", log, re.MULTILINE) == []
    numbers = json.loads((folder / "numbers.json").read_text("utf-8"))
    aux = (folder / "mlphys.aux").read_text("utf-8", errors="replace")
    assert check_pdf.misnumbered(numbers, aux) == []
