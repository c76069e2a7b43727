"""Whether a number follows from the numbers of a source: sums, differences, shares, spans of years.

A writer who says "twice as many" or "124 more" of figures that the source gives invents nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np

from detector.evidence.fabrication.bare import (
    UNITLESS,
    as_written,
    gap,
    is_same_amount,
    with_units,
)
from detector.evidence.fabrication.case import Told
from detector.evidence.fabrication.spans import days_of_months, spans
from detector.evidence.fabrication.words import spread
from detector.facts import Quantity
from detector.facts.units import MONEY

# So many of the nearest numbers are combined, and how sure what follows from them is. Of 459
# numbers that follow from 16 of them 51 were invented, of the 325 that follow from six 24.
TERMS = ((6, 0.7), (10, 0.5), (16, 0.3))
# What is worked out of two numbers of one sentence that stand side by side, or of which one is told
# beside it.
WORKED_OUT = 1.0
# "About 650" is no sum of 815 and -200: what is computed is known better than what is told.
DERIVED_HEDGE = 0.04
# "Nearly halved" is looser: from 1,140 to 620 leaves 54 of 100.
PART_HEDGE = 0.1
# "14,700 each" for 14,688: a last digit of this share or less may be rounded.
ROUNDED = 0.025
# "Hundreds of billions" follows from nothing: its last digit is worth more than half of it.
VAGUE = 0.5
# Smaller results come about by chance: the difference of some two numbers is three.
LEAST_RESULT = 13
PERCENT = 100.0
# A share of two numbers is known so well, and a ratio; better than to the tenth that is told of it.
SHARE_STEP, RATIO_STEP = 0.05, 0.2
# "from 75 boats to 30", "30 boats, down from 75": the source itself compares two numbers this near.
# "Two helicopters and 60 divers" it only lists; two prices side by side may be taken together.
LONGEST_COMPARISON, FROM_TO = 60, 20
_COMPARES = re.compile(r"\b(?:from|to|than|against|versus|compared|instead|of|after)\b")


def derivation(wanted: Quantity, known: Sequence[Told], published: Sequence[date] = ()) -> float:
    """Return how surely a number is a sum, difference, share, ratio or span of some known ones.

    Args:
        wanted: the number.
        known: numbers and dates that stand near its counterpart, the nearest first.
        published: days from which ages and spans are counted as well.

    Returns:
        0 where it is none; else the more, the fewer of the nearest it takes: by chance any number
        follows from some two of many.
    """
    if wanted.is_range or wanted.step > VAGUE * abs(wanted.low):
        return 0.0
    for terms, certainty in TERMS:
        if is_any(wanted, _results(wanted, known[:terms], published)):
            return certainty
        if len(known) <= terms:
            break
    return 0.0


class Sums:
    """The sums and differences of each two numbers of a sentence, to be looked up.

    Args:
        known: numbers of the sources.
        texts: of these.
    """

    def __init__(self, known: Sequence[Told], texts: Sequence[str]) -> None:
        self._texts = texts
        amounts = [k for k in known if k.fact.quantity and not k.fact.quantity.is_range]
        groups: dict[tuple[int, int, str], list[Told]] = {}
        for told in with_units(amounts, texts):
            if told.fact.quantity and told.fact.quantity.unit != "score":
                key = told.side, told.sentence, told.fact.quantity.unit
                groups.setdefault(key, []).append(told)
        self._told = [told for group in groups.values() for told in group]
        sizes = np.array([len(group) for group in groups.values()], np.intp)
        stops = np.repeat(np.cumsum(sizes), sizes)
        self._others, self._ones = spread(np.arange(len(stops)) + 1, stops)
        quantities = [told.fact.quantity for told in self._told if told.fact.quantity]
        lows, steps = (
            np.array([getattr(quantity, name) for quantity in quantities], float)
            for name in ("low", "step")
        )
        pair = lows[self._ones], lows[self._others]
        self._results = np.stack([pair[0] + pair[1], abs(pair[0] - pair[1])])
        self._steps = np.maximum(steps[self._ones], steps[self._others])

    def tell(
        self, wanted: Quantity, near: Collection[tuple[int, int]], beside: Sequence[Told]
    ) -> bool:
        """Tell whether a number is worked out of two of a sentence: "€7.20, €2.10 more".

        Args:
            wanted: the number.
            near: sources and sentences of them where its counterpart may stand.
            beside: numbers that are told beside it; one of the two must be among them, unless the
                source says "from 75 boats to 30" and the number is large or has a unit.
        """
        if wanted.is_range:
            return False
        told = [other.fact.quantity for other in beside if other.fact.quantity]
        is_large = says_much(wanted) or wanted.high >= LEAST_RESULT
        slack = _slack(wanted) + self._steps / 2 + _hedge(wanted) * abs(self._results)
        for n in np.flatnonzero((abs(wanted.low - self._results) <= slack).any(axis=0)).tolist():
            one, other = self._told[self._ones[n]], self._told[self._others[n]]
            if (one.side, one.sentence) not in near:
                continue
            pair = [each.fact.quantity for each in (one, other) if each.fact.quantity]
            if is_any(wanted, _differences(wanted, *pair)) and (
                (is_large and self._are_compared(one, other))
                or any(is_same_amount(here, each) for each in pair for here in told)
            ):
                return True
        return False

    def _are_compared(self, one: Told, other: Told) -> bool:
        """Tell whether a source compares two numbers, and does not only list them."""
        away = gap(one, other)
        if away > LONGEST_COMPARISON:
            return False
        first = min(one.fact.end, other.fact.end)
        if _COMPARES.search(self._texts[one.side], first, first + away):
            return True
        quantity = one.fact.quantity
        return away <= FROM_TO and quantity is not None and quantity.unit not in UNITLESS


def _differences(wanted: Quantity, one: Quantity, other: Quantity) -> Iterator[Quantity]:
    """Yield the sum and the difference of two numbers of one unit, also of small ones."""
    if wanted.unit in (one.unit, "", "pp"):
        for result in (one.low + other.low, abs(one.low - other.low)):
            yield Quantity(result, result, wanted.unit, "exactly", max(one.step, other.step))


def is_any(wanted: Quantity, results: Iterable[Quantity]) -> bool:
    """Tell whether a number is what a sum yields, to its last digit, or nearly if it is hedged."""
    slack, hedge, zeros = _slack(wanted), _hedge(wanted), _zeros(wanted)
    for result in results:
        away = abs(wanted.low - result.low)
        if away <= slack + result.step / 2 + hedge * abs(result.low):
            is_rounded = zeros > wanted.step and away <= zeros / 2
            if is_rounded or wanted.matches(result):
                return True
    return False


def _slack(wanted: Quantity) -> float:
    """Return how far a number may lie from what it is, for its own digits."""
    return max(wanted.step, _zeros(wanted)) / 2


def _zeros(wanted: Quantity) -> float:
    """Return what the last digit that is no zero is worth, within reason."""
    worth = wanted.step
    while 10 * worth <= ROUNDED * abs(wanted.low) and wanted.low % (10 * worth) == 0:
        worth *= 10
    return worth


def _hedge(wanted: Quantity) -> float:
    """Return the share by which a number may lie beside what it is, for its hedge."""
    if wanted.bound == "exactly":
        return 0.0
    is_part = wanted.unit == "x" or (wanted.unit == "%" and wanted.step > 1)
    return PART_HEDGE if is_part else DERIVED_HEDGE


def _results(
    wanted: Quantity, known: Sequence[Told], published: Sequence[date]
) -> Iterator[Quantity]:
    told = [k for k in known if k.fact.quantity and not k.fact.quantity.is_range]
    amounts = [*with_units([as_written(k) for k in told] if wanted.unit == "" else told)]
    if wanted.unit == "%":
        yield from _rests(amounts)
    if wanted.unit not in {"%", "x", *UNITLESS} or wanted.high >= LEAST_RESULT:
        yield from _halves(wanted, amounts)
    for one, other in combinations(amounts, 2):
        if one.side == other.side:
            is_near = one.sentence == other.sentence
            yield from _combined(wanted, one.fact.quantity, other.fact.quantity, is_near=is_near)
    if wanted.unit in {"month", "s", "yo"}:
        yield from spans(known, published)
    if wanted.unit == "th":
        yield from days_of_months(known)


def _rests(amounts: Iterable[Told]) -> Iterator[Quantity]:
    """Yield what is left of a hundred per cent."""
    for amount in amounts:
        quantity = amount.fact.quantity
        if quantity and quantity.unit == "%" and 0 < quantity.low < PERCENT:
            rest = PERCENT - quantity.low
            yield replace(quantity, low=rest, high=rest)


def _halves(wanted: Quantity, amounts: Iterable[Told]) -> Iterator[Quantity]:
    """Yield half of a number and twice it."""
    for amount in amounts:
        quantity = amount.fact.quantity
        if quantity and quantity.unit == wanted.unit:
            for result in (quantity.low / 2, quantity.low * 2):
                yield Quantity(result, result, wanted.unit, "exactly", quantity.step / 2)


def _combined(
    wanted: Quantity, one: Quantity | None, other: Quantity | None, *, is_near: bool
) -> Iterator[Quantity]:
    if not one or not other or "score" in (one.unit, other.unit):
        return
    if one.unit != other.unit:
        yield from _parts(wanted, one, other, is_near=is_near)
        yield from _per_head(wanted, one, other)
        return
    small, large = sorted((one, other), key=lambda quantity: quantity.low)
    is_large = wanted.high >= LEAST_RESULT or (is_near and says_much(wanted))
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
        for ratio in (large.low / small.low, small.low / large.low):
            yield Quantity(ratio, ratio, "x", "about", RATIO_STEP * min(1.0, ratio))


def says_much(wanted: Quantity) -> bool:
    """Tell a number with a unit or with decimals, which no two small counts have by chance."""
    return wanted.unit not in UNITLESS or wanted.step < 1


def _parts(
    wanted: Quantity, one: Quantity, other: Quantity, *, is_near: bool
) -> Iterator[Quantity]:
    """Yield a percentage of an amount, what is left of it, and what it changed from."""
    share, whole = (one, other) if one.unit == "%" else (other, one)
    if share.unit == "%" and wanted.unit in (whole.unit, "") and wanted.high >= LEAST_RESULT:
        part = whole.low * share.low / PERCENT
        results = [part, whole.low - part]
        if is_near and share.low != PERCENT:  # "318,000, 6% fewer than before"
            before = [whole.low / (1 + sign * share.low / PERCENT) for sign in (-1, 1)]
            results += [*before, *(abs(whole.low - each) for each in before)]
        for result in results:
            yield Quantity(result, result, wanted.unit, "exactly", whole.step)


def _per_head(wanted: Quantity, one: Quantity, other: Quantity) -> Iterator[Quantity]:
    """Yield an amount of money divided by a count, or paid so many times."""
    money, count = (one, other) if one.unit in MONEY else (other, one)
    if money.unit == wanted.unit and wanted.unit in MONEY and count.unit == "" and count.low > 1:
        for result in (money.low / count.low, money.low * count.low):
            yield Quantity(result, result, wanted.unit, "about", SHARE_STEP)
