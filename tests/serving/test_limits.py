"""Bounds must bound."""

from dataclasses import fields

import pytest

from mlphys.serving.limits import Limits


@pytest.mark.parametrize("name", [field.name for field in fields(Limits)])
def test_each_bound_is_positive(name):
    with pytest.raises(ValueError, match=f"expected {name} above 0; got -1"):
        Limits(**{name: -1})
    if name != "waiting":
        with pytest.raises(ValueError, match=name):
            Limits(**{name: 0})


def test_a_queue_may_have_no_places():
    assert Limits(waiting=0).waiting == 0
