"""The corpus is complete, ours by its head, and split without overlap."""

import numpy as np
import pytest

from mlphys.learning.seminar_mail import FILE, load_seminar_mail, parse_seminar_mail


def test_corpus_is_complete_and_balanced():
    mail = load_seminar_mail()
    assert len(mail.train_texts) == mail.train_junk.size == 80
    assert len(mail.test_texts) == mail.test_junk.size == 40
    assert mail.train_junk.sum() == 40 and mail.test_junk.sum() == 20
    everything = mail.train_texts + mail.test_texts
    assert len(set(everything)) == 120
    assert all(60 <= len(text) <= 200 for text in everything)


def test_license_stands_at_the_head():
    head = FILE.read_text("utf-8").splitlines()[:8]
    assert all(line.startswith("#") for line in head)
    assert "SPDX-License-Identifier: CC-BY-4.0" in "\n".join(head)


def test_texts_hold_no_addresses():
    for text in load_seminar_mail().train_texts + load_seminar_mail().test_texts:
        assert "@" not in text and "http" not in text and "www." not in text


def test_every_third_text_is_held_out():
    lines = [f"{name}: {name} {i}" for i in range(1, 8) for name in ("junk", "talk")]
    mail = parse_seminar_mail("# head\n\n" + "\n".join(lines))
    assert mail.test_texts == ("talk 3", "talk 6", "junk 3", "junk 6")
    assert np.array_equal(mail.test_junk, [False, False, True, True])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("talk: a\nspam: b", "line 2: expected 'talk: text'"),
        ("talk:   ", "line 1"),
        ("talk: a\ntalk: b\ntalk: c\njunk: d", "at least three"),
    ],
)
def test_messages(content, message):
    with pytest.raises(ValueError, match=message):
        parse_seminar_mail(content)
