"""Cells and signs: how a search of a large index comes to the few vectors that it compares.

The rows of a segment lie in the order of the nearest of some centroids, so that a search reads the
cells next to the article only. Of a row it reads 128 signs first, of sums of its numbers: the more
of them two rows share, the smaller the angle between them. What shares the most is compared in
full, so that every cosine is the exact one.

Source: Jégou, Douze & Schmid 2011, "Product quantization for nearest neighbor search", section 4;
Charikar 2002, "Similarity estimation techniques from rounding algorithms".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Vectors are kept as 8-bit numbers; the error of a cosine is below .01.
VECTOR_SCALE = 127
# Where a quarter of all rows is read, 256 cells lose no more than 4,096 do, which take sixteen
# times as long to assign; see scripts/benchmarks/README.md.
CELLS = 256
# Rows the centroids are learned from, and how often they are moved; with 4,096 cells more of either
# found no more of the ten nearest neighbours.
SAMPLE = 65_536
ROUNDS = 4
# Of 192 or 256 signs half as many rows would do, for half as much time and space again.
SIGNS = 128
# Rows whose products with all centroids are held at once: 1 MB.
BLOCK = 1_024
# Rows whose signs are compared at once: 128 KB, which stay in the processor's cache.
SIGNS_BLOCK = 16_384
_SEED = 6
_WORD = 64


def floats(vectors: NDArray[np.int8]) -> NDArray[np.float32]:
    """Return 8-bit rows as the unit rows they stand for."""
    return vectors.astype(np.float32) / np.float32(VECTOR_SCALE)


def quantised(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return unit rows as 8-bit rows."""
    return np.round(vectors * VECTOR_SCALE).astype(np.int8)


@dataclass(frozen=True, slots=True)
class Cells:
    """How the vectors of an index are sorted, and what their signs are of.

    Attributes:
        centroids: unit rows, shape ``(cells, dimensions)``.
        centre: what all vectors have in common, as whole numbers, shape ``(dimensions,)``.
        directions: of numbers 1 and -1, shape ``(dimensions, SIGNS)``.
    """

    centroids: NDArray[np.float32]
    centre: NDArray[np.float32]
    directions: NDArray[np.float32]

    @classmethod
    def of(cls, means: NDArray[np.float32]) -> Cells:
        """Derive them from the means of the cells, shape ``(cells, dimensions)``."""
        centre = np.round(means.mean(axis=0) * VECTOR_SCALE)
        return cls(_unit(means), centre, _directions(means.shape[1]))

    def assigned(self, vectors: NDArray[np.int8]) -> NDArray[np.int64]:
        """Return the cell of each row."""
        return _nearest(vectors, self.centroids)

    def signs(self, vectors: NDArray[np.int8]) -> NDArray[np.uint64]:
        """Return the signs of rows, shape ``(SIGNS / 64, rows)``; whole numbers give them exactly.

        What all vectors have in common is taken out: it would decide most signs alike.
        """
        packed = np.zeros((len(vectors), SIGNS // 8), np.uint8)
        for at in range(0, len(vectors), BLOCK):
            sums = (vectors[at : at + BLOCK] - self.centre) @ self.directions
            packed[at : at + BLOCK] = np.packbits(sums > 0, axis=1)
        return np.ascontiguousarray(packed.view(np.uint64).T)

    def nearest_first(self, vectors: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return all cells, those first whose centroid is nearest to any of some vectors."""
        products = (vectors @ self.centroids.T).max(axis=0)
        return np.argsort(-products, kind="stable")


def learned(vectors: NDArray[np.int8]) -> NDArray[np.float32]:
    """Return the means of the cells of some vectors, shape ``(CELLS, dimensions)``: k-means."""
    draw = np.random.RandomState(_SEED)  # its stream of numbers is frozen for all time
    rows = vectors[np.sort(draw.permutation(len(vectors))[:SAMPLE])]
    means = floats(rows[np.sort(draw.permutation(len(rows))[:CELLS])])
    for _ in range(ROUNDS):
        nearest, sums = _nearest(rows, _unit(means)), np.zeros_like(means)
        np.add.at(sums, nearest, floats(rows))
        counts = np.bincount(nearest, minlength=len(means)).astype(np.float32)[:, None]
        means = np.where(counts > 0, sums / np.maximum(counts, 1), means)
    return means


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[np.float32] = rows / np.maximum(lengths, np.float32(1e-12))
    return unit


def differences(signs: NDArray[np.uint64], others: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Return in how many signs each row differs from that of some others which is most alike.

    Args:
        signs: of the rows, shape ``(SIGNS / 64, rows)``.
        others: shape ``(SIGNS / 64, n)``.

    Returns:
        Shape ``(rows,)``.
    """
    least = np.full(signs.shape[1], SIGNS, np.uint8)
    room = np.empty(SIGNS_BLOCK, np.uint64)
    ones, sums = np.empty((2, SIGNS_BLOCK), np.uint8)
    for at in range(0, len(least), SIGNS_BLOCK):
        block, best = signs[:, at : at + SIGNS_BLOCK], least[at : at + SIGNS_BLOCK]
        count = len(best)
        for other in others.T:
            sums[:count] = 0
            for words, word in zip(block, other, strict=True):
                np.bitwise_xor(words, word, out=room[:count])
                sums[:count] += _ones(room[:count], ones[:count])
            np.minimum(best, sums[:count], out=best)
    return least


def _ones(words: NDArray[np.uint64], out: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Count the ones of each word."""
    if hasattr(np, "bitwise_count"):
        return np.bitwise_count(words, out=out)
    bits = np.unpackbits(words.view(np.uint8)).reshape(-1, _WORD)  # before numpy 2
    return bits.sum(axis=1, dtype=np.uint8, out=out)


def _directions(dimensions: int) -> NDArray[np.float32]:
    """Draw columns of a Hadamard matrix, its rows turned at random: all at right angles.

    Source: Ailon & Chazelle 2009, "The fast Johnson-Lindenstrauss transform".
    """
    size = 1 << (max(dimensions, SIGNS) - 1).bit_length()
    hadamard = np.ones((1, 1), np.float32)
    while len(hadamard) < size:
        hadamard = np.block([[hadamard, hadamard], [hadamard, -hadamard]])
    draw = np.random.RandomState(_SEED)
    turned = draw.randint(0, 2, (dimensions, 1)).astype(np.float32) * 2 - 1
    return hadamard[:dimensions, draw.permutation(size)[:SIGNS]] * turned


def _nearest(vectors: NDArray[np.int8], centroids: NDArray[np.float32]) -> NDArray[np.int64]:
    nearest = np.zeros(len(vectors), np.int64)
    for at in range(0, len(vectors), BLOCK):
        products = floats(vectors[at : at + BLOCK]) @ centroids.T
        nearest[at : at + BLOCK] = products.argmax(axis=1)
    return nearest
