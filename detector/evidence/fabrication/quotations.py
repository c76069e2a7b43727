"""Quotations: whether the source has the words, in quotation marks, from the same speaker."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from detector.alignment import Prepared
from detector.article import Span
from detector.evidence.fabrication.case import NAMES, Case, Told
from detector.evidence.fabrication.finding import Doubt, Elsewhere, FindingVerdict
from detector.facts import Fact, NameIndex

SIGNALS = (
    "ratio", "lacking", "altered", "short", "other_person", "other_speaker", "same_speaker",
    "reported", "known_speaker", "no_speaker", "sentence", "coverage", "other_close",
    "unnamed_there",
)  # fmt: skip
# From this ratio of words in order on it is the same quotation, trimmed or lightly cleaned.
SAME = 92.0
# Below this ratio the words only look alike by chance.
ALTERED = 72.0
FEW_WORDS = 6
PRONOUNS = frozenset("he she they it i we who".split())
# A pronoun's name is looked for this far back.
PRONOUN_REACH = 600
# Where one person only is named within so many characters, "he" is that person.
CLOSE = 200
WHOLE = 100.0
# Behind a name: he speaks, of whatever else; but not behind "the coach of" it, nor "Ott, he said".
_SAID = re.compile(r"(?!['’]s\b)(?:(?!\b(?:he|she|whose)\b)[^.!?\n]){0,90}?\b(?:said|says|told)\b")
_OF_ANOTHER = re.compile(r"\b(?:of|for|with|by|to|about|against|from|and)\s$")
LONGEST_PREPOSITION = len(" against ")
# What begins a sentence: the end of the one before.
_OPENINGS = (". ", "! ", "? ", "\n", "” ", '" ')


class _Others(NamedTuple):
    """What shows that a pronoun may be another's than that of the one who spoke just before."""

    owner: re.Pattern[str]
    spoken_of: re.Pattern[str]


# Of somebody else they say what he did: "The lawyer Ott said he would appeal".
_SPEAKS_OF_OTHERS = re.compile(
    r"\b(?:lawyer|attorney|solicitor|barrister|counsel|defen[cs]e|prosecutor|prosecution|judge|"
    r"magistrate|spokes\w+|agent|police|officer|detective|inspector|doctor|coach|manager|trainer)\b",
    re.I,
)
# By the pronoun of one person.
_OTHERS = {
    "he": _Others(re.compile(r"\bhis\b", re.I), re.compile(r"\bhe\b|\bhim\b")),
    "she": _Others(re.compile(r"\bher\b", re.I), re.compile(r"\bshe\b")),
}


@dataclass(frozen=True)
class Place:
    """Where a source comes nearest to the words of a quotation.

    Attributes:
        ratio: how alike the words are there, 0 to 100.
        source: which source.
        span: where, in its text.
        quote: the source's quotation at that place, or None where it tells in its own words.
    """

    ratio: float
    source: int
    span: Span
    quote: Fact | None


class Voices:
    """The words of one article as one string, and who speaks where."""

    def __init__(self, side: Prepared) -> None:
        self.side = side
        self.text = side.running
        self.quotes = [fact for fact in side.facts if fact.kind == "quote"]
        self.people = [fact for fact in side.facts if fact.kind in NAMES]

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for token in self.side.tokens:
            starts.append(at)
            at += len(token) + 1
        return starts

    def place(self, words: str) -> tuple[float, Span]:
        """Return how alike the likeliest place is, 0 to 100, and where it is."""
        from rapidfuzz import fuzz

        found = fuzz.partial_ratio_alignment(words, self.text, score_cutoff=1.0)
        if found is None or not self.side.tokens:
            return 0.0, Span(0, 0)
        first = max(0, bisect_right(self._starts, found.dest_start) - 1)
        last = max(first, bisect_right(self._starts, max(found.dest_end - 1, 0)) - 1)
        ratio = found.score if len(words) <= len(self.text) else fuzz.ratio(words, self.text)
        return float(ratio), self.side.stretch(first, last)

    def quote_at(self, span: Span) -> Fact | None:
        """Return the quotation that holds most of a place."""
        shared = [
            (min(span.end, q.end) - max(span.start, q.start), -n) for n, q in enumerate(self.quotes)
        ]
        most, n = max(shared, default=(0, 0))
        return self.quotes[-n] if most >= span.length / 2 else None

    def speaker(self, quote: Fact) -> Fact | None:
        """Return the name of who speaks, also behind "he"; None where none is named."""
        if quote.speaker is None:
            return self._led_in(quote)
        start, end = quote.speaker.start, quote.speaker.end
        if quote.speaker.text.casefold() in PRONOUNS:
            return self._person_before(start, quote)
        inside = [f for f in self.people if start <= f.start < end and self.is_named(f, quote)]
        people = [f for f in inside if f.kind == "person"]
        named = people or inside
        return named[-1] if named else None

    def is_named(self, name: Fact, quote: Fact) -> bool:
        """Tell who speaks from whose lawyer does, "Moscow said" from "the Spaniard said"."""
        if name.kind == "place" and quote.speaker and quote.speaker.text != name.text:
            return False
        return not self.side.article.text.startswith(("'s", "’s"), name.end)

    def _led_in(self, quote: Fact) -> Fact | None:
        """Return who speaks by the words before a colon, or by an earlier quotation beside it."""
        text = self.side.article.text
        start = text.rfind("\n", 0, quote.start) + 1
        lead = text[start : quote.start].rstrip()
        if lead.endswith(":"):
            opening = start + max(lead.rfind(mark) for mark in (". ", "? ", "! ", "” ")) + 1
            inside = [f for f in self.people if opening <= f.start < quote.start]
            people = [f for f in inside if f.kind == "person"]
            if people:
                return people[-1]
            is_he = any(word.casefold() in _OTHERS for word in text[opening : quote.start].split())
            return self._person_before(opening, quote) if is_he else None
        beside = [q for q in self.quotes if start <= q.start < quote.start and q.speaker]
        return self.speaker(beside[-1]) if beside else None

    def _person_before(self, at: int, quote: Fact) -> Fact | None:
        before = [
            f
            for f in self.people
            if f.kind == "person"
            and at - PRONOUN_REACH <= f.start < at
            and not quote.start <= f.start < quote.end
        ]
        return before[-1] if before else None

    def names(self, quote: Fact) -> bool:
        """Tell whether the speaker is named at a quotation or just before: "Ott agreed", she said.

        That is where the one person in the few words before it says something in them already; of
        whom others speak there the pronoun may be theirs, as it may be that of one who is only
        called "her" or "she" there: "Her lawyer Lars Ott said she was ill. “…,” she said".
        """
        speaker = self.speaker(quote)
        if speaker is None or quote.speaker is None:
            return False
        if speaker.start >= quote.speaker.start:
            return True
        others = _OTHERS.get(quote.speaker.text.casefold())
        text, end = self.side.article.text, min(quote.start, quote.speaker.start)
        speaks = _SAID.match(text, speaker.end, end)
        before = max(0, speaker.start - LONGEST_PREPOSITION)
        if not speaks or _OF_ANOTHER.search(text, before, speaker.start):
            return False
        if not others or not self.is_close(speaker, quote):
            return False
        opening = max(text.rfind(mark, 0, speaker.start) for mark in _OPENINGS) + 1
        is_of_another = others.owner.search(text, opening, speaks.end()) or (
            others.spoken_of.search(text, speaker.end, end)
            and _SPEAKS_OF_OTHERS.search(text, opening, end)
        )
        return not is_of_another

    def is_close(self, speaker: Fact, quote: Fact) -> bool:
        """Tell whether a speaker is named at a quotation, or alone in the few words before it."""
        if quote.speaker and quote.speaker.start <= speaker.start < quote.speaker.end:
            return True
        named = {
            f.value
            for f in self.people
            if f.kind == "person" and quote.start - CLOSE <= f.start < quote.start
        }
        return named == {speaker.value}


def quotations(case: Case, coverage: float) -> Iterator[Doubt]:
    """Yield each quotation of an article with what was measured of it."""
    here = Voices(case.article)
    there = [Voices(source) for source in case.sources]
    for told in case.told:
        if told.fact.kind == "quote":
            place = _nearest(told.fact, there)
            yield _doubt(case, told, here, there, place, coverage)


def _nearest(quote: Fact, there: Sequence[Voices]) -> Place:
    best = Place(0.0, 0, Span(0, 0), None)
    for n, voices in enumerate(there):
        ratio, span = voices.place(quote.value)
        if ratio > best.ratio:
            best = Place(ratio, n, span, voices.quote_at(span))
    return best


def _doubt(
    case: Case, told: Told, here: Voices, there: Sequence[Voices], place: Place, coverage: float
) -> Doubt:
    quote = told.fact
    speaker = here.speaker(quote)
    theirs = there[place.source].speaker(place.quote) if place.quote else None
    has_words = place.ratio >= ALTERED
    other = has_words and speaker is not None and theirs is not None
    same = other and speaker is not None and theirs is not None and _is_same(speaker, theirs)
    known = case.names.find(speaker) if speaker else None
    is_known = known is not None
    sides = (here, there[place.source])
    are_people = other and not same and _are_people(sides, quote, place, known)
    signals = (
        place.ratio / WHOLE,
        float(place.ratio < ALTERED),
        float(ALTERED <= place.ratio < SAME),
        float(len(quote.value.split()) < FEW_WORDS),
        float(are_people),
        float(other and not same),
        float(same),
        float(has_words and place.quote is None),
        float(is_known),
        float(speaker is None),
        case.sentence_likeness(told.sentence),
        coverage,
        float(other and not same and _are_close(*sides, quote, place)),
        float(has_words and speaker is not None and _is_unnamed(place.quote, theirs)),
    )
    elsewhere = Elsewhere(case.sources[place.source].article, place.span) if has_words else None
    verdict: FindingVerdict = "contradicted" if elsewhere and place.quote else "unsupported"
    if verdict == "unsupported":
        elsewhere = None
    why = _why(place, speaker, theirs if other and not same else None, is_known=is_known)
    return Doubt(quote.span, "quote", signals, verdict, why, elsewhere, sentence=told.sentence)


def _are_people(
    sides: tuple[Voices, Voices], quote: Fact, place: Place, known: Fact | None
) -> bool:
    """Tell whether two persons are named right at the quotation, on either side.

    Args:
        sides: the article and the source.
        quote: the quotation.
        place: where the source has it.
        known: who the sources call what the article calls the speaker; a surname alone does not
            tell in the article that it is a person's.
    """
    here, there = sides
    if place.quote is None or not here.names(quote) or not there.names(place.quote):
        return False
    speaker, theirs = here.speaker(quote), there.speaker(place.quote)
    if speaker is None or theirs is None:
        return False
    return theirs.kind == "person" and "person" in {speaker.kind, known.kind if known else ""}


def _are_close(here: Voices, there: Voices, quote: Fact, place: Place) -> bool:
    """Tell whether on both sides nobody else can be meant."""
    ours, theirs = here.speaker(quote), there.speaker(place.quote) if place.quote else None
    if ours is None or theirs is None or place.quote is None:
        return False
    return here.is_close(ours, quote) and there.is_close(theirs, place.quote)


def _is_unnamed(quote: Fact | None, speaker: Fact | None) -> bool:
    """Tell whether a quotation is given to somebody without a name: "another insider"."""
    if quote is None or quote.speaker is None or speaker is not None:
        return False
    said_by = quote.speaker.text
    return said_by.casefold() not in PRONOUNS and said_by == said_by.lower()


def _is_same(one: Fact, other: Fact) -> bool:
    if one.value.split()[-1] == other.value.split()[-1]:
        return True
    return NameIndex([other]).find(one) is not None or NameIndex([one]).find(other) is not None


def _why(place: Place, speaker: Fact | None, theirs: Fact | None, *, is_known: bool) -> str:
    if place.ratio >= ALTERED and theirs is not None and speaker is not None:
        return f"the source gives these words to {theirs.text}, not to {speaker.text}"
    if place.ratio >= ALTERED and place.quote is None:
        return "the source tells this in its own words; nobody says it there"
    if place.ratio >= ALTERED:
        return "the words between the quotation marks are not those of the source"
    if is_known and speaker is not None:
        return f"these words are nowhere in the source, though it does speak of {speaker.text}"
    return "these words are nowhere in the source"
