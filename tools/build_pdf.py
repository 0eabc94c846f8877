"""Build the book as one PDF: ``make pdf``, or ``python tools/build_pdf.py``.

The chapters are executed as for the site, from the same cache, so that after ``make book`` nothing
runs again. XeLaTeX comes from the system: where programs are missing, the command names the packages
of Debian and Ubuntu that have them, and with ``--install`` it installs them. A warning of Sphinx, an
error of LaTeX, and everything that ``check_pdf`` finds in the result fail the build: undefined
references, dead links, missing characters, numbers other than the site's, boxes that do not fit.

Where the site was built before, it gets the PDF, too, and its front page a link (see `attach`).
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import build_book
import check_pdf
import yaml
from build_environment import write_kernel

__all__ = ["arrange", "attach", "edition", "main", "missing_packages"]

ROOT = Path(__file__).resolve().parent.parent
NAME = "mlphys"
MOST = 60  # faults that are shown
PACKAGES = {  # program or file of LaTeX -> the package that has it
    "latexmk": "latexmk",
    "xelatex": "texlive-xetex",
    "xindy": "xindy",
    "rsvg-convert": "librsvg2-bin",
    "FreeSerif.otf": "fonts-freefont-otf",
    "tabulary.sty": "texlive-latex-extra",
    "needspace.sty": "texlive-latex-extra",
    "capt-of.sty": "texlive-latex-extra",
    "framed.sty": "texlive-latex-recommended",
    "pzdr.tfm": "texlive-fonts-recommended",
    "DejaVuSansMono.ttf": "fonts-dejavu-core",
    "pdftotext": "poppler-utils",
}


def missing_packages() -> list[str]:
    """Return the system packages whose programs or files are not here."""
    return sorted({package for name, package in PACKAGES.items() if not _is_here(name)})


def _is_here(name: str) -> bool:
    if "." not in name:
        return shutil.which(name) is not None
    if name.endswith((".otf", ".ttf")):
        fonts = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
        return any(folder.exists() and any(folder.rglob(name)) for folder in fonts)
    if shutil.which("kpsewhich") is None:
        return False
    return subprocess.run(["kpsewhich", name], capture_output=True).returncode == 0


def install(packages: list[str]) -> int:
    """Install packages of the system, where this is a system that has apt and we may."""
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return 1
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    return subprocess.run(
        command, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    ).returncode


def write_tex(root: Path, folder: Path) -> int:
    """Let Sphinx write the book as LaTeX, with outputs from the cache of the site's builds."""
    build = folder / "_build"
    build.mkdir(parents=True, exist_ok=True)
    shared = build / ".jupyter_cache"
    (root / "_build" / ".jupyter_cache").mkdir(exist_ok=True)
    if not shared.exists():
        shared.symlink_to(root / "_build" / ".jupyter_cache", target_is_directory=True)
    write_kernel(root)
    command = [sys.executable, "-c", build_book.START, "build", str(root), *build_book.OPTIONS,
               "--builder", "latex", "--path-output", str(folder)]  # fmt: skip
    progress = build_book.Progress(sys.stdout, root)
    return build_book.run(command, root, root / "_build" / "pdf.log", progress, [])


CONTENTS = re.compile(r"(?<=\\renewcommand{\\contentsname}{)[^}]*")
CHAPTER = re.compile(r"^\\chapter\{.*\}\n\\label\{\\detokenize\{(?P<page>[^:}]+):", re.MULTILINE)
NUMBERED, UNNUMBERED = (rf"\setcounter{{secnumdepth}}{{{depth}}}" + "\n" for depth in (2, -1))


def arrange(tex: str, toc: dict) -> str:
    """Give the book its parts, and number the chapters as the site does.

    Sphinx drops the captions of the table of contents but the first, which it makes the title of the
    contents, and numbers whatever stands at the top level, front page and back matter included.

    Parameters
    ----------
    tex : str
        The book as Sphinx wrote it.
    toc : dict
        The content of ``_toc.yml``.
    """
    first = {part["chapters"][0]["file"]: part for part in toc["parts"]}
    numbered = {entry["file"] for part in toc["parts"] if part.get("numbered")
                for entry in part["chapters"]}  # fmt: skip

    def opening(match: re.Match[str]) -> str:
        page = match["page"]
        part = first.pop(page, {})
        title = part.get("caption", "").partition(": ")[2] if part.get("numbered") else ""
        heading = rf"\part{{{title}}}" + "\n" if title else ""
        return heading + (NUMBERED if page in numbered else UNNUMBERED) + match[0]

    return CHAPTER.sub(opening, CONTENTS.sub("Contents", tex))


def edition(root: Path) -> tuple[str, datetime.date]:
    """Return version and date of the book: those of the project and of its last commit."""
    version = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    command = ["git", "-C", str(root), "log", "-1", "--format=%cs"]
    done = subprocess.run(command, capture_output=True, text=True)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    date = datetime.date.fromisoformat(done.stdout.strip()) if done.stdout.strip() else today
    return version, date


def name_edition(tex: str, version: str, date: datetime.date) -> str:
    """Put version and date into the book, for its title page."""
    day = f"{date:%B} {date.day}, {date.year}"
    facts = rf"\renewcommand{{\bookversion}}{{{version}}}\renewcommand{{\bookdate}}{{{day}}}"
    return tex.replace(r"\begin{document}", facts + "\n" + r"\begin{document}", 1)


def run_latex(tex: Path, date: datetime.date) -> int:
    """Run LaTeX as often as it takes; what it prints goes to its log.

    The same date gives the same bytes.
    """
    moment = datetime.datetime(date.year, date.month, date.day, tzinfo=datetime.UTC)
    environ = os.environ | {
        "LATEXMKOPTS": "-interaction=nonstopmode -halt-on-error",
        "max_print_line": "10000",  # LaTeX cuts the lines of its log otherwise
        "SOURCE_DATE_EPOCH": str(int(moment.timestamp())),
    }
    return subprocess.run(["make", "-C", str(tex)], env=environ, capture_output=True).returncode


def examine(tex: Path) -> list[str]:
    """Return what is wrong with the PDF in a folder."""
    pdf = str(tex / f"{NAME}.pdf")
    text, destinations = (
        subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8")
        for command in (["pdftotext", "-layout", pdf, "-"], ["pdfinfo", "-dests", pdf])
    )
    log, source, aux = (
        (tex / f"{NAME}.{end}").read_text("utf-8", errors="replace")
        for end in ("log", "tex", "aux")
    )
    expected = json.loads((tex / "numbers.json").read_text("utf-8"))
    return check_pdf.find_faults(log, source, aux, destinations, text, expected)


PLACE = re.compile(r"<!-- pdf -->(?:<p>.*?</p>)?", re.DOTALL)


def attach(site: Path, pdf: Path, pages: int) -> bool:
    """Copy the PDF into the built site, if there is one, and link it from the front page.

    Returns
    -------
    bool
        Whether there was a site, with the place for the link.
    """
    front = site / "book" / "index.html"
    if not front.exists() or PLACE.search(front.read_text("utf-8")) is None:
        return False
    shutil.copyfile(pdf, site / pdf.name)
    size = pdf.stat().st_size / 1e6
    sentence = (
        f'<!-- pdf --><p>For paper, take <a href="../{pdf.name}">the whole book as a PDF</a> '
        f"({pages} pages, {size:.0f} MB).</p>"
    )
    front.write_text(PLACE.sub(sentence, front.read_text("utf-8")), "utf-8")
    return True


def build_pdf(root: Path) -> int:
    """Build the PDF of the project in ``root`` and return the exit code."""
    started = time.monotonic()
    folder = root / "_build" / "pdf"
    tex = folder / "_build" / "latex"
    version, date = edition(root)
    with build_book.only_build(root / "_build"):
        code = write_tex(root, folder)
        if code:
            print("pdf: FAILED before LaTeX; log: _build/pdf.log")
            return code
        written = tex / f"{NAME}.tex"
        toc = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
        book = name_edition(arrange(written.read_text("utf-8"), toc), version, date)
        written.write_text(book, "utf-8")
        print("pdf: running XeLaTeX", flush=True)
        code = run_latex(tex, date)
    log = (tex / f"{NAME}.log").read_text("utf-8", errors="replace")
    found = check_pdf.log_faults(log) if code else examine(tex)
    for fault in found[:MOST]:
        print(f"pdf:   {fault}")
    if code or found:
        print(f"pdf: FAILED: {len(found)} faults; log: {(tex / NAME).relative_to(root)}.log")
        return code or 1
    target = root / "_build" / f"{NAME}.pdf"
    shutil.copyfile(tex / f"{NAME}.pdf", target)
    written_pages = re.search(r"Output written on .* \((\d+) pages", log)
    pages = int(written_pages[1]) if written_pages else 0
    attached = attach(root / "_build" / "html", target, pages)
    print(
        f"pdf: {target.relative_to(root)} is ready{', also on the site' if attached else ''}: "
        f"{pages} A4 pages, {target.stat().st_size / 1e6:.1f} MB, "
        f"{time.monotonic() - started:.1f} s"
    )
    return 0


def main() -> int:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--root", type=Path, default=ROOT, help="folder of the project")
    parser.add_argument("--install", action="store_true", help="install missing system packages")
    options = parser.parse_args()
    missing = missing_packages()
    if missing and options.install and install(missing) == 0:
        missing = missing_packages()
    if missing:
        print(
            "pdf: FAILED: expected XeLaTeX and its helpers; missing are parts of the packages "
            f"{' '.join(missing)}. On Debian and Ubuntu: apt-get install "
            f"--no-install-recommends {' '.join(missing)}"
        )
        return 1
    return build_pdf(options.root.resolve())


if __name__ == "__main__":
    sys.exit(main())
