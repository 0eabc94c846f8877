"""The connection: what uvicorn's HTTP protocol leaves open, closed.

Three gaps (uvicorn 0.54). A client that sends its request line a byte at a time holds a connection
for ever, because the only timer runs *between* requests. A refusal of broken HTTP is plain text. And
a client that is still sending when it is refused would lose the refusal: closing a socket with
unread bytes makes the system reset the connection. So here each head has a deadline, refusals have
one shape, and a refused client gets a moment to stop sending and read.

Chapter: ``book/physics/serving.md``.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from mlphys.serving.errors import Refusal
from mlphys.serving.limits import Limits

__all__ = ["make_protocol"]

NAMES = {431: "head-too-large", 501: "unknown-transfer-encoding", 505: "unknown-http-version"}
FAREWELL = 0.05  # seconds in which a request that was on its way when the server stopped is taken


def make_protocol(limits: Limits) -> type[H11Protocol]:
    """Return the protocol class with these limits, for ``uvicorn.Config(http=...)``."""

    class Protocol(_BoundedProtocol):
        bounds = limits

    return Protocol


class _BoundedProtocol(H11Protocol):
    bounds: Limits

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._timer: asyncio.TimerHandle | None = None
        self._waits_for = ""  # what the timer is for: "head", "rest" or nothing
        self._refused = False
        self._stopping = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.bounds.connections:
            again = {"retry-after": "1"}
            self._hang_up(Refusal(503, "too-many-connections", "too many connections", again))
        else:
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._set_timer("")
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        # after a refusal: read and drop, so that the client can get to it
        while data and not self._refused:
            # h11 bounds a head that is not complete, so it must not get a large one in one piece
            room = self._room_in_head() if self.conn.their_state is h11.IDLE else len(data)
            super().data_received(data[:room])
            data = data[room:]
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def shutdown(self) -> None:
        """Stop after the request at hand; where there is none, after a moment."""
        self._stopping = True
        if self._refused:
            self.transport.close()
        elif self._busy():
            self.cycle.keep_alive = False
        else:
            self.loop.call_later(FAREWELL, self._stop_if_idle)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP; called while h11's exception is being handled."""
        fault = sys.exc_info()[1]
        status = getattr(fault, "error_status_hint", 400)
        status = status if status in NAMES else 400
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            code = NAMES.get(status, "invalid-http")
            self._hang_up(Refusal(status, code, f"{msg} {fault}"[:300]))
        else:
            self.transport.close()

    def _room_in_head(self) -> int:
        received, _ = self.conn.trailing_data
        return max(1, self.bounds.head_bytes + 1 - len(received))

    def _busy(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _watch(self) -> None:
        """Set the timer that belongs to the state of the connection."""
        if self._refused or self.transport.is_closing():
            return
        if self._busy():
            self._set_timer("")
            if self._stopping:
                self.cycle.keep_alive = False
        elif self.conn.their_state is h11.SEND_BODY:
            self._set_timer("rest")
        else:
            self._set_timer("head")

    def _set_timer(self, waits_for: str) -> None:
        if waits_for == self._waits_for:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._waits_for = waits_for
        if waits_for == "head":
            self._timer = self.loop.call_later(self.bounds.head_seconds, self._head_is_late)
        elif waits_for == "rest":
            self._timer = self.loop.call_later(self.bounds.linger_seconds, self._close)

    def _head_is_late(self) -> None:
        received, _ = self.conn.trailing_data
        if received:
            seconds = self.bounds.head_seconds
            message = f"expected the whole request line and headers within {seconds} s"
            self._hang_up(Refusal(408, "head-too-slow", message))
        else:
            self._close()

    def _stop_if_idle(self) -> None:
        if not self._busy():
            self.transport.close()

    def _close(self) -> None:
        """Close, even if the client does not take what it was sent."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self.transport.close()

    def _hang_up(self, refusal: Refusal) -> None:
        """Send a refusal, say that no more will follow, and close when the client has read it."""
        self._set_timer("")
        self._refused = True
        if self.cycle is not None:
            self.cycle.disconnected = True  # an application that waits for the body stops waiting
            self.cycle.message_event.set()
        self.transport.write(refusal.raw())
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._timer = self.loop.call_later(self.bounds.linger_seconds, self._close)
