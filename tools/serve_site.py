"""Serve the built site on this machine as a web host would: ``python tools/serve_site.py``.

Files come compressed by gzip, below the same path as on the host, and a wrong address gets the
site's 404 page. The tests and the screenshots use it, too. The environment variable MLPHYS_SITE
names another folder than ``_build/html``.
"""

from __future__ import annotations

import gzip
import mimetypes
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
SITE = Path(os.environ.get("MLPHYS_SITE", ROOT / "_build" / "html"))
COMPRESSED = (".html", ".css", ".js", ".json", ".svg", ".txt", ".ipynb", ".md", ".xml")


@lru_cache(maxsize=512)
def compressed(path: Path, modified: int) -> bytes:
    """Return a file's gzip stream at level 6, which web hosts commonly use."""
    del modified  # part of the cache's key: a file that has changed is read again
    return gzip.compress(path.read_bytes(), 6, mtime=0)


def make_handler(site: Path, base: str) -> type[BaseHTTPRequestHandler]:
    """Return a request handler that serves the folder ``site`` below the path ``base``."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            address = unquote(urlsplit(self.path).path)
            path, status = site / address.removeprefix(base), 200
            if path.is_dir():
                path /= "index.html"
            inside = path.resolve().is_relative_to(site.resolve())
            if not address.startswith(base) or not inside or not path.is_file():
                path, status = site / "404.html", 404
            self.answer(path, status)

        def answer(self, path: Path, status: int) -> None:
            zipped = path.suffix in COMPRESSED
            if not path.is_file():
                body = b"not found"
            elif zipped:
                body = compressed(path, path.stat().st_mtime_ns)
            else:
                body = path.read_bytes()
            self.send_response(status)
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            self.send_header("Content-Type", kind + ("; charset=utf-8" if zipped else ""))
            if zipped and path.is_file():
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet: the browser's own list of failed requests says more."""

    return Handler


class LocalServer(ThreadingHTTPServer):
    """A server that does not mind when a browser closes a page while it loads."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report what is not merely the end of a connection."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @contextmanager
    def answering(self) -> Iterator[int]:
        """Answer in a thread while the ``with`` block runs; yield the port."""
        thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self.server_address[1]
        finally:
            self.shutdown()
            self.server_close()
            thread.join()


@contextmanager
def serve(site: Path = SITE, base: str = "/mlphys/", port: int = 0) -> Iterator[str]:
    """Serve a folder while the ``with`` block runs; yield the address of its root.

    Parameters
    ----------
    site
        Folder of the built site.
    base
        Path below which the site stands, with slashes at both ends.
    port
        0 takes any free one.
    """
    with LocalServer(("127.0.0.1", port), make_handler(site, base)).answering() as port:
        yield f"http://127.0.0.1:{port}{base}"


def main() -> None:
    """Serve the built site until Ctrl-C."""
    if not SITE.is_dir():
        sys.exit(f"expected a built site in {SITE.relative_to(ROOT)}, found none; run `make book`")
    with serve(port=8000) as address:
        print(f"the site is at {address} (Ctrl-C ends)")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
