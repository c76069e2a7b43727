"""How much each signal of a detail counts: a logistic line per kind, and trees for claims."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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
SCHEMA = 2
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
    """The lines of all kinds but claims, the trees of claims, and the hash that names them.

    Attributes:
        lines: one per kind.
        claims: weigh claims, whose signals speak only together.
        least: probability from which on a claim is reported.
        hash: names the weights in a report.
    """

    lines: Mapping[Kind, Line]
    claims: BoostedTrees
    least: float
    hash: str

    def probabilities(self, doubts: Sequence[Doubt]) -> list[float]:
        """Return the probability of each detail that it is not in the source."""
        claims = [doubt.signals for doubt in doubts if doubt.kind == CLAIM]
        weighed = iter(self.claims.probabilities(np.array(claims, float)) if claims else ())
        return [
            float(next(weighed))
            if doubt.kind == CLAIM
            else self.lines[doubt.kind].probability(doubt.signals)
            for doubt in doubts
        ]

    def threshold(self, kind: Kind) -> float:
        """Return the probability from which on a detail of a kind is reported."""
        return self.least if kind == CLAIM else self.lines[kind].threshold


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
        kind: Line(tuple(line["weights"]), line["bias"], line["reported_from"])
        for kind, line in parsed["kinds"].items()
        if kind != CLAIM
    }
    claims = parsed["kinds"][CLAIM]
    return Weights(lines, boosted_trees(claims), claims["reported_from"], model_hash(FILE, folder))
