"""How much each signal of a detail counts: a logistic line or trees for each kind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any

import numpy as np

from detector.entailment import EntailmentReader
from detector.errors import ModelError
from detector.evidence.fabrication.claims import SIGNALS as OF_CLAIMS
from detector.evidence.fabrication.claims import as_read
from detector.evidence.fabrication.datelines import SIGNALS as OF_DATELINES
from detector.evidence.fabrication.details import SIGNALS as OF_DETAILS
from detector.evidence.fabrication.finding import Doubt, Elsewhere, Kind
from detector.evidence.fabrication.quotations import SIGNALS as OF_QUOTES
from detector.evidence.fabrication.reading import OF_READING, signals_of
from detector.models import BoostedTrees, boosted_trees
from detector.shipped import model_hash, read_model

FILE = "fabrication.json"
SCHEMA = 6
CLAIM: Kind = "claim"
# Sentences. An article of 700 words has some eight in doubt; as many as this take half a second.
MOST_READ = 32
# What a claim can have beside itself in its sentence.
DETAILS: frozenset[Kind] = frozenset({"number", "date", "place", "person", "org", "dateline"})
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
        reread: weigh a claim, number or date once its sentence was read beside the sources.
        doubtful: probabilities at first sight between which that is done.
        thresholds: probability from which on a detail of each kind is reported.
        hash: names the weights in a report.
    """

    lines: Mapping[Kind, Line]
    trees: Mapping[Kind, BoostedTrees]
    reread: Mapping[Kind, BoostedTrees]
    doubtful: Mapping[Kind, tuple[float, float]]
    thresholds: Mapping[Kind, float]
    hash: str

    def weighed(
        self, doubts: Sequence[Doubt], reader: EntailmentReader
    ) -> list[tuple[Doubt, float]]:
        """Return each detail with the probability that it is not in the source.

        Claims, numbers and dates that are in doubt at first sight are read. Where a reader finds
        that a source says otherwise, and one sentence of it does so by itself, a claim is
        contradicted.
        """
        found = list(zip(doubts, self.probabilities(doubts), strict=True))
        again = self._in_doubt(found)
        if not again:
            return found
        pairs = list(dict.fromkeys(pair for _, pair in again))
        answers = reader.read(*zip(*pairs, strict=True))
        numbers = {pair: n for n, pair in enumerate(pairs)}
        details = [doubt.span for doubt in doubts if doubt.kind in DETAILS]
        for kind, trees in self.reread.items():
            own = [(n, numbers[pair]) for n, pair in again if doubts[n].kind == kind]
            if not own:
                continue
            signals = np.array([
                [*doubts[n].signals, *signals_of(doubts[n], answers, m, details)] for n, m in own
            ])  # fmt: skip
            for (n, m), probability in zip(own, trees.probabilities(signals), strict=True):
                doubt = doubts[n]
                if kind == CLAIM:
                    says_otherwise = answers.contradicted[m] > answers.lacking[m]
                    is_otherwise = says_otherwise and probability >= self.thresholds[kind]
                    doubt = as_read(doubt, _otherwise(doubt, reader) if is_otherwise else None)
                found[n] = (doubt, float(probability))
        return found

    def _in_doubt(self, found: Sequence[tuple[Doubt, float]]) -> list[tuple[int, tuple[str, str]]]:
        """Return the details to be read, likeliest inventions first, each with its two texts."""
        doubtful: list[tuple[int, tuple[str, str]]] = []
        kept: set[tuple[str, str]] = set()
        for n in sorted(range(len(found)), key=lambda n: -found[n][1]):
            doubt, probability = found[n]
            least, most = self.doubtful.get(doubt.kind, (1.0, 1.0))
            if doubt.reading and least <= probability < most:
                pair = doubt.reading.passage, doubt.reading.sentence
                if len(kept) < MOST_READ:
                    kept.add(pair)
                if pair in kept:
                    doubtful.append((n, pair))
        return doubtful

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


def _otherwise(doubt: Doubt, reader: EntailmentReader) -> Elsewhere | None:
    """Return the one sentence of the sources that by itself says otherwise, if one does."""
    reading = doubt.reading
    if reading is None or not reading.near:
        return None
    passages = [place.text for place in reading.near]
    answers = reader.read(passages, [reading.sentence] * len(passages))
    best = int(answers.contradicted.argmax())
    is_plain = answers.contradicted[best] > max(0.0, answers.lacking[best])
    return reading.near[best] if is_plain else None


def load_weights(folder: Path | None = None) -> Weights:
    """Load the shipped weights.

    Raises:
        ModelError: the file is missing, changed, of another schema, or for other signals.
    """
    parsed: Mapping[str, Any] = json.loads(read_model(FILE, folder))
    signals = {kind: tuple(line["signals"]) for kind, line in parsed.get("kinds", {}).items()}
    reread = {kind: tuple(parts["signals"]) for kind, parts in parsed.get("reread", {}).items()}
    known = {kind: (*SIGNALS[kind], *added) for kind, added in OF_READING.items()}
    if parsed.get("schema") != SCHEMA or signals != SIGNALS or reread != known:
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
        reread={kind: boosted_trees(parts) for kind, parts in parsed["reread"].items()},
        doubtful={kind: tuple(parts["doubtful"]) for kind, parts in parsed["reread"].items()},
        thresholds={kind: parts["reported_from"] for kind, parts in kinds.items()},
        hash=model_hash(FILE, folder),
    )
