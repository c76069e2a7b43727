"""The compiled kernels of bulk sketching; this module and ``loopkernels`` alone import numba.

A text is read once, byte by byte: its words, folded and one space apart, run through one CRC-32,
whose states before and after each word are kept. A shingle's own CRC-32 follows from two of them,
since a CRC is linear: it is the state at its end, less what the state at its beginning has become
after as many zero bytes. So a shingle costs the same whatever its length, and no token is made.

Source: ``crc32_combine`` of Adler's zlib for the combining of CRCs; Broder 1997 for the minima.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit, uint32, uint64
from numpy.typing import NDArray

from detector.crc import MOST_SHIFT, ONES
from detector.folding import ITSELF, Folding

_SPACE = np.uint8(32)
# Knuth's MMIX multiplier, as in ``Sketcher.bands``.
MULTIPLIER = np.uint64(6364136223846793005)


class Texts(NamedTuple):
    """Texts as UTF-8, one behind the other: text ``n`` is ``bytes[starts[n] : starts[n + 1]]``."""

    bytes: NDArray[np.uint8]
    starts: NDArray[np.int64]


class Words(NamedTuple):
    """The words of one text within its folded words, one space apart; room for them all.

    Attributes:
        before: state of the CRC before each word, ``uint32``.
        after: state after it, ``uint32``.
        first: number of its first byte.
        end: number of the byte after its last.
        hashes: room for the shingles' hashes, ``uint32``.
    """

    before: NDArray[np.uint32]
    after: NDArray[np.uint32]
    first: NDArray[np.int64]
    end: NDArray[np.int64]
    hashes: NDArray[np.uint32]


@njit(inline="always")
def _fed(state: int, byte: int, table: NDArray[np.uint32]) -> int:
    """Return the state of a CRC after one more byte."""
    fed: int = table[(state ^ byte) & uint32(255)] ^ (state >> uint32(8))
    return fed


@njit(inline="always")
def _shifted(state: int, count: int, shifts: NDArray[np.uint32]) -> int:
    """Return the state of a CRC after so many zero bytes."""
    while count > 0:
        step = shifts[min(count, MOST_SHIFT)]
        low = step[0, state & 255] ^ step[1, (state >> 8) & 255]
        state = low ^ step[2, (state >> 16) & 255] ^ step[3, (state >> 24) & 255]
        count -= MOST_SHIFT
    return state


@njit(inline="always")
def _closed(number: int, state: int, length: int, words: Words, table: NDArray[np.uint32]) -> int:
    """Note where a word ends and the next begins; return the state after the space between."""
    words.after[number] = state
    words.end[number] = length
    spaced: int = _fed(state, _SPACE, table)
    words.before[number + 1] = spaced
    words.first[number + 1] = length + 1
    return spaced


@njit(inline="always")
def _decoded(text: NDArray[np.uint8], at: int) -> tuple[int, int]:
    """Return the code point that begins at a byte above 127, and its number of bytes."""
    head = np.int64(text[at])
    if head < 0xE0:
        return (head & 0x1F) << 6 | (text[at + 1] & 0x3F), 2
    middle = (np.int64(text[at + 1]) & 0x3F) << 6 | (text[at + 2] & 0x3F)
    if head < 0xF0:
        return (head & 0x0F) << 12 | middle, 3
    return (head & 0x07) << 18 | middle << 6 | (text[at + 3] & 0x3F), 4


@njit(nogil=True)
def _read(
    text: NDArray[np.uint8],
    start: int,
    stop: int,
    words: Words,
    folding: Folding,
    table: NDArray[np.uint32],
) -> int:
    """Find the words of one text; return how many there are."""
    number, length, first, at = 0, 0, 0, start
    state = uint32(0)
    words.before[0] = state
    words.first[0] = 0
    while at < stop:
        byte = text[at]
        if byte < 128:
            at += 1
            folded = folding.ascii[byte]
            if folded:
                state = _fed(state, folded, table)
                length += 1
            elif length > first:
                state = _closed(number, state, length, words, table)
                number, length, first = number + 1, length + 1, length + 1
            continue
        point, size = _decoded(text, at)
        kind = folding.kinds[point]
        source, low, high = folding.forms, folding.starts[kind], folding.starts[kind + 1]
        if kind == ITSELF:
            source, low, high = text, at, at + size
        at += size
        for place in range(low, high):
            if source[place]:
                state = _fed(state, source[place], table)
                length += 1
            elif length > first:
                state = _closed(number, state, length, words, table)
                number, length, first = number + 1, length + 1, length + 1
    if length > first:
        _closed(number, state, length, words, table)
        number += 1
    return number


@njit(nogil=True)
def _shingled(number: int, size: int, words: Words, shifts: NDArray[np.uint32]) -> int:
    """Write the CRC-32 of every shingle to ``words.hashes``; return how many there are."""
    size = min(size, number)
    for n in range(number - size + 1):
        last = n + size - 1
        if size:
            begun = _shifted(words.before[n] ^ ONES, words.end[last] - words.first[n], shifts)
            words.hashes[n] = words.after[last] ^ begun ^ ONES
        else:  # a text without a word has one shingle, the empty one
            words.hashes[n] = 0
    return number - size + 1


@njit(nogil=True)
def _mix(hashes: NDArray[np.uint32], count: int) -> None:
    """Spread hashes evenly in their place, as ``detector.sketch`` does."""
    for n in range(count):
        x = hashes[n]
        x ^= x >> uint32(16)
        x = uint32(x * uint32(0x85EBCA6B))
        x ^= x >> uint32(13)
        x = uint32(x * uint32(0xC2B2AE35))
        hashes[n] = x ^ (x >> uint32(16))


@njit(nogil=True)
def _minima(
    hashes: NDArray[np.uint32],
    count: int,
    permutations: NDArray[np.uint32],
    signature: NDArray[np.uint32],
) -> None:
    """Write the signature; the inner loop runs over the hashes, so that it is vectorised."""
    for p in range(len(signature)):
        a, b = permutations[0, p], permutations[1, p]
        smallest = ONES
        for n in range(count):
            value = uint32(hashes[n] * a + b)
            smallest = value if value < smallest else smallest
        signature[p] = smallest


@njit
def _room(starts: NDArray[np.int64]) -> Words:
    """Make room for the words of the longest text; each takes a byte, and one that ends it."""
    most = 0
    for n in range(len(starts) - 1):
        most = max(most, starts[n + 1] - starts[n])
    size = most // 2 + 3
    return Words(
        np.empty(size, np.uint32),
        np.empty(size, np.uint32),
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.empty(size, np.uint32),
    )


@njit(nogil=True)
def sign(
    texts: Texts,
    size: int,
    permutations: NDArray[np.uint32],
    folding: Folding,
    shifts: NDArray[np.uint32],
    signatures: NDArray[np.uint32],
) -> None:
    """Write the MinHash signatures of texts.

    Args:
        texts: ``n`` texts.
        size: words per shingle.
        permutations: multipliers and addends, shape ``(2, permutations)``.
        folding: how characters are read.
        shifts: of ``detector.crc.crc_shifts``.
        signatures: where they go, shape ``(n, permutations)``.
    """
    words = _room(texts.starts)
    for n in range(len(signatures)):
        start, stop = texts.starts[n], texts.starts[n + 1]
        number = _read(texts.bytes, start, stop, words, folding, shifts[1, 0])
        count = _shingled(number, size, words, shifts)
        _mix(words.hashes, count)
        _minima(words.hashes, count, permutations, signatures[n])


@njit(nogil=True)
def _sort(values: NDArray[np.uint32], spare: NDArray[np.uint32], count: int) -> None:
    """Sort the first values in their place, byte by byte from the lowest."""
    for step in range(4):
        places = np.zeros(257, np.int64)
        for n in range(count):
            places[((values[n] >> uint32(8 * step)) & 255) + 1] += 1
        for byte in range(1, 257):
            places[byte] += places[byte - 1]
        for n in range(count):
            byte = (values[n] >> uint32(8 * step)) & 255
            spare[places[byte]] = values[n]
            places[byte] += 1
        values, spare = spare, values


@njit(nogil=True)
def hash_sets(
    texts: Texts, size: int, folding: Folding, shifts: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return the different shingle hashes of each text, sorted, and where each text's begin."""
    words = _room(texts.starts)
    count = len(texts.starts) - 1
    bounds = np.zeros(count + 1, np.int64)
    hashes = np.empty((texts.starts[-1] - texts.starts[0]) // 2 + 3 * count, np.uint32)
    filled = 0
    for n in range(count):
        start, stop = texts.starts[n], texts.starts[n + 1]
        number = _read(texts.bytes, start, stop, words, folding, shifts[1, 0])
        found = _shingled(number, size, words, shifts)
        _sort(words.hashes, words.before, found)  # the states are needed no more
        for k in range(found):
            if k == 0 or words.hashes[k] != words.hashes[k - 1]:
                hashes[filled] = words.hashes[k]
                filled += 1
        bounds[n + 1] = filled
    return hashes[:filled].copy(), bounds


@njit(nogil=True)
def shared_counts(
    hashes: NDArray[np.uint32], bounds: NDArray[np.int64], pairs: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Count what the sets of each pair have in common; ``pairs`` of shape ``(n, 2)``."""
    shared = np.zeros(len(pairs), np.int64)
    for n in range(len(pairs)):
        i, j = bounds[pairs[n, 0]], bounds[pairs[n, 1]]
        stop, other_stop = bounds[pairs[n, 0] + 1], bounds[pairs[n, 1] + 1]
        while i < stop and j < other_stop:
            a, b = hashes[i], hashes[j]
            shared[n] += a == b
            i += a <= b
            j += b <= a
    return shared


@njit(nogil=True)
def met_alike(
    signatures: NDArray[np.uint32], copies: NDArray[np.int64], rows: int, least: float, most: int
) -> tuple[NDArray[np.int64], int]:
    """Find the pairs that meet in a bucket of some band and agree on so many minima.

    Args:
        signatures: of different texts, shape ``(texts, permutations)``.
        copies: how many texts each stands for, shape ``(texts,)``; with more than one it is a pair
            with itself.
        rows: minima of a band.
        least: minima that a pair must agree on.
        most: buckets with more texts, copies too, are passed over.

    Returns:
        The pairs, each once, the lower number first, shape ``(n, 2)``; and how many buckets were
        passed over.
    """
    count, bands = len(signatures), signatures.shape[1] // rows
    passed_over = np.zeros((count, bands), np.bool_)
    found, number, full = np.empty((1_024, 2), np.int64), 0, 0
    for band in range(bands):
        order, ends = _buckets(signatures, band * rows, (band + 1) * rows)
        start = 0
        for end in ends:
            first, start = start, end
            held = 0
            for n in range(first, end):
                held += copies[order[n]]
            if held > most:
                full += 1
                passed_over[order[first:end], band] = True
                continue
            for j in range(first, end):
                other, before = signatures[order[j]], passed_over[order[j], :band]
                if number + j - first >= len(found):
                    found = np.concatenate((found, np.empty((len(found) + most, 2), np.int64)))
                for i in range(first, j + (copies[order[j]] > 1)):
                    agreed = _agreed(signatures[order[i]], other, before, rows)
                    found[number, 0], found[number, 1] = order[i], order[j]
                    number += agreed >= least
    return found[:number].copy(), full


@njit(nogil=True)
def _buckets(
    signatures: NDArray[np.uint32], first: int, stop: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Put texts that agree on these minima in one bucket, a place of a hash table.

    Returns:
        Texts by bucket, those of one in their order; where each bucket ends, shape ``(places,)``.
    """
    bits = 1
    while 1 << bits < 2 * len(signatures):
        bits += 1
    keys, ends = np.empty(1 << bits, np.uint64), np.zeros(1 << bits, np.int64)
    places, order = np.empty(len(signatures), np.int64), np.empty(len(signatures), np.int64)
    for n in range(len(signatures)):
        key = uint64(0)
        for p in range(first, stop):
            key = (key + signatures[n, p]) * MULTIPLIER
        place = np.int64(key >> uint64(64 - bits))
        while ends[place] and keys[place] != key:
            place = (place + 1) & ((1 << bits) - 1)
        keys[place] = key
        places[n] = place
        ends[place] += 1
    ends = np.cumsum(ends)
    for n in range(len(signatures) - 1, -1, -1):
        ends[places[n]] -= 1
        order[ends[places[n]]] = n
    return order, np.append(ends[1:], len(order))


@njit(inline="always")
def _agreed(
    one: NDArray[np.uint32], other: NDArray[np.uint32], passed_over: NDArray[np.bool_], rows: int
) -> int:
    """Count the minima on which two texts agree; -1 if they met in a band not passed over."""
    for band in range(len(passed_over)):
        met = not passed_over[band]
        for p in range(band * rows, (band + 1) * rows):
            met &= one[p] == other[p]
        if met:
            return -1
    agreed = 0
    for p in range(len(one)):
        agreed += one[p] == other[p]
    return agreed
