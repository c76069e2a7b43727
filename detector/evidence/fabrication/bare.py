"""Numbers that leave out their unit: "from 9 percent to 64", "51 instead of 94 million dollars"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isclose

import numpy as np

from detector.evidence.fabrication.case import Told
from detector.facts import Quantity
from detector.facts.ranges import NOUN, PLURAL_NOUN
from detector.facts.units import MONEY, UNITS, WORTHS

# "from 6.1 days to 3.9", "paid 95,000 pounds an episode, Mr. Poole 120,000": so many characters lie
# between the two at most.
LONGEST_LINK = 40
# A count without a unit may leave out what the source writes: "from 9 percent to 64".
UNITLESS = frozenset({"", "th", "yo"})
# "Two" without its unit may stand for anything.
LEAST_BARE = 2
# A tonne in American tons.
TONNE = 1000 / UNITS["ton"].factor
# A number may leave out a scale that its neighbour has only if that is written this coarsely.
FINEST_OF_SCALE = 1e-3
# Nobody writes more decimals of an amount that another one is told beside.
WRITTEN_DECIMALS = 3
# Two amounts that are compared are hardly further apart in the unit of the one that has it.
LIKE = 3.0
# "94 million dollars instead of 51"
_SCALES = (1.0, 1e6, 1e9)
# How far apart two numbers are of which one leaves out its unit; a centimetre is worth .01.
WORTH_SOMETHING = np.unique([
    max(worth, 1 / worth) for worth in (*_SCALES, *(w for unit in WORTHS.values() for w in unit))
])  # fmt: skip


def is_same_amount(one: Quantity, other: Quantity) -> bool:
    """Tell whether two numbers agree where one of them leaves out its unit, or half of a score.

    Args:
        one: a number of an article.
        other: one of a source.
    """
    if one.matches(other):
        return True
    if "score" in (one.unit, other.unit):
        # "scored twice" of 2-1; but that a source says "twice" bears out no score
        return other.unit == "score" and one.unit == "" and one.low in (other.low, other.high)
    if other.is_range and not one.is_range and one.unit == other.unit:
        return one.low in (other.low, other.high)
    if one.unit == other.unit == "kg":  # American news writes tons for tonnes
        return any(isclose(one.low * ton, other.low) for ton in (TONNE, 1 / TONNE))
    if one.unit == other.unit or not (one.unit in UNITLESS or other.unit in UNITLESS):
        return False
    bare, full = (one, other) if one.unit in UNITLESS else (other, one)
    if bare.low <= LEAST_BARE and bare.low % 1 == 0:
        return False
    return any(
        isclose(bare.low * worth, full.low) and isclose(bare.high * worth, full.high)
        for worth in worths(full.unit)
    )


def worths(unit: str) -> tuple[float, ...]:
    """Return what a number that leaves out its unit may be worth: 1,000 kg, 12 months."""
    return _SCALES if unit in MONEY else WORTHS.get(unit, (1.0,))


def as_written(told: Told) -> Told:
    """Return a fact with its number as the words have it, for another that leaves out the unit.

    "80,000 fewer" is the difference of two numbers of barrels, not of the litres in them.
    """
    quantity = told.fact.quantity
    unit = UNITS.get(told.fact.text.replace("-", " ").rsplit(None, 1)[-1].lower())
    if quantity is None or unit is None or unit.base != quantity.unit:
        return told
    written = quantity.scaled(1 / unit.factor, quantity.unit)
    return replace(told, fact=replace(told.fact, quantity=written))


def with_units(amounts: Sequence[Told], texts: Sequence[str] = ()) -> Iterator[Told]:
    """Give a bare number the unit that its neighbour has: "to 1.21 billion kroner from 1.13".

    Args:
        amounts: the numbers.
        texts: of their sources, where it is known that "two boats" of them are no two kroner.
    """
    sentences: dict[tuple[int, int], list[Told]] = {}
    for told in amounts:
        sentences.setdefault((told.side, told.sentence), []).append(told)
    for told in amounts:
        quantity = told.fact.quantity
        if quantity and quantity.unit == "" and not (texts and _counts(told, texts)):
            beside = [
                other.fact.quantity
                for other in sentences[told.side, told.sentence]
                if other is not told and gap(told, other) <= LONGEST_LINK
            ]
            others = {other.unit: other for other in beside if other and other.unit not in UNITLESS}
            if len(others) == 1:
                (other,) = others.values()
                yield replace(told, fact=replace(told.fact, quantity=_alike(quantity, other)))
        yield told


def _counts(told: Told, texts: Sequence[str]) -> bool:
    """Tell "1,450 trout" and "two boats" from "to 1.21 billion kroner from 1.13"."""
    text, end = texts[told.side], told.fact.end
    return PLURAL_NOUN.match(text, end) is not None or NOUN.match(text, end) is not None


def _alike(bare: Quantity, other: Quantity) -> Quantity:
    """Give a number the unit of another, worth as much as makes the two most alike."""
    # 140,000 is written out, and leaves no millions out of the two beside it
    told = [
        worth
        for worth in dict.fromkeys((1.0, *worths(other.unit)))  # 1: as_written leaves units out
        if other.unit not in MONEY or worth == 1 or other.step >= FINEST_OF_SCALE * worth
    ]
    own = [worth for worth in told if worth == 1 or _is_written(other.low / worth)]
    worth = min(own, key=lambda worth: _unlike(bare.low * worth, other.low))
    if _unlike(bare.low * worth, other.low) > LIKE:
        worth = min(told, key=lambda worth: _unlike(bare.low * worth, other.low))
    return bare.scaled(worth, other.unit)


def _is_written(number: float) -> bool:
    """Tell whether somebody writes a number: 1,600 metres are no 1,749.78 yards."""
    return isclose(number, round(number, WRITTEN_DECIMALS), rel_tol=1e-9)


def _unlike(one: float, other: float) -> float:
    return max(one, other) / max(min(one, other), 1e-9)


def gap(one: Told, other: Told) -> int:
    """Return how many characters lie between two facts of a sentence."""
    first, last = one.fact, other.fact
    if first.start > last.start:
        first, last = last, first
    return last.start - first.end
