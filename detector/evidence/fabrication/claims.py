"""Claims: sentences that assert something the source neither says nor implies.

Precision comes first: a sentence is weighed by what it adds to its likeliest counterpart, by the
details in it that no source has, and by what stands around it. A sentence that only rewords stays
well below the threshold; so does one that was invented without a single checkable detail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from detector.article import Sentence, Span
from detector.evidence.fabrication.case import Case
from detector.evidence.fabrication.counterparts import Paired
from detector.evidence.fabrication.finding import Doubt, Elsewhere, FindingVerdict

SIGNALS = (
    "best", "best_pair", "before", "after", "new_words", "new_weight", "missing", "found", "may",
    "told", "negated", "turned", "length", "coverage", "missing_beside",
)  # fmt: skip
# Shorter sentences assert too little to be checked.
FEWEST_WORDS = 5
# A sentence of which this share is quotation is judged as a quotation.
QUOTED = 0.6
# Sentences this alike speak of one thing, so that a "not" in one of them contradicts the other.
ALIKE = 0.5
# The words of a usual sentence, to centre the logarithm of its length.
USUAL_LENGTH = 20.0
# Summed rarity of three rare words, so that the signal stays about 1.
USUAL_WEIGHT = 20.0
_MAY = re.compile(
    r"\b(?:may|might|could|would|should|can|must|perhaps|likely|often|sometimes|usually|tends?|"
    r"typically|need|needs|if|whether|every|any|always|rarely)\b",
    re.I,
)
_TOLD = re.compile(
    r"\b(?:was|were|had|has|have|been|did|said|told|went|came|took|made|gave|found|left"
    r"|[a-z]{3,20}ed)\b"
)
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


def claims(case: Case, pairs: Sequence[Paired], coverage: float) -> Iterator[Doubt]:
    """Yield each sentence of an article that asserts something, with what was measured of it.

    Args:
        case: the article beside its sources.
        pairs: its facts with their counterparts.
        coverage: share of the article's sentences that have a counterpart.
    """
    body = [int(n) for n in case.article.body]
    missing = sum(not pair.is_found for pair in pairs) / max(1, len(pairs))
    details: dict[int, list[Paired]] = {}
    for pair in pairs:
        details.setdefault(pair.told.sentence, []).append(pair)
    quotes = [told.fact.span for told in case.told if told.fact.kind == "quote"]
    for at, n in enumerate(body):
        if not _is_claim(case, n, quotes):
            continue
        before = case.sentence_likeness(body[at - 1]) if at else 0.0
        after = case.sentence_likeness(body[at + 1]) if at + 1 < len(body) else 0.0
        yield _doubt(case, n, details.get(n, []), (before, after, coverage, missing))


def _is_claim(case: Case, n: int, quotes: Sequence[Span]) -> bool:
    """Tell whether a sentence says enough, in the writer's own words."""
    sentence = case.article.sentences[n]
    first, last = case.article.bounds[n]
    quoted = sum(
        max(0, min(span.end, sentence.end) - max(span.start, sentence.start)) for span in quotes
    )
    return last - first >= FEWEST_WORDS and quoted <= QUOTED * (sentence.end - sentence.start)


def _doubt(
    case: Case, n: int, pairs: Sequence[Paired], around: tuple[float, float, float, float]
) -> Doubt:
    sentence = case.article.sentences[n]
    before, after, coverage, missing = around
    likest = _likest(case, n)
    negated = likest is not None and _negated(sentence.text, likest[0].text)
    turned = likest is not None and _turned(sentence.text, likest[0].text)
    first, last = (int(place) for place in case.article.bounds[n])
    rarity = case.article.rarity[first:last]
    new = np.array([int(s) not in case.stems for s in case.article.stems[first:last]], bool)
    signals = (
        case.sentence_likeness(n),
        max((float(row[n].max(initial=0)) for row in case.neighbours), default=0.0),
        before,
        after,
        float(rarity[new].sum() / max(1.0, rarity.sum())),
        float(rarity[new].sum()) / USUAL_WEIGHT,
        float(sum(not pair.is_found for pair in pairs)),
        float(sum(pair.is_found for pair in pairs)),
        float(len(_MAY.findall(sentence.text))),
        float(len(_TOLD.findall(sentence.text))),
        float(negated),
        float(turned),
        float(np.log((last - first) / USUAL_LENGTH)),
        coverage,
        missing,
    )
    elsewhere = likest[1] if likest and (negated or turned) else None
    verdict: FindingVerdict = "contradicted" if elsewhere else "unsupported"
    return Doubt(sentence.span, "claim", signals, verdict, _why(pairs, elsewhere), elsewhere)


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
