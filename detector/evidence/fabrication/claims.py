"""Claims: sentences and parts of them that assert what the source neither says nor implies.

A sentence is weighed by how far the words of the sources account for it, by the details in it that
no source has, by what stands around it, and by whether it reports at all: no comment is invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields

import numpy as np

from detector.article import Sentence, Span
from detector.evidence.fabrication.case import Case
from detector.evidence.fabrication.clauses import Clause, Support, WordSupport, clauses_of
from detector.evidence.fabrication.counterparts import Paired
from detector.evidence.fabrication.finding import Doubt, Elsewhere, FindingVerdict
from detector.evidence.fabrication.stance import OF_CLAUSES, STANCE, stance

_OF_WORDS = tuple(field.name for field in fields(WordSupport))
# Those of the whole sentence, then those of the clause that the sources account for least.
SIGNALS = (
    "best", "best_pair", "before", "after", "around", *_OF_WORDS,
    *(f"least_{name}" for name in _OF_WORDS), "missing", "found", "negated", "turned", "length",
    "clauses", "least_first", "coverage", "missing_beside", "position", *STANCE,
    *(f"least_{name}" for name in STANCE[:OF_CLAUSES]),
)  # fmt: skip
# Shorter sentences assert too little to be checked.
FEWEST_WORDS = 5
# A sentence of which this share is quotation is judged as a quotation.
QUOTED = 0.6
# Sentences this alike speak of one thing, so that a "not" in one of them contradicts the other.
ALIKE = 0.5
# The words of a usual sentence, to centre the logarithm of its length.
USUAL_LENGTH = 20.0
# Sentences to either side that say whether a sentence stands alone.
AROUND = 2
# When one place of a source accounts for this much of every other clause, only the one that it
# does not account for is shown.
SUPPORTED = 0.7
_NOT = re.compile(
    r"\b(?:no|not|never|nobody|none|nothing|neither|nor|without|cannot|fail(?:s|ed)?|refus\w{1,4}|"
    r"den(?:y|ies|ied)|reject\w{0,3}|lack\w{0,3}|\w{2,8}n't)\b",
    re.I,
)
_UP = re.compile(
    r"\b(?:rises?|rose|risen|rising|grows?|grew|grown|growing|increas\w{1,4}|gain\w{0,3}|up|higher|"
    r"climb\w{0,3}|surg\w{1,3}|jump\w{0,3}|soar\w{0,3}|upward|more|expand\w{0,3}|improv\w{1,4})\b",
    re.I,
)
_DOWN = re.compile(
    r"\b(?:falls?|fell|fallen|falling|drop\w{0,4}|declin\w{1,3}|decreas\w{1,4}|lost|lower|down|"
    r"shr[aiu]nk\w{0,3}|slid\w{0,3}|slump\w{0,3}|tumbl\w{1,3}|downward|fewer|less|reduc\w{1,4}|"
    r"worsen\w{0,3})\b",
    re.I,
)


@dataclass(frozen=True)
class _Setting:
    """What holds for all claims of one article."""

    case: Case
    support: Support
    details: dict[int, list[Paired]]
    coverage: float
    missing: float


def claims(case: Case, pairs: Sequence[Paired], coverage: float) -> Iterator[Doubt]:
    """Yield each clause of an article that asserts something, with what was measured of it.

    Args:
        case: the article beside its sources.
        pairs: its facts with their counterparts.
        coverage: share of the article's sentences that have a counterpart.
    """
    missing = sum(not pair.is_found for pair in pairs) / max(1, len(pairs))
    details: dict[int, list[Paired]] = {}
    for pair in pairs:
        details.setdefault(pair.told.sentence, []).append(pair)
    support = Support.of(case)
    setting = _Setting(case, support, details, coverage, missing)
    quotes = [told.fact.span for told in case.told if told.fact.kind == "quote"]
    for at, n in enumerate(case.article.body):
        if _is_claim(case, int(n), quotes):
            yield _doubt(setting, int(n), at)


def _is_claim(case: Case, n: int, quotes: Sequence[Span]) -> bool:
    """Tell whether a sentence says enough, in the writer's own words."""
    sentence = case.article.sentences[n]
    first, last = case.article.bounds[n]
    quoted = sum(
        max(0, min(span.end, sentence.end) - max(span.start, sentence.start)) for span in quotes
    )
    return last - first >= FEWEST_WORDS and quoted <= QUOTED * (sentence.end - sentence.start)


def _doubt(setting: _Setting, n: int, at: int) -> Doubt:
    case, support = setting.case, setting.support
    sentence, text = case.article.sentences[n], case.article.article.text
    likest = _likest(case, n)
    negated = likest is not None and _negated(sentence.text, likest[0].text)
    turned = likest is not None and _turned(sentence.text, likest[0].text)
    whole = range(*(int(place) for place in case.article.bounds[n]))
    parts = [
        (clause, support.of_words(clause.words, whole)) for clause in clauses_of(case.article, n)
    ]
    least, words = max(parts, key=lambda part: part[1].lacking_weight)
    details = setting.details.get(n, ())
    signals = (
        *_of_sentence(case, n, at),
        *astuple(support.of_words(whole, whole)),
        *astuple(words),
        float(sum(not pair.is_found for pair in details)),
        float(sum(pair.is_found for pair in details)),
        float(negated),
        float(turned),
        float(np.log(len(whole) / USUAL_LENGTH)),
        float(len(parts)),
        float(least is parts[0][0]),
        setting.coverage,
        setting.missing,
        at / max(1, len(case.article.body)),
        *stance(sentence.text, sentence.text),
        *stance(least.span.of(text), sentence.text)[:OF_CLAUSES],
    )
    elsewhere = likest[1] if likest and (negated or turned) else None
    verdict: FindingVerdict = "contradicted" if elsewhere else "unsupported"
    span = _shown(sentence, least, parts)
    return Doubt(span, "claim", signals, verdict, _why(details, elsewhere), elsewhere)


def _shown(sentence: Sentence, least: Clause, parts: Sequence[tuple[Clause, WordSupport]]) -> Span:
    """Return the place of the one clause without support, if the source has all the others."""
    others = [words.beside for clause, words in parts if clause is not least]
    return least.span if others and min(others) >= SUPPORTED else sentence.span


def _of_sentence(case: Case, n: int, at: int) -> tuple[float, ...]:
    """Say how like a source a sentence is, and how like those around it."""
    body = case.article.body
    near = [
        case.sentence_likeness(int(body[other]))
        for other in range(max(0, at - AROUND), min(len(body), at + AROUND + 1))
        if other != at
    ]
    return (
        case.sentence_likeness(n),
        max((float(row[n].max(initial=0)) for row in case.neighbours), default=0.0),
        case.sentence_likeness(int(body[at - 1])) if at else 0.0,
        case.sentence_likeness(int(body[at + 1])) if at + 1 < len(body) else 0.0,
        max(near, default=0.0),
    )


def _likest(case: Case, n: int) -> tuple[Sentence, Elsewhere] | None:
    """Return the sentence of any source that is most like one of the article, if one is alike."""
    best, found = ALIKE, None
    for source, likeness in zip(case.sources, case.likeness, strict=True):
        m = int(likeness[n].argmax()) if likeness.shape[1] else -1
        if m >= 0 and likeness[n, m] >= best:
            best, there = float(likeness[n, m]), source.sentences[m]
            found = there, Elsewhere(source.article, there.span)
    return found


def _negated(here: str, there: str) -> bool:
    """Tell whether one of two sentences says "not" and the other does not."""
    return (_NOT.search(here) is None) != (_NOT.search(there) is None)


def _turned(here: str, there: str) -> bool:
    """Tell whether one of two sentences speaks only of more and the other only of less."""
    up, up_there = (_UP.search(text) is not None for text in (here, there))
    down, down_there = (_DOWN.search(text) is not None for text in (here, there))
    return up != down and up_there != down_there and up != up_there


def _why(pairs: Sequence[Paired], elsewhere: Elsewhere | None) -> str:
    if elsewhere:
        return "the source says otherwise in the sentence most like it"
    missing = [" ".join(pair.told.fact.text.split()) for pair in pairs if not pair.is_found]
    if missing:
        return f"no sentence of the source says this, nor has it “{missing[0]}”"
    return "no sentence of the source says this"
