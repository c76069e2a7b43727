"""Whether a number follows from the numbers of a source: sums, differences, shares, spans of years.

A writer who says "twice as many" or "124 more" of figures that the source gives invents nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from detector.evidence.fabrication.case import Told
from detector.facts import Quantity

# So many numbers are combined; a table would yield every number by chance.
MOST_TERMS = 16
# "About 650" is no sum of 815 and -200: what is computed is known better than what is told.
DERIVED_HEDGE = 0.04
# Smaller results come about by chance: the difference of some two numbers is three.
LEAST_RESULT = 13
PERCENT, YEAR_MONTHS, DAY_SECONDS = 100.0, 12.0, 86_400.0
# A share of two numbers is told to a whole per cent, a ratio to a tenth.
SHARE_STEP, RATIO_STEP = 1.0, 0.2
NOON = 12
# "from 6.1 days to 3.9", "to 90 kroner from 97": so many characters lie between the two at most.
LONGEST_LINK = 12
# A count without a unit may leave out what the source writes: "from 9 percent to 64".
_BARE = frozenset({"", "th", "yo"})


def is_derivable(wanted: Quantity, known: Sequence[Told]) -> bool:
    """Tell whether a number is a sum, difference, share, ratio or span of some that are known.

    Args:
        wanted: the number.
        known: numbers and dates that stand near its counterpart, a few dozen at most.
    """
    return any(_is_result(wanted, r) for r in _results(wanted, known[:MOST_TERMS]))


def _is_result(wanted: Quantity, result: Quantity) -> bool:
    """Tell whether a number is what a sum yields, to its last digit, or nearly if it is hedged."""
    if not wanted.matches(result):
        return False
    hedged = DERIVED_HEDGE * abs(result.low) if wanted.bound != "exactly" else 0.0
    return abs(wanted.low - result.low) <= hedged + wanted.step / 2 + result.step / 2


def is_same_amount(one: Quantity, other: Quantity) -> bool:
    """Tell whether two numbers agree where one of them leaves out its unit, or half of a score."""
    if one.matches(other):
        return True
    if "score" in (one.unit, other.unit):
        score, single = (one, other) if one.unit == "score" else (other, one)
        return single.unit == "" and single.low in (score.low, score.high)
    if other.is_range and not one.is_range and one.unit == other.unit:
        return one.low in (other.low, other.high)
    if one.unit != other.unit and (one.unit in _BARE or other.unit in _BARE):
        return one.low == other.low and one.high == other.high and one.low > 2
    return False


def is_hour(wanted: Quantity, known: Sequence[Told]) -> bool:
    """Tell whether a small number may be the hour of a time that is known: "at six" for 18:00."""
    hours = {k.fact.moment.hour for k in known if k.fact.moment and k.fact.moment.hour is not None}
    return wanted.unit == "" and any(wanted.low % NOON == hour % NOON for hour in hours)


def _results(wanted: Quantity, known: Sequence[Told]) -> Iterator[Quantity]:
    amounts = [*_with_units([k for k in known if k.fact.quantity and not k.fact.quantity.is_range])]
    if wanted.unit == "%":
        yield from _rests(amounts)
    for one, other in combinations(amounts, 2):
        if one.side == other.side:
            is_near = one.sentence == other.sentence
            yield from _combined(wanted, one.fact.quantity, other.fact.quantity, is_near=is_near)
    if wanted.unit in {"month", "s"}:
        yield from _spans(known)
    if wanted.unit == "th":
        yield from _days_of_months(known)


def _with_units(amounts: Sequence[Told]) -> Iterator[Told]:
    """Give a bare number the unit that its neighbour has: "to 1.21 billion kroner from 1.13"."""
    for told in amounts:
        quantity = told.fact.quantity
        beside = [a.fact.quantity for a in amounts if _is_beside(told, a)]
        units = {other.unit for other in beside if other and other.unit not in _BARE}
        if quantity and quantity.unit == "" and len(units) == 1:
            (unit,) = units
            fact = replace(told.fact, quantity=replace(quantity, unit=unit))
            yield replace(told, fact=fact)
        yield told


def _is_beside(one: Told, other: Told) -> bool:
    """Tell whether two numbers of a sentence have only a word or three between them."""
    if one is other or (one.side, one.sentence) != (other.side, other.sentence):
        return False
    first, last = sorted((one.fact, other.fact), key=lambda fact: fact.start)
    return last.start - first.end <= LONGEST_LINK


def _rests(amounts: Iterable[Told]) -> Iterator[Quantity]:
    """Yield what is left of a hundred per cent."""
    for amount in amounts:
        quantity = amount.fact.quantity
        if quantity and quantity.unit == "%" and 0 < quantity.low < PERCENT:
            rest = PERCENT - quantity.low
            yield replace(quantity, low=rest, high=rest)


def _combined(
    wanted: Quantity, one: Quantity | None, other: Quantity | None, *, is_near: bool
) -> Iterator[Quantity]:
    if not one or not other or "score" in (one.unit, other.unit):
        return
    if one.unit != other.unit:
        yield from _parts(wanted, one, other)
        return
    small, large = sorted((one, other), key=lambda quantity: quantity.low)
    is_large = wanted.high >= LEAST_RESULT or (is_near and wanted.unit not in _BARE)
    is_sum = wanted.unit in (one.unit, "") and is_large
    if is_sum or (wanted.unit == "pp" and one.unit == "%"):
        for result in (large.low + small.low, large.low - small.low):
            yield Quantity(result, result, wanted.unit, "exactly", max(one.step, other.step))
    if small.low <= 0 or one.unit == "th":
        return
    if wanted.unit == "%":
        share = PERCENT * small.low / large.low
        yield Quantity(share, share, "%", "about", SHARE_STEP)
        change = PERCENT * (large.low - small.low) / small.low
        yield Quantity(change, change, "%", "exactly", SHARE_STEP)
        fall = PERCENT - share
        yield Quantity(fall, fall, "%", "exactly", SHARE_STEP)
    if wanted.unit == "x":
        ratio = large.low / small.low
        yield Quantity(ratio, ratio, "x", "about", RATIO_STEP)


def _parts(wanted: Quantity, one: Quantity, other: Quantity) -> Iterator[Quantity]:
    """Yield a percentage of an amount, and what is left of it."""
    share, whole = (one, other) if one.unit == "%" else (other, one)
    if share.unit == "%" and wanted.unit in (whole.unit, "") and wanted.high >= LEAST_RESULT:
        part = whole.low * share.low / PERCENT
        for result in (part, whole.low - part):
            yield Quantity(result, result, wanted.unit, "exactly", whole.step)


def _days_of_months(known: Sequence[Told]) -> Iterator[Quantity]:
    """Yield "the 29th" for 29 July."""
    for told in known:
        if told.fact.moment and told.fact.moment.day:
            yield Quantity(told.fact.moment.day, told.fact.moment.day, "th")


def _spans(known: Sequence[Told]) -> Iterator[Quantity]:
    """Yield how long it is from each time that is named to each other one."""
    days = sorted({k.fact.moment.days.first for k in known if k.fact.moment and k.fact.moment.days})
    for first, last in combinations(days, 2):
        seconds = DAY_SECONDS * (last - first).days
        yield Quantity(seconds, seconds, "s", "about", DAY_SECONDS)
        if last.year > first.year:
            months = YEAR_MONTHS * (last.year - first.year)
            yield Quantity(months, months, "month", "about", YEAR_MONTHS)
