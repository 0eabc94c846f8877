"""The bridge to GNU CLISP: what it needs, and what it says without it."""

import pytest

from mlphys.language import clisp
from mlphys.language.lisp_trees import LispError


def test_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert not clisp.installed()
    with pytest.raises(
        RuntimeError, match=r"found none on the search path; .*apt-get install clisp"
    ):
        clisp.print_values("(+ 1 2)")


@pytest.mark.skipif(not clisp.installed(), reason="clisp is not installed: NOT compared with it")
def test_prints_one_line_for_each_expression():
    program = "(define (f x) (* 2 x)) (define y 4) (f y) (let ((y 5)) (f y)) (list 'a t nil)"
    assert clisp.print_values(program) == ["f", "y", "8", "10", "(a t nil)"]


@pytest.mark.skipif(not clisp.installed(), reason="clisp is not installed: NOT compared with it")
def test_failing_program_is_reported():
    with pytest.raises(RuntimeError, match=r"expected a program that clisp runs; got: .*foo"):
        clisp.print_values("(foo 1)")


@pytest.mark.skipif(not clisp.installed(), reason="clisp is not installed: NOT compared with it")
def test_text_that_is_no_lisp_does_not_reach_it():
    with pytest.raises(LispError, match="line 1, column 1"):
        clisp.print_values("(+ 1 2")
