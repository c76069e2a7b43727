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

from detector.best import HEADLINE, MEANING, TERMS, Best, Row
from detector.catalogue import Catalogue, Part
from detector.cells import SIGNS, differences, floats, quantised
from detector.segment import TF_WEIGHTS, Segment, Table, bucket_of, spans
from detector.sketch import Sketcher, halved
from detector.terms import Rarity

# Entries of the tables read for one article; an index of 65,536 sources never reaches it.
ENTRIES_READ = 320_000
# Of so many vectors the signs are read, those of the nearest cells; an index of 260,000 sources
# never reaches it.
SIGNS_READ = 1_000_000
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
        fusing: weight of each channel in the sum, in the order of ``detector.best``.
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
    best = Best(query.fusing)
    for at, part in enumerate(parts):
        counting = part.alive & wanted(part.segment)
        rows = [
            Row(None, terms.scores(at)), Row(*meaning[at]),
            Row(*shingles[at]), Row(None, headlines.scores(at)),
        ]  # fmt: skip
        for row in rows:
            row.scores[~counting if row.places is None else ~counting[row.places]] = 0
        best.take(at, rows)
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
        first, lengths = self.first[at, self.read], self.lengths[at, self.read]
        stretches = [slice(a, b) for a, b in np.stack([first, first + lengths], axis=1).tolist()]
        holders = np.concatenate(
            [table.holders[:0], *map(table.holders.__getitem__, stretches)], dtype=np.int64
        )
        counts = np.concatenate([table.counts[:0], *map(table.counts.__getitem__, stretches)])
        raw = TF_WEIGHTS.take(counts) * np.repeat(self.idf[self.read], lengths)
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
    read = _Read.of(catalogue, _cells_read(catalogue, catalogue.cells.nearest_first(vectors)))
    differing = differences(read.signs, signs)
    most = _most_differences(differing)
    alike = np.flatnonzero(differing < most)
    last = np.flatnonzero(differing == most)[: COMPARED - len(alike)]
    found = read.rows(np.sort(np.concatenate([alike, last])))
    return [
        own if part.segment.has_cells else np.arange(len(part.segment.vectors))
        for part, own in zip(catalogue.parts, found, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Read:
    """The stretches of rows whose signs are read, part after part.

    Attributes:
        signs: shape ``(SIGNS / 64, rows read)``.
        first, lengths: the stretches of all parts, shape ``(parts, cells read)``.
    """

    signs: NDArray[np.uint64]
    first: NDArray[np.int64]
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, catalogue: Catalogue, cells: NDArray[np.int64]) -> _Read:
        """Read the signs of some cells, ascending; none of a segment that has no cells."""
        segments = [part.segment for part in catalogue.parts]
        first = np.zeros((len(segments), len(cells)), np.int64)
        ends, signs = first.copy(), [np.zeros((SIGNS // 64, 0), np.uint64)]
        for at, segment in enumerate(segments):
            if segment.has_cells:
                first[at], ends[at] = segment.cell_starts[cells], segment.cell_starts[cells + 1]
                stretches = zip(first[at].tolist(), ends[at].tolist(), strict=True)
                signs += [segment.signs[:, a:b] for a, b in stretches]
        return cls(np.concatenate(signs, axis=1), first, ends - first)

    def rows(self, read: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """Return the rows of each part by their places, ascending, among those read."""
        ends = np.cumsum(self.lengths)
        stretch = np.searchsorted(ends, read, side="right")
        rows = read - (ends - self.lengths.ravel() - self.first.ravel())[stretch]
        parts = np.searchsorted(read, ends.reshape(self.lengths.shape)[:, -1])
        return np.split(rows, parts[:-1])


def _cells_read(catalogue: Catalogue, nearest_first: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the cells whose signs are read, ascending."""
    sizes = np.zeros(len(nearest_first), np.int64)
    for part in catalogue.parts:
        if part.segment.has_cells:
            sizes += np.diff(part.segment.cell_starts)
    count = np.count_nonzero(np.cumsum(sizes[nearest_first]) <= SIGNS_READ)
    return np.sort(nearest_first[: max(1, count)])


def _most_differences(differing: NDArray[np.uint8]) -> int:
    """Return the least number of signs in which so many rows differ at most as are compared."""
    low, high = 0, SIGNS
    while low < high:
        middle = (low + high) // 2
        enough = np.count_nonzero(differing <= middle) >= COMPARED
        low, high = (low, middle) if enough else (middle + 1, high)
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
