"""Four systems return the same numbers, and the lines are counted right."""

import numpy as np
import pytest

pytest.importorskip("tensorflow")
pytest.importorskip("jax")

from mlphys.frameworks.five_computations import (
    NAMES,
    as_table,
    code_lines,
    compare,
    disagreement,
    make_inputs,
    run,
    systems,
)


@pytest.fixture(scope="module")
def rows():
    return compare(*(make_inputs(rng=np.random.default_rng(k)) for k in range(5)), repeats=2)


@pytest.mark.parametrize("name", NAMES)
def test_all_systems_agree(rows, name):
    assert list(rows[name]) == ["NumPy + tape", "TensorFlow", "TensorFlow, XLA", "JAX"]
    ours = rows[name]["NumPy + tape"].answers
    assert len(ours) == 5
    for row in rows[name].values():
        for (value, gradient), (our_value, our_gradient) in zip(row.answers, ours, strict=True):
            assert value == pytest.approx(our_value, rel=1e-10)
            assert gradient.dtype == np.float64
            scale = np.abs(our_gradient).max()
            np.testing.assert_allclose(gradient, our_gradient, rtol=0, atol=1e-10 * scale)
    assert disagreement(rows[name]) < 1e-10


def test_a_deviation_is_found(rows):
    ours = rows["film"]["NumPy + tape"]
    (value, gradient), *others = ours.answers
    gradient = gradient.copy()
    gradient[3, 4] += 1e-3 * np.abs(gradient).max()
    wrong = ours._replace(answers=((value, gradient), *others))
    assert disagreement({"ours": ours, "wrong": wrong}) == pytest.approx(1e-3)


def test_the_table_has_a_line_for_each_row_and_names_each_computation_once(rows):
    lines = as_table(rows).splitlines()
    assert len(lines) == 21
    assert [line.split()[0] for line in lines[1::4]] == list(NAMES)
    assert max(map(len, lines)) <= 75


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
