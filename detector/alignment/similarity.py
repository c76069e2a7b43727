"""How alike the sentences of two articles are: half by their terms, half by their meaning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.alignment.prepared import Prepared, TermTable
from detector.encoders.static import unit
from detector.terms import Rarity, held_by


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


def _with_neighbours(table: TermTable, kept: NDArray[np.intp]) -> TermTable:
    """Return a table with a further row for each two neighbouring rows of ``kept``."""
    place = np.full(table.count, -1)
    place[kept] = np.arange(len(kept))
    own = place[table.rows]
    rows, places = np.concatenate([own, own - 1]), np.concatenate([table.places, table.places])
    inside = np.concatenate([own >= 0, own >= 1]) & (rows < len(kept) - 1)
    count = max(0, len(kept) - 1)
    pairs = TermTable.placed(table.vocabulary, rows[inside], places[inside], count)
    return TermTable(
        table.vocabulary,
        np.concatenate([table.rows, table.count + pairs.rows]),
        np.concatenate([table.places, pairs.places]),
        table.count + pairs.count,
    )


def _mass(table: TermTable, weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sum the squared weights of each row's terms, shape ``(rows,)``."""
    return np.bincount(table.rows, weights**2, minlength=table.count).astype(np.float32)


def _dense(
    table: TermTable, shared: NDArray[np.bool_], weights: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the weights of the shared terms of the vocabulary, shape ``(rows, shared terms)``."""
    dense = np.zeros((table.count, int(shared.sum())), np.float32)
    known = shared[table.places]
    columns = (np.cumsum(shared) - 1)[table.places[known]]
    dense[table.rows[known], columns] = weights[known]
    return dense


def similarities(a: Prepared, b: Prepared, rarity: Rarity) -> Similarities:
    """Compare every sentence of one article with every sentence of another.

    Half of a similarity is lexical (the geometric mean of the tf-isf cosine and of the overlap
    coefficient: the share of the shorter one's rare terms that the other holds), half is the
    cosine of the vectors: each alone collapses on some kinds of rewriting.
    """
    lexical = _lexical(a.terms, _with_neighbours(b.terms, b.body), rarity)
    body = b.vectors[b.body]
    vectors = np.concatenate([b.vectors, unit(body[:-1] + body[1:])])
    both = 0.5 * lexical + 0.5 * np.clip(a.vectors @ vectors.T, 0, 1)
    return Similarities(both[:, : len(b.sentences)], both[:, len(b.sentences) :])


def _lexical(a: TermTable, b: TermTable, rarity: Rarity) -> NDArray[np.float32]:
    in_a, in_b = held_by(a.vocabulary, b.vocabulary), held_by(b.vocabulary, a.vocabulary)
    if not in_a.any():
        return np.zeros((a.count, b.count), np.float32)
    weights_a, weights_b = (rarity.of(side.vocabulary)[side.places] for side in (a, b))
    shared = _dense(a, in_a, weights_a) @ _dense(b, in_b, weights_b).T
    mass_a, mass_b = _mass(a, weights_a)[:, None], _mass(b, weights_b)[None, :]
    cosine = shared / np.sqrt(np.maximum(mass_a * mass_b, 1e-9))
    overlap = shared / np.maximum(np.minimum(mass_a, mass_b), 1e-9)
    lexical: NDArray[np.float32] = np.sqrt(np.clip(cosine * overlap, 0, 1))
    return lexical
