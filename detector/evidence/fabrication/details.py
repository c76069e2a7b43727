"""Numbers, dates and names: what is measured of each, and what is said of one that is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from detector.article import Span
from detector.evidence.fabrication.background import is_explained, is_wide
from detector.evidence.fabrication.case import Case
from detector.evidence.fabrication.counterparts import Paired
from detector.evidence.fabrication.finding import Doubt, FindingVerdict, Kind
from detector.evidence.fabrication.stance import STANCE
from detector.facts import Fact
from detector.facts.units import MONEY

SIGNALS = (
    "found", "match", "far", "rivalry", "rival_nearer", "sentence", "missing_beside",
    "coverage", "words", "derivable", "written", "small", "hedged", "in_shared_quote", "precise",
    "unsure", "lost", "same_behind", "rival_behind", "percent", "money", "digits", "lone_match",
    "addressed", "heading", "same_before", "rival_before", "told", "generic", "asking",
    "exact", "dropped", "dropped_behind", "dropped_nearer",
)  # fmt: skip
_SPOKEN = [STANCE.index(name) for name in ("told", "generic", "asking")]
_SILENT = (0.0,) * len(_SPOKEN)
# Smaller counts are in every text: that the source has a "two" says little.
SMALL = 12
# A counterpart this far from the place says no more than that the source has the same.
FAR = 0.35
# From this closeness on another value stands in the same place.
SAME_PLACE = 0.4
# The share of missing details starts as if two of ten had been missing.
PRIOR_MISSING, PRIOR = 2.0, 10.0
# Longer times, such as a decade, are background.
LONGEST_TIME = 5 * 366
_NOW = re.compile(
    r"(?:today|tonight|tomorrow|now|this (?:week|month|year|season|morning|decade|century)"
    r"|(?:a|the|last|past|next|this) (?:decade|century)s?(?: ago)?)",
    re.I,
)
# "Three. Recognition is fuel" and "Lesson 5:" number the parts of an article.
_HEADING_NUMBER = re.compile(r"\n[\W\d]{0,4}(?:[A-Z][a-z]{2,8} )?#[.:)]")
AROUND = 16
# "one of the oldest", "only one piece", "the nineteenth and early twentieth centuries".
LONGEST_CENTURY = 40
_IS_NO_COUNT = re.compile(
    r"#(?:\w+ )?one#(?! (?:per ?cent|hundred|thousand|million|billion|third|quarter|half)\b)"
    r"|#[\w-]*(?:th|st|nd|rd)#(?:[ -](?:and|or|to) (?:the )?(?:early |late )?[\w-]+)?"
    r"[ -]centur(?:y|ies)\b",
    re.I,
)
# "The third is local" counts the writer's own points.
_IS_A_POINT = re.compile(
    r"#(?:first|second|third|fourth|fifth|sixth)#(?:[,:]| (?:is|was|are|were) )"
)
_SPEAKS = re.compile(r",?\s(?:who|said|says|told|added|recalls|recalled|explains|explained)\b")
# What is in or near a name of one word that nobody lists is a place.
_LIES = re.compile(r"\b(?:in|near|outside)\s$")
LONGEST_LIES = len(" outside ")
_LONG_WORD = re.compile(r"\b[^\W\d_]{4,}")
# A sentence in Title Case has so many longer words; a short one may be made of names.
MOST_CAPITALS, TITLE_WORDS = 0.8, 7
_YOU = re.compile(r"\b(?:you|your|let's|my|I'll|here's)\b", re.I)
_NOUNS = {
    "number": "number", "date": "date", "place": "place", "person": "person", "org": "name",
}  # fmt: skip


def details(
    case: Case,
    pairs: Sequence[Paired],
    *,
    shared_quotes: Sequence[Span],
    apart: Sequence[Span],
    coverage: float,
) -> Iterator[Doubt]:
    """Yield each number, date and name of an article with what was measured of it.

    Args:
        case: the article beside its sources.
        pairs: its facts with their counterparts.
        shared_quotes: quotations that the sources have too.
        apart: stretches that are looked at by themselves: datelines, credits.
        coverage: share of the article's sentences that have a counterpart.
    """
    missing = sum(not pair.is_found for pair in pairs)
    spoken = _spoken(case)
    seen: set[tuple[str, str]] = set()
    for pair in pairs:
        fact = pair.told.fact
        first = (fact.kind, fact.value) not in seen
        seen.add((fact.kind, fact.value))
        if first and is_checkable(case, pair, apart):
            others = missing - (not pair.is_found)
            beside = (others + PRIOR_MISSING) / (len(pairs) - 1 + PRIOR)
            in_quote = any(q.start <= fact.start and fact.end <= q.end for q in shared_quotes)
            yield _doubt(case, pair, (beside, coverage, float(in_quote)), spoken)


def is_checkable(case: Case, pair: Paired, apart: Sequence[Span]) -> bool:
    """Tell whether a detail can be right or wrong, and is not the background of any story."""
    fact = pair.told.fact
    if stands_in(fact, apart):
        return False
    if fact.moment:
        days = fact.moment.days
        is_long = days is not None and (days.last - days.first).days > LONGEST_TIME
        return not (is_long or pair.is_derivable or _NOW.fullmatch(fact.text))
    if fact.quantity:
        return not pair.is_worked_out and _counts_something(case, pair)
    if pair.same is None and (pair.is_written or pair.is_derivable):
        return False  # what every reader knows, or has in other words
    if fact.kind == "place" and is_wide(fact):
        return False
    if is_explained(case.article.article.text, fact.start, fact.end):
        return False
    return pair.is_found or not _is_in_capitals(case, pair.told.sentence)


def stands_in(fact: Fact, apart: Sequence[Span]) -> bool:
    """Tell whether a fact stands in one of some stretches, if only in part."""
    return any(span.start < fact.end and fact.start < span.end for span in apart)


def _counts_something(case: Case, pair: Paired) -> bool:
    """Tell whether a number counts or measures, and is no turn of phrase or part of the layout."""
    fact, text = pair.told.fact, case.article.article.text
    if fact.quantity and fact.quantity.unit == "" and fact.quantity.low == fact.quantity.high == 1:
        return False  # "only one of them", "at least one": a turn of phrase
    around = _around(text, fact.span)
    if _IS_NO_COUNT.search(around) or _IS_A_POINT.match(around):
        return False
    is_layout = _HEADING_NUMBER.search(_line_around(text, fact.span)) is not None
    return not (is_layout or _counts_what_follows(case, pair))


def _counts_what_follows(case: Case, pair: Paired) -> bool:
    """Tell whether a count belongs to the text, not to the world: "Three habits worth stealing"."""
    quantity, n = pair.told.fact.quantity, pair.told.sentence
    if quantity is None or quantity.unit or quantity.high > SMALL or n < 0:
        return False
    sentence = case.article.sentences[n]
    is_first = pair.told.fact.start - sentence.start <= AROUND
    return is_first and (sentence.is_heading or sentence.text.endswith(":"))


def _is_in_capitals(case: Case, n: int) -> bool:
    """Tell whether a sentence is in Title Case, where capitals do not tell names."""
    if n < 0:
        return False
    sentence = case.article.sentences[n]
    words = _LONG_WORD.findall(sentence.text)
    capitals = sum(word[0].isupper() for word in words)
    is_long = sentence.is_heading or len(words) >= TITLE_WORDS
    return is_long and capitals > MOST_CAPITALS * len(words)


def _addressed(case: Case, pair: Paired) -> bool:
    """Tell whether the sentence speaks to the reader, as advice does."""
    n = pair.told.sentence
    return n >= 0 and _YOU.search(case.article.sentences[n].text) is not None


def _is_heading(case: Case, pair: Paired) -> bool:
    n = pair.told.sentence
    return n >= 0 and case.article.sentences[n].is_heading


def _around(text: str, span: Span) -> str:
    """Return a number between marks, with a few words behind it."""
    return f"#{text[span.start : span.end]}#{text[span.end : span.end + LONGEST_CENTURY]}"


def _line_around(text: str, span: Span) -> str:
    """Return the few characters around a number, with a mark where it stands."""
    start = text.rfind("\n", max(0, span.start - AROUND), span.start) + 1 or max(
        0, span.start - AROUND
    )
    is_start = start == 0 or text[start - 1] == "\n"
    opening = "\n" if is_start else " "
    return f"{opening}{text[start : span.start]}#{text[span.end : span.end + 2]}"


def _spoken(case: Case) -> dict[int, tuple[float, ...]]:
    """Say how each sentence speaks: whether it reports, tells what is usual, or asks."""
    sentences = case.article.sentences
    starts, ends = (
        np.array([getattr(sentence, end) for sentence in sentences], np.intp)
        for end in ("start", "end")
    )
    told = case.stances.of(starts, ends)[:, _SPOKEN]
    return {n: tuple(row) for n, row in enumerate(np.minimum(1, told).tolist())}


def _doubt(
    case: Case,
    pair: Paired,
    around: tuple[float, float, float],
    spoken: Mapping[int, tuple[float, ...]],
) -> Doubt:
    kind, signals = kind_of(case, pair.told.fact), _signals(case, pair, around, spoken)
    is_another = pair.rivalry >= SAME_PLACE and pair.rivalry > pair.match
    elsewhere = case.elsewhere(pair.shown.told) if pair.shown and is_another else None
    verdict: FindingVerdict = "contradicted" if elsewhere else "unsupported"
    said = " ".join(elsewhere.text.split()) if elsewhere else ""
    why = _why(pair, kind, said)
    span, sentence = pair.told.fact.span, pair.told.sentence
    return Doubt(span, kind, signals, verdict, why, elsewhere, sentence=sentence)


def _signals(
    case: Case,
    pair: Paired,
    around: tuple[float, float, float],
    spoken: Mapping[int, tuple[float, ...]],
) -> tuple[float, ...]:
    """Measure a detail, in the order of ``SIGNALS``."""
    fact = pair.told.fact
    quantity, moment = fact.quantity, fact.moment
    sentence = case.sentence_likeness(pair.told.sentence)
    beside, coverage, in_quote = around
    return (
        float(pair.same is not None),
        pair.match,
        float(pair.same is not None and pair.match < FAR),
        pair.rivalry,
        max(0.0, pair.rivalry - pair.match),
        sentence,
        beside,
        coverage,
        pair.words,
        pair.derivable,
        float(pair.is_written),
        float(quantity is not None and quantity.unit in {"", "th"} and quantity.high <= SMALL),
        float(quantity is not None and quantity.bound != "exactly"),
        in_quote,
        float(moment is not None and (moment.year is not None or moment.month is not None)),
        float(fact.kind == "name" and " " not in fact.value and not fact.text.isupper()),
        (1.0 - float(pair.is_found)) * sentence,
        pair.same.behind if pair.same else 0.0,
        pair.rival.behind if pair.rival else 0.0,
        float(quantity is not None and quantity.unit == "%"),
        float(quantity is not None and quantity.unit in MONEY),
        float(quantity is not None and any(char.isdigit() for char in fact.text)),
        float(pair.same is not None) * max(0.0, pair.rivalry - pair.match),
        float(_addressed(case, pair)),
        float(_is_heading(case, pair)),
        pair.same.before if pair.same else 0.0,
        pair.rival.before if pair.rival else 0.0,
        *spoken.get(pair.told.sentence, _SILENT),
        float(pair.same is not None and _is_exact(fact)),
        pair.dropped.whole if pair.dropped else 0.0,
        pair.dropped.behind if pair.dropped else 0.0,
        max(0.0, pair.dropped.whole - pair.match) if pair.dropped else 0.0,
    )


def _is_exact(fact: Fact) -> bool:
    """Tell whether a detail says so much that two texts hardly have it both by chance."""
    if fact.moment:
        moment = fact.moment
        return moment.month is not None and (moment.day is not None or moment.year is not None)
    if fact.quantity:
        return abs(fact.quantity.high) > SMALL * fact.quantity.step
    return " " in fact.value


def kind_of(case: Case, fact: Fact) -> Kind:
    """Return the kind that a report calls a number, date or name of an article."""
    text = case.article.article.text
    match fact.kind:
        case "number" | "date" | "place" | "person" as kind:
            return kind
        case "name" if _SPEAKS.match(text, fact.end):
            return "person"
        case "name" if _lies(text, fact):
            return "place"
        case _:  # a name of any kind is most often that of an organisation
            return "org"


def _lies(text: str, fact: Fact) -> bool:
    """Tell "in Kristiansund" from "in NATO" and "in Novacell's accounts"."""
    if " " in fact.text or fact.text.isupper() or text.startswith(("'s", "’s"), fact.end):
        return False
    return _LIES.search(text, max(0, fact.start - LONGEST_LIES), fact.start) is not None


def _why(pair: Paired, kind: Kind, said: str) -> str:
    text = " ".join(pair.told.fact.text.split())
    if said:
        return f"the source has “{said}” where the article has “{text}”"
    if pair.same is not None:
        return f"the source has “{text}” in another place only, where it tells of something else"
    if kind == "number":
        return f"the source has no such number as “{text}”, nor any that it follows from"
    if kind == "place" and _is_of_people(pair.told.fact):
        return f"nobody and nothing in the source is called “{text}”"
    return f"the source does not have the {_NOUNS[kind]} “{text}”"


def _is_of_people(place: Fact) -> bool:
    """Tell "German" and "Germans" from "Germany"."""
    from detector.facts.known import GAZETTEER  # it reads the shipped lists

    known = GAZETTEER.places.get(place.text)
    return known is not None and known.is_adjective
