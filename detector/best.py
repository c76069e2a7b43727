"""The sources that come first in any channel of a search, or in the sum of all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.loops import Loops

TERMS, MEANING, SHINGLES, HEADLINE, FUSED = range(5)
# So many sources of each channel are kept for the exact scores, six times what is aligned.
KEPT = 64
# It is settled which these are whenever so many have come together, a few times in a search.
SETTLED = 1_024


@dataclass(frozen=True, slots=True)
class Row:
    """The scores of some of a part's articles in one channel; ``places`` ascending."""

    places: NDArray[np.int64]
    scores: NDArray[np.float64]

    def of(self, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the scores of some places, 0 for those that have none."""
        where = np.searchsorted(self.places, places)
        where[where == len(self.places)] = 0
        found = np.zeros(len(places))
        if len(self.places):
            held = self.places[where] == places
            found[held] = self.scores[where[held]]
        return found


@dataclass(frozen=True, slots=True)
class PartScores:
    """What the channels say of a part: two of all its articles, two of some.

    Attributes:
        terms, headlines: shape ``(articles,)``.
        meaning, shingles: of those that were compared.
    """

    terms: NDArray[np.float64]
    headlines: NDArray[np.float64]
    meaning: Row
    shingles: Row

    def count_only(self, counting: NDArray[np.bool_]) -> None:
        """Let no article score that does not count; ``counting`` of shape ``(articles,)``."""
        others = np.flatnonzero(~counting)
        for scores in (self.terms, self.headlines):
            scores[others] = 0
        for row in (self.meaning, self.shingles):
            row.scores[~counting[row.places]] = 0

    def of(self, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the scores of some places, shape ``(4, n)``."""
        return np.array(
            [
                self.terms[places],
                self.meaning.of(places),
                self.shingles.of(places),
                self.headlines[places],
            ]
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """Sources kept: their part, their place in it, and their scores, shape ``(4, n)``."""

    part: NDArray[np.int64]
    place: NDArray[np.int64]
    scores: NDArray[np.float64]


class Best:
    """Keeps the first ``KEPT`` of each channel and of the sum, part after part."""

    def __init__(self, fusing: tuple[float, ...], loops: Loops) -> None:
        self._fusing = fusing
        self._loops = loops
        self._found: list[Chosen] = []
        self._least = np.zeros(len(fusing) + 1)

    def take(self, at: int, part: PartScores) -> None:
        """Look through the scores of a part."""
        places = self._passing(part)
        self._found.append(Chosen(np.full(len(places), at), places, part.of(places)))
        if sum(len(found.place) for found in self._found) > SETTLED:
            self._settle()

    def _passing(self, part: PartScores) -> NDArray[np.int64]:
        """Return the articles of a part that may come first, ascending."""
        added = np.zeros(len(part.terms))
        for channel, row in ((MEANING, part.meaning), (SHINGLES, part.shingles)):
            added[row.places] += row.scores * self._fusing[channel]
            # What comes first in a channel passes whatever the sum is.
            added[row.places[row.scores > self._least[channel]]] = np.inf
        weights = np.array([self._fusing[TERMS], self._fusing[HEADLINE]])
        dense = (part.terms, part.headlines, added)
        return self._loops.passing(dense, weights, self._least[[TERMS, HEADLINE, FUSED]])

    def _fused(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the weighted sums, added up in the order of ``loops.passing``."""
        fused = np.zeros(scores.shape[1])
        for channel in (MEANING, SHINGLES, TERMS, HEADLINE):
            fused += scores[channel] * self._fusing[channel]
        return fused

    def _settle(self) -> None:
        """Forget what comes first no more; of equal scores the earlier ones are kept."""
        part = np.concatenate([found.part for found in self._found])
        place = np.concatenate([found.place for found in self._found])
        scores = np.concatenate([found.scores for found in self._found], axis=1)
        keep = np.zeros(len(part), np.bool_)
        for row, own in enumerate((*scores, self._fused(scores))):
            positive = own[own > 0]  # partitioning is slow where most numbers are equal
            if len(positive) > KEPT:
                self._least[row] = np.partition(positive, -KEPT)[-KEPT]
            above = own > self._least[row]
            equal = np.flatnonzero((own == self._least[row]) & (own > 0))
            keep |= above
            keep[equal[: KEPT - np.count_nonzero(above)]] = True
        self._found = [Chosen(part[keep], place[keep], scores[:, keep])]

    def chosen(self) -> Chosen:
        """Return what comes first now that all parts are known."""
        self._settle()
        return self._found[0]
