"""The words of the glossary, and how they look in prose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

__all__ = ["Finder", "Term", "forms", "plural", "straight"]


class Term(NamedTuple):
    """An entry of the glossary: its words, the first of them first, and their anchors."""

    docname: str
    words: tuple[str, ...]
    anchors: tuple[str, ...]


def plural(word: str) -> str:
    """Return the plural of a term, by rule; what has no plural gets a form that never occurs.

    Examples
    --------
    >>> [plural(word) for word in ("dual number", "entropy", "loss", "Jacobian", "ray")]
    ['dual numbers', 'entropies', 'losses', 'Jacobians', 'rays']
    """
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    if re.search(r"(s|x|z|ch|sh)$", word):
        return f"{word}es"
    return f"{word}s"


def forms(word: str) -> list[str]:
    """Return the ways in which prose may write a term: singular, plural, with a capital letter.

    Examples
    --------
    >>> forms("batch"), forms("view (of an array)")
    (['batch', 'batches', 'Batch', 'Batches'], [])
    """
    if "(" in word:
        return []
    both = [word, plural(word)]
    return list(dict.fromkeys(both + [form[0].upper() + form[1:] for form in both]))


class Finder:
    """Finds terms in text, the longest first.

    Parameters
    ----------
    terms : iterable of Term
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        self.anchor: dict[str, tuple[Term, str]] = {}
        self.bold: dict[str, Term] = {}
        for term in terms:
            for word, anchor in zip(term.words, term.anchors, strict=True):
                for form in forms(straight(word)):
                    self.anchor.setdefault(form, (term, anchor))
                bare = re.sub(r" \(.*", "", straight(word))
                self.bold |= dict.fromkeys(forms(bare), term)
        longest_first = sorted(self.anchor, key=lambda form: (-len(form), form))
        words = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in longest_first)
        # a hyphen joins: there is no entropy in "cross-entropy", no gradient in "gradient-free"
        self.pattern = re.compile(rf"(?<![\w–-])(?:{words})(?![\w–-])") if words else None

    def find(self, text: str) -> Iterator[tuple[re.Match[str], Term, str]]:
        """Yield each place of a term in a text, with the term and the anchor of its words."""
        if self.pattern is None:
            return
        for match in self.pattern.finditer(straight(text)):
            term, anchor = self.anchor[" ".join(match[0].split())]
            yield match, term, anchor


def straight(text: str) -> str:
    """Return a text with plain apostrophes; no character moves."""
    return text.replace("’", "'")
