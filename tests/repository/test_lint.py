"""What ``make lint`` runs, and what it says to who has to mend something."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import lint
import pytest

ROOT = Path(__file__).resolve().parents[2]
CODESPELL = Path(lint.checks()["spelling"][0])


@pytest.mark.skipif(not CODESPELL.exists(), reason="needs codespell")
def test_spelling_covers_chapters_and_docstrings(tmp_path):
    wrong = "rec" + "ieve"  # put together here, so that this file passes
    for name, text in {
        "book/language/machine.md": f"# Title\n\nWe {wrong} it.\n",
        "src/mlphys/glue.py": f'"""Notes that we {wrong}."""\n',
        "CONTRIBUTING.md": f"How to {wrong} help.\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    done = subprocess.run(lint.checks()["spelling"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode
    assert all(name in done.stdout for name in ("machine.md", "glue.py", "CONTRIBUTING.md"))


def test_a_misspelling_is_told_with_the_way_to_add_a_word(monkeypatch, capsys):
    monkeypatch.setattr(lint, "checks", lambda: {"spelling": ["false"], "version": ["true"]})
    monkeypatch.setattr(lint, "install_actionlint", lambda target: ["true"])
    assert lint.main() == 1
    said = capsys.readouterr().out
    assert "ignore-words-list under [tool.codespell] in pyproject.toml" in said
    assert said.strip().endswith("lint: FAILED: spelling")


def test_every_hint_belongs_to_a_check():
    assert set(lint.HINTS) <= set(lint.checks())
