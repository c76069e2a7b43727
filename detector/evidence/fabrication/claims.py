"""Claims: sentences that assert something the source neither says nor implies.

Precision comes first: a sentence is weighed by what it adds to its likeliest counterpart, by how it
asserts, and by what stands around it; most that only reword stay well below the threshold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from detector.alignment import Aligner
from detector.article import Sentence
from detector.evidence.fabrication.case import Case
from detector.evidence.fabrication.counterparts import Paired
from detector.evidence.fabrication.finding import Doubt, Elsewhere, FindingVerdict

SIGNALS = (
    "best", "second_best", "before", "after", "new_words", "new_weight", "soft_words",
    "weakest_words", "missing", "found", "may", "asks", "addresses", "told", "several", "negated",
    "turned", "length", "coverage", "missing_beside", "quoted", "names", "last",
)  # fmt: skip
# Shorter sentences assert too little to be checked.
FEWEST_WORDS = 5
# A sentence of which this share is quotation is judged as a quotation.
QUOTED = 0.6
# Sentences this alike speak of one thing, so that a "not" in one of them contradicts the other.
ALIKE = 0.5
# The words with the least counterpart tell more than the mean: a quarter of them is looked at.
WEAKEST = 0.25
# The logarithm of the length of a usual sentence, to centre it.
USUAL_LENGTH = 20.0
_MAY = re.compile(
    r"\b(?:may|might|could|would|should|can|must|perhaps|likely|often|sometimes|usually|tends?|"
    r"typically|need|needs|if|whether|every|any|always|rarely)\b",
    re.I,
)
_YOU = re.compile(r"\b(?:you|your|you're|we|our|us|let's|I|my)\b", re.I)
_TOLD = re.compile(
    r"\b(?:was|were|had|has|have|been|did|said|told|went|came|took|made|gave|found|left|[a-z]{3,}ed)\b"
)
_SEVERAL = re.compile(
    r"\b(?:several|many|some|few|most|dozens|hundreds|thousands|others?|various|numerous|critics|"
    r"experts|analysts|officials|observers|sources)\b",
    re.I,
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


def claims(
    case: Case, aligner: Aligner, pairs: Sequence[Paired], coverage: float
) -> Iterator[Doubt]:
    """Yield each sentence of an article that asserts something, with what was measured of it."""
    body = [int(n) for n in case.article.body]
    quotes = [fact for fact in case.article.facts if fact.kind == "quote"]
    soft = _soft_matches(case, aligner)
    missing = sum(not pair.is_found for pair in pairs) / max(1, len(pairs))
    for at, n in enumerate(body):
        sentence = case.article.sentences[n]
        quoted = sum(
            max(0, min(q.end, sentence.end) - max(q.start, sentence.start)) for q in quotes
        )
        if quoted > QUOTED * (sentence.end - sentence.start):
            continue
        first, last = case.article.bounds[n]
        if last - first < FEWEST_WORDS:
            continue
        around = (
            case.sentence_likeness(body[at - 1]) if at else 0.0,
            case.sentence_likeness(body[at + 1]) if at + 1 < len(body) else 0.0,
        )
        mine = [pair for pair in pairs if pair.told.sentence == n]
        beside = (missing, quoted / max(1, sentence.end - sentence.start))
        shared = (coverage, float(at == len(body) - 1))
        yield _doubt(case, n, mine, soft[first:last], (*around, *beside, *shared))


def _doubt(
    case: Case,
    n: int,
    pairs: Sequence[Paired],
    soft: NDArray[np.float32],
    around: tuple[float, float, float, float, float, float],
) -> Doubt:
    sentence = case.article.sentences[n]
    before, after, missing, quoted, coverage, is_last = around
    likest = _likest(case, n)
    here, there = sentence.text, likest[1].text if likest else ""
    alike = likest is not None and likest[0] >= ALIKE
    negated = alike and (_NOT.search(here) is None) != (_NOT.search(there) is None)
    turned = alike and _turned(here, there)
    words = case.article.bounds[n]
    rarity = case.article.rarity[words[0] : words[1]]
    stems = case.article.stems[words[0] : words[1]]
    new = np.array([bool(stem) and int(stem) not in case.stems for stem in stems])
    known = soft[stems > 0]
    weakest = np.sort(known)[: max(1, int(WEAKEST * len(known)))] if len(known) else known
    ranked = sorted((float(r[n].max(initial=0)) for r in case.likeness), reverse=True)
    signals = (
        case.sentence_likeness(n),
        ranked[0] if ranked else 0.0,
        before,
        after,
        float(rarity[new].sum() / max(1.0, rarity.sum())) if len(rarity) else 0.0,
        float(rarity[new].sum()) / 20,
        float(known.mean()) if len(known) else 0.0,
        float(weakest.mean()) if len(weakest) else 0.0,
        float(sum(not p.is_found for p in pairs)),
        float(sum(p.is_found for p in pairs)),
        float(len(_MAY.findall(here))),
        float(here.rstrip("”\"')").endswith("?")),
        float(_YOU.search(here) is not None),
        float(len(_TOLD.findall(here))),
        float(_SEVERAL.search(here) is not None),
        float(negated),
        float(turned),
        float(np.log((words[1] - words[0]) / USUAL_LENGTH)),
        coverage,
        missing,
        quoted,
        float(sum(p.told.fact.kind in {"person", "org", "name"} and p.is_found for p in pairs)),
        is_last,
    )
    says_otherwise = likest is not None and (negated or turned)
    elsewhere = likest[2] if likest and says_otherwise else None
    verdict: FindingVerdict = "contradicted" if elsewhere else "unsupported"
    why = "the source says otherwise" if elsewhere else "no sentence of the source says this"
    return Doubt(sentence.span, "claim", signals, verdict, why, elsewhere)


def _likest(case: Case, n: int) -> tuple[float, Sentence, Elsewhere] | None:
    best: tuple[float, Sentence, Elsewhere] | None = None
    for source, likeness in zip(case.sources, case.likeness, strict=True):
        if likeness.shape[1]:
            m = int(likeness[n].argmax())
            if best is None or likeness[n, m] > best[0]:
                there = source.sentences[m]
                best = float(likeness[n, m]), there, Elsewhere(source.article, there.span)
    return best


def _turned(here: str, there: str) -> bool:
    """Tell whether one sentence only speaks of more and the other only of less."""
    ups = (_UP.search(here) is not None, _UP.search(there) is not None)
    downs = (_DOWN.search(here) is not None, _DOWN.search(there) is not None)
    return ups != downs and ups[0] != downs[0] and ups[1] != downs[1] and ups[0] != ups[1]


def _soft_matches(case: Case, aligner: Aligner) -> NDArray[np.float32]:
    """Return how near the nearest word of any source is to each word, shape ``(words,)``."""
    mine, theirs = (
        sorted({t for s in sides for t, stem in zip(s.tokens, s.stems, strict=True) if stem})
        for sides in ((case.article,), case.sources)
    )
    if not mine or not theirs:
        return np.zeros(len(case.article.tokens), np.float32)
    near = (aligner.encoder.encode(mine) @ aligner.encoder.encode(theirs).T).max(axis=1)
    by_word = dict(zip(mine, near.tolist(), strict=True))
    return np.array([by_word.get(token, 0.0) for token in case.article.tokens], np.float32)
