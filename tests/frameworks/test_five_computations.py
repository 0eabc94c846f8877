"""Four systems return the same numbers, and the lines are counted right."""

import numpy as np
import pytest

pytest.importorskip("tensorflow")
pytest.importorskip("jax")

from mlphys.frameworks.five_computations import (
    NAMES,
    code_lines,
    compare,
    make_inputs,
    run,
    systems,
)


@pytest.fixture(scope="module")
def rows():
    return compare(make_inputs(rng=np.random.default_rng(6)), repeats=2)


@pytest.mark.parametrize("name", NAMES)
def test_all_systems_agree(rows, name):
    ours = rows[name]["NumPy + tape"]
    for row in rows[name].values():
        assert row.result == pytest.approx(ours.result, rel=1e-10)
        assert row.gradient.dtype == np.float64
        scale = np.abs(ours.gradient).max()
        np.testing.assert_allclose(row.gradient, ours.gradient, rtol=0, atol=1e-10 * scale)


def test_rows_hold_plausible_times(rows):
    for name in NAMES:
        for row in rows[name].values():
            assert row.compile >= 0 and row.value.median > 0 and row.ratio > 0
    # a graph takes tens of milliseconds to make, a call of NumPy none
    assert rows["film"]["JAX"].compile > rows["film"]["NumPy + tape"].compile


def test_precision_outside_is_left_alone(rows):
    import jax

    assert jax.numpy.ones(1).dtype == np.float32


def test_lines_are_counted_without_docstring_comments_and_blank_lines():
    def three(x):
        """Say what it is.

        At length.
        """
        # a comment
        y = x + 1

        z = y  # a comment behind code does not matter
        return z

    assert code_lines(three) == 3


def test_unknown_name_lists_the_known():
    with pytest.raises(ValueError, match="box, film, pendulum, charges, net; got 'bux'"):
        run(systems()["NumPy + tape"], "bux", ())
