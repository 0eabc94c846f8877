"""What is in the repository belongs there: no notebook, no large file, no path of one machine."""

import re
import subprocess
from pathlib import Path

import check_sizes
import pytest

ROOT = Path(__file__).resolve().parents[2]
# A path that exists on one machine only. Examples of commands may use ~ or a relative path.
HOME = re.compile(r"(?<![\w.:/-])/(?:root|work|home/(?!jovyan\b)\w+|Users/\w+|opt/\w+)/[\w.]")
LINK = re.compile(r"https?://[^\s\"'<>)]+")
REGISTRY = re.compile(r"https?://[\w.-]*(?:simple/|/simple\b|registry|nexus|artifactory|devpi)")


def tracked() -> list[Path]:
    """Return the files that git knows, or skip where this is no checkout."""
    try:
        done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    names = done.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    """Return the tracked files that are text, each with its content."""
    found = []
    for path in tracked():
        try:
            found.append((path.relative_to(ROOT), path.read_text("utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def test_no_notebook_and_no_large_file():
    assert not check_sizes.too_large([str(path) for path in tracked()])


def test_size_check_refuses_a_large_file_and_a_notebook(tmp_path):
    large, notebook, small = (tmp_path / name for name in ("a.npz", "b.ipynb", "c.md"))
    large.write_bytes(bytes(check_sizes.LARGEST + 1))
    notebook.write_text("{}", "utf-8")
    small.write_text("text", "utf-8")
    names = [str(large), str(notebook), str(small)]
    assert check_sizes.too_large(names) == names[:2]


def test_no_path_of_one_machine():
    here = Path(__file__).relative_to(ROOT)
    found = [
        f"{path}: {match.group(0)}"
        for path, text in texts()
        if path != here
        for match in HOME.finditer(text)
    ]
    assert not found


def test_lock_files_name_no_registry():
    for path, text in texts():
        if path.name in {"requirements.lock", "package-lock.json"}:
            assert not LINK.search(re.sub(r'"url": "https://[^"]*"', "", text)), path


def test_no_registry_address_anywhere():
    found = [f"{path}: {match.group(0)}" for path, text in texts() for match in REGISTRY.finditer(text)
             if path != Path(__file__).relative_to(ROOT)]  # fmt: skip
    assert not found


@pytest.mark.parametrize("name", ["/home/jane/mlphys/x", "see /" + "root/.cache", "'/Users/jo/x'"])
def test_path_pattern_finds_machine_paths(name):
    assert HOME.search(name)


@pytest.mark.parametrize("name", ["https://host/root/x", "a/work/b", "./home/x", "/usr/share/x"])
def test_path_pattern_leaves_others_alone(name):
    assert not HOME.search(name)


def test_address_of_the_repository_is_that_of_the_metadata():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    address = project.get("urls", {}).get("Repository")
    assert address, "pyproject.toml: expected [project.urls] with Repository"
    for name in ("README.md", "CITATION.cff", "book/index.md", "_config.yml"):
        assert address in (ROOT / name).read_text("utf-8"), name
