"""Evidence: one module per family of signals, each a set of pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.alignment import SAME_MEANING, Aligner, Alignment, body_sentences
from detector.article import Article
from detector.candidates import Candidate, Channel
from detector.evidence.credit import Credit, find_credit
from detector.evidence.reuse import ReuseSignals, reuse_signals


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one source has to do with the article.

    Attributes:
        alignment: what corresponds to what.
        reuse: the signals a verdict is made of.
        credit: whether the article credits this source.
        found_by: the channels that proposed the source; empty when the user named it.
        score: how strongly the channels together proposed it; 0 when the user named it.
        parts: for several sources taken as one, the evidence of each; else empty.
    """

    alignment: Alignment
    reuse: ReuseSignals
    credit: Credit
    found_by: tuple[Channel, ...] = ()
    score: float = 0.0
    parts: tuple[Evidence, ...] = ()

    @property
    def exclusive_shares(self) -> tuple[float, ...]:
        """Share of the article's words that each part explains and no other part does."""
        best = [part.alignment.best for part in self.parts]
        sentences = body_sentences(self.alignment.article)
        words = np.array([len(sentence.text.split()) for sentence in sentences])
        return tuple(
            float(words[mine & ~others].sum() / max(1, words.sum()))
            for mine, others in _each_against_the_rest([b >= SAME_MEANING for b in best])
        )


def _each_against_the_rest(
    matched: list[NDArray[np.bool_]],
) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    for i, mine in enumerate(matched):
        rest = [other for j, other in enumerate(matched) if j != i]
        yield mine, np.logical_or.reduce(rest)


def gather(
    alignment: Alignment,
    aligner: Aligner,
    *,
    candidate: Candidate | None = None,
    parts: tuple[Evidence, ...] = (),
    rivals: Sequence[Article] = (),
) -> Evidence:
    """Measure everything about one aligned pair, beside the other sources that were found."""
    return Evidence(
        alignment=alignment,
        reuse=reuse_signals(alignment, aligner, rivals),
        credit=find_credit(alignment.article, alignment.source),
        found_by=candidate.found_by if candidate else (),
        score=candidate.score if candidate else 0.0,
        parts=parts,
    )
