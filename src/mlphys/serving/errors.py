"""Refusals: one shape for every answer that is not the one that was asked for.

Body: ``{"error": {"status": 422, "code": "wrong-shape", "message": "expected ..., got ..."}}``. A
program branches on ``code``, a person reads ``message``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

__all__ = ["JSON_TYPE", "Refusal"]

JSON_TYPE = "application/json"


class Refusal(Exception):
    """A request that gets an error status instead of an answer.

    Parameters
    ----------
    status : int
        Of HTTP, 400 to 599.
    code : str
        A short name that does not change, in words joined by hyphens.
    message : str
        What was expected, what came, what to do.
    headers : mapping of str to str
        Further headers of the answer.

    Examples
    --------
    >>> refusal = Refusal(404, "no-such-model", "there is no model 'cat'")
    >>> refusal.body()
    b'{"error":{"status":404,"code":"no-such-model","message":"there is no model \\'cat\\'"}}'
    """

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})

    def body(self) -> bytes:
        """Return the JSON text of the answer."""
        error = {"status": self.status, "code": self.code, "message": self.message}
        return json.dumps({"error": error}, separators=(",", ":")).encode()

    def raw(self) -> bytes:
        """Return the whole answer as it goes over the wire, for a connection that is then closed.

        Examples
        --------
        >>> Refusal(408, "late", "too slow").raw().split(b"\\r\\n")[0]
        b'HTTP/1.1 408 Request Timeout'
        """
        body = self.body()
        headers = {
            "content-type": JSON_TYPE,
            "content-length": str(len(body)),
            "connection": "close",
            **self.headers,
        }
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body
