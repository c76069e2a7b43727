"""What the words beside a number of an article say of how it was worked out.

"15 dollars a month" of 184 a year, "70,000 each" of 140,000 for two, "the other 45" of 46: each
invents nothing, and none is the sum or difference of two numbers that a source writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from detector.evidence.fabrication.arithmetic import (
    DAY_SECONDS,
    UNITLESS,
    is_any,
    is_same_amount,
)
from detector.evidence.fabrication.case import Told
from detector.facts import Fact, Quantity
from detector.facts.ranges import PLURAL_NOUN

_PERIOD_DAYS = {"day": 1.0, "week": 7.0, "month": 30.436875, "year": 365.2425}
_PERIODS = {
    **{name: name for name in _PERIOD_DAYS},
    "daily": "day", "weekly": "week", "monthly": "month", "annually": "year", "yearly": "year",
}  # fmt: skip
# "44,000 containers a week", "12 million per day"
_PERIOD = re.compile(
    r"(?:\s[a-z]{3,14}){0,2}\s(?:(?:an?|per|each|every)\s(day|week|month|year)\b"
    r"|(daily|weekly|monthly|annually|yearly)\b)"
)
# "Each day of the strike will cost the economy around 12 million."
_PERIOD_BEFORE = re.compile(r"\b(?:each|every)\s(day|week|month|year)\b[^.;]{1,60}$", re.I)
LONGEST_BEFORE = 80
_EACH = re.compile(r"(?:\s[a-z]{3,14})?\s(?:each|apiece)\b")
_AVERAGE = re.compile(r"\baverag(?:e\sof|ing)\s$", re.I)
_OTHER = re.compile(r"\bother\s$", re.I)
LONGEST_WORD = 12
# "Five were treated for burns and two for smoke": it counts as the number before it does.
_AND_A_FEW = re.compile(r"[^.;\d]{1,60}?\band\s(one|two)\s(?:of|for|in|by|with|from|on|as|at)\b")
_FEW = {"one": 1, "two": 2}
LEAST_OTHERS = 3
_SCORED = re.compile(
    r"[\s-](?:goals?|points?|runs?|tries|sets?|games?|frames?|legs?|wins|victories|votes?|times)\b"
)
NOON = 12
# Days of a stretch that is told in months are no whole number.
_DAYS_OF = {"s": 1 / DAY_SECONDS, "month": _PERIOD_DAYS["month"]}


def is_worked_out(
    wanted: Told, near: Sequence[Told], beside: Sequence[Told], text: str, texts: Sequence[str]
) -> bool:
    """Tell whether a number follows from a source by what the words beside it say.

    Args:
        wanted: the number of the article.
        near: numbers and dates of the sources that stand near its place.
        beside: numbers that the article tells beside it, and a source too.
        text: of the article.
        texts: of the sources.
    """
    number = wanted.fact.quantity
    if number is None or number.is_range:
        return False
    known = [k for k in near if k.fact.quantity and not k.fact.quantity.is_range]
    before = text[max(0, wanted.fact.start - LONGEST_WORD) : wanted.fact.start]
    results = [*_with_few(number, known, texts), *_moved_by_points(number, known)]
    if _OTHER.search(before) and number.unit in UNITLESS:
        results += _others(number, known)
    if _EACH.match(text, wanted.fact.end) or _AVERAGE.search(before):
        results += _for_each(number, known, beside)
    period = _period_of(wanted, text)
    results += _in_all(number, known, beside, texts)
    if period:
        results += _in_period(number, period, known, texts)
    return is_any(number, results)


def may_be_scored(text: str, fact: Fact) -> bool:
    """Tell "scored two" and "two goals" from "two match points"."""
    return not counts(text, fact) or _SCORED.match(text, fact.end) is not None


def counts(text: str, fact: Fact) -> bool:
    """Tell whether a number counts something: "six boats", not "at six"."""
    return PLURAL_NOUN.match(text, fact.end) is not None


def is_hour(wanted: Quantity, known: Sequence[Told]) -> bool:
    """Tell whether a small number may be the hour of a time that is known: "at six" for 18:00."""
    hours = {k.fact.moment.hour for k in known if k.fact.moment and k.fact.moment.hour is not None}
    is_small = wanted.unit == "" and wanted.high <= NOON
    return is_small and any(wanted.low % NOON == hour % NOON for hour in hours)


def _quantities(known: Sequence[Told]) -> Iterator[tuple[Told, Quantity]]:
    for told in known:
        if told.fact.quantity and told.fact.quantity.unit != "score":
            yield told, told.fact.quantity


def _period_of(told: Told, text: str) -> str:
    """Return the period that a rate is told by: "a week"; "" where it is no rate."""
    found = _PERIOD.match(text, told.fact.end)
    if not found:
        start = max(0, told.fact.start - LONGEST_BEFORE)
        found = _PERIOD_BEFORE.search(text, start, told.fact.start)
    return _PERIODS[next(filter(None, found.groups()))] if found else ""


def _in_period(
    wanted: Quantity, period: str, known: Sequence[Told], texts: Sequence[str]
) -> Iterator[Quantity]:
    """Yield rates by another period: 15 a month of 184 a year."""
    for told, quantity in _quantities(known):
        other = _period_of(told, texts[told.side])
        if other and other != period and quantity.unit == wanted.unit:
            yield quantity.scaled(_PERIOD_DAYS[period] / _PERIOD_DAYS[other], wanted.unit)


def _in_all(
    wanted: Quantity, known: Sequence[Told], beside: Sequence[Told], texts: Sequence[str]
) -> Iterator[Quantity]:
    """Yield what a rate comes to that is told beside it: 96 million in eight days of 12 million."""
    rates = [b.fact.quantity for b in beside if b.fact.quantity]
    for told, quantity in _quantities(known):
        period = _period_of(told, texts[told.side]) if quantity.unit == wanted.unit else ""
        if not period or not any(is_same_amount(rate, quantity) for rate in rates):
            continue
        for _, stretch in _quantities(known):
            if stretch.unit in _DAYS_OF:
                days = stretch.low * _DAYS_OF[stretch.unit]
                yield quantity.scaled(days / _PERIOD_DAYS[period], wanted.unit)


def _for_each(
    wanted: Quantity, known: Sequence[Told], beside: Sequence[Told]
) -> Iterator[Quantity]:
    """Yield an amount by what shares it: 70,000 of 140,000 for two."""
    for told, quantity in _quantities(known):
        if quantity.unit == wanted.unit:
            here = [k for k in known if (k.side, k.sentence) == (told.side, told.sentence)]
            for _, count in _quantities([*here, *beside]):
                if count.unit == "" and 1 < count.low < quantity.low:
                    yield quantity.scaled(1 / count.low, wanted.unit)


def _others(wanted: Quantity, known: Sequence[Told]) -> Iterator[Quantity]:
    """Yield all but one: "the other 45" of 46."""
    for _, quantity in _quantities(known):
        if quantity.unit in UNITLESS and quantity.low > LEAST_OTHERS:
            yield Quantity(quantity.low - 1, quantity.low - 1, wanted.unit)


def _with_few(wanted: Quantity, known: Sequence[Told], texts: Sequence[str]) -> Iterator[Quantity]:
    """Yield a count with the one or two that a source adds to it without their noun."""
    for told, quantity in _quantities(known):
        few = _AND_A_FEW.match(texts[told.side], told.fact.end) if quantity.unit == "" else None
        if few and wanted.unit == "":
            total = quantity.low + _FEW[few[1]]
            yield Quantity(total, total)


def _moved_by_points(wanted: Quantity, known: Sequence[Told]) -> Iterator[Quantity]:
    """Yield what a percentage moved from: "widened by 130 basis points to 22.4 percent"."""
    if wanted.unit != "%":
        return
    for told, share in _quantities(known):
        for other, points in _quantities(known):
            is_together = (told.side, told.sentence) == (other.side, other.sentence)
            if share.unit == "%" and points.unit == "pp" and is_together:
                for moved in (share.low - points.low, share.low + points.low):
                    yield Quantity(moved, moved, "%", "exactly", max(share.step, points.step))
