"""Run a program in GNU CLISP, an independent Lisp, where it is installed.

The tiny Lisp has ``define``, Common Lisp does not; a prelude of one macro supplies it. Functions
and other values live in two namespaces there, so that a function in a variable is called by
``(funcall f x)``. Chapter: ``book/language/machine.md``.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from mlphys.language.lisp_reader import read_all
from mlphys.language.lisp_trees import show

__all__ = ["installed", "print_values"]

PRELUDE = """\
(setq *print-case* :downcase)
(setq *print-pretty* nil)
(setq *read-default-float-format* 'double-float)
(defmacro define (head &rest body)
  (if (consp head)
      `(progn (defun ,(car head) ,(cdr head) ,@body)
              (define ,(car head) (function ,(car head))))
      `(progn (setf (get ',head 'value) ,(car body))
              (define-symbol-macro ,head (get ',head 'value))
              ',head)))
"""

SECONDS = 60


def installed() -> bool:
    """Return whether the program ``clisp`` is on the search path.

    Examples
    --------
    >>> installed() in (True, False)
    True
    """
    return shutil.which("clisp") is not None


def print_values(text: str) -> list[str]:
    """Return what CLISP prints for each expression of a program, in order.

    Parameters
    ----------
    text : str
        A program in the common part of the tiny Lisp and Common Lisp.

    Raises
    ------
    RuntimeError
        If ``clisp`` is not installed, or the program fails in it.
    LispError
        If the text is not Lisp.
    """
    if not installed():
        raise RuntimeError(
            "print_values: expected the program clisp; found none on the search path; "
            "install it, on Debian by: apt-get install clisp"
        )
    forms = [f"(progn (prin1 {show(tree)}) (terpri))" for tree in read_all(text)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.lisp"
        path.write_text(PRELUDE + "\n".join(forms), encoding="utf-8")
        done = subprocess.run(
            ["clisp", "-norc", "-q", "-E", "utf-8", str(path)],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(
            f"print_values: expected a program that clisp runs; got: {done.stderr.strip()}; "
            "keep to what both Lisps have"
        )
    return done.stdout.splitlines()
