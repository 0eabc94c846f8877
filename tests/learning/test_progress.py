"""A bar in a terminal, a line on a page, silence in a script."""

import pytest

from mlphys.learning.progress import Progress


def run(kind):
    progress = Progress(3, kind=kind)
    for _ in range(3):
        progress.advance("loss 1")
    progress.close("loss 1")


def test_line_is_one_line_without_control_characters(capsys):
    run("line")
    captured = capsys.readouterr()
    assert captured.out == "3 epochs: loss 1\n"
    assert captured.err == ""


def test_bar_goes_to_standard_error(capsys):
    run("bar")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "3/3" in captured.err
    assert "loss 1" in captured.err


def test_a_script_that_is_no_terminal_stays_silent(capsys):
    import ipykernel.kernelapp  # noqa: F401  being able to be a notebook does not make it one

    run("auto")
    assert capsys.readouterr() == ("", "")


def test_unknown_kind():
    with pytest.raises(ValueError, match="one of auto, bar, line, none; got 'loud'"):
        Progress(1, kind="loud")
