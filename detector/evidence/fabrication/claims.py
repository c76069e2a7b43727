"""Claims: sentences and parts of them that assert what the source neither says nor implies.

A sentence is weighed by how far the words of the sources account for it, by the details in it that
no source has, by what stands around it, and by whether it reports at all: no comment is invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detector.article import Sentence, Span
from detector.evidence.fabrication.case import Case
from detector.evidence.fabrication.clauses import SUPPORT, Clauses, Support, clauses_of
from detector.evidence.fabrication.counterparts import Paired
from detector.evidence.fabrication.finding import Doubt, Elsewhere, FindingVerdict, Reading
from detector.evidence.fabrication.stance import OF_CLAUSES, STANCE
from detector.evidence.fabrication.words import Groups

# Those of the whole sentence, then those of the clause that the sources account for least. How long
# the article is, is none: it told which writer's texts these were, and of others' it misled.
SIGNALS = (
    "best", "best_pair", "before", "after", "around", *SUPPORT,
    *(f"least_{name}" for name in SUPPORT), "missing", "found", "negated", "turned", "length",
    "clauses", "least_first", "coverage", "missing_beside", "position", *STANCE,
    *(f"least_{name}" for name in STANCE[:OF_CLAUSES]),
)  # fmt: skip
_LACKING, _BESIDE = SUPPORT.index("lacking_weight"), SUPPORT.index("beside")
# Shorter sentences assert too little to be checked.
FEWEST_WORDS = 5
# A sentence of which this share is quotation is judged as a quotation.
QUOTED = 0.6
# Sentences this alike speak of one thing, so that a "not" in one of them contradicts the other.
ALIKE = 0.5
# The words of a usual sentence, to centre the logarithm of its length.
USUAL_LENGTH = 20.0
OTHERWISE = "the source says otherwise here"
NOWHERE = "no sentence of the source says this"
# Sentences to either side that say whether a sentence stands alone.
AROUND = 2
# In small letters, where each alternative is told by its first one.
_NOT = re.compile(
    r"\b(?:no|not|never|nobody|none|nothing|neither|nor|without|cannot|fail(?:s|ed)?|refus\w{1,4}|"
    r"den(?:y|ies|ied)|reject\w{0,3}|lack\w{0,3}|\w{2,8}n't)\b",
)
_UP = re.compile(
    r"\b(?:rises?|rose|risen|rising|grows?|grew|grown|growing|increas\w{1,4}|gain\w{0,3}|up|higher|"
    r"climb\w{0,3}|surg\w{1,3}|jump\w{0,3}|soar\w{0,3}|upward|more|expand\w{0,3}|improv\w{1,4})\b",
)
_DOWN = re.compile(
    r"\b(?:falls?|fell|fallen|falling|drop\w{0,4}|declin\w{1,3}|decreas\w{1,4}|lost|lower|down|"
    r"shr[aiu]nk\w{0,3}|slid\w{0,3}|slump\w{0,3}|tumbl\w{1,3}|downward|fewer|less|reduc\w{1,4}|"
    r"worsen\w{0,3})\b",
)


def claims(case: Case, pairs: Sequence[Paired], coverage: float) -> Iterator[Doubt]:
    """Yield each sentence of an article that asserts something, with what was measured of it.

    Args:
        case: the article beside its sources.
        pairs: its facts with their counterparts.
        coverage: share of the article's sentences that have a counterpart.
    """
    chosen = _chosen(case)
    if not len(chosen):
        return
    details: dict[int, list[Paired]] = {}
    for pair in pairs:
        n = pair.told.sentence
        if n < 0 or pair.told.fact.start >= case.said(n).start:
            details.setdefault(n, []).append(pair)
    missing = sum(not pair.is_found for pair in pairs) / max(1, len(pairs))
    sides = [_said_otherwise(case, int(n)) for n in case.article.body[chosen]]
    parts = _Parts(case, case.article.body[chosen])
    columns = np.column_stack(
        [
            _around(case)[chosen],
            parts.sentences,
            parts.parts[parts.least],
            _found(details, case.article.body[chosen]),
            np.array([(side.negated, side.turned) for side in sides], float),
            np.log(parts.lengths / USUAL_LENGTH),
            parts.counts,
            parts.least == parts.firsts,
            np.full((len(chosen), 2), (coverage, missing)),
            chosen / max(1, len(case.article.body)),
            parts.sentence_stance,
            parts.part_stance[parts.least, :OF_CLAUSES],
        ]
    )
    for n, (own, side) in enumerate(zip(columns.tolist(), sides, strict=True)):
        elsewhere = side.elsewhere if side.negated or side.turned else None
        verdict: FindingVerdict = "contradicted" if elsewhere else "unsupported"
        sentence = int(case.article.body[chosen[n]])
        span = case.said(sentence)
        reading = case.reading(sentence, *parts.told(n))
        lacks = [p.told.fact.span for p in details.get(sentence, ()) if not p.is_found]
        reading = replace(reading, missing=tuple(lacks))
        why = OTHERWISE if elsewhere else _nowhere(reading, span)
        yield Doubt(span, "claim", tuple(own), verdict, why, elsewhere, reading, sentence)


def _chosen(case: Case) -> NDArray[np.intp]:
    """Return which body sentences say enough, in the writer's own words."""
    body, sentences = case.article.body, case.article.sentences
    quoted = np.zeros(len(body))
    starts = np.array([sentences[n].start for n in body], np.intp)
    ends = np.array([sentences[n].end for n in body], np.intp)
    for told in case.told:
        if told.fact.kind == "quote":
            shared = np.minimum(told.fact.end, ends) - np.maximum(told.fact.start, starts)
            quoted += np.maximum(0, shared)
    words = np.diff(case.article.bounds[body], axis=1).reshape(-1)
    return np.flatnonzero((words >= FEWEST_WORDS) & (quoted <= QUOTED * (ends - starts)))


class _Parts:
    """Some sentences and their clauses, measured all at once."""

    def __init__(self, case: Case, chosen: NDArray[np.intp]) -> None:
        article, support = case.article, Support(case)
        said = [case.said(n) for n in chosen.tolist()]
        starts = np.array([span.start for span in said], np.intp)
        ends = np.array([span.end for span in said], np.intp)
        self.clauses: Clauses = clauses_of(article, chosen.tolist(), starts.tolist())
        first, last = np.searchsorted(article.word_starts, starts), article.bounds[chosen, 1]
        sentences = Groups.of(article, first, last)
        clauses = Groups.of(article, self.clauses.first, self.clauses.last)
        owners = self.clauses.owners
        self.sentences = support.of(sentences, sentences, np.arange(len(chosen)))
        self.parts = support.of(sentences, clauses, owners)
        self.lengths = np.maximum(1, last - first)
        self.firsts = np.searchsorted(owners, np.arange(len(chosen)))
        self.counts = np.bincount(owners, minlength=len(chosen))
        # The clause that lacks most; of equal ones the first.
        order = np.lexsort((np.arange(len(owners)), -self.parts[:, _LACKING], owners))
        self.least = order[np.searchsorted(owners, np.arange(len(chosen)))]
        self.sentence_stance = case.stances.of(starts, ends)
        self.part_stance = case.stances.of(self.clauses.starts, self.clauses.ends)

    def told(self, n: int) -> tuple[tuple[Span, ...], int]:
        """Return where the clauses of a sentence stand, and which has least of its words beside."""
        first = int(self.firsts[n])
        last = first + int(self.counts[n])
        spans = tuple(self.clauses.span(m) for m in range(first, last))
        return spans, int(self.parts[first:last, _BESIDE].argmin())


def _around(case: Case) -> NDArray[np.float32]:
    """Say how like a source each body sentence is, and how like those around it."""
    body = case.article.body
    best = case.best[body]
    pairs = np.zeros(len(case.article.sentences), np.float32)
    for table in case.neighbours:
        np.maximum(pairs, table.max(axis=1, initial=0), out=pairs)
    padded = np.pad(best, AROUND)
    shifts = [
        padded[AROUND + by : AROUND + by + len(best)] for by in range(-AROUND, AROUND + 1) if by
    ]
    before, after = padded[AROUND - 1 : -AROUND - 1], padded[AROUND + 1 : len(padded) - AROUND + 1]
    return np.column_stack([best, pairs[body], before, after, np.max(shifts, axis=0)])


def _found(
    details: Mapping[int, Sequence[Paired]], sentences: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Count the details of each sentence that no source has, and those that one has."""
    counts = [
        (sum(not pair.is_found for pair in own), sum(pair.is_found for pair in own))
        for own in (details.get(int(n), ()) for n in sentences)
    ]
    return np.array(counts, np.intp).reshape(-1, 2)


@dataclass(frozen=True, slots=True)
class _Otherwise:
    """Whether the source's sentence most like one of the article seems to say the opposite."""

    negated: bool
    turned: bool
    elsewhere: Elsewhere | None


def _said_otherwise(case: Case, n: int) -> _Otherwise:
    likest, sentence = _likest(case, n), case.article.sentences[n]
    if likest is None:
        return _Otherwise(negated=False, turned=False, elsewhere=None)
    there, elsewhere = likest[0].text.lower(), likest[1]
    here = sentence.text.lower()
    return _Otherwise(_negated(here, there), _turned(here, there), elsewhere)


def _likest(case: Case, n: int) -> tuple[Sentence, Elsewhere] | None:
    """Return the sentence of any source that is most like one of the article, if one is alike."""
    for side, m in case.nearest(n)[:1]:
        if case.likeness[side][n, m] >= ALIKE:
            source = case.sources[side]
            return source.sentences[m], Elsewhere(source.article, source.sentences[m].span)
    return None


def _negated(here: str, there: str) -> bool:
    """Tell whether one of two sentences says "not" and the other does not."""
    return (_NOT.search(here) is None) != (_NOT.search(there) is None)


def _turned(here: str, there: str) -> bool:
    """Tell whether one of two sentences speaks only of more and the other only of less."""
    up = _UP.search(here) is not None
    if up == (_DOWN.search(here) is not None):
        return False
    up_there = _UP.search(there) is not None
    return up != up_there and up_there != (_DOWN.search(there) is not None)


def as_read(doubt: Doubt, span: Span, otherwise: Elsewhere | None) -> Doubt:
    """Return a claim that was read beside the sources.

    Args:
        doubt: the claim.
        span: its sentence, or the one clause that is not borne out.
        otherwise: the place in a source that says otherwise, if one was found.
    """
    if otherwise:
        why = OTHERWISE
        return replace(doubt, span=span, verdict="contradicted", why=why, elsewhere=otherwise)
    why = _nowhere(doubt.reading, span) if doubt.reading else NOWHERE
    return replace(doubt, span=span, verdict="unsupported", why=why, elsewhere=None)


def _nowhere(reading: Reading, span: Span) -> str:
    """Say that no source has a stretch of a sentence, nor the first detail in it that none has."""
    inside = [m for m in reading.missing if span.start <= m.start and m.end <= span.end]
    return f"{NOWHERE}, nor has it “{reading.words(inside[0])}”" if inside else NOWHERE
