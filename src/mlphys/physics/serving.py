"""What the chapter on serving asks with: the 8 drawn in 49 squares, and programs that ask.

The server itself is the package :mod:`mlphys.serving`.

Chapter: ``book/physics/serving.md``.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from typing import NamedTuple

import numpy as np

from mlphys.serving.client import Client
from mlphys.serving.faults import Fault, Target, make_faults, send_fault
from mlphys.serving.models import Model
from mlphys.serving.server import Address

__all__ = ["EIGHT", "Load", "Refusals", "blow_up", "client_text", "fault_test", "load_test"]

EIGHT = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0],
        [0, 0, 1, 1, 1, 0, 0],
        [0, 0, 1, 0, 1, 0, 0],
        [0, 0, 1, 1, 1, 0, 0],
        [0, 0, 1, 0, 1, 0, 0],
        [0, 0, 1, 1, 1, 0, 0],
        [0, 0, 0, 0, 0, 0, 0],
    ],
    float,
)
LANGUAGES = {"curl": "sh", "Wolfram": "wl", "C++": "cpp", "Julia": "jl"}


def blow_up(picture: np.ndarray, factor: int) -> np.ndarray:
    """Return a picture whose every pixel became a square: the Kronecker product with ones.

    Parameters
    ----------
    picture : ndarray of float, shape (height, width)
    factor : int
        Side of a square in pixels, at least 1.

    Raises
    ------
    ValueError
        If the factor is below 1.

    Examples
    --------
    >>> blow_up(np.array([[0.0, 1.0]]), 2)
    array([[0., 0., 1., 1.],
           [0., 0., 1., 1.]])
    """
    if factor < 1:
        raise ValueError(f"blow_up: expected a factor of at least 1; got {factor}")
    return np.kron(picture, np.ones((factor, factor)))


def client_text(language: str) -> str:
    """Return a small client as the text of a program.

    Parameters
    ----------
    language : {"curl", "Wolfram", "C++", "Julia"}

    Raises
    ------
    ValueError
        For other languages.

    Examples
    --------
    >>> client_text("curl").splitlines()[0]
    '#!/bin/sh'
    """
    if language not in LANGUAGES:
        raise ValueError(f"client_text: expected one of {', '.join(LANGUAGES)}; got {language!r}")
    name = f"clients/ask.{LANGUAGES[language]}"
    return (resources.files("mlphys.serving") / name).read_text("utf-8")


class Load(NamedTuple):
    """What came of many requests from several clients at once.

    Attributes
    ----------
    latencies : ndarray, shape (requests,)
        Seconds from question to answer, each client's in a row.
    wrong : int
        Answers that were not the model's own, bit for bit.
    seconds : float
        From the first question to the last answer.
    """

    latencies: np.ndarray
    wrong: int
    seconds: float


def load_test(
    address: Address, name: str, model: Model, *, clients: int, requests: int, seed: int = 0
) -> Load:
    """Let clients ask at once, each one request after the other, and check every answer.

    Parameters
    ----------
    address : Address
    name : str
        Of the model on the server.
    model : Model
        A copy of it in this process, to compare with.
    clients, requests : int
        Number of threads, and of requests in all (a multiple of ``clients``).
    seed : int
        The questions are random pictures, no two alike.

    Raises
    ------
    ValueError
        If the numbers do not divide.
    """
    if requests % clients:
        raise ValueError(f"load_test: expected {requests} to be a multiple of {clients}")
    each = requests // clients
    shape = (requests, *model.input_shape)
    questions = np.random.default_rng(seed).random(shape, np.float32)
    truth = np.concatenate([model(question[np.newaxis]) for question in questions])
    answers = np.full_like(truth, np.nan)
    latencies = np.zeros(requests)
    faults: list[BaseException] = []

    def ask(first: int) -> None:
        with Client(address.url, token=address.token) as client:
            for i in range(first, first + each):
                began = time.perf_counter()
                answers[i] = client.ask(name, questions[i])[0]
                latencies[i] = time.perf_counter() - began

    def ask_or_tell(first: int) -> None:
        try:
            ask(first)
        except BaseException as fault:  # raised again below, in the caller's thread
            faults.append(fault)

    firsts = range(0, requests, each)
    threads = [threading.Thread(target=ask_or_tell, args=(first,)) for first in firsts]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if faults:
        raise faults[0]
    wrong = int((answers != truth).any(axis=1).sum())
    return Load(latencies, wrong, seconds)


class Refusals(NamedTuple):
    """What came of many wrong requests.

    Attributes
    ----------
    seconds : dict of str to ndarray
        From the connection to the refusal, by the kind of fault.
    statuses : dict of str to int
        What each kind is to be refused with.
    wrong : list of tuple
        Kind, right status and status, for those that got another.
    """

    seconds: dict[str, np.ndarray]
    statuses: dict[str, int]
    wrong: list[tuple[str, int, int]]


def fault_test(target: Target, count: int, *, seed: int = 0, threads: int = 16) -> Refusals:
    """Send wrong requests of every kind, some at once, and check how they are refused.

    Parameters
    ----------
    target : Target
    count, threads : int
        Number of requests, and how many at a time.
    seed : int
    """
    faults = list(make_faults(target, count, rng=np.random.default_rng(seed)))

    def send(fault: Fault) -> tuple[int, float]:
        began = time.perf_counter()
        status, _ = send_fault(target, fault)
        return status, time.perf_counter() - began

    with ThreadPoolExecutor(threads) as pool:
        answers = list(pool.map(send, faults))
    seconds: dict[str, list[float]] = {}
    for fault, (_, duration) in zip(faults, answers, strict=True):
        seconds.setdefault(fault.family, []).append(duration)
    wrong = [
        (fault.family, fault.status, status)
        for fault, (status, _) in zip(faults, answers, strict=True)
        if status != fault.status
    ]
    statuses = {fault.family: fault.status for fault in faults}
    return Refusals({name: np.array(times) for name, times in seconds.items()}, statuses, wrong)
