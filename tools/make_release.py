"""Pack what a release carries into ``_build/release``: ``make release``, after book and PDF.

The site as an archive, the archives of notebooks that the site offers, the PDF, the wheel and the
source distribution of the library, the numbers of the build (the next release is compared with
them), what is to be cited and deposited, and the SHA-256 of each. The archives depend on the content
alone: no times, no order of a file system.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

__all__ = ["checksums", "main", "pack"]

ROOT = Path(__file__).resolve().parent.parent
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the zero of the zip format's clock
SUMS = "SHA256SUMS"


def pack(folder: Path, archive: Path) -> int:
    """Write the files of a folder into a zip archive; return their number.

    Parameters
    ----------
    folder : pathlib.Path
        What to pack; the archive unpacks into one folder of the archive's own name.
    archive : pathlib.Path
        File to write.

    Raises
    ------
    FileNotFoundError
        If there is nothing to pack.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []
    if not files:
        raise FileNotFoundError(f"expected files in {folder}; found none. Run `make book` first")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for path in files:
            name = f"{archive.stem}/{path.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, path.read_bytes())
    return len(files)


def checksums(folder: Path) -> str:
    """Return the lines of ``sha256sum`` for the files of a folder."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != SUMS)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    return "".join(lines)


def copy_notebooks(site: Path, target: Path, version: str) -> None:
    """Copy the site's archives of notebooks, with the version in their names.

    Raises
    ------
    FileNotFoundError
        If the site offers none.
    """
    found = sorted((site / "notebooks").glob("mlphys-*.zip"))
    if not any(path.name == "mlphys-notebooks.zip" for path in found):
        raise FileNotFoundError(
            f"expected mlphys-notebooks.zip in {site / 'notebooks'}; found none. Run `make book`"
        )
    for path in found:
        part = path.stem.removeprefix("mlphys-").replace("notebooks", "")
        name = "-".join(filter(None, ("mlphys", version, "notebooks", part)))
        shutil.copyfile(path, target / f"{name}.zip")


def build_distributions(target: Path) -> None:
    """Build the wheel and the source distribution of the library into ``target``."""
    command = [sys.executable, "-m", "uv", "build", "--quiet", "--no-create-gitignore"]
    subprocess.run([*command, "--out-dir", str(target)], cwd=ROOT, check=True)


def main() -> int:
    """Pack everything; return the exit code."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    build = ROOT / "_build"
    target = build / "release"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    try:
        pack(build / "html", target / f"mlphys-{version}-site.zip")
        copy_notebooks(build / "html", target, version)
        shutil.copyfile(build / "mlphys.pdf", target / f"mlphys-{version}.pdf")
        shutil.copyfile(build / "results.json", target / "results.json")
        shutil.copyfile(ROOT / "CITATION.cff", target / "CITATION.cff")
        shutil.copyfile(ROOT / ".zenodo.json", target / "zenodo.json")
        build_distributions(target)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    (target / SUMS).write_text(checksums(target), "utf-8")
    for path in sorted(target.iterdir()):
        print(f"release: {path.stat().st_size:>12,} bytes  {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
