"""Evidence: one module per family of signals, each a set of pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detector.alignment import SAME_MEANING, Aligner, Alignment, body_sentences
from detector.article import Article
from detector.candidates import Candidate, Channel
from detector.evidence.credit import Credit, credit_of_all, find_credit
from detector.evidence.overlap import apart
from detector.evidence.reuse import ReuseSignals, reuse_signals


@dataclass(frozen=True)
class Evidence:
    """What one source has to do with the article.

    Attributes:
        alignment: what corresponds to what.
        reuse: the signals a verdict is made of.
        found_by: the channels that proposed the source; empty when the user named it.
        score: how strongly the channels together proposed it; 0 when the user named it.
        copies: known sources with the article's own text.
        parts: for several sources taken as one, the evidence of each; else empty.
        chance: the derivation model's probability for ``reuse``, where it has been asked.
    """

    alignment: Alignment
    reuse: ReuseSignals
    found_by: tuple[Channel, ...] = ()
    score: float = 0.0
    copies: tuple[Article, ...] = ()
    parts: tuple[Evidence, ...] = ()
    chance: float | None = None

    @cached_property
    def credit(self) -> Credit:
        """Whether the article credits this source; looked for only where it is asked."""
        sources = [part.alignment.source for part in self.parts] or [self.alignment.source]
        article = self.alignment.article
        return credit_of_all([find_credit(article, each, copies=self.copies) for each in sources])

    @property
    def matched(self) -> NDArray[np.bool_]:
        """Which of the article's ``body_sentences`` the source explains."""
        return self.alignment.best >= SAME_MEANING

    @property
    def exclusive_shares(self) -> tuple[float, ...]:
        """Share of the article's words that each part explains and no other part does."""
        return exclusive_shares(self.parts)

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of the article's words that each part explains best; none is counted twice."""
        best = np.stack([part.alignment.best for part in self.parts])
        words = _sentence_words(self.alignment.article)
        whose = np.where(best.max(axis=0) >= SAME_MEANING, best.argmax(axis=0), -1)
        return tuple(
            float(words[whose == n].sum() / max(1, words.sum())) for n in range(len(self.parts))
        )

    def explains(self, other: Evidence) -> float:
        """Return how much of what another source explains this one explains too, 0 to 1."""
        words = _sentence_words(self.alignment.article)
        theirs = words[other.matched].sum()
        return float(words[other.matched & self.matched].sum() / theirs) if theirs else 0.0


def exclusive_shares(parts: Sequence[Evidence]) -> tuple[float, ...]:
    """Return the share of an article's words that each source explains and no other one does."""
    matched = [part.matched for part in parts]
    words = _sentence_words(parts[0].alignment.article) if parts else np.zeros(0, np.int64)
    return tuple(
        float(words[mine & ~others].sum() / max(1, words.sum()))
        for mine, others in _each_against_the_rest(matched)
    )


def _sentence_words(article: Article) -> NDArray[np.int64]:
    return np.array([len(s.text.split()) for s in body_sentences(article)], np.int64)


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
    copies: tuple[Article, ...] = (),
    parts: tuple[Evidence, ...] = (),
    rivals: Sequence[Article] = (),
) -> Evidence:
    """Measure everything about one aligned pair, beside the other sources that were found.

    Args:
        alignment: the pair.
        aligner: what aligned it.
        candidate: what proposed the source, which knows what sets it apart from the others.
        copies: known sources with the article's own text.
        parts: for several sources taken as one, the evidence of each.
        rivals: the others, where no candidate is given.
    """
    beside = candidate.apart if candidate else apart(alignment, aligner, rivals)
    return Evidence(
        alignment=alignment,
        reuse=reuse_signals(alignment, aligner, beside),
        found_by=candidate.found_by if candidate else (),
        score=candidate.score if candidate else 0.0,
        copies=copies,
        parts=parts,
    )
