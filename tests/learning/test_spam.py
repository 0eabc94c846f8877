"""The filter against scikit-learn, against counting by hand, and on its corpus."""

from fractions import Fraction

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import BernoulliNB

from mlphys.language.values import combine_probabilities
from mlphys.learning.evidence import logistic
from mlphys.learning.seminar_mail import load_seminar_mail
from mlphys.learning.spam import find_words, fit_spam_filter, text_evidence, word_evidence

MAIL = load_seminar_mail()


@pytest.mark.parametrize("smoothing", [0.1, 1.0, 3.0])
def test_evidence_equals_scikit_learn(smoothing):
    counter = CountVectorizer(binary=True, token_pattern=r"[a-z]+")
    seen = counter.fit_transform(MAIL.train_texts)
    rival = BernoulliNB(alpha=smoothing).fit(seen, MAIL.train_junk)
    scores = rival.predict_joint_log_proba(counter.transform(MAIL.test_texts))
    learned = fit_spam_filter(MAIL.train_texts, MAIL.train_junk, smoothing=smoothing)
    assert learned.vocabulary == tuple(counter.get_feature_names_out())
    ours = text_evidence(learned, MAIL.test_texts)
    assert np.allclose(ours, scores[:, 1] - scores[:, 0], rtol=1e-10, atol=1e-10)


def test_evidence_is_the_combination_of_exact_opinions():
    texts, junk = ["win now", "win time", "spin now", "spin"], [True, True, False, False]
    learned = fit_spam_filter(texts, junk)
    share = {"win": (3, 1), "now": (2, 2), "time": (2, 1), "spin": (1, 3)}  # of 4, after Laplace
    opinions = []
    for word, (in_junk, in_talk) in share.items():
        if word not in ("win", "now"):
            in_junk, in_talk = 4 - in_junk, 4 - in_talk
        opinions.append(Fraction(in_junk, in_junk + in_talk))
    exact = combine_probabilities(*opinions)
    assert logistic(text_evidence(learned, ["Now win!"]))[0] == pytest.approx(float(exact))


def test_held_out_texts_are_told_apart():
    learned = fit_spam_filter(MAIL.train_texts, MAIL.train_junk)
    wrong = (text_evidence(learned, MAIL.test_texts) > 0) != MAIL.test_junk
    assert wrong.mean() <= 0.05  # 0 of 40; guessing has 20


def test_a_word_that_occurs_alike_says_nothing():
    words = word_evidence(fit_spam_filter(MAIL.train_texts, MAIL.train_junk))
    assert list(words.values()) == sorted(words.values(), reverse=True)
    assert words["seminar"] < -2 and words["click"] > 2 and abs(words["energy"]) < 0.01


def test_without_smoothing_certainties_collide():
    texts, junk = ["win money", "spin waves"], [True, False]
    learned = fit_spam_filter(texts, junk, smoothing=0.0)
    assert np.isnan(text_evidence(learned, ["win waves"])[0])
    assert np.isfinite(text_evidence(fit_spam_filter(texts, junk), ["win waves"])[0])


def test_words_are_counted_once_in_lower_case():
    assert find_words("Spin-spin, SPIN 2.5 waves") == {"spin", "waves"}
    assert find_words("") == frozenset()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fit_spam_filter(["a"], [True, False]), "expected 1 booleans"),
        (lambda: fit_spam_filter(["a", "b"], [1, 0]), "booleans"),
        (lambda: fit_spam_filter(["a", "b"], [True, True]), "both classes"),
        (lambda: fit_spam_filter(["a", "b"], [True, False], smoothing=-1.0), "at least 0"),
        (lambda: text_evidence(fit_spam_filter(["a", "b"], [True, False]), "a"), "one text"),
    ],
)
def test_messages(call, message):
    with pytest.raises(ValueError, match=message):
        call()
