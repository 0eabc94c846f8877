"""Connections: slow ones, idle ones, too many, and clients that do not listen."""

import http.client
import socket
import time

import numpy as np
import pytest

from mlphys.serving.client import Client
from mlphys.serving.limits import Limits
from mlphys.serving.server import running

JSON = b"Content-Type: application/json\r\n"


@pytest.fixture(scope="module")
def small():
    class Echo:
        kind = "test"
        input_shape = output_shape = (1,)
        dtype = np.dtype("float64")

        def __call__(self, batch):
            return batch

    limits = Limits(
        head_seconds=0.3, body_seconds=0.3, linger_seconds=0.3, connections=4, body_bytes=10_000
    )
    with running({"echo": Echo}, limits=limits) as address:
        yield address


def connect(address):
    return socket.create_connection((address.host, address.port), timeout=10)


def rest(sock):
    """Return all that comes until the server closes."""
    parts = []
    try:
        while part := sock.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def answer_of(sock):
    """Return the body of one answer."""
    answer = http.client.HTTPResponse(sock)
    answer.begin()
    return answer.read()


def head(address, more=b""):
    host = f"Host: {address.host}:{address.port}\r\n".encode()
    token = f"Authorization: Bearer {address.token}\r\n".encode()
    return b"POST /models/echo HTTP/1.1\r\n" + host + token + JSON + more


def test_a_head_that_drips_is_cut_off_at_the_deadline(small):
    with connect(small) as sock:
        started = time.monotonic()
        for letter in b"GET /health HTTP/1.1\r\nX-Slow: aaaaaaaaaaaaaaaa":
            try:
                sock.sendall(bytes([letter]))
            except OSError:
                break
            time.sleep(0.02)
        answer = rest(sock)
        assert answer.startswith(b"HTTP/1.1 408 ") and b"head-too-slow" in answer
        assert time.monotonic() - started < 3


def test_a_silent_connection_is_closed_without_a_word(small):
    with connect(small) as sock:
        assert rest(sock) == b""


def test_an_idle_connection_is_closed_after_its_answer(small):
    with connect(small) as sock:
        sock.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = rest(sock)
    assert answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(b'{"status":"ok"}')


def test_a_body_that_drips_is_cut_off_and_the_connection_ends(small):
    with connect(small) as sock:
        sock.sendall(head(small, b"Content-Length: 1000\r\n\r\n"))
        started = time.monotonic()
        while time.monotonic() - started < 5:
            try:
                sock.sendall(b" ")
            except OSError:
                break
            time.sleep(0.02)
        assert time.monotonic() - started < 3
        assert b"body-too-slow" in rest(sock)


def test_a_refused_client_that_goes_on_sending_gets_its_refusal(small):
    with connect(small) as sock:
        sock.sendall(head(small, b"Content-Length: 3000000\r\n\r\n"))
        sock.sendall(b" " * 3_000_000)
        assert b"body-too-large" in answer_of(sock)
        # the rest was read away, so the connection can be used again
        sock.sendall(head(small, b"Content-Length: 15\r\n\r\n") + b'{"inputs": [7]}')
        assert answer_of(sock) == b'{"outputs":[[7.0]]}'


def test_expect_continue_is_refused_before_the_body_is_sent(small):
    with connect(small) as sock:
        sock.sendall(head(small, b"Content-Length: 3000000\r\nExpect: 100-continue\r\n\r\n"))
        assert sock.recv(65536).startswith(b"HTTP/1.1 413 ")
    with connect(small) as sock:
        sock.sendall(head(small, b"Content-Length: 15\r\nExpect: 100-continue\r\n\r\n"))
        assert sock.recv(65536).startswith(b"HTTP/1.1 100 ")
        sock.sendall(b'{"inputs": [7]}')
        assert sock.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_pipelined_requests_are_answered_in_order(small):
    questions = b"".join(
        head(small, b"Content-Length: 15\r\n\r\n") + b'{"inputs": [%d]}' % i for i in range(9)
    )
    with connect(small) as sock:
        sock.sendall(questions)
        answer = rest(sock)
    values = [part.partition(b"]")[0] for part in answer.split(b'{"outputs":[[')[1:]]
    assert values == [b"%d.0" % i for i in range(9)]


def test_too_many_connections_are_told_to_come_back(small):
    time.sleep(0.4)  # those of the tests before are gone
    idle = [connect(small) for _ in range(4)]
    time.sleep(0.1)
    with connect(small) as sock:
        answer = rest(sock)
        assert answer.startswith(b"HTTP/1.1 503 ") and b"retry-after: 1" in answer
    for sock in idle:
        sock.close()
    time.sleep(0.1)
    with Client(small.url, token=small.token) as client:
        assert client.ask("echo", np.array([2.0])) == 2


def test_chunks_in_small_pieces_are_put_together(small):
    body = b'{"inputs": [7]}'
    with connect(small) as sock:
        sock.sendall(head(small, b"Transfer-Encoding: chunked\r\n\r\n"))
        for letter in body:
            sock.sendall(b"1\r\n%c\r\n" % letter)
        sock.sendall(b"0\r\n\r\n")
        assert answer_of(sock) == b'{"outputs":[[7.0]]}'


def test_half_a_request_and_goodbye(small):
    for count in (1, 50, 150):
        with connect(small) as sock:
            sock.sendall(
                head(small, b"Content-Length: 1000\r\n\r\n")[:count] + b"x" * (count > 100)
            )
    with Client(small.url, token=small.token) as client:
        assert client.health() == "ok"
