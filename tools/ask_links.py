"""Ask other hosts for pages, politely, and judge what they say.

``HEAD`` first, ``GET`` where a host does not like that; a pause between two questions to one host;
again, after the time that it asks for, where it is busy or silent. Standard library alone.
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

__all__ = ["Answer", "Manners", "ask", "ask_all"]

NAME = "mlphys-link-check/1 (weekly check of a course book's links)"
BUSY = (408, 429, 500, 502, 503, 504)
NO_PROGRAMS = (401, 403, 429, 999)  # the host answers, but not to us: no sign of a dead link
NO_HEAD = (400, 401, 403, 404, 405, 410, 501, 999)  # some hosts say so to HEAD alone
PERMANENT = (301, 308)
RESOLVERS = ("doi.org", "dx.doi.org")  # that they redirect at all says that the name exists


class Manners(NamedTuple):
    """How hosts are treated; all times in seconds.

    Attributes
    ----------
    pause : float
        Between two questions to one host.
    timeout : float
        Until a silent host counts as one that does not answer.
    tries : int
        Questions to a host that is busy or silent.
    longest_wait : float
        Most that a host may make us wait by ``Retry-After``.
    hosts : int
        Hosts that are asked at the same time.
    """

    pause: float = 1.0
    timeout: float = 20.0
    tries: int = 3
    longest_wait: float = 120.0
    hosts: int = 8


class Answer(NamedTuple):
    """What came of one link.

    Attributes
    ----------
    link : str
        The address.
    verdict : str
        ``ok``, ``moved`` (for good, to ``detail``), ``refused`` (to programs) or ``broken``.
    detail : str
        The status or the error in words; of a link that moved, its new address.
    """

    link: str
    verdict: str
    detail: str


class Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, remembers whether all were permanent, and stops at resolvers."""

    def __init__(self) -> None:
        self.codes: list[int] = []

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any,
                         newurl: str) -> urllib.request.Request | None:  # fmt: skip
        """Return the next request, or None where the redirect itself is the answer."""
        if urlsplit(req.full_url).hostname in RESOLVERS:
            return None
        self.codes.append(code)
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        if following is not None:
            following.method = req.get_method()  # a HEAD stays one
        return following


def once(link: str, method: str, timeout: float) -> tuple[int, str, dict[str, str]]:
    """Ask once; return the status, the address it is from, and the headers of the answer.

    A permanent redirect is told by the status of its own; a resolver's redirect is a success.

    Raises
    ------
    OSError
        If there is no answer.
    """
    follow = Redirects()
    opener = urllib.request.build_opener(follow)
    request = urllib.request.Request(link, method=method,
                                     headers={"User-Agent": NAME, "Accept": "*/*"})  # fmt: skip
    try:
        with opener.open(request, timeout=timeout) as answer:
            moved = bool(follow.codes) and all(code in PERMANENT for code in follow.codes)
            return (follow.codes[0] if moved else answer.status), answer.url, {}
    except urllib.error.HTTPError as error:
        with error:
            known = 300 <= error.code < 400 and urlsplit(error.url or "").hostname in RESOLVERS
            return (200 if known else error.code), link, dict(error.headers)
    except http.client.HTTPException as error:
        raise OSError(f"not understood: {error!r}") from error


def wait_for(headers: dict[str, str], attempt: int, manners: Manners) -> float:
    """Return how long to wait before the next try: what the host asks for, or ever longer.

    Examples
    --------
    >>> wait_for({"Retry-After": "7"}, 0, Manners()), wait_for({}, 2, Manners(pause=2))
    (7.0, 16)
    """
    asked = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    wait: float = manners.pause * 2 ** (attempt + 1)
    if asked.isdigit():
        wait = float(asked)
    elif asked:
        try:
            wait = (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):  # not a date: our own rule holds
            pass
    return min(max(wait, 0), manners.longest_wait)


def ask(link: str, manners: Manners) -> Answer:
    """Ask one host for one link until it says something final, or three times nothing."""
    status, address, detail = 0, link, ""
    for attempt in range(manners.tries):
        headers: dict[str, str] = {}
        try:
            status, address, headers = once(link, "HEAD", manners.timeout)
            if status in NO_HEAD:
                time.sleep(manners.pause)
                status, address, headers = once(link, "GET", manners.timeout)
            detail = f"status {status}"
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            status, detail = 0, f"no answer: {reason}"
        if status and status not in BUSY:
            break
        if attempt + 1 < manners.tries:
            time.sleep(wait_for(headers, attempt, manners))
    return judge(link, status, address, detail)


def judge(link: str, status: int, address: str, detail: str) -> Answer:
    """Return the verdict on a link from the last that its host said (0: nothing)."""
    if status in PERMANENT:
        return Answer(link, "moved", address)
    if 200 <= status < 300:
        return Answer(link, "ok", detail)
    return Answer(link, "refused" if status in NO_PROGRAMS else "broken", detail)


def ask_all(links: Iterable[str], manners: Manners) -> list[Answer]:
    """Ask for all links, several hosts at a time, one question at a time to each host."""
    hosts: dict[str, list[str]] = {}
    for link in links:
        hosts.setdefault(urlsplit(link).netloc, []).append(link)

    def ask_host(mine: list[str]) -> list[Answer]:
        answers = []
        for number, link in enumerate(mine):
            time.sleep(manners.pause if number else 0)
            answers.append(ask(link, manners))
        return answers

    with ThreadPoolExecutor(manners.hosts) as pool:
        return sorted(answer for mine in pool.map(ask_host, hosts.values()) for answer in mine)
