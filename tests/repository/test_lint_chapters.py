"""The rules about chapters: each finds a text that breaks it and leaves one that does not."""

from __future__ import annotations

from pathlib import Path

import lint_chapters
import pytest
from chapter_lint.chapter import read_chapter
from chapter_lint.prose import plain_sentences

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["learning/evidence", "language/arrays", "part/chapter"]
MATTER = """---
myst:
  html_meta:
    description: A sentence about the chapter.
mlphys:
  title: A chapter
  minutes: 40
  needs: [learning/evidence]
---
# A title

```{admonition} Predict
:class: predict
What comes out?
```
"""
EXERCISES = "".join(
    f"""
```{{exercise}}
:label: chapter-ex-{number}
What is {number}?
```

```{{solution-start}} chapter-ex-{number}
:class: dropdown
```
It is a number.
```{{solution-end}}
```
"""
    for number in range(4)
)
END = "\n## References\n\n```{references}\n```\n"


def cell(code, options=""):
    return f"\n```{{code-cell}} ipython3\n{options}{code}\n```\n"


def figure(alt, caption="It falls."):
    image = f"  image:\n    alt: {alt}\n" if alt is not None else ""
    options = f"---\nmystnb:\n  figure:\n    name: fig-x\n    caption: {caption}\n{image}---\n"
    return cell("draw()", options)


def faults(body="", matter=MATTER, exercises=EXERCISES, end=END):
    chapter = read_chapter(matter + "\n" + body + exercises + end, "part/chapter")
    return lint_chapters.check(chapter, NAMES)


def rules(*arguments, **options):
    return [fault.rule for fault in faults(*arguments, **options)]


ALT = "A curve that falls from ten to one within five epochs."
BAD = {
    "no alt text": (figure(None), "alt-text"),
    "alt text is a path": (figure("book/_static/loss-curve-of-the-first-net.png"), "alt-text"),
    "alt text repeats the caption": (figure("The loss falls tenfold in the first five epochs.",
                                            "The loss falls tenfold in the first five epochs."),
                                     "alt-text"),
    "alt text is short": (figure("A curve."), "alt-text"),
    "image in a line": ("See ![](dot.png).", "alt-text"),
    "no caption": (figure(ALT, '""'), "caption"),
    "figure name": (figure(ALT).replace("fig-x", "x"), "figure-name"),
    "typed seconds": ("It needs 3.2 s on our machine.", "typed-number"),
    "typed memory": ("The table holds 1.5 GB.", "typed-number"),
    "typed ratio": ("That is 2.5 times faster.", "typed-number"),
    "typed accuracy": ("Its accuracy is 0.953.", "typed-number"),
    "typed percentage": ("The net names 95.3 % of the digits.", "typed-number"),
    "typed beside glue": ("From {glue:text}`a:.1f` to 3.2 ms.", "typed-number"),
    "typed in a caption": (figure(ALT, "The training takes 3.2 s."), "typed-number"),
    "long cell": (cell("x = 1\n" * 26), "cell-length"),
    "wide line": (cell("x = " + "1 + " * 26 + "1"), "line-length"),
    "global generator": (cell("x = np.random.rand(3)"), "unseeded"),
    "global seed": (cell("np.random.seed(1)"), "unseeded"),
    "no seed": (cell("rng = np.random.default_rng()"), "unseeded"),
    "module random": (cell("import random\nrandom.shuffle(x)"), "unseeded"),
    "from random": (cell("from random import choice\nchoice(x)"), "unseeded"),
    "tf.random": (cell("x = tf.random.normal((3,))"), "unseeded"),
    "data set shuffle": (cell("data = data.shuffle(1000)"), "unseeded"),
    "clock": (cell("import time\nstart = time.perf_counter()"), "timing"),
    "imported clock": (cell("from time import process_time as now\nnow()"), "timing"),
    "magic clock": (cell("%timeit f(x)"), "timing"),
    "bare link": ("See https://example.org/page for more.", "bare-link"),
    "angle link": ("See <https://example.org/page>.", "bare-link"),
    "http": ("See [this](http://example.org).", "http"),
    "built page": ("See [this](../part/other.html#x).", "own-site"),
    "own site": ("See [this](https://someone.github.io/mlphys/book/x.html).", "own-site"),
    "local path": (cell("open('/" + "home/jane/data.csv')"), "local-path"),
    "local path in prose": ("The file is in /" + "Users/jo/data.", "local-path"),
    "heading jumps": ("## One\n\n#### Two\n", "headings"),
    "second title": ("# Another\n", "headings"),
    "exercise without solution": ("```{exercise}\n:label: chapter-ex-x\nWhy?\n```\n", "exercises"),
    "solution without exercise": (
        "```{solution-start} nothing\n:class: dropdown\n```\nSo.\n```{solution-end}\n```\n", "exercises"),
    "solution without end": (
        "```{exercise}\n:label: c-x\nWhy?\n```\n```{solution-start} c-x\n:class: dropdown\n```\nSo.\n",
        "exercises"),
    "open solution": ("```{exercise}\n:label: c-x\nWhy?\n```\n```{solution} c-x\nSo.\n```\n", "exercises"),
    "correction without test": (
        ":::{admonition} Correction: a sign\n:name: correction-sign\nIt was wrong.\n:::\n", "corrections"),
    "correction without label": (
        ":::{admonition} Correction: a sign\n`test_a` in `tests/x/test_b.py`.\n:::\n", "corrections"),
    "unknown escape": ("% lint-ok spelling: why\nText.", "lint-ok"),
    "escape without reason": ("% lint-ok typed-number:\nIt needs 3.2 s.", "lint-ok"),
    "escape of nothing": ("% lint-ok typed-number: an input\nText.", "lint-ok"),
}  # fmt: skip
GOOD = {
    "figure": figure(ALT),
    "image in a line": f"See ![{ALT}](dot.png).",
    "glue": "It needs {glue:text}`chapter_time:.1f` s, an accuracy of {glue:text}`chapter_right:.3f`.",
    "cited number": "They reached an accuracy of 0.997 {cite:p}`lecun1998`.",
    "number in math": "After $3.2\\,$s, at $t = 1.5$ s, an accuracy of $0.9$.",
    "number in code": "The accuracy `0.953` is printed.",
    "definition": "A step of 0.01 and a radius of 2.6 Schwarzschild radii.",
    "setting": "The validation error of descent at rate 0.2 and a step of 0.01.",
    "arithmetic": "Half of it, 12.5 %, is left.",
    "whole number": "The accuracy is 50 % by guessing, and 30 s are enough.",
    "supposition": "Suppose that it takes 0.5 s.",
    "pinned by a test": "`test_net_reads` in `tests/x/test_y.py` demands 95.7 % right.",
    "table": "| accuracy | 0.95 |\n| --- | --- |",
    "excused": "% lint-ok typed-number: the length of a frame of film\nOne frame lasts 41.7 ms.",
    "excused cell": "% lint-ok timing: about clocks\n" + cell("import time\ntime.time()"),
    "folded long cell": cell("x = 1\n" * 30, ":tags: [hide-input]\n\n"),
    "hidden wide line": cell("x = " + "1 + " * 26 + "1", ":tags: [remove-cell]\n\n"),
    "seeded": cell("rng = np.random.default_rng(7)\nrng.shuffle(x)\nr = random.Random(3)"),
    "generator class": cell("rng = np.random.Generator(np.random.PCG64(7))"),
    "seeded for all": cell("keras.utils.set_random_seed(1)") + cell("x = tf.random.normal((3,))"),
    "seed argument": cell("data = data.shuffle(1000, seed=1)\nx = tf.random.normal((3,), seed=2)"),
    "measured": cell("took = measure(f, x)"),
    "sleep": cell("import time\ntime.sleep(0.1)"),
    "named link": "See [this](https://example.org) and [](../part/other.md#x), `https://example.org`.",
    "listing": "```python\nrandom.random()  # https://example.org took 3.2 s\n```",
    "relative path": cell("open('data.csv')") + "The file `data/home/x`.",
    "headings": "## One\n\n### Two\n\n## Three\n",
    "magic": cell("%matplotlib inline\nx = 1"),
    "nested solution": (
        "```{exercise}\n:label: c-x\nWhy?\n```\n```{solution} c-x\n:class: dropdown\nSo.\n```\n"),
    "correction": (":::{admonition} Correction: a sign\n:name: correction-sign\n"
                   "`test_a` in `tests/x/test_b.py`.\n:::\n"),
}  # fmt: skip


@pytest.mark.parametrize("body, rule", BAD.values(), ids=BAD)
def test_a_text_that_breaks_a_rule_is_found(body, rule):
    found = faults(body)
    assert [fault.rule for fault in found] == [rule], found
    assert found[0].what and found[0].fix


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD)
def test_a_text_that_keeps_the_rules_passes(body):
    assert faults(body) == []


@pytest.mark.parametrize(
    "old, new, rule",
    [
        ("  title: A chapter\n", "", "front-matter"),
        ("minutes: 40", "minutes: long", "front-matter"),
        ("[learning/evidence]", "all", "front-matter"),
        ("[learning/evidence]", "[evidence]", "needs"),
        ("[learning/evidence]", "[part/chapter]", "needs"),
        ("A sentence about the chapter.", "", "description"),
        ("A sentence about the chapter.", "word " * 40, "description"),
        ("# A title", "## A title", "headings"),
        (":class: predict", ":class: note", "parts"),
    ],
)
def test_front_matter_and_opening(old, new, rule):
    assert rules(matter=MATTER.replace(old, new)) == [rule]


def test_a_wrong_need_is_told_with_the_chapter_that_is_meant():
    (fault,) = faults(matter=MATTER.replace("[learning/evidence]", "[physics/evidence]"))
    assert "here learning/evidence" in fault.fix


def test_references_and_exercises_are_asked_for():
    assert rules(end="") == ["parts"]
    assert "2 exercises" in str(faults(exercises=EXERCISES[: len(EXERCISES) // 2]))


def test_lines_count_from_the_top_of_the_file():
    options = "---\ntags: [hide-input]\n---\n"
    (fault,) = faults(cell("x = 1\nnp.random.seed(1)", options))
    text = (MATTER + "\n" + cell("x = 1\nnp.random.seed(1)", options)).splitlines()
    assert text[fault.line - 1] == "np.random.seed(1)"
    (fault,) = faults("A first line\nand a second. It needs\n3.2 s.")
    assert fault.line == MATTER.count("\n") + 3


def test_an_escape_ends_with_its_block():
    body = "% lint-ok typed-number: an input\nIt needs 3.2 s.\n\nIt needs 3.3 s.\n"
    (fault,) = faults(body)
    assert "3.3" in fault.what


def test_prose_within_directives_is_read_and_listings_are_not():
    body = "````{admonition} A box\nIt takes 3.2 s.\n\n```python\nx = 3.2 s\n```\n````\n"
    assert rules(body) == ["typed-number"]


def test_a_sentence_keeps_its_line():
    block = read_chapter("One $a\nb$ ends. Two\nends.").of_kind("paragraph")[0]
    assert list(plain_sentences(block)) == [(1, "One ∎ ends."), (2, "Two ends.")]


def test_a_message_is_file_line_rule_what_and_fix(tmp_path, capsys):
    book = tmp_path / "book/part"
    book.mkdir(parents=True)
    (tmp_path / "_toc.yml").write_text(
        "parts:\n- chapters:\n  - file: book/part/chapter\n  - file: book/learning/evidence\n",
        "utf-8",
    )
    path = book / "chapter.md"
    path.write_text(MATTER + "\nIt needs 3.2 s.\n" + EXERCISES + END, "utf-8")
    assert lint_chapters.main([str(path)], root=tmp_path) == 1
    line = MATTER.count("\n") + 2
    said = capsys.readouterr().out
    assert said.startswith(f"book/part/chapter.md:{line}: [typed-number] 3.2 is typed")
    assert "glue() it" in said
    path.write_text(MATTER + EXERCISES + END, "utf-8")
    assert lint_chapters.main([str(path)], root=tmp_path) == 0


def test_broken_yaml_is_told(tmp_path):
    book = tmp_path / "book/part"
    book.mkdir(parents=True)
    (book / "chapter.md").write_text(figure("Left: a curve that rises and falls again."), "utf-8")
    (line,) = lint_chapters.check_file(book / "chapter.md", tmp_path, NAMES)
    assert line.startswith("book/part/chapter.md:9: [yaml] no valid YAML") and "quote" in line


def test_every_rule_of_the_messages_is_listed():
    used = {rule for _, rule in BAD.values()} - {"lint-ok"}
    assert used | {"front-matter", "needs", "description", "parts"} == set(lint_chapters.RULES)


def test_all_chapters_pass():
    assert len(lint_chapters.chapter_names(ROOT)) >= 38
    assert lint_chapters.main() == 0
