"""Dates and times in digits: ISO days, 14/11/2025, years, decades, 10:30 a.m."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from detector.facts.fact import Fact
from detector.facts.hedges import hedge_before
from detector.facts.moment import Moment
from detector.facts.relative import century, decade
from detector.facts.stopwatch import stopped
from detector.facts.units import UNITS

# Numbers of four digits outside these are counts; before the second, only after "in" and the like.
FIRST_YEAR, SURE_YEAR, LAST_YEAR = 1000, 1800, 2099
# "14/11/49" is 2049, "14/11/50" is 1950: the window of POSIX strptime is 69, but news articles
# name more past than future.
LAST_SHORT_YEAR = 49
_ZONE = r"(?:\s(?:GMT|UTC|[ECMP][SD]?T|BST|IST|CES?T|AES?T|JST)\b)?"
# A day, month or hour and what follows; one pattern that begins with a digit, for speed.
_NUMERIC = re.compile(
    r"[0-9](?:(?<![\w.,/$£€:+#=&@][0-9])|(?<=\bFY[0-9]))(?:(?<!-\d)|(?<=[Mm]id-\d)|(?<=late-\d)|(?<=early-\d)|(?<=pre-\d)"
    r"|(?<=post-\d)|(?<=:\d\d-\d)|(?=\d?(?:[:.]\d\d)?\s?[apAP]\.?\s?[mM]\b))(?:"
    r"(?P<iso>\d{3}-[01]\d-[0-3]\d)(?:T\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)?)?(?![\w-])"
    r"|(?P<slashes>\d?/\d{1,2}/(?:\d{4}|\d\d)|\d?\.\d{1,2}\.(?:19|20)\d\d"
    r"|\d?-\d{1,2}-(?:19|20)\d\d)(?![\d/]|[.-]\w)"
    rf"|(?P<half>\d?(?:[:.]\d\d)?\s?[apAP](?:m\b|M\b|\.\s?[mM]\b\.?)){_ZONE}"
    rf"|(?P<clock>\d?:[0-5]\d(?::[0-5]\d)?)(?![\d:]|\.\d){_ZONE}"
    r"|(?P<oclock>\d?\so['’]clock)\b"
    r"|(?P<tens>0)s\b"
    r"|(?P<fiscal>(?<=FY[0-9])\d(?:[-/]\d\d)?)(?![\w%/-]|[.,:]\d)"
    r"|(?P<decade>\d\d0)['’]?s\b"
    r"|(?P<century>\d?(?:st|nd|rd|th)[\s-]century)\b"
    r"|(?P<years>\d{3}(?:\s?[-–—]\s?(?:[12]\d{3}|\d\d)|/\d\d))(?![\w%/-]|[.,:]\d)"
    r"|(?P<year>\d{3})(?![\d%]|[,.:/]\d|\s%|-\d\d-|\w)"
    r")"
)
# "the 90s", "’90s", "the late 90s"; but "in his 30s"
_DECADE_BEFORE = re.compile(r"(?:[’'‘]|\b[Tt]he\s(?:early\s|late\s|mid-)?)$")
LONGEST_DECADE = len("the early ")
_YEAR_WORDS = frozenset("in since by of from until till before after during between year".split())
# "FY25" and "FY2024-25"; the year begins in the one before nearly everywhere.
FISCAL = "FY"
_HALF_DAY, _NOON = frozenset("ap"), 12
# Early years are told from counts by these: "between 1504 and 1509", "from 1504 to 1509".
_BETWEEN_YEARS = re.compile(r"\b(?:between|(?:between|from)\s\d{4}\s(?:and|to|until))\s$")
LONGEST_BETWEEN = len("between 1504 until ") + 1
_TWO_YEARS = re.compile(r"\d{4}\sand\s\d{4}")
_NEXT = re.compile(r"[\s-]([^\W\d_]+)")
# Counted things after a hedge: "some 2000 soldiers".
_PLURALS = frozenset("people men women children".split())


def numeric_dates(text: str, published: date | None) -> Iterator[Fact]:
    """Yield dates, years, decades and times of day that are written in digits."""
    for found in _NUMERIC.finditer(text):
        kind = found.lastgroup or ""
        fact = _READERS[kind](text, found, published)
        if fact:
            yield fact


def _date(text: str, start: int, end: int, value: str, moment: Moment) -> Fact:
    if text[start - len(FISCAL) : start] == FISCAL:
        start -= len(FISCAL)
    return Fact("date", start, end, text[start:end], value, moment=moment)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _iso(text: str, found: re.Match[str], published: date | None) -> Fact | None:
    year, month, day = (int(part) for part in text[found.start() : found.end("iso")].split("-"))
    real = _day(year, month, day)
    if not real:
        return None
    return _date(text, *found.span(), real.isoformat(), Moment(year, month, day))


def _slashes(text: str, found: re.Match[str], published: date | None) -> Fact | None:
    """Read 14/11/2025 and 11-14-2025; where both orders are days, the nearer to publication."""
    one, two, year = (int(part) for part in re.split(r"[./-]", found[0]))
    if year < 100:
        year += 2000 if year <= LAST_SHORT_YEAR else 1900
    orders = (_day(year, one, two), _day(year, two, one))  # month first, day first
    days = [day for day in orders if day]
    if not days:
        return None
    value = days[0].isoformat()
    if len(days) > 1 and days[0] != days[1] and not published:
        return _date(text, *found.span(), value, Moment(year))
    day = min(days, key=lambda day: abs((day - published).days)) if published else days[0]
    return _date(text, *found.span(), value, Moment(day.year, day.month, day.day))


def _half_day(text: str, found: re.Match[str], published: date | None) -> Fact | None:
    digits, letter = re.split(r"\s?(?=[apAP])", found[0], maxsplit=1)
    hour, _, minute = digits.replace(":", ".").partition(".")
    is_afternoon = letter[0] in "pP"
    if not 1 <= int(hour) <= _NOON or int(minute or 0) > 59:
        return None
    return _time(text, found, int(hour) % _NOON + _NOON * is_afternoon, int(minute or 0))


def _clock(text: str, found: re.Match[str], published: date | None) -> Fact | None:
    if stopped(text, found.start()):
        return None
    hour, minute = text[found.start() : found.end("clock")].split(":")[:2]
    return _time(text, found, int(hour), int(minute)) if int(hour) < 24 else None


def _oclock(text: str, found: re.Match[str], published: date | None) -> Fact | None:
    hour = int(found[0].split()[0])
    return _time(text, found, hour, 0) if 1 <= hour <= _NOON else None


def _time(text: str, found: re.Match[str], hour: int, minute: int) -> Fact:
    moment = Moment(hour=hour, minute=minute)
    return _date(text, *found.span(), f"T{hour:02}:{minute:02}", moment)


def _decade(text: str, found: re.Match[str], published: date | None) -> Fact | None:
    first = int(found[0][:4])
    if not FIRST_YEAR <= first <= LAST_YEAR:
        return None
    return _date(text, *found.span(), f"{first // 10}x", decade(first))


def _tens(text: str, found: re.Match[str], published: date | None) -> Fact | None:
    start, tens = found.start(), int(found[0][0])
    if tens < 2 or not _DECADE_BEFORE.search(text, max(0, start - LONGEST_DECADE), start):
        return None
    return _date(text, *found.span(), f"19{tens}x", decade(1900 + 10 * tens))


def _fiscal(text: str, found: re.Match[str], published: date | None) -> Fact | None:
    """Read "FY25" and "FY24-25": the year that ends in 2025."""
    short = int(found[0][-2:])
    year = short + (2000 if short <= LAST_SHORT_YEAR else 1900)
    return _date(text, *found.span(), f"{year - 1}..{year}", Moment(year - 1, until=Moment(year)))


def _century(text: str, found: re.Match[str], published: date | None) -> Fact | None:
    number = int(re.split(r"\D", found[0], maxsplit=1)[0])
    if not 1 <= number <= 21:
        return None
    return _date(text, *found.span(), f"century {number}", century(number))


def _years(text: str, found: re.Match[str], published: date | None) -> Fact | None:
    """Read "2013-14" and "1939–1945"; without order, only the first is a year."""
    first, last = (int(part) for part in re.split(r"\s?[-–—/]\s?", found[0]))
    if last < 100:
        last += first // 100 * 100
    if not SURE_YEAR <= first < last <= LAST_YEAR:
        return _lone_year(text, found.start(), first)
    value = f"{first}..{last}"
    return _date(text, *found.span(), value, Moment(first, until=Moment(last)))


def _year(text: str, found: re.Match[str], published: date | None) -> Fact | None:
    return _lone_year(text, found.start(), int(found[0]))


def _counted(text: str, end: int) -> tuple[str, bool]:
    """Return the word behind a number, and whether it is what the number counts."""
    after = _NEXT.match(text, end)
    word = after[1].lower() if after else ""
    return word, word in UNITS or word in _PLURALS or (word.endswith("s") and len(word) > 4)


def _is_end_of_years(text: str, start: int) -> bool:
    """Tell either year of "between 1504 and 1509" from a count."""
    if not _BETWEEN_YEARS.search(text, max(0, start - LONGEST_BETWEEN), start):
        return False
    both = _TWO_YEARS.match(text, start)
    return both is None or not _counted(text, both.end())[1]


def _lone_year(text: str, start: int, year: int) -> Fact | None:
    """Tell years from counts: "in 1066" but "1066 soldiers", "2015" but "some 2000 men"."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    word, is_counted = _counted(text, start + 4)
    if not is_counted and (year >= SURE_YEAR or _is_end_of_years(text, start)):
        return _date(text, start, start + 4, str(year), Moment(year))
    hedge = hedge_before(text, start)
    if word in UNITS or (hedge.is_hedged and hedge.bound != "exactly" and is_counted):
        return None
    if year < SURE_YEAR and hedge.word.lower() not in _YEAR_WORDS:
        return None
    return _date(text, start, start + 4, str(year), Moment(year))


_READERS: dict[str, Callable[[str, re.Match[str], date | None], Fact | None]] = {
    "iso": _iso, "slashes": _slashes, "half": _half_day, "clock": _clock, "oclock": _oclock,
    "tens": _tens, "fiscal": _fiscal,
    "decade": _decade, "century": _century, "years": _years, "year": _year,
}  # fmt: skip
