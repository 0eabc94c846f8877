"""Identifiers against Python's own tokenizer; the corpus against a count of small files."""

import io
import keyword
import sysconfig
import tokenize
from pathlib import Path

import pytest

from mlphys.frameworks.identifiers import Corpus, identifiers_in, library_files, load_corpus

LIBRARY = Path(sysconfig.get_paths()["stdlib"])
PLAIN = ("bisect.py", "heapq.py", "keyword.py", "stat.py", "colorsys.py", "fnmatch.py")  # no f''


def by_tokenizer(source):
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    names = [token.string for token in tokens if token.type == tokenize.NAME]
    return [name for name in names if not keyword.iskeyword(name)]


@pytest.mark.parametrize("name", PLAIN)
def test_names_are_those_of_the_tokenizer(name):
    with tokenize.open(LIBRARY / name) as file:
        source = file.read()
    assert identifiers_in(source) == by_tokenizer(source)
    assert len(identifiers_in(source)) > 10


@pytest.mark.parametrize(
    "source",
    [
        "x = 'it''s' + \"#no\"  # y",
        "a = r'\\' + b'z' + Rb'q'\nc = 0x1F + 1e5 + 2j",
        '"""doc \\""" still""" + d',
        "e = '''one\n'two' three''' or f_1",
        "größe = π",
    ],
)
def test_strings_comments_and_numbers_are_skipped(source):
    if source.startswith("a = r'"):
        source = source.replace("r'\\'", "r'\\n'")
    assert identifiers_in(source) == by_tokenizer(source)


def test_corpus_counts_words_of_files(tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.py").write_text(
            "alpha = beta(alpha)\nrare = 1\n" if number else "alpha"
        )
    corpus = load_corpus(sorted(tmp_path.glob("*.py")), least_files=2, least_count=3)
    assert corpus.words == ("alpha",)
    assert [stream.tolist() for stream in corpus.streams] == [[0], [0, -1, 0, -1], [0, -1, 0, -1]]
    assert corpus.total == 9


def test_library_leaves_out_tests():
    names = {path.relative_to(LIBRARY).parts[0] for path in library_files()}
    assert "os.py" in names
    assert not names & {"test", "site-packages"}


def test_wrong_arguments(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is none"):
        library_files(tmp_path)
    (tmp_path / "a.py").write_text("x = 1")
    with pytest.raises(ValueError, match="lower least_count"):
        load_corpus([tmp_path / "a.py"])
    with pytest.raises(ValueError, match="do not contain 'nowhere'"):
        Corpus((), ("x",), 1, "3").number("nowhere")
