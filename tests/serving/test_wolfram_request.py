"""The Wolfram client's request, replayed byte for byte."""

import os
import socket
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest

from mlphys.serving.models import model_maker
from mlphys.serving.wolfram_lists import read_list, write_list
from mlphys.serving.wolfram_request import wolfram_request


def test_the_traced_request_has_the_traced_bytes():
    request = wolfram_request("127.0.0.1:18765", "/hello.txt", "a=1")
    starts = {0x00: b"POST /hello.txt", 0x1A: b"Host:", 0x31: b"Accept:", 0x3E: b"Accept-Encoding:"}
    starts[0x5E] = b"Content-Type: text/plain;charset=utf-8\r\n"
    for place, words in starts.items():
        assert request[place:].startswith(words)
    assert request.index(b"\r\n\r\n") + 4 == 215 == 0xD7


def replay(server, request):
    """Send these bytes and no others; return status and body."""
    with socket.create_connection((server.host, server.port), timeout=20) as sock:
        sock.sendall(request)
        reader = sock.makefile("rb")
        status = int(reader.readline().split()[1])
        length = 0
        while (line := reader.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return status, reader.read(length)


def test_replay(server, files):
    x = np.random.default_rng(4).normal(size=(2, 12)).astype(np.float32)
    request = wolfram_request(
        f"{server.host}:{server.port}",
        "/models/onnx",
        write_list(x),
        content_type="text/x-wolfram-list",
        headers={"Authorization": f"Bearer {server.token}"},
    )
    status, body = replay(server, request)
    answer = np.array(read_list(body.decode()), np.float32)
    assert status == 200
    assert answer.tobytes() == model_maker(files / "net.onnx")()(x).tobytes()


def test_without_a_content_type_the_language_sends_plain_text_which_is_refused(server):
    request = wolfram_request(
        f"{server.host}:{server.port}",
        "/models/onnx",
        "{1}",
        headers={"Authorization": f"Bearer {server.token}"},
    )
    status, body = replay(server, request)
    assert status == 415 and b"text/x-wolfram-list" in body


MATHICS = os.environ.get("MLPHYS_MATHICS") or (sys.executable if find_spec("mathics") else "")
PROGRAM = """
import sys
from mathics.core.load_builtin import import_and_load_builtins
import_and_load_builtins()
from mathics.session import MathicsSession
session = MathicsSession()
for line in sys.stdin:
    print(session.evaluate(line).value if "ToString" in line else session.evaluate(line))
"""


@pytest.mark.skipif(not MATHICS, reason="Mathics3, a free Wolfram Language, is not installed")
def test_a_free_implementation_writes_the_question_and_reads_the_answer(server, files):
    """It cannot send a POST (10.0.1), so that the bytes go out as a kernel's would."""
    x = np.arange(12).reshape(3, 4) / 8 * 1e-7

    def evaluate(*lines):
        run = [MATHICS, "-c", PROGRAM]
        done = subprocess.run(
            run, input="\n".join(lines), capture_output=True, text=True, check=True
        )
        return done.stdout.strip().splitlines()

    (body,) = evaluate(f"ToString[Flatten[{write_list(x)}], InputForm]")
    request = wolfram_request(
        f"{server.host}:{server.port}",
        "/models/onnx",
        body,
        content_type="text/x-wolfram-list",
        headers={"Authorization": f"Bearer {server.token}"},
    )
    status, answer = replay(server, request)
    assert status == 200
    truth = model_maker(files / "net.onnx")()(x.reshape(1, 12).astype(np.float32))[0]
    (best,) = evaluate(f"Position[First[{answer.decode()}], Max[{answer.decode()}]][[1, 1]] - 1")
    assert int(best) == truth.argmax()
