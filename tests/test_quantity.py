"""Claims about quantities: which two of them may be the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.facts import Quantity, numbers, same_quantity


def quantity(text: str) -> Quantity:
    (fact,) = numbers(f"In all {text} of it.", ())
    assert fact.quantity
    return fact.quantity


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nearly 900", "893"),
        ("about 1.3 million", "1,297,400"),
        ("1.3 million", "1,297,400"),
        ("$12.9bn", "12.87 billion dollars"),
        ("40%", "39.6 percent"),
        ("a third", "33 percent"),
        ("two-thirds", "66 per cent"),
        ("one mile", "1.6 km"),
        ("90 minutes", "1.5 hours"),
        ("three months", "12 weeks"),
        ("70 oere", "0.7 kroner"),
        ("SEK 5 million", "5 million crowns"),
        ("more than 600", "612"),
        ("more than 1,000", "1,450"),
        ("more than 1,000", "at least 1,450"),
        ("minus 4 degrees Fahrenheit", "minus 20 degrees Celsius"),
        ("half of one percent", "0.5 percent"),
        ("up to 50", "45"),
        ("20 to 30", "25"),
        ("2 to 7 percent", "7 percent"),
        ("between €200,000 and €262,500", "between 200,001 and 262,500 euros"),
        ("3 degrees Fahrenheit warmer", "1.7 degrees Celsius"),
        ("1.6 million bpd", "1.60 million barrels"),
        ("-2.4%", "2.4 percent"),
        ("minus £3m", "-£3m"),
        ("$5 million", "A$5 million"),
        ("hundreds", "450"),
        ("about 1.3 million", "some 1,297,400"),
        ("4 per cent", "4%"),
    ],
)
def test_quantities_that_may_be_the_same_match(one: str, other: str) -> None:
    assert same_quantity(quantity(one), quantity(other))
    assert same_quantity(quantity(other), quantity(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("900", "893"),
        ("nearly 900", "700"),
        ("nearly 900", "950"),
        ("more than 600", "590"),
        ("2 to 7 percent", "5 percent"),
        ("between €210,000 and €262,500", "between 200,001 and 262,500 euros"),
        ("3 degrees Fahrenheit", "1.7 degrees Celsius"),
        ("more than 600", "840"),
        ("more than 1,000", "1,600"),
        ("more than 1,000", "at least 1,600"),
        ("more than 1,000", "at least 900"),
        ("minus 4 degrees Fahrenheit", "minus 16 degrees Celsius"),
        ("40%", "41%"),
        ("40%", "40"),
        ("$5 million", "£5 million"),
        ("A$5 million", "C$5 million"),
        ("1 percent", "1.4 percent"),
        ("2 million", "2.4 million"),
        ("one mile", "2 km"),
        ("one mile", "2 miles"),
        ("20 to 30", "35"),
        ("20 to 30", "25 to 35"),
        ("more than 505", "more than 550"),
        ("2-1", "3-1"),
        ("2-1", "2 to 3"),
        ("-5C", "5C"),
    ],
)
def test_quantities_that_differ_do_not_match(one: str, other: str) -> None:
    assert not same_quantity(quantity(one), quantity(other))
    assert not same_quantity(quantity(other), quantity(one))


def test_a_score_is_the_same_told_from_either_side() -> None:
    assert Quantity(2, 1, "score").matches(Quantity(1, 2, "score"))


@given(st.floats(0.001, 1e15), st.sampled_from(["", "%", "$", "month", "score"]))
def test_a_quantity_matches_itself_whatever_the_hedge(value: float, unit: str) -> None:
    for bound in ("exactly", "about", "nearly", "under", "over"):
        hedged = Quantity(value, value, unit, bound)
        assert hedged.matches(Quantity(value, value, unit))
        assert hedged.matches(hedged)
