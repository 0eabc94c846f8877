"""The bytes that the Wolfram Language's ``URLRead`` sends, to replay where no Wolfram kernel is.

The language is not free, so no kernel takes part in our tests. What one sends is known from a
published trace of version 15: ``POST /hello.txt`` with the body ``a=1`` to ``127.0.0.1:18765`` began

.. code-block:: text

    => Send header, 215 bytes (0xd7)
    0000: POST /hello.txt HTTP/1.1
    001a: Host: 127.0.0.1:18765
    0031: Accept: */*
    003e: Accept-Encoding: deflate, gzip
    005e: Content-Type: text/plain;charset=utf-8

and the 81 bytes that the excerpt leaves out are exactly the length of the three lines that follow in
:func:`wolfram_request`. Their order is our guess; HTTP gives order no meaning.

Chapter: ``book/physics/serving.md``.

References
----------
Wolfram Research, "HTTPRequest" and "URLRead", Wolfram Language & System Documentation Center.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["wolfram_request"]


def wolfram_request(
    address: str,
    path: str,
    body: str,
    *,
    content_type: str = "text/plain",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """Return head and body of ``URLRead[HTTPRequest[url, <|Method -> "POST", ...|>]]``.

    Parameters
    ----------
    address : str
        Host and port, ``"127.0.0.1:8765"``.
    path : str
    body : str
        In ASCII.
    content_type : str
        The request's ``"ContentType"``.
    headers : mapping of str to str
        The request's ``"Headers"``; the language writes their names in lower case.

    Examples
    --------
    >>> head, _, body = wolfram_request("127.0.0.1:18765", "/hello.txt", "a=1").partition(b"\\r\\n\\r\\n")
    >>> len(head) + 4, body
    (215, b'a=1')
    """
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {address}",
        "Accept: */*",
        "Accept-Encoding: deflate, gzip",
        f"Content-Type: {content_type};charset=utf-8",
        *(f"{name.lower()}: {value}" for name, value in (headers or {}).items()),
        "User-Agent: Wolfram HTTPClient 15.",
        "Connection: keep-alive",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", body]).encode("ascii")
