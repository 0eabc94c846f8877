"""Every bound of the server in one place: sizes, counts and seconds.

A server without bounds is one request away from its end. Each number here belongs to a refusal that
a test provokes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

__all__ = ["Limits"]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one request may cost, and how many there may be.

    Attributes
    ----------
    head_bytes, body_bytes : int
        Largest request line with headers, and largest body.
    depth : int
        Deepest nesting of a body.
    batch : int
        Most examples in one request.
    workers : int
        Interpreters of each model, which is how many of its requests are computed at once.
    waiting : int
        Requests of one model that may wait for an interpreter; the next is told to come back.
    connections : int
        Open connections.
    head_seconds, body_seconds : float
        Time for all of a request's head (and for taking the answer before it), and for all of
        its body.
    answer_seconds : float
        Time from a whole request to its answer, waiting included.
    linger_seconds : float
        Time for a refused client to stop sending and read why.
    shutdown_seconds : float
        Time that requests in flight get when the server is told to stop.

    Raises
    ------
    ValueError
        If a bound is not positive (``waiting`` may be 0).

    Examples
    --------
    >>> Limits(workers=4).workers
    4
    >>> Limits(body_bytes=0)
    Traceback (most recent call last):
    ...
    ValueError: Limits: expected body_bytes above 0; got 0
    """

    head_bytes: int = 16_384
    body_bytes: int = 2_000_000
    depth: int = 8
    batch: int = 256
    workers: int = 2
    waiting: int = 64
    connections: int = 256
    head_seconds: float = 10.0
    body_seconds: float = 10.0
    answer_seconds: float = 30.0
    linger_seconds: float = 1.0
    shutdown_seconds: float = 15.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not value > 0 and not (field.name == "waiting" and value == 0):
                raise ValueError(f"Limits: expected {field.name} above 0; got {value}")
