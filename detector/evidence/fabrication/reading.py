"""What was read of a sentence beside its sources, as signals of the claim that it makes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detector.article import Span
from detector.entailment import Answers, PieceAnswers
from detector.evidence.fabrication.finding import Doubt

# What reading adds to the signals of a claim. All are log-odds against "borne out" but for the last
# two:
# - contradicted, lacking, not_borne_out: of the whole sentence; the last is either of the two;
# - worst, worst_four, worst_eight, mean: of its pieces outside all numbers, dates and names, or of
#   the likeliest few of these together;
# - worst_anywhere, worst_contradicted, worst_lacking: of any piece of its sentence;
# - expected, share: how many pieces are expected not to be borne out, and which share that is.
OF_READING = (
    "contradicted", "lacking", "not_borne_out", "worst", "worst_four", "worst_eight", "mean",
    "worst_anywhere", "worst_contradicted", "worst_lacking", "expected", "share",
)  # fmt: skip
# Pieces of the worst few words.
FEW, MORE = 4, 8


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
    pieces, start = answers.pieces[n], doubt.reading.start
    if not len(pieces.starts):
        return sentence + [0.0] * (len(OF_READING) - len(sentence))
    apart = np.zeros(len(pieces.starts), np.bool_)
    stop = start + int(pieces.ends[-1])
    for span in details:
        if span.start < stop and span.end > start:
            apart |= (pieces.starts + start < span.end) & (pieces.ends + start > span.start)
    return sentence + _of_claim(pieces, apart)


def _of_claim(pieces: PieceAnswers, apart: NDArray[np.bool_]) -> list[float]:
    either = np.logaddexp(pieces.contradicted, pieces.lacking)
    own = either if apart.all() else either[~apart]
    worst = np.sort(own)[::-1]
    chances = 1 / (1 + np.exp(-own))
    return [
        float(value)
        for value in (
            worst[0], worst[:FEW].mean(), worst[:MORE].mean(), own.mean(), either.max(),
            pieces.contradicted.max(), pieces.lacking.max(), chances.sum(), chances.mean(),
        )
    ]  # fmt: skip
