"""Claims about numbers that follow from others."""

from __future__ import annotations

from datetime import date

import pytest

from detector.evidence.fabrication.arithmetic import is_derivable, is_hour, is_same_amount
from detector.evidence.fabrication.case import Told
from detector.facts import Quantity, figures


def told(text: str) -> list[Told]:
    return [Told(fact, 0, 0, {}) for fact in figures(text)]


def quantity(text: str) -> Quantity:
    (fact,) = [fact for fact in figures(text) if fact.quantity]
    assert fact.quantity is not None
    return fact.quantity


@pytest.mark.parametrize(
    ("wanted", "known"),
    [
        ("45 boats", "30 boats left of 75 boats"),
        ("105 boats", "30 boats and 75 boats"),
        ("40 percent", "30 boats left of 75 boats"),
        ("38 percent", "62 percent of them stayed"),
        ("150 percent", "it rose from 30 boats to 75 boats"),
        ("29 percentage points", "it fell from 41 percent to 12 percent"),
        ("£64,500", "75 percent of the £86,000"),
        ("six years", "between 2013 and 2019"),
        ("five days", "on 2 June 2025 and on 7 June 2025"),
    ],
)
def test_sums_shares_and_spans_follow(wanted: str, known: str) -> None:
    assert is_derivable(quantity(wanted), told(known))


@pytest.mark.parametrize(
    ("wanted", "known"),
    [
        ("52 boats", "30 boats left of 75 boats"),
        ("three boats", "five boats and two boats"),
        ("61 percent", "30 boats left of 75 boats"),
        ("£99,000", "75 percent of the £86,000"),
        ("nine years", "between 2013 and 2019"),
    ],
)
def test_other_numbers_do_not_follow(wanted: str, known: str) -> None:
    assert not is_derivable(quantity(wanted), told(known))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("64", "64 percent", True),
        ("64 km", "64 percent", False),
        ("two boats", "2 percent", False),
        ("48 million kroner", "48m kroner", True),
        ("49 million kroner", "48m kroner", False),
        ("234 to the right", "won 234-193", True),
    ],
)
def test_a_unit_may_be_left_out(one: str, other: str, same: bool) -> None:
    assert is_same_amount(quantity(one), quantity(other)) is same
    assert is_same_amount(quantity(other), quantity(one)) is same


def test_six_is_the_hour_of_18_o_clock() -> None:
    known = [Told(fact, 0, 0, {}) for fact in figures("at 18:00 on Friday", date(2025, 1, 1))]
    assert is_hour(Quantity(6, 6), known)
    assert not is_hour(Quantity(7, 7), known)
