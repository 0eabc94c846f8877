"""The web server of ``make serve``: the built site, plus a script that lets an open page reload.

The script is put into a page while it is served, so the built site never holds it. It asks the
server for news of its page a few times a second: a stamp that changes when the page is to be
loaded again, and a notice of what is wrong.
"""

from __future__ import annotations

import errno
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from serve_site import LocalServer, make_handler

__all__ = ["Board", "PortTaken", "add_script", "serve_preview"]

SCRIPT = Path(__file__).with_name("preview.js")
NEWS = "__preview"
SHEETS = ("_static/site.css",)
EMPTY = "<!DOCTYPE html><html><head><title>No page yet</title></head><body>{text}</body></html>"


class PortTaken(OSError):
    """Another program listens at the port."""


class Board:
    """What the open pages are told; written by the builds, read by the server's threads.

    Parameters
    ----------
    site : pathlib.Path
        Folder of the built site.
    """

    def __init__(self, site: Path) -> None:
        self.site = site
        self.notice = ""
        self.busy = False
        self._stamps: dict[str, str] = {}
        self._lock = threading.Lock()

    def publish(self) -> None:
        """Let pages that were written since the last call be loaded again."""
        looks = hashlib.sha256()
        for name in SHEETS:
            path = self.site / name
            looks.update(path.read_bytes() if path.exists() else b"")
        stamps = {
            path.relative_to(
                self.site
            ).as_posix(): f"{path.stat().st_mtime_ns}-{looks.hexdigest()[:8]}"
            for path in self.site.rglob("*.html")
        }
        with self._lock:
            self._stamps = stamps

    def stamp(self, page: str) -> str:
        """Return the stamp of a page, by its path in the site."""
        if not page or page.endswith("/"):
            page += "index.html"
        with self._lock:
            return self._stamps.get(page, "")

    def news(self, page: str) -> dict[str, str | bool]:
        """Return what a page is told."""
        return {"stamp": self.stamp(page), "notice": self.notice, "busy": self.busy}


def add_script(text: str, *, address: str, stamp: str) -> str:
    """Return a page with the script at the end of its body.

    Examples
    --------
    >>> page = add_script("<body><p>text</p></body>", address="/news", stamp="7")
    >>> page.startswith('<body><p>text</p><script data-news="/news" data-stamp="7">')
    True
    """
    script = SCRIPT.read_text("utf-8")
    element = f'<script data-news="{address}" data-stamp="{stamp}">{script}</script>'
    before, end, after = text.rpartition("</body>")
    return f"{before}{element}{end}{after}" if end else text + element


def make_preview_handler(board: Board, base: str) -> type[BaseHTTPRequestHandler]:
    """Return a request handler for the pages of ``board.site`` below the path ``base``."""
    plain: Any = make_handler(board.site, base)

    class Handler(plain):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            path = unquote(asked.path)
            if path == base + NEWS:
                page = parse_qs(asked.query).get("page", [""])[0]
                self.send(200, "application/json", json.dumps(board.news(page.removeprefix(base))))
            elif path in ("/", base.rstrip("/")):
                self.send(302, "text/plain", "", Location=base)
            else:
                super().do_GET()

        def answer(self, path: Path, status: int) -> None:
            if path.suffix != ".html":
                return super().answer(path, status)
            name = unquote(urlsplit(self.path).path).removeprefix(base)
            stamp = board.stamp(name)  # before the page is read: rather load once too often
            text = path.read_text("utf-8") if path.is_file() else EMPTY.format(text="not built yet")
            page = add_script(text, address=base + NEWS, stamp=stamp)
            return self.send(status, "text/html", page)

        def send(self, status: int, kind: str, text: str, **headers: str) -> None:
            """Send a text that no browser may keep."""
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def end_headers(self) -> None:
            self.send_header("Cache-Control", "no-store")
            super().end_headers()

    return Handler


@contextmanager
def serve_preview(board: Board, *, base: str, port: int) -> Iterator[str]:
    """Serve the pages while the ``with`` block runs; yield the address of the site.

    Raises
    ------
    PortTaken
        If another program listens at the port. The message says what to do.
    """
    try:
        server = LocalServer(("127.0.0.1", port), make_preview_handler(board, base))
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise PortTaken(
            f"port {port} is taken, perhaps by another preview: end that one, "
            f"or choose another port: make serve PORT={port + 1 if port < 65535 else 8000}"
        ) from None
    with server.answering() as taken:
        yield f"http://127.0.0.1:{taken}{base}"
