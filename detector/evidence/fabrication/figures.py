"""Numbers and dates of the sources, by the places where one may have been worked out of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detector.evidence.fabrication.arithmetic import Sums
from detector.evidence.fabrication.case import Case, Told

# Facts further away than the five likeliest sentences are not combined into others.
NEAREST = 5
# So many sentences at the beginning of a source tell what it is about.
LEAD = 2
# "She died two days later" goes on from a time of one of the few sentences before it.
_GOES_ON = re.compile(r"\s(?:later|earlier|after|before)\b")
MOST_BACK = 4


class Figures:
    """The numbers and dates of the sources' texts, by the sentences of the article."""

    def __init__(self, case: Case) -> None:
        self.case = case
        # With whose figures a story opens, it works on.
        self.lead = frozenset((n, m) for n in range(len(case.sources)) for m in range(LEAD))
        known = [k for k in case.known if k.sentence >= 0]
        self.every = [k for k in known if k.fact.quantity or k.fact.moment]
        self.near: dict[int, list[Told]] = {}

    @cached_property
    def sums(self) -> Sums:
        """What follows from each two of them."""
        return Sums(self.every, [source.article.text for source in self.case.sources])

    @cached_property
    def _likeness(self) -> NDArray[np.float32]:
        """How like their sentences are, -1 for all but the likeliest few of their source."""
        table = np.zeros((len(self.case.article.sentences), len(self.every)), np.float32)
        sides = np.array([known.side for known in self.every], np.intp)
        sentences = np.array([known.sentence for known in self.every], np.intp)
        for side, likeness in enumerate(self.case.likeness):
            own = np.flatnonzero(sides == side)
            alike = likeness[:, sentences[own]]
            if likeness.shape[1] > NEAREST:
                least = np.partition(likeness, -NEAREST, axis=1)[:, -NEAREST]
                alike = np.where(alike >= least[:, None], alike, np.float32(-1))
            table[:, own] = alike
        return table

    def at(self, places: Collection[tuple[int, int]]) -> list[Told]:
        """Return those in some sentences of the sources, and in those with which each opens."""
        return [
            known
            for known in self.every
            if (place := (known.side, known.sentence)) in places or place in self.lead
        ]

    def near_to(self, sentence: int) -> list[Told]:
        """Return those in the sentences most like one of the article, the likeliest first."""
        if sentence < 0:
            return []
        if sentence not in self.near:
            likeness = self._likeness[sentence]
            order = np.argsort(-likeness, kind="stable")[: np.count_nonzero(likeness >= 0)]
            self.near[sentence] = [self.every[n] for n in order.tolist()]
        return self.near[sentence]

    def dated(self, sentence: int) -> list[Told]:
        """Return those near, and the times told just before: "two days later" of October 20."""
        near = self.near_to(sentence)
        before = {
            (known.side, known.sentence - back)
            for known in near
            if known.fact.quantity and known.fact.quantity.unit in {"s", "month"}
            if _GOES_ON.match(self.case.sources[known.side].article.text, known.fact.end)
            for back in range(1, MOST_BACK + 1)
        }
        told = [k for k in self.every if k.fact.moment and (k.side, k.sentence) in before]
        return [*near, *told]
