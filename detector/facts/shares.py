"""Shares in words: ``one in five`` is ``20 %``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detector.facts.amounts import unit_at
from detector.facts.fact import Fact
from detector.facts.hedges import hedge_before
from detector.facts.lookout import tree
from detector.facts.quantity import Quantity
from detector.facts.spelled import ONES, TENS, spelled

# "seventeen" with a word boundary before it.
LONGEST_COUNT = 10
LONGEST_WHOSE = 15
# "one in five" may be said of 19 to 21 per cent.
SHARE_STEP = 2.0
_COUNTS = "|".join([*ONES, *TENS])
# The middle is looked for first: "in" is rarer than the beginnings of words.
_SHARE = re.compile(
    rf" (?:in|out\sof)\s(?:every\s)?"
    rf"(?P<many>[0-9]{{1,3}}(?:,[0-9]{{3}})*|a\shundred|a\sthousand|{tree([*ONES, *TENS])})"
    r"\b(?![-/,.]?\d)"
)
# "one in five", "nine sites in ten", "one tank out of three".
_SHARE_BEFORE = re.compile(
    rf"\b(?P<few>[0-9]{{1,3}}|{_COUNTS})(?: (?P<whose>[a-z]{{3,14}}))?$", re.I
)
_COUNTED = re.compile(r" (?!(?:was|has|this|does|less|across)\b)[a-z]{3,}s\b")
_GLUED = frozenset(".,-/$£€")


def shares(text: str) -> Iterator[Fact]:
    """Yield "one in five" and "9 out of 10" as percentages."""
    reached = 0
    for found in _SHARE.finditer(text):
        reach = max(0, found.start() - LONGEST_COUNT - LONGEST_WHOSE)
        before = _SHARE_BEFORE.search(text, reach, found.start())
        if before and before["whose"] and _COUNTED.match(text, found.end()):
            continue  # "two goals in three matches"
        if before and before["whose"] and unit_at(text, before.end("few")):
            continue  # "410 hectares out of 17,200": two amounts
        if not before or text[before.start() - 1 : before.start()] in _GLUED:
            continue
        few, many = _count(before["few"]), _count(found["many"])
        if not 0 < few < many or unit_at(text, found.end()):  # "two in five years"
            continue
        hedge = hedge_before(text, before.start())
        start, end = max(hedge.place, reached), found.end()
        share = 100 * few / many
        quantity = Quantity(share, share, "%", hedge.bound, min(SHARE_STEP, share))
        reached = end
        yield Fact("number", start, end, text[start:end], quantity.value, quantity)


def _count(words: str) -> float:
    return float(words.replace(",", "")) if words[0].isdigit() else spelled(words)
