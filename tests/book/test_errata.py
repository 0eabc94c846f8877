"""What the page of errata takes from a Correction box."""

from __future__ import annotations

from docutils import nodes
from mlphys_book.errata import find_test, named_tests, sentences, short_text


def box(*children: nodes.Node) -> nodes.admonition:
    return nodes.admonition(
        "", nodes.title("", "Correction: it"), nodes.paragraph("", "", *children)
    )


def plain(parts) -> str:
    return "".join(part.astext() for part in parts)


def test_sentences_end_before_capitals_and_not_in_numbers_or_formulas():
    paragraph = nodes.paragraph(
        "", "", nodes.Text("At 0.5 m, e.g. here, "), nodes.math("", "a. B"),
        nodes.Text(" holds. Is it? (No.) It\nis"), nodes.emphasis("", " so. "), nodes.Text("more."),
    )  # fmt: skip
    assert [plain(sentence) for sentence in sentences(paragraph)] == [
        "At 0.5 m, e.g. here, a. B holds.", "Is it?", "(No.) It\nis so. more.",
    ]  # fmt: skip


def test_a_sentence_may_begin_with_a_formula():
    paragraph = nodes.paragraph(
        "", "", nodes.Text("It failed. "), nodes.math("", "x"), nodes.Text(" is right.")
    )
    assert [plain(part) for part in sentences(paragraph)] == ["It failed.", "x is right."]


def test_the_short_text_is_the_first_sentence_and_what_is_right():
    said = short_text(box(nodes.Text("They say 2. Nobody saw it. Right is 3. Pinned by a test.")))
    assert plain(said) == "They say 2. Right is 3."
    said = short_text(box(nodes.Text("It is 2. This page has 4. It was 3. So what? Pinned here.")))
    assert plain(said) == "It is 2. It was 3."


def test_a_displayed_formula_ends_the_sentence_that_announces_it():
    with_formula = box(nodes.Text("They say 2. Right is,"))
    with_formula += nodes.math_block("", "x = 3")
    assert plain(short_text(with_formula)) == "They say 2. Right is, x = 3"


def test_tests_belong_to_the_file_that_follows_them():
    names = ("test_a", "test_b", "tests/x/test_one.py", "np.conj", "test_c", "tests/test_two.py")
    found = named_tests(box(*(nodes.literal("", name) for name in (*names, "test_alone"))))
    assert found == [
        ("tests/x/test_one.py", "test_a"),
        ("tests/x/test_one.py", "test_b"),
        ("tests/test_two.py", "test_c"),
        ("", "test_alone"),
    ]


def test_a_test_is_found_by_its_line(tmp_path):
    (tmp_path / "test_x.py").write_text("# test_a\n\ndef test_a():\n    pass\n", "utf-8")
    assert find_test(tmp_path, "test_x.py", "test_a") == 3
    assert find_test(tmp_path, "test_x.py", "test_b") is None
    assert find_test(tmp_path, "test_y.py", "test_a") is None
