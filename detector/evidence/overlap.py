"""Terms that texts have in common, and what sets one source apart from the others found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from detector.alignment import Aligner, Alignment, Prepared
from detector.article import Article
from detector.outlook import NO_RIVALS, SAME_STORY, Apart
from detector.terms import TermVector, held_by


@dataclass(frozen=True, slots=True)
class Overlap:
    """Which terms of one text another has: rarity of each, and whether it is shared."""

    rarity: NDArray[np.float32]
    shared: NDArray[np.bool_]

    @property
    def support(self) -> float:
        """Share of the terms' weight that is shared; NaN without terms."""
        squares = self.rarity**2
        return float(squares[self.shared].sum() / squares.sum()) if len(squares) else nan

    @property
    def weight(self) -> float:
        """Summed rarity of the shared terms."""
        return float(self.rarity[self.shared].sum())

    def shared_above(self, rarity: float) -> int:
        """Count the shared terms of at least this rarity."""
        return int((self.shared & (self.rarity >= rarity)).sum())

    def new_above(self, rarity: float) -> int:
        """Count the terms of at least this rarity that the other text lacks."""
        return int((~self.shared & (self.rarity >= rarity)).sum())


def overlap(one: NDArray[np.uint32], other: NDArray[np.uint32], aligner: Aligner) -> Overlap:
    """Compare the terms of one text with those of another; both sorted and different."""
    return Overlap(aligner.rarity.of(one), held_by(one, other))


def terms_overlap(one: Prepared, other: Prepared) -> Overlap:
    """Compare the terms of one article, of its title and text, with those of another."""
    return Overlap(one.term_rarity, held_by(one.all_terms.terms, other.all_terms.terms))


def apart(alignment: Alignment, aligner: Aligner, rivals: Sequence[Article]) -> Apart:
    """Compare a source with its rivals; a rival that tells nearly the same is none."""
    a, b = aligner.prepare(alignment.article), aligner.prepare(alignment.source)

    def support(side: Prepared, other: TermVector) -> float:
        return Overlap(side.term_rarity, held_by(side.all_terms.terms, other.terms)).support

    others = [aligner.terms(rival) for rival in rivals]
    others = [other for other in others if support(b, other) < SAME_STORY]
    common = a.all_terms.terms[held_by(a.all_terms.terms, b.all_terms.terms)]
    if not others or not len(common):
        return NO_RIVALS
    weights = aligner.rarity.of(common) ** 2
    elsewhere = np.logical_or.reduce([held_by(common, other.terms) for other in others])
    supports = [support(a, other) for other in others]
    return Apart(
        nowhere_else=float(weights[~elsewhere].sum() / weights.sum()),
        stands_out=support(a, b.all_terms) - max(supports),
    )
