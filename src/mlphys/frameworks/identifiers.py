"""A corpus that every reader has: the names in the source of Python's own standard library.

Source is read as text and never executed. Keywords, numbers, strings and comments are skipped; what
remains is a stream of identifiers for each file, in their order. Tests, the editor IDLE and demos
are left out, since not every installation has them. Which words occur depends on the version of
Python: a :class:`Corpus` carries it. Chapter: ``book/frameworks/factorization.md``.
"""

from __future__ import annotations

import keyword
import platform
import re
import sysconfig
import tokenize
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

__all__ = ["Corpus", "identifiers_in", "library_files", "load_corpus"]

LEFT_OUT = {
    "__pycache__", "ensurepip", "idlelib", "lib2to3", "pydoc_data", "site-packages",
    "dist-packages", "test", "tests", "turtledemo",
}  # fmt: skip
SOURCE = re.compile(
    r'''[rbuf]{0,2}(?:"""(?:\\.|[^\\])*?"""|\'\'\'(?:\\.|[^\\])*?\'\'\')'''  # long strings
    r"""|[rbuf]{0,2}(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""  # short ones
    r"""|\#[^\n]*|\d[\w.]*"""  # comments and numbers
    r"""|(?P<name>[^\W\d]\w*)""",
    re.DOTALL | re.IGNORECASE,
)


class Corpus(NamedTuple):
    """Streams of word numbers.

    Attributes
    ----------
    streams : tuple of ndarray of int
        One for each file; -1 stands for a word that is not in the vocabulary.
    words : tuple of str
        The vocabulary, most frequent first.
    total : int
        Number of identifiers in all files, those outside the vocabulary included.
    version : str
        Of Python, such as ``"3.11.7"``.
    """

    streams: tuple[np.ndarray, ...]
    words: tuple[str, ...]
    total: int
    version: str

    def number(self, word: str) -> int:
        """Return the number of a word.

        Raises
        ------
        ValueError
            If the vocabulary lacks it.
        """
        if word not in self.words:
            raise ValueError(
                f"the {len(self.words)} words of this corpus (Python {self.version}) do not "
                f"contain {word!r}; look into .words for those that it has"
            )
        return self.words.index(word)


def identifiers_in(source: str) -> list[str]:
    """Return the identifiers of a piece of Python source, in their order.

    Examples
    --------
    >>> identifiers_in("for key in sorted(table):  # key by key\\n    print('key', key)")
    ['key', 'sorted', 'table', 'print', 'key']
    """
    names = (match["name"] for match in SOURCE.finditer(source))
    return [name for name in names if name and not keyword.iskeyword(name)]


def library_files(root: Path | None = None) -> list[Path]:
    """Return the source files of the standard library, sorted by their path.

    Parameters
    ----------
    root : pathlib.Path, optional
        Folder to look in instead.

    Raises
    ------
    FileNotFoundError
        If there is no source file, as in a Python that carries its library in an archive.

    Examples
    --------
    >>> "abc.py" in [path.name for path in library_files()]
    True
    """
    root = root or Path(sysconfig.get_paths()["stdlib"])
    found = [
        path for path in root.rglob("*.py") if not LEFT_OUT & set(path.relative_to(root).parts)
    ]
    if not found:
        raise FileNotFoundError(
            f"library_files: expected Python source in {root}; there is none. Use a Python whose "
            "standard library lies in a folder."
        )
    return sorted(found, key=lambda path: path.relative_to(root).parts)


def load_corpus(
    files: Sequence[Path] | None = None, *, least_files: int = 8, least_count: int = 30
) -> Corpus:
    """Return the identifiers of the standard library as streams of word numbers.

    Parameters
    ----------
    files : sequence of pathlib.Path, optional
        Source files; by default those of the standard library.
    least_files, least_count : int, default 8 and 30
        A word is kept if it occurs in so many files and so often in all.

    Raises
    ------
    ValueError
        If no word occurs that often.

    Examples
    --------
    >>> corpus = load_corpus(library_files()[:40], least_files=5)
    >>> "self" in corpus.words
    True
    """
    texts = []
    for path in library_files() if files is None else files:
        with tokenize.open(path) as file:  # minds the file's own encoding
            texts.append(identifiers_in(file.read()))
    counts = Counter(word for text in texts for word in text)
    spread = Counter(word for text in texts for word in set(text))
    kept = [w for w in counts if spread[w] >= least_files and counts[w] >= least_count]
    if not kept:
        raise ValueError(
            f"load_corpus: no identifier occurs {least_count} times and in {least_files} of "
            f"{len(texts)} files; lower least_count or least_files"
        )
    words = tuple(sorted(kept, key=lambda word: (-counts[word], word)))
    numbers = {word: number for number, word in enumerate(words)}
    streams = tuple(np.array([numbers.get(w, -1) for w in text], dtype=int) for text in texts)
    return Corpus(streams, words, sum(counts.values()), platform.python_version())
