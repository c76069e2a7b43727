"""How much each signal of a detail counts: one logistic line per kind, trained and shipped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any

from detector.errors import ModelError
from detector.evidence.fabrication.claims import SIGNALS as OF_CLAIMS
from detector.evidence.fabrication.datelines import SIGNALS as OF_DATELINES
from detector.evidence.fabrication.details import SIGNALS as OF_DETAILS
from detector.evidence.fabrication.finding import Doubt, Kind
from detector.evidence.fabrication.quotations import SIGNALS as OF_QUOTES
from detector.shipped import model_hash, read_model

FILE = "fabrication.json"
SCHEMA = 1
# The signals of each kind, in order: a model must have been trained for the same.
SIGNALS: Mapping[Kind, tuple[str, ...]] = {
    "number": OF_DETAILS, "date": OF_DETAILS, "place": OF_DETAILS, "person": OF_DETAILS,
    "org": OF_DETAILS, "dateline": OF_DATELINES, "quote": OF_QUOTES, "claim": OF_CLAIMS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A logistic line over the signals of one kind of detail.

    Attributes:
        weights: log-odds for one more of each signal.
        bias: log-odds where every signal is 0.
        threshold: probability from which on a detail is reported.
    """

    weights: tuple[float, ...]
    bias: float
    threshold: float

    def probability(self, signals: tuple[float, ...]) -> float:
        """Return the probability that a detail with these signals is not in the source."""
        pairs = zip(self.weights, signals, strict=True)
        return 1 / (1 + exp(-(self.bias + sum(weight * value for weight, value in pairs))))


@dataclass(frozen=True, slots=True)
class Weights:
    """The lines of all kinds, and the hash that names them in a report."""

    lines: Mapping[Kind, Line]
    hash: str

    def probability(self, doubt: Doubt) -> float:
        """Return the probability that a detail is not in the source."""
        return self.lines[doubt.kind].probability(doubt.signals)

    def is_reported(self, doubt: Doubt) -> bool:
        """Tell whether a detail is reported."""
        return self.probability(doubt) >= self.lines[doubt.kind].threshold


def load_weights(folder: Path | None = None) -> Weights:
    """Load the shipped weights.

    Raises:
        ModelError: the file is missing, changed, of another schema, or for other signals.
    """
    parsed: Mapping[str, Any] = json.loads(read_model(FILE, folder))
    signals = {kind: tuple(line["signals"]) for kind, line in parsed.get("kinds", {}).items()}
    if parsed.get("schema") != SCHEMA or signals != SIGNALS:
        raise ModelError(
            f"{FILE} was trained for other signals than this version measures: "
            "train it again with scripts/train_fabrication.py"
        )
    lines = {
        kind: Line(tuple(line["weights"]), line["bias"], line["threshold"])
        for kind, line in parsed["kinds"].items()
    }
    return Weights(lines, model_hash(FILE, folder))
