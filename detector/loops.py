"""The inner loops of a search of segments, in numpy; and which of their two forms a search uses.

Each loop looks through one part of an index. ``detector.loopkernels`` has the same ones compiled:
the same arguments, the same numbers to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detector.stretches import spans

# Rows whose signs are compared at once: 128 KB, which stay in the processor's cache.
SIGNS_BLOCK = 16_384
# Importing numba and compiling takes as long as the compiled loops save while this many articles
# are looked through: 120 searches of a million, see scripts/benchmarks/README.md.
KERNELS_PAY = 120_000_000
_WORD = 64
# log tf by the stored count; the same 32-bit numbers that ``arrays`` weighs terms with.
TF_WEIGHTS = np.zeros(256, np.float32)
TF_WEIGHTS[1:] = 1 + np.log(np.arange(1, 256, dtype=np.float32))


class Entries(NamedTuple):
    """The entries of some terms in the table of a part.

    Attributes:
        holders, counts: of the table, as ``segment.Table`` has them.
        lengths: of the weighted terms of each article, shape ``(articles,)``.
        first, ends: where each term's entries lie, shape ``(terms,)``.
        idf: of the terms, shape ``(terms,)``.
        weights: of the terms in the query, shape ``(terms,)``.
        tf_weights: ``TF_WEIGHTS``.
    """

    holders: NDArray[np.uint16]
    counts: NDArray[np.uint8]
    lengths: NDArray[np.float32]
    first: NDArray[np.int64]
    ends: NDArray[np.int64]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    tf_weights: NDArray[np.float32]


class Bands(NamedTuple):
    """Where the articles lie that may share a band with the query.

    Attributes:
        holders: the articles of each band by bucket, shape ``(bands, articles)``.
        first, ends: of the query's bucket in each band, shape ``(bands,)``.
        signatures: of all articles, shape ``(articles, permutations)``.
        own: the query's, shape ``(permutations,)``.
    """

    holders: NDArray[np.uint16]
    first: NDArray[np.int64]
    ends: NDArray[np.int64]
    signatures: NDArray[np.uint16]
    own: NDArray[np.uint16]


class Loops(NamedTuple):
    """The loops in one of their forms; each is described below."""

    differences: Callable[..., NDArray[np.uint8]]
    term_scores: Callable[[Entries], NDArray[np.float64]]
    late_scores: Callable[[Entries, NDArray[np.int64]], NDArray[np.float64]]
    passing: Callable[..., NDArray[np.int64]]
    band_mates: Callable[[Bands], tuple[NDArray[np.int64], NDArray[np.int64]]]


def differences(
    signs: NDArray[np.uint64],
    first: NDArray[np.int64],
    ends: NDArray[np.int64],
    others: NDArray[np.uint64],
) -> NDArray[np.uint8]:
    """Return in how many signs each row differs from that of some others which is most alike.

    Args:
        signs: of all rows, shape ``(words, rows)``.
        first: where the stretches of rows that are read begin.
        ends: and end.
        others: shape ``(words, n)``.

    Returns:
        Shape ``(rows read,)``.
    """
    stretches = zip(first.tolist(), ends.tolist(), strict=True)
    read = np.concatenate([signs[:, :0], *(signs[:, a:b] for a, b in stretches)], axis=1)
    least = np.full(read.shape[1], _WORD * len(signs), np.uint8)
    room = np.empty(SIGNS_BLOCK, np.uint64)
    ones, sums = np.empty((2, SIGNS_BLOCK), np.uint8)
    for at in range(0, len(least), SIGNS_BLOCK):
        block, best = read[:, at : at + SIGNS_BLOCK], least[at : at + SIGNS_BLOCK]
        count = len(best)
        for other in others.T:
            np.bitwise_xor(block[0], other[0], out=room[:count])
            apart = _ones(room[:count], sums[:count])
            for words, word in zip(block[1:], other[1:], strict=True):
                np.bitwise_xor(words, word, out=room[:count])
                apart += _ones(room[:count], ones[:count])
            np.minimum(best, apart, out=best)
    return least


def _ones(words: NDArray[np.uint64], out: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Count the ones of each word."""
    if hasattr(np, "bitwise_count"):
        return np.bitwise_count(words, out=out)
    bits = np.unpackbits(words.view(np.uint8)).reshape(-1, _WORD)  # before numpy 2
    return bits.sum(axis=1, dtype=np.uint8, out=out)


def term_scores(entries: Entries) -> NDArray[np.float64]:
    """Return the sum of weight here times weight there, shape ``(articles,)``."""
    holders, counts, lengths, first, ends, idf, weights, tf_weights = entries
    stretches = [slice(a, b) for a, b in zip(first.tolist(), ends.tolist(), strict=True)]
    read = np.concatenate([holders[:0], *map(holders.__getitem__, stretches)], dtype=np.int64)
    amounts = np.concatenate([counts[:0], *map(counts.__getitem__, stretches)])
    raw = tf_weights.take(amounts) * np.repeat(idf, ends - first)
    products = raw / lengths.take(read) * np.repeat(weights, ends - first)
    scores = np.bincount(read, products, minlength=len(lengths))
    return scores.astype(np.float64, copy=False)


def late_scores(entries: Entries, places: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the same of some articles only, whose entries are searched for; shape ``(n,)``."""
    holders, counts, lengths, first, ends, idf, weights, tf_weights = entries
    scores = np.zeros(len(places))
    wanted, own = places.astype(np.uint16), lengths[places]
    for term, (start, end) in enumerate(zip(first.tolist(), ends.tolist(), strict=True)):
        if start == end:
            continue
        where = np.searchsorted(holders[start:end], wanted)
        held = np.flatnonzero(holders[start:end].take(where, mode="clip") == wanted)
        if len(held):
            raw = tf_weights[counts[start + where[held]]] * idf[term]
            scores[held] += raw / own[held] * weights[term]
    return scores


def passing(
    rows: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    weights: NDArray[np.float64],
    least: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Return the places of scores above the least that counts, or of a sum above it.

    Args:
        rows: two rows of scores, and what is added to their weighted sum; each of shape ``(n,)``.
        weights: of the first two in the sum.
        least: for the first two, and for the sum; shape ``(3,)``.

    Returns:
        Ascending.
    """
    one, other, added = rows
    sums = added + one * weights[0]
    sums += other * weights[1]
    return np.flatnonzero((one > least[0]) | (other > least[1]) | (sums > least[2]))


def band_mates(bands: Bands) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the band and the article wherever one has all the minima of a band of the query."""
    holders, first, ends, signatures, own = bands
    count = len(holders)
    where = np.repeat(np.arange(count), ends - first)
    places = holders[where, spans(first, ends - first)].astype(np.int64)
    theirs = signatures.reshape(len(signatures), count, -1)[places, where]
    same = (theirs == own.reshape(count, -1)[where]).all(axis=1)
    return where[same], places[same]


NUMPY = Loops(differences, term_scores, late_scores, passing, band_mates)


def compiled() -> Loops:
    """Return the compiled loops, or those in numpy where numba is not installed."""
    if find_spec("numba") is None:
        return NUMPY
    from detector import loopkernels as kernels

    return Loops(
        kernels.differences,
        kernels.term_scores,
        kernels.late_scores,
        kernels.passing,
        kernels.band_mates,
    )
