"""Near-duplicates in a collection: candidates by MinHash bands, each pair checked exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.bulk import BulkSketcher, has_kernel
from detector.sketch import Sketcher, SketchSpec, shingle_hashes

# Five words are what deduplication of news and web text uses; 32 bands of 4 rows miss one pair in
# 20 million at a Jaccard of .8, and one in 5,000 at .7: the check sorts out the rest.
SPEC = SketchSpec(shingle_words=5, bands=32, rows=4)
THRESHOLD = 0.8
# A pair whose estimate stays this far below the threshold is not checked: 3.4 standard errors of
# an estimate from 128 permutations at .8.
MARGIN = 0.12
# More texts than this in one bucket share a template; the bucket is passed over, and counted.
BUCKET = 1_000
# Pairs estimated or checked at once; their texts' shingles then take some 40 MB.
PAIRS_AT_ONCE = 16_384
# Texts that hang together are compared one behind the other, so that each is split once; so often
# the lowest number is handed on from text to text. Longer chains are cut, which costs time only.
HANDED_ON = 8

Pairs = NDArray[np.int64]
Sets = tuple[NDArray[np.uint32], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """The near-duplicates of a collection.

    Attributes:
        pairs: numbers of the two texts, the lower first, sorted, shape ``(n, 2)``.
        jaccard: of their shingle sets, exact, shape ``(n,)``.
        containment: share of the smaller set that the larger holds, shape ``(n,)``.
        checked: candidate pairs of different texts, each compared exactly.
        buckets_passed_over: buckets with more than ``BUCKET`` texts.
    """

    pairs: Pairs
    jaccard: NDArray[np.float64]
    containment: NDArray[np.float64]
    checked: int
    buckets_passed_over: int


def near_duplicates(
    texts: Sequence[str], *, threshold: float = THRESHOLD, workers: int = 1
) -> Duplicates:
    """Find the pairs of texts whose word 5-grams have at least this Jaccard similarity.

    Args:
        texts: the collection; two texts without words are duplicates.
        threshold: 0 to 1; the bands are made for .7 and more.
        workers: threads, where numba is installed.
    """
    finder = _Compiled(workers) if has_kernel() else _Plain()
    numbers: dict[str, int] = {}  # copies of a text are signed and compared as one
    kinds = np.array([numbers.setdefault(text, len(numbers)) for text in texts], np.int64)
    different = list(numbers)
    least = (threshold - MARGIN) * SPEC.permutations
    candidates, passed_over = finder.candidates(finder.sign(different), np.bincount(kinds), least)
    parts = _parts(candidates, len(different))
    kept = [_checked(finder, different, part, threshold) for part in parts]
    columns = [np.concatenate(column) for column in zip(*[_nothing(), *kept], strict=True)]
    pairs, rows = _spread(columns[0], kinds)
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    pairs, (shared, union, smaller) = pairs[order], (c[rows[order]] for c in columns[1:])
    return Duplicates(
        pairs=pairs,
        jaccard=shared / union,
        containment=shared / smaller,
        checked=int((candidates[:, 0] != candidates[:, 1]).sum()),
        buckets_passed_over=passed_over,
    )


class _Compiled:
    """Signs and compares by the kernel."""

    def __init__(self, workers: int) -> None:
        self._bulk = BulkSketcher(SPEC.shingle_words, Sketcher(SPEC).permutations, workers=workers)
        self.sign = self._bulk.sign
        self.sets = self._bulk.hash_sets

    def shared(self, sets: Sets, pairs: Pairs) -> Pairs:
        from detector.kernels import shared_counts

        counts: Pairs = shared_counts(*sets, pairs)
        return counts

    def candidates(
        self, signatures: NDArray[np.uint32], copies: NDArray[np.int64], least: float
    ) -> tuple[Pairs, int]:
        from detector.kernels import met_alike

        met: tuple[Pairs, int] = met_alike(signatures, copies, SPEC.rows, least, BUCKET)
        return met


class _Plain:
    """Does the same without numba."""

    def __init__(self) -> None:
        self.sign = Sketcher(SPEC).sign_many

    def sets(self, texts: Sequence[str]) -> Sets:
        parts = [shingle_hashes(text, SPEC.shingle_words) for text in texts]
        return np.concatenate(parts), np.cumsum([0, *map(len, parts)])

    def shared(self, sets: Sets, pairs: Pairs) -> Pairs:
        hashes, bounds = sets
        parts = np.split(hashes, bounds[1:-1])
        common = [len(np.intersect1d(parts[i], parts[j], assume_unique=True)) for i, j in pairs]
        return np.array(common, np.int64)

    def candidates(
        self, signatures: NDArray[np.uint32], copies: NDArray[np.int64], least: float
    ) -> tuple[Pairs, int]:
        """Return the pairs that share a band and look alike; how many buckets were full."""
        passed_over = np.zeros((SPEC.bands, len(signatures)), np.bool_)
        met, full = [_nothing()[0]], 0
        for band in range(SPEC.bands):
            rows = signatures[:, band * SPEC.rows : (band + 1) * SPEC.rows]
            order, starts, sizes = _buckets(rows)
            is_full = np.add.reduceat(copies[order], starts) > BUCKET
            full += int(is_full.sum())
            passed_over[band, order] = np.repeat(is_full, sizes)
            few = (sizes > 1) & ~is_full
            copied = np.flatnonzero((copies > 1) & ~passed_over[band])
            met += [  # a pair counts in the first band in which it meets
                pairs[_agreed(signatures, pairs, passed_over[:band]) >= least]
                for pairs in (
                    copied[:, None].repeat(2, 1),
                    *_in_buckets(order, starts[few], sizes[few]),
                )
            ]
        return np.concatenate(met), full


def _agreed(
    signatures: NDArray[np.uint32], pairs: Pairs, passed_over: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Count the minima on which pairs agree; -1 for one that met in a band before."""
    both = signatures[pairs[:, 0]] == signatures[pairs[:, 1]]
    counts: NDArray[np.int64] = both.sum(axis=1, dtype=np.int64)
    met = both.reshape(len(pairs), SPEC.bands, SPEC.rows).all(axis=2)[:, : len(passed_over)]
    counts[(met & ~passed_over[:, pairs[:, 0]].T).any(axis=1)] = -1
    return counts


def _buckets(rows: NDArray[np.uint32]) -> tuple[NDArray[np.intp], ...]:
    """Sort texts by the rows of one band; return the order, and each bucket's start and size."""
    keys = np.zeros(len(rows), np.uint64)
    for row in rows.T:  # Knuth's MMIX multiplier, as in ``Sketcher.bands``
        keys = keys * np.uint64(6364136223846793005) + row.astype(np.uint64)
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(keys)])
    return order, starts, np.diff(np.append(starts, len(keys)))


def _in_buckets(
    order: NDArray[np.intp], starts: NDArray[np.intp], sizes: NDArray[np.intp]
) -> Iterator[Pairs]:
    """Yield all pairs within buckets, a few thousand at once, the lower number first.

    A stable sort leaves the numbers of a bucket in order.
    """
    for size in np.unique(sizes):
        of_size = order[starts[sizes == size][:, None] + np.arange(size)]
        first, second = np.triu_indices(size, 1)
        step = max(1, PAIRS_AT_ONCE // len(first))
        for n in range(0, len(of_size), step):
            part = of_size[n : n + step]
            yield np.stack([part[:, first].ravel(), part[:, second].ravel()], axis=1)


def _parts(pairs: Pairs, count: int) -> Iterator[Pairs]:
    """Yield pairs of ``count`` texts, those of texts that hang together side by side."""
    lowest = np.arange(count)
    for _ in range(HANDED_ON):
        both = lowest[pairs].min(axis=1)
        for side in pairs.T:
            np.minimum.at(lowest, side, both)
    ordered = pairs[np.argsort(lowest[pairs[:, 0]], kind="stable")]
    yield from (ordered[n : n + PAIRS_AT_ONCE] for n in range(0, len(pairs), PAIRS_AT_ONCE))


def _checked(
    finder: _Compiled | _Plain, texts: Sequence[str], pairs: Pairs, threshold: float
) -> tuple[Pairs, Pairs, Pairs, Pairs]:
    """Keep the pairs that are as alike as they must be; with the sizes of what they share."""
    numbers, places = np.unique(pairs, return_inverse=True)
    sets = finder.sets([texts[n] for n in numbers.tolist()])
    places = places.reshape(pairs.shape)
    shared, sizes = finder.shared(sets, places), np.diff(sets[1])[places]
    union = sizes.sum(axis=1) - shared
    kept = shared >= threshold * union
    return pairs[kept], shared[kept], union[kept], sizes[kept].min(axis=1)


def _spread(pairs: Pairs, kinds: NDArray[np.int64]) -> tuple[Pairs, NDArray[np.intp]]:
    """Write out pairs of different texts as pairs of all their copies.

    Args:
        pairs: numbers of different texts, twice the same for the copies of one.
        kinds: which of the different texts each text is.

    Returns:
        Numbers of two texts each, the lower first; and the pair that each comes from.
    """
    order, sizes = np.argsort(kinds, kind="stable"), np.bincount(kinds)
    starts = np.cumsum(sizes) - sizes
    counts = sizes[pairs].prod(axis=1)
    rows = np.repeat(np.arange(len(pairs)), counts)
    place = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    one, other = pairs[rows].T
    first = order[starts[one] + place // sizes[other]]
    second = order[starts[other] + place % sizes[other]]
    once = (one != other) | (first < second)
    both = np.stack([np.minimum(first, second), np.maximum(first, second)], axis=1)
    return both[once], rows[once]


def _nothing() -> tuple[Pairs, Pairs, Pairs, Pairs]:
    empty = np.zeros(0, np.int64)
    return np.zeros((0, 2), np.int64), empty, empty, empty
