r"""A filter for junk mail that adds the evidence of words: naive Bayes with Laplace smoothing.

Each word of the vocabulary is an expert who sees whether it occurs in a text. From
:math:`k_+` of :math:`n_+` pieces of junk and :math:`k_-` of :math:`n_-` other texts with the word,

.. math:: p_\pm = \frac{k_\pm + a}{n_\pm + 2a}, \qquad
          e_{\text{present}} = \ln\frac{p_+}{p_-}, \qquad
          e_{\text{absent}} = \ln\frac{1 - p_+}{1 - p_-},

with the smoothing :math:`a`. The evidence of a text is the sum over the vocabulary plus that of the
frequencies of the classes, in nats, positive for junk. *Naive* is the belief that the experts are
independent within each class.

Chapter: ``book/learning/evidence.md``.

References
----------
Manning, Raghavan, Schütze, Introduction to Information Retrieval, Cambridge 2008, section 13.3.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

__all__ = ["SpamFilter", "find_words", "fit_spam_filter", "text_evidence", "word_evidence"]

WORD = re.compile(r"[a-z]+")


class SpamFilter(NamedTuple):
    """What a filter learned.

    Parameters
    ----------
    vocabulary : tuple of str, length d
        In alphabetical order.
    present, absent : ndarray, shape (d,)
        Evidence of each word where it occurs and where it does not, in nats.
    prior : float
        Evidence before a word is read.
    """

    vocabulary: tuple[str, ...]
    present: np.ndarray
    absent: np.ndarray
    prior: float


def find_words(text: str) -> frozenset[str]:
    """Return the words of a text, in lower case, each once; digits and signs divide words.

    Examples
    --------
    >>> sorted(find_words("Free energy! FREE pizza at 12:00"))
    ['at', 'energy', 'free', 'pizza']
    """
    return frozenset(WORD.findall(text.lower()))


def fit_spam_filter(texts: Sequence[str], junk: Any, *, smoothing: float = 1.0) -> SpamFilter:
    """Return the filter that given texts teach.

    Parameters
    ----------
    texts : sequence of str, length n
    junk : sequence or ndarray of bool, length n
        Which of them are junk; at least one is and at least one is not.
    smoothing : float, default 1
        Texts that are added to each count, with the word and without; Laplace's rule has 1. With
        0 a word that one class lacks is certain evidence, infinite.

    Returns
    -------
    SpamFilter

    Raises
    ------
    ValueError
        If texts and classes differ in number, a class is empty, or the smoothing is negative.

    Examples
    --------
    >>> texts = ["free prize", "free money", "free energy", "dark energy"]
    >>> learned = fit_spam_filter(texts, [True, True, False, False])
    >>> learned.vocabulary
    ('dark', 'energy', 'free', 'money', 'prize')
    >>> np.exp(learned.present).round(6)  # odds: free has (2 + 1)/(2 + 2) against (1 + 1)/(2 + 2)
    array([0.5     , 0.333333, 1.5     , 2.      , 2.      ])
    """
    labels = np.asarray(junk)
    if labels.dtype != bool or labels.shape != (len(texts),):
        raise ValueError(
            f"fit_spam_filter: expected {len(texts)} booleans, one for each text; "
            f"got shape {labels.shape} of {labels.dtype}"
        )
    sizes = np.array([labels.sum(), (~labels).sum()])
    if not sizes.all():
        raise ValueError(
            f"fit_spam_filter: expected texts of both classes; got {sizes[0]} of junk and "
            f"{sizes[1]} others; without examples there are no frequencies"
        )
    if not smoothing >= 0:
        raise ValueError(f"fit_spam_filter: expected smoothing of at least 0; got {smoothing}")
    bags = [find_words(text) for text in texts]
    vocabulary = tuple(sorted(frozenset().union(*bags)))
    occurs = np.array([[word in bag for word in vocabulary] for bag in bags]).reshape(
        len(texts), len(vocabulary)
    )
    counts = np.stack([occurs[labels].sum(axis=0), occurs[~labels].sum(axis=0)])
    with_word = counts + smoothing
    without = sizes[:, None] - counts + smoothing
    with np.errstate(divide="ignore"):
        log_with, log_without = np.log(with_word), np.log(without)
    log_all = np.log(sizes + 2 * smoothing)
    shift = log_all[0] - log_all[1]
    return SpamFilter(
        vocabulary,
        log_with[0] - log_with[1] - shift,
        log_without[0] - log_without[1] - shift,
        float(np.log(sizes[0] / sizes[1])),
    )


def text_evidence(learned: SpamFilter, texts: Sequence[str]) -> np.ndarray:
    """Return the evidence that each text is junk, in nats; words never seen say nothing.

    Parameters
    ----------
    learned : SpamFilter
    texts : sequence of str, length n

    Returns
    -------
    ndarray, shape (n,)
        NaN where certain evidence stands against certain evidence (only without smoothing).

    Examples
    --------
    >>> learned = fit_spam_filter(["win money", "spin waves"], [True, False])
    >>> text_evidence(learned, ["money", "spin", "zebra"]).round(3)
    array([ 1.386, -1.386,  0.   ])
    """
    if isinstance(texts, str):
        raise ValueError(
            f"text_evidence: expected a sequence of texts; got one text, {texts[:30]!r}; "
            "put it into a list"
        )
    place = {word: j for j, word in enumerate(learned.vocabulary)}
    total = np.empty(len(texts))
    for i, text in enumerate(texts):
        occurs = np.zeros(len(place), dtype=bool)
        occurs[[place[word] for word in find_words(text) if word in place]] = True
        with np.errstate(invalid="ignore"):
            total[i] = learned.prior + np.where(occurs, learned.present, learned.absent).sum()
    return total


def word_evidence(learned: SpamFilter, text: Any = None) -> dict[str, float]:
    """Return the evidence of words that are present, the strongest for junk first.

    Parameters
    ----------
    learned : SpamFilter
    text : str, optional
        Only the words of this text; by default the whole vocabulary.

    Returns
    -------
    dict of str to float
        In nats; equal ones in alphabetical order.

    Examples
    --------
    >>> learned = fit_spam_filter(["win money", "win time", "spin waves"], [True, True, False])
    >>> {word: round(e, 3) for word, e in word_evidence(learned, "Win waves").items()}
    {'win': 0.811, 'waves': -0.981}
    """
    known = dict(zip(learned.vocabulary, learned.present.tolist(), strict=True))
    if text is not None:
        found = find_words(text)
        known = {word: e for word, e in known.items() if word in found}
    return dict(sorted(known.items(), key=lambda item: -item[1]))
