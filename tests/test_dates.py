"""Claims about dates: what is one, its normal form, what it means from a day of publication."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stopwatch import MOST_GROWTH, cpu_seconds, growth

from detector.facts import Days, Fact, Moment, dates, figures, same_moment

# A Friday.
PUBLISHED = datetime(2025, 11, 14, 8, 30, tzinfo=UTC)


def values(text: str) -> list[str]:
    return [fact.value for fact in dates(text)]


def moment(written: str, published: datetime | None = PUBLISHED) -> Moment:
    (fact,) = dates(f"It was {written} when", published)
    assert fact.moment
    return fact.moment


def days(written: str, published: datetime = PUBLISHED) -> str:
    found = moment(written, published).days
    return f"{found.first} {found.last}" if found else ""


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("13 November 2025", "2025-11-13"),
        ("November 13th 2025", "2025-11-13"),
        ("November 13, 2025", "2025-11-13"),
        ("NOVEMBER 13, 2025", "2025-11-13"),
        ("Nov. 13, 2025", "2025-11-13"),
        ("13-Nov-2025", "2025-11-13"),
        ("13th of November 2025", "2025-11-13"),
        ("Thursday, November 13, 2025", "2025-11-13"),
        ("Thursday 13 November 2025", "2025-11-13"),
        ("2025-11-13", "2025-11-13"),
        ("2025-11-13T10:30:00Z", "2025-11-13"),
        ("13/11/2025", "2025-11-13"),
        ("11/13/2025", "2025-11-13"),
        ("13.11.2025", "2025-11-13"),
        ("13/11/25", "2025-11-13"),
        ("13 November", "--11-13"),
        ("Sept. 3", "--09-03"),
        ("5-7 June 2015", "2015-06-05..07"),
        ("FY25", "2024..2025"),
        ("FY24-25", "2024..2025"),
        ("FY2024-25", "2024..2025"),
        ("FY2025", "2025"),
        ("June 5-7", "--06-05..07"),
        ("November 2025", "2025-11"),
        ("November, 2025", "2025-11"),
        ("November", "--11"),
        ("last November", "last --11"),
        ("2025", "2025"),
        ("1899", "1899"),
        ("2013-14", "2013..2014"),
        ("2013/14", "2013..2014"),
        ("1939–1945", "1939..1945"),
        ("1990s", "199x"),
        ("21st century", "century 21"),
        ("nineteenth century", "century 19"),
        ("summer 2015", "2015-summer"),
        ("fall of 1996", "1996-autumn"),
        ("autumn of 1996", "1996-autumn"),
        ("second quarter of 2015", "2015-q2"),
        ("Q2 2015", "2015-q2"),
        ("Tuesday", "tuesday"),
        ("next Monday", "next monday"),
        ("yesterday", "yesterday"),
        ("last week", "last week"),
        ("earlier this year", "this year"),
        ("last fall", "last autumn"),
        ("nine years ago", "-108 month"),
        ("9 years ago", "-108 month"),
        ("a week ago", "-604800 s"),
        ("two and a half years ago", "-30 month"),
        ("10:30", "T10:30"),
        ("10:30 p.m.", "T22:30"),
        ("3pm", "T15:00"),
        ("15:00 GMT", "T15:00"),
        ("7 o’clock", "T07:00"),
        ("noon", "T12:00"),
    ],
)
def test_dates_and_times_have_one_form(written: str, value: str) -> None:
    text = f"It began on {written} at sea."
    (fact,) = figures(text)
    end = 12 + len(written)
    assert fact == Fact("date", 12, end, written, value, moment=fact.moment)
    assert [found.value for found in dates(text, PUBLISHED)] == [value]


def test_months_of_a_stretch_are_months() -> None:
    assert values("in April-June, January–March and the May quarter") == [
        "--04", "--06", "--01", "--03", "--05",
    ]  # fmt: skip


def test_neighbouring_dates_are_told_apart() -> None:
    assert values("from 3 March 2024 to 5 April 2025, and in 1999") == [
        "2024-03-03",
        "2025-04-05",
        "1999",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "£2025", "2025%", "1,2025", "2025,000", "route 20251", "v2025", "x/2025/a", "2025 km",
        "some 2000 soldiers", "1066 soldiers", "99/99/2025", "25:70", "13 p.m.", "2025-13-45",
        "He may march on, and she will august company keep.", "May I? April Smith met June Vik.",
        "Black Friday", "It is in The Sunday Times.", "on Mondays", "the last of this",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert values(text) == []


def test_a_year_before_1800_needs_a_word_that_says_so() -> None:
    assert values("In 1066 they came with 1066 men.") == ["1066"]


def test_years_before_1800_may_stand_between_each_other() -> None:
    def years(text: str) -> list[str]:
        return [fact.value for fact in dates(text)]

    assert years("It was built between 1621 and 1634.") == ["1621", "1634"]
    assert years("It was built from 1621 to 1634.") == ["1621", "1634"]
    assert years("They have between 1200 and 1500 boats.") == []


def test_that_may_is_of_a_year_told_before() -> None:
    (fact,) = dates("They closed it that May.", date(2018, 11, 8))
    assert fact.moment
    assert fact.moment.month == 5
    assert fact.moment.days is None


def test_decades_by_their_tens_need_an_article_or_an_apostrophe() -> None:
    assert values("In the 90s, the late ’80s and the nineties, in his 30s.") == [
        "199x",
        "198x",
        "199x",
    ]


@pytest.mark.parametrize("text", ["In May it rained.", "A May storm.", "It rained until May."])
def test_a_month_that_is_a_word_counts_after_a_preposition_or_an_article(text: str) -> None:
    assert values(text) == ["--05"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("yesterday", "2025-11-13 2025-11-13"),
        ("today", "2025-11-14 2025-11-14"),
        ("tomorrow", "2025-11-15 2025-11-15"),
        ("this week", "2025-11-09 2025-11-16"),
        ("last week", "2025-11-02 2025-11-09"),
        ("last month", "2025-10-01 2025-10-31"),
        ("next month", "2025-12-01 2025-12-31"),
        ("last year", "2024-01-01 2024-12-31"),
        ("this year", "2025-01-01 2025-12-31"),
        ("earlier this year", "2025-01-01 2025-11-14"),
        ("later this year", "2025-11-14 2025-12-31"),
        ("past year", "2024-01-01 2025-11-14"),
        ("last November", "2024-11-01 2024-11-30"),
        ("last March", "2025-03-01 2025-03-31"),
        ("next March", "2026-03-01 2026-03-31"),
        ("in March", "2025-03-01 2025-03-31"),
        ("January", "2026-01-01 2026-01-31"),
        ("3 January", "2026-01-03 2026-01-03"),
        ("3 September", "2025-09-03 2025-09-03"),
        ("last summer", "2025-06-01 2025-08-31"),
        ("Tuesday", "2025-11-08 2025-11-20"),
        ("last Tuesday", "2025-11-01 2025-11-13"),
        ("next Tuesday", "2025-11-15 2025-11-27"),
        ("two days ago", "2025-11-11 2025-11-12"),
        ("two weeks ago", "2025-10-28 2025-11-03"),
        ("two months ago", "2025-08-01 2025-10-31"),
        ("two years ago", "2023-04-01 2024-06-30"),
        ("04/05/2025", "2025-05-04 2025-05-04"),
        ("10/11/2025", "2025-11-10 2025-11-10"),
        ("2024", "2024-01-01 2024-12-31"),
        ("winter 2024", "2024-12-01 2025-02-28"),
        ("1990s", "1990-01-01 1999-12-31"),
        ("2013-14", "2013-01-01 2014-12-31"),
        ("29 February 2023", "2023-02-28 2023-02-28"),
    ],
)
def test_words_for_times_are_resolved_by_the_day_of_publication(written: str, meant: str) -> None:
    assert days(written) == meant


def test_without_a_publication_date_nothing_relative_is_resolved() -> None:
    for written in ("yesterday", "last November", "Tuesday", "5 June", "two years ago"):
        assert moment(written, None).days is None


def test_the_value_does_not_depend_on_the_publication_date() -> None:
    text = "On Tuesday, last May, 04/05/2025, 5 June, two years ago, this summer, Q3, at 3pm"
    assert [fact.value for fact in dates(text)] == [fact.value for fact in dates(text, PUBLISHED)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tuesday", "11 November 2025"),
        ("last November", "November 2024"),
        ("last November", "3 November 2024"),
        ("2024", "May 2024"),
        ("1990s", "1994"),
        ("yesterday", "Thursday"),
        ("two years ago", "2023"),
        ("last summer", "July 2025"),
        ("5-7 June 2015", "6 June 2015"),
        ("5-7 June", "7 June"),
        ("FY25", "fiscal 2025"),
        ("FY25", "2024-25"),
        ("fall of 1996", "October 1996"),
        ("10:30", "10.30 am"),
        ("third quarter of 2015", "August 2015"),
    ],
)
def test_moments_that_may_be_the_same_match(one: str, other: str) -> None:
    assert same_moment(moment(one), moment(other))
    assert same_moment(moment(other), moment(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tuesday", "12 November 2025"),
        ("Tuesday", "Wednesday"),
        ("last November", "November 2025"),
        ("2024", "May 2025"),
        ("yesterday", "Tuesday"),
        ("two years ago", "2025"),
        ("10:30", "10:30 p.m."),
        ("10:30", "2024"),
        ("13 November 2025", "14 November 2025"),
        ("5-7 June", "8 June"),
    ],
)
def test_moments_that_differ_do_not_match(one: str, other: str) -> None:
    assert not same_moment(moment(one), moment(other))
    assert not same_moment(moment(other), moment(one))


def test_either_end_of_opening_hours_is_a_time() -> None:
    assert values("Open 8am-8pm, or 10:30-11:30.") == ["T08:00", "T20:00", "T10:30", "T11:30"]
    assert values("It left at 7 p.m on a ship.") == ["T19:00"]
    assert values("They won 5-2.") == []


def test_unresolved_moments_are_compared_by_what_both_know() -> None:
    tuesday, wednesday = (moment(day, None) for day in ("Tuesday", "Wednesday"))
    june, fifth = moment("June 2015", None), moment("5 June", None)
    assert tuesday.matches(tuesday)
    assert not tuesday.matches(wednesday)
    assert not tuesday.matches(june)
    assert fifth.matches(june)
    days = moment("5-7 June", None)
    assert days.matches(moment("7 June", None))
    assert not days.matches(moment("8 June", None))
    assert not days.matches(moment("6 July", None))


def test_a_last_november_is_told_from_its_own_publication() -> None:
    early = moment("last November", datetime(2025, 3, 2, tzinfo=UTC))
    assert early.resolved == Days(date(2024, 11, 1), date(2024, 11, 30))


@given(st.datetimes(), st.sampled_from(["last week", "next Monday", "a century ago", "June 5"]))
def test_any_day_of_publication_will_do(published: datetime, written: str) -> None:
    found = moment(written, published).days
    assert found
    assert found.first <= found.last


@pytest.mark.parametrize(
    "piece",
    [
        "May 1", "1 May ", "May 11,1", "2025 ", "2025-", "Tuesday ", "Tuesday, ", "last ", "12:",
        "the early ", " ago", "1 year ago", "one two ago ", "10 a.m.", "11/11/", "1 of May", " ",
        "summer of ", "Q1 ", "1st ", "5 - 6 June ",
    ],
)  # fmt: skip
def test_dates_take_linear_time(piece: str) -> None:
    assert growth(lambda text: figures(text, PUBLISHED), piece) < MOST_GROWTH


@pytest.mark.parametrize("start", ["May", "1 May", "Tuesday,", "last", "summer of", "12"])
def test_a_megabyte_of_white_space_after_a_date_takes_little_time(start: str) -> None:
    assert cpu_seconds(lambda: figures(start + " " * 1_000_000 + "x")) < 5
