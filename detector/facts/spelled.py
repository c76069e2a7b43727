"""Numbers written in words: ``two hundred and fifty thousand``."""

from __future__ import annotations

import re

from detector.facts.lookout import tree
from detector.facts.units import PARTS, SCALE_WORDS, SCALES

ONES = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen "
        "fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
}
TENS = {
    word: float(value)
    for value, word in zip(
        range(20, 100, 10),
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
        strict=True,
    )
}
RANKS = {
    word: float(value)
    for value, word in enumerate(
        "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
        "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=3,
    )
}
_BELOW_TEN = tree(word for word, value in ONES.items() if 1 <= value <= 9)
_SMALL = rf"(?:{tree(TENS)}(?:[\s-]{_BELOW_TEN}\b)?|{tree(ONES)})"
_CAPITAL = rf"(?:{tree(word.capitalize() for word in TENS)}(?:[\s-]{_BELOW_TEN}\b)?|" + (
    rf"{tree(word.capitalize() for word in ONES)})"
)
ONE_PARTS = tuple(part for part in PARTS if not part.endswith("s"))
# "Nearly an hour" tells a number; "an hour" by itself hardly does, which is left to the reader.
ONE_UNITS = ("hour", "day", "week", "month", "year", "decade", "century", "mile", "kilometre")
_AFTER_ARTICLE = "|".join((SCALE_WORDS, *ONE_PARTS, *ONE_UNITS))
# A number in words; "a" counts as one before a scale, a part of one, or a unit.
SPELLED = (
    rf"(?:{_SMALL}|{_CAPITAL}|[Aa]n?(?=\s(?:{_AFTER_ARTICLE})\b))\b"
    rf"(?:[\s-](?:{SCALE_WORDS})\b(?:(?:\sand)?[\s-]{_SMALL}\b)?)*"
)
SPELLED_NUMBER = re.compile(SPELLED)
_SEPARATOR = re.compile(r"[\s-]")


def spelled(words: str) -> float:
    """Return what a number matched by ``SPELLED`` amounts to."""
    total = current = 0.0
    for word in _SEPARATOR.split(words.lower()):
        scale = SCALES.get(word)
        if scale is None:
            current += ONES.get(word, 0.0) or TENS.get(word, 0.0) or (word in {"a", "an"})
        elif scale < 1_000:
            current = (current or 1.0) * scale
        elif total and not current:  # "two lakh crore"
            total *= scale
        else:
            total, current = total + (current or 1.0) * scale, 0.0
    return total + current


def last_step(words: str) -> float:
    """Return what the last word of a spelled number is worth: 1e6 for ``two million``."""
    return SCALES.get(_SEPARATOR.split(words.lower())[-1], 1.0)
