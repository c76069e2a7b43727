"""Words that soften a number: ``nearly``, ``more than``, ``or so``."""

from __future__ import annotations

import re
from typing import NamedTuple

from detector.facts.quantity import Bound

_ROWS: tuple[tuple[Bound, str], ...] = (
    (
        "about",
        "about, around, roughly, approximately, approx., some, circa, estimated, an estimated, "
        "just about, somewhere around, in the region of, or so, or thereabouts, odd, ish",
    ),
    (
        "nearly",
        "nearly, almost, close to, just under, just below, just short of, shy of, just shy of, "
        "approaching, virtually, not quite",
    ),
    (
        "under",
        "under, below, less than, fewer than, up to, at most, no more than, not more than, "
        "as many as, as much as, a maximum of, well under, or less, or fewer, or under",
    ),
    (
        "over",
        "over, above, more than, at least, just over, well over, upwards of, north of, "
        "in excess of, exceeding, no fewer than, no less than, not less than, a minimum of, "
        "upward of, just above, slightly more than, or more, plus, or over, and over, or older, "
        "and older, and a bit, and counting",
    ),
    ("exactly", "only, just, exactly, precisely, between, a total of, all of"),
)
_BOUNDS = {words.strip(): bound for bound, row in _ROWS for words in row.split(",")}
_LAST_WORDS = frozenset(words.split()[-1] for words in _BOUNDS)
_WORD = re.compile(r"\S+")
_SPACES = frozenset(" \t\u00a0\u2009\u202f")
# Of "or more", "and older", "plus" and "odd".
_AFTER_BEGINNINGS = frozenset({" or", " an", " pl", "-pl", " od", "-od"})
# "slightly more than " and the space before it.
LONGEST_HEDGE = 24
MOST_WORDS = 3


class Hedge(NamedTuple):
    """What stands next to a number.

    Attributes:
        place: where the hedge begins (before a number) or ends (after one); the number's own
            place without a hedge.
        bound: what the hedge says.
        is_hedged: whether there is one.
        word: the last word before the number and its hedge, as written; empty after a number.
    """

    place: int
    bound: Bound
    is_hedged: bool
    word: str = ""


def hedge_before(text: str, start: int) -> Hedge:
    """Read the hedge, if any, and the word before a number that starts at a place."""
    if text[start - 1 : start] not in _SPACES:  # nothing, a mark, or the end of a line
        return Hedge(start, "exactly", False)
    window = text[max(0, start - LONGEST_HEDGE) : start]
    last = window.rsplit(None, 1)[-1:]
    if not last or last[0].lower() not in _LAST_WORDS:
        return Hedge(start, "exactly", False, last[0] if last else "")
    words = window.split()
    for count in range(min(MOST_WORDS, len(words)), 0, -1):
        bound = _BOUNDS.get(" ".join(words[-count:]).lower())
        if bound:
            place = start - len(window) + _place(window, words[-count:])
            return Hedge(place, bound, True, words[-count - 1] if count < len(words) else "")
    return Hedge(start, "exactly", False, words[-1])


def hedge_after(text: str, end: int) -> Hedge | None:
    """Read a hedge behind a number: ``40+``, ``40 or more``, ``40-plus``, ``40-odd``."""
    if text.startswith("+", end) and not text[end + 1 : end + 2].isalnum():
        return Hedge(end + 1, "over", True)
    if text[end : end + 3] not in _AFTER_BEGINNINGS:
        return None
    words = list(_WORD.finditer(text, end + 1, end + LONGEST_HEDGE))[:MOST_WORDS]
    for count in range(len(words), 0, -1):
        found = " ".join(word[0] for word in words[:count]).rstrip(".,;)")
        bound = _BOUNDS.get(found)
        if bound and found.startswith(("or ", "and ", "plus", "odd")):
            last = words[count - 1]
            return Hedge(last.start() + len(last[0].rstrip(".,;)")), bound, True)
    return None


def _place(window: str, words: list[str]) -> int:
    place = len(window)
    for word in reversed(words):
        place = window.rindex(word, 0, place)
    return place
