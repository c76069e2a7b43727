"""Whether a time of an article is one of its source, or follows from it by the calendar.

"Three weeks later", "a year earlier" and "the first half of the year" say when something was as
well as a date does: a writer who works out the date invents nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from detector.evidence.fabrication.spans import DAY_SECONDS, YEAR_MONTHS
from detector.facts import Fact, Moment, same_moment
from detector.facts.moment import Days, month_days, shifted

# A time this much longer than another does not say the other: "this week" is not "Friday".
VAGUER = 2.0
_LENGTHS = {"hour": 1.0, "day": 1.0, "month": 31.0, "year": 366.0}
NOON = 12
# A stretch told in days may be counted with or without the first; one in weeks is rounded.
DAY_SLACK, WEEK_SLACK = 1, 3
WEEK = 7
LEAP_OR_NOT = (2023, 2024)
# Longer stretches are told in months or years.
LONGEST_DAYS = 400
# Days of a stretch whose end says a month: a quarter, a half, a season; no month and no year.
SHORTEST_STRETCH, LONGEST_STRETCH = 45, 360
# A date that its words leave without a year: the year was guessed from the day of publication.
_WITHOUT_YEAR = re.compile(r"(?:(?:last|next|this) )?--\d\d")
_QUARTER = re.compile(r"q[1-4]")
_HALF_OF_DAY = re.compile(r"(?<![a-z])[ap]\.?\s?m\b|noon\b|midday", re.I)
# A clock that a writer names no more finely, and how many minutes it may lie beside another.
_ABOUT_HOUR = re.compile(r"\b(?:(after|past)|(before|nearly|almost)|around|about|roughly)\s$", re.I)
LONGEST_ABOUT = len("roughly ") + 1
MINUTES_ASIDE, HOUR_MINUTES, DAY_MINUTES = 20, 60, 1_440
_YEAR_AFTER = re.compile(
    r"\b(?:a|one|the)\syear\s(?:later|after|on)\b|\bwithin\sa\syear\b|\b(?:following|next)\syear\b",
    re.I,
)
# "Born in Ibadan on March 2, 1933"
_AT_AGE = re.compile(r"\b(?:at|aged|age|was)\s([1-9]\d)\b(?![.,:]\d|\s?[ap]\.?m)")
_BORN = re.compile(r"\bborn\b[^.;]{0,80}?\b(1[89]\d\d|20\d\d)\b", re.I)
_YEAR_BEFORE = re.compile(
    r"\byear(?:-|\s)(?:earlier|before|ago|on(?:-|\s)year)\b"
    r"|\b(?:previous|prior|preceding|last)\syear\b",
    re.I,
)
_DAY_ASIDE = re.compile(
    r"\b(?:a|one|the)\s(?:day|night|morning)\s(?:later|after|earlier|before)\b"
    r"|\b(?:next|following|previous)\s(?:day|night|morning|evening)\b",
    re.I,
)
# A term is set for the time that comes.
_TERM = (
    r"\b(?:sentence[sd]?|jail(?:ed)?|imprison(?:ed|ment)|prison|ban(?:ned)?|suspended|contract|"
    r"lease|loan|deal|term)\b"
)
LONGEST_TERM = 30
# What a stretch of a year is called, and the months it begins or ends with.
_PARTS_OF_YEAR = (
    (re.compile(r"\bfirst(?:\s|-)(?:half|six\smonths)\b", re.I), (1, 6)),
    (re.compile(r"\bsecond(?:\s|-)half\b", re.I), (7, 12)),
    (
        re.compile(
            r"\byear(?:-|\s|['’]s\s)end\b|\bfull(?:-|\s)year\b"
            r"|\bend\sof\s(?:(?:the|this)\syear|\d)",
            re.I,
        ),
        (12,),
    ),
    (
        re.compile(
            r"\b(?:start|beginning)\sof\s(?:(?:the|this|next)\syear|\d)|\bnew\syear\b", re.I
        ),
        (1,),
    ),
)


def is_same_time(own: Fact, other: Fact) -> bool:
    """Tell whether two facts name one time, neither much more vaguely than the other says."""
    one, two = own.moment, other.moment
    if one and two and len({one.weekday, two.weekday} - {None}) > 1:
        return False
    if own.value == other.value:
        return True
    if one is None or two is None:
        return False
    if _QUARTER.fullmatch(own.value) and (two.month is None or not other.text):
        return False  # the day on which something is said is in a quarter, and does not name it
    if one.day is not None and two.month is None and two.days is None:
        return False  # a weekday does not say which day of the year it was
    if _WITHOUT_YEAR.match(own.value) or _WITHOUT_YEAR.match(other.value):
        return _is_same_day_of_year(one, two)
    if _is_same_hour(own, other):
        return True
    return same_moment(one, two) and not _is_vaguer(two, one)


def follows(
    fact: Fact, near: Sequence[Fact], days: Iterable[date], sentences: Sequence[str]
) -> bool:
    """Tell whether a time follows from what a source says near its place.

    Args:
        fact: the time.
        near: dates and durations of the source that stand there, the likeliest first.
        days: when article and source were published.
        sentences: what the source says there.
    """
    wanted = fact.moment
    if wanted is None or wanted.hour is not None:
        return False
    known = [f.moment.days for f in near if f.moment and f.moment.days]
    published = [Days(day, day) for day in days]
    if _is_year_before(wanted, known, sentences) or _is_year_of_age(wanted, near, sentences):
        return True
    if grain(wanted) == "day" and wanted.month is None:
        return _is_weekday_of(wanted, known)
    years = {days.first.year for days in (*known, *published)}
    if wanted.month is not None and _is_part_of_year(wanted, known, years, sentences):
        return True
    moved = (*_moved(near, published, sentences), *_days_aside(near, sentences))
    return any(_fits(wanted, days) for days in moved)


def is_about(fact: Fact, near: Iterable[Fact], text: str) -> bool:
    """Tell whether a source has the time that a clock is a little beside: "shortly after 1 p.m.".

    Args:
        fact: the time.
        near: dates of the source that stand near its place.
        text: of the article.
    """
    about = _ABOUT_HOUR.search(text, max(0, fact.start - LONGEST_ABOUT), fact.start)
    wanted = fact.moment
    if not about or wanted is None or wanted.hour is None:
        return False
    half_day = DAY_MINUTES // 2
    for other in near:
        if other.moment and other.moment.hour is not None:
            is_open = not (
                _says_half(fact.text, wanted.hour) and _says_half(other.text, other.moment.hour)
            )
            cycle = half_day if is_open else DAY_MINUTES
            later = (_minutes(other.moment) - _minutes(wanted)) % cycle
            is_later, is_earlier = later <= MINUTES_ASIDE, cycle - later <= MINUTES_ASIDE
            if (is_later and not about[2]) or (is_earlier and not about[1]):
                return True
    return False


def _minutes(moment: Moment) -> int:
    return HOUR_MINUTES * (moment.hour or 0) + (moment.minute or 0)


def grain(moment: Moment | None) -> str:
    """Say what kind of time it is: a year does not contradict a weekday."""
    if moment is None:
        return ""
    if moment.day is not None or moment.weekday is not None:
        return "day"
    if moment.month is not None or moment.season is not None:
        return "month"
    if moment.year is not None:
        return "year"
    return "hour" if moment.hour is not None else "relative"


def _is_same_day_of_year(one: Moment, two: Moment) -> bool:
    """Compare what the words say: a year that they leave out is guessed, and may be one off."""
    if one.until or two.until:
        return same_moment(one, two)
    if one.month is None or one.month != two.month or (two.day is None and one.day is not None):
        return same_moment(one, two) and not _is_vaguer(two, one)
    if one.day is not None and two.day is not None and one.day != two.day:
        return False
    here, there = one.days, two.days
    return not here or not there or abs(here.first.year - there.first.year) <= 1


def _is_same_hour(own: Fact, other: Fact) -> bool:
    """Tell whether two clocks agree where one does not say which half of the day it means."""
    one, two = own.moment, other.moment
    if not one or not two or one.hour is None or two.hour is None or one.minute != two.minute:
        return False
    is_open = not (_says_half(own.text, one.hour) and _says_half(other.text, two.hour))
    return is_open and one.hour % NOON == two.hour % NOON


def _says_half(text: str, hour: int) -> bool:
    """Tell whether a clock says which half of the day it means: "7am", "19:30", "midnight"."""
    return hour == 0 or hour > NOON or _HALF_OF_DAY.search(text) is not None


def _is_vaguer(one: Moment, other: Moment) -> bool:
    """Tell whether a time is much longer than another, and so does not say it."""
    return _length(one) > VAGUER * _length(other)


def _length(moment: Moment) -> float:
    """Return how many days a time takes, by the finest that its words say."""
    kind = grain(moment)
    if kind in _LENGTHS:
        return _LENGTHS[kind] * (moment.years if kind == "year" else 1)
    days = moment.days
    return float((days.last - days.first).days + 1) if days else 0.0


def _is_weekday_of(wanted: Moment, known: Sequence[Days]) -> bool:
    """Tell whether the likeliest day that a source names was the weekday: "a Wednesday in May"."""
    single = next((days.first for days in known if days.first == days.last), None)
    return single is not None and single.weekday() == wanted.weekday


def _is_part_of_year(
    wanted: Moment, known: Iterable[Days], years: Collection[int], sentences: Sequence[str]
) -> bool:
    """Tell whether a month is where a stretch that the source names begins or ends."""
    if wanted.month is None or not (wanted.day in {None, 1} or _is_last_of(wanted)):
        return False
    # "The first half" is that of a year that is told, or of one next to it.
    is_near = any(wanted.year is None or abs(wanted.year - year) <= 1 for year in years or (0,))
    for words, months in _PARTS_OF_YEAR:
        is_end = is_near and wanted.month in months
        if is_end and any(words.search(sentence) for sentence in sentences):
            return True
    return any(
        wanted.month == end.month and wanted.year in {None, end.year}
        for days in known
        if SHORTEST_STRETCH <= (days.last - days.first).days < LONGEST_STRETCH
        for end in (days.first, days.last)
    )


def _is_last_of(wanted: Moment) -> bool:
    """Tell whether a day is the last of its month; in February either that may be."""
    years = (wanted.year,) if wanted.year else LEAP_OR_NOT
    return any(month_days(year, wanted.month or 1).last.day == wanted.day for year in years)


def _is_year_before(wanted: Moment, known: Sequence[Days], sentences: Sequence[str]) -> bool:
    """Tell "the first quarter of 2024" by "the first quarter … a year earlier" of 2025."""
    if wanted.year is None or grain(wanted) != "month" or wanted.until:
        return False
    a_year_on = replace(wanted, year=wanted.year + 1).days
    return a_year_on in known and any(_YEAR_BEFORE.search(sentence) for sentence in sentences)


def _is_year_of_age(wanted: Moment, near: Sequence[Fact], sentences: Sequence[str]) -> bool:
    """Tell the year in which somebody was as old as a source says, who was born in a known one."""
    if wanted.year is None or grain(wanted) != "year" or wanted.years > 1:
        return False
    born = {int(found[1]) for s in sentences if (found := _BORN.search(s))}
    ages = {int(found[1]) for s in sentences for found in _AT_AGE.finditer(s)} | {
        round(f.quantity.low) for f in near if f.quantity and f.quantity.unit == "yo"
    }
    return any(year + age == wanted.year for year in born for age in ages)


def _moved(
    near: Sequence[Fact], published: Sequence[Days], sentences: Sequence[str]
) -> Iterator[Days]:
    """Yield the times that lie a known stretch before or after a known time."""
    times = [(fact, fact.moment.days) for fact in near if fact.moment and fact.moment.days]
    starts = [*(days for _, days in times), *published]
    for words, years in ((_YEAR_BEFORE, -1), (_YEAR_AFTER, 1)):
        if any(words.search(sentence) for sentence in sentences):
            for days in starts:
                yield month_days(days.first.year + years, 1, YEAR_MONTHS)
    for fact in near:
        quantity = fact.quantity
        if quantity is None or quantity.is_range or quantity.low <= 0:
            continue
        if quantity.unit == "month":
            told = [days for time, days in times if _are_told_together(fact, time, sentences)]
            signs = (1,) if _is_to_come(fact, sentences) else (-1, 1)
            for days in (*told, *published):
                yield from _months_away(days, round(quantity.low), signs)
            continue
        for days in starts:
            if quantity.unit == "s" and 1 <= quantity.low / DAY_SECONDS <= LONGEST_DAYS:
                is_rounded = quantity.step >= WEEK * DAY_SECONDS
                slack = WEEK_SLACK if is_rounded else DAY_SLACK
                yield from _days_away(days, round(quantity.low / DAY_SECONDS), slack)


def _days_aside(near: Sequence[Fact], sentences: Sequence[str]) -> Iterator[Days]:
    """Yield the days next to one that a source names: "on Friday, a day after the hearing"."""
    for sentence in sentences:
        if not _DAY_ASIDE.search(sentence):
            continue
        for moment in (f.moment for f in near if f.moment and f.text in sentence):
            only = moment.days if grain(moment) == "day" and not moment.until else None
            for day in moment.choices or ((only.first,) if only else ()):
                yield from (Days.around(shifted(day, step), 0, 0) for step in (-1, 1))


def _are_told_together(stretch: Fact, time: Fact, sentences: Sequence[str]) -> bool:
    """Tell a stretch from that time on from one that is told elsewhere: "Two years later".

    Any year lies so many years from some other that is told somewhere near.
    """
    goes_on = re.compile(rf"{re.escape(stretch.text)}\s(?:later|earlier|after|before|on|from)\b")
    return any(
        goes_on.search(sentence) or (stretch.text in sentence and time.text in sentence)
        for sentence in sentences
    )


def _is_to_come(stretch: Fact, sentences: Sequence[str]) -> bool:
    """Tell "jailed for 14 years" and "a contract of two years" from "for the past 14 years"."""
    term = re.compile(rf"{_TERM}[^.;]{{0,{LONGEST_TERM}}}{re.escape(stretch.text)}", re.I)
    return any(term.search(sentence) for sentence in sentences)


def _months_away(days: Days, months: int, signs: Sequence[int] = (-1, 1)) -> Iterator[Days]:
    """Yield what lies so many months before or after a time.

    Args:
        days: the time.
        months: how many.
        signs: -1 to look back, 1 to look ahead.
    """
    if months % YEAR_MONTHS == 0:
        for sign in signs:
            year = days.first.year + sign * months // YEAR_MONTHS
            yield month_days(year, 1, YEAR_MONTHS)
    elif months < YEAR_MONTHS:
        for sign in signs:
            yield month_days(days.first.year, days.first.month + sign * months)


def _days_away(days: Days, count: int, slack: int) -> Iterator[Days]:
    for sign in (-1, 1):
        middle = shifted(days.first, sign * count)
        yield Days(shifted(middle, -slack), shifted(middle, slack))


def _fits(wanted: Moment, moved: Days) -> bool:
    """Tell whether a time is one that was worked out, told no more finely than it is known."""
    days = wanted.days
    if days is None:
        return False
    if grain(wanted) == "year":
        return wanted.years == 1 and days.first <= moved.first and moved.last <= days.last
    if wanted.month is None and wanted.season is None:
        return False
    longest = LONGEST_DAYS // YEAR_MONTHS if wanted.day is None else WEEK
    if (moved.last - moved.first).days >= longest:
        return False
    # a year that the words leave out was guessed: "in November" of the year before last
    years = {moved.first.year, moved.last.year} if wanted.year is None else {wanted.year}
    told = [replace(wanted, year=year).days for year in sorted(years)]
    return any(days.overlaps(moved) for days in told if days)
