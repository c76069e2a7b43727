"""Which sources an article may have been made from: four channels, fused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detector.arrays import SearchArrays
from detector.article import Article
from detector.fingerprint import Fingerprint
from detector.index import Index
from detector.outlook import LIKELY, Apart, apart_of, outlook_signals, outlooks, support_of
from detector.segment import Segment
from detector.shortlist import ALL_VECTORS, Query, find_shortlist, foremost
from detector.stretches import spans
from detector.terms import Rarity, TermVector

Channel = Literal["terms", "meaning", "shingles", "headline"]
CHANNELS: tuple[Channel, ...] = ("terms", "meaning", "shingles", "headline")
Scores = dict[Channel, NDArray[np.float64]]

# How many candidates go on to alignment; recall@10 of the fused ranking is 1.0 on every set we
# have, see models/README.md.
CANDIDATES = 10
# Each channel's own first few are kept whatever the others say, so that no channel's recall is
# lost in the sum.
OWN_PLACES = 2
# A channel is named in ``found_by`` where the source is among its first ten …
NAMED_PLACES = 10
# … and its score is above what stories on different subjects reach: the 99th percentile among the
# fixtures' sources is .74 for meaning (whole texts), .05 for terms.
NAMED_SCORE: dict[Channel, float] = {
    "terms": 0.10,
    "meaning": 0.70,
    "shingles": 0.03,
    "headline": 0.15,
}
# A candidate goes on when one channel says at least this. Of the ten nearest of 46 unrelated
# sources one in eleven does; every true source in our sets does, the weakest at twice the least.
WORTH_ALIGNING: dict[Channel, float] = {
    "terms": 0.05,
    "meaning": 0.80,
    "shingles": 0.01,
    "headline": 0.15,
}
# All scores are cosines or Jaccard, 0 to 1; terms alone find the most sources.
WEIGHT: dict[Channel, float] = {"terms": 1.0, "meaning": 0.5, "shingles": 1.0, "headline": 0.5}
# The query's heaviest terms decide; the rest are so common that they only cost time.
QUERY_TERMS = 96
# A term held by more than this share of a large index is passed over; small ones keep all.
COMMON_SHARE = 0.05
COMMON_AT_LEAST = 2_000
# Vectors of earlier sources are compared in whole blocks of so many rows, 4 MB.
VECTOR_BLOCK = 4_096
# A band held by more articles than this is boilerplate.
BUCKET = 200


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source worth aligning.

    Attributes:
        source: the article.
        found_by: the channels that found it, strongest first.
        score: the fused score that ranked it.
        scores: each channel's own score, in the order of ``CHANNELS``.
        terms: the source's, of title and text.
        support: share of either side's weighted terms that the other has, the larger one.
        apart: what sets it apart from the others.
        outlook: log-odds that it turns out to be a source, by its terms alone.
    """

    source: Article
    found_by: tuple[Channel, ...]
    score: float
    scores: tuple[float, ...]
    terms: TermVector = field(compare=False, repr=False)
    support: float
    apart: Apart
    outlook: float

    @property
    def is_likely(self) -> bool:
        """Whether it may turn out to be a source; if not, it only sets others apart."""
        return self.outlook >= LIKELY


def find_candidates(
    article: Article,
    index: Index,
    *,
    most: int = CANDIDATES,
    earlier_only: bool = False,
    fingerprint: Fingerprint | None = None,
) -> tuple[Candidate, ...]:
    """Return the sources an article may have been made from, likeliest first.

    Args:
        article: the article; a source of the same id is never among its candidates.
        index: the sources.
        most: at most this many.
        earlier_only: the article is in the index itself; only what came before it counts.
        fingerprint: the article's, when it is known.
    """
    found = _found(article, index, most, earlier_only, fingerprint)
    return tuple(found.candidate(n, index) for n in range(len(found.places)))


def find_likely(
    article: Article,
    index: Index,
    *,
    earlier_only: bool = False,
    fingerprint: Fingerprint | None = None,
) -> tuple[Candidate, ...]:
    """Return the candidates of an article, or none where none of them is likely to be a source.

    It saves reading them, and takes the arguments of ``find_candidates``.
    """
    found = _found(article, index, CANDIDATES, earlier_only, fingerprint)
    if not (found.outlooks >= LIKELY).any():
        return ()
    return tuple(found.candidate(n, index) for n in range(len(found.places)))


@dataclass(frozen=True, slots=True)
class _Found:
    """The candidates of an article before they are read.

    Attributes:
        places: where they stand in the scores, likeliest first.
        numbers: the rows of all sources that were compared.
        scores, fused: of all of them.
        terms: of each candidate.
        supports, apart, outlooks: of each candidate.
    """

    places: list[int]
    numbers: NDArray[np.int64]
    scores: Scores
    fused: NDArray[np.float64]
    terms: list[TermVector]
    supports: NDArray[np.float64]
    apart: list[Apart]
    outlooks: NDArray[np.float64]

    def candidate(self, n: int, index: Index) -> Candidate:
        """Read one of them."""
        place = self.places[n]
        return Candidate(
            source=index.article(int(self.numbers[place])),
            found_by=_found_by(self.scores, place),
            score=float(self.fused[place]),
            scores=tuple(float(self.scores[channel][place]) for channel in CHANNELS),
            terms=self.terms[n],
            support=float(self.supports[n]),
            apart=self.apart[n],
            outlook=float(self.outlooks[n]),
        )


def _found(
    article: Article,
    index: Index,
    most: int,
    earlier_only: bool,
    fingerprint: Fingerprint | None,
) -> _Found:
    if fingerprint is None:
        (fingerprint,) = index.fingerprinter.fingerprint([article])
    wanted = _Wanted(article, index.number(article.id), earlier_only)
    numbers, scores = (
        _listed(fingerprint, index, wanted)
        if index.has_segments()
        else _compared(fingerprint, index, wanted)
    )
    fused = _fused(scores)
    chosen = _places_to_align(scores, fused, most) if len(numbers) else []
    places = [place for place in chosen if _is_worth_aligning(scores, place)]
    terms = [index.terms(int(numbers[place])) for place in places]
    table = np.array([[scores[channel][place] for channel in CHANNELS] for place in places])
    if not places:
        return _Found([], numbers, scores, fused, [], np.zeros(0), [], np.zeros(0))
    signals = outlook_signals(fingerprint.terms, terms, table, index.rarity)
    return _Found(
        places, numbers, scores, fused, terms,
        support_of(signals), apart_of(signals), outlooks(signals),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which sources count for an article: all but itself, or only what came before it.

    Before it is what has an earlier date; without dates, or on the same, what was added before.
    """

    article: Article
    number: int
    earlier_only: bool

    def __call__(self, arrays: SearchArrays | Segment) -> NDArray[np.bool_]:
        if not self.earlier_only:
            others: NDArray[np.bool_] = arrays.numbers != self.number
            return others
        before: NDArray[np.bool_] = arrays.numbers < self.number
        if self.article.published is not None:
            moment = self.article.published.timestamp()
            same = np.isnan(arrays.published) | (arrays.published == moment)
            before = np.where(same, before, arrays.published < moment)
            before &= arrays.numbers != self.number
        return before


def _compared(
    fingerprint: Fingerprint, index: Index, wanted: _Wanted
) -> tuple[NDArray[np.int64], Scores]:
    """Compare an article with every source; for an index held in memory."""
    arrays = index.arrays()
    counting = wanted(arrays)
    few = len(counting) <= ALL_VECTORS
    first = _beyond_last(counting) if few else 0
    scores = channel_scores(fingerprint, arrays, index, first=first)
    for own in scores.values():
        own[~counting] = 0
    if not few:
        nearest = foremost(_fused(scores), counting)
        scores["meaning"][nearest] = _vector_scores_of(fingerprint.vectors, arrays, nearest)
    return arrays.numbers, scores


def _listed(
    fingerprint: Fingerprint, index: Index, wanted: _Wanted
) -> tuple[NDArray[np.int64], Scores]:
    """Compare an article with the sources that may come first; for an index with segments."""
    catalogue = index.catalogue()
    heaviest, weights = _heaviest(fingerprint.terms, index.rarity)
    query = Query(
        terms=heaviest,
        term_weights=weights,
        headline=fingerprint.headline.terms,
        headline_weights=index.rarity.weights(fingerprint.headline),
        signature=fingerprint.signature,
        vectors=fingerprint.vectors,
        fusing=tuple(WEIGHT[channel] for channel in CHANNELS),
        most_holders=_common(len(catalogue)),
        bucket=BUCKET,
    )
    found = find_shortlist(
        query,
        catalogue,
        wanted,
        rarity=index.rarity,
        sketcher=index.sketcher,
        loops=index.loops_for(len(catalogue)),
    )
    return found.numbers, dict(zip(CHANNELS, found.scores, strict=True))


def _beyond_last(wanted: NDArray[np.bool_]) -> int:
    """Return one more than the last place that is wanted; 0 where none is."""
    return len(wanted) - int(wanted[::-1].argmax()) if wanted.any() else 0


def channel_scores(
    fingerprint: Fingerprint, arrays: SearchArrays, index: Index, *, first: int | None = None
) -> Scores:
    """Return every channel's score for every source, each of shape ``(sources,)``.

    Args:
        fingerprint: the article's.
        arrays: the sources'.
        index: the sources.
        first: compare the vectors of so many first sources only; the slowest part.
    """
    first = len(arrays.numbers) if first is None else first
    return {
        "terms": _term_scores(fingerprint.terms, arrays, index.rarity),
        "meaning": _vector_scores(fingerprint.vectors, arrays, first),
        "shingles": _shingle_scores(fingerprint, arrays, index),
        "headline": _headline_scores(fingerprint.headline, arrays, index.rarity),
    }


def _term_scores(vector: TermVector, arrays: SearchArrays, rarity: Rarity) -> NDArray[np.float64]:
    heaviest, weights = _heaviest(vector, rarity)
    return arrays.terms.scores(heaviest, weights, most_holders=_common(len(arrays.numbers)))


def _heaviest(vector: TermVector, rarity: Rarity) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    weights = rarity.weights(vector)
    # In the order of the terms, in which tables are looked up twice as fast.
    heaviest = np.sort(np.argsort(-weights, kind="stable")[:QUERY_TERMS])
    return vector.terms[heaviest], weights[heaviest]


def _headline_scores(
    vector: TermVector, arrays: SearchArrays, rarity: Rarity
) -> NDArray[np.float64]:
    return arrays.headlines.scores(
        vector.terms, rarity.weights(vector), most_holders=_common(len(arrays.numbers))
    )


def _common(sources: int) -> int:
    return max(COMMON_AT_LEAST, int(COMMON_SHARE * sources))


def _vector_scores(
    vectors: NDArray[np.float32], arrays: SearchArrays, first: int
) -> NDArray[np.float64]:
    """Return the best cosine between any part of the article and any part of each source."""
    scores = np.zeros(len(arrays.numbers))
    if first:
        # Whole blocks: a small product is rounded otherwise than a large one.
        stop = -(-int(arrays.vector_starts[first]) // VECTOR_BLOCK) * VECTOR_BLOCK
        best_row = (arrays.vectors[:stop] @ vectors.T).max(axis=1)[: arrays.vector_starts[first]]
        scores[:first] = np.maximum.reduceat(best_row, arrays.vector_starts[:first])
    return scores


def _vector_scores_of(
    vectors: NDArray[np.float32], arrays: SearchArrays, places: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the best cosine with any part of some sources."""
    if not len(places):
        return np.zeros(0)
    starts = arrays.vector_starts[places]
    lengths = arrays.vector_starts[places + 1] - starts
    best_row = (arrays.vectors[spans(starts, lengths)] @ vectors.T).max(axis=1)
    scores: NDArray[np.float64] = np.maximum.reduceat(best_row, np.cumsum(lengths) - lengths)
    return scores


def _shingle_scores(
    fingerprint: Fingerprint, arrays: SearchArrays, index: Index
) -> NDArray[np.float64]:
    keys = index.sketcher.bands(fingerprint.signature[None, :])[0]
    shared = arrays.bands.scores(keys, np.ones(len(keys), np.float32), most_holders=BUCKET)
    met = np.flatnonzero(shared)
    scores = np.zeros(len(arrays.numbers))
    scores[met] = (arrays.signatures[met] == fingerprint.signature).mean(axis=1)
    return scores


def _is_worth_aligning(scores: Scores, place: int) -> bool:
    return any(scores[channel][place] >= least for channel, least in WORTH_ALIGNING.items())


def _fused(scores: Scores) -> NDArray[np.float64]:
    total = np.zeros(len(next(iter(scores.values()))))
    for channel in CHANNELS:
        total += WEIGHT[channel] * scores[channel]
    return total


def _places_to_align(scores: Scores, fused: NDArray[np.float64], most: int) -> list[int]:
    """Return the places of the fused best and of each channel's own best, by fused score."""
    own = [place for channel in CHANNELS for place in _best(scores[channel], OWN_PLACES)]
    kept = dict.fromkeys([*_best(fused, OWN_PLACES), *own, *_best(fused, most)])
    return sorted(list(kept)[:most], key=lambda place: (-fused[place], place))


def _best(scores: NDArray[np.float64], most: int) -> list[int]:
    """Return the places of the highest scores above 0, highest first."""
    most = max(0, min(most, len(scores)))
    if not most:
        return []
    places = np.argpartition(-scores, most - 1)[:most]
    ordered = places[np.lexsort((places, -scores[places]))]
    return [int(place) for place in ordered if scores[place] > 0]


def _found_by(scores: Scores, place: int) -> tuple[Channel, ...]:
    named = []
    for channel in CHANNELS:
        own = scores[channel]
        if own[place] < NAMED_SCORE[channel]:
            continue
        rank = int((own > own[place]).sum())
        if rank < NAMED_PLACES:
            named.append((rank, -own[place], channel))
    return tuple(channel for _, _, channel in sorted(named))
