"""The little web server that shows the built site."""

from __future__ import annotations

import gzip
import socket
import struct
import urllib.error
import urllib.request

import pytest
from serve_site import serve


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "html"
    (folder / "book").mkdir(parents=True)
    (folder / "index.html").write_text("<p>front</p>", "utf-8")
    (folder / "404.html").write_text("<p>nothing here</p>", "utf-8")
    (folder / "book" / "dot.png").write_bytes(b"\x89PNG")
    (tmp_path / "secret.html").write_text("not part of the site", "utf-8")
    return folder


def get(address):
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.headers, answer.read()


def test_text_is_compressed_and_pictures_are_not(site):
    with serve(site) as root:
        headers, body = get(root)
        assert headers["Content-Encoding"] == "gzip"
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert gzip.decompress(body) == b"<p>front</p>"
        headers, body = get(f"{root}book/dot.png")
        assert headers["Content-Encoding"] is None
        assert body == b"\x89PNG"


@pytest.mark.parametrize("path", ["no/such.html", "../secret.html", "%2e%2e/secret.html"])
def test_a_wrong_address_gets_the_page_for_it(site, path):
    with serve(site) as root, pytest.raises(urllib.error.HTTPError) as caught:
        get(root + path)
    with caught.value as answer:
        assert answer.code == 404
        assert gzip.decompress(answer.read()) == b"<p>nothing here</p>"


def test_the_site_stands_below_its_path(site):
    with serve(site, base="/up/") as root:
        assert root.endswith("/up/")
        with pytest.raises(urllib.error.HTTPError) as caught:
            get(root.removesuffix("up/") + "index.html")
        caught.value.close()
    assert caught.value.code == 404


def test_a_page_closed_while_it_loads_is_no_news_and_the_server_goes_on(site, capfd):
    (site / "large.bin").write_bytes(bytes(2**24))
    with serve(site) as root:
        port = int(root.rpartition(":")[2].partition("/")[0])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as hasty:
            hasty.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            hasty.sendall(b"GET /mlphys/large.bin HTTP/1.1\r\nHost: x\r\n\r\n")
            hasty.recv(1)
        assert get(root)[0]["Content-Type"].startswith("text/html")
    assert capfd.readouterr().err == ""
