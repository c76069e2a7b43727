"""Claims about finding the words that facts begin with."""

from __future__ import annotations

from detector.facts.lookout import Lookout

WORDS = Lookout(["a half", "half", "third"], ["third quarter", "this week", "earlier this"])


def test_each_list_gets_its_own_words_of_one_place() -> None:
    assert WORDS.starts("in the third quarter") == ([(7, "third")], [(7, "third quarter")])


def test_a_word_within_another_of_its_list_is_left_out_unless_that_has_a_capital() -> None:
    assert WORDS.starts("by a half") == ([(3, "a half")], [])
    assert WORDS.starts("(A half") == ([(1, "a half"), (3, "half")], [])
    assert WORDS.starts("not earlier this week") == ([], [(4, "earlier this")])


def test_words_begin_behind_a_boundary_and_end_whole() -> None:
    assert WORDS.starts("one-half halfway xhalf Third, “half”") == (
        [(23, "third"), (31, "half")],
        [],
    )


def test_other_white_space_is_a_space() -> None:
    assert WORDS.starts("said this\nweek") == ([], [(5, "this week")])


def test_a_mark_between_two_words_is_no_space() -> None:
    assert WORDS.starts("by a/half or this (week") == ([(5, "half")], [])
