"""A socket, a token and the models, put together: in this process or as one that runs by itself.

Chapter: ``book/physics/serving.md``.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import uvicorn

from mlphys.serving.app import make_app
from mlphys.serving.deadlines import make_protocol
from mlphys.serving.limits import Limits
from mlphys.serving.models import Model, model_maker
from mlphys.serving.pool import ModelPool
from mlphys.serving.token_file import TokenFile, token_folder

__all__ = ["Address", "bind", "prepared", "running"]

for _name in ("uvicorn.error", "mlphys.serving"):  # silent, unless the program sets up logging
    logging.getLogger(_name).addHandler(logging.NullHandler())
logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # no line for each broken request

Source = str | os.PathLike | Callable[[], Model]


class Address(NamedTuple):
    """Where a server is and what it asks for.

    Attributes
    ----------
    host : str
    port : int
    token : str
    token_file : pathlib.Path
    """

    host: str
    port: int
    token: str
    token_file: Path

    @property
    def url(self) -> str:
        """The address as a URL, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def bind(host: str, port: int, *, allow_network: bool = False) -> socket.socket:
    """Return a listening socket, on this machine's loopback unless more is allowed.

    Parameters
    ----------
    host : str
        Name or address; the address that a name stands for counts.
    port : int
        0 for any free one.
    allow_network : bool
        Let other machines in. The token then crosses the network unencrypted.

    Raises
    ------
    PermissionError
        If the address can be reached from elsewhere and that was not allowed.
    OSError
        If the port is taken or the name unknown.

    Examples
    --------
    >>> bind("0.0.0.0", 0)
    Traceback (most recent call last):
    ...
    PermissionError: host 0.0.0.0: other machines could connect. Use 127.0.0.1, or say...
    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host or "0.0.0.0", port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    if not allow_network and not ipaddress.ip_address(address[0]).is_loopback:
        raise PermissionError(
            f"host {host or address[0]}: other machines could connect. Use 127.0.0.1, or say "
            "--allow-network, and put a server that speaks TLS in front"
        )
    # the protocol by name: without it asyncio does not switch Nagle's algorithm off, and each answer
    # of two segments waits 40 ms for the client's delayed acknowledgment
    sock = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # elsewhere the option would let two servers share a port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen()  # from now on nobody else can have the port
    except OSError:
        sock.close()
        raise
    return sock


class Prepared(NamedTuple):
    """A server that has all it needs and takes connections, but does not answer yet."""

    address: Address
    run: Callable[[], None]
    server: uvicorn.Server


@contextmanager
def prepared(
    models: Mapping[str, Source],
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    token_file: str | os.PathLike | None = None,
    allow_network: bool = False,
    limits: Limits | None = None,
) -> Iterator[Prepared]:
    """Open the models, bind the port and write the token; on leaving, undo all of it.

    Parameters
    ----------
    models : mapping of str to path or callable
        Names (letters, digits, ``-``, ``_``, ``.``), with files or functions that make a model.
    host, port, allow_network
        As for :func:`bind`.
    token_file : path-like, optional
        A file that does not exist. Default: a file in :func:`token_folder` named by host and port,
        which this process alone can hold.
    limits : Limits, optional

    Raises
    ------
    ValueError
        If there is no model or a name would not fit into a path.
    """
    if not models or not all(name and _plain(name) for name in models):
        raise ValueError(
            "serving: expected at least one model, named by letters, digits, '-', '_' and '.'; "
            f"got {sorted(models)}"
        )
    bounds = limits or Limits()
    makers = {name: _maker(source) for name, source in models.items()}
    sock = bind(host, port, allow_network=allow_network)
    pools: dict[str, ModelPool] = {}
    token = None
    try:
        for name, make in makers.items():
            pools[name] = ModelPool(make, workers=bounds.workers, waiting=bounds.waiting)
        at = sock.getsockname()[:2]
        own_name = f"{at[0].replace(':', '_')}-{at[1]}.token"
        token = TokenFile(token_file or token_folder() / own_name, replace=token_file is None)
        address = Address(at[0], at[1], token.token, token.path)
        hosts = _host_names(host, open_to_all=allow_network)
        app = make_app(pools, token=token.token, limits=bounds, hosts=hosts)
        server = uvicorn.Server(_configure(app, bounds))
        yield Prepared(address, lambda: server.run(sockets=[sock]), server)
    finally:
        sock.close()
        for pool in pools.values():
            pool.close()
        if token is not None:
            token.remove()


@contextmanager
def running(models: Mapping[str, Source], **options) -> Iterator[Address]:
    """Run a server in a thread of this process while the block runs.

    Parameters
    ----------
    models, options
        As for :func:`prepared`.

    Raises
    ------
    RuntimeError
        If the server does not come up.
    """
    with prepared(models, **options) as ready:
        thread = threading.Thread(target=ready.run, name="mlphys.serving", daemon=True)
        thread.start()
        try:
            _wait_until_up(ready.server, thread)
            yield ready.address
        finally:
            ready.server.should_exit = True
            thread.join()


def _configure(app, limits: Limits) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=make_protocol(limits),
        ws="none",
        lifespan="off",
        loop="asyncio",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=limits.head_bytes,
        timeout_graceful_shutdown=max(1, round(limits.shutdown_seconds)),
    )


def _wait_until_up(server: uvicorn.Server, thread: threading.Thread) -> None:
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("serving: the server ended before it was up; see the log")
        time.sleep(0.005)


def _maker(source: Source) -> Callable[[], Model]:
    return source if callable(source) else model_maker(source)


def _plain(name: str) -> bool:
    return name.isascii() and name.replace("-", "").replace("_", "").replace(".", "").isalnum()


def _host_names(host: str, *, open_to_all: bool) -> frozenset[str]:
    names = {"localhost", host.lower()}
    if open_to_all:
        names |= {socket.gethostname().lower(), socket.getfqdn().lower()}
    return frozenset(names)
