"""Every einsum specification of NumPy's own tests, with operands of ours, real and complex."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    for k, (operand, s) in enumerate(zip(operands, einsum_backward(spec, operands, g), strict=True)):
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


def test_there_are_at_least_a_hundred_specifications():
    assert len({spec for spec, _ in CASES}) >= 130
