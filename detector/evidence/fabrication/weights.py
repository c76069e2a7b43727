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
from detector.evidence.fabrication.context import IN_CONTEXT, both, in_context
from detector.evidence.fabrication.datelines import SIGNALS as OF_DATELINES
from detector.evidence.fabrication.details import SIGNALS as OF_DETAILS
from detector.evidence.fabrication.exchanges import SIGNALS as OF_EXCHANGES
from detector.evidence.fabrication.finding import Doubt, Elsewhere, Weighed
from detector.evidence.fabrication.quotations import SIGNALS as OF_QUOTES
from detector.evidence.fabrication.reading import OF_READING, place_of, signals_of
from detector.evidence.fabrication.roles import SIGNALS as OF_ROLES
from detector.models import BoostedTrees, boosted_trees
from detector.shipped import model_hash, read_model

FILE = "fabrication.json"
SCHEMA = 10
CLAIM: Weighed = "claim"
ROLE: Weighed = "role"
# Sentences. An article of 700 words has some eight in doubt; as many as this take half a second.
MOST_READ = 32
# What a claim can have beside itself in its sentence.
DETAILS: frozenset[Weighed] = frozenset({"number", "date", "place", "person", "org", "dateline"})
# The signals of each kind, in order: a model must have been trained for the same.
SIGNALS: Mapping[Weighed, tuple[str, ...]] = {
    "number": OF_DETAILS, "date": OF_DETAILS, "place": OF_DETAILS, "person": OF_DETAILS,
    "org": OF_DETAILS, "dateline": OF_DATELINES, "quote": OF_QUOTES, "claim": OF_CLAIMS,
    "exchange": OF_EXCHANGES, ROLE: OF_ROLES,
}  # fmt: skip
# What is weighed once more with what stands around it, and which of them by the same trees.
NAMES: tuple[Weighed, ...] = ("place", "person", "org")
PLACED: Mapping[str, tuple[Weighed, ...]] = {
    "number": ("number",), "date": ("date",), "name": NAMES, "claim": ("claim",),
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
        lines: for the kinds that a line weighs at first sight.
        trees: for the others, whose signals speak only together.
        placed: weigh numbers, dates, names and claims with what stands around them.
        reread: weigh a claim once its sentence was read beside the sources.
        doubtful: probabilities between which that is done.
        thresholds: probability from which on a detail of each kind is reported.
        hash: names the weights in a report.
    """

    lines: Mapping[Weighed, Line]
    trees: Mapping[Weighed, BoostedTrees]
    placed: Mapping[Weighed, BoostedTrees]
    reread: BoostedTrees
    doubtful: tuple[float, float]
    thresholds: Mapping[Weighed, float]
    hash: str

    def weighed(
        self, doubts: Sequence[Doubt], reader: EntailmentReader
    ) -> list[tuple[Doubt, float]]:
        """Return each detail with the probability that it is not in the source.

        Claims that are in doubt in their place are read. Where a reader finds that a source says
        otherwise, and one sentence of it does so by itself, a claim is contradicted.
        """
        chances = self.in_place(doubts)
        found = list(zip(doubts, chances, strict=True))
        own = self._in_doubt(found)
        readings = [reading for n in own if (reading := doubts[n].reading)]
        if not readings:
            return found
        answers = reader.read([r.passage for r in readings], [r.sentence for r in readings])
        details = [doubt.span for doubt in doubts if doubt.kind in DETAILS]
        around = in_context(doubts, chances)
        signals = np.array([
            [*doubts[n].signals, *around[n], *signals_of(doubts[n], answers, m, details)]
            for m, n in enumerate(own)
        ])  # fmt: skip
        for m, (n, chance) in enumerate(
            zip(own, self.reread.probabilities(signals).tolist(), strict=True)
        ):
            says_otherwise = answers.contradicted[m] > answers.lacking[m]
            is_otherwise = says_otherwise and chance >= self.thresholds[CLAIM]
            otherwise = _otherwise(doubts[n], reader) if is_otherwise else None
            span = place_of(readings[m], answers.pieces[m], details)
            found[n] = (as_read(doubts[n], span, otherwise), chance)
        return found

    def _in_doubt(self, found: Sequence[tuple[Doubt, float]]) -> list[int]:
        """Return the numbers of the claims to be read, the likeliest inventions first."""
        least, most = self.doubtful
        doubtful = [
            n
            for n, (doubt, chance) in enumerate(found)
            if doubt.kind == CLAIM and doubt.reading and least <= chance < most
        ]
        return sorted(doubtful, key=lambda n: -found[n][1])[:MOST_READ]

    def in_place(self, doubts: Sequence[Doubt]) -> list[float]:
        """Return the probability of each detail, with what stands around it, before any reading."""
        chances = self.probabilities(doubts)
        around = in_context(doubts, chances)
        found = list(chances)
        for kinds in PLACED.values():
            trees = self.placed.get(kinds[0])
            own = [n for n, doubt in enumerate(doubts) if doubt.kind in kinds]
            if trees and own:
                signals = np.array([doubts[n].signals for n in own], float)
                placed = trees.probabilities(np.hstack([signals, around[own]]))
                told = both(np.array([chances[n] for n in own]), placed)
                for n, chance in zip(own, told.tolist(), strict=True):
                    found[n] = chance
        return found

    def probabilities(self, doubts: Sequence[Doubt]) -> list[float]:
        """Return the probability of each detail, at first sight, that it is not in the source."""
        weighed: dict[Weighed, Iterator[float]] = {}
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

    def threshold(self, kind: Weighed) -> float:
        """Return the probability from which on a detail of a kind is reported."""
        return self.thresholds[kind]


def _otherwise(doubt: Doubt, reader: EntailmentReader) -> Elsewhere | None:
    """Return the sentence of the sources that is most like a claim if it says otherwise by itself.

    Others are not asked: a sentence on something else often seems to.
    """
    reading = doubt.reading
    if reading is None or not reading.near:
        return None
    likest = reading.near[reading.likest]
    answers = reader.read([likest.text], [reading.sentence])
    is_plain = answers.contradicted[0] > max(0.0, answers.lacking[0])
    return likest if is_plain else None


def load_weights(folder: Path | None = None) -> Weights:
    """Load the shipped weights.

    Raises:
        ModelError: the file is missing, changed, of another schema, or for other signals.
    """
    parsed: Mapping[str, Any] = json.loads(read_model(FILE, folder))
    signals = {kind: tuple(line["signals"]) for kind, line in parsed.get("kinds", {}).items()}
    placed = {name: tuple(p["signals"]) for name, p in parsed.get("placed", {}).items()}
    reread = tuple(parsed.get("reread", {}).get("signals", ()))
    in_place = {name: (*SIGNALS[kinds[0]], *IN_CONTEXT) for name, kinds in PLACED.items()}
    known = (*SIGNALS[CLAIM], *IN_CONTEXT, *OF_READING)
    if parsed.get("schema") != SCHEMA or (signals, placed, reread) != (SIGNALS, in_place, known):
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
        placed={
            kind: trees
            for name, parts in parsed["placed"].items()
            for trees in [boosted_trees(parts)]
            for kind in PLACED[name]
        },
        reread=boosted_trees(parsed["reread"]),
        doubtful=tuple(parsed["reread"]["doubtful"]),
        thresholds={kind: parts["reported_from"] for kind, parts in kinds.items()},
        hash=model_hash(FILE, folder),
    )
