"""Dates and times, in a normal form, and resolved by the day of publication."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import chain

from detector.article import MONTHS
from detector.facts.beginnings import Beginnings, beginnings
from detector.facts.calendar import (
    FUTURE,
    PAST,
    WEEKDAYS,
    month_number,
    named_month,
    nearest,
    weekday_window,
)
from detector.facts.fact import Fact
from detector.facts.lookout import tree
from detector.facts.moment import Days, Moment, shifted
from detector.facts.numeric_dates import numeric_dates
from detector.facts.relative import relative_dates

_FULL_NAMES = frozenset(
    "january february march april may june july august september october november december".split()
)


def _capitalised(names: Iterable[str]) -> str:
    return tree(form for name in names for form in (name.capitalize(), name.upper()))


# It begins with a capital, which is rare and quickly found. Only an abbreviation has a full stop.
_SHORT = "|".join(
    form for name in MONTHS if len(name) == 3 for form in (name.title(), name.upper())
)
_NAME = re.compile(
    rf"{_capitalised([*MONTHS, *WEEKDAYS])}(?![a-z0-9])(?:(?<={_SHORT})(?<!May)\.|(?<=Sept)\.)?"
)
_ORDINAL = r"(?:st|nd|rd|th)?"
_DAY_BEFORE = re.compile(
    rf"\b(?:(?P<other>\d{{1,2}}){_ORDINAL}\s?(?:[-–—]|to)\s?)?(?P<day>\d{{1,2}}){_ORDINAL}"
    r"(?:\s+(?:of\s+)?|-)$"
)
# "27th to 29th of " before a month.
LONGEST_DAYS = 18
_AFTER = re.compile(
    rf"(?:\s{{1,9}}(?P<day>\d{{1,2}}){_ORDINAL}\b(?:\s?[-–—]\s?(?P<other>\d{{1,2}}){_ORDINAL}\b)?"
    r"(?![\d,.]*\d{3}|[:/.]\d|\s?(?:%|p\.?m\b|a\.?m\b|per\s?cent|[mb]illion|hundred|thousand))"
    r"|(?P<hyphen>-(?=[12]\d{3}\b)))?"
    r"(?:(?:,?\s{1,9}|(?<=-))(?P<year>1[0-9]\d\d|20\d\d)\b(?![,.]\d))?"
)
_BETWEEN_DAY_AND_DATE = frozenset({", ", " ", " the ", ", the ", ","})
_CAPITAL_AFTER = re.compile(r"\s[A-Z]")
_DAY_ENDS = frozenset("0123456789tdhf")
LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# Months that are also words or given names; bare ones count only after one of these words.
_WORD_MONTHS = frozenset("march april may june august".split())
_MONTH_WORDS = frozenset(
    "in since until till during last next this that past coming early late mid before after "
    "through from by to of every a the throughout its his her their each around".split()
)
# "April-June", "March quarter": no word and no given name.
_MONTH_AFTER = re.compile(rf"[-–—/]{_capitalised(MONTHS)}|\squarter\b")
# "Black Friday" is no day of the week that a text tells.
_NAMED_DAYS = frozenset("black good super ash easter cyber holy palm bloody fat whit".split())
LONGEST_WORD_BEFORE = 12
_BEFORE_MONTHS = frozenset(" -–/\n\u00a0")


def dates(
    text: str, published: datetime | date | None = None, begun: Beginnings | None = None
) -> Iterator[Fact]:
    """Yield dates and times in the order of the text.

    Args:
        text: the text.
        published: when it was published; "Tuesday", "last November" and "June 5" are resolved by
            it in each fact's moment. The values do not depend on it.
        begun: where times in words may begin, where that has been read.
    """
    times = (begun or beginnings(text)).times
    day = published.date() if isinstance(published, datetime) else published
    found = sorted(
        chain(_named_dates(text, day), numeric_dates(text, day), relative_dates(text, day, times)),
        key=lambda fact: (fact.start, -fact.end),
    )
    last: Fact | None = None
    for fact in found:
        joined = _joined(text, last, fact) if last else None
        if joined:
            last = joined
        elif not last or fact.start >= last.end:
            if last:
                yield last
            last = fact
    if last:
        yield last


def _joined(text: str, weekday: Fact, after: Fact) -> Fact | None:
    """Join "Tuesday" with the date right behind it."""
    known, moment = weekday.moment, after.moment
    if not known or not moment or known.weekday is None or known.month or not moment.month:
        return None
    if text[weekday.end : after.start] not in _BETWEEN_DAY_AND_DATE:
        return None
    start, end = weekday.start, after.end
    moment = replace(moment, weekday=known.weekday)
    return Fact("date", start, end, text[start:end], after.value, moment=moment)


def _named_dates(text: str, published: date | None) -> Iterator[Fact]:
    """Yield dates with the name of a month or weekday in them."""
    reached = 0
    for found in _NAME.finditer(text):
        if text[found.start() - 1 : found.start()].isalnum() or found.start() < reached:
            continue
        number = WEEKDAYS.get(found[0].lower())
        if number is None:
            fact = _month(text, found, reached, published)
        else:
            fact = _weekday(text, found, number, published)
        if fact:
            reached = fact.end
            yield fact


def _weekday(text: str, found: re.Match[str], number: int, published: date | None) -> Fact | None:
    word, start = _word_before(text, found.start())
    lower, name = word.lower(), found[0].lower()
    names_paper = lower == "the" and _CAPITAL_AFTER.match(text, found.end())
    if (lower in _NAMED_DAYS and word[0].isupper()) or names_paper:
        return None
    which = lower if lower in PAST | FUTURE | {"this"} else ""
    a, b = start if which else found.start(), found.end()
    window = weekday_window(which, published) if published else None
    value = f"{which} {name}".strip()
    return Fact("date", a, b, text[a:b], value, moment=Moment(weekday=number, resolved=window))


def _month(text: str, found: re.Match[str], reached: int, published: date | None) -> Fact | None:
    month = month_number(found[0])
    word, _ = _word_before(text, found.start())
    before = _day_before(text, found.start(), reached)
    after = _AFTER.match(text, found.end())
    if month is None or after is None:
        return None
    year = int(after["year"]) if after["year"] else None
    is_count = word.lower() == "in" and not year  # "In May 50 people"
    days = before or (None if is_count or not after["day"] else after)
    end = after.end() if year or days is after else found.end()
    if days and not _is_day(days["day"], month):
        days, end = None, (found.end() if days is after else end)
    if days:
        start = before.start() if days is before and before else found.start()
        moment = _dated(year, month, days, published)
        return Fact("date", start, end, text[start:end], _value(moment), moment=moment)
    if year:
        start = found.start()
        value = f"{year}-{month:02}"
        return Fact("date", start, end, text[start:end], value, moment=Moment(year, month))
    return _bare_month(text, found, month, published)


def _bare_month(text: str, found: re.Match[str], month: int, published: date | None) -> Fact | None:
    """Read a month alone; "may" and "march" are words, "April" and "Jan" are names."""
    name, (word, place) = found[0].lower(), _word_before(text, found.start())
    lower = word.lower()
    is_word = name in _WORD_MONTHS and lower not in _MONTH_WORDS | _FULL_NAMES
    if name not in _FULL_NAMES or (is_word and not _MONTH_AFTER.match(text, found.end())):
        return None
    which = lower if lower in PAST | FUTURE else ""
    start, end = place if which else found.start(), found.end()
    days = named_month(which, month, published) if which and published else None
    if published and not which and lower != "that":  # "that May": of a year told before
        days = nearest(month, None, published)
    value = f"{which} --{month:02}".strip()
    return Fact(
        "date", start, end, text[start:end], value, moment=Moment(None, month, resolved=days)
    )


def _day_before(text: str, start: int, reached: int) -> re.Match[str] | None:
    if not text[start - 1 : start].isspace() and text[start - 1 : start] != "-":
        return None
    if text[start - 2 : start - 1] not in _DAY_ENDS:
        return None
    return _DAY_BEFORE.search(text, max(reached, start - LONGEST_DAYS, 0), start)


def _is_day(day: str, month: int) -> bool:
    return 1 <= int(day) <= LONGEST_MONTHS[month - 1]


def _dated(year: int | None, month: int, days: re.Match[str], published: date | None) -> Moment:
    """Return the moment of a day, or of several: "5-7 June", "June 5-7"."""
    day, other = int(days["day"]), days["other"]
    until = None
    if other and _is_day(other, month):
        first, last = sorted((day, int(other)))
        day, until = first, Moment(year, month, last)
    resolved = nearest(month, day, published) if published and year is None else None
    if resolved and until and until.day:
        resolved = Days(resolved.first, shifted(resolved.first, until.day - day))
    return Moment(year, month, day, until=until, resolved=resolved)


def _value(moment: Moment) -> str:
    value = f"{moment.year or '-'}-{moment.month:02}-{moment.day:02}"
    return f"{value}..{moment.until.day:02}" if moment.until else value


def _word_before(text: str, start: int) -> tuple[str, int]:
    """Return the word before a place, and where it begins."""
    if text[start - 1 : start] not in _BEFORE_MONTHS:
        return "", start
    window = text[max(0, start - LONGEST_WORD_BEFORE) : start - 1]
    word = window.replace("-", " ").replace("–", " ").rsplit(None, 1)[-1:]
    if not word or not window.endswith(word[0]) or not word[0].isalpha():
        return "", start
    return word[0], start - 1 - len(word[0])
