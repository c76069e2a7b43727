"""How much each signal of a detail counts: a logistic line or trees for each kind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any

import numpy as np

from detector.errors import ModelError
from detector.evidence.fabrication.claims import SIGNALS as OF_CLAIMS
from detector.evidence.fabrication.datelines import SIGNALS as OF_DATELINES
from detector.evidence.fabrication.details import SIGNALS as OF_DETAILS
from detector.evidence.fabrication.finding import Doubt, Kind
from detector.evidence.fabrication.quotations import SIGNALS as OF_QUOTES
from detector.models import BoostedTrees, boosted_trees
from detector.shipped import model_hash, read_model

FILE = "fabrication.json"
SCHEMA = 3
CLAIM: Kind = "claim"
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
    """

    weights: tuple[float, ...]
    bias: float

    def probability(self, signals: tuple[float, ...]) -> float:
        """Return the probability that a detail with these signals is not in the source."""
        pairs = zip(self.weights, signals, strict=True)
        return 1 / (1 + exp(-(self.bias + sum(weight * value for weight, value in pairs))))


@dataclass(frozen=True, slots=True)
class Weights:
    """What weighs each kind, and the hash that names it all.

    Attributes:
        lines: for the kinds that a line weighs.
        trees: for the others, whose signals speak only together.
        thresholds: probability from which on a detail of each kind is reported.
        hash: names the weights in a report.
    """

    lines: Mapping[Kind, Line]
    trees: Mapping[Kind, BoostedTrees]
    thresholds: Mapping[Kind, float]
    hash: str

    def probabilities(self, doubts: Sequence[Doubt]) -> list[float]:
        """Return the probability of each detail that it is not in the source."""
        weighed: dict[Kind, Iterator[float]] = {}
        for kind, trees in self.trees.items():
            signals = [doubt.signals for doubt in doubts if doubt.kind == kind]
            if signals:
                weighed[kind] = iter(trees.probabilities(np.array(signals, float)).tolist())
        return [
            next(weighed[doubt.kind])
            if doubt.kind in weighed
            else self.lines[doubt.kind].probability(doubt.signals)
            for doubt in doubts
        ]

    def threshold(self, kind: Kind) -> float:
        """Return the probability from which on a detail of a kind is reported."""
        return self.thresholds[kind]


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
    kinds = parsed["kinds"]
    return Weights(
        lines={
            kind: Line(tuple(line["weights"]), line["bias"])
            for kind, line in kinds.items()
            if "weights" in line
        },
        trees={
            kind: boosted_trees(parts) for kind, parts in kinds.items() if "weights" not in parts
        },
        thresholds={kind: parts["reported_from"] for kind, parts in kinds.items()},
        hash=model_hash(FILE, folder),
    )
