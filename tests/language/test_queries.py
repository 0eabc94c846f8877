from itertools import combinations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from mlphys.language.queries import (
    consecutive_sums,
    count_involutions,
    divisors,
    group_by,
    invert,
    involutions,
    is_perfect,
    sort_versions,
    version_key,
)

VERSIONS = st.builds(
    lambda numbers, stage: ".".join(map(str, numbers)) + stage,
    st.lists(st.integers(0, 30), min_size=1, max_size=4),
    st.one_of(st.just(""), st.from_regex(r"(a|b|rc)[0-9]{1,2}", fullmatch=True)),
)


@given(st.dictionaries(st.text(), st.integers()))
def test_inverse_of_the_inverse_is_the_table_or_a_duplicate_is_named(table):
    if len(set(table.values())) == len(table):
        inverse = invert(table)
        assert invert(inverse) == table
        assert all(inverse[table[key]] == key for key in table)
    else:
        with pytest.raises(ValueError, match="expected each value once"):
            invert(table)


def test_the_duplicate_is_named_with_both_keys():
    with pytest.raises(ValueError, match=r"got 3 for 'b' and 'd'; use group_by"):
        invert({"a": 1, "b": 3, "c": 2, "d": 3})


@given(st.lists(st.integers(-5, 5)))
def test_groups_hold_every_item_once_in_order(items):
    groups = group_by(items, abs)
    assert all(group == [n for n in items if abs(n) == key] for key, group in groups.items())
    assert sum(map(len, groups.values())) == len(items)


@given(st.integers(1, 10**6))
def test_divisors_against_sympy(n):
    assert divisors(n) == sympy.divisors(n)


def test_perfect_numbers_up_to_ten_thousand():
    assert [n for n in range(1, 10_001) if is_perfect(n)] == [6, 28, 496, 8128]


@given(st.integers(2, 40))
def test_euclids_perfect_numbers(p):
    if sympy.isprime(2**p - 1) and p < 18:
        assert is_perfect(2 ** (p - 1) * (2**p - 1))


@given(st.lists(VERSIONS, max_size=8))
def test_versions_sort_as_the_packaging_library_sorts_them(versions):
    assert list(map(Version, sort_versions(versions))) == sorted(map(Version, versions))


@given(VERSIONS, VERSIONS)
def test_versions_compare_as_in_the_packaging_library(one, two):
    assert (version_key(one) < version_key(two)) == (Version(one) < Version(two))
    assert (version_key(one) == version_key(two)) == (Version(one) == Version(two))


@pytest.mark.parametrize("text", ["", "1.", ".1", "v1.0", "1.0-2", "1..2", "1.0rc", "1.0 ", "١"])
def test_what_is_no_version_is_refused(text):
    with pytest.raises(ValueError, match="expected numbers with dots"):
        version_key(text)


def test_consecutive_sums_against_all_runs_up_to_200():
    runs = {n: set() for n in range(1, 201)}
    for low, high in combinations(range(1, 202), 2):  # low … high − 1
        if high - low > 1 and (total := sum(range(low, high))) <= 200:
            runs[total].add(range(low, high))
    assert all(set(consecutive_sums(n)) == found for n, found in runs.items())
    assert all(len(consecutive_sums(n)) == len(found) for n, found in runs.items())


@given(st.integers(1, 10**6))
def test_there_is_a_sum_for_each_odd_divisor_above_one(n):
    odd = [d for d in sympy.divisors(n) if d % 2]
    runs = consecutive_sums(n)
    assert len(runs) == len(odd) - 1
    assert all(sum(run) == n and run[0] > 0 and len(run) > 1 for run in runs)


def test_only_powers_of_two_have_no_consecutive_sum():
    assert [n for n in range(1, 1001) if not consecutive_sums(n)] == [2**k for k in range(10)]


@pytest.mark.parametrize("n", range(8))
def test_involutions_undo_themselves_and_are_as_many_as_the_recurrence_says(n):
    found = list(involutions(n))
    assert len(set(found)) == len(found) == count_involutions(n)
    assert all(tuple(p[i] for i in p) == tuple(range(n)) for p in found)


def test_involutions_against_the_known_sequence_and_a_closed_form():
    known = [1, 1, 2, 4, 10, 26, 76, 232, 764, 2620]
    assert [count_involutions(n) for n in range(10)] == known
    n = 30  # choose k disjoint pairs: n! / ((n − 2k)! 2^k k!)
    pairs = (
        sympy.factorial(n) / (sympy.factorial(n - 2 * k) * 2**k * sympy.factorial(k))
        for k in range(n // 2 + 1)
    )
    assert count_involutions(n) == sum(pairs)


@pytest.mark.parametrize("function", [divisors, is_perfect, consecutive_sums])
def test_zero_is_refused(function):
    with pytest.raises(ValueError, match="expected an integer of at least 1; got 0"):
        function(0)


@pytest.mark.parametrize("function", [involutions, count_involutions])
def test_negative_numbers_are_refused(function):
    with pytest.raises(ValueError, match="expected an integer of at least 0; got -1"):
        function(-1)
