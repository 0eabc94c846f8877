"""Every einsum specification of NumPy's own tests, with operands of ours, real and complex."""

import ast
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlphys.derivatives.complex_step import complex_step
from mlphys.derivatives.einsum_backward import (
    backward_rule,
    einsum_backward,
    read_subscripts,
)

# Specifications as listed in numpy/_core/tests/test_einsum.py (NumPy 2.4). Sizes by letter as there.
SIZES = dict(zip("abcdefghij", (2, 3, 4, 5, 4, 3, 2, 6, 5, 4), strict=True))
SIZED = """
a,ab,abc->abc  a,b,ab->ab  ea,fb,gc,hd,abcd->efgh  ea,fb,abcd,gc,hd->efgh  abcd,ea,fb,gc,hd->efgh
acdf,jbje,gihb,hfac,gfac,gifabc,hfac  cd,bdhe,aidb,hgca,gc,hgibcd,hgac  abhe,hidj,jgba,hiab,gab
bde,cdh,agdb,hica,ibd,hgicd,hiac  chd,bde,agbc,hiad,hgc,hgi,hiad  chd,bde,agbc,hiad,bdi,cgh,agdb
bdhe,acad,hiab,agac,hibd  ab,ab,c->  ab,ab,c->c  ab,ab,cd,cd->  ab,ab,cd,cd->ac  ab,ab,cd,cd->cd
ab,ab,cd,cd,ef,ef->  ab,cd,ef->abcdef  ab,cd,ef->acdf  ab,cd,de->abcde  ab,cd,de->be
ab,bcd,cd->abcd  ab,bcd,cd->abd  eb,cb,fb->cef  dd,fb,be,cdb->cef  bca,cdb,dbf,afc->
dcc,fce,ea,dbf->ab  fdf,cdd,ccd,afe->ae  abcd,ad  ed,fcd,ff,bcf->be  baa,dcf,af,cde->be
bd,db,eac->ace  fff,fae,bef,def->abd  efc,dbc,acf,fd->abe  ba,ac,da->bcd  ab,ab  ab,ba  abc,abc
abc,bac  abc,cba  aab,fa,df,ecc->bde  ecb,fef,bad,ed->ac  bcf,bbb,fbf,fc->  bb,ff,be->e
bcb,bb,fc,fff->  fbb,dfd,fc,fc->  afd,ba,cc,dc->bf  adb,bc,fa,cfc->d  bbd,bda,fc,db->acf
dba,ead,cad->bce  aef,fbc,dca->bde  a,b,c->abc  acdf,jbje,gihb,hfac  a,ac,ab,ad,cd,bd,bc->
cab,cdd->ab  ab,bc,cd,de->ae  a,a,a->a
""".split()
# The others, with the shapes that NumPy's tests use or smaller ones of the same kind.
SHAPED = [
    ("...", (2, 3)),
    ("ij", (2, 3)),
    ("ji", (2, 3)),
    ("ii->i", (3, 3)),
    ("...ii->...i", (2, 3, 3)),
    ("ii...->...i", (3, 3, 2)),
    ("...ii->i...", (2, 3, 3)),
    ("jii->ij", (4, 3, 3)),
    ("ii...->i...", (3, 3, 2)),
    ("i...i->i...", (3, 2, 3)),
    ("i...i->...i", (3, 2, 3)),
    ("iii->i", (3, 3, 3)),
    ("ijk->jik", (2, 3, 4)),
    ("i->", (5,)),
    ("ij->j", (3, 2)),
    ("...i->...", (2, 3, 4)),
    ("i...->...", (2, 3, 4)),
    ("ii", (4, 4)),
    ("..., ...", (), ()),
    ("..., ...", (3, 4), (2, 3, 4)),
    ("...i, ...i", (2, 3, 4), (4,)),
    ("i..., i...", (4, 3, 2), (4,)),
    ("i,j", (3,), (5,)),
    ("ij, j", (4, 5), (5,)),
    ("ji,j", (5, 4), (5,)),
    ("ij,jk", (4, 5), (5, 6)),
    ("ij,jk,kl", (3, 4), (4, 5), (5, 6)),
    ("ijk, jil -> kl", (3, 4, 5), (4, 3, 2)),
    ("i,i,i->i", (8,), (8,), (8,)),
    (",i->", (), (9,)),
    ("i,->", (9,), ()),
    ("i,->i", (9,), ()),
    (",i->i", (), (9,)),
    ("i,i", (7,), (7,)),
    ("z,mz,zm->", (2,), (3, 2), (2, 3)),
    ("ij,ij->j", (10, 2), (10, 2)),
    ("...ij,...jk->...ik", (1, 3, 2), (4, 2, 3)),
    ("ji,i->", (2, 2), (2,)),
    ("i,ij->", (2,), (2, 2)),
    ("ij,i->", (2, 2), (2,)),
    ("ij...,j...->i...", (1, 2), (2, 2, 1)),
    ("ijklm,ijn,ijn->", (2, 3, 4, 2, 3), (2, 3, 5), (2, 3, 5)),
    ("ijklm,ijn->", (2, 3, 4, 2, 3), (2, 3, 5)),
    ("x,yx,zx->xzy", (2,), (2, 2), (4, 2)),
    ("ijk,j->ijk", (2, 3, 4), (3,)),
    ("ij...,j...->ij...", (2, 3, 4), (3,)),
    ("ij...,...j->ij...", (2, 3, 4), (3,)),
    ("ij...,j->ij...", (2, 3, 4), (3,)),
    ("ik,kj->ij", (4, 3), (3, 2)),
    ("ik...,k...->i...", (4, 3), (3, 2)),
    ("ik...,...kj->i...j", (4, 3), (3, 2)),
    ("...k,kj", (4, 3), (3, 2)),
    ("ik,k...->i...", (4, 3), (3, 2)),
    ("ijkl,k->ijl", (2, 3, 4, 5), (4,)),
    ("ijkl,k", (2, 3, 4, 5), (4,)),
    ("...kl,k", (2, 3, 4, 5), (4,)),
    ("...kl,k...", (2, 3, 4, 5), (4,)),
    ("...lmn,...lmno->...o", (1, 1, 1, 3, 4, 2), (3, 4, 2, 3)),
    ("...lmn,lmno->...o", (1, 1, 1, 3, 4, 2), (3, 4, 2, 3)),
    ("cl, cpx->lpx", (2, 3), (2, 3, 7)),
    ("cl, cpxy->lpxy", (3, 3), (3, 3, 4, 2)),
    ("aabb->ab", (3, 3, 4, 4)),
    ("ijij->", (3, 4, 3, 4)),
    ("mi,mi,mi->m", (5, 5), (5, 5), (5, 5)),
    ("im,im,im->m", (5, 5), (5, 5), (5, 5)),
    ("ij,jk->ik", (2, 2), (2, 2)),
    ("i->", (4,)),
    ("i,i->i", (4,), (4,)),
    ("i,i->", (4,), (4,)),
    ("i,i,i->", (4,), (4,), (4,)),
    ("i,i,i,i->", (4,), (4,), (4,), (4,)),
    ("bbcdc->d", (1, 1, 3, 1, 3)),
    ("ijk,kl,jl", (1, 5, 4), (4, 6), (5, 6)),
    ("ijk,kl,jl,i->i", (1, 5, 4), (4, 6), (5, 6), (10,)),
    ("abjk,kl,jl", (1, 1, 5, 4), (4, 6), (5, 6)),
    ("abjk,kl,jl,ab->ab", (1, 1, 5, 4), (4, 6), (5, 6), (7, 7)),
    ("obk,ijk->ioj", (2, 4, 8), (2, 4, 8)),
    ("...ft,mf->...mt", (2, 3, 5), (4, 3)),
    ("ijp,ipq,ikq->ijk", (3, 1, 1), (3, 1, 3), (1, 3, 3)),
    ("jhcabhijaci,dfijejgh->fgje", (1, 1, 1, 1, 3, 1, 1, 1, 1, 1, 1), (3, 1, 3, 1, 1, 1, 1, 2)),
    ("baegffahgc,hdggeff->dhg", (2, 1, 4, 1, 1, 1, 1, 2, 1, 1), (1, 1, 1, 1, 4, 1, 1)),
    ("cehgbaifff,fhhdegih->cdghbi", (1, 1, 1, 1, 1, 1, 1, 1, 1, 1), (2, 1, 1, 2, 4, 1, 1, 1)),
    ("gah,cdbcghefg->ef", (2, 3, 1), (1, 3, 1, 1, 1, 2, 1, 4, 1)),
    ("cacc,bcb->", (1, 1, 1, 1), (1, 4, 1)),
    ("a...a->...a", (2, 3, 2)),  # the pattern of NumPy's test of an overlapping ellipsis
    ("aa...->a...", (2, 2, 3)),
    ("...aa->...a", (3, 2, 2)),
]


def shapes_of(spec):
    left = spec.partition("->")[0]
    return [tuple(SIZES[letter] for letter in term) for term in left.split(",")]


CASES = [(spec, shapes_of(spec)) for spec in SIZED] + [(spec, list(s)) for spec, *s in SHAPED]
IDS = [f"{spec}@{len(shapes)}" for spec, shapes in CASES]


def numbers(shapes, kinds, rng):
    """Return operands, real or complex by the letters of ``kinds``, and a fitting sensitivity maker."""
    draw = lambda shape, kind: (
        rng.normal(size=shape) + (1j * rng.normal(size=shape) if kind == "c" else 0)
    )
    return [draw(shape, kind) for shape, kind in zip(shapes, kinds, strict=True)]


def check_along_lines(spec, operands, seed):
    """Compare with the change of Re(conj(g) y) along a random direction of each operand.

    The result is linear in each operand, so that the difference of two values is exact.
    """
    rng = np.random.default_rng(seed)
    y = np.einsum(spec, *operands, optimize=True)
    g = rng.normal(size=y.shape)
    if np.iscomplexobj(y):
        g = g + 1j * rng.normal(size=y.shape)
    for k, (operand, s) in enumerate(
        zip(operands, einsum_backward(spec, operands, g), strict=True)
    ):
        assert s.shape == operand.shape and s.dtype == operand.dtype
        step = rng.normal(size=operand.shape)
        if np.iscomplexobj(operand):
            step = step + 1j * rng.normal(size=operand.shape)
        change = np.einsum(spec, *operands[:k], step, *operands[k + 1 :], optimize=True)
        measured = np.sum(g.conj() * change).real
        claimed = np.sum(s.conj() * step).real
        scale = np.sqrt(np.sum(np.abs(s * step) ** 2)) + np.sqrt(np.sum(np.abs(g * change) ** 2))
        assert abs(claimed - measured) <= 1e-12 * max(scale, abs(measured)), (spec, k)


@pytest.mark.parametrize("kind", ["real", "complex", "mixed"])
@pytest.mark.parametrize(("spec", "shapes"), CASES, ids=IDS)
def test_specification_of_numpy_along_random_lines(spec, shapes, kind):
    kinds = {"real": "r", "complex": "c", "mixed": "rc"}[kind] * len(shapes)
    operands = numbers(shapes, kinds[: len(shapes)], np.random.default_rng(4))
    check_along_lines(spec, operands, seed=5)


def test_list_holds_every_specification_of_numpys_tests():
    """Read the string arguments of the calls in NumPy's own file, if NumPy came with its tests."""
    where = Path(np.__file__).parent / "_core/tests/test_einsum.py"
    if not where.is_file():
        pytest.skip("this NumPy was installed without its tests")
    listed = {"".join(spec.split()) for spec, _ in CASES}
    missing = {"".join(spec.split()) for spec in called_with(where.read_text())} - listed
    assert not missing
    assert len(listed) > 130


def called_with(source):
    """Yield each specification that a test hands to einsum or to a helper that calls it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0] if node.args else None
            if name in {"einsum", "optimize_compare", "build_operands"}:
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "eq":
            yield ast.literal_eval(node.value)


@pytest.mark.parametrize("part", range(8))
def test_specifications_of_numpy_equal_jax(part):
    """Entry by entry, all operands complex. JAX pulls back with the conjugate convention.

    Many specifications are compiled as one program, which takes a fifth of the time.
    """
    cases = CASES[part::8]
    rng = np.random.default_rng(6)
    inputs = []
    for spec, shapes in cases:
        operands = numbers(shapes, "c" * len(shapes), rng)
        result = np.einsum(spec, *operands, optimize=True)
        inputs.append((operands, numbers([result.shape], "c", rng)[0]))

    def pull_all(inputs):
        return [
            jax.vjp(lambda *a, spec=spec: jnp.einsum(spec, *a), *operands)[1](g.conj())
            for (spec, _), (operands, g) in zip(cases, inputs, strict=True)
        ]

    with jax.enable_x64(True):
        theirs = jax.jit(pull_all)(jax.tree.map(jnp.asarray, inputs))
    for (spec, _), (operands, g), pulled in zip(cases, inputs, theirs, strict=True):
        for ours, jaxs in zip(einsum_backward(spec, operands, g), pulled, strict=True):
            size = np.abs(jaxs).max(initial=0)
            assert np.allclose(ours, np.conj(jaxs), rtol=1e-12, atol=1e-12 * size), spec


@pytest.mark.parametrize(
    ("spec", "shapes"),
    [
        ("ii->", [(3, 3)]),
        ("iij,jk->k", [(2, 2, 3), (3, 2)]),
        ("ab,cb->a", [(2, 3), (4, 3)]),
        ("...i,i->...", [(2, 2, 3), (1,)]),
    ],
)
def test_every_entry_equals_the_complex_step(spec, shapes):
    rng = np.random.default_rng(2)
    operands = numbers(shapes, "r" * len(shapes), rng)
    g = rng.normal(size=np.einsum(spec, *operands).shape)
    for k, s in enumerate(einsum_backward(spec, operands, g)):
        before, after = operands[:k], operands[k + 1 :]
        value = lambda a, b=before, c=after: np.sum(g * np.einsum(spec, *b, a, *c))
        measured = complex_step(value, operands[k])
        assert np.allclose(s, measured, rtol=0, atol=1e-14 * np.abs(measured).max())


def test_house_convention_is_the_descent_direction():
    """z = 3 + 4i, |z|²: 2z, as in PyTorch and TensorFlow; JAX returns the conjugate."""
    z = np.array(3 + 4j)
    from_z, from_conj = einsum_backward(",->", [z, z.conj()], 1.0)
    assert from_z + from_conj.conj() == 6 + 8j
    with jax.enable_x64(True):
        assert jax.grad(lambda z: jnp.real(z * z.conj()))(z) == 6 - 8j


@pytest.mark.parametrize("dtype", [np.float32, np.complex64])
def test_sensitivities_have_the_operands_precision(dtype):
    a, b = np.ones((2, 3), dtype), np.ones((3, 2))
    for_a, for_b = einsum_backward("ij,jk->ik", [a, b], np.ones((2, 2)))
    assert for_a.dtype == dtype and for_b.dtype == np.float64


def test_integers_get_float_sensitivities():
    (s,) = einsum_backward("ii->", [np.arange(4).reshape(2, 2)], 1.5)
    assert np.array_equal(s, 1.5 * np.eye(2))


def test_rule_works_with_any_einsum():
    """A tape passes its own einsum and thereby records the backward pass."""
    named = read_subscripts("iij,jk->k", [(2, 2, 3), (3, 4)])
    rule = backward_rule(named, 0)
    calls = []

    def recorded(subscripts, *operands):
        calls.append(subscripts)
        return np.einsum(subscripts, *operands)

    g, b = np.arange(4.0), np.arange(12.0).reshape(3, 4)
    result = rule.apply(g, [b], einsum=recorded)
    expected = np.zeros((2, 2, 3))
    expected[0, 0] = expected[1, 1] = b @ g
    assert np.array_equal(result, expected)
    assert len(calls) == 2


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_random_specifications(data):
    """Up to three operands with up to four indices each, of any pattern, some sizes stretched."""
    letters = "ijkl"
    sizes = {letter: data.draw(st.integers(1, 3), letter) for letter in letters}
    words = st.text(letters, max_size=4)
    terms = data.draw(st.lists(words, min_size=1, max_size=3), "terms")
    present = sorted(set("".join(terms)))
    output = data.draw(st.permutations(present)) if present else []
    output = "".join(output[: data.draw(st.integers(0, len(present)), "kept")])
    shapes = []
    for term in terms:  # a repeated letter keeps its size within one operand
        stretched = {letter for letter in sorted(set(term)) if data.draw(st.booleans(), "stretch")}
        shapes.append(tuple(1 if letter in stretched else sizes[letter] for letter in term))
    kinds = "".join(data.draw(st.sampled_from("rc")) for _ in terms)
    operands = numbers(shapes, kinds, np.random.default_rng(8))
    check_along_lines(f"{','.join(terms)}->{output}", operands, seed=9)


@pytest.mark.parametrize(
    ("spec", "shapes", "match"),
    [
        ("ij,jk->ik", [(2, 3)], "expected 2 operands"),
        ("ij->i", [(2, 3, 4)], r"expected 2 indices in operand 0 .* got shape \(2, 3, 4\)"),
        ("...ij->...", [(3,)], "expected 2 or more indices"),
        ("ij,jk->ik", [(2, 3), (4, 5)], "expected size 3 or 1 for index 'j' of operand 1"),
        ("ii->", [(2, 1)], "expected size 2 for index 'i' of operand 0"),
        ("ii,i->i", [(1, 2), (2,)], "expected size 1 for index 'i' of operand 0"),
        ("ij->k", [(2, 3)], "among the inputs"),
        ("ij->ii", [(2, 3)], "each output letter once"),
        ("i?->i", [(2, 3)], "expected letters"),
        ("......i", [(2, 3)], "at most one"),
        ("...i->i", [(2, 3)], "expected '...' in the output"),
    ],
)
def test_bad_subscripts_are_refused_as_numpy_refuses_them(spec, shapes, match):
    operands = [np.ones(shape) for shape in shapes]
    with pytest.raises(ValueError):
        np.einsum(spec, *operands)
    with pytest.raises(ValueError, match=match):
        einsum_backward(spec, operands, 1.0)


def test_sensitivity_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"result's shape \(2, 4\).*got \(4, 2\)"):
        einsum_backward("ij,jk->ik", [np.ones((2, 3)), np.ones((3, 4))], np.ones((4, 2)))


def test_all_letters_may_be_used():
    many = "".join(dict.fromkeys("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    ones = np.ones((1,) * 32)
    (s,) = einsum_backward(f"{many[:32]}->", [ones], 2.0)
    assert s.shape == ones.shape and s.sum() == 2
    operands = [np.ones((1,) * 26), np.ones((1,) * 26)]
    assert einsum_backward(f"{many[:26]},{many[26:]}->", operands, 1.0)[0].sum() == 1
    with pytest.raises(ValueError, match="fewer different indices"):  # a delta needs a 53rd letter
        einsum_backward(f"{many[:26]},{many[26:]}A->", [operands[0], np.ones((1,) * 27)], 1.0)
