import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlphys.language.arrays import broadcast_shape, contract, layout, offset

shapes = st.lists(st.integers(1, 3), max_size=4).map(tuple)


@given(st.lists(shapes, min_size=1, max_size=3))
def test_shapes_meet_as_in_numpy(some):
    try:
        expected = np.broadcast_shapes(*some)
    except ValueError:
        with pytest.raises(ValueError, match="insert an axis"):
            broadcast_shape(*some)
    else:
        assert broadcast_shape(*some) == expected


@given(shapes.filter(bool), st.randoms(use_true_random=False))
def test_offset_finds_every_entry_of_a_view(shape, random):
    memory = np.arange(np.prod(shape), dtype=np.int32).reshape(shape).copy()
    order = random.sample(range(len(shape)), len(shape))
    view = memory.transpose(order)[::-1]
    card = layout(view)
    for index in np.ndindex(view.shape):
        at = offset(index, card.strides, card.start)
        raw = memory.tobytes()[at : at + 4]
        assert np.frombuffer(raw, np.int32)[0] == view[index]


def test_layout_tells_views_from_owners():
    memory = np.zeros((3, 4))
    assert layout(memory).owner
    assert not layout(memory.T).owner
    assert layout(memory.T.copy()).owner
    assert layout(memory[2:, 3:]).start == 2 * 32 + 3 * 8


@pytest.mark.parametrize(
    "subscripts",
    ["i->", "i->i", "ij->ji", "ii->", "ii->i", "ij->j", "ij,jk->ik", "i,j->ij", "i,i,i->i",
     "bij,bj->bi", "ij,kl->iklj", "ij,ij->", "ij,jk,kl->il"],
)  # fmt: skip
def test_contract_is_einsum(subscripts):
    rng = np.random.default_rng(5)
    size = dict(zip("ijklb", (2, 3, 4, 2, 3), strict=True))
    arrays = [
        rng.integers(-5, 6, [size[c] for c in part])
        for part in subscripts.split("->")[0].split(",")
    ]
    np.testing.assert_array_equal(contract(subscripts, *arrays), np.einsum(subscripts, *arrays))


def test_contract_of_complex_numbers_is_a_matrix_product():
    rng = np.random.default_rng(6)
    a, b = rng.normal(size=(2, 3, 3)) + 1j * rng.normal(size=(2, 3, 3))
    np.testing.assert_allclose(contract("ij,jk->ik", a, b), a @ b, rtol=1e-14)


@pytest.mark.parametrize(
    ("subscripts", "arrays", "message"),
    [
        ("ij,jk", ([[1]], [[1]]), "expected '->'"),
        ("ij->i", ([[1]], [[1]]), "expected 1 arrays"),
        ("ij->i", ([1, 2],), "array with 2 indices"),
        ("ij,jk->ik", ([[1, 2]], [[1]]), "expected one size for 'j'"),
        ("ij->k", ([[1]],), "each output letter once"),
        ("ij->ii", ([[1]],), "each output letter once"),
    ],
)
def test_contract_says_what_is_wrong(subscripts, arrays, message):
    with pytest.raises(ValueError, match=message):
        contract(subscripts, *arrays)


def test_offset_needs_a_whole_index():
    with pytest.raises(ValueError, match="one number for each of the 2 strides"):
        offset((1,), (8, 8))
