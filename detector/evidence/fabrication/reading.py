"""What was read of a sentence beside its sources, as signals of the claim that it makes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detector.article import Span
from detector.entailment import Answers, PieceAnswers
from detector.evidence.fabrication.finding import Doubt, Reading

# What reading adds to the signals of a claim. All are log-odds against "borne out" but for the last
# two:
# - contradicted, lacking, not_borne_out: of the whole sentence; the last is either of the two;
# - worst, worst_four, worst_eight, mean: of its pieces outside all numbers, dates and names, or of
#   the likeliest few of these together;
# - worst_anywhere, worst_contradicted, worst_lacking: of any piece of its sentence;
# - clause, clause_contradicted, clause_lacking: means of the clause that is worst by these;
# - clause_apart: how much worse that is than the others together, 0 for a lone one;
# - clause_agreed: whether the words of the sources account for that clause least, too;
# - expected, share: how many pieces are expected not to be borne out, and which share that is.
OF_READING = (
    "contradicted", "lacking", "not_borne_out", "worst", "worst_four", "worst_eight", "mean",
    "worst_anywhere", "worst_contradicted", "worst_lacking", "clause", "clause_contradicted",
    "clause_lacking", "clause_apart", "clause_agreed", "expected", "share",
)  # fmt: skip
# Pieces of the worst few words.
FEW, MORE = 4, 8
# A clause with fewer pieces besides its numbers, dates and names says little but these.
FEWEST_OWN = 6


def signals_of(doubt: Doubt, answers: Answers, n: int, details: Sequence[Span]) -> list[float]:
    """Return what was read of a claim, in the order of ``OF_READING``.

    Args:
        doubt: the claim, with what was read.
        answers: what was read.
        n: number of its sentence among those.
        details: the places of all numbers, dates and names of the article.
    """
    if doubt.reading is None:
        raise ValueError("a detail was read of which there is nothing to read")
    contradicted, lacking = float(answers.contradicted[n]), float(answers.lacking[n])
    sentence = [contradicted, lacking, float(np.logaddexp(contradicted, lacking))]
    pieces = answers.pieces[n]
    if not len(pieces.starts):
        return sentence + [0.0] * (len(OF_READING) - len(sentence))
    own = _outside(doubt.reading, pieces, details)
    own = own if own.any() else ~own
    return [*sentence, *_of_claim(doubt.reading, pieces, own)]


def _outside(reading: Reading, pieces: PieceAnswers, details: Sequence[Span]) -> NDArray[np.bool_]:
    """Tell which pieces are outside all numbers, dates and names."""
    outside = np.ones(len(pieces.starts), np.bool_)
    start = reading.start
    stop = start + int(pieces.ends[-1])
    for span in details:
        if span.start < stop and span.end > start:
            outside &= (pieces.starts + start >= span.end) | (pieces.ends + start <= span.start)
    return outside


def place_of(reading: Reading, pieces: PieceAnswers, details: Sequence[Span]) -> Span:
    """Return the clause of a sentence that is not borne out, or all of it where that is open.

    A clause is named only where the answers and the words speak of the same one, and it has words
    of its own: on texts that neither had learned from these named 22 of 24 rightly, and the answers
    alone 28 of 43.

    Args:
        reading: what was read.
        pieces: the answers on its pieces.
        details: the places of all numbers, dates and names of the article.
    """
    if len(reading.clauses) > 1 and len(pieces.starts):
        means, _ = _by_clause(reading, pieces, np.ones(len(pieces.starts), np.bool_))
        clause = int(means[:, 0].argmax())
        _, counts = _by_clause(reading, pieces, _outside(reading, pieces, details))
        if clause == reading.weakest and counts[clause] >= FEWEST_OWN:
            return reading.clauses[clause]
    return Span(reading.start, reading.start + len(reading.sentence))


def _of_claim(reading: Reading, pieces: PieceAnswers, own: NDArray[np.bool_]) -> list[float]:
    either = np.logaddexp(pieces.contradicted, pieces.lacking)
    worst = np.sort(either[own])[::-1]
    chances = 1 / (1 + np.exp(-worst))
    means, counts = _by_clause(reading, pieces, own)
    clause = int(means[:, 0].argmax())
    others = len(worst) - counts[clause]
    apart = means[clause, 0] - (worst.sum() - counts[clause] * means[clause, 0]) / max(1, others)
    return [
        float(value)
        for value in (
            worst[0], worst[:FEW].mean(), worst[:MORE].mean(), worst.mean(), either.max(),
            pieces.contradicted.max(), pieces.lacking.max(), *means[clause],
            apart if others else 0.0, clause == reading.weakest, chances.sum(), chances.mean(),
        )
    ]  # fmt: skip


def _by_clause(
    reading: Reading, pieces: PieceAnswers, own: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the mean of either answer, of "contradicted" and of "lacking" in each clause.

    Args:
        reading: what was read.
        pieces: the answers on its pieces.
        own: which of these count.

    Returns:
        The means, ``-inf`` where none counts, shape ``(clauses, 3)``; and how many count.
    """
    either = np.logaddexp(pieces.contradicted, pieces.lacking)
    told = np.stack([either, pieces.contradicted, pieces.lacking], axis=1)[own]
    starts = [span.start - reading.start for span in reading.clauses[1:]]
    owners = np.searchsorted(starts, pieces.starts[own], side="right")
    size = len(starts) + 1
    counts = np.bincount(owners, minlength=size)
    sums = np.stack([np.bincount(owners, column, size) for column in told.T], axis=1)
    means = np.where(counts[:, None] > 0, sums / np.maximum(1, counts)[:, None], -np.inf)
    return means, counts
