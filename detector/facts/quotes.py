"""Quotations, and whose words they are said to be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detector.article import WORD, Span
from detector.facts.fact import Fact, Speaker
from detector.facts.speakers import goes_on, speaker_after, speaker_before

# Shorter quoted stretches are scare quotes or titles, not statements.
QUOTE_WORDS = 4
# "“We lost,” she said": with a speaker right behind it and a capital, fewer words are speech.
SPOKEN_WORDS = 2
# A quotation longer than this is an unclosed mark.
QUOTE_CHARACTERS = 1_500
_INNER = rf"{{1,{QUOTE_CHARACTERS}}}"
# Single marks are also apostrophes: those within words ("don't") and after plurals ("boats'").
_SINGLE = (
    r"(?<![^\s(\[—–-])[‘'](?=[^\W\d])"
    rf"(?:[^“”\"‘’'\n]|(?<=\w)[’'](?=\w)|(?<=s)[’'](?=\s)){_INNER}?"
    r"(?:(?<=[.,!?…])[’'](?=[\s)]|$)|(?<=\w)[’'](?=[.,;:!?)]|$)|(?<=[^\Ws])[’'](?=\s))"
)
# A paragraph of a longer speech opens with a mark and is not closed: the next one opens again.
_QUOTE = re.compile(
    rf"“[^“”]{_INNER}?(?:”|(?=\n\s{{0,3}}“))"
    rf"|«[^«»]{_INNER}»"
    rf"|„[^„“”]{_INNER}[“”]"
    rf"|(?<![^\s(\[—–-])\"(?=\S)[^\"\n]{_INNER}(?:(?<=\S)\"(?!\w)|(?=\n\s{{0,3}}\"))"
    rf"|{_SINGLE}"
    rf"|^>[^\n]{_INNER}(?:\n>[^\n]{{0,{QUOTE_CHARACTERS}}}){{0,20}}",
    re.M,
)
# What begins a quotation: searched for by itself, one character is found far faster.
_OPENING = re.compile("[“«„\"‘'>]")
_MARKS = "“”\"«»„‘’'> \n"


def quotes(text: str) -> Iterator[Fact]:
    """Yield quotations of some words, in double, single or angle marks, and block quotations.

    Each carries its speaker when the words around it name one.
    """
    reached = 0
    last: Fact | None = None
    for opening in _OPENING.finditer(text):
        found = _QUOTE.match(text, opening.start()) if opening.start() >= reached else None
        if not found:
            continue
        words = WORD.findall(found[0].casefold().replace("’", "'"))
        place = Span(*found.span())
        speaker, is_behind = _speaker_of(text, place, reached, last)
        is_spoken = is_behind and len(words) >= SPOKEN_WORDS and _begins_like_speech(found[0])
        reached = place.end
        if len(words) >= QUOTE_WORDS or is_spoken:
            value = " ".join(words)
            last = Fact("quote", place.start, place.end, found[0], value, speaker=speaker)
            yield last


def _speaker_of(
    text: str, quote: Span, reached: int, last: Fact | None
) -> tuple[Speaker | None, bool]:
    """Find the speaker, and tell whether it stands right behind the quotation."""
    behind = speaker_after(text, quote)
    if behind:
        return behind, True
    if last and last.speaker and goes_on(text, last.end, last.speaker, quote):
        return last.speaker, False
    return speaker_before(text, quote, reached), False


def _begins_like_speech(quoted: str) -> bool:
    return quoted.lstrip(_MARKS)[:1].isupper()
