"""The machine card tells the truth and nothing private."""

import os
import platform
import socket
from pathlib import Path

import numpy as np

from mlphys.machine import card, describe


def test_card_agrees_with_the_running_interpreter():
    lines = card()
    assert lines["Python"] == platform.python_version()
    assert lines["NumPy"] == np.__version__
    assert int(lines["Cores"]) <= (os.cpu_count() or 1)


def test_card_names_neither_host_nor_home():
    text = " ".join([*card().values(), describe()])
    assert socket.gethostname() not in text
    assert str(Path.home()) not in text
