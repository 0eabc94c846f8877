"""Build the book as one PDF: ``make pdf``, or ``python tools/build_pdf.py``.

The chapters are executed as for the site, from the same cache, so that after ``make book`` nothing
runs again. XeLaTeX comes from the system: where programs are missing, the command names the packages
of Debian and Ubuntu that have them, and with ``--install`` it installs them. A warning of Sphinx, an
error of LaTeX, an undefined reference or a missing character fails the build.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import build_book
import yaml
from build_environment import write_kernel

__all__ = ["arrange", "faults", "main", "missing_packages"]

ROOT = Path(__file__).resolve().parent.parent
NAME = "mlphys"
PACKAGES = {  # program or file of LaTeX -> the package that has it
    "latexmk": "latexmk",
    "xelatex": "texlive-xetex",
    "xindy": "xindy",
    "rsvg-convert": "librsvg2-bin",
    "FreeSerif.otf": "fonts-freefont-otf",
    "tabulary.sty": "texlive-latex-extra",
    "fncychap.sty": "texlive-latex-extra",
    "capt-of.sty": "texlive-latex-extra",
    "framed.sty": "texlive-latex-recommended",
    "pzdr.tfm": "texlive-fonts-recommended",
}
FAULTS = (
    re.compile(r"^! .*", re.MULTILINE),
    re.compile(r"^LaTeX Warning: (?:Hyper reference|Reference) .* undefined.*", re.MULTILINE),
    re.compile(r"^LaTeX Warning: Citation .* undefined.*", re.MULTILINE),
    re.compile(r"^LaTeX Warning: Label .* multiply defined.*", re.MULTILINE),
    re.compile(r"^Missing character: .*", re.MULTILINE),
)


def missing_packages() -> list[str]:
    """Return the system packages whose programs or files are not here."""
    return sorted({package for name, package in PACKAGES.items() if not _is_here(name)})


def _is_here(name: str) -> bool:
    if "." not in name:
        return shutil.which(name) is not None
    if name.endswith(".otf"):
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


def faults(log: str) -> list[str]:
    """Return what is wrong by the log of LaTeX's last run.

    Examples
    --------
    >>> faults("! Undefined control sequence.\\nOverfull hbox\\n")
    ['! Undefined control sequence.']
    """
    return [match[0] for pattern in FAULTS for match in pattern.finditer(log)]


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


def run_latex(tex: Path) -> int:
    """Run LaTeX as often as it takes; what it prints goes to its log."""
    environ = os.environ | {"LATEXMKOPTS": "-interaction=nonstopmode -halt-on-error"}
    done = subprocess.run(["make", "-C", str(tex)], env=environ, capture_output=True)
    return done.returncode


def build_pdf(root: Path) -> int:
    """Build the PDF of the project in ``root`` and return the exit code."""
    started = time.monotonic()
    folder = root / "_build" / "pdf"
    tex = folder / "_build" / "latex"
    with build_book.only_build(root / "_build"):
        code = write_tex(root, folder)
        if code:
            print("pdf: FAILED before LaTeX; log: _build/pdf.log")
            return code
        written = tex / f"{NAME}.tex"
        toc = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
        written.write_text(arrange(written.read_text("utf-8"), toc), "utf-8")
        print("pdf: running XeLaTeX", flush=True)
        code = run_latex(tex)
    log = (tex / f"{NAME}.log").read_text("utf-8", errors="replace")
    found = faults(log)
    for fault in found[:20]:
        print(f"pdf:   {fault}")
    if code or found:
        print(f"pdf: FAILED: {len(found)} faults in {(tex / NAME).relative_to(root)}.log")
        return code or 1
    target = root / "_build" / f"{NAME}.pdf"
    shutil.copyfile(tex / f"{NAME}.pdf", target)
    pages = re.search(r"Output written on .* \((\d+) pages", log)
    count = pages[1] if pages else "?"
    print(
        f"pdf: {target.relative_to(root)} is ready: {count} pages, "
        f"{target.stat().st_size / 1e6:.1f} MB, {time.monotonic() - started:.1f} s"
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
