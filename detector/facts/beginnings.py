"""Where numbers and times may begin that are told in words, found in one pass over a text."""

from __future__ import annotations

from typing import NamedTuple

from detector.facts.lookout import Lookout
from detector.facts.relative import TIME_WORDS
from detector.facts.spelled import ONE_PARTS, ONE_UNITS, ONES, RANKS, TENS
from detector.facts.units import SCALES

RATIOS = {
    "twice": 2, "thrice": 3, "double": 2, "doubled": 2, "doubles": 2, "doubling": 2, "triple": 3,
    "tripled": 3, "triples": 3, "tripling": 3, "treble": 3, "trebled": 3, "trebling": 3,
    "twofold": 2, "threefold": 3, "fourfold": 4,
    "fivefold": 5, "sixfold": 6, "tenfold": 10, "quadruple": 4,
    "quadrupled": 4, "quadrupling": 4, "halve": 0.5, "halved": 0.5, "halving": 0.5,
}  # fmt: skip
SEVERAL = {
    f"{scale}s": SCALES[scale] for scale in ("dozen", "hundred", "thousand", "million", "billion")
}
_SCALE_NAMES = ("hundred", "thousand", "million", "billion", "trillion", "dozen", "lakh", "crore")
# The first words of numbers, and who reads what begins with them.
_KINDS = {
    **dict.fromkeys([*ONES, *TENS], "amount"),
    **{f"a {name}": "amount" for name in (*_SCALE_NAMES, *ONE_PARTS, *ONE_UNITS)},
    **dict.fromkeys(["an eighth", "an hour"], "amount"),
    "half": "half",
    **{f"{word} {name}": "several" for word in ("several", "few") for name in _SCALE_NAMES},
    **dict.fromkeys(["tens of", *SEVERAL], "tens"),
    **dict.fromkeys(RATIOS, "ratio"),
    **dict.fromkeys(RANKS, "rank"),
}
_WORDS = Lookout(_KINDS, TIME_WORDS)


class Beginnings(NamedTuple):
    """The beginnings in one text, in order.

    Attributes:
        numbers: where numbers may begin, and which reader knows each.
        times: where times may begin that are told by other words than a date.
    """

    numbers: list[tuple[int, str]]
    times: list[int]


def beginnings(text: str) -> Beginnings:
    """Find where numbers and times in words may begin."""
    numbers, times = _WORDS.starts(text)
    return Beginnings(
        [(start, _KINDS[word]) for start, word in numbers], [start for start, _ in times]
    )
