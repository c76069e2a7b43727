"""Claims about times of an article that are its source's, or follow from what it says."""

from __future__ import annotations

from datetime import date

import pytest

from detector.article import Article
from detector.evidence.fabrication.times import follows, is_about, is_same_time
from detector.facts import Fact, facts

PUBLISHED = "2018-11-08"


def read(text: str) -> list[Fact]:
    return [
        f for f in facts(Article.from_text(text, published=PUBLISHED)) if f.moment or f.quantity
    ]


def time_of(text: str) -> Fact:
    (fact,) = (fact for fact in read(text) if fact.moment)
    return fact


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("It left last September.", "It left in September."),  # no year said: the same month
        ("Completion is due in April.", "It is due by April 1, 2019."),
        ("Completion is due on April 1.", "It is due on April 1, 2019."),
        ("It crossed at 7:25.", "It crossed at 7:25 p.m."),
        ("It crossed at 7:25.", "It crossed at 19:25."),
        ("It crossed at 7.25pm.", "It crossed at 19:25."),
        ("It happened on 14 August.", "It happened on August 14th."),
        ("It fell that June.", "It fell in June 2011."),
        ("It is due in the first quarter of next year.", "It is due in Q1 of 2019."),
        ("It fell on 25-02-2015.", "It fell on February 25, 2015."),
    ],
)
def test_one_time_in_other_words_is_the_same(here: str, there: str) -> None:
    assert is_same_time(time_of(here), time_of(there))


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("It left in October.", "It left in September."),
        ("It is due on April 2.", "It is due on April 1, 2019."),
        ("It is due on April 2, 2019.", "It is due in April."),  # says more than the source
        ("It is due in April 2015.", "It is due on April 1, 2019."),
        ("It crossed at 7:25 a.m.", "It crossed at 7:25 p.m."),
        ("It crossed at 7:26.", "It crossed at 7:25 p.m."),
        ("It crossed at 7am.", "It crossed at 7pm."),
        ("It crossed at 7.25am.", "It crossed at 19:25."),
        ("It crossed at noon.", "It crossed at midnight."),
        ("It left on Friday, 14 August.", "It left on Thursday, 14 August."),
        (
            "It is due in the fourth quarter of next year.",
            "It is due in the fourth quarter of 2018.",
        ),
    ],
)
def test_other_times_are_not(here: str, there: str) -> None:
    assert not is_same_time(time_of(here), time_of(there))


def test_a_weekday_does_not_say_which_day_of_the_year_it_was() -> None:
    here = Article.from_text("It fell on Tuesday 10 October 2014.")
    there = Article.from_text("It fell on Tuesday.")
    (own,), (other,) = ([f for f in facts(side) if f.moment] for side in (here, there))
    assert not is_same_time(own, other)


def test_the_day_on_which_it_is_told_names_no_quarter() -> None:
    here = time_of("It made more in the fourth quarter.")
    assert not is_same_time(here, time_of("It said so on Thursday."))
    assert is_same_time(here, time_of("It lasted until November 8."))


def derived(here: str, there: str) -> bool:
    return follows(time_of(here), read(there), [date(2018, 11, 8)], [there])


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("It made more in 2017.", "It made 515 million, down from 600 million a year earlier."),
        ("They will vote in 2033.", "A joint board will run it for 15 years from then."),
        ("It is the lowest since last summer.", "It is the lowest in four months."),
        ("It opens on March 31.", "It closes in the first quarter of next year."),
        ("They return in early December.", "It stands idle for six weeks from October 21."),
        ("It lost money from January on.", "It lost money in the first half of the year."),
        ("It is to reach 2.5 % by December.", "It is to reach 2.5 % by the end of the year."),
        ("It shut down in September.", "It made a loss in the third quarter of 2018."),
        ("It held 61 million on December 31.", "It held 61 million at the end of the year."),
        ("They met on a Wednesday.", "They met on 30 August 2023."),
        ("It is to reach 9,000 by December.", "It kept its full-year forecast of 9,000."),
        ("It opens on 10 November.", "They fly on Friday, a day after it opens."),
        ("It runs until June 2019.", "It closes in the second quarter of next year."),
        ("They met on November 5.", "They met three days later, after the vote of November 2."),
        ("It sold more in the third quarter of 2017.",
         "It sold 40 boats in the third quarter of 2018, up from 31 a year earlier."),
        ("She sailed off in 1979.", "Born in Oslo on 3 May 1961, she went to sea at 18."),
        ("He led it from 1987 on.", "He joined in 1986 and within a year led it."),
        ("He left it in 1989.", "He joined it in 1986. Three years later he left."),
        ("He led it from 1987 on.", "He joined it in 1986 and led it from the year after."),
        ("They met in early November.", "They met three weeks after the vote of 11 October 2015."),
        ("It has sold them since last June.", "It has sold them for five months."),
        ("They flew on October 3.", "They flew the day after the vote on October 2."),
        ("They flew on October 3.", "They voted on October 2 and flew the next morning."),
        ("He will be free in 2024.", "He was sent to prison for six years."),
    ],
)  # fmt: skip
def test_a_time_that_the_calendar_yields_follows(here: str, there: str) -> None:
    assert derived(here, there)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("It made more in 2016.", "It made 515 million, down from 600 million a year earlier."),
        ("It is the lowest since last winter.", "It is the lowest in four months."),
        ("It opens on March 28.", "It closes in the first quarter of next year."),
        ("They return on November 10.", "It stands idle for 15 days from October 21."),
        ("They will vote in 2031.", "A joint board will run it for 15 years from then."),
        ("They return in early March.", "It stands idle for six weeks from October 21."),
        ("It lost money from March on.", "It lost money in the first half of the year."),
        ("It has been shut since January 2015.", "It was bought in 2012 for 3 million."),
        ("It has been shut since March 2015.", "It was bought in March 2012 for 3 million."),
        ("It lost money from June 2009 on.", "It lost money in the first half of the year."),
        ("It was shut on December 9.", "It lost money in the second half of the year."),
        ("They met on a Tuesday.", "They met on 30 August 2023."),
        ("They met on a Wednesday.", "They met in August 2023."),
        ("It was shut in October.", "It burnt for 50 minutes on September 30."),
        ("It sold more in the second quarter of 2017.",
         "It sold 40 boats in the third quarter of 2018, up from 31 a year earlier."),
        ("She sailed off in 1983.", "Born in Oslo on 3 May 1961, she went to sea at 18."),
        ("She sailed off in 1979.", "The ship of 1961 has a crew of 18."),
        ("It opens on 20 November.", "They fly on Friday, a day after it opens."),
        ("It runs until June 2018.", "It closes in the second quarter of next year."),
        ("They met on November 9.", "They met three days later, after the vote of November 2."),
        ("They met in early August.", "They met three weeks after the vote of 11 October 2015."),
        ("It has sold them since last May.", "It has sold them for five months."),
        ("It sold them on June 19.", "It has sold them for five months."),
        ("They flew on October 5.", "They flew the day after the vote on October 2."),
        ("He had been fined in 2012.", "He was sentenced to six years after a trial."),
        ("It was sold in 2008.", "It got a contract for ten years."),
    ],
)  # fmt: skip
def test_a_time_that_it_does_not_yield_does_not_follow(here: str, there: str) -> None:
    assert not derived(here, there)


def test_years_that_are_told_elsewhere_lie_so_many_years_apart_by_chance() -> None:
    told = ["It sank in 1986.", "The lease runs for three years."]
    assert not follows(time_of("It sank in 1983."), read(" ".join(told)), [], told)


@pytest.mark.parametrize(
    ("here", "there", "about"),
    [
        ("It sank shortly after 4 p.m.", "It sank at 4:10 p.m.", True),
        ("It sank just before 4 p.m.", "It sank at 15:50.", True),
        ("It sank at around 4 p.m.", "It sank at 3:52 p.m.", True),
        ("It sank after 4:00.", "It sank at 4:10 p.m.", True),
        ("It sank shortly after 4 p.m.", "It sank at 3:50 p.m.", False),
        ("It sank shortly after 4 p.m.", "It sank at 4:10 a.m.", False),
        ("It sank shortly after 4 p.m.", "It sank at 5:10 p.m.", False),
        ("It sank at 4 p.m.", "It sank at 4:10 p.m.", False),
    ],
)
def test_a_clock_may_be_told_a_little_beside(here: str, there: str, about: bool) -> None:
    assert is_about(time_of(here), read(there), here) is about
