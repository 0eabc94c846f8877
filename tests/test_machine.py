"""The machine card tells the truth and nothing private, and loads nothing heavy."""

import os
import platform
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from mlphys import machine
from mlphys.machine import card, describe, devices


def test_card_agrees_with_the_running_interpreter():
    lines = card()
    assert lines["Python"] == platform.python_version()
    assert lines["NumPy"] == np.__version__
    assert int(lines["Cores"]) <= (os.cpu_count() or 1)


@pytest.mark.skipif(not Path("/proc/meminfo").exists(), reason="no /proc/meminfo to compare with")
def test_memory_agrees_with_the_kernel():
    kilobytes = int(Path("/proc/meminfo").read_text("utf-8").split()[1])
    assert abs(int(card()["Memory"].removesuffix(" GiB")) - kilobytes / 2**20) < 1


def test_disk_agrees_with_the_file_system():
    total, _, free = shutil.disk_usage(".")
    assert card()["Disk"] == f"{total / 2**30:.0f} GiB"
    size, rest = card(live=True)["Disk"].removesuffix(" GiB free").split(" GiB, ")
    assert size == f"{total / 2**30:.0f}"
    assert abs(int(rest) - free / 2**30) < 2


def test_blas_is_the_library_that_is_loaded():
    loaded = {pool["internal_api"] for pool in threadpool_info() if pool["user_api"] == "blas"}
    if not loaded:
        pytest.skip("threadpoolctl does not know the loaded BLAS")
    assert any(name in card()["NumPy BLAS"].lower() for name in loaded)


def test_card_names_neither_host_nor_home():
    text = " ".join([*card(live=True).values(), describe()])
    assert socket.gethostname() not in text
    assert str(Path.home()) not in text
    assert "/" not in "".join(card(live=True)["NumPy BLAS"])


def test_live_lines_are_added_and_only_the_disk_changes():
    plain, live = card(), card(live=True)
    assert list(live)[: len(plain)] == list(plain)
    assert list(live)[len(plain) :] == ["TensorFlow devices", "JAX devices"]
    assert [k for k in plain if plain[k] != live[k]] == ["Disk"]


def test_card_loads_neither_tensorflow_nor_jax():
    code = (
        "import sys; from mlphys.machine import card; before = 'numpy' in sys.modules; "
        "lines = card(live=True); "
        "print(before, 'jax' in sys.modules, 'tensorflow' in sys.modules, "
        "lines['JAX devices'], lines['TensorFlow devices'], sep='|')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *loaded, jax, tensorflow = done.stdout.strip().split("|")
    assert loaded == ["False", "False", "False"]
    assert {jax, tensorflow} <= {"not loaded", "not installed"}


def test_devices_of_loaded_packages(monkeypatch):
    config = SimpleNamespace(
        list_physical_devices=lambda: [
            SimpleNamespace(device_type=kind) for kind in ("CPU", "GPU", "GPU")
        ]
    )
    monkeypatch.setitem(sys.modules, "tensorflow", SimpleNamespace(config=config))
    assert devices("tensorflow") == "1 CPU, 2 GPU"
    tpus = [SimpleNamespace(platform="tpu")] * 4
    monkeypatch.setitem(sys.modules, "jax", SimpleNamespace(devices=lambda: tpus))
    assert devices("jax") == "4 TPU"


def test_devices_of_jax_itself():
    jax = pytest.importorskip("jax")
    assert sum(int(part.split()[0]) for part in devices("jax").split(", ")) == jax.device_count()


def test_what_is_not_installed_is_said(monkeypatch):
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    monkeypatch.setattr(machine, "_version", lambda package: "not installed")
    assert devices("tensorflow") == "not installed"
    with pytest.raises(ValueError, match="expected 'tensorflow' or 'jax'; got 'torch'"):
        devices("torch")


def test_graphics_processors_are_counted_by_model(tmp_path):
    assert machine._accelerators(tmp_path) == "none found"
    for number in range(2):
        (tmp_path / str(number)).mkdir()
        text = f"Model: \t\t NVIDIA A100\nIRQ:  {number}\n"
        (tmp_path / str(number) / "information").write_text(text, "utf-8")
    assert machine._accelerators(tmp_path) == "2 × NVIDIA A100"


def test_a_system_that_does_not_tell_its_memory(monkeypatch):
    monkeypatch.setattr(machine.os, "sysconf_names", {})
    assert card()["Memory"] == "not known"
