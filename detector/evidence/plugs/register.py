"""The register of a text: a story, or an answer that advises and recommends throughout."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detector.evidence.plugs.signals import PLUG_SIGNALS
from detector.models import Softmax

REGISTER_SIGNALS = (*PLUG_SIGNALS, "sentences", "all_words")
# From even odds on a text is read as an answer. Of 2,500 crawled articles as many are flagged as
# from .90 on, and more of the chat answers' advertisements are found (F1 .948 instead of .938).
ANSWER = 0.50
_LENGTH = PLUG_SIGNALS.index("length")


def register_values(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a text's register is told by, shape ``(signals + 2,)``.

    Args:
        table: the signals of its sentences, shape ``(sentences, signals)``.

    Returns:
        The mean of every signal, NaN where no sentence has it, and the logarithms of how many
        sentences and words there are.
    """
    known = ~np.isnan(table)
    counts = known.sum(axis=0)
    sums = np.where(known, table, 0.0).sum(axis=0)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    words = np.expm1(table[:, _LENGTH]).sum()
    return np.array([*means, np.log1p(len(table)), np.log1p(words)])


def is_answer(table: NDArray[np.float64], register: Softmax) -> bool:
    """Tell whether a text is to be read as an answer.

    Args:
        table: the signals of its sentences, as stories have them.
        register: the trained model.
    """
    return register.scores(register_values(table))["answer"] >= ANSWER
