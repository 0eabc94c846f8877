"""Recurrent nets against Keras-free references: a slow loop, differences, exact linear memory."""

import numpy as np
import pytest
from scipy.special import expit

from mlphys.frameworks.recurrent import Weights, draw_weights, memory_trace, run_lstm, run_plain


@pytest.fixture(scope="module")
def inputs():
    return np.random.default_rng(0).normal(size=(6, 2, 3))


def test_lstm_against_a_loop_over_numbers(inputs):
    w = draw_weights(3, 4, gates=4, rng=np.random.default_rng(1))
    for b in range(2):
        h, c = np.zeros(4), np.zeros(4)
        for t in range(6):
            z = [
                sum(h[i] * w.state[i, j] for i in range(4))
                + sum(inputs[t, b, i] * w.inputs[i, j] for i in range(3))
                + w.offset[j]
                for j in range(16)
            ]
            f, i, o, new = expit(z[:4]), expit(z[4:8]), expit(z[8:12]), np.tanh(z[12:])
            c = f * c + i * new
            h = o * np.tanh(c)
        assert run_lstm(w, inputs)[b] == pytest.approx(h)


@pytest.mark.parametrize(("run", "gates"), [(run_plain, 1), (run_lstm, 4)])
def test_trace_is_a_measured_gradient(inputs, run, gates):
    w = draw_weights(3, 4, gates=gates, rng=np.random.default_rng(2))
    signs, step = (-1.0) ** np.arange(4), 1e-6
    measured = np.zeros(inputs.shape)
    for place in np.ndindex(inputs.shape):
        nudge = np.zeros(inputs.shape)
        nudge[place] = step
        change = run(w, inputs + nudge) - run(w, inputs - nudge)
        measured[place] = (change * signs).sum() / (2 * step)
    there = np.linalg.norm(measured, axis=(1, 2))
    assert memory_trace(run, w, inputs) == pytest.approx(there, rel=1e-6, abs=1e-10)


def test_weak_plain_memory_dies_by_its_largest_factor():
    w = Weights(0.9 * np.eye(2), np.eye(2), np.zeros(2))
    trace = memory_trace(run_plain, w, np.zeros((10, 1, 2)))
    assert trace[:-1] / trace[1:] == pytest.approx(np.full(9, 0.9))


def test_open_forget_gate_keeps_a_cell():
    offset = np.concatenate([np.full(2, 30.0), np.zeros(6)])
    w = Weights(np.zeros((2, 8)), np.ones((1, 8)), offset)
    trace = memory_trace(run_lstm, w, np.full((50, 1, 1), 0.0))
    assert trace[:-1] == pytest.approx(np.full(49, trace[0]))


def test_bad_gates():
    with pytest.raises(ValueError, match="gates = 1"):
        draw_weights(2, 2, gates=3, rng=np.random.default_rng(0))
