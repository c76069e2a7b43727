"""The sources that come first in any channel of a search, or in the sum of all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TERMS, MEANING, SHINGLES, HEADLINE = range(4)
# So many sources of each channel are kept for the exact scores, six times what is aligned.
KEPT = 64


@dataclass(frozen=True, slots=True)
class Row:
    """The scores of a part's articles in one channel; of ``places`` only, ascending, or of all."""

    places: NDArray[np.int64] | None
    scores: NDArray[np.float64]

    def add_to(self, sums: NDArray[np.float64], weight: float) -> None:
        """Add them to what the other channels say."""
        if self.places is None:
            sums += self.scores * weight
        else:
            sums[self.places] += self.scores * weight

    def of(self, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the scores of some places, 0 for those that have none."""
        if self.places is None:
            return self.scores[places]
        where = np.searchsorted(self.places, places)
        where[where == len(self.places)] = 0
        found = np.zeros(len(places))
        if len(self.places):
            held = self.places[where] == places
            found[held] = self.scores[where[held]]
        return found


@dataclass(frozen=True, slots=True)
class Chosen:
    """Sources kept: their part, their place in it, and their scores, shape ``(4, n)``."""

    part: NDArray[np.int64]
    place: NDArray[np.int64]
    scores: NDArray[np.float64]


class Best:
    """Keeps the first ``KEPT`` of each channel and of the sum, part after part."""

    def __init__(self, fusing: tuple[float, ...]) -> None:
        self._fusing = fusing
        self._found: list[Chosen] = []
        self._highest = [np.zeros(0)] * (len(fusing) + 1)

    def take(self, at: int, rows: list[Row]) -> None:
        """Look through the scores of a part, a row for each channel, that of the terms in full."""
        fused = rows[TERMS].scores * self._fusing[TERMS]
        for channel in (MEANING, SHINGLES, HEADLINE):
            rows[channel].add_to(fused, self._fusing[channel])
        kept = []
        for n, row in enumerate((*rows, Row(None, fused))):
            first = self._first(n, row.scores)
            kept.append(first if row.places is None else row.places[first])
        places = np.unique(np.concatenate(kept))
        scores = np.array([row.of(places) for row in rows])
        self._found.append(Chosen(np.full(len(places), at), places, scores))

    def _fused(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        fused: NDArray[np.float64] = scores[TERMS] * self._fusing[TERMS]
        for channel in (MEANING, SHINGLES, HEADLINE):
            fused += scores[channel] * self._fusing[channel]
        return fused

    def _first(self, row: int, scores: NDArray[np.float64]) -> NDArray[np.int64]:
        highest = self._highest[row]
        least = highest[-1] if len(highest) == KEPT else 0.0
        places = np.flatnonzero(scores > least)
        if len(places) > KEPT:
            places = places[np.argpartition(-scores[places], KEPT - 1)[:KEPT]]
        together = np.concatenate([highest, scores[places]])
        self._highest[row] = -np.sort(-together)[:KEPT]
        return places

    def chosen(self) -> Chosen:
        """Return what still comes first now that all parts are known."""
        part = np.concatenate([found.part for found in self._found])
        place = np.concatenate([found.place for found in self._found])
        scores = np.concatenate([found.scores for found in self._found], axis=1)
        fused = self._fused(scores)
        keep = np.zeros(len(part), np.bool_)
        for row, own in enumerate((*scores, fused)):
            highest = self._highest[row]
            if len(highest):
                keep |= own >= highest[-1]
        keep &= fused > 0
        return Chosen(part[keep], place[keep], scores[:, keep])
