"""Learn to find advertisements in answers: texts that advise and recommend throughout.

Part of ``train_plugs.py``. What tells a plug from a story's sentences tells it badly from an
answer's; so a text's register is learned, and plugs among answers apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from train_derivation import as_softmax

from detector.evidence.plugs import IN_ANSWER
from detector.evidence.plugs.register import ANSWER, REGISTER_SIGNALS, register_values

REGISTER_C = 0.3
# A chat answer counts so much for the register: there are four times as many other texts.
ANSWER_WEIGHT = 3.0
# Other texts this likely to be answers are learned from with them: they show what advice without
# an advertisement looks like.
ALIKE = 0.3


@dataclass(frozen=True)
class Texts:
    """Whole texts, one a row.

    Attributes:
        values: what their register is told by.
        is_answer: which are chat answers.
        has_plug: which hold an advertisement.
        folds: of each.
    """

    values: NDArray[np.float64]
    is_answer: NDArray[np.bool_]
    has_plug: NDArray[np.bool_]
    folds: NDArray[np.int64]


def fit_register(texts: Texts, rows: NDArray) -> tuple[LogisticRegression, NDArray, NDArray]:
    """Learn to tell answers from other texts."""
    values = texts.values[rows]
    mean, scale = np.nanmean(values, axis=0), np.nanstd(values, axis=0) + 1e-9
    weights = np.where(texts.is_answer[rows], ANSWER_WEIGHT, 1.0)
    model = LogisticRegression(C=REGISTER_C, max_iter=5_000)
    kinds = np.where(texts.is_answer[rows], "answer", "story")
    return model.fit(np.nan_to_num((values - mean) / scale), kinds, weights), mean, scale


def register_probability(texts: Texts) -> NDArray[np.float64]:
    """Return how likely each text is an answer, from a model that never saw its group."""
    found = np.zeros(len(texts.values))
    for fold in np.unique(texts.folds):
        own = texts.folds == fold
        model, mean, scale = fit_register(texts, ~own)
        scaled = np.nan_to_num((texts.values[own] - mean) / scale)
        found[own] = model.predict_proba(scaled)[:, model.classes_.tolist().index("answer")]
    return found


def written_register(texts: Texts) -> dict:
    whole = np.ones(len(texts.values), bool)
    return as_softmax(*fit_register(texts, whole)) | {"signals": list(REGISTER_SIGNALS)}


def report_register(texts: Texts, found: NDArray, say: Callable[[str], None]) -> None:
    for name, own in (("chat answers", texts.is_answer), ("other texts", ~texts.is_answer)):
        say(f"read as answers: {(found[own] >= ANSWER).mean():.4f} of {own.sum()} {name}")


def report_answers(texts: Texts, highest: NDArray, found: NDArray, say: Callable) -> None:
    """Say how many answers with an advertisement are found, and what else is flagged."""
    true = texts.has_plug & texts.is_answer
    for name, read in (("all answers", found >= 0), ("answers read as such", found >= ANSWER)):
        flagged = (highest >= IN_ANSWER) & read
        right, false = (flagged & true).sum(), (flagged & ~texts.has_plug & texts.is_answer).sum()
        f1 = 2 * right / max(1, (flagged & texts.is_answer).sum() + true.sum())
        say(f"{name}, cross-validated: {right} of {true.sum()} found, {false} false, F1 {f1:.3f}; "
            f"other texts flagged {(flagged & ~texts.is_answer).sum()}")  # fmt: skip


def texts_of(table: NDArray, starts: NDArray, has_plug: NDArray, columns: dict) -> Texts:
    """Sum up the sentences of each text.

    Args:
        table: signals of all sentences, as stories have them.
        starts: number of each text's first sentence, and of the end.
        has_plug: which sentences' texts have a plug.
        columns: origin and fold of each sentence.
    """
    bounds = list(pairwise(starts))
    return Texts(
        np.stack([register_values(table[a:b]) for a, b in bounds]),
        columns["origin"][starts[:-1]] == "chat",
        has_plug[starts[:-1]],
        columns["fold"][starts[:-1]],
    )
