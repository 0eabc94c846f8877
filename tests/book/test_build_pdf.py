"""The PDF's command: what it reads in LaTeX's log, and what it says where LaTeX is missing."""

from __future__ import annotations

import build_pdf
import pytest

CLEAN = """This is XeTeX, Version 3.14
LaTeX Font Info: Font shape tried
Underfull \\hbox (badness 6927) in paragraph at lines 40828--40830
Output written on mlphys.pdf (563 pages).
"""


@pytest.mark.parametrize(
    "line",
    [
        "! Undefined control sequence.",
        "LaTeX Warning: Reference `eq-one' on page 3 undefined on input line 12.",
        "LaTeX Warning: Hyper reference `book/a::doc' on page 595 undefined on input line 4.",
        "LaTeX Warning: Citation `euler1744' on page 2 undefined on input line 9.",
        "LaTeX Warning: Label `eq-one' multiply defined.",
        "Missing character: There is no ⟲ in font FreeSerif!",
    ],
)
def test_faults_in_the_log_are_found(line: str) -> None:
    assert build_pdf.faults(f"{CLEAN}{line}\n{CLEAN}") == [line]


def test_a_clean_log_has_none() -> None:
    assert build_pdf.faults(CLEAN) == []


def test_missing_programs_are_named_by_package(monkeypatch, capsys) -> None:
    monkeypatch.setattr(build_pdf.shutil, "which", lambda name: None)
    monkeypatch.setattr(build_pdf, "_is_here", lambda name: name == "latexmk")
    monkeypatch.setattr("sys.argv", ["build_pdf.py"])
    assert build_pdf.main() == 1
    said = capsys.readouterr().out
    assert "texlive-xetex" in said and "apt-get install" in said
    assert "latexmk" not in said


def test_packages_are_installed_only_by_root_with_apt(monkeypatch) -> None:
    monkeypatch.setattr(build_pdf.shutil, "which", lambda name: None)
    assert build_pdf.install(["latexmk"]) == 1


TEX = r"""\addto\captionsenglish{\renewcommand{\contentsname}{Part I: First}}
\begin{document}
\chapter{How to read}
\label{\detokenize{book/index:how-to-read}}
\chapter{One}
\label{\detokenize{book/a/one:one}}\label{\detokenize{book/a/one::doc}}
\section{Inside}
\label{\detokenize{book/a/one:inside}}
\chapter{Two}
\label{\detokenize{book/b/two:two}}\label{\detokenize{book/b/two::doc}}
\chapter{Glossary}
\label{\detokenize{book/glossary:glossary}}
"""
TOC = {
    "parts": [
        {"caption": "Part I: First", "numbered": True, "chapters": [{"file": "book/a/one"}]},
        {"caption": "Part II: Second", "numbered": True, "chapters": [{"file": "book/b/two"}]},
        {"caption": "Back matter", "chapters": [{"file": "book/glossary"}]},
    ]
}


def test_parts_are_named_and_only_chapters_are_numbered() -> None:
    lines = [line for line in build_pdf.arrange(TEX, TOC).splitlines() if "label" not in line]
    assert lines == [
        r"\addto\captionsenglish{\renewcommand{\contentsname}{Contents}}",
        r"\begin{document}",
        r"\setcounter{secnumdepth}{-1}",
        r"\chapter{How to read}",
        r"\part{First}",
        r"\setcounter{secnumdepth}{2}",
        r"\chapter{One}",
        r"\section{Inside}",
        r"\part{Second}",
        r"\setcounter{secnumdepth}{2}",
        r"\chapter{Two}",
        r"\setcounter{secnumdepth}{-1}",
        r"\chapter{Glossary}",
    ]
