"""Every notebook that the built site offers runs as a reader would run it.

A new environment holds the wheel of the library, its locked dependencies and Jupyter's kernel, and
nothing of the build's own; the network is off; the working folder is empty. What the notebook then
prints is what the page prints, timings aside.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from run_offline import ALONE, lock_out, write_hook

from mlphys.datasets.folders import data_folder

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "_build"
INDEX = BUILD / "html/_sources/notebooks.json"
LOCK = ROOT / "requirements.lock"
NOTEBOOKS = (
    [entry["notebook"] for entry in json.loads(INDEX.read_text("utf-8"))] if INDEX.exists() else []
)
NO_SITE = f"there is no built site at {INDEX.parent.parent.relative_to(ROOT)}: run `make book`"
RUNNER = ROOT / "tests/run_offline.py"
KERNEL = ("ipykernel", "nbclient", "nbformat")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]
some_notebook = pytest.mark.parametrize(
    "name", NOTEBOOKS or [pytest.param("-", marks=pytest.mark.skip(reason=NO_SITE))]
)


def uv(*arguments: str) -> None:
    """Run uv, and show what it says if it fails."""
    command = [sys.executable, "-m", "uv", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def clean_python(tmp_path_factory) -> Path:
    """Return the Python of an environment that holds what a reader installs, and no more.

    It stays in the build folder and is made anew whenever the lock file changes; the wheel of the
    library is made and installed each time.
    """
    if not NOTEBOOKS:
        pytest.skip(NO_SITE)
    folder = BUILD / "reader-environment"
    python = folder / "bin/python"
    stamp = folder / "lock.sha256"
    locked = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    wheels = tmp_path_factory.mktemp("wheel")
    uv("build", "--quiet", "--wheel", "--out-dir", str(wheels))
    (wheel,) = wheels.glob("*.whl")
    # `python -m uv` would install into its own environment if it were not told another one.
    install = ("pip", "install", "--quiet", "--python", str(python))
    if not stamp.exists() or stamp.read_text("utf-8") != locked:
        uv("venv", "--quiet", "--clear", "--python", sys.executable, str(folder))
        uv(*install, "--constraint", str(LOCK), f"mlphys[all] @ {wheel.as_uri()}", *KERNEL)
        stamp.write_text(locked, "utf-8")
    uv(*install, "--no-deps", "--reinstall", str(wheel))
    return python


def reader_variables(home: Path) -> dict[str, str]:
    """Return the environment of a reader who has set nothing, and has the data of the build."""
    kept = ("LANG", "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH")
    scale = json.loads((BUILD / "report.json").read_text("utf-8"))["scale"]
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "HOME": str(home),
        "MLPHYS_DATA": str(data_folder()),
        "MLPHYS_SCALE": scale,
        "PATH": os.defpath,
        "PYTHONPATH": str(home / "hook"),
    }


def run(python: Path, notebook: Path, folder: Path) -> tuple[int, str, Path]:
    """Run a notebook offline in an empty folder; return exit code, messages, and the result."""
    work, home = folder / "work", folder / "home"
    work.mkdir()
    write_hook(home / "hook")
    result = folder / "result.ipynb"
    plain = [str(python), str(RUNNER), str(notebook), str(result)]
    command = lock_out(plain)
    alone = {ALONE: "yes"} if command != plain else {}
    done = subprocess.run(
        command, cwd=work, env=reader_variables(home) | alone, capture_output=True, text=True
    )
    return done.returncode, done.stderr[-3000:], result


def printed(cell: nbformat.NotebookNode) -> list[str]:
    """Return all text that a cell shows, standard error aside."""
    if "timing" in cell.metadata.get("tags", []):
        return []
    shown, stream = [], ""
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            stream += output.text if output.name == "stdout" else ""
        elif output.output_type == "error":
            shown.append(f"{output.ename}: {output.evalue}")
        elif not any(kind.startswith("application/papermill") for kind in output.data):
            shown += [
                output.data[kind] for kind in ("text/plain", "text/html") if kind in output.data
            ]
    return [stream, *shown]


@some_notebook
def test_notebook_runs_offline_and_prints_what_the_page_prints(name, clean_python, tmp_path):
    offered = BUILD / "html" / name
    code, messages, result = run(clean_python, offered, tmp_path)
    assert code == 0, messages
    page = nbformat.read(offered, as_version=4)
    again = nbformat.read(result, as_version=4)
    differing = [
        f"cell {number} ({one.source.strip().splitlines()[0]}):\n  page: {old}\n  here: {new}"
        for number, (one, two) in enumerate(zip(page.cells, again.cells, strict=True), start=1)
        if one.cell_type == "code" and (old := printed(one)) != (new := printed(two))
    ]
    assert not differing, "\n".join(differing)


def test_the_network_is_off(clean_python, tmp_path):
    """The test of the wall: a notebook that asks for another machine must fail."""
    ask = nbformat.v4.new_code_cell("import socket; socket.create_connection(('192.0.2.1', 80), 2)")
    path = tmp_path / "ask.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[ask]), path)
    code, messages, _ = run(clean_python, path, tmp_path)
    assert code != 0
    assert "the network is off" in messages
