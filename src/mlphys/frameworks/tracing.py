"""What a function prints when it is called, and errors without the paths of a machine.

A traced function runs its Python body only while it is recorded, so what it prints tells when that
happened: :func:`printed_by` collects the lines call by call. TensorFlow's errors from inside a
traced function name temporary files and hold their paths; :func:`without_paths` takes these out.
The module imports no framework and works with all of them.

Chapter: ``book/frameworks/tracing.md``.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

__all__ = ["printed_by", "shortened", "without_paths"]

PLACE = re.compile(r'File "[^"\n]*", (line \d+, in [^\n]*?)[ *]*$', re.MULTILINE)
JAX_PLACE = re.compile(r"\bat (?:/|<|[A-Z]:)\S*?:(\d+)\b")


def printed_by(function: Callable, arguments: Iterable[Any]) -> list[list[str]]:
    """Return the lines that each of a sequence of calls prints.

    Parameters
    ----------
    function : callable
        Called with one argument at a time; its results are dropped.
    arguments : iterable
        One entry for each call.

    Returns
    -------
    list of list of str
        For each call its lines, without those that are empty.

    Examples
    --------
    >>> printed_by(lambda x: print("got", x), [1, 2])
    [['got 1'], ['got 2']]
    """
    lines = []
    for argument in arguments:
        with contextlib.redirect_stdout(io.StringIO()) as page:
            function(argument)
        lines.append([line for line in page.getvalue().splitlines() if line.strip()])
    return lines


def shortened(message: str) -> str:
    """Return an error message in which places are named by their line alone.

    ``File "…", line 3, in f``, as TensorFlow writes, becomes ``line 3, in f``; ``at …:3``, as JAX
    writes, becomes ``at line 3``. Empty lines are dropped.

    Examples
    --------
    >>> shortened('in user code:\\n\\n    File "/a/b.py", line 3, in f  *\\n        1 / 0')
    'in user code:\\n    line 3, in f\\n        1 / 0'
    """
    message = JAX_PLACE.sub(r"at line \1", PLACE.sub(r"\1", message))
    return "\n".join(line for line in message.splitlines() if line.strip())


@contextlib.contextmanager
def without_paths() -> Iterator[None]:
    """Let an error of the block pass on, with its message :func:`shortened`, without its history.

    An exception that does not make its message from its arguments keeps it.

    Raises
    ------
    Exception
        Whatever the block raises.

    Examples
    --------
    >>> with without_paths():
    ...     raise ValueError('File "/a/b.py", line 3, in f\\n\\n1 < 0')
    Traceback (most recent call last):
        ...
    ValueError: line 3, in f
    1 < 0
    """
    try:
        yield
    except Exception as error:
        kept, message = error.args, shortened(str(error))
        error.args = (message,)
        if str(error) != message:
            error.args = kept
        raise error.with_traceback(None) from None
