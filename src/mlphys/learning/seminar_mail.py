"""A small corpus: announcements of physics seminars against junk mail.

The 120 texts were written for the course and ship with it, license CC BY 4.0; the head of
``data/seminar_mail.txt`` says so. Every third text of each class is held out for tests.

Chapter: ``book/learning/evidence.md``.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

__all__ = ["SeminarMail", "load_seminar_mail", "parse_seminar_mail"]

FILE = Path(__file__).parent / "data" / "seminar_mail.txt"
CLASSES = ("talk", "junk")


class SeminarMail(NamedTuple):
    """Texts with their classes, in a part to learn from and a part to test with.

    Parameters
    ----------
    train_texts, test_texts : tuple of str
    train_junk, test_junk : ndarray of bool
        True for junk, False for the announcement of a talk.
    source : str
        One sentence on where the texts come from, for a page to print.
    """

    train_texts: tuple[str, ...]
    train_junk: np.ndarray
    test_texts: tuple[str, ...]
    test_junk: np.ndarray
    source: str


def load_seminar_mail() -> SeminarMail:
    """Return the corpus that ships with mlphys.

    Examples
    --------
    >>> mail = load_seminar_mail()
    >>> len(mail.train_texts), len(mail.test_texts), int(mail.test_junk.sum())
    (80, 40, 20)
    >>> print(mail.source)
    Seminar mail: 60 announcements and 60 pieces of junk written for this course, CC BY 4.0.
    """
    return parse_seminar_mail(FILE.read_text("utf-8"))


def parse_seminar_mail(content: str) -> SeminarMail:
    """Return the corpus that the content of a file describes.

    Parameters
    ----------
    content : str
        One text a line, ``talk: ...`` or ``junk: ...``; lines that begin with # are left out.

    Returns
    -------
    SeminarMail

    Raises
    ------
    ValueError
        If a line has no class of ours, or a class has fewer than three texts.

    Examples
    --------
    >>> mail = parse_seminar_mail("talk: a\\ntalk: b\\ntalk: c\\njunk: d\\njunk: e\\njunk: f")
    >>> mail.train_texts, mail.test_texts
    (('a', 'b', 'd', 'e'), ('c', 'f'))
    """
    texts: dict[str, list[str]] = {name: [] for name in CLASSES}
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, text = line.partition(": ")
        if name not in texts or not text.strip():
            raise ValueError(
                f"seminar mail, line {number}: expected 'talk: text' or 'junk: text'; "
                f"got {line[:40]!r}; begin comments with #"
            )
        texts[name].append(text.strip())
    few = [name for name in CLASSES if len(texts[name]) < 3]
    if few:
        raise ValueError(
            f"seminar mail: expected at least three texts of each class; got fewer for {few}; "
            "every third one is held out for tests"
        )
    parts: dict[bool, tuple[list[str], list[bool]]] = {True: ([], []), False: ([], [])}
    for name in CLASSES:
        for position, text in enumerate(texts[name], start=1):
            chosen, junk = parts[position % 3 == 0]
            chosen.append(text)
            junk.append(name == "junk")
    (test, test_junk), (train, train_junk) = parts[True], parts[False]
    source = (
        f"Seminar mail: {len(texts['talk'])} announcements and {len(texts['junk'])} pieces of "
        "junk written for this course, CC BY 4.0."
    )
    return SeminarMail(tuple(train), np.array(train_junk), tuple(test), np.array(test_junk), source)
