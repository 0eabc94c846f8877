"""The rule with patience against a plain restatement and Keras's callback."""

import numpy as np
import pytest

from mlphys.frameworks.early_stopping import kept, stop_index


def by_definition(curve, patience):
    """Stop at the first record after which the lowest value is ``patience`` records old."""
    for end in range(1, len(curve) + 1):
        best = int(np.argmin(curve[:end]))
        if end - 1 - best >= patience:
            return best
    return int(np.argmin(curve))


@pytest.mark.parametrize("patience", [1, 3, 8])
def test_rule_is_its_definition(patience):
    rng = np.random.default_rng(patience)
    for _ in range(200):
        curve = np.cumsum(rng.normal(size=30))
        assert stop_index(curve, patience=patience) == by_definition(curve, patience)


def test_endless_patience_finds_the_lowest_value():
    curve = np.random.default_rng(0).normal(size=50)
    assert stop_index(curve, patience=50) == curve.argmin()


def test_kept_reads_another_curve_and_messages():
    curves = np.array([[3.0, 1.0, 2.0, 2.0], [1.0, 2.0, 3.0, 0.0]])
    values = np.arange(8.0).reshape(2, 4)
    assert kept(curves, values, patience=2).tolist() == [1.0, 4.0]
    assert kept(curves, values, patience=3).tolist() == [1.0, 7.0]
    with pytest.raises(ValueError, match="patience of 1 or more"):
        stop_index(np.ones(3), patience=0)
    with pytest.raises(ValueError, match="two arrays"):
        kept(np.ones((2, 3)), np.ones((2, 4)), patience=1)
