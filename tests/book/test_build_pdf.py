"""The PDF's command: how it arranges the book, and what it says where LaTeX is missing or unhappy."""

from __future__ import annotations

import datetime
import shutil
import subprocess

import build_pdf
import pytest


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


def test_version_and_date_reach_the_title_page(tmp_path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "4.5.6"\n', "utf-8")
    version, date = build_pdf.edition(tmp_path)  # no repository: today
    assert version == "4.5.6"
    assert abs(date - datetime.datetime.now(tz=datetime.UTC).date()).days <= 1
    tex = build_pdf.name_edition(TEX, version, datetime.date(2031, 2, 3))
    before, _, after = tex.partition(r"\begin{document}")
    assert r"\renewcommand{\bookversion}{4.5.6}" in before
    assert r"\renewcommand{\bookdate}{February 3, 2031}" in before
    assert after == TEX.partition(r"\begin{document}")[2]


def test_the_site_gets_the_file_and_one_link_to_it(tmp_path) -> None:
    pdf = tmp_path / "mlphys.pdf"
    pdf.write_bytes(b"%PDF" + bytes(2_000_000))
    site = tmp_path / "html"
    assert not build_pdf.attach(site, pdf, 700)
    (site / "book").mkdir(parents=True)
    front = site / "book" / "index.html"
    front.write_text("<h2>An older page</h2>", "utf-8")
    assert not build_pdf.attach(site, pdf, 700)
    assert not (site / "mlphys.pdf").exists()
    front.write_text("<h2>How to read</h2>\n<!-- pdf --><h2>More</h2>", "utf-8")
    for pages in (700, 712):  # built twice, linked once
        assert build_pdf.attach(site, pdf, pages)
    assert front.read_text("utf-8") == (
        '<h2>How to read</h2>\n<!-- pdf --><p>For paper, take <a href="../mlphys.pdf">the whole book '
        "as a PDF</a> (712 pages, 2 MB).</p><h2>More</h2>"
    )
    assert (site / "mlphys.pdf").read_bytes() == pdf.read_bytes()


def test_the_front_page_has_the_place_for_the_link() -> None:
    source = (build_pdf.ROOT / "book" / "index.md").read_text("utf-8")
    assert len(build_pdf.PLACE.findall(source)) == 1


BROKEN = r"""\documentclass{article}
\begin{document}
A reference to nowhere, \ref{gone}. \parbox{1cm}{\mbox{much too wide for one centimeter}}
\end{document}
"""


@pytest.mark.skipif(shutil.which("xelatex") is None, reason="needs XeLaTeX")
def test_real_latex_faults_are_named(tmp_path) -> None:
    (tmp_path / "mlphys.tex").write_text(BROKEN, "utf-8")
    (tmp_path / "numbers.json").write_text('{"equation:a:b": "1.1"}', "utf-8")
    (tmp_path / "Makefile").write_text(
        "all:\n\t@xelatex -interaction=nonstopmode mlphys.tex\n", "utf-8"
    )
    assert build_pdf.run_latex(tmp_path, datetime.date(2026, 1, 1)) == 0
    found = "\n".join(build_pdf.examine(tmp_path))
    assert "Reference `gone' on page 1 undefined" in found
    assert "page 1 of the PDF shows ??: A reference to nowhere, ??." in found
    assert "equation:a:b has the number none, and 1.1 on the site" in found
    assert "pt too wide: the front matter, line 3 of the LaTeX file: A reference" in found
    dates = subprocess.run(
        ["pdfinfo", str(tmp_path / "mlphys.pdf")], capture_output=True, text=True
    )
    assert "2026" in dates.stdout
