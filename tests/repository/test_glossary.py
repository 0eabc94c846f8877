"""The glossary: sorted, no word twice, each explained in one to three sentences."""

import re
import unicodedata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.search(
    r"```\{glossary\}\n:sorted:\n\n(.*?)\n```",
    (ROOT / "book/glossary.md").read_text("utf-8"),
    re.DOTALL,
)
ENTRIES = [entry.split("\n") for entry in BLOCK[1].split("\n\n")] if BLOCK else []


def words_of(entry: list[str]) -> list[str]:
    """Return the terms of an entry."""
    return [line for line in entry if not line.startswith(" ")]


def sort_key(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word).casefold().replace("–", " ")
    return re.sub(r"[^a-z0-9 ]", "", plain)


def test_it_has_the_words_of_the_course():
    assert 80 <= len(ENTRIES) <= 140


def test_it_is_sorted_and_no_word_stands_twice():
    first = [words_of(entry)[0] for entry in ENTRIES]
    assert first == sorted(first, key=sort_key)
    words = [word.casefold() for entry in ENTRIES for word in words_of(entry)]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry[0])
def test_each_word_is_explained_in_one_to_three_sentences(entry):
    text = " ".join(line.strip() for line in entry if line.startswith("  "))
    assert text.endswith(".")
    sentences = re.findall(r"[.;]\s+(?=[A-Z$])|\.$", text)
    assert 1 <= len(sentences) <= 3
    assert 4 <= len(text.split()) <= 50
