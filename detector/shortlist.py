"""A search of segments: the few sources that any channel, or all together, put first.

Every source of a small index gets its exact score in every channel. In a larger one the vectors of
those are compared that come first by the other channels. In a large one the commonest of the
article's terms are passed over at first, and so are the vectors of far cells and those with few
signs in common; what comes first then gets its exact scores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.best import HEADLINE, MEANING, SHINGLES, TERMS, Best, PartScores, Row
from detector.catalogue import Catalogue, Part
from detector.cells import SIGNS, Cells, floats, quantised
from detector.loops import TF_WEIGHTS, Bands, Entries, Loops
from detector.segment import Segment, Table, bucket_of
from detector.sketch import Sketcher, halved
from detector.terms import Rarity

# The vectors of so many sources are all compared with an article's; of more, those of the sources
# that come first by the other channels: else the time of a scan would grow with its square. Of 500
# crawled articles beside 43,008 none got another label; with 512 two barely undecided ones did.
ALL_VECTORS, NEAREST = 8_192, 1_024
# Entries of the tables read for one article; an index of 65,536 sources never reaches it.
ENTRIES_READ = 320_000
# Of so many vectors the signs are read, those of the nearest cells; an index of 260,000 sources
# never reaches it.
SIGNS_READ = 1_000_000
# So many with the most signs in common have their likeness estimated, and so many of these are
# compared in full. See scripts/benchmarks/README.md for the recall of all three.
ALIKE = 4_096
COMPARED = 1_536


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
# The scores of terms and headlines of all articles of a part.
_Dense = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The sources found: rows of the SQLite file, ascending, and scores, shape ``(4, n)``."""

    numbers: NDArray[np.int64]
    scores: NDArray[np.float64]


def find_shortlist(
    query: Query,
    catalogue: Catalogue,
    wanted: Wanted,
    *,
    rarity: Rarity,
    sketcher: Sketcher,
    loops: Loops,
) -> Shortlist:
    """Return the sources that come first in any channel, or in the sum of all.

    Args:
        query: the article.
        catalogue: the sources.
        wanted: tells which articles of a segment count, shape ``(articles,)``.
        rarity: weighs the terms.
        sketcher: the one that signed them.
        loops: in numpy or compiled; they find the same.
    """
    parts = catalogue.parts
    terms, late_terms = _looked_up(
        [p.segment.terms for p in parts], query.terms, query.term_weights, query, rarity
    )
    headlines, late_headlines = _looked_up(
        [p.segment.headlines for p in parts], query.headline, query.headline_weights, query, rarity
    )
    shingles = _shingle_scores(query, parts, sketcher, loops)
    counting = [part.alive & wanted(part.segment) for part in parts]
    dense: Iterable[_Dense] = (
        (loops.term_scores(terms.entries(at)), loops.term_scores(headlines.entries(at)))
        for at in range(len(parts))
    )
    if catalogue.is_scanned and sum(len(part.segment) for part in parts) > ALL_VECTORS:
        dense = list(dense)
        sums = [_sum(query, own, row) for own, row in zip(dense, shingles, strict=True)]
        meaning = _meaning_of_first(query, parts, sums, counting)
    else:
        meaning = _meaning_scores(query, catalogue, loops)
    best = Best(query.fusing, loops)
    for at, own_scores in enumerate(dense):
        scores = PartScores(*own_scores, meaning[at], shingles[at])
        scores.count_only(counting[at])
        best.take(at, scores)
    chosen = best.chosen()
    if not catalogue.is_scanned:
        for at, part in enumerate(parts):
            own = np.flatnonzero(chosen.part == at)
            if len(own):
                places, exact = chosen.place[own], chosen.scores[:, own]
                exact[TERMS] += loops.late_scores(late_terms.entries(at), places)
                exact[HEADLINE] += loops.late_scores(late_headlines.entries(at), places)
                exact[MEANING] = _best_cosines(query, part.segment, places)
                chosen.scores[:, own] = exact
    numbers = [parts[p].segment.numbers[i] for p, i in zip(chosen.part, chosen.place, strict=True)]
    order = np.argsort(numbers, kind="stable")
    return Shortlist(np.array(numbers, np.int64)[order], chosen.scores[:, order])


@dataclass(frozen=True, slots=True)
class _Terms:
    """Some of an article's terms in the tables of all parts.

    Attributes:
        tables: one per part.
        weights: of the terms in the article, shape ``(terms,)``.
        idf: of the terms, shape ``(terms,)``.
        first, ends: where each one's entries lie, shape ``(parts, terms)``.
    """

    tables: list[Table]
    weights: NDArray[np.float32]
    idf: NDArray[np.float32]
    first: NDArray[np.int64]
    ends: NDArray[np.int64]

    def some(self, terms: NDArray[np.int64]) -> _Terms:
        """Return some of them by their places."""
        return _Terms(
            self.tables,
            self.weights[terms],
            self.idf[terms],
            np.ascontiguousarray(self.first[:, terms]),
            np.ascontiguousarray(self.ends[:, terms]),
        )

    def entries(self, at: int) -> Entries:
        """Return what a part has of them."""
        table = self.tables[at]
        return Entries(
            holders=table.holders,
            counts=table.counts,
            lengths=table.lengths,
            first=self.first[at],
            ends=self.ends[at],
            idf=self.idf,
            weights=self.weights,
            tf_weights=TF_WEIGHTS,
        )


def _looked_up(
    tables: list[Table],
    keys: NDArray[np.uint32],
    weights: NDArray[np.float32],
    query: Query,
    rarity: Rarity,
) -> tuple[_Terms, _Terms]:
    """Return the terms read in full, and those looked up only for the sources that come first."""
    found = [table.stretches(keys) for table in tables]
    first, lengths = (np.array([own[n] for own in found]) for n in (0, 1))
    holders = lengths.sum(axis=0)
    known = np.flatnonzero((holders > 0) & (holders <= query.most_holders))
    rarest = known[np.argsort(holders[known], kind="stable")]
    affordable = np.cumsum(holders[rarest]) <= ENTRIES_READ
    terms = _Terms(tables, weights, rarity.of(keys), first, first + lengths)
    # In the order of the query, as sums are rounded by their order.
    return terms.some(np.sort(rarest[affordable])), terms.some(np.sort(rarest[~affordable]))


def _meaning_scores(query: Query, catalogue: Catalogue, loops: Loops) -> list[Row]:
    """Return, for each part, articles and their best cosine with any part of the query."""
    if catalogue.is_scanned or catalogue.cells is None:
        return [Row(np.arange(len(p.segment)), _all_cosines(query, p)) for p in catalogue.parts]
    compared = compared_rows(query.vectors, catalogue, loops)
    pairs = list(zip([part.segment for part in catalogue.parts], compared, strict=True))
    vectors = np.concatenate([segment.vectors_of(rows) for segment, rows in pairs])
    cosines = (floats(vectors) @ query.vectors.T).max(axis=1, initial=0).astype(np.float64)
    ends = np.cumsum([len(rows) for rows in compared])
    return [
        _best_of_each(segment.row_articles[rows], own)
        for (segment, rows), own in zip(pairs, np.split(cosines, ends[:-1]), strict=True)
    ]


def foremost(sums: NDArray[np.float64], counting: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the places of the ``NEAREST`` highest sums, ascending, without what does not count."""
    first = np.sort(np.argpartition(-sums, NEAREST)[:NEAREST])
    return first[counting[first]]


def _sum(query: Query, dense: _Dense, shingles: Row) -> NDArray[np.float64]:
    """Return the weighted sum of all channels but meaning, shape ``(articles,)``."""
    terms, headlines = dense
    fused = query.fusing[TERMS] * terms + query.fusing[HEADLINE] * headlines
    fused[shingles.places] += query.fusing[SHINGLES] * shingles.scores
    return fused


def _meaning_of_first(
    query: Query,
    parts: Sequence[Part],
    sums: Sequence[NDArray[np.float64]],
    counting: Sequence[NDArray[np.bool_]],
) -> list[Row]:
    """Return, for each part, those of the first by the other channels and their best cosine."""
    every = np.concatenate(
        [np.where(own, fused, 0) for fused, own in zip(sums, counting, strict=True)]
    )
    first = foremost(every, np.concatenate(counting))
    own = _by_part(first, [len(part.segment) for part in parts])
    return [
        Row(places, _best_cosines(query, part.segment, places) if len(places) else np.zeros(0))
        for part, places in zip(parts, own, strict=True)
    ]


def _best_of_each(articles: NDArray[np.uint16], cosines: NDArray[np.float64]) -> Row:
    order = np.argsort(articles, kind="stable")
    ordered = articles[order].astype(np.int64)
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    best = np.maximum.reduceat(cosines[order], starts) if len(starts) else cosines
    return Row(ordered[starts], best)


def _all_cosines(query: Query, part: Part) -> NDArray[np.float64]:
    segment = part.segment
    best = (part.vectors() @ query.vectors.T).max(axis=1)[segment.article_rows]
    return np.maximum.reduceat(best, segment.row_starts[:-1]).astype(np.float64)


def _best_cosines(query: Query, segment: Segment, places: NDArray[np.int64]) -> NDArray[np.float64]:
    rows, counts = segment.rows_of(places)
    best = (floats(segment.vectors_of(rows)) @ query.vectors.T).max(axis=1)
    starts = np.cumsum(counts) - counts
    return np.maximum.reduceat(best, starts).astype(np.float64)


def compared_rows(
    vectors: NDArray[np.float32], catalogue: Catalogue, loops: Loops
) -> list[NDArray[np.int64]]:
    """Return the rows of each part's vectors that a search of a large index compares in full.

    They are those whose signs are most like those of any of the query's vectors, among the cells
    that are read; the rows of a part without cells are all compared.

    Args:
        vectors: of the query, shape ``(n, dimensions)``.
        catalogue: the sources; with cells.
        loops: in numpy or compiled.
    """
    segments = [part.segment for part in catalogue.parts]
    if catalogue.cells is None:
        return [np.arange(len(segment.vectors)) for segment in segments]
    alike = _alike_rows(vectors, segments, catalogue.cells, loops)
    signs = [segment.signs[:, rows] for segment, rows in zip(segments, alike, strict=True)]
    likeness = catalogue.cells.likeness(np.concatenate(signs, axis=1), quantised(vectors))
    chosen = np.sort(np.argsort(-likeness, kind="stable")[:COMPARED])
    own = _by_part(chosen, [len(rows) for rows in alike])
    return [
        rows[places] if segment.has_cells else np.arange(len(segment.vectors))
        for segment, rows, places in zip(segments, alike, own, strict=True)
    ]


def _alike_rows(
    vectors: NDArray[np.float32], segments: list[Segment], cells: Cells, loops: Loops
) -> list[NDArray[np.int64]]:
    """Return the rows of each part with the most signs in common with any of some vectors."""
    signs = cells.signs(quantised(vectors))
    near = _cells_read(segments, cells.nearest_first(vectors))
    read = [_Read.of(segment, near, signs, loops) for segment in segments]
    differing = np.concatenate([part.differing for part in read])
    most = _most_differences(differing)
    fewer = np.flatnonzero(differing < most)
    last = np.flatnonzero(differing == most)[: ALIKE - len(fewer)]
    chosen = np.sort(np.concatenate([fewer, last]))
    own = _by_part(chosen, [len(part.differing) for part in read])
    return [part.rows(places) for part, places in zip(read, own, strict=True)]


def _by_part(numbers: NDArray[np.int64], sizes: list[int]) -> list[NDArray[np.int64]]:
    """Split numbers, ascending, of what lies part after part; count anew in each part."""
    ends = np.cumsum(sizes)
    own = np.split(numbers, np.searchsorted(numbers, ends[:-1]))
    return [part - (end - size) for part, end, size in zip(own, ends, sizes, strict=True)]


@dataclass(frozen=True, slots=True)
class _Read:
    """The rows of a part whose signs are read.

    Attributes:
        first, ends: the stretches they lie in, shape ``(cells read,)``.
        differing: in how many signs each differs from the query, shape ``(rows read,)``.
    """

    first: NDArray[np.int64]
    ends: NDArray[np.int64]
    differing: NDArray[np.uint8]

    @classmethod
    def of(
        cls,
        segment: Segment,
        cells: NDArray[np.int64],
        signs: NDArray[np.uint64],
        loops: Loops,
    ) -> _Read:
        """Read some cells, ascending; none of a segment that has no cells."""
        cells = cells if segment.has_cells else cells[:0]
        first, ends = segment.cell_starts[cells], segment.cell_starts[cells + 1]
        return cls(first, ends, loops.differences(segment.signs, first, ends, signs))

    def rows(self, read: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows by their places, ascending, among those read."""
        lengths = self.ends - self.first
        ends = np.cumsum(lengths)
        stretch = np.searchsorted(ends, read, side="right")
        rows: NDArray[np.int64] = read - (ends - lengths - self.first)[stretch]
        return rows


def _cells_read(segments: list[Segment], nearest_first: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the cells whose signs are read, ascending."""
    sizes = np.zeros(len(nearest_first), np.int64)
    for segment in segments:
        if segment.has_cells:
            sizes += np.diff(segment.cell_starts)
    count = np.count_nonzero(np.cumsum(sizes[nearest_first]) <= SIGNS_READ)
    return np.sort(nearest_first[: max(1, count)])


def _most_differences(differing: NDArray[np.uint8]) -> int:
    """Return the least number of signs in which so many rows differ at most as are compared."""
    low, high = 0, SIGNS
    while low < high:
        middle = (low + high) // 2
        enough = np.count_nonzero(differing <= middle) >= ALIKE
        low, high = (low, middle) if enough else (middle + 1, high)
    return low


def _shingle_scores(
    query: Query, parts: tuple[Part, ...], sketcher: Sketcher, loops: Loops
) -> list[Row]:
    """Return, for each part, the articles that share a band, and their estimated Jaccard."""
    signature = halved(query.signature)
    keys = sketcher.bands(signature[None, :])[0]
    bands = np.arange(len(keys))
    met = []
    for part in parts:
        starts, holders = part.segment.band_starts, part.segment.band_holders
        buckets = bucket_of(keys, starts.shape[1] - 1).astype(np.int64)
        first, ends = starts[bands, buckets], starts[bands, buckets + 1]
        own = Bands(
            holders, first.astype(np.int64), ends.astype(np.int64),
            part.segment.signatures, signature,
        )  # fmt: skip
        met.append(loops.band_mates(own))
    shared = np.bincount(np.concatenate([rows for rows, _ in met]), minlength=len(keys))
    scores = []
    for part, (rows, places) in zip(parts, met, strict=True):
        articles = np.unique(places[shared[rows] <= query.bucket])
        equal = part.segment.signatures[articles] == signature
        scores.append(Row(articles, equal.mean(axis=1)))
    return scores
