"""Stretches between the times that a source names: "two days" from Friday to Sunday."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from detector.evidence.fabrication.case import Told
from detector.facts import Moment, Quantity

DAY_SECONDS, YEAR_MONTHS = 86_400, 12
# Longer stretches are told in years.
LONGEST_MONTHS = 24


def days_of_months(known: Sequence[Told]) -> Iterator[Quantity]:
    """Yield "the 29th" for 29 July."""
    for told in known:
        if told.fact.moment and told.fact.moment.day:
            yield Quantity(told.fact.moment.day, told.fact.moment.day, "th")


def spans(known: Sequence[Told], published: Sequence[date]) -> Iterator[Quantity]:
    """Yield how long it is from each time that is named to each other one, and till now."""
    begun = (_first_day(k.fact.moment, published) for k in known if k.fact.moment)
    named = {day for day in begun if day}
    for first, last in combinations(sorted({*named, *published}), 2):
        if first not in named and last not in named:
            continue
        seconds = float(DAY_SECONDS * (last - first).days)
        yield Quantity(seconds, seconds, "s", "about", DAY_SECONDS)
        years = last.year - first.year
        months = YEAR_MONTHS * years + last.month - first.month
        if 0 < months < LONGEST_MONTHS:
            yield Quantity(months, months, "month", "about", 1.0)
        if years > 0:
            yield Quantity(YEAR_MONTHS * years, YEAR_MONTHS * years, "month", "about", YEAR_MONTHS)
            yield Quantity(years, years, "yo", "about", 1.0)


def _first_day(moment: Moment, published: Sequence[date]) -> date | None:
    """Return when a time begins; of a weekday, the last one that was when it was told."""
    past = [day for day in moment.choices if any(day <= now for now in published)]
    if past:
        return past[-1]
    return moment.days.first if moment.days else None
