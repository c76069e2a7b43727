"""What was read of a sentence beside its sources, as signals of the details that stand in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from detector.article import Span
from detector.entailment import Answers, PieceAnswers
from detector.evidence.fabrication.finding import Doubt, Kind

# What is read beside the sources, and what that adds to the signals of each kind. All are log-odds
# against "borne out" but for the last two of a claim.
# - contradicted, lacking, not_borne_out: of the whole sentence; the last is either of the two;
# - worst, worst_four, worst_eight, mean: of the pieces of a claim outside all numbers, dates and
#   names, or of the likeliest few of these together;
# - worst_anywhere, worst_contradicted, worst_lacking: of any piece of its sentence;
# - expected, share: how many pieces are expected not to be borne out, and which share that is;
# - within, mean_within, contradicted_within, lacking_within: of the pieces of a number or date;
# - beside: the mean of these and of the few pieces to both sides;
# - elsewhere, further, mean: of the other pieces of its sentence, the difference, of all pieces.
_OF_SENTENCE = ("contradicted", "lacking", "not_borne_out")
_OF_CLAIMS = (
    *_OF_SENTENCE, "worst", "worst_four", "worst_eight", "mean", "worst_anywhere",
    "worst_contradicted", "worst_lacking", "expected", "share",
)  # fmt: skip
_OF_DETAILS = (
    *_OF_SENTENCE, "within", "mean_within", "contradicted_within", "lacking_within", "beside",
    "elsewhere", "further", "mean",
)  # fmt: skip
OF_READING: Mapping[Kind, tuple[str, ...]] = {
    "claim": _OF_CLAIMS, "number": _OF_DETAILS, "date": _OF_DETAILS,
}  # fmt: skip
# Pieces of the worst few words, and to either side of a detail.
FEW, MORE = 4, 8
BESIDE = 3


def signals_of(doubt: Doubt, answers: Answers, n: int, details: Sequence[Span]) -> list[float]:
    """Return what was read of one detail, in the order of its kind in ``OF_READING``.

    Args:
        doubt: the detail, with what was read.
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
        return sentence + [0.0] * (len(OF_READING[doubt.kind]) - len(sentence))
    if doubt.kind == "claim":
        apart = np.zeros(len(pieces.starts), np.bool_)
        stop = start + int(pieces.ends[-1])
        for span in details:
            if span.start < stop and span.end > start:
                apart |= _within(pieces, span, start)
        return sentence + _of_claim(pieces, apart)
    return sentence + _of_detail(pieces, _within(pieces, doubt.span, start))


def _within(pieces: PieceAnswers, span: Span, start: int) -> NDArray[np.bool_]:
    """Tell which pieces of a sentence, which begins at ``start``, lie within a place."""
    within: NDArray[np.bool_] = (pieces.starts + start < span.end) & (
        pieces.ends + start > span.start
    )
    return within


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


def _of_detail(pieces: PieceAnswers, within: NDArray[np.bool_]) -> list[float]:
    either = np.logaddexp(pieces.contradicted, pieces.lacking)
    if not within.any():  # it stands behind what was read of a very long sentence
        within = np.arange(len(either)) == len(either) - 1
    others = either if within.all() else either[~within]
    first, last = np.flatnonzero(within)[[0, -1]]
    beside = either[max(0, first - BESIDE) : last + 1 + BESIDE]
    return [
        float(value)
        for value in (
            either[within].max(), either[within].mean(), pieces.contradicted[within].max(),
            pieces.lacking[within].max(), beside.mean(), others.max(),
            either[within].max() - others.max(), either.mean(),
        )
    ]  # fmt: skip
