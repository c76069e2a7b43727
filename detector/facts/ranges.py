"""Two numbers that are one detail: ranges, scores, and amounts such as ``6ft 2in``."""

from __future__ import annotations

import re
from typing import NamedTuple

from detector.facts.amounts import Amount, amount_at, currency, sign_at
from detector.facts.quantity import Quantity
from detector.facts.units import UNITS, Unit

_BETWEEN = re.compile(r"-?\sto\s|-to-|\s?[-–—−]\s?|\sand\s")
_DASHES = frozenset("-–—−")
_LINK_BEGINNINGS = frozenset({" t", " a", "\nt", "\na", *(f" {dash}" for dash in _DASHES)})
_MORE_DIGITS = re.compile(r"[-–/.]\d")
# Before two numbers with a dash these make a range of what could be a score.
_RANGE_WORDS = frozenset("aged ages age between from pages".split())
_INCHES = re.compile(r"-(\d{1,2})\b(?!-)|\s?(\d{1,2})\s?(?:in|ins|inch|inches)\b")
_SMALLER = re.compile(r",?\sand\s|,?\s|(?=\d)")
# "2 hours 24 minutes 31 seconds"
MOST_SMALLER = 2
_COMPOUND_BASES = frozenset({"m", "s", "month", "kg"})
FOOT, INCH, INCHES = 0.3048, 0.0254, 12
# "555-1234" is a telephone number, "500-1,200" a range.
PHONE_PREFIX = 1_000
# Followed by a noun in the plural, as counts are; words that only look like one.
PLURAL_NOUN = re.compile(
    r"\s(?!(?:was|is|has|as|this|his|its|us|does|ones?|others?|sides|against|across|less)\b)"
    r"(?:[a-z]+(?:-[a-z]+)?\s)?(?!(?:was|is|has|as|this|his|its|us|does|against|across)\b)"
    r"(?:[a-z]{2,}s|people|men|women|children|police)\b"
)
# Followed by what is most likely a noun, in the plural or not: "1,450 trout".
NOUN = re.compile(
    r"\s(?!(?:from|than|last|this|that|earlier|previously|before|compared|after|against|over|with|"
    r"when|while|instead|down|into|today|each|then|years?|percent)\b)[a-z]{4,}\b"
)


class Measure(NamedTuple):
    """A quantity, and where its words end."""

    quantity: Quantity
    end: int


def measured(text: str, first: Amount, before: str, sign: Unit | None) -> Measure | None:
    """Read what an amount is the beginning of: a range, a score, a compound, or only itself.

    Args:
        text: the whole text.
        first: the amount that was read.
        before: the word before it, which tells "from 5 to 10" and "between 5 and 10".
        sign: the currency sign before it.

    Returns:
        None for what only looks like a number, such as a telephone number.
    """
    near = text[first.end : first.end + 2]
    link = (
        _BETWEEN.match(text, first.end) if near in _LINK_BEGINNINGS or near[:1] in _DASHES else None
    )
    word = link[0].strip() if link else ""
    if not link or (word == "and" and before.lower() != "between"):
        return _single(text, first)
    here = sign_at(text, link.end())
    second = amount_at(
        text, here.end() if here else link.end(), (currency(here[0]) if here else None) or sign
    )
    if not second:
        return _single(text, first)
    if word in _DASHES and _MORE_DIGITS.match(text, second.end):
        return None  # 1-800-555, 12-03-04
    low, high = _alike(first, second)
    if low.unit != high.unit:
        return _single(text, first)
    if word == "to" and before.lower() == "from":  # a change, of which either end is a fact
        return Measure(low.quantity(), first.end)
    return _joined(text, low, high, before if word in _DASHES else None)


def _single(text: str, amount: Amount) -> Measure:
    """Read one amount with the smaller units after it: "2 hours 30 minutes", "6-foot-2"."""
    unit = amount.unit
    if not unit or unit.base not in _COMPOUND_BASES:
        return Measure(amount.quantity(), amount.end)
    inches = _INCHES.match(text, amount.end) if unit.factor == FOOT else None
    if inches and int(inches[1] or inches[2]) < INCHES:
        return _sum(amount.quantity(), int(inches[1] or inches[2]) * INCH, INCH, inches.end())
    whole = Measure(amount.quantity(), amount.end)
    for _ in range(MOST_SMALLER):
        link = _SMALLER.match(text, whole.end)
        more = amount_at(text, link.end()) if link else None
        added = more.quantity() if more else None
        # "two tonnes, 500 kg", but "10 miles, 16 km" is one length told twice
        if not more or not added or not more.unit or added.unit != unit.base:
            break
        if added.low >= unit.factor or more.unit.factor >= unit.factor:
            break
        unit = more.unit
        whole = _sum(whole.quantity, added.low, added.step, more.end)
    return whole


def _sum(large: Quantity, small: float, step: float, end: int) -> Measure:
    value = large.low + small
    return Measure(Quantity(value, value, large.unit, "exactly", step), end)


def _alike(first: Amount, second: Amount) -> tuple[Amount, Amount]:
    """Give the first the second's unit and scale: "5 to 10 million dollars"."""
    if first.unit is None:
        first = first._replace(unit=second.unit)
    elif second.is_plain and first.unit == UNITS["year-old"]:  # "aged 30-40"
        second = second._replace(unit=first.unit)
    scale = second.factor
    if second.in_words and scale == 1.0:  # it is in the words: "two to three million"
        scale = second.step
    is_bare = first.factor == 1.0 and not (first.in_words and first.step > 1.0)
    if is_bare and first.number <= second.number * second.factor / scale:
        first = first._replace(factor=scale)
    return first, second


def _joined(text: str, low: Amount, high: Amount, before: str | None) -> Measure | None:
    """Join two amounts; ``before`` is the word before them when a dash joins them."""
    a, b = low.quantity(), high.quantity()
    plain = low.is_whole and high.is_whole
    if before is not None and plain and low.number < PHONE_PREFIX <= high.number:
        return Measure(a, high.end) if PLURAL_NOUN.match(text, high.end) else None
    in_order = a.low < b.low
    is_range = in_order and (
        before is None
        or not plain
        or before.lower() in _RANGE_WORDS
        or PLURAL_NOUN.match(text, high.end) is not None
    )
    if is_range:
        return Measure(Quantity(a.low, b.high, a.unit, "exactly", max(a.step, b.step)), high.end)
    if before is not None and plain and not low.in_words:
        return Measure(Quantity(a.low, b.low, "score"), high.end)
    return _single(text, low)
