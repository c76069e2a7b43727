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
# Weights of a sign are whole numbers up to this: sums of 128 stay below 2**24, which are exact.
_FINENESS = 65_536
_SEED = 6


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
            packed[at : at + BLOCK] = np.packbits(self._sums(vectors[at : at + BLOCK]) > 0, axis=1)
        return np.ascontiguousarray(packed.view(np.uint64).T)

    def likeness(self, signs: NDArray[np.uint64], vectors: NDArray[np.int8]) -> NDArray[np.float32]:
        """Estimate how near rows are to that of some vectors which is nearest, by their signs.

        The vectors' own sums are taken as they are, not their signs alone: it tells twice as much.

        Args:
            signs: of the rows, shape ``(SIGNS / 64, rows)``.
            vectors: shape ``(n, dimensions)``.

        Returns:
            Whole numbers, so that they are the same on every machine; shape ``(rows,)``.

        Source: Gordo & Perronnin 2011, "Asymmetric distances for binary embeddings".
        """
        sums = self._sums(vectors).astype(np.float64)
        lengths = np.sqrt((sums * sums).sum(axis=1, keepdims=True))
        weights = np.round(_FINENESS * sums / np.maximum(lengths, 1)).astype(np.float32)
        bits = np.unpackbits(np.ascontiguousarray(signs.T).view(np.uint8), axis=1)
        agreeing = bits.astype(np.float32) @ (2 * weights.T) - weights.sum(axis=1)
        likeness: NDArray[np.float32] = agreeing.max(axis=1)
        return likeness

    def _sums(self, vectors: NDArray[np.int8]) -> NDArray[np.float32]:
        """Return the sums of rows whose signs are kept; whole numbers, shape ``(rows, SIGNS)``."""
        centred: NDArray[np.float32] = vectors.astype(np.float32) - self.centre
        sums: NDArray[np.float32] = centred @ self.directions
        return sums

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
