"""A few copies of a model, each used by one request at a time, and a bound on who waits.

An interpreter of LiteRT keeps the input, the work and the output of a call in its own memory: a
second call that begins before the first has read its output spoils both. So there is one copy for
each worker thread, and a copy is handed out to one task alone.

Chapter: ``book/physics/serving.md``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

from mlphys.serving.models import Model

__all__ = ["ModelPool", "PoolFullError"]

T = TypeVar("T")


class PoolFullError(RuntimeError):
    """All copies are busy, and as many tasks wait as may."""


class ModelPool:
    """Copies of one model with a thread each.

    Parameters
    ----------
    make : callable
        Returns a new copy; called once for each worker, at once, so that a broken file is found now.
    workers : int
        Number of copies.
    waiting : int
        Number of tasks that may wait for a copy.

    Attributes
    ----------
    model : Model
        One of the copies, for its shapes; do not call it.
    """

    def __init__(self, make: Callable[[], Model], *, workers: int = 2, waiting: int = 64) -> None:
        copies = [make() for _ in range(workers)]
        self.model = copies[0]
        self._free: SimpleQueue[Model] = SimpleQueue()
        for copy in copies:
            self._free.put(copy)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="model")
        self._places = threading.Semaphore(workers + waiting)

    def submit(self, task: Callable[[Model], T]) -> Future[T]:
        """Run ``task(copy)`` in a thread when a copy is free; return its future.

        Raises
        ------
        PoolFullError
            If it would have to wait and no more may.
        """
        if not self._places.acquire(blocking=False):
            raise PoolFullError("all copies are busy, and as many tasks wait as may")
        future = self._threads.submit(self._run, task)
        # the place is given back when the task has ended, even if nobody waits for it any more
        future.add_done_callback(lambda _: self._places.release())
        return future

    def close(self) -> None:
        """Wait for the tasks that run, drop those that wait, end the threads."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _run(self, task: Callable[[Model], T]) -> T:
        copy = self._free.get_nowait()  # as many copies as threads: one is free
        try:
            return task(copy)
        finally:
            self._free.put(copy)
