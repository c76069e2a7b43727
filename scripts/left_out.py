"""Sentences of machine rewrites beside sources that lack, or keep, what one clause of them says.

Whoever invents a clause adds it to a sentence that is otherwise right. Such pairs are rare in what
is labelled by hand, but can be made: of a sentence that joins two of its source, one of these is
left out. What is left bears out one clause and not the other, on the same subject.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from detector.alignment import Aligner, Prepared
from detector.article import Article, Sentence, Span
from detector.encoders.static import StaticEncoder
from detector.evidence.fabrication.case import PASSAGE, Case
from detector.evidence.fabrication.clauses import Clauses, clauses_of

# Clauses whose vectors are this alike say the same. What is less alike than the last, and that much
# less than the likeliest, says something else. Of some dozen pairs read, nearly all were right.
SAYS_IT, MARGIN, SAYS_ANOTHER = 0.55, 0.15, 0.38
# What the rest of a source must still have of each other clause.
SAYS_THE_OTHERS = 0.5
# The share of sentences that are told beside a source that lacks all they say.
WHOLE = 0.15
# This share of the clauses that say nothing of a sentence is left out too.
BESIDE = 0.3
FEWEST_SENTENCES = 8


@dataclass(frozen=True)
class LeftOut:
    """A sentence, what is left of its source, and the clause that was left out of that.

    Attributes:
        passage: sentences of the source.
        sentence: the sentence.
        clause: the place in the text that the passage does not bear out; None if it does.
    """

    passage: str
    sentence: Sentence
    clause: Span | None


def left_out(
    article: Article, source: Article, aligner: Aligner, encoder: StaticEncoder, order: Random
) -> Iterator[LeftOut]:
    """Yield sentences of a faithful rewrite beside a part of its source, and beside all of it.

    Args:
        article: the rewrite.
        source: what it was written from.
        aligner: prepares both.
        encoder: tells which clause says what a sentence of the source says.
        order: chooses the clauses.
    """
    case = Case(aligner.prepare(article), [aligner.prepare(source)], aligner)
    theirs = case.sources[0]
    if len(theirs.sentences) < FEWEST_SENTENCES:
        return
    body = case.article.body.tolist()
    clauses = clauses_of(case.article, body, [case.article.sentences[n].start for n in body])
    every = range(len(theirs.sentences))
    parts = clauses_of(theirs, every, [sentence.start for sentence in theirs.sentences])
    texts, told = (
        [each.span(n).of(side.text) for n in range(len(each.starts))]
        for each, side in ((clauses, article), (parts, source))
    )
    alike = encoder.encode(texts) @ encoder.encode(told).T
    for owner, n in enumerate(body):
        sentence, own = case.article.sentences[n], np.flatnonzero(clauses.owners == owner)
        gone = _gone(alike[own], order)
        if gone is None:
            continue
        chosen, kept = gone
        span = clauses.span(int(own[chosen])) if chosen >= 0 else sentence.span
        # Of what is beside the point a part is left out in either case, or a gap would tell.
        chance = np.array([order.random() for _ in told])
        is_beside = alike[own].max(axis=0) < SAYS_ANOTHER
        for those, lacking in ((kept, span), (np.ones(len(told), np.bool_), None)):
            left = those & ~(is_beside & (chance < BESIDE))
            if left.sum() >= PASSAGE:
                passage = _passage(theirs, parts, case.likeness[0][n], left)
                yield LeftOut(passage, sentence, lacking)


def nearest(texts: Sequence[str], alike: NDArray[np.float32]) -> str:
    """Return the few sentences that are most like one, in their order."""
    likest = np.argsort(-alike, kind="stable")[:PASSAGE]
    return " ".join(texts[n] for n in sorted(likest.tolist()))


def _gone(clauses: NDArray[np.float32], order: Random) -> tuple[int, NDArray[np.bool_]] | None:
    """Choose a clause, or -1 for all of a sentence, and the source's clauses that do not say it.

    Args:
        clauses: how alike each clause of the sentence and each of the source are.
        order: chooses.
    """
    if order.random() < WHOLE:
        kept = clauses.max(axis=0) < SAYS_ANOTHER
        is_said = clauses.max(axis=1).min() >= SAYS_IT
        return (-1, kept) if is_said and kept.sum() >= PASSAGE else None
    found = []
    for n, alike in enumerate(clauses):
        kept = alike < min(alike.max() - MARGIN, SAYS_ANOTHER)
        others = np.delete(clauses, n, axis=0)[:, kept]
        is_told = alike.max() >= SAYS_IT and kept.sum() >= PASSAGE
        if is_told and len(others) and others.max(axis=1).min() >= SAYS_THE_OTHERS:
            found.append((n, kept))
    return order.choice(found) if found else None


def _passage(
    side: Prepared, parts: Clauses, alike: NDArray[np.float32], kept: NDArray[np.bool_]
) -> str:
    """Return the few sentences most like one, without the clauses that were left out.

    Args:
        side: the source.
        parts: its clauses.
        alike: how alike its sentences are.
        kept: which clauses are left.
    """
    left = np.bincount(parts.owners[kept], minlength=len(alike)) > 0
    likest = np.argsort(np.where(left, -alike, np.float32(2)), kind="stable")[:PASSAGE]
    text, told = side.article.text, []
    for n in sorted(likest.tolist()):
        own = np.flatnonzero(parts.owners == n)
        ends = [*parts.starts[own[1:]].tolist(), side.sentences[n].end]
        cut = [text[parts.starts[m] : end] for m, end in zip(own, ends, strict=True) if kept[m]]
        told.append("".join(cut).strip(" ,;:-–—"))
    return " ".join(told)
