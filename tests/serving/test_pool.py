"""The pool: no copy is ever used twice at once, and the queue has an end."""

import threading
import time
from concurrent.futures import CancelledError, wait

import numpy as np
import pytest

from mlphys.serving.pool import ModelPool, PoolFullError


class Scribbler:
    """A model with one buffer, as an interpreter has: overlapping calls spoil each other."""

    kind = "test"
    input_shape = output_shape = (1,)
    dtype = np.dtype("float64")

    def __init__(self):
        self.memory = None

    def __call__(self, batch):
        self.memory = batch
        time.sleep(0.0005)
        return self.memory


def test_overlapping_calls_would_be_seen():
    model, answers = Scribbler(), {}

    def ask(number):
        answers[number] = model(np.full((1, 1), number))[0, 0]

    threads = [threading.Thread(target=ask, args=(float(i),)) for i in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert any(number != answer for number, answer in answers.items())


def test_no_copy_is_used_twice_at_once():
    pool = ModelPool(Scribbler, workers=4, waiting=1000)
    futures = {
        i: pool.submit(lambda m, i=i: m(np.full((1, 1), float(i)))[0, 0]) for i in range(400)
    }
    assert all(future.result() == i for i, future in futures.items())
    pool.close()


def test_queue_has_an_end_and_places_come_back():
    pool = ModelPool(Scribbler, workers=1, waiting=2)
    gate = threading.Event()
    futures = [pool.submit(lambda m: gate.wait(10)) for _ in range(3)]
    with pytest.raises(PoolFullError, match="as many tasks wait as may"):
        pool.submit(lambda m: None)
    gate.set()
    wait(futures)
    assert pool.submit(lambda m: 7).result() == 7
    pool.close()


def test_a_failing_task_gives_its_copy_back():
    pool = ModelPool(Scribbler, workers=1, waiting=0)
    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            pool.submit(lambda m: 1 / 0).result()
    assert pool.submit(lambda m: m.kind).result() == "test"
    pool.close()


def test_close_finishes_what_runs_and_drops_what_waits():
    pool = ModelPool(Scribbler, workers=1, waiting=5)
    started = threading.Event()

    def work(model):
        started.set()
        time.sleep(0.05)
        return "done"

    first, second = pool.submit(work), pool.submit(work)
    started.wait(10)
    pool.close()
    assert first.result() == "done"
    with pytest.raises(CancelledError):
        second.result()


def test_a_broken_model_is_found_at_once():
    def make():
        raise OSError("no such file")

    with pytest.raises(OSError, match="no such file"):
        ModelPool(make)
