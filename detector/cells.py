"""Cells: vectors sorted by the nearest of some centroids, so that a search reads a few cells only.

This is an inverted file over 8-bit numbers, as faiss's ``IVF,SQ8`` is; here the rows of a segment
themselves lie in that order, so that each vector is kept once and its cosine is the exact one.

Source: Jégou, Douze & Schmid 2011, "Product quantization for nearest neighbor search", section 4.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Vectors are kept as 8-bit numbers; the error of a cosine is below .01.
VECTOR_SCALE = 127
# About four rows per article: a million articles have 900 rows a cell.
CELLS = 4_096
# Rows the centroids are learned from, and how often they are moved; more of either finds no more
# of the ten nearest neighbours.
SAMPLE = 65_536
ROUNDS = 4
# Rows whose products with all centroids are held at once: 16 MB.
BLOCK = 1_024
_SEED = 6


def floats(vectors: NDArray[np.int8]) -> NDArray[np.float32]:
    """Return 8-bit rows as the unit rows they stand for."""
    return vectors.astype(np.float32) / np.float32(VECTOR_SCALE)


def learned(vectors: NDArray[np.int8]) -> NDArray[np.float32]:
    """Return centroids of some vectors, unit rows, shape ``(CELLS, dimensions)``: k-means."""
    draw = np.random.RandomState(_SEED)  # its stream of numbers is frozen for all time
    rows = floats(vectors[np.sort(draw.permutation(len(vectors))[:SAMPLE])])
    centroids = rows[np.sort(draw.permutation(len(rows))[:CELLS])]
    for _ in range(ROUNDS):
        nearest = _nearest(rows, centroids)
        sums = np.zeros_like(centroids)
        np.add.at(sums, nearest, rows)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centroids = np.where(lengths > 0, sums / np.maximum(lengths, 1e-12), centroids)
    return centroids


def assigned(vectors: NDArray[np.int8], centroids: NDArray[np.float32] | None) -> NDArray[np.int64]:
    """Return the cell of each row; 0 for all without centroids."""
    if centroids is None:
        return np.zeros(len(vectors), np.int64)
    parts = [
        _nearest(floats(vectors[at : at + BLOCK]), centroids)
        for at in range(0, len(vectors), BLOCK)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def probed(
    vectors: NDArray[np.float32], centroids: NDArray[np.float32], probes: int
) -> NDArray[np.int64]:
    """Return the cells nearest to any of some vectors, ascending; ``probes`` for each."""
    products = vectors @ centroids.T
    probes = min(probes, len(centroids))
    return np.unique(np.argpartition(-products, probes - 1, axis=1)[:, :probes])


def _nearest(rows: NDArray[np.float32], centroids: NDArray[np.float32]) -> NDArray[np.int64]:
    parts = [
        (rows[at : at + BLOCK] @ centroids.T).argmax(axis=1) for at in range(0, len(rows), BLOCK)
    ]
    return np.concatenate(parts)
