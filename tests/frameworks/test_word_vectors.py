"""Nearest words and analogies in planes where the answer is drawn, not computed."""

import numpy as np
import pytest

from mlphys.frameworks.word_vectors import nearest_words, rank_of, unit_rows

# two features: which noun (first two axes), and singular or plural (third)
WORDS = ("cat", "cats", "dog", "dogs", "stone")
PLANE = np.array([[3, 0, -1], [3, 0, 1], [0, 3, -1], [0, 3, 1], [-3, -3, 0]], float)


def test_planted_analogy_is_found():
    assert nearest_words(PLANE, WORDS, ["cats", "dog"], ["cat"], count=1) == ["dogs"]
    assert rank_of("dogs", PLANE, WORDS, ["cats", "dog"], ["cat"]) == 1


def test_lengths_do_not_matter():
    stretched = PLANE * np.array([[5.0], [1.0], [0.1], [2.0], [9.0]])
    for plus, minus in ((["cat"], []), (["cats", "dog"], ["cat"])):
        assert nearest_words(stretched, WORDS, plus, minus) == nearest_words(
            PLANE, WORDS, plus, minus
        )


def test_ranks_are_places_in_the_list():
    order = nearest_words(PLANE, WORDS, ["dog"], count=4)
    assert order[-1] != "dogs"
    assert [rank_of(word, PLANE, WORDS, ["dog"]) for word in order] == [1, 2, 3, 4]
    assert rank_of("stone", PLANE, WORDS, ["dog"], apart_from=["cat"]) == 3


def test_unit_rows_have_length_one():
    assert np.linalg.norm(unit_rows(PLANE), axis=1) == pytest.approx(1)


def test_unknown_word_is_named():
    with pytest.raises(ValueError, match="got 'unicorn'"):
        nearest_words(PLANE, WORDS, ["unicorn"])
