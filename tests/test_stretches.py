"""Claims about stretches: a batch of texts is split as each is, and nothing is read twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector import stretches
from detector.stretches import Book, Ragged, split

# All kinds of white space, and what looks like it.
SPACED = st.text(st.sampled_from("ab \n\t\x0b\x1c\x85\u00a0\u2003\u200b\u3000\u3001\ud800😀é"))


def lengths(parts: Sequence[str]) -> Ragged:
    return Ragged.of(np.array([len(p) for p in parts for _ in p], np.intp), [len(p) for p in parts])


@given(st.lists(SPACED))
def test_texts_are_split_as_each_of_them_is(texts: list[str]) -> None:
    found = split(texts)
    assert found.stretches == [stretch for text in texts for stretch in text.split()]
    joined = "\n".join(texts)
    placed = zip(found.starts.tolist(), found.stretches, strict=True)
    assert [joined[a : a + len(stretch)] for a, stretch in placed] == found.stretches
    assert [joined[a:].startswith(text) for a, text in zip(found.offsets, texts, strict=True)] == [
        True for _ in texts
    ]
    assert found.before(found.offsets).tolist() == [
        sum(len(text.split()) for text in texts[:n]) for n in range(len(texts))
    ]


def test_no_text_has_no_stretch() -> None:
    assert split([]).stretches == []
    assert split(["", " "]).before(np.array([0, 1, 2])).tolist() == [0, 0, 0]


def test_rows_of_different_lengths_are_taken_and_put_together() -> None:
    rows = Ragged.of(np.array([1, 2, 3, 4, 5, 6]), [2, 0, 3, 1])
    taken = (rows + rows).take(np.array([2, 1, 0, 2, 7]))
    assert taken.values.tolist() == [3, 4, 5, 1, 2, 3, 4, 5, 6]
    assert taken.bounds.tolist() == [0, 3, 3, 5, 8, 9]
    assert len(rows.take(np.zeros(0, np.intp))) == 0


def test_a_stretch_is_read_once() -> None:
    read: list[str] = []

    def reader(new: Sequence[str]) -> Ragged:
        read.extend(new)
        return lengths(new)

    book = Book(reader)
    for words in (["port", "of", "port"], ["of", "oil"], ["port"]):
        rows = book.rows(0, book.numbers(words))
        assert np.diff(rows.bounds).tolist() == [len(word) for word in words]
    assert read == ["port", "of", "oil"]


@given(batches=st.lists(st.lists(st.text("abc", max_size=3)), max_size=12))
def test_what_was_forgotten_is_read_again(batches: list[list[str]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "REMEMBERED", 4)
        patch.setattr(stretches, "REMEMBERED_CHARACTERS", 9)
        book = Book(lengths, lengths)
        for place, batch in enumerate(batches):
            numbers = book.numbers(batch)
            for reader in range(1 + place % 2):  # the second is behind
                rows = book.rows(reader, numbers)
                assert np.diff(rows.bounds).tolist() == [len(stretch) for stretch in batch]
                assert rows.values.tolist() == [len(s) for s in batch for _ in s]
        assert len(book._stretches) <= 4 + max(map(len, batches), default=0)
