"""A search of segments: the few sources that any channel, or all together, put first.

Every source of a small index gets its exact score in every channel. In a large one the commonest
of the article's terms are passed over at first, and so are the vectors of far cells and those with
few signs in common; what comes first then gets its exact scores.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.catalogue import Catalogue, Part
from detector.cells import SIGNS, differences, floats, quantised
from detector.segment import TF_WEIGHTS, Segment, Table, bucket_of, spans
from detector.sketch import Sketcher, halved
from detector.terms import Rarity

TERMS, MEANING, SHINGLES, HEADLINE = range(4)
# So many sources of each channel are kept for the exact scores, six times what is aligned.
KEPT = 64
# Entries of the tables read for one article; an index of 65,536 sources never reaches it.
ENTRIES_READ = 320_000
# Of so many vectors the signs are read, those of the nearest cells; an index of 400,000 sources
# never reaches it.
SIGNS_READ = 1_500_000
# So many vectors are compared in full. See scripts/benchmarks/README.md for the recall of both.
COMPARED = 4_096


@dataclass(frozen=True, slots=True)
class Query:
    """An article as the channels look it up.

    Attributes:
        terms, term_weights: its heaviest terms, shape ``(n,)``.
        headline, headline_weights: those of title and lead, shape ``(n,)``.
        signature: shape ``(permutations,)``.
        vectors: shape ``(1 to 5, dimensions)``.
        fusing: weight of each channel in the sum, in the order of this module's constants.
        most_holders: a term that more sources have is passed over.
        bucket: a band that more sources have is passed over.
    """

    terms: NDArray[np.uint32]
    term_weights: NDArray[np.float32]
    headline: NDArray[np.uint32]
    headline_weights: NDArray[np.float32]
    signature: NDArray[np.uint32]
    vectors: NDArray[np.float32]
    fusing: tuple[float, ...]
    most_holders: int
    bucket: int


Wanted = Callable[[Segment], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The sources found: rows of the SQLite file, ascending, and scores, shape ``(4, n)``."""

    numbers: NDArray[np.int64]
    scores: NDArray[np.float64]


def find_shortlist(
    query: Query, catalogue: Catalogue, wanted: Wanted, rarity: Rarity, sketcher: Sketcher
) -> Shortlist:
    """Return the sources that come first in any channel, or in the sum of all.

    Args:
        query: the article.
        catalogue: the sources.
        wanted: tells which articles of a segment count, shape ``(articles,)``.
        rarity: weighs the terms.
        sketcher: the one that signed them.
    """
    parts = catalogue.parts
    terms = _Lookup.of(
        [p.segment.terms for p in parts], query.terms, query.term_weights, query, rarity
    )
    headlines = _Lookup.of(
        [p.segment.headlines for p in parts], query.headline, query.headline_weights, query, rarity
    )
    shingles = _shingle_scores(query, parts, sketcher)
    meaning = _meaning_scores(query, catalogue)
    best = _Best(query.fusing)
    for at, part in enumerate(parts):
        scores = np.zeros((4, len(part.segment)))
        scores[TERMS] = terms.scores(at)
        scores[HEADLINE] = headlines.scores(at)
        scores[SHINGLES][shingles[at][0]] = shingles[at][1]
        scores[MEANING][meaning[at][0]] = meaning[at][1]
        scores[:, np.flatnonzero(~(part.alive & wanted(part.segment)))] = 0
        best.take(at, scores)
    chosen = best.chosen()
    if not catalogue.is_scanned:
        for at, part in enumerate(parts):
            own = chosen.part == at
            places, scores = chosen.place[own], chosen.scores[:, own]
            scores[TERMS] += terms.passed_over(at, places)
            scores[HEADLINE] += headlines.passed_over(at, places)
            scores[MEANING] = _best_cosines(query, part.segment, places)
            chosen.scores[:, own] = scores
    numbers = [parts[p].segment.numbers[i] for p, i in zip(chosen.part, chosen.place, strict=True)]
    order = np.argsort(numbers, kind="stable")
    return Shortlist(np.array(numbers, np.int64)[order], chosen.scores[:, order])


@dataclass(frozen=True, slots=True)
class _Lookup:
    """An article's terms in the tables of all parts.

    Attributes:
        tables: one per part.
        weights: of the terms in the article, shape ``(terms,)``.
        idf: of the terms, shape ``(terms,)``.
        first, lengths: the stretches, shape ``(parts, terms)``.
        read: the terms that are looked up in full.
        late: those whose holders are only looked up for the sources that come first.
    """

    tables: list[Table]
    weights: NDArray[np.float32]
    idf: NDArray[np.float32]
    first: NDArray[np.int64]
    lengths: NDArray[np.int64]
    read: NDArray[np.int64]
    late: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        tables: list[Table],
        keys: NDArray[np.uint32],
        weights: NDArray[np.float32],
        query: Query,
        rarity: Rarity,
    ) -> _Lookup:
        found = [table.stretches(keys) for table in tables]
        lengths = np.array([own for _, own in found])
        holders = lengths.sum(axis=0)
        known = np.flatnonzero((holders > 0) & (holders <= query.most_holders))
        rarest = known[np.argsort(holders[known], kind="stable")]
        affordable = np.cumsum(holders[rarest]) <= ENTRIES_READ
        return cls(
            tables=tables,
            weights=weights,
            idf=rarity.of(keys),
            first=np.array([own for own, _ in found]),
            lengths=lengths,
            # In the order of the query, as sums are rounded by their order.
            read=np.sort(rarest[affordable]),
            late=np.sort(rarest[~affordable]),
        )

    def scores(self, at: int) -> NDArray[np.float64]:
        """Return the sum of weight here times weight there for every article of a part."""
        table = self.tables[at]
        lengths = self.lengths[at, self.read]
        rows = spans(self.first[at, self.read], lengths)
        holders = table.holders.take(rows)
        raw = TF_WEIGHTS.take(table.counts.take(rows)) * np.repeat(self.idf[self.read], lengths)
        products = raw / table.lengths.take(holders) * np.repeat(self.weights[self.read], lengths)
        return np.bincount(holders, products, minlength=len(table.lengths)).astype(np.float64)

    def passed_over(self, at: int, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what the terms not read in full add to some articles of a part."""
        table, added = self.tables[at], np.zeros(len(places))
        if not len(places):
            return added
        wanted, lengths = places.astype(np.uint16), table.lengths[places]
        for term in self.late.tolist():
            first, length = self.first[at, term], self.lengths[at, term]
            holders = table.holders[first : first + length]
            if not length:
                continue
            where = np.searchsorted(holders, wanted)
            held = np.flatnonzero(holders.take(where, mode="clip") == wanted)
            if len(held):
                weights = TF_WEIGHTS[table.counts[first + where[held]]] * self.idf[term]
                added[held] += weights / lengths[held] * self.weights[term]
        return added


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Sources kept: their part, their place in it, and their scores, shape ``(4, n)``."""

    part: NDArray[np.int64]
    place: NDArray[np.int64]
    scores: NDArray[np.float64]


class _Best:
    """Keeps the first ``KEPT`` of each channel and of the sum, part after part."""

    def __init__(self, fusing: tuple[float, ...]) -> None:
        self._fusing = fusing
        self._found: list[_Chosen] = []
        self._highest = [np.zeros(0)] * (len(fusing) + 1)

    def take(self, at: int, scores: NDArray[np.float64]) -> None:
        """Look through the scores of a part, shape ``(4, articles)``."""
        fused = self._fused(scores)
        kept = [self._first(row, own) for row, own in enumerate((*scores, fused))]
        places = np.unique(np.concatenate(kept))
        self._found.append(_Chosen(np.full(len(places), at), places, scores[:, places]))

    def _fused(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        fused: NDArray[np.float64] = scores[TERMS] * self._fusing[TERMS]
        for channel in (MEANING, SHINGLES, HEADLINE):
            fused += scores[channel] * self._fusing[channel]
        return fused

    def _first(self, row: int, scores: NDArray[np.float64]) -> NDArray[np.int64]:
        highest = self._highest[row]
        least = highest[-1] if len(highest) == KEPT else 0.0
        places = np.flatnonzero(scores > least)
        if len(places) > KEPT:
            places = places[np.argpartition(-scores[places], KEPT - 1)[:KEPT]]
        together = np.concatenate([highest, scores[places]])
        self._highest[row] = -np.sort(-together)[:KEPT]
        return places

    def chosen(self) -> _Chosen:
        """Return what still comes first now that all parts are known."""
        part = np.concatenate([found.part for found in self._found])
        place = np.concatenate([found.place for found in self._found])
        scores = np.concatenate([found.scores for found in self._found], axis=1)
        fused = self._fused(scores)
        keep = np.zeros(len(part), np.bool_)
        for row, own in enumerate((*scores, fused)):
            highest = self._highest[row]
            if len(highest):
                keep |= own >= highest[-1]
        keep &= fused > 0
        return _Chosen(part[keep], place[keep], scores[:, keep])


Found = list[tuple[NDArray[np.int64], NDArray[np.float64]]]


def _meaning_scores(query: Query, catalogue: Catalogue) -> Found:
    """Return, for each part, articles and their best cosine with any part of the query."""
    if catalogue.is_scanned or catalogue.cells is None:
        return [(np.arange(len(p.segment)), _all_cosines(query, p)) for p in catalogue.parts]
    found = []
    for part, rows in zip(catalogue.parts, compared_rows(query.vectors, catalogue), strict=True):
        cosines = (floats(part.segment.vectors[rows]) @ query.vectors.T).max(axis=1, initial=0)
        articles, first = np.unique(part.segment.row_articles[rows], return_inverse=True)
        best = np.zeros(len(articles))
        np.maximum.at(best, first, cosines)
        found.append((articles.astype(np.int64), best))
    return found


def _all_cosines(query: Query, part: Part) -> NDArray[np.float64]:
    segment = part.segment
    best = (part.vectors() @ query.vectors.T).max(axis=1)[segment.article_rows]
    return np.maximum.reduceat(best, segment.row_starts[:-1]).astype(np.float64)


def _best_cosines(query: Query, segment: Segment, places: NDArray[np.int64]) -> NDArray[np.float64]:
    if not len(places):
        return np.zeros(0)
    rows, counts = segment.rows_of(places)
    best = (floats(segment.vectors[rows]) @ query.vectors.T).max(axis=1)
    starts = np.cumsum(counts) - counts
    return np.maximum.reduceat(best, starts).astype(np.float64)


def compared_rows(vectors: NDArray[np.float32], catalogue: Catalogue) -> list[NDArray[np.int64]]:
    """Return the rows of each part's vectors that a search of a large index compares in full.

    They are those whose signs are most like those of any of the query's vectors, among the cells
    that are read; the rows of a part without cells are all compared.

    Args:
        vectors: of the query, shape ``(n, dimensions)``.
        catalogue: the sources; with cells.
    """
    if catalogue.cells is None:
        return [np.arange(len(part.segment.vectors)) for part in catalogue.parts]
    signs = catalogue.cells.signs(quantised(vectors))
    numbers = _cells_read(catalogue, catalogue.cells.nearest_first(vectors))
    read = [_Read.of(part.segment, numbers, signs) for part in catalogue.parts]
    most = _most_differences(read)
    rest = COMPARED - sum(int(np.count_nonzero(each.differing < most)) for each in read)
    rows = []
    for part, each in zip(catalogue.parts, read, strict=True):
        last = np.flatnonzero(each.differing == most)[:rest]
        rest -= len(last)
        alike = np.sort(np.concatenate([np.flatnonzero(each.differing < most), last]))
        everything = np.arange(len(part.segment.vectors))
        rows.append(each.rows(alike) if part.segment.has_cells else everything)
    return rows


@dataclass(frozen=True, slots=True)
class _Read:
    """The stretches of a part's rows whose signs were read.

    Attributes:
        first, lengths: shape ``(stretches,)``.
        differing: in how many signs each row differs from the query, shape ``(rows read,)``.
    """

    first: NDArray[np.int64]
    lengths: NDArray[np.int64]
    differing: NDArray[np.uint8]

    @classmethod
    def of(cls, segment: Segment, cells: NDArray[np.int64], signs: NDArray[np.uint64]) -> _Read:
        """Read the signs of some cells, ascending; none of a segment that has no cells."""
        if not segment.has_cells:
            cells = cells[:0]
        starts = segment.cell_starts
        first, ends = starts[cells], starts[cells + 1]
        if len(cells) == len(starts) - 1:  # nothing to gather
            read = segment.signs
        else:
            stretches = zip(first.tolist(), ends.tolist(), strict=True)
            read = np.concatenate(
                [segment.signs[:, :0], *(segment.signs[:, a:b] for a, b in stretches)], axis=1
            )
        return cls(first, ends - first, differences(read, signs))

    def rows(self, read: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of the part by their places among those read."""
        ends = np.cumsum(self.lengths)
        stretch = np.searchsorted(ends, read, side="right")
        rows: NDArray[np.int64] = read - (ends - self.lengths - self.first)[stretch]
        return rows


def _cells_read(catalogue: Catalogue, nearest_first: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the cells whose signs are read, ascending."""
    sizes = np.zeros(len(nearest_first), np.int64)
    for part in catalogue.parts:
        if part.segment.has_cells:
            sizes += np.diff(part.segment.cell_starts)
    count = np.count_nonzero(np.cumsum(sizes[nearest_first]) <= SIGNS_READ)
    return np.sort(nearest_first[: max(1, count)])


def _most_differences(read: list[_Read]) -> int:
    """Return the least number of signs in which so many rows differ at most as are compared."""
    low, high = 0, SIGNS
    while low < high:
        middle = (low + high) // 2
        found = sum(int(np.count_nonzero(each.differing <= middle)) for each in read)
        low, high = (low, middle) if found >= COMPARED else (middle + 1, high)
    return low


def _shingle_scores(query: Query, parts: tuple[Part, ...], sketcher: Sketcher) -> Found:
    """Return, for each part, the articles that share a band, and their estimated Jaccard."""
    spec = sketcher.spec
    signature = halved(query.signature)
    keys = sketcher.bands(signature[None, :])[0]
    own = signature.reshape(spec.bands, spec.rows)
    met = []
    for part in parts:
        starts, holders = part.segment.band_starts, part.segment.band_holders
        buckets = bucket_of(keys, starts.shape[1] - 1).astype(np.int64)
        bands = np.arange(spec.bands)
        first = starts[bands, buckets].astype(np.int64)
        lengths = starts[bands, buckets + 1] - first
        rows = np.repeat(bands, lengths)
        places = holders[rows, spans(first, lengths)].astype(np.int64)
        theirs = part.segment.signatures.reshape(-1, spec.bands, spec.rows)[places, rows]
        same = (theirs == own[rows]).all(axis=1)
        met.append((rows[same], places[same]))
    shared = np.bincount(np.concatenate([rows for rows, _ in met]), minlength=spec.bands)
    scores = []
    for part, (rows, places) in zip(parts, met, strict=True):
        articles = np.unique(places[shared[rows] <= query.bucket])
        equal = part.segment.signatures[articles] == signature
        scores.append((articles, equal.mean(axis=1)))
    return scores
