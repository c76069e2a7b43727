"""How right a detector is on labelled articles.

Labels are read (``labels``), the articles examined (``answers``), what was said compared with the
labels (``measures``, ``findings``), and the result shown (``shown``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detector.evaluation.answers import Answer, answer, answers
from detector.evaluation.labels import Labelled, Mark, read_labelled, without_source
from detector.evaluation.measures import Evaluation, measure
from detector.evaluation.shares import Share
from detector.evaluation.shown import evaluation_dict, evaluation_text
from detector.pipeline import Detector

__all__ = [
    "Answer",
    "Evaluation",
    "Labelled",
    "Mark",
    "Share",
    "answer",
    "answers",
    "evaluate",
    "evaluation_dict",
    "evaluation_text",
    "measure",
    "read_labelled",
    "without_source",
]


def evaluate(
    labelled: Iterable[Labelled],
    detector: Detector,
    *,
    workers: int = 1,
    twins: Mapping[str, str] | None = None,
) -> Evaluation:
    """Examine labelled articles and measure how right the reports are.

    Args:
        labelled: the articles; one that is in the index itself is never its own source.
        detector: examines them; its index is only read.
        workers: processes.
        twins: ids of articles that are a labelled source once more, to that source's id.

    Raises:
        BadInput: an article could not be examined.
    """
    return measure(answers(labelled, detector, workers=workers, twins=twins))
