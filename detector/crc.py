"""CRC-32 in arrays: what texts joined by a space have, from what each of them has.

A CRC is linear: that of two texts, one behind the other, is that of the first, shifted by as many
zero bytes as the second has, less that of the second.

Source: ``crc32_combine`` of Adler's zlib.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

# As many zero bytes does one look-up shift a CRC by; shingles of five words have 30.
MOST_SHIFT = 128
_POLYNOMIAL = np.uint32(0xEDB88320)
ONES = np.uint32(0xFFFFFFFF)


def crc_shifts() -> NDArray[np.uint32]:
    """Return what ``n`` zero bytes make of each byte of a CRC, shape ``(MOST_SHIFT + 1, 4, 256)``.

    ``[1, 0]`` is the usual table of a bytewise CRC-32.
    """
    byte = np.arange(256, dtype=np.uint32)
    table = byte.copy()
    for _ in range(8):
        table = np.where(table & 1, (table >> np.uint32(1)) ^ _POLYNOMIAL, table >> np.uint32(1))
    shifts = np.empty((MOST_SHIFT + 1, 4, 256), np.uint32)
    shifts[0] = byte << (np.arange(4, dtype=np.uint32) * np.uint32(8))[:, None]
    for n in range(1, MOST_SHIFT + 1):
        shifts[n] = table[shifts[n - 1] & np.uint32(255)] ^ (shifts[n - 1] >> np.uint32(8))
    return shifts


def word_crcs(words: Sequence[str], shifts: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return what ``joined_crcs`` needs of words, shape ``(words, 3)``.

    The columns are a word's CRC-32, the linear part of that of a space and the word, and the number
    of bytes of the two.
    """
    written = [word.encode("utf8", "surrogatepass") for word in words]
    lengths = np.fromiter(map(len, written), np.uint32, len(words))
    crcs = np.fromiter(map(crc32, written), np.uint32, len(words))
    space = np.full(len(words), crc32(b" ", int(ONES)), np.uint32)
    spaced = ~(_shifted(space, lengths, shifts) ^ crcs)
    return np.stack([crcs, spaced, lengths + np.uint32(1)], axis=1)


def joined_crcs(
    words: NDArray[np.uint32], size: int, shifts: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Return the CRC-32 of every so many words in a row, one space apart.

    Args:
        words: of ``word_crcs``, shape ``(n, 3)``.
        size: how many words in a row; if there are fewer, all of them are one row.
        shifts: of ``crc_shifts``.
    """
    if not len(words):
        return np.zeros(1, np.uint32)
    size = min(size, len(words))
    count = len(words) - size + 1
    state = words[:count, 0] ^ ONES
    for n in range(1, size):
        word = words[n : n + count]
        state = _shifted(state, word[:, 2], shifts) ^ word[:, 1]
    return state ^ ONES


def _shifted(
    state: NDArray[np.uint32], counts: NDArray[np.uint32], shifts: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Return the states of CRCs after so many zero bytes, shape ``(n,)``."""
    shifted = _shifted_at_most(state, counts, shifts)
    far, done = np.flatnonzero(counts > MOST_SHIFT), MOST_SHIFT
    while len(far):
        left = counts[far] - np.uint32(done)
        shifted[far] = _shifted_at_most(shifted[far], left, shifts)
        far, done = far[left > MOST_SHIFT], done + MOST_SHIFT
    return shifted


def _shifted_at_most(
    state: NDArray[np.uint32], counts: NDArray[np.uint32], shifts: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Return the same after ``MOST_SHIFT`` zero bytes where there are more, shape ``(n,)``."""
    flat: NDArray[Any] = shifts.reshape(-1)
    at = np.minimum(counts, MOST_SHIFT).astype(np.intp) * (4 * 256)
    shifted = flat[at + (state & 255)]
    for byte in range(1, 4):
        shifted ^= flat[at + (256 * byte + (state >> np.uint32(8 * byte) & 255))]
    return shifted
