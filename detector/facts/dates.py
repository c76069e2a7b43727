"""Calendar dates, in a normal form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detector.article import MONTHS
from detector.facts.fact import Fact
from detector.facts.numbers import Taken

_MONTH = re.compile(
    rf"\b(?:{'|'.join(name.capitalize() for name in sorted(MONTHS, key=len, reverse=True))})\b\.?"
)
_DAY_BEFORE = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?$")
_DAY_AND_YEAR_AFTER = re.compile(
    r"(?:\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?\b(?![\d,.]*\d{3}))?"
    r"(?:,?\s+(?P<year>(?:1[89]|20)\d\d)\b)?"
)
_YEAR = re.compile(r"[12]\d\d\d(?<![\w.,$£€-]\d{4})(?![\d%]|[,.]\d|\s%|-\d\d-|\w)")


def dates(text: str) -> Iterator[Fact]:
    """Yield calendar dates, months with a year or a day, and bare years."""
    reached = -1
    written = []
    for found in _MONTH.finditer(text):
        before = _DAY_BEFORE.search(text, max(reached, found.start() - 9, 0), found.start())
        after = _DAY_AND_YEAR_AFTER.match(text, found.end())
        day, year = (after["day"], after["year"]) if after else (None, None)
        value = _date_value(found[0], before[1] if before else day, year)
        if value:
            start = before.start() if before else found.start()
            reached = after.end() if after else found.end()
            written.append(Fact("date", start, reached, text[start:reached], value))
    yield from written
    taken = Taken(written)
    for found in _YEAR.finditer(text):
        if 1800 <= int(found[0]) < 2100 and not taken.overlaps(*found.span()):
            yield Fact("date", found.start(), found.end(), found[0], found[0])


def _date_value(month_name: str, day: str | None, year: str | None) -> str | None:
    month = f"{MONTHS[month_name.lower().rstrip('.')]:02}"
    if day:
        return f"{year or '-'}-{month}-{int(day):02}"
    return f"{year}-{month}" if year else None  # "may", "march", and a month by itself
