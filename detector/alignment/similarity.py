"""How alike the sentences of two articles are: half by their terms, half by their meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.alignment.prepared import Prepared
from detector.encoders.static import unit
from detector.terms import Rarity, TermVector


@dataclass(frozen=True, slots=True)
class Similarities:
    """Similarities, 0 to 1, of an article's sentences with those of a source.

    Attributes:
        sentences: with single sentences, shape ``(n, m)``.
        neighbours: with two neighbouring sentences together, headings left out, since one
            sentence often condenses two; shape ``(n, body sentences of the source - 1)``.
    """

    sentences: NDArray[np.float32]
    neighbours: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _TermTable:
    """Which row holds which term: no row holds a term twice."""

    rows: NDArray[np.intp]
    terms: NDArray[np.uint32]
    count: int

    @classmethod
    def of(cls, vectors: Sequence[TermVector]) -> _TermTable:
        rows = np.repeat(np.arange(len(vectors)), [len(vector) for vector in vectors])
        terms = [vector.terms for vector in vectors]
        return cls(rows, np.concatenate([*terms, np.zeros(0, np.uint32)]), len(vectors))

    def with_neighbours(self, kept: NDArray[np.intp]) -> _TermTable:
        """Return the table with a further row for each two neighbouring rows of ``kept``."""
        place = np.full(self.count, -1)
        place[kept] = np.arange(len(kept))
        own = place[self.rows]
        rows, terms = np.concatenate([own, own - 1]), np.concatenate([self.terms, self.terms])
        inside = np.concatenate([own >= 0, own >= 1]) & (rows < len(kept) - 1)
        keys = np.unique(rows[inside].astype(np.uint64) << np.uint64(32) | terms[inside])
        return _TermTable(
            np.concatenate([self.rows, self.count + (keys >> np.uint64(32)).astype(np.intp)]),
            np.concatenate([self.terms, (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32)]),
            self.count + max(0, len(kept) - 1),
        )

    def mass(self, rarity: Rarity) -> NDArray[np.float32]:
        """Sum the squared rarity of each row's terms, shape ``(rows,)``."""
        weights = rarity.of(self.terms) ** 2
        return np.bincount(self.rows, weights, minlength=self.count).astype(np.float32)

    def dense(self, vocabulary: NDArray[np.uint32], rarity: Rarity) -> NDArray[np.float32]:
        """Return the rarity of the terms that are in a vocabulary, shape ``(rows, terms)``."""
        table = np.zeros((self.count, len(vocabulary)), np.float32)
        places = np.searchsorted(vocabulary, self.terms).clip(max=len(vocabulary) - 1)
        known = vocabulary[places] == self.terms
        table[self.rows[known], places[known]] = rarity.of(self.terms[known])
        return table


def similarities(a: Prepared, b: Prepared, rarity: Rarity) -> Similarities:
    """Compare every sentence of one article with every sentence of another.

    Half of a similarity is lexical (the geometric mean of the tf-isf cosine and of the overlap
    coefficient: the share of the shorter one's rare terms that the other holds), half is the
    cosine of the vectors: each alone collapses on some kinds of rewriting.
    """
    there = _TermTable.of(b.terms).with_neighbours(b.body)
    lexical = _lexical(_TermTable.of(a.terms), there, rarity)
    body = b.vectors[b.body]
    vectors = np.concatenate([b.vectors, unit(body[:-1] + body[1:])])
    both = 0.5 * lexical + 0.5 * np.clip(a.vectors @ vectors.T, 0, 1)
    return Similarities(both[:, : len(b.sentences)], both[:, len(b.sentences) :])


def _lexical(a: _TermTable, b: _TermTable, rarity: Rarity) -> NDArray[np.float32]:
    vocabulary = np.intersect1d(a.terms, b.terms)
    if not len(vocabulary):
        return np.zeros((a.count, b.count), np.float32)
    shared = a.dense(vocabulary, rarity) @ b.dense(vocabulary, rarity).T
    mass_a, mass_b = a.mass(rarity)[:, None], b.mass(rarity)[None, :]
    cosine = shared / np.sqrt(np.maximum(mass_a * mass_b, 1e-9))
    overlap = shared / np.maximum(np.minimum(mass_a, mass_b), 1e-9)
    lexical: NDArray[np.float32] = np.sqrt(np.clip(cosine * overlap, 0, 1))
    return lexical
