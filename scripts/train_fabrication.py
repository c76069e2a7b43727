"""Train the weights of invented details: models/fabrication.json.

    python scripts/train_entailment.py SHARED --into models --answers answers.jsonl
    python scripts/train_fabrication.py SHARED --answers answers.jsonl --into models
    python scripts/list_models.py

Learns from the fixtures, also those of fixtures/inventions/, farms/ and newsrooms/, and the
hand-labelled derivatives, each text beside the sources it was made from; claims from summaries with
human corrections too (DeFacto, training part). Claims that a first look leaves in doubt are weighed
again, with what a reader that never saw their sources had to say to them. Cross-validated by
source; prints what the card in models/README.md quotes. Details inside a labelled plug are left
out: they are reported as plugs. What is exchanged in a copy is learned from fixtures/altered/ too,
from which no reader learns; which details stand in another's place, from copies made of all these
texts, and of machine rewrites, in which some were put there.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import click
import numpy as np
from detail_rows import ALTERED, Place, Row, copies, every_row
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from swapped import swapped_rows
from train_derivation import as_json

from detector.alignment import Aligner
from detector.article import Span
from detector.entailment import Answers, PieceAnswers
from detector.evidence.fabrication.context import IN_CONTEXT, both, in_context
from detector.evidence.fabrication.reading import OF_READING, signals_of
from detector.evidence.fabrication.weights import (
    CLAIM,
    DETAILS,
    FILE,
    NAMES,
    PLACED,
    ROLE,
    SCHEMA,
    SIGNALS,
)
from detector.index import Index

# Numbers and claims of what is found on farms count more than those of texts written to be hard:
# equal weights cost a fifth of the claims found in the hand-labelled derivatives.
# So do the honest sentences of copies: a reader that knows the newsrooms' texts takes synonyms for
# changes.
COUNTS = {"derivatives": 3.0, "fixtures": 2.0, "altered": 3.0, "rewrites": 0.5}
# A swapped detail counts so much that it is one in two hundred, as it might be on a farm, and not
# one in twelve.
SWAPPED = 0.06
FOLDS = 10
# Sets of labelled texts, each by writers of its own.
ORIGINS = ("fixtures", "inventions", "farms", "newsrooms", "derivatives")
# Weak regularisation for quotations, where a rare signal (another speaker) decides.
STRENGTH, QUOTE_STRENGTH = 1.0, 10.0
# What a name is weighed by; the other signals are accidents of which texts hold unusual names.
NAME_SIGNALS = frozenset({
    "found", "match", "far", "rivalry", "rival_nearer", "missing_beside", "words", "derivable",
    "written", "in_shared_quote", "unsure", "lone_match", "coverage",
})  # fmt: skip
# The same of a date.
DATE_SIGNALS = frozenset({
    "found", "match", "far", "rival_nearer", "missing_beside", "in_shared_quote", "precise", "lost",
    "lone_match", "addressed", "told", "generic", "exact",
})  # fmt: skip
# Numbers and claims are told by many weak signals that speak only together: a comment and an
# invention are both far from the source. Chosen cross-validated; half or twice as many leaves make
# little difference. Those of claims were chosen on texts of writers from whom nothing was learned:
# what only tells one writer's texts from another's misleads about a third one's.
_TREES = {
    "max_iter": 150, "learning_rate": 0.05, "max_depth": 8, "l2_regularization": 1.0,
    "max_features": 0.4, "min_samples_leaf": 15, "random_state": 1,
}  # fmt: skip
# Claims that are in doubt in their place, and so are read. Reading from .05 on takes twice the time
# and finds no more of them at one precision; of the more probable ones .99 are right.
DOUBTFUL = (0.15, 0.95)
TREES = {
    "number": {**_TREES, "max_leaf_nodes": 8},
    "date": {**_TREES, "max_leaf_nodes": 8},
    **{name: {**_TREES, "max_leaf_nodes": 8} for name in NAMES},
    CLAIM: {
        **_TREES,
        "max_leaf_nodes": 10,
        "min_samples_leaf": 30,
        "max_features": 0.25,
        "l2_regularization": 5.0,
    },
    "exchange": {**_TREES, "max_leaf_nodes": 8},
    ROLE: {**_TREES, "max_iter": 300, "max_leaf_nodes": 8},
}
# Invented dates and names are few: at first sight a line weighs them better.
BY_LINE_AT_FIRST = frozenset({"date", *NAMES})
# The lowest probability at which a kind is reported; chosen for a precision of .8 over all kinds,
# cross-validated; of a date higher, for pages are full of hours at which something was put there.
THRESHOLDS = {
    "number": 0.4, "date": 0.55, "place": 0.45, "person": 0.45, "org": 0.45, "dateline": 0.5,
    "quote": 0.5, "claim": 0.75, "exchange": 0.7,
    "role": 0.4,
}  # fmt: skip
DECIMALS = 4


@dataclass(frozen=True)
class Sample:
    """All details of one kind, or of kinds that are learned together."""

    rows: tuple[Row, ...]
    more: NDArray | None = None
    left_out: str | None = None

    @cached_property
    def signals(self) -> NDArray:
        own = np.array([row.doubt.signals for row in self.rows], float)
        if self.more is None:
            return own
        kind = self.rows[0].doubt.kind
        used = [kind not in NAMES or name in NAME_SIGNALS for name in SIGNALS[kind]]
        return np.column_stack([own * used, self.more])

    def has_trees(self, kind: str) -> bool:
        """Whether trees weigh a kind."""
        return kind in TREES and (self.more is not None or kind not in BY_LINE_AT_FIRST)

    @property
    def truth(self) -> NDArray:
        return np.array([bool(row.hits) for row in self.rows])

    @property
    def clear(self) -> NDArray:
        return np.array([row.is_clear and row.origin != self.left_out for row in self.rows])

    @property
    def counts(self) -> NDArray:
        """How much each counts where trees are fitted."""
        return np.array(
            [
                COUNTS.get(row.origin, 1.0) * (SWAPPED if row.is_made and row.hits else 1.0)
                for row in self.rows
            ]
        )

    @property
    def groups(self) -> NDArray:
        return np.array([f"{row.origin}:{row.group}" for row in self.rows])

    def log_odds(self, kind: str) -> NDArray:
        """Return each detail's log-odds from weights that never saw its source."""
        scores, signals, truth = np.zeros(len(self.rows)), self.signals, self.truth
        counts = self.counts
        for train, test in GroupKFold(FOLDS).split(signals, truth, self.groups):
            train = train[self.clear[train]]
            if self.has_trees(kind):
                trees = fit_trees(signals[train], truth[train], counts[train], kind)
                scores[test] = trees.decision_function(signals[test])
            else:
                weights, bias = fit(signals[train], truth[train], kind)
                scores[test] = signals[test] @ weights + bias
        return scores


def fit_trees(
    signals: NDArray, truth: NDArray, counts: NDArray, kind: str
) -> HistGradientBoostingClassifier:
    """Fit the trees that weigh a kind."""
    trees = HistGradientBoostingClassifier(**TREES[kind])
    return trees.fit(signals, truth, sample_weight=counts)


def fit(signals: NDArray, truth: NDArray, kind: str) -> tuple[NDArray, float]:
    """Return weights and bias for raw signals."""
    mean, scale = signals.mean(axis=0), signals.std(axis=0) + 1e-6
    weighed = NAME_SIGNALS if kind in NAMES else DATE_SIGNALS if kind == "date" else None
    used = [weighed is None or name in weighed for name in SIGNALS[kind]]
    model = LogisticRegression(C=QUOTE_STRENGTH if kind == "quote" else STRENGTH, max_iter=5_000)
    model.fit((signals - mean) / scale * used, truth)
    weights = model.coef_[0] / scale * used
    return weights, float(model.intercept_[0] - weights @ mean)


def trained(kind: str, sample: Sample, log_odds: NDArray) -> tuple[dict, NDArray]:
    """Return the weights of a kind as JSON, and each detail's cross-validated probability."""
    signals, truth = sample.signals[sample.clear], sample.truth[sample.clear]
    if sample.has_trees(kind):
        # What counts is whether anything of the place is invented, also a mere detail of it, in an
        # article: in corrected summaries two of three are wrong.
        apart = ("summaries", sample.left_out)
        own = np.array([row.origin not in apart for row in sample.rows])
        platt = LogisticRegression()
        platt.fit(log_odds[own, None], sample.truth[own], sample_weight=sample.counts[own])
        slope, intercept = float(platt.coef_[0, 0]), float(platt.intercept_[0])
        trees = fit_trees(signals, truth, sample.counts[sample.clear], kind)
        parts = as_json(trees, slope, intercept)
        return parts, 1 / (1 + np.exp(-(slope * log_odds + intercept)))
    weights, bias = fit(signals, truth, kind)
    parts = {
        "weights": [round(float(w), DECIMALS) for w in weights],
        "bias": round(bias, DECIMALS),
    }
    return parts, 1 / (1 + np.exp(-log_odds))


def written(row: Row, answers: Answers, n: int) -> str:
    """Return what a reader answered on the sentence of a row, as a line of JSON."""
    pieces = answers.pieces[n]
    told = (pieces.starts, pieces.ends, pieces.contradicted, pieces.lacking)
    numbers = [np.round(each.astype(float), DECIMALS).tolist() for each in told]
    whole = [round(float(each[n]), DECIMALS) for each in (answers.contradicted, answers.lacking)]
    return json.dumps([*row.place, *whole, *numbers]) + "\n"


def read_answers(path: Path) -> dict[Place, Answers]:
    """Return what ``train_entailment.py`` wrote: the answers by the sentence."""
    found = {}
    with path.open(encoding="utf8") as lines:
        for origin, id, start, contradicted, lacking, *told in map(json.loads, lines):
            starts, ends = (np.array(each, np.intp) for each in told[:2])
            odds = [np.array(each, np.float32) for each in (*told[2:], [contradicted], [lacking])]
            pieces = PieceAnswers(starts, ends, odds[0], odds[1])
            found[origin, id, start] = Answers(odds[2], odds[3], (pieces,))
    return found


def details_of(rows: Iterable[Row]) -> dict[tuple[str, str], list[Span]]:
    """Return the places of all numbers, dates and names, by origin and article."""
    found = defaultdict(list)
    for row in rows:
        if row.doubt.kind in DETAILS:
            found[row.place[:2]].append(row.doubt.span)
    return found


def report(every: list[Row], probability: NDArray, origin: str) -> None:
    """Print precision, recall and F1 by kind, by places that share half of the shorter one."""
    own = [
        (r, p)
        for r, p in zip(every, probability, strict=True)
        if r.origin == origin and not r.is_made
    ]
    told = [r for r, p in own if p >= THRESHOLDS[r.doubt.kind]]
    items = {r.item.article.id: r.item for r, _ in own}
    found = {(r.item.article.id, hit) for r in told for hit in r.hits}
    right, all_told = (
        Counter(r.doubt.kind for r in told if r.hits),
        Counter(r.doubt.kind for r in told),
    )
    labelled, hit = Counter(), Counter()
    for id, item in items.items():
        for n, mark in enumerate(item.fabrications or ()):
            labelled[mark.kind] += 1
            hit[mark.kind] += (id, n) in found
    for kind in [*sorted(SIGNALS), "all"]:
        a, b, c, d = (
            sum(counts.values()) if kind == "all" else counts[kind]
            for counts in (right, all_told, hit, labelled)
        )
        precision, recall = a / max(1, b), c / max(1, d)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        click.echo(
            f"  {origin:12} {kind:9} precision {precision:.2f} ({a} of {b})  "
            f"recall {recall:.2f} ({c} of {d})  F1 {f1:.2f}"
        )
    clean = [id for id, item in items.items() if not item.fabrications]
    false = sum(r.item.article.id in clean for r in told)
    click.echo(f"  {origin:12} clean articles: {false} findings in {len(clean)}")


class Lessons:
    """All details, and the probability of each that is known so far, cross-validated.

    Args:
        every: the details.
        left_out: the origin of those from which nothing is learned.
    """

    def __init__(self, every: list[Row], left_out: str | None = None) -> None:
        self.every = every
        self.left_out = left_out
        self.probability = np.zeros(len(every))

    def of(self, kinds: Iterable[str]) -> list[int]:
        """Return the numbers of the details of some kinds."""
        return [n for n, row in enumerate(self.every) if row.doubt.kind in kinds]

    def at_first(self) -> dict[str, object]:
        """Learn to weigh each kind at first sight."""
        kinds: dict[str, object] = {}
        for kind, names in SIGNALS.items():
            own = self.of(NAMES if kind in NAMES else (kind,))
            parts = self.learned(kind, own, None)
            kinds[kind] = {**parts, "signals": list(names), "reported_from": THRESHOLDS[kind]}
        return kinds

    def in_place(self) -> dict[str, object]:
        """Learn to weigh details with what stands around them."""
        around, placed = self.around(), {}
        for name, kinds in PLACED.items():
            own = self.of(kinds)
            first = self.probability[own].copy()
            parts = self.learned(kinds[0], own, around[own])
            self.probability[own] = both(first, self.probability[own])
            placed[name] = {**parts, "signals": [*SIGNALS[kinds[0]], *IN_CONTEXT]}
        return placed

    def once_read(self, said: dict[Place, Answers]) -> dict[str, object]:
        """Learn to weigh the claims that are in doubt once their sentences were read."""
        around, details = self.around(), details_of(self.every)
        least, most = DOUBTFUL
        own = [
            n
            for n in self.of((CLAIM,))
            if least <= self.probability[n] < most and self.every[n].place in said
        ]
        rows = [self.every[n] for n in own]
        read = [signals_of(r.doubt, said[r.place], 0, details[r.place[:2]]) for r in rows]
        parts = self.learned(CLAIM, own, np.column_stack([around[own], np.array(read)]))
        signals = [*SIGNALS[CLAIM], *IN_CONTEXT, *OF_READING]
        return {**parts, "signals": signals, "doubtful": [least, most]}

    def learned(self, kind: str, own: list[int], more: NDArray | None) -> dict:
        """Return the weights of a kind, and note what they make of its details."""
        sample = Sample(tuple(self.every[n] for n in own), more, self.left_out)
        parts, self.probability[own] = trained(kind, sample, sample.log_odds(kind))
        click.echo(f"{kind}: {len(own)} details, {sample.truth.sum()} of them at a labelled place")
        return parts

    def around(self) -> NDArray:
        """Return what stands around each detail in its article."""
        articles = defaultdict(list)
        for n, row in enumerate(self.every):
            articles[row.place[:2]].append(n)
        found = np.zeros((len(self.every), len(IN_CONTEXT)))
        for own in articles.values():
            told = [self.every[n].doubt for n in own]
            found[own] = in_context(told, self.probability[own].tolist())
        return found


@click.command()
@click.argument("shared", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--answers",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="What train_entailment.py wrote of the sentences in doubt.",
)
@click.option("--into", required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--left-out",
    type=click.Choice(ORIGINS),
    help="Learn nothing from these, to see how the inventions of a new writer are told.",
)
def main(shared: Path, answers: Path, into: Path, left_out: str | None) -> None:
    """Train on the fixtures, and on the labelled derivatives and summaries of SHARED."""
    index = Index.in_memory()
    aligner = Aligner(index.encoder, index.fingerprinter.extractor, index.rarity)
    every = [*every_row(shared, aligner), *copies(ALTERED, aligner)]
    lessons = Lessons([*every, *swapped_rows(shared, aligner)], left_out)
    kinds, placed = lessons.at_first(), lessons.in_place()
    reread = lessons.once_read(read_answers(answers))
    for origin in (*ORIGINS, "altered"):
        report(lessons.every, lessons.probability, origin)
    weights = {"schema": SCHEMA, "kinds": kinds, "placed": placed, "reread": reread}
    (into / FILE).write_text(json.dumps(weights, indent=1) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
