"""What the server answers: routes, the token, limits, and errors in one shape.

The order of the checks is part of the design. A stranger learns nothing, not even which names exist:
host and token come before the path. A body is measured before it is read, read before it is parsed,
and parsed by the worker that will use it, so that a heavy body cannot hold up the other connections.

Chapter: ``book/physics/serving.md``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from ipaddress import ip_address

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mlphys.serving.bodies import body_kind, fit_inputs, read_inputs, write_outputs
from mlphys.serving.errors import JSON_TYPE, Refusal
from mlphys.serving.limits import Limits
from mlphys.serving.models import Model
from mlphys.serving.openapi import describe
from mlphys.serving.pool import ModelPool, PoolFullError
from mlphys.serving.token_file import same_secret

__all__ = ["make_app"]

OPEN_PATHS = ("/health", "/openapi.json")
LOG = logging.getLogger("mlphys.serving")


def make_app(
    pools: Mapping[str, ModelPool], *, token: str, limits: Limits, hosts: frozenset[str]
) -> Starlette:
    """Return the ASGI application.

    Parameters
    ----------
    pools : mapping of str to ModelPool
        The models by the names they have in paths.
    token : str
        The secret that a request must bring.
    limits : Limits
    hosts : frozenset of str
        Names in a ``Host`` header, without port and in lower case, that mean this server; so does
        any address in digits.
    """

    async def health(request: Request) -> Response:
        del request  # the signature of a route
        return JSONResponse({"status": "ok"})

    async def description(request: Request) -> Response:
        del request  # the signature of a route
        return JSONResponse(describe(limits))

    async def catalog(request: Request) -> Response:
        del request  # the signature of a route
        return JSONResponse({"models": {name: _about(pool) for name, pool in pools.items()}})

    async def answer(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in pools:
            raise Refusal(404, "no-such-model", f"there is no model {name[:80]!r}; see /models")
        kind = body_kind(
            request.headers.get("content-type"), request.headers.get("content-encoding")
        )
        body = await read_body(request, limits)
        task = make_task(kind, body, limits)
        return Response(await run_task(pools[name], task, limits), media_type=kind)

    routes = [
        Route("/health", health),
        Route("/openapi.json", description),
        Route("/models", catalog),
        Route("/models/{name}", answer, methods=["POST"]),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Guard, token=token, hosts=hosts)],
        exception_handlers={Refusal: _refuse, HTTPException: _refuse_path},
    )
    app.router.redirect_slashes = False
    return app


class Guard:
    """The outermost layer: who is asked, and who asks."""

    def __init__(self, app: ASGIApp, token: str, hosts: frozenset[str]) -> None:
        self.app = app
        self.token = token
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        try:
            check_host(scope["headers"], self.hosts)
            if scope["path"] not in OPEN_PATHS:
                check_token(scope["headers"], self.token)
        except Refusal as refusal:
            return await _respond(refusal)(scope, receive, send)
        try:
            return await self.app(scope, receive, send)
        except ClientDisconnect:
            LOG.info("a client left before its request was whole")


def check_host(headers: list[tuple[bytes, bytes]], hosts: frozenset[str]) -> None:
    """Refuse a request that is meant for another host.

    A web page can make a browser send requests to this machine under a name that the page's owner
    has pointed here; the name stands in ``Host``. Addresses in digits cannot be pointed anywhere.

    Raises
    ------
    Refusal
        With status 400.

    Examples
    --------
    >>> check_host([(b"host", b"localhost:8765")], frozenset({"localhost"}))
    """
    given = [value.decode("latin-1").lower() for name, value in headers if name == b"host"]
    host = given[0] if len(given) == 1 else ""
    bare = host if host.endswith("]") else host.rpartition(":")[0] or host
    if bare not in hosts and not is_address(bare):
        raise Refusal(400, "wrong-host", f"this server is not {host[:80]!r}")


def is_address(host: str) -> bool:
    """Return whether a host is written as an IP address.

    Examples
    --------
    >>> is_address("127.0.0.1"), is_address("[::1]"), is_address("example.org")
    (True, True, False)
    """
    with suppress(ValueError):
        ip_address(host.removeprefix("[").removesuffix("]"))
        return True
    return False


def check_token(headers: list[tuple[bytes, bytes]], token: str) -> None:
    """Refuse a request without the token.

    Raises
    ------
    Refusal
        With status 401; the message is the same for every fault of the header.

    Examples
    --------
    >>> check_token([(b"authorization", b"Bearer abc")], "abc")
    """
    given = [value for name, value in headers if name == b"authorization"]
    scheme, _, secret = (given[0] if len(given) == 1 else b"").partition(b" ")
    if scheme.lower() != b"bearer" or not same_secret(secret.strip(), token):
        raise Refusal(
            401,
            "wrong-token",
            "expected the header 'Authorization: Bearer TOKEN' with the token in the server's file",
            {"www-authenticate": "Bearer"},
        )


async def read_body(request: Request, limits: Limits) -> bytes:
    """Return the body, unless it is too large or too slow.

    Raises
    ------
    Refusal
        With status 413 as soon as the size is known or exceeded, or 408.
    """
    too_large = Refusal(
        413, "body-too-large", f"expected a body of at most {limits.body_bytes} bytes"
    )
    if int(request.headers.get("content-length", 0)) > limits.body_bytes:
        raise too_large
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for part in request.stream():
                parts.append(part)
                size += len(part)
                if size > limits.body_bytes:
                    raise too_large
    except TimeoutError as fault:
        raise Refusal(
            408, "body-too-slow", f"expected the whole body within {limits.body_seconds} s"
        ) from fault
    return b"".join(parts)


def make_task(kind: str, body: bytes, limits: Limits) -> Callable[[Model], bytes]:
    """Return what a worker does with a body: parse, compute, write."""

    def task(model: Model) -> bytes:
        inputs = read_inputs(kind, body, depth=limits.depth)
        batch = fit_inputs(inputs, model.input_shape, model.dtype, batch=limits.batch)
        try:
            outputs = model(batch)
        except Exception as fault:  # whatever a runtime raises, the server must outlive it
            LOG.exception("the model failed")
            raise Refusal(500, "model-failed", "the model failed on this input") from fault
        return write_outputs(kind, outputs)

    return task


async def run_task(pool: ModelPool, task: Callable[[Model], bytes], limits: Limits) -> bytes:
    """Return a worker's result.

    Raises
    ------
    Refusal
        With status 503 if the queue is full or the answer takes too long.
    """
    again = {"retry-after": "1"}
    try:
        future = pool.submit(task)
    except PoolFullError as fault:
        raise Refusal(503, "too-busy", "too many requests wait; try again later", again) from fault
    try:
        async with asyncio.timeout(limits.answer_seconds):
            return await asyncio.wrap_future(future)
    except TimeoutError as fault:
        raise Refusal(503, "too-slow", "the answer took too long; try again", again) from fault


def _about(pool: ModelPool) -> dict:
    model = pool.model
    return {
        "kind": model.kind,
        "input": {"shape": list(model.input_shape), "dtype": str(model.dtype)},
        "output": {"shape": list(model.output_shape)},
    }


async def _refuse(request: Request, refusal: Exception) -> Response:
    del request  # the signature of a handler
    assert isinstance(refusal, Refusal)
    return _respond(refusal)


async def _refuse_path(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    if fault.status_code == 405:
        message = f"{request.method[:20]} is not for this path"
        return _respond(Refusal(405, "wrong-method", message, fault.headers))
    return _respond(Refusal(fault.status_code, "no-such-path", "there is nothing at this path"))


def _respond(refusal: Refusal) -> Response:
    return Response(refusal.body(), refusal.status, refusal.headers, media_type=JSON_TYPE)
