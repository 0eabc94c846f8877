"""Requests that must be refused: what a mistaken, a broken or a hostile client may send.

Each family is a way to be wrong, with the status that is right for it. Sizes, places and letters are
drawn at random, so that two thousand of them are two thousand different requests.

Chapter: ``book/physics/serving.md``.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from mlphys.serving.bodies import WOLFRAM_TYPE
from mlphys.serving.errors import JSON_TYPE
from mlphys.serving.limits import Limits

__all__ = ["FAMILIES", "Fault", "Target", "make_faults", "send_fault"]


class Target(NamedTuple):
    """What a fault is aimed at: a model that takes ``size`` numbers, on a server."""

    host: str
    port: int
    token: str
    model: str
    size: int
    limits: Limits


class Fault(NamedTuple):
    """A request that is wrong, and the status that says so.

    Attributes
    ----------
    family : str
    status : int
    parts : tuple of bytes
        Sent one after the other. After the last the client waits for the answer.
    """

    family: str
    status: int
    parts: tuple[bytes, ...]


def make_faults(target: Target, count: int, *, rng: np.random.Generator) -> Iterator[Fault]:
    """Yield wrong requests, the families in turn.

    Parameters
    ----------
    target : Target
    count : int
    rng : numpy.random.Generator
    """
    families = list(FAMILIES.items())
    for number in range(count):
        name, make = families[number % len(families)]
        status, *parts = make(target, rng)
        yield Fault(name, status, tuple(parts))


def send_fault(target: Target, fault: Fault, *, timeout: float = 30.0) -> tuple[int, bytes]:
    """Send a wrong request on a connection of its own; return status and body of the answer.

    Returns
    -------
    tuple
        ``(0, b"")`` if the server closed without an answer.
    """
    with socket.create_connection((target.host, target.port), timeout=timeout) as sock:
        try:
            for part in fault.parts:
                sock.sendall(part)
                if len(fault.parts) > 1:
                    time.sleep(0.002)  # so that they arrive as pieces
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all of it was sent; the answer is waiting
        answer = b""
        while not _whole(answer):
            received = sock.recv(65536)
            if not received:
                break
            answer += received
    head, _, body = answer.partition(b"\r\n\r\n")
    return (int(head.split(b" ", 2)[1]) if head else 0), body


def _whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return bool(end) and bool(lengths) and len(body) >= int(lengths[0].split(b":")[1])


def _post(
    target: Target, body: bytes, *, kind: str = JSON_TYPE, length: int | None = None, **changes: str
) -> bytes:
    """Return a request that is right but for its body and what is changed."""
    lines = {
        "start": f"POST /models/{target.model} HTTP/1.1",
        "host": f"Host: {target.host}:{target.port}",
        "token": f"Authorization: Bearer {target.token}",
        "kind": f"Content-Type: {kind}",
        "length": f"Content-Length: {len(body) if length is None else length}",
    } | changes
    return "\r\n".join([*lines.values(), "", ""]).encode("latin-1") + body


def _body(target: Target, rng: np.random.Generator, **put: object) -> bytes:
    """Return the JSON of a right example, or with one number replaced."""
    numbers: list[object] = rng.random(target.size).round(3).tolist()
    for value in put.values():
        numbers[int(rng.integers(target.size))] = value
    return json.dumps({"inputs": numbers}).encode()


def _pick(rng: np.random.Generator, *choices):
    return choices[int(rng.integers(len(choices)))]


def _letters(rng: np.random.Generator, count: int) -> str:
    return "".join(map(chr, rng.integers(97, 123, count)))


def _bad_token(target: Target, rng: np.random.Generator):
    wrong = _pick(
        rng,
        "",
        f"Authorization: Bearer {_letters(rng, 43)}",
        f"Authorization: Bearer {target.token[:-1]}",
        f"Authorization: Bearer {target.token}x",
        f"Authorization: Basic {target.token}",
        f"Authorization: {target.token}",
        "Authorization: Bearer",
        f"Authorization: Bearer {target.token.swapcase()}",
        f"Authorization: Bearer {target.token}\r\nAuthorization: Bearer {target.token}",
        f"Authorization: Bearer \xe9{target.token}",
        f"X-Authorization: Bearer {target.token}",
    )
    request = _post(target, _body(target, rng), token=wrong or "X-Nothing: 1")
    return 401, request


def _bad_token_before_path(target: Target, rng: np.random.Generator):
    start = _pick(rng, "GET /models HTTP/1.1", f"GET /{_letters(rng, 5)} HTTP/1.1")
    return 401, _post(target, b"", start=start, token="X-Nothing: 1")


def _huge_declared(target: Target, rng: np.random.Generator):
    length = int(target.limits.body_bytes * rng.uniform(1.001, 1e6))
    return 413, _post(target, b'{"inputs": [', length=length)


def _huge_sent(target: Target, rng: np.random.Generator):
    extra = int(rng.integers(1, 300_000))
    return 413, _post(target, b" " * (target.limits.body_bytes + extra))


def _huge_chunked(target: Target, rng: np.random.Generator):
    size = int(rng.integers(40_000, 60_000))
    chunk = f"{size:x}\r\n".encode() + b" " * size + b"\r\n"
    head = _post(target, b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    return 413, head, chunk * (target.limits.body_bytes // size + 2)


def _slow_body(target: Target, rng: np.random.Generator):
    body = _body(target, rng)
    return 408, _post(target, body[: int(rng.integers(len(body)))], length=len(body))


def _slow_head(target: Target, rng: np.random.Generator):
    head = _post(target, b"")
    return 408, head[: int(rng.integers(1, len(head) - 2))]


def _invalid_json(target: Target, rng: np.random.Generator):
    right = _body(target, rng)
    cut = int(rng.integers(1, len(right)))
    wrong = _pick(
        rng,
        right[:cut],
        right + b"]",
        right[:-2] + b",]}",
        right.replace(b'"', b"'"),
        b"",
        b"\xef\xbb\xbf" + right,
        right[:-2] + b", 0x1F]}",
        right[:-2] + b", +1]}",
        right[:-2] + b", .5]}",
        right[:-2] + b", \xff]}",
        right[:-1] + b', "inputs": []}',
        _letters(rng, 20).encode(),
        b"__import__('os').system('true')",
    )
    return 400, _post(target, wrong)


def _not_a_number(target: Target, rng: np.random.Generator):
    return 400, _post(target, _body(target, rng, put=_pick(rng, np.nan, np.inf, -np.inf)))


def _too_large_a_number(target: Target, rng: np.random.Generator):
    body = _body(target, rng, put="large")
    return 422, _post(target, body.replace(b'"large"', _pick(rng, b"1e999", b"-1e400", b"9" * 400)))


def _not_numbers(target: Target, rng: np.random.Generator):
    wrong = _pick(rng, "1.0", None, True, {}, {"re": 1}, [], [1.0], "NaN")
    return 422, _post(target, _body(target, rng, put=wrong))


def _wrong_shape(target: Target, rng: np.random.Generator):
    shape = _pick(
        rng, (target.size - 1,), (target.size + 1,), (2, target.size, 1), (0,), (3, 0), (1, 1, 1)
    )
    body = json.dumps({"inputs": np.zeros(shape).tolist()}).encode()
    wrong = _pick(rng, body, b'{"inputs": 1}', b'{"input": [1]}', b"[1, 2]", b'{"inputs": {}}')
    return 422, _post(target, wrong)


def _deep(target: Target, rng: np.random.Generator):
    most = min(100_000, target.limits.body_bytes // 3)
    depth = int(rng.integers(target.limits.depth + 2, most))
    if rng.random() < 0.5:
        body = b'{"inputs": ' + b"[" * depth + b"]" * int(rng.choice([0, depth])) + b"}"
        return 400, _post(target, body)
    return 400, _post(target, b"{" * depth, kind=WOLFRAM_TYPE)


def _wolfram_code(target: Target, rng: np.random.Generator):
    wrong = _pick(
        rng,
        b'Run["true"]',
        b"{Exit[]}",
        b"{1, Indeterminate}",
        b"{Infinity}",
        b"{1, 2",
        b"{1,, 2}",
        b"{1, 2}}",
        b"{1 2}",
        b"1",
        b"{1/0}",
        b"{1.5e3}",
        b"{16^^ff}",
        b"<|1 -> 2|>",
        b"{" + b"1" * 5000 + b"}",
    )
    return 400, _post(target, wrong, kind=WOLFRAM_TYPE)


def _path_trick(target: Target, rng: np.random.Generator):
    path = _pick(
        rng,
        "/models/../../etc/passwd",
        "/models/%2e%2e/%2e%2e/etc/passwd",
        f"/models/..%2f{_letters(rng, 4)}",
        f"/models/{target.model}/",
        f"/models/{target.model}/../{target.model}",
        f"//models/{target.model}",
        f"/models/{target.model}%00.txt",
        f"/models/{target.model.upper()}{_letters(rng, 2)}",
        "/models/" + "a" * int(rng.integers(100, 5000)),
        "/models/%ff%fe",
        f"/{_letters(rng, 6)}",
        f"/models/{target.model};{_letters(rng, 3)}",
        f"/Models/{target.model}",
        "/.git/config",
    )
    return 404, _post(target, _body(target, rng), start=f"POST {path} HTTP/1.1")


def _wrong_method(target: Target, rng: np.random.Generator):
    method = _pick(rng, "GET", "PUT", "DELETE", "PATCH", "OPTIONS", _letters(rng, 5).upper())
    return 405, _post(target, b"", start=f"{method} /models/{target.model} HTTP/1.1")


def _wrong_type(target: Target, rng: np.random.Generator):
    kind = _pick(
        rng,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/json; charset=utf-16",
        "application/octet-stream",
        f"application/{_letters(rng, 6)}",
        "application/json\r\nContent-Encoding: gzip",
    )
    return 415, _post(target, _body(target, rng), kind=kind)


def _wrong_host(target: Target, rng: np.random.Generator):
    host = _pick(rng, f"{_letters(rng, 8)}.example", "localhost.example", "", "127.0.0.1.example")
    return 400, _post(target, _body(target, rng), host=f"Host: {host}")


def _broken_http(target: Target, rng: np.random.Generator):
    wrong = _pick(
        rng,
        bytes(rng.integers(128, 256, 60, np.uint8)) + b"\r\n\r\n",
        b"POST\r\n\r\n",
        _post(target, b"", start=f"POST /models/{target.model} HTTP/9.9"),
        _post(target, b"{}", length=-1),
        _post(target, b"{}", twice="Content-Length: 3"),
        _post(target, b"", host="X-Nothing: 1"),
        _post(target, b"", more="A header without a colon"),
        _post(target, b"", more="Space : before colon"),
        _post(target, b"", start="POST /models/a b HTTP/1.1"),
    )
    return 400, wrong


def _broken_chunk(target: Target, rng: np.random.Generator):
    head = _post(target, b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    return 400, head, _pick(rng, b"zz\r\n", b"-5\r\n", b"\r\n\r\n") + _letters(rng, 9).encode()


def _huge_head(target: Target, rng: np.random.Generator):
    size = target.limits.head_bytes + int(rng.integers(1, 100_000))
    return 431, _post(target, b"", more=f"X-Long: {'a' * size}")


FAMILIES: dict[str, Callable] = {
    "bad token": _bad_token,
    "bad token before bad path": _bad_token_before_path,
    "huge body, declared": _huge_declared,
    "huge body, sent": _huge_sent,
    "huge body, in chunks": _huge_chunked,
    "slow body": _slow_body,
    "slow head": _slow_head,
    "invalid JSON": _invalid_json,
    "NaN or infinity": _not_a_number,
    "number out of range": _too_large_a_number,
    "no numbers": _not_numbers,
    "wrong shape": _wrong_shape,
    "deep nesting": _deep,
    "Wolfram code": _wolfram_code,
    "path trick": _path_trick,
    "wrong method": _wrong_method,
    "wrong content type": _wrong_type,
    "wrong host": _wrong_host,
    "broken HTTP": _broken_http,
    "broken chunk": _broken_chunk,
    "huge head": _huge_head,
}
