"""A point or stretch of time, and whether two of them may be the same."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

# Seasons of the northern half, and quarters: the first of three months; winter ends in the next
# year.
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12, "q1": 1, "q2": 4, "q3": 7, "q4": 10}
SEASON_MONTHS = 3
WEEK = 7


@dataclass(frozen=True, slots=True)
class Days:
    """The days from the first to the last, both included."""

    first: date
    last: date

    def overlaps(self, other: Days) -> bool:
        """Tell whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last

    @classmethod
    def around(cls, day: date, before: int, after: int) -> Days:
        """Return the days from so many before a day to so many after it."""
        return cls(shifted(day, -before), shifted(day, after))


@dataclass(frozen=True, slots=True)
class Moment:
    """What a text says of a time; None where it says nothing.

    Attributes:
        year: 1 to 9999.
        month: 1 to 12.
        day: 1 to 31; always one that the month has.
        weekday: 0 for Monday to 6.
        hour: 0 to 23, with ``minute``.
        minute: 0 to 59.
        season: spring, summer, autumn, winter, or a quarter: q1 to q4.
        years: how many years from ``year`` on are meant: 10 for a decade.
        until: where a stretch ends that begins here: ``June 5-7``, ``2013-14``.
        resolved: the days meant by "yesterday", "last November", "June 5" or "Tuesday", seen from
            the day of publication; the weekday, if known, tells which of them.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    hour: int | None = None
    minute: int | None = None
    season: str | None = None
    years: int = 1
    until: Moment | None = None
    resolved: Days | None = None

    @property
    def days(self) -> Days | None:
        """The days this may be: from the words alone, or else as seen from publication."""
        if self.year is None:
            return self.resolved
        days = _days_of(self, self.year)
        if self.until and self.until.days:
            return Days(days.first, max(days.last, self.until.days.last))
        return days

    @property
    def choices(self) -> tuple[date, ...]:
        """The single days that a resolved weekday may mean, such as two Tuesdays; else empty."""
        days = self.days
        if self.weekday is None or not days:
            return ()
        first = shifted(days.first, (self.weekday - days.first.weekday()) % WEEK)
        count = (days.last - first).days // WEEK + 1
        return tuple(shifted(first, WEEK * number) for number in range(count))

    def matches(self, other: Moment) -> bool:
        """Tell whether both may be one time: they share something known, and nothing disagrees."""
        a, b = self.days, other.days
        if a and b:
            return a.overlaps(b) and _agree(self, other) and _fits(self, b) and _fits(other, a)
        return _agree(self, other) and _share(self, other)


def same_moment(one: Moment, other: Moment) -> bool:
    """Tell whether two moments may be one time; the same seen from either side."""
    return one.matches(other)


def shifted(day: date, days: int) -> date:
    """Return the day so many days later, kept within the calendar."""
    try:
        return day + timedelta(days)
    except OverflowError:
        return date.max if days > 0 else date.min


def month_days(year: int, month: int, months: int = 1) -> Days:
    """Return the days of some months, of which the first may lie outside 1 to 12."""
    first = _year_and_month(year, month)
    last = _year_and_month(year, month + months - 1)
    return Days(
        date(first.year, first.month, 1),
        date(last.year, last.month, monthrange(last.year, last.month)[1]),
    )


def _year_and_month(year: int, month: int) -> date:
    count = min(max(year * 12 + month - 1, 12), 9999 * 12 + 11)
    return date(count // 12, count % 12 + 1, 1)


def _days_of(moment: Moment, year: int) -> Days:
    if moment.season:
        return month_days(year, SEASONS[moment.season], SEASON_MONTHS)
    if moment.month is None:
        return month_days(year, 1, 12 * moment.years)
    return days_in(year, moment.month, moment.day)


def days_in(year: int, month: int, day: int | None) -> Days:
    """Return one day of a month, or all of them."""
    if day is None:
        return month_days(year, month)
    only = date(year, month, min(day, monthrange(year, month)[1]))
    return Days(only, only)


_PARTS = ("month", "day", "weekday", "hour", "minute", "season")
_PARTS_OF_STRETCHES = ("month", "hour", "minute", "season")


def _agree(one: Moment, other: Moment) -> bool:
    """Tell whether no part that both know differs; weekdays within a stretch are left out."""
    parts = _PARTS_OF_STRETCHES if one.until or other.until else _PARTS
    pairs = [(getattr(one, part), getattr(other, part)) for part in parts]
    return _meet(one, other) and all(a is None or b is None or a == b for a, b in pairs)


def _meet(one: Moment, other: Moment) -> bool:
    """Tell whether the days of a month, if both say some, have one in common."""
    if one.day is None or other.day is None:
        return True
    return one.day <= _last_day(other) and other.day <= _last_day(one)


def _last_day(moment: Moment) -> int:
    return (moment.until and moment.until.day) or moment.day or 0


def _share(one: Moment, other: Moment) -> bool:
    return any(
        getattr(one, part) is not None and getattr(other, part) is not None for part in _PARTS
    )


def _fits(moment: Moment, days: Days) -> bool:
    """Tell whether the days hold one of the moment's weekday."""
    if moment.weekday is None or (days.last - days.first).days >= WEEK - 1:
        return True
    first = days.first.weekday()
    return (moment.weekday - first) % WEEK <= (days.last - days.first).days
