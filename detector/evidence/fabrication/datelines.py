"""Datelines: whether the source reports from that place, and on that day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detector.evidence.fabrication.case import Case
from detector.evidence.fabrication.counterparts import Paired
from detector.evidence.fabrication.finding import Doubt, FindingVerdict
from detector.facts import Fact

SIGNALS = ("has_own", "own_place", "place_found", "date_found", "dated", "coverage")
ELSEWHERE = "the source reports from elsewhere"
NOWHERE = "the source does not report from there"
# Shorter words in capitals are abbreviations.
SHORTEST_PLACE = 4


def datelines(case: Case, pairs: Sequence[Paired], coverage: float) -> Iterator[Doubt]:
    """Yield each dateline of an article with what was measured of it."""
    theirs = case.known_of({"dateline"})
    for told in case.told:
        fact = told.fact
        if fact.kind != "dateline":
            continue
        inside = [p for p in pairs if fact.start <= p.told.fact.start < fact.end]
        places = [p for p in inside if p.told.fact.kind == "place"]
        days = [p for p in inside if p.told.fact.kind == "date"]
        own = [k for k in theirs if any(p.told.fact.value in k.fact.value for p in places[:1])]
        is_own = bool(own) or _is_in_capitals(case, fact)
        signals = (
            float(bool(theirs) or is_own),
            float(is_own),
            float(bool(places) and places[0].same is not None),
            float(all(p.is_found for p in days)),
            float(bool(days)),
            coverage,
        )
        rival = theirs[0] if theirs and not is_own else None
        elsewhere = case.elsewhere(rival) if rival else None
        verdict: FindingVerdict = "contradicted" if elsewhere else "unsupported"
        why = ELSEWHERE if elsewhere else NOWHERE
        yield Doubt(fact.span, "dateline", signals, verdict, why, elsewhere, sentence=told.sentence)


def _is_in_capitals(case: Case, dateline: Fact) -> bool:
    """Tell whether a source has the place in capitals: behind a date line of its page, say."""
    place = dateline.text.partition(",")[0].strip().upper()
    return len(place) >= SHORTEST_PLACE and any(
        f"{place} " in source.article.text for source in case.sources
    )
