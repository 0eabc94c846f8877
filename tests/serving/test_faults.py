"""What must be refused is, with the right status, and the server goes on."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from mlphys.serving.client import Client
from mlphys.serving.faults import FAMILIES, Fault, make_faults, send_fault

COUNT = 2000


@pytest.fixture(scope="module")
def outcomes(target):
    """Send them all from 32 threads; return each fault with what came back."""
    faults = list(make_faults(target, COUNT, rng=np.random.default_rng(8)))
    with ThreadPoolExecutor(32) as threads:
        return list(
            zip(faults, threads.map(lambda fault: send_fault(target, fault), faults), strict=True)
        )


@pytest.mark.parametrize("family", FAMILIES)
def test_family_is_refused_with_its_status(outcomes, family):
    mine = [(fault, answer) for fault, answer in outcomes if fault.family == family]
    assert len(mine) >= COUNT // len(FAMILIES)
    wrong = [
        (fault.status, answer, fault.parts[0][:300], fault.parts[-1][-100:])
        for fault, answer in mine
        if answer[0] != fault.status or not answer[1].startswith(b'{"error":{"status":')
    ]
    assert not wrong


def test_all_two_thousand_were_answered_and_the_server_lives(outcomes, server):
    assert len(outcomes) == COUNT
    statuses = Counter(answer[0] for _, answer in outcomes)
    assert set(statuses) == {400, 401, 404, 405, 408, 413, 415, 422, 431}
    with Client(server.url, token=server.token) as client:
        assert client.ask("net", np.zeros(12)).shape == (1, 4)


def test_faults_are_seeded_and_differ(target):
    def draw(seed):
        return [f.parts for f in make_faults(target, 210, rng=np.random.default_rng(seed))]

    assert draw(0) == draw(0)
    assert len(set(draw(0))) > 150


def test_a_right_request_is_seen_as_accepted(target):
    """The tester tested: were the server to accept a fault, it would show."""
    from mlphys.serving import faults

    right = faults._post(target, faults._body(target, np.random.default_rng(0)))
    assert send_fault(target, Fault("right", 400, (right,)))[0] == 200
