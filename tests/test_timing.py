"""The timing helper: counts, statistics against NumPy, devices, units, refusals."""

import time

import numpy as np
import pytest

from mlphys.timing import measure, readable, single_thread, summarize


def test_measure_counts_calls_and_passes_arguments():
    calls = []
    timing = measure(lambda *a, **k: calls.append((a, k)), 1, repeats=4, warmup=2, word="x")
    assert calls == [((1,), {"word": "x"})] * 6
    assert timing.repeats == 4


def test_measure_sees_a_sleep_on_the_wall_clock_only():
    wall = measure(time.sleep, 0.02, repeats=3, warmup=0)
    cpu = measure(time.sleep, 0.02, repeats=3, warmup=0, clock="cpu")
    assert wall.best >= 0.02
    assert cpu.median < 0.01


def test_summary_agrees_with_numpy():
    seconds = np.random.default_rng(5).exponential(size=17).tolist()
    timing = summarize(seconds, "wall")
    low, median, high = np.percentile(seconds, [25, 50, 75])
    np.testing.assert_allclose(
        [timing.median, timing.spread, timing.best], [median, high - low, min(seconds)], rtol=1e-14
    )


def test_measure_waits_for_jax():
    jax = pytest.importorskip("jax")
    function = jax.jit(lambda x: (x @ x).sum())
    matrix = jax.numpy.ones((600, 600))
    full = measure(function, matrix, repeats=5).best
    start = time.perf_counter()
    function(matrix).block_until_ready()
    assert full > 0.05 * (time.perf_counter() - start)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0 ns"), (3e-9, "3 ns"), (4.56e-6, "4.56 µs"), (0.0789, "78.9 ms"), (12.0, "12 s")],
)
def test_readable_durations(seconds, text):
    assert readable(seconds) == text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"repeats": 0}, "repeats >= 1"),
        ({"warmup": -1}, "warmup >= 0"),
        ({"clock": "sun"}, r"a clock among \['cpu', 'wall'\]; got 'sun'"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        measure(int, **options)


def test_single_thread_limits_and_restores_blas():
    from threadpoolctl import threadpool_info

    before = [pool["num_threads"] for pool in threadpool_info()]
    with single_thread():
        assert {pool["num_threads"] for pool in threadpool_info()} <= {1}
    assert [pool["num_threads"] for pool in threadpool_info()] == before
