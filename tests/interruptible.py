"""Child processes that Ctrl-C reaches, wherever the tests themselves run."""

from __future__ import annotations

import signal
import subprocess
from typing import Any


def interruptible(command: list[str], **options: Any) -> subprocess.Popen:
    """Start a process that hears SIGINT.

    A shell makes its jobs in the background, and their children, deaf to it. The signal is given
    back here and not between fork and exec, where Python code may lock up beside threads.
    """
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(command, **options)
    finally:
        signal.signal(signal.SIGINT, heard)
