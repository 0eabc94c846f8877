"""The check of links to other hosts, against a host of our own that has every kind of answer."""

import json
import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import ask_links
import check_links
import find_links
import pytest

ROOT = Path(__file__).resolve().parents[2]
QUICK = ask_links.Manners(pause=0.02, timeout=10.0, tries=3, longest_wait=0.1, hosts=4)


class Host:
    """A host on this machine; ``seen`` holds the questions for each path, as (method, time)."""

    def __init__(self) -> None:
        self.seen: dict[str, list[tuple[str, float]]] = defaultdict(list)
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                path = self.path
                host.seen[path].append((self.command, time.monotonic()))
                tries = len(host.seen[path])
                if path == "/silent":
                    time.sleep(0.6)
                    return
                if path == "/nonsense":
                    self.wfile.write(b"HELLO\r\n\r\n")
                    return
                status, headers = self.plan(path, tries)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_HEAD

            def plan(self, path: str, tries: int) -> tuple[int, dict[str, str]]:
                """Return status and headers for the n-th question."""
                if path == "/busy-once":
                    return (429 if tries == 1 else 200), {"Retry-After": "0"}
                if path == "/patience":
                    return 429, {"Retry-After": "86400"}
                if path == "/no-head":
                    return (405 if self.command == "HEAD" else 200), {}
                code = int(re.findall(r"\d+", path)[0])
                where = {301: "/200", 302: "/200", 308: "/404"}.get(code)
                where = "/311" if path == "/311" else where
                code = 302 if path == "/311" else code
                return code, {"Location": where} if where else {}

            def log_message(self, format: str, *args: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def host() -> Iterator[Host]:
    """Return a host that answers while the test runs."""
    started = Host()
    thread = threading.Thread(target=started.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield started
    started.server.shutdown()
    started.server.server_close()


@pytest.mark.parametrize(
    ("path", "verdict", "detail", "methods"),
    [
        ("/200", "ok", "status 200", ["HEAD"]),
        ("/no-head", "ok", "status 200", ["HEAD", "GET"]),
        ("/301", "moved", "/200", ["HEAD"]),
        ("/302", "ok", "status 200", ["HEAD"]),
        ("/308", "broken", "status 404", ["HEAD", "GET"]),
        ("/311", "broken", "status 302", None),  # a circle of redirects
        ("/403", "refused", "status 403", ["HEAD", "GET"]),
        ("/404", "broken", "status 404", ["HEAD", "GET"]),
        ("/410", "broken", "status 410", ["HEAD", "GET"]),
        ("/busy-once", "ok", "status 200", ["HEAD", "HEAD"]),
        ("/patience", "refused", "status 429", ["HEAD"] * 3),
        ("/500", "broken", "status 500", ["HEAD"] * 3),
        ("/silent", "broken", "no answer: timed out", ["HEAD"] * 3),
        ("/nonsense", "broken", "no answer: not understood", ["HEAD"] * 3),
    ],
)
def test_verdict_on_each_kind_of_answer(host, path, verdict, detail, methods):
    manners = QUICK._replace(timeout=0.3) if path == "/silent" else QUICK
    answer = ask_links.ask(host.address + path, manners)
    assert answer.verdict == verdict
    assert detail in answer.detail
    asked = [method for method, _ in host.seen[path]]
    assert asked == methods or (methods is None and len(asked) < 15)


def test_host_that_is_not_there(host):
    host.server.server_close()
    answer = ask_links.ask(f"{host.address}/200", QUICK)
    assert answer.verdict == "broken"
    assert "refused" in answer.detail.lower()


def test_redirect_of_a_resolver_says_that_the_name_exists(host, monkeypatch):
    monkeypatch.setattr(ask_links, "RESOLVERS", ("127.0.0.1",))
    assert ask_links.ask(f"{host.address}/308", QUICK).verdict == "ok"
    assert list(host.seen) == ["/308"]  # the publisher behind it was not asked
    assert ask_links.ask(f"{host.address}/404", QUICK).verdict == "broken"


def test_pauses_between_questions_to_one_host(host):
    manners = QUICK._replace(pause=0.15)
    links = [f"{host.address}/200?{number}" for number in range(4)]
    answers = ask_links.ask_all(links, manners)
    assert [answer.verdict for answer in answers] == ["ok"] * 4
    times = sorted(when for questions in host.seen.values() for _, when in questions)
    assert all(after - before >= 0.14 for before, after in pairwise(times))


def test_retry_after_may_be_a_date_and_is_bounded():
    manners = ask_links.Manners(pause=1, longest_wait=30)
    past, future = "Mon, 01 Jan 2001 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
    wait = lambda value: ask_links.wait_for({"retry-after": value}, 0, manners)
    assert (wait(past), wait(future), wait("7"), wait("soon")) == (0, 30, 7, 2)


def project(root: Path, host: str) -> Path:
    """Write a small project whose links go to one host."""
    (root / "book/part").mkdir(parents=True)
    (root / "book/part/one.md").write_text(f"# One\n\n[dead]({host}/404), {host}/301.\n", "utf-8")
    (root / "README.md").write_text(f"See <{host}/200> and ({host}/404#part).\n", "utf-8")
    (root / "references.bib").write_text(f"@misc{{a,\n  url = {{{host}/403}},\n}}\n", "utf-8")
    return root


def run(root: Path, exceptions: str = "") -> int:
    """Run the command on a project."""
    (root / "exceptions.toml").write_text(exceptions, "utf-8")
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in QUICK._asdict().items()]
    given = ["--root", str(root), "--exceptions", str(root / "exceptions.toml")]
    return check_links.main([*given, *flags])


@pytest.fixture
def small(host, tmp_path, monkeypatch):
    """Return a project whose links go to the host, which counts as a real one."""
    monkeypatch.setattr(find_links, "is_real", lambda address: True)
    return project(tmp_path, host.address)


def test_command_writes_the_result_and_fails_for_broken_links(host, small, capsys):
    assert run(small) == 1
    text = (small / "_build/links.md").read_text("utf-8")
    assert capsys.readouterr().out == text
    assert text.startswith("Of 4 links to other hosts: 1 ok, 1 moved, 1 refused, 1 broken.")
    dead = f"- <{host.address}/404> (`README.md:1`, `book/part/one.md:3`): status 404"
    assert dead in text.partition("## Moved")[0]
    assert f"- <{host.address}/301> (`book/part/one.md:3`): {host.address}/200" in text
    result = json.loads((small / "_build/links.json").read_text("utf-8"))
    assert {entry["link"][-4:]: entry["verdict"] for entry in result["links"]} == {
        "/200": "ok", "/301": "moved", "/403": "refused", "/404": "broken",
    }  # fmt: skip
    assert len(host.seen["/404"]) == 2  # one question (HEAD, GET) although it stands twice


def test_exception_is_not_asked(host, small):
    entry = f'[[exception]]\nlink = "{host.address}/404*"\nreason = "Dead for the test."\n'
    assert run(small, entry + "since = 2026-11-24\n") == 0
    assert "/404" not in host.seen
    result = json.loads((small / "_build/links.json").read_text("utf-8"))
    assert result["exceptions"] == {f"{host.address}/404": f"{host.address}/404*"}
    assert "older than a year" not in (small / "_build/links.md").read_text("utf-8")
    run(small, entry + "since = 2001-01-01\n")
    assert "Exceptions older than a year" in (small / "_build/links.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('link = "https://a.org"\nreason = "It matches nothing."\nsince = 2026-11-24',
         "no link matches https://a.org; delete"),
        ('link = "https://a.org"\nsince = 2026-11-24', "expected link, reason"),
        ('link = "https://a.org"\nreason = ""\nsince = 2026-11-24', "expected link, reason"),
        ('link = "https://a.org"\nreason = "Long enough."\nsince = "today"', "expected link, reason"),
    ],
)  # fmt: skip
def test_useless_exceptions_are_errors(small, capsys, entry, said):
    assert run(small, f"[[exception]]\n{entry}\n") == 2
    assert said in capsys.readouterr().err


def test_no_project_is_an_error(tmp_path, capsys):
    assert run(tmp_path) == 2
    assert "references.bib" in capsys.readouterr().err


def test_links_of_this_project_are_found():
    found = find_links.find_links(ROOT)
    works = (ROOT / "references.bib").read_text("utf-8")
    for field, address in (("doi", "https://doi.org/{}"), ("eprint", "https://arxiv.org/abs/{}")):
        named = set(re.findall(rf"\b{field}\s*=\s*\{{([^}}]+)\}}", works))
        assert len(named) > 20
        assert {address.format(name) for name in named if not re.search(r"[<>]", name)} <= set(
            found
        )
    assert "https://docs.python.org/3/reference/grammar.html" in found
    assert not [link for link in found if re.search(r"127\.0\.0\.1|localhost|[{}<>\"]", link)]


def test_exceptions_of_this_project_are_in_order():
    exceptions = check_links.read_exceptions(check_links.EXCEPTIONS)
    links = find_links.find_links(ROOT)
    assert set(exceptions) == {check_links.excepted(link, exceptions) for link in links} - {None}
