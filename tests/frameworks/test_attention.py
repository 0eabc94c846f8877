"""One head: gradient by three routes, permutations, limits."""

import numpy as np
import pytest

from mlphys.derivatives.gradient_check import check_gradient
from mlphys.derivatives.tape import gradient
from mlphys.frameworks.attention import attention, attention_gradient, draw_head, positions


@pytest.fixture(scope="module")
def case():
    rng = np.random.default_rng(0)
    return rng.normal(size=(5, 4)), draw_head(4, 3, rng=rng), rng.normal(size=(5, 3))


def test_gradient_by_the_complex_step(case):
    x, head, g = case
    by_x, by_head = attention_gradient(g, x, head)

    def shown(x, *head):
        return np.sum(g * attention(x, head)[0])

    report = check_gradient(shown, (by_x, *by_head), (x, *head), rng=np.random.default_rng(1))
    assert report.ok, str(report)
    wrong = check_gradient(
        shown, (1.001 * by_x, *by_head), (x, *head), rng=np.random.default_rng(1)
    )
    assert not wrong.ok


def test_gradient_by_the_tape(case):
    x, head, g = case
    by_x, by_head = attention_gradient(g, x, head)
    taped = gradient(lambda *a: np.sum(g * attention(a[0], a[1:])[0]), (0, 1, 2, 3))(x, *head)
    for ours, theirs in zip((by_x, *by_head), taped, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-10, abs=1e-13)


def test_a_loop_over_tokens(case):
    x, (wq, wk, wv), _ = case
    y, a = attention(x, (wq, wk, wv))
    for i in range(5):
        e = np.array([np.exp((x[i] @ wq) @ (x[j] @ wk) / np.sqrt(3)) for j in range(5)])
        assert a[i] == pytest.approx(e / e.sum())
        assert y[i] == pytest.approx(sum(e[j] * (x[j] @ wv) for j in range(5)) / e.sum())


@pytest.mark.parametrize("seed", range(5))
def test_permuted_tokens_give_permuted_answers_until_they_know_their_place(case, seed):
    x, head, _ = case
    order = np.random.default_rng(seed).permutation(5)
    order = np.roll(order, 1) if np.array_equal(order, np.arange(5)) else order
    assert attention(x[order], head)[0] == pytest.approx(attention(x, head)[0][order])
    place = positions(5, 4)
    moved = attention(x[order] + place, head)[0]
    assert np.abs(moved - attention(x + place, head)[0][order]).max() > 0.05


def test_places_are_unit_waves():
    p = positions(30, 8)
    assert p[:, :4] ** 2 + p[:, 4:] ** 2 == pytest.approx(np.ones((30, 4)))
    # The product of two places depends on their distance alone.
    product = p @ p.T
    assert product[3, 7] == pytest.approx(product[20, 24])
    with pytest.raises(ValueError, match="even width; got 3"):
        positions(2, 3)
