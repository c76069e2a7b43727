"""The compiled loops of a search; ``detector.loops`` describes each, and has it in numpy.

Sums are made in the same order and of numbers as long, so they are the same to the last bit. The
kernels write into arrays made outside, for what numba compiles fast is loops over arrays alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit, types, uint8
from numba.extending import intrinsic
from numpy.typing import NDArray

if TYPE_CHECKING:
    from detector.loops import Bands, Entries

_WORD = 64
Places = NDArray[np.int64]
Scores = NDArray[np.float64]


def differences(
    signs: NDArray[np.uint64], first: Places, ends: Places, others: NDArray[np.uint64]
) -> NDArray[np.uint8]:
    """See ``loops``; of two words, as ``cells.SIGNS`` are."""
    least = np.full((ends - first).sum(), _WORD * len(signs), np.uint8)
    _differences(signs, first, ends, others, least)
    return least


def term_scores(entries: Entries) -> Scores:
    """See ``loops``."""
    scores = np.zeros(len(entries.lengths))
    _term_scores(entries, scores)
    return scores


def late_scores(entries: Entries, places: Places) -> Scores:
    """See ``loops``."""
    scores = np.zeros(len(places))
    _late_scores(entries, places, scores)
    return scores


def passing(rows: tuple[Scores, Scores, Scores], weights: Scores, least: Scores) -> Places:
    """See ``loops``."""
    places = np.empty(len(rows[0]), np.int64)
    return places[: _passing(*rows, weights, least, places)].copy()


def band_mates(bands: Bands) -> tuple[Places, Places]:
    """See ``loops``."""
    met = np.empty((2, (bands.ends - bands.first).sum()), np.int64)
    count = _band_mates(bands, met)
    return met[0, :count], met[1, :count]


@intrinsic
def _ones(_: Any, __: Any) -> Any:  # noqa: ANN401
    """Count the ones of a word, which most processors do at once."""
    return types.uint64(types.uint64), lambda context, builder, kind, words: builder.ctpop(words[0])


@njit(nogil=True)
def _differences(
    signs: NDArray[np.uint64],
    first: Places,
    ends: Places,
    others: NDArray[np.uint64],
    least: NDArray[np.uint8],
) -> None:
    at = 0
    for stretch in range(len(first)):
        one = signs[0, first[stretch] : ends[stretch]]
        two = signs[1, first[stretch] : ends[stretch]]
        own = least[at : at + len(one)]
        at += len(one)
        for n in range(others.shape[1]):  # the inner loop runs over rows: it is vectorised
            for row in range(len(own)):
                sum_ = uint8(_ones(one[row] ^ others[0, n]) + _ones(two[row] ^ others[1, n]))
                own[row] = sum_ if sum_ < own[row] else own[row]


@njit(nogil=True, error_model="numpy")
def _term_scores(entries: Entries, scores: Scores) -> None:
    holders, counts, lengths, first, ends, idf, weights, tf_weights = entries
    for term in range(len(first)):
        for at in range(first[term], ends[term]):
            place = holders[at]
            scores[place] += tf_weights[counts[at]] * idf[term] / lengths[place] * weights[term]


@njit(nogil=True, error_model="numpy")
def _late_scores(entries: Entries, places: Places, scores: Scores) -> None:
    holders, counts, lengths, first, ends, idf, weights, tf_weights = entries
    for term in range(len(first)):
        for n in range(len(places)):
            low, high = first[term], ends[term]
            while low < high:
                middle = (low + high) >> 1
                if holders[middle] < places[n]:
                    low = middle + 1
                else:
                    high = middle
            if low < ends[term] and holders[low] == places[n]:
                raw = tf_weights[counts[low]] * idf[term]
                scores[n] += raw / lengths[places[n]] * weights[term]


@njit(nogil=True)
def _passing(
    one: Scores, other: Scores, added: Scores, weights: Scores, least: Scores, places: Places
) -> int:
    count = 0
    for n in range(len(one)):
        sum_ = added[n] + one[n] * weights[0] + other[n] * weights[1]
        if sum_ > least[2] or one[n] > least[0] or other[n] > least[1]:
            places[count] = n
            count += 1
    return count


@njit(nogil=True)
def _band_mates(bands: Bands, met: Places) -> int:
    holders, first, ends, signatures, own = bands
    rows = len(own) // len(holders)
    count = 0
    for band in range(len(holders)):
        for at in range(first[band], ends[band]):
            row = band * rows
            while row < (band + 1) * rows and signatures[holders[band, at], row] == own[row]:
                row += 1
            if row == (band + 1) * rows:
                met[0, count], met[1, count] = band, holders[band, at]
                count += 1
    return count
