"""How much each signal of a detail counts: a logistic line or trees for each kind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.entailment import EntailmentReader
from detector.errors import ModelError
from detector.evidence.fabrication.claims import SIGNALS as OF_CLAIMS
from detector.evidence.fabrication.claims import as_read
from detector.evidence.fabrication.datelines import SIGNALS as OF_DATELINES
from detector.evidence.fabrication.details import SIGNALS as OF_DETAILS
from detector.evidence.fabrication.finding import Doubt, Kind
from detector.evidence.fabrication.quotations import SIGNALS as OF_QUOTES
from detector.models import BoostedTrees, boosted_trees
from detector.shipped import model_hash, read_model

FILE = "fabrication.json"
SCHEMA = 4
CLAIM: Kind = "claim"
# An article of 700 words has some five claims in doubt, and no more than 15; as many as this take
# half a second to read.
MOST_READ = 32
# What is added to the signals of a claim that was read beside the sources.
OF_READING = ("contradicted", "lacking", "not_borne_out")
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
        reread: weighs a claim once it was read beside the sources.
        doubtful: probabilities at first sight between which a claim is read.
        thresholds: probability from which on a detail of each kind is reported.
        hash: names the weights in a report.
    """

    lines: Mapping[Kind, Line]
    trees: Mapping[Kind, BoostedTrees]
    reread: BoostedTrees
    doubtful: tuple[float, float]
    thresholds: Mapping[Kind, float]
    hash: str

    def weighed(
        self, doubts: Sequence[Doubt], reader: EntailmentReader
    ) -> list[tuple[Doubt, float]]:
        """Return each detail with the probability that it is not in the source.

        Claims that are in doubt at first sight are read; what a reader finds to be otherwise in a
        source is called contradicted.
        """
        found = list(zip(doubts, self.probabilities(doubts), strict=True))
        least, most = self.doubtful
        doubtful = (
            n for n, (doubt, p) in enumerate(found) if doubt.kind == CLAIM and least <= p < most
        )
        again = sorted(doubtful, key=lambda n: -found[n][1])[:MOST_READ]
        if not again:
            return found
        readings = [doubts[n].reading for n in again]
        answers = reader.read(
            [reading.passage if reading else "" for reading in readings],
            [reading.sentence if reading else "" for reading in readings],
        )
        columns = columns_of(answers.contradicted, answers.lacking)
        signals = np.column_stack([np.array([doubts[n].signals for n in again], float), columns])
        probabilities = self.reread.probabilities(signals).tolist()
        for n, told, probability in zip(again, columns, probabilities, strict=True):
            found[n] = (as_read(doubts[n], is_contradicted=told[0] > told[1]), probability)
        return found

    def probabilities(self, doubts: Sequence[Doubt]) -> list[float]:
        """Return the probability of each detail, at first sight, that it is not in the source."""
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


def columns_of(
    contradicted: NDArray[np.float32], lacking: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return what was read as signals, in the order of OF_READING, shape ``(claims, 3)``."""
    either = np.logaddexp(contradicted, lacking)
    return np.column_stack([contradicted, lacking, either]).astype(float)


def load_weights(folder: Path | None = None) -> Weights:
    """Load the shipped weights.

    Raises:
        ModelError: the file is missing, changed, of another schema, or for other signals.
    """
    parsed: Mapping[str, Any] = json.loads(read_model(FILE, folder))
    signals = {kind: tuple(line["signals"]) for kind, line in parsed.get("kinds", {}).items()}
    reread = tuple(parsed.get("reread", {}).get("signals", ()))
    if (
        parsed.get("schema") != SCHEMA
        or signals != SIGNALS
        or reread != (*SIGNALS[CLAIM], *OF_READING)
    ):
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
        reread=boosted_trees(parsed["reread"]),
        doubtful=tuple(parsed["reread"]["doubtful"]),
        thresholds={kind: parts["reported_from"] for kind, parts in kinds.items()},
        hash=model_hash(FILE, folder),
    )
