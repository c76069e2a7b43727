"""A number with its unit, and whether two of them may be the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# What a writer says of a number: exactly it, about it, a little less, less, more.
Bound = Literal["exactly", "about", "nearly", "under", "over"]
# "nearly 900" for 893 and "about 1.3 million" for 1,297,400 are usual, "nearly 900" for 700 is not.
# Judged, then checked on the hand-labelled derivatives: of 20 invented numbers one matches a number
# of its source, and that is equal to it by chance.
HEDGED = 0.1
# "more than 600" may be 700, not 2,000.
BEYOND = 0.25
# "More than a million" is said up to where one says a million and a half.
FAR_BEYOND = 0.5
# "Between 2 and 7 per cent" does not say that it is 5: the one is more than twice the other.
WIDE = 2.0
# "Hundreds" are from two of them to ten or more.
SEVERAL = 10.0
# "From 200,001 euros" is from 200,000: bands begin where others end.
BAND = 1e-4
_POWERS_OF_TEN = frozenset(10.0**power for power in range(2, 16))
# A number is rounded to its last written digit, but not so far that another number results: 1.4
# per cent is not "1 per cent", 12.6 billion is "13 billion".
LARGEST_ROUNDING = 0.1
# Days of a mean month of the Gregorian calendar; "three months" may be said of 12 or 13 weeks.
MONTH_SECONDS = 30.436875 * 86_400
# Larger numbers are digit strings, not amounts; a float of 400 digits is infinite.
LARGEST = 1e18
# Enough for two thirds of a per cent and exchange rates; more would show errors of conversion.
DECIMALS = 4
# Two floats that differ less were computed differently from the same digits.
FLOAT_ERROR = 1e-6
# "It fell 2 %" for "-2 %"; but it is colder at -2 degrees than at 2.
_SIGNED = frozenset({"°C", "°"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, a range or a score in a base unit.

    Attributes:
        low: the number, or where a range begins; a score's first half.
        high: the same number, or where a range ends; a score's second half.
        unit: base unit: ``""`` for a count, ``%``, a currency (``$``, ``£``, ``a$``), ``m``,
            ``m2``, ``l``, ``kg``, ``s``, ``month`` (also years), ``m/s``, ``°C``, ``W``; ``yo`` for
            ages, ``th`` for ranks, ``x`` for "twice as many", ``score``.
        bound: how the writer hedged it.
        step: what the last written digit is worth in the base unit: 1e8 for ``12.9bn``.
    """

    low: float
    high: float
    unit: str = ""
    bound: Bound = "exactly"
    step: float = 1.0

    @property
    def value(self) -> str:
        """The normal form, without the hedge: ``40 %``, ``20..30 kg``, ``2-1 score``."""
        number, unit = plain(self.low), self.unit
        if unit == "score":
            number += "-" + plain(self.high)
        elif self.high != self.low:
            number += ".." + plain(self.high)
        return f"{number} {unit}" if unit else number

    @property
    def is_range(self) -> bool:
        """Whether it is two different numbers."""
        return self.high != self.low

    @property
    def unsigned(self) -> Quantity:
        """The same without a minus, for which a verb may stand; a temperature keeps it."""
        if self.high >= 0 or self.unit in _SIGNED:
            return self
        return Quantity(abs(self.high), abs(self.low), self.unit, self.bound, self.step)

    @property
    def lowest(self) -> float:
        """The least that the words allow."""
        share = {"about": HEDGED, "nearly": HEDGED, "under": BEYOND}.get(self.bound, 0.0)
        return self.low - share * abs(self.low)

    @property
    def highest(self) -> float:
        """The most that the words allow."""
        beyond = FAR_BEYOND if abs(self.high) in _POWERS_OF_TEN else BEYOND
        share = {"about": HEDGED, "over": beyond}.get(self.bound, 0.0)
        return self.high + share * abs(self.high)

    def matches(self, other: Quantity) -> bool:
        """Tell whether both may be said of one thing: hedges, rounding and units considered.

        Two ranges must be the same range, and two numbers hedged alike the same number, but for
        rounding: "more than 505" is not "more than 550".
        """
        if "score" in (self.unit, other.unit):
            ends = sorted((other.low, other.high))
            return self.unit == other.unit and sorted((self.low, self.high)) == ends
        one, two = _in_one_unit(self.unsigned, other.unsigned)
        if not _same_unit(one.unit, two.unit):
            return False
        slack = _rounding(one, two)
        is_alike = one.is_range or (one.bound == two.bound and not _is_rounder(one, two))
        if one.is_range and two.is_range:
            slack = max(slack, BAND * abs(two.high))
        if one.is_range == two.is_range and is_alike:
            return abs(one.low - two.low) <= slack and abs(one.high - two.high) <= slack
        if _is_within(one, two) or _is_within(two, one):
            return False
        return one.lowest <= two.highest + slack and two.lowest <= one.highest + slack

    def hedged(self, bound: Bound) -> Quantity:
        """Return the same quantity with another hedge."""
        return Quantity(self.low, self.high, self.unit, bound, self.step)

    def scaled(self, factor: float, unit: str) -> Quantity:
        """Return the same quantity in another unit."""
        return Quantity(
            self.low * factor, self.high * factor, unit, self.bound, self.step * abs(factor)
        )


def same_quantity(one: Quantity, other: Quantity) -> bool:
    """Tell whether two quantities may be said of one thing; the same seen from either side."""
    return one.matches(other)


def plain(value: float) -> str:
    """Write a number without needless digits: ``40``, ``0.5``, ``66.6667``."""
    if abs(value) > LARGEST:
        return f"{value:.6g}"
    nearest = round(value)
    if nearest == value:
        return str(nearest)
    # 12.9 * 1e9 and 4.35 * 100 are not whole as floats
    is_whole = abs(value - nearest) <= FLOAT_ERROR * min(1.0, abs(value))
    if is_whole:
        return str(nearest)
    return f"{value:.6g}" if abs(value) < 1 else f"{round(value, DECIMALS):.15g}"


def _is_rounder(one: Quantity, other: Quantity) -> bool:
    """Tell "more than 1,000" from "at least 1,450", which it may stand for."""
    small, large = sorted((one, other), key=lambda quantity: quantity.low)
    return one.bound == "over" and small.low in _POWERS_OF_TEN and small.low < large.low


def _is_within(one: Quantity, other: Quantity) -> bool:
    """Tell whether a number that is not hedged lies somewhere in a wide range, at neither end."""
    is_one = other.is_range and not one.is_range and one.bound == "exactly"
    is_vague = other.low == WIDE * other.step  # "hundreds" are any from 200 on
    is_wide = 0 < WIDE * other.low < other.high and not (
        is_vague and other.high >= SEVERAL * other.step
    )
    return is_one and is_wide and one.low not in (other.low, other.high)


def _in_one_unit(one: Quantity, other: Quantity) -> tuple[Quantity, Quantity]:
    if {one.unit, other.unit} == {"month", "s"}:
        if one.unit == "month":
            return one.scaled(MONTH_SECONDS, "s"), other
        return one, other.scaled(MONTH_SECONDS, "s")
    return one, other


def _same_unit(one: str, other: str) -> bool:
    # an Australian paper writes "$" for "A$"
    return one == other or (one[-1:] == other[-1:] == "$" and "$" in (one, other))


def _rounding(one: Quantity, other: Quantity) -> float:
    """Return how far the coarser may lie from the finer; two of one precision must be equal."""
    size = max(abs(one.high), abs(other.high))
    if abs(one.step - other.step) <= FLOAT_ERROR * max(one.step, other.step):
        return FLOAT_ERROR * size
    half = max(one.step, other.step) / 2
    return min(half, LARGEST_ROUNDING * size) + FLOAT_ERROR * size
