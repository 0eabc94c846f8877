"""A client in Python: one connection, kept open, and errors as exceptions.

Needs the standard library and NumPy alone. A client is for one thread; make one for each.

Chapter: ``book/physics/serving.md``.
"""

from __future__ import annotations

import http.client
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

__all__ = ["AskError", "Client"]


class AskError(RuntimeError):
    """The server refused; ``status`` is HTTP's, ``code`` the server's short name for the reason."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code


class Client:
    """A connection to a server.

    Parameters
    ----------
    url : str
        Such as ``"http://127.0.0.1:8765"``.
    token : str, optional
    token_file : path-like, optional
        Where to read the token, if it is not given.
    timeout : float
        Seconds to wait for the server.

    Raises
    ------
    ValueError
        If the URL is no ``http`` one.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        token_file: str | os.PathLike | None = None,
        timeout: float = 60.0,
    ) -> None:
        place = urlsplit(url)
        if place.scheme != "http" or not place.hostname:
            raise ValueError(f"Client: expected a URL such as http://127.0.0.1:8765; got {url!r}")
        if token is None and token_file is not None:
            token = Path(token_file).read_text("ascii").strip()
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._connection = http.client.HTTPConnection(
            place.hostname, place.port or 80, timeout=timeout
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *fault: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def ask(self, name: str, inputs: np.ndarray) -> np.ndarray:
        """Return the model's outputs, float64, with an axis for the examples first.

        Parameters
        ----------
        name : str
            Of the model.
        inputs : ndarray
            One example or several.

        Raises
        ------
        AskError
            If the server refuses.
        """
        body = json.dumps({"inputs": np.asarray(inputs).tolist()}).encode()
        return np.array(self._fetch("POST", f"/models/{name}", body)["outputs"])

    def models(self) -> dict[str, Any]:
        """Return what the server says of its models."""
        return self._fetch("GET", "/models")["models"]

    def health(self) -> str:
        """Return the server's word on itself, ``"ok"``."""
        return self._fetch("GET", "/health")["status"]

    def _fetch(self, method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
        kind = {"Content-Type": "application/json"} if body else {}
        self._connection.request(method, path, body, {**self._headers, **kind})
        answer = self._connection.getresponse()
        content = json.loads(answer.read())
        if answer.status != 200:
            error = content["error"]
            raise AskError(error["status"], error["code"], error["message"])
        return content
