"""A segment: up to 65,535 sources as arrays, which ``segmentfile`` keeps in one file.

Everything in it follows from the articles' texts, so a lost file can be made again. What a search
rarely needs is packed; what it scans lies in the order in which it is scanned.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detector.arrays import Row, joined_blobs, seconds_of
from detector.cells import SIGNS, Cells
from detector.loops import TF_WEIGHTS
from detector.rowfile import RowFile
from detector.sketch import Sketcher, halved
from detector.stretches import spans
from detector.terms import Rarity, TermVector

# Holders, and where buckets begin, are 16-bit numbers.
MOST_ARTICLES = 65_535
# Neither a beginning nor a sum behind what is packed.
_RAW_DEFLATE = -15
# The highest bits of a band's key hang on its first row alone; those of a multiple hang on all.
# Steele & Vigna 2021, "Computationally easy, spectrally good multipliers".
_SPREAD = np.uint64(0xD1342543DE82EF95)


@dataclass(frozen=True, slots=True)
class Table:
    """Which articles hold a term how often.

    Attributes:
        keys: sorted different terms, ``uint32``, shape ``(k,)``.
        starts: where each term's stretch begins, ``uint32``, shape ``(k + 1,)``.
        holders: articles, ascending in each stretch, ``uint16``, shape ``(n,)``.
        counts: ``uint8``, shape ``(n,)``.
        lengths: of each article's weighted terms, ``float32``, shape ``(articles,)``.
    """

    keys: NDArray[np.uint32]
    starts: NDArray[np.uint32]
    holders: NDArray[np.uint16]
    counts: NDArray[np.uint8]
    lengths: NDArray[np.float32]

    def stretches(self, keys: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where each key's stretch begins and how long it is; 0 long when unknown."""
        if not len(self.keys):
            return np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        known = self.keys[places] == keys
        first = self.starts[places].astype(np.int64)
        return first, np.where(known, self.starts[places + 1] - first, 0)

    def triples(self) -> tuple[NDArray[np.uint32], NDArray[np.uint16], NDArray[np.uint8]]:
        """Return key, article and count of every entry, in the order of the keys."""
        return np.repeat(self.keys, np.diff(self.starts)), self.holders, self.counts


@dataclass(frozen=True, slots=True)
class Segment:
    """Some sources as a search reads them; article ``i`` is row ``numbers[i]`` of the SQLite file.

    Attributes:
        numbers: ascending, ``int64``, shape ``(articles,)``.
        published: seconds since 1970, NaN where unknown, ``float64``, shape ``(articles,)``.
        signatures: the low halves of the minima, as ``halved`` makes them, shape
            ``(articles, permutations)``.
        band_starts: where each bucket of a band begins, ``uint16``, shape ``(bands, buckets + 1)``.
        band_holders: the articles of a band by bucket, ``uint16``, shape ``(bands, articles)``.
        terms, headlines: who holds which term.
        packed, packed_starts: each article's terms, as ``term_vector`` reads them.
        vectors: 8-bit unit rows, by cell, shape ``(rows, dimensions)``.
        signs: of the rows, as ``Cells.signs`` makes them; none where there are no cells.
        row_articles: the article of each row, ``uint16``, shape ``(rows,)``.
        article_rows: the rows by article, ``uint32``, shape ``(rows,)``.
        row_starts: where each article's begin there, ``int64``, shape ``(articles + 1,)``.
        cell_starts: where each cell's rows begin; a single cell where there are none.
        file: where single rows of ``vectors`` and ``packed`` are read; None while in memory.
    """

    numbers: NDArray[np.int64]
    published: NDArray[np.float64]
    signatures: NDArray[np.uint16]
    band_starts: NDArray[np.uint16]
    band_holders: NDArray[np.uint16]
    terms: Table
    headlines: Table
    packed: NDArray[np.uint8]
    packed_starts: NDArray[np.int64]
    vectors: NDArray[np.int8]
    signs: NDArray[np.uint64]
    row_articles: NDArray[np.uint16]
    article_rows: NDArray[np.uint32]
    row_starts: NDArray[np.int64]
    cell_starts: NDArray[np.int64]
    file: RowFile | None = None

    def __len__(self) -> int:
        """Number of articles."""
        return len(self.numbers)

    @property
    def has_cells(self) -> bool:
        """Whether its vectors are sorted by cells, and their signs kept."""
        return len(self.cell_starts) > 2

    def place(self, number: int) -> int | None:
        """Return where an article is by its row in the SQLite file."""
        at = int(np.searchsorted(self.numbers, number))
        return at if at < len(self) and self.numbers[at] == number else None

    def term_vector(self, place: int) -> TermVector:
        """Return the terms of an article; counts end at 255."""
        first, last = self.packed_starts[place : place + 2].tolist()
        unpacking = zlib.decompressobj(_RAW_DEFLATE)
        rest = unpacking.decompress(
            self.file.read("packed", [first], last - first)
            if self.file
            else self.packed[first:last].tobytes()
        )
        lowest = unpacking.unused_data
        size = len(lowest)
        gaps = np.frombuffer(lowest + rest, np.uint8, 4 * size).reshape(4, size)
        places = gaps.T.copy().view(np.uint32).ravel().cumsum()
        counts = np.frombuffer(rest, np.uint8, size, 3 * size)
        return TermVector(self.terms.keys[places], counts.astype(np.float32))

    def rows_of(self, places: NDArray[np.int64]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Return the vector rows of some articles, and how many each has."""
        counts = self.row_starts[places + 1] - self.row_starts[places]
        return self.article_rows[spans(self.row_starts[places], counts)], counts

    def vectors_of(self, rows: NDArray[np.integer]) -> NDArray[np.int8]:
        """Return some rows of ``vectors``."""
        if self.file is None:
            held: NDArray[np.int8] = self.vectors[rows]
            return held
        width = self.vectors.shape[1]
        read = self.file.read("vectors", (rows.astype(np.int64) * width).tolist(), width)
        return np.frombuffer(read, np.int8).reshape(-1, width)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What segments of one index are made with; ``cells`` from some size on."""

    sketcher: Sketcher
    rarity: Rarity
    dimensions: int
    cells: Cells | None


def segment_of(rows: Sequence[Row], recipe: Recipe) -> Segment:
    """Make a segment of rows of the SQLite file, in ascending order."""
    numbers, published, signatures, *blobs, vectors = zip(*rows, strict=True)
    terms, counts, headline, headline_counts = blobs
    width = recipe.dimensions
    content = _Content(
        np.array(numbers, np.int64),
        np.array([seconds_of(date) for date in published], np.float64),
        halved(joined_blobs(signatures, np.uint32)).reshape(len(rows), -1),
        _triples(terms, counts),
        _triples(headline, headline_counts),
        joined_blobs(vectors, np.int8).reshape(-1, width),
        np.array([len(blob) // width for blob in vectors], np.int64),
    )
    return _segment(content, recipe)


def merged(segments: Sequence[Segment], removed: NDArray[np.int64], recipe: Recipe) -> Segment:
    """Make one segment of several whose numbers follow each other, without what was removed."""
    kept = [~np.isin(segment.numbers, removed) for segment in segments]
    counts = [int(keep.sum()) for keep in kept]
    offsets = np.cumsum([0, *counts])
    rows = [s.rows_of(np.flatnonzero(keep)) for s, keep in zip(segments, kept, strict=True)]
    content = _Content(
        np.concatenate([s.numbers[k] for s, k in zip(segments, kept, strict=True)]),
        np.concatenate([s.published[k] for s, k in zip(segments, kept, strict=True)]),
        np.concatenate([s.signatures[k] for s, k in zip(segments, kept, strict=True)]),
        _renumbered([s.terms for s in segments], kept, offsets),
        _renumbered([s.headlines for s in segments], kept, offsets),
        np.concatenate([s.vectors[own] for s, (own, _) in zip(segments, rows, strict=True)]),
        np.concatenate([per_article for _, per_article in rows]),
    )
    return _segment(content, recipe)


Triples = tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.uint8]]


class _Content(NamedTuple):
    """What a segment is made of: articles in order, terms and headlines as triples."""

    numbers: NDArray[np.int64]
    published: NDArray[np.float64]
    signatures: NDArray[np.uint16]
    terms: Triples
    headlines: Triples
    vectors: NDArray[np.int8]
    per_article: NDArray[np.int64]


def _triples(keys: Sequence[bytes], counts: Sequence[bytes]) -> Triples:
    holders = np.repeat(np.arange(len(keys)), [len(blob) for blob in counts])
    return joined_blobs(keys, np.uint32), holders, joined_blobs(counts, np.uint8)


def _renumbered(
    tables: Sequence[Table], kept: Sequence[NDArray[np.bool_]], offsets: NDArray[np.int64]
) -> Triples:
    parts = []
    for table, keep, offset in zip(tables, kept, offsets, strict=False):
        keys, holders, counts = table.triples()
        chosen = keep[holders]
        places = np.cumsum(keep) - 1 + offset
        parts.append((keys[chosen], places[holders[chosen]], counts[chosen]))
    return (
        np.concatenate([keys for keys, _, _ in parts]),
        np.concatenate([holders for _, holders, _ in parts]),
        np.concatenate([counts for _, _, counts in parts]),
    )


def _segment(content: _Content, recipe: Recipe) -> Segment:
    numbers, published, signatures, terms, headlines, vectors, per_article = content
    count = len(numbers)
    band_starts, band_holders = _buckets(recipe.sketcher.bands(signatures))
    table = _table(terms, count, recipe.rarity)
    packed = _packed(table, count)
    owners = np.repeat(np.arange(count), per_article)
    cells = recipe.cells.assigned(vectors) if recipe.cells else np.zeros(len(vectors), np.int64)
    order = np.argsort(cells, kind="stable")
    cell_count = len(recipe.cells.centroids) if recipe.cells else 1
    vectors = vectors[order]
    no_signs = np.zeros((SIGNS // 64, 0), np.uint64)
    places = np.empty(len(order), np.uint32)
    places[order] = np.arange(len(order), dtype=np.uint32)
    return Segment(
        numbers=numbers,
        published=published,
        signatures=signatures,
        band_starts=band_starts,
        band_holders=band_holders,
        terms=table,
        headlines=_table(headlines, count, recipe.rarity),
        packed=np.frombuffer(b"".join(packed), np.uint8),
        packed_starts=np.cumsum([0, *map(len, packed)], dtype=np.int64),
        vectors=vectors,
        signs=recipe.cells.signs(vectors) if recipe.cells else no_signs,
        row_articles=owners[order].astype(np.uint16),
        article_rows=places,
        row_starts=np.cumsum([0, *per_article], dtype=np.int64),
        cell_starts=np.searchsorted(cells[order], np.arange(cell_count + 1)).astype(np.int64),
    )


def bucket_of(keys: NDArray[np.uint64], buckets: int) -> NDArray[np.uint64]:
    """Return the bucket of band keys, a number below ``buckets``, which is a power of two."""
    return (keys * _SPREAD) >> np.uint64(64 - (buckets.bit_length() - 1))


def _buckets(keys: NDArray[np.uint64]) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Sort each band's articles into a quarter as many buckets; keys of shape (articles, bands).

    A bucket holds a few articles that share nothing; the signatures tell.
    """
    buckets = 1 << max(1, (len(keys) - 1).bit_length() - 2)
    places = bucket_of(keys, buckets).astype(np.uint16).T
    order = np.argsort(places, axis=1, kind="stable").astype(np.uint16)
    starts = np.zeros((keys.shape[1], buckets + 1), np.uint16)
    for band, own in enumerate(places):
        starts[band, 1:] = np.cumsum(np.bincount(own, minlength=buckets))
    return starts, order


def _table(triples: Triples, articles: int, rarity: Rarity) -> Table:
    keys, holders, counts = triples
    order = np.argsort(keys, kind="stable")
    keys, holders, counts = keys[order], holders[order], counts[order]
    first = np.flatnonzero(np.diff(keys, prepend=keys[:1] ^ np.uint32(1)))
    different, starts = keys[first], np.append(first, len(keys)).astype(np.uint32)
    raw = TF_WEIGHTS[counts] * np.repeat(rarity.of(different), np.diff(starts))
    squares = np.bincount(holders, raw * raw, minlength=articles)
    lengths = np.sqrt(np.where(squares > 0, squares, 1)).astype(np.float32)
    return Table(different, starts, holders.astype(np.uint16), counts, lengths)


def _packed(table: Table, articles: int) -> list[bytes]:
    """Pack each article's terms: gaps between the places of its keys, by byte, and counts.

    The lowest bytes of the gaps are as good as random, so they stand unpacked behind the rest.
    """
    order = np.argsort(table.holders, kind="stable")
    places = np.repeat(np.arange(len(table.keys), dtype=np.uint32), np.diff(table.starts))[order]
    counts = table.counts[order]
    ends = np.cumsum(np.bincount(table.holders, minlength=articles))
    packed, first = [], 0
    for last in ends.tolist():
        gaps = np.diff(places[first:last], prepend=np.uint32(0)).view(np.uint8).reshape(-1, 4).T
        packing = zlib.compressobj(1, wbits=_RAW_DEFLATE)
        rest = packing.compress(gaps[1:].tobytes() + counts[first:last].tobytes())
        packed.append(rest + packing.flush() + gaps[0].tobytes())
        first = last
    return packed
