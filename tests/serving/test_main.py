"""The command, as a process: what it prints, how it stops, what it leaves behind."""

import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from mlphys.serving.__main__ import main
from mlphys.serving.client import Client


@pytest.fixture
def started(files, tmp_path):
    """Start the command; yield the process, and its first line as read."""
    (tmp_path / "run").mkdir(mode=0o700)
    command = [sys.executable, "-m", "mlphys.serving", "--port", "0"]
    command += ["--body-seconds", "5", f"net={files / 'net.checkpoint'}"]
    environment = os.environ | {"XDG_RUNTIME_DIR": str(tmp_path / "run")}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    yield process, json.loads(process.stdout.readline())
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_sigterm_finishes_requests_in_flight(started):
    """One request is half sent, and clients ask all the time, when the signal comes."""
    process, about = started
    assert about["models"] == ["net"]
    token_file = Path(about["token_file"])
    assert stat.S_IMODE(token_file.stat().st_mode) == 0o600
    token = token_file.read_text().strip()
    assert token not in " ".join(process.args)
    host, port = about["address"].removeprefix("http://").split(":")

    half = socket.create_connection((host, int(port)), timeout=20)
    body = json.dumps({"inputs": [0.0] * 12}).encode()
    half.sendall(
        f"POST /models/net HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    )
    half.sendall(body[:10])
    counts, strange = [], []
    with Client(about["address"], token=token) as client:
        truth = client.ask("net", np.ones(12))

    def hammer():
        done = 0
        try:
            with Client(about["address"], token=token) as client:
                while True:
                    if (client.ask("net", np.ones(12)) != truth).any():
                        strange.append("wrong answer")
                    done += 1
        except (ConnectionError, OSError) as end:  # refused, or closed between two requests
            if "Incomplete" in type(end).__name__:
                strange.append(repr(end))
        except Exception as fault:  # an answer cut in two, an error status, ...
            strange.append(repr(fault))
        counts.append(done)

    threads = [threading.Thread(target=hammer) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.4)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    with pytest.raises(ConnectionRefusedError):  # nobody new is let in
        socket.create_connection((host, int(port)), timeout=5)
    assert process.poll() is None
    half.sendall(body[10:])
    answer = http.client.HTTPResponse(half)
    answer.begin()
    assert answer.status == 200 and len(json.loads(answer.read())["outputs"][0]) == 4
    half.close()
    for thread in threads:
        thread.join()
    assert process.wait(20) == 0
    assert not strange and min(counts) > 0
    assert not token_file.exists()
    assert process.stderr is not None and process.stderr.read() == ""


def test_ctrl_c(started):
    process, about = started
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    assert not Path(about["token_file"]).exists()


UNLUCKY = """
import os, signal, sys
from mlphys.serving.__main__ import main

plain, calls, when = signal.signal, 0, int(sys.argv.pop(1))

def interrupted(number, handler):
    global calls
    before = plain(number, handler)
    calls += 1
    if calls == when:
        os.kill(os.getpid(), signal.SIGINT)
    return before

signal.signal = interrupted
sys.exit(main())
"""


@pytest.mark.parametrize("when", [1, 2, 3, 4])
def test_ctrl_c_while_handlers_are_exchanged(files, tmp_path, when):
    """Ours are the first two calls; those of the library follow when it takes over."""
    (tmp_path / "run").mkdir(mode=0o700)
    command = [sys.executable, "-c", UNLUCKY, str(when), "--port", "0"]
    done = subprocess.run(
        [*command, f"net={files / 'net.checkpoint'}"],
        env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path / "run")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (130, "")
    assert list((tmp_path / "run").rglob("*.token")) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--host", "0.0.0.0"], "other machines could connect"),
        (["--workers", "0"], "expected workers above 0"),
        (["--token-file", "TAKEN"], "another server may use it"),
        (["--port", "BUSY"], "in use"),
    ],
)
def test_what_keeps_it_from_starting(files, tmp_path, capsys, arguments, words):
    (tmp_path / "taken").touch()
    with socket.create_server(("127.0.0.1", 0)) as busy:
        put = {"TAKEN": str(tmp_path / "taken"), "BUSY": str(busy.getsockname()[1])}
        arguments = [put.get(word, word) for word in arguments]
        if "--port" not in arguments:
            arguments += ["--port", "0"]
        assert main([*arguments, f"net={files / 'net.checkpoint'}"]) == 1
    assert words in capsys.readouterr().err
    assert (tmp_path / "taken").read_bytes() == b""


@pytest.mark.parametrize("words", [[], ["net.onnx"], ["=net.onnx"], ["net="]])
def test_wrong_usage(words):
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
