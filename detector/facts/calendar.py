"""Names of months and weekdays, and the days that words such as "last November" mean."""

from __future__ import annotations

from datetime import date

from detector.article import MONTHS
from detector.facts.moment import SEASON_MONTHS, SEASONS, WEEK, Days, days_in, month_days, shifted

WEEKDAYS = {
    name: number
    for number, name in enumerate(
        "monday tuesday wednesday thursday friday saturday sunday".split()
    )
}
SEASON_NAMES = {"fall": "autumn", **{name: name for name in SEASONS}}
PAST, FUTURE = frozenset({"last", "past", "previous"}), frozenset({"next", "coming"})
# "Seconds ago" and the like reach no further back.
HALF_YEAR = 183
# News tells of what was more than of what will be: in November, "in March" is the last one and "in
# January" the next one.
FUTURE_WEIGHT = 3
# Months of a unit, and how many to either side "two of them ago" may mean.
_AGO_MONTHS = {"month": (1, 1), "year": (12, 7), "decade": (120, 24), "century": (1200, 240)}


def month_number(name: str) -> int | None:
    """Return the month of a name or abbreviation, with or without a full stop."""
    return MONTHS.get(name.lower().rstrip("."))


def nearest(month: int, day: int | None, published: date) -> Days:
    """Return the day or month of this name that lies nearest to the day of publication."""
    years = [year for year in range(published.year - 1, published.year + 2) if 1 <= year <= 9999]
    return min(
        (days_in(year, month, day) for year in years),
        key=lambda days: (_distance(days, published), days.first > published),
    )


def season_nearest(season: str, published: date) -> Days:
    """Return the season of this name that lies nearest to the day of publication."""
    return min(
        (month_days(published.year + shift, SEASONS[season], SEASON_MONTHS) for shift in (0, -1)),
        key=lambda days: _distance(days, published),
    )


def weekday_window(which: str, published: date) -> Days:
    """Return the days among which the weekday of "Tuesday" or "next Monday" lies.

    Writers mean the nearest one, but do not agree on whether "last Tuesday" on a Thursday is two
    days ago or nine, so that every day it may be is in the window.
    """
    if which in PAST:
        return Days.around(published, 2 * WEEK - 1, -1)
    if which in FUTURE:
        return Days(shifted(published, 1), shifted(published, 2 * WEEK - 1))
    return Days.around(published, WEEK - 1, WEEK - 1)


def period_days(unit: str, shift: int, published: date) -> Days:
    """Return the week, month, year and so on that lies so many before or after this one."""
    if unit in {"day", "night", "morning", "afternoon", "evening"}:
        return Days.around(shifted(published, shift), 0, 0)
    if unit in {"week", "weekend", "fortnight"}:
        return _weeks(unit, shift, published)
    if unit == "quarter":
        return month_days(published.year, (published.month - 1) // 3 * 3 + 1 + 3 * shift, 3)
    if unit == "month":
        return month_days(published.year, published.month + shift)
    years = {"decade": 10, "century": 100}.get(unit, 1)
    return month_days(published.year // years * years + shift * years, 1, 12 * years)


def _weeks(unit: str, shift: int, published: date) -> Days:
    monday = shifted(published, -published.weekday() + WEEK * shift)
    if unit == "weekend":  # from Friday on
        return Days(shifted(monday, 4), shifted(monday, 6))
    # weeks begin on Sunday or on Monday
    return Days(shifted(monday, -1), shifted(monday, WEEK - 1))


def named_month(which: str, month: int, published: date) -> Days:
    """Return the month of "last November": the latest before this month; "next": the first after.

    "This March" and "March" alone are the nearest.
    """
    if which in PAST:
        return month_days(published.year - (month >= published.month), month)
    if which in FUTURE:
        return month_days(published.year + (month <= published.month), month)
    return month_days(published.year, month)


def named_season(which: str, season: str, published: date) -> Days:
    """Return the season of "last summer", "next spring" or "this winter"."""
    month = SEASONS[season]
    if which in PAST:
        ended = month_days(published.year, month, SEASON_MONTHS).last < published
        return month_days(published.year - (not ended), month, SEASON_MONTHS)
    if which in FUTURE:
        return month_days(published.year + (month <= published.month), month, SEASON_MONTHS)
    return season_nearest(season, published)


def ago(count: float, unit: str, published: date) -> Days:
    """Return the days that "so many units ago" may mean: about half a unit to either side."""
    if unit in {"hour", "minute", "second"}:
        hours = {"hour": 24, "minute": 24 * 60, "second": 24 * 3600}[unit]
        return Days(shifted(published, -min(int(count / hours) + 1, HALF_YEAR)), published)
    if unit == "day":
        return Days.around(shifted(published, -_whole(count)), 1, 0)
    if unit in {"week", "fortnight"}:
        length = WEEK if unit == "week" else 2 * WEEK
        return Days.around(shifted(published, -_whole(count * length)), length // 2, length // 2)
    months, margin = _AGO_MONTHS[unit]
    middle = published.month - _whole(count * months)
    return month_days(published.year, middle - margin, 2 * margin + 1)


def _whole(count: float) -> int:
    # before the year 1 there is no calendar; a text may speak of a billion years
    return int(min(count, 10_000 * 366))


def _distance(days: Days, published: date) -> int:
    if days.first > published:
        return FUTURE_WEIGHT * (days.first - published).days
    return max(0, (published - days.last).days)
