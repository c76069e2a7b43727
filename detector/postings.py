"""Postings: for each key the articles that hold it; the shape of three of the four channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.stretches import spans

Keys = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, slots=True)
class Postings:
    """An inverted index over articles 0 … ``articles - 1``.

    Attributes:
        keys: sorted different keys, shape ``(k,)``.
        starts: where each key's stretch of ``holders`` begins, shape ``(k + 1,)``.
        holders: article numbers, shape ``(n,)``.
        weights: weight of the key in that article, shape ``(n,)``.
        articles: number of articles.
    """

    keys: Keys
    starts: NDArray[np.int64]
    holders: NDArray[np.int32]
    weights: NDArray[np.float32]
    articles: int

    @classmethod
    def build(
        cls,
        keys: Keys,
        holders: NDArray[np.int32],
        weights: NDArray[np.float32],
        articles: int,
    ) -> Postings:
        """Sort (key, article, weight) triples into postings; all shapes ``(n,)``."""
        order = np.argsort(keys, kind="stable")
        different, starts = np.unique(keys[order], return_index=True)
        return cls(
            keys=different,
            starts=np.append(starts, len(keys)).astype(np.int64),
            holders=holders[order],
            weights=weights[order],
            articles=articles,
        )

    def scores(
        self,
        keys: Keys,
        weights: NDArray[np.float32],
        *,
        most_holders: int,
    ) -> NDArray[np.float64]:
        """Add up, for every article, ``weight of the key here * weight of the key there``.

        Args:
            keys: the query's different keys, shape ``(q,)``.
            weights: their weights, shape ``(q,)``.
            most_holders: keys held by more articles than this are passed over.

        Returns:
            Scores, shape ``(articles,)``.
        """
        if not len(self.keys) or not len(keys):
            return np.zeros(self.articles)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        lengths = self.starts[places + 1] - self.starts[places]
        known = (self.keys[places] == keys) & (lengths <= most_holders)
        first, lengths = self.starts[places[known]], lengths[known]
        rows = spans(first, lengths)
        products = self.weights[rows] * np.repeat(weights[known], lengths)
        totals = np.bincount(self.holders[rows], products, minlength=self.articles)
        return totals.astype(np.float64)
