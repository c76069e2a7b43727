"""Times told from the day of publication, and times of the year: "last week", "summer 2015"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from detector.facts.amounts import amount_at
from detector.facts.calendar import (
    FUTURE,
    PAST,
    SEASON_NAMES,
    ago,
    named_season,
    period_days,
    season_nearest,
)
from detector.facts.fact import Fact
from detector.facts.hedges import hedge_before
from detector.facts.moment import SEASON_MONTHS, SEASONS, Days, Moment, month_days
from detector.facts.quantity import plain
from detector.facts.spelled import TENS
from detector.facts.units import UNITS

_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_CLOCK = {"noon": 12, "midday": 12, "midnight": 0}
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4}
_CENTURIES = {
    "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20,
    "twenty-first": 21,
}  # fmt: skip
_WHICH = ("last", "next", "this", "past", "coming")
_PERIODS = (
    *"week weekend month year night quarter decade century morning afternoon evening".split(),
    *SEASON_NAMES,
)
# Decades by name: "the nineties" are those of the last century.
_DECADES = {f"{tens[:-1]}ies": int(value) for tens, value in TENS.items()}
_BODY = (
    r"(?P<day>[Yy]esterday|[Tt](?:oday|omorrow|onight))\b"
    r"|(?P<clock>[Nn]oon|[Mm]id(?:day|night))\b"
    r"|(?:(?P<part>[Ee]arlier|[Ll]ater)\s)?(?P<which>[Ll]ast|[Nn]ext|[Tt]his|[Pp]ast|[Cc]oming)\s"
    rf"(?P<period>{'|'.join(_PERIODS)})\b(?!\sof\b|-)"
    rf"|(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter)\s(?:of\s)?(?P<year>[12]\d{{3}})\b"
    rf"|(?P<quarter>[Ff](?:irst|ourth|inal)|[Ss]econd|[Tt]hird)[\s-]quarter\b(?!-)"
    r"(?:\s(?:of\s)?(?P<quarter_year>[12]\d{3})\b|\sof\s(?P<quarter_which>last|next|this)\syear\b)?"
    r"|Q(?P<q>[1-4])\b(?:\s(?:of\s)?(?P<q_year>[12]\d{3})\b)?"
    rf"|(?P<century>{'|'.join(_CENTURIES)})[\s-]century\b"
    rf"|(?:[Tt]he\s(?:early\s|late\s|mid-)?)(?P<decade>{'|'.join(_DECADES)})\b"
)
_TIME = re.compile(_BODY)
# The first words of such times.
TIME_WORDS = frozenset([
    *_DAYS, *_CLOCK, *_CENTURIES, *SEASON_NAMES,
    *(f"{name}{mark}quarter" for name in _QUARTERS for mark in " -"),
    *(f"{which} {period}" for which in _WHICH for period in _PERIODS),
    *(f"the {part}{name}" for part in ("", "early ", "late ", "mid-") for name in _DECADES),
    *(f"{part} this" for part in ("earlier", "later")), "q1", "q2", "q3", "q4",
])  # fmt: skip
_AGO = re.compile(r" ago\b")
# "two and a half decades" before "ago".
LONGEST_AGO = 40
MOST_AGO_WORDS = 5


def relative_dates(text: str, published: date | None, starts: Sequence[int]) -> Iterator[Fact]:
    """Yield times told in words other than a date; resolved when the publication is known.

    Args:
        text: the text.
        published: the day of its publication.
        starts: where its ``TIME_WORDS`` begin.
    """
    for start in starts:
        found = _TIME.match(text, start)
        if not found:
            continue
        value, moment = _READERS[found.lastgroup or ""](found, published)
        yield Fact("date", start, found.end(), text[start : found.end()], value, moment=moment)
    for found in _AGO.finditer(text):
        fact = _ago(text, found, published)
        if fact:
            yield fact


def decade(first_year: int) -> Moment:
    """Return the ten years that begin with this one."""
    return Moment(first_year, years=10)


def century(number: int) -> Moment:
    """Return the hundred years of the 20th century and so on."""
    return Moment(100 * (number - 1) + 1, years=100)


_Read = tuple[str, Moment]


def _day(found: re.Match[str], published: date | None) -> _Read:
    word = found["day"].lower()
    days = period_days("day", _DAYS[word], published) if published else None
    return word, Moment(resolved=days)


def _clock(found: re.Match[str], published: date | None) -> _Read:
    hour = _CLOCK[found["clock"].lower()]
    return f"T{hour:02}:00", Moment(hour=hour, minute=0)


def _period(found: re.Match[str], published: date | None) -> _Read:
    which, period = found["which"].lower(), found["period"]
    season = SEASON_NAMES.get(period)
    value = f"{which} {season or period}"
    if not published:
        return value, Moment(season=season)
    if season:
        return value, Moment(season=season, resolved=named_season(which, season, published))
    shift = -1 if which in PAST else which in FUTURE
    days = period_days(period, shift, published)
    if which == "past":  # "the past year" ends now
        days = Days(days.first, published)
    if found["part"] and which == "this":
        is_past = found["part"].lower() == "earlier"
        days = Days(days.first, published) if is_past else Days(published, days.last)
    return value, Moment(resolved=days)


def _season(found: re.Match[str], published: date | None) -> _Read:
    season = SEASON_NAMES[found["season"].lower()]
    return f"{found['year']}-{season}", Moment(int(found["year"]), season=season)


def _quarter(found: re.Match[str], published: date | None) -> _Read:
    number = found["q"] or _QUARTERS[found["quarter"].lower()]
    season, year = f"q{number}", found["quarter_year"] or found["q_year"]
    if year:
        return f"{year}-{season}", Moment(int(year), season=season)
    which = found["quarter_which"]
    if which and published:
        shift = -1 if which in PAST else which in FUTURE
        told = month_days(published.year + shift, SEASONS[season], SEASON_MONTHS)
        return f"{which} year {season}", Moment(season=season, resolved=told)
    days = season_nearest(season, published) if published else None
    return season, Moment(season=season, resolved=days)


def _century(found: re.Match[str], published: date | None) -> _Read:
    number = _CENTURIES[found["century"]]
    return f"century {number}", century(number)


def _decade(found: re.Match[str], published: date | None) -> _Read:
    tens = _DECADES[found["decade"]]
    return f"19{tens // 10}x", decade(1900 + tens)


_READERS = {
    "day": _day, "clock": _clock, "period": _period, "year": _season, "quarter": _quarter,
    "quarter_year": _quarter, "quarter_which": _quarter, "q": _quarter, "q_year": _quarter,
    "century": _century, "decade": _decade,
}  # fmt: skip


def _ago(text: str, found: re.Match[str], published: date | None) -> Fact | None:
    """Read "nine years ago" and "a week ago"."""
    window = max(0, found.start() - LONGEST_AGO)
    words = list(re.finditer(r"\S+", text[window : found.start()]))[-MOST_AGO_WORDS:]
    for word in words[:-1]:
        start = window + word.start()
        count, unit = _count(text, start, found.start())
        if unit:
            base = UNITS[unit]
            value = f"-{plain(count * base.factor)} {base.base}"
            hedge = hedge_before(text, start)
            days = ago(count, unit, published) if published else None
            a, b = hedge.place, found.end()
            return Fact("date", a, b, text[a:b], value, moment=Moment(resolved=days))
    return None


def _count(text: str, start: int, end: int) -> tuple[float, str]:
    """Return how many of which unit of time a stretch names; an empty unit when it names none."""
    unit = text[start:end].split()[-1].lower().removesuffix("s").replace("centurie", "century")
    if unit not in _AGO_UNITS:
        return 0.0, ""
    if text[start:end].lower() in {f"a {unit}", f"an {unit}"}:
        return 1.0, unit
    amount = amount_at(text, start)
    if amount and amount.end == end and amount.unit:
        return amount.number * amount.factor * amount.unit.factor / UNITS[unit].factor, unit
    return 0.0, ""


_AGO_UNITS = frozenset("second minute hour day week fortnight month year decade century".split())
