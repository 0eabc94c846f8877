"""Each check of the PDF: what is broken is named, with its place; what is right is let through."""

from __future__ import annotations

import check_pdf
import pytest

CLEAN = r"""This is XeTeX, Version 3.14
LaTeX Font Info: Font shape tried
Underfull \hbox (badness 6927) in paragraph at lines 40828--40830
LaTeX Warning: `!h' float specifier changed to `!ht'.
Output written on mlphys.pdf (563 pages).
"""
TEX = r"""\begin{document}
\chapter{One}
\label{\detokenize{book/a/one:one}}\label{\detokenize{book/a/one::doc}}
Words.
\chapter{Two}
\label{\detokenize{book/a/two:two}}\label{\detokenize{book/a/two::doc}}
A very long formula.
"""
AUX = r"""\newlabel{book/a/one::doc}{{1}{3}{One}{chapter.1}{}}
\newlabel{equation:book/a/one:eq-sum}{{1.2}{4}{One}{equation.1.2}{}}
"""
NUMBERS = {"book/a/one::doc": "1", "equation:book/a/one:eq-sum": "1.2"}


@pytest.mark.parametrize(
    "line",
    [
        "! Undefined control sequence.",
        "LaTeX Warning: Reference `eq-one' on page 3 undefined on input line 12.",
        "LaTeX Warning: Hyper reference `book/a::doc' on page 595 undefined on input line 4.",
        "LaTeX Warning: Citation `euler1744' on page 2 undefined on input line 9.",
        "LaTeX Warning: Label `eq-one' multiply defined.",
        "Missing character: There is no ⟲ in font FreeSerif!",
        "Package hyperref Warning: Token not allowed in a PDF string (Unicode):",
    ],
)
def test_faults_in_the_log_are_found(line: str) -> None:
    assert check_pdf.log_faults(f"{CLEAN}{line}\n{CLEAN}") == [line]


def test_a_clean_book_has_none() -> None:
    assert check_pdf.find_faults(CLEAN, TEX, AUX, "Page  Name\n", "page\fpage", NUMBERS) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (r"Overfull \hbox (9.5pt too wide) in paragraph at lines 7--8",
         "box 9.5 pt too wide: book/a/two, line 7 of the LaTeX file: A very long formula."),
        (r"Overfull \hbox (9.5pt too wide) in alignment at lines 4--4",
         "box 9.5 pt too wide: book/a/one, line 4 of the LaTeX file: Words."),
        (r"Overfull \hbox (9.5pt too wide) detected at line 1",
         r"box 9.5 pt too wide: the front matter, line 1 of the LaTeX file: \begin{document}"),
        (r"Overfull \vbox (78.5pt too high) has occurred while \output is active []",
         "box 78.5 pt too high: no place known: "),
    ],
)  # fmt: skip
def test_boxes_that_do_not_fit_are_named_with_their_page(line: str, said: str) -> None:
    assert check_pdf.overfull(f"{CLEAN}{line}\n{CLEAN}", TEX) == [said]


def test_boxes_that_nobody_sees_are_let_through_and_the_worst_come_first() -> None:
    log = "\n".join(
        [
            r"Overfull \hbox (1.9pt too wide) in paragraph at lines 7--8",
            r"Overfull \vbox (3.9pt too high) detected at line 7",
            r"Overfull \hbox (3.1pt too wide) in paragraph at lines 7--8",
            r"Overfull \hbox (30.1pt too wide) in paragraph at lines 4--5",
        ]
    )
    assert [line[:12] for line in check_pdf.overfull(log, TEX)] == ["box 30.1 pt ", "box 3.1 pt t"]


def test_question_marks_are_found_on_their_page() -> None:
    text = "all is well? Yes\fsee Fig. ??.\nfine\f"
    assert check_pdf.question_marks(text) == ["page 2 of the PDF shows ??: see Fig. ??."]


def test_dead_links_are_named_once() -> None:
    tex = r"\hyperlink{cite.a:id1}{A}, \hyperlink{cite.a:id2}{B}, \hyperlink{cite.a:id2}{B again}"
    listed = 'Page  Destination                 Name\n 699 [ XYZ   72  716 null ] "cite.a:id1"\n'
    assert check_pdf.unknown_targets(tex, listed) == ["a link leads nowhere: cite.a:id2"]


def test_other_numbers_than_the_sites_are_found() -> None:
    assert check_pdf.misnumbered(NUMBERS, AUX) == []
    moved = NUMBERS | {"equation:book/a/one:eq-sum": "1.3", "book/a/one:fig-lost": "1.1"}
    assert check_pdf.misnumbered(moved, AUX) == [
        "equation:book/a/one:eq-sum has the number 1.2, and 1.3 on the site",
        "book/a/one:fig-lost has the number none, and 1.1 on the site",
    ]
