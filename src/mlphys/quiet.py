"""Importing TensorFlow without its log lines, which would otherwise land in a page.

TensorFlow's C++ part writes to file descriptor 2, past ``sys.stderr``: notes on the processor, on
drivers that are not there, on its compiler, each with a process id and the time. No Python setting
reaches the lines that come before its logger is set up, so the descriptor itself points elsewhere
while TensorFlow is imported; after that, ``TF_CPP_MIN_LOG_LEVEL`` is enough. Neither the device
nor the arithmetic is changed. Errors that matter still arrive, as exceptions.
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

__all__ = ["quiet_stderr", "quiet_tensorflow"]

LEVEL = "TF_CPP_MIN_LOG_LEVEL"


def quiet_tensorflow() -> ModuleType:
    """Return the module ``tensorflow``, imported without a line on the standard error stream.

    Whoever wants to see the lines sets the environment variable ``TF_CPP_MIN_LOG_LEVEL`` (``0``
    shows all): with a value below 3 nothing is hidden. A 1 that importing JAX left there does not
    count. To be called before anything else imports TensorFlow.

    Returns
    -------
    module
        ``tensorflow``.

    Raises
    ------
    ImportError
        If TensorFlow is not installed; the message names the extra that brings it. If its import
        fails otherwise, that error comes through, after the lines that were held back.

    Examples
    --------
    >>> tf = quiet_tensorflow()
    >>> int(tf.add(1, 2))
    3
    """
    if "tensorflow" in sys.modules:
        return sys.modules["tensorflow"]
    if wants_lines():
        return _import_tensorflow()
    os.environ[LEVEL] = "3"
    with quiet_stderr():
        tensorflow = _import_tensorflow()
    tensorflow.get_logger().setLevel("ERROR")  # its Python part gives advice on retracing, too
    return tensorflow


def wants_lines() -> bool:
    """Return whether somebody asked for TensorFlow's lines.

    Importing JAX sets the level to 1 where it was not set, which is nobody's wish.

    Examples
    --------
    >>> wants_lines()
    False
    """
    level = os.environ.get(LEVEL, "3")
    return level != "3" and not (level == "1" and "jax" in sys.modules)


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Hold back all that is written to file descriptor 2 in the block, also by C++ code.

    What was held back is dropped if the block ends well, and written out if it raises.

    Examples
    --------
    >>> import os
    >>> with quiet_stderr():
    ...     written = os.write(2, b"a line that nobody needs")
    """
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # there is no descriptor 2, so there is nothing to hold back
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        ended_well = False
        try:
            yield
            ended_well = True
        finally:
            if sys.stderr is not None:
                sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
            if not ended_well:
                held.seek(0)
                os.write(2, held.read())


def _import_tensorflow() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside its own dependencies
        try:
            import tensorflow
        except ModuleNotFoundError as fault:
            if fault.name != "tensorflow":
                raise
            raise ImportError(
                "this function needs TensorFlow, which is not installed. "
                "Install it with: pip install 'mlphys[tensorflow]'"
            ) from fault
    return tensorflow
