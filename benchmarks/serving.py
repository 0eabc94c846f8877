"""Ten thousand requests from sixteen clients, each answer compared; two thousand wrong requests.

    python benchmarks/serving.py [FILE]        FILE: .onnx, .tflite or .checkpoint

Without a file, a net of the size of *A deep net from scratch* with random weights is exported. The
server is a process of its own, and so are the clients.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from mlphys.frameworks.deep_net_onnx import export_deep_net
from mlphys.learning.deep_net import DeepNet
from mlphys.machine import describe
from mlphys.physics.serving import load_test
from mlphys.serving.client import Client
from mlphys.serving.faults import Target, make_faults, send_fault
from mlphys.serving.limits import Limits
from mlphys.serving.models import model_maker
from mlphys.serving.server import Address

REQUESTS, CLIENTS, FAULTS = 10_000, 16, 2000
QUICK = {"head_seconds": 1.0, "body_seconds": 1.0, "linger_seconds": 1.0, "body_bytes": 100_000}


def start(path: Path) -> tuple[subprocess.Popen, Address]:
    """Return the server's process and where it is."""
    bounds = [f"--{name.replace('_', '-')}={value}" for name, value in QUICK.items()]
    command = [sys.executable, "-m", "mlphys.serving", "--port", "0", *bounds, f"net={path}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    about = json.loads(process.stdout.readline())
    host, port = about["address"].removeprefix("http://").split(":")
    file = Path(about["token_file"])
    return process, Address(host, int(port), file.read_text().strip(), file)


def ask_wrongly(address: Address, size: int) -> None:
    """Send all wrong requests and print what became of them."""
    limits = Limits(**QUICK)
    target = Target(address.host, address.port, address.token, "net", size, limits)
    faults = list(make_faults(target, FAULTS, rng=np.random.default_rng(1)))
    began = time.perf_counter()
    with ThreadPoolExecutor(32) as threads:
        answers = list(threads.map(lambda fault: send_fault(target, fault)[0], faults))
    seconds = time.perf_counter() - began
    wrong = [
        (f.family, f.status, status)
        for f, status in zip(faults, answers, strict=True)
        if f.status != status
    ]
    statuses = ", ".join(f"{status}: {n}" for status, n in sorted(Counter(answers).items()))
    print(
        f"{FAULTS} wrong requests in {seconds:.1f} s, {len(wrong)} with another status {wrong[:5]}"
    )
    print(f"  {statuses}")


def main(arguments: list[str]) -> None:
    """Run both and print."""
    print(describe())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(arguments[0]) if arguments else Path(folder) / "net.onnx"
        if not arguments:
            export_deep_net(DeepNet((784, 64, 10), rng=np.random.default_rng(0)), path)
        model = model_maker(path)()
        process, address = start(path)
        try:
            load = load_test(address, "net", model, clients=CLIENTS, requests=REQUESTS)
            p50, p99, worst = 1e3 * np.quantile(load.latencies, [0.5, 0.99, 1])
            print(
                f"{REQUESTS} requests from {CLIENTS} clients: {load.wrong} wrong answers, "
                f"{REQUESTS / load.seconds:.0f} a second; "
                f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, worst {worst:.1f} ms"
            )
            ask_wrongly(address, int(np.prod(model.input_shape)))
            with Client(address.url) as client:
                print(f"afterwards the server says {client.health()!r}")
        finally:
            process.terminate()
            print(f"stopped with exit code {process.wait(30)}")


if __name__ == "__main__":
    main(sys.argv[1:])
