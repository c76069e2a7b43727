"""Train what sums the findings up: models/risk.json.

    python scripts/train_risk.py SHARED --signals signals.jsonl --into models
    python scripts/list_models.py

The probabilities of derivation that it learns from are those of models that never saw the text's
source: they are trained here, of the pairs that ``measure_pairs.py`` measured. Cross-validated by
source; prints what the card in models/README.md quotes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import click
import numpy as np
from numpy.typing import NDArray
from pairs import HONEST_RUN, SIBLING
from risk_texts import Case, cases, library
from scipy.optimize import minimize
from signal_table import Table, read
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from train_derivation import as_json, expected_calibration_error, fit_derivation

from detector.models import Models, boosted_trees
from detector.pipeline import Detector
from detector.risk import AGAINST, RISK_FILE, RISK_SIGNALS, SCHEMA, risk_signals

FOLDS = 10
# Models of derivation that each miss a part of the sources; more would take longer, not tell more.
DERIVATION_FOLDS = 5
# A set counts by the root of its size, hand-made and honest texts twice.
IMPORTANCE = {"fixtures": 2.0, "derivatives": 2.0, "triples": 2.0, "crawl": 2.0}
# Pulls the weights of signals, each scaled by its spread, towards nothing.
RIDGE = 1e-3
# The sums of a text's figures are learned with, to this many digits.
DECIMALS = 4


def fold_of(group: str) -> int:
    return crc32(f"risk {group}".encode()) % DERIVATION_FOLDS


def without_fold(models: Models, table: Table, fold: int) -> Models:
    """Return the models with trees of derivation that never saw a fold's sources."""
    kept = np.array([fold_of(group) != fold for group in table.group])
    trees = fit_derivation(table.rows(np.flatnonzero(kept)))
    shipped = models.derivation
    parsed = as_json(trees, shipped.slope, shipped.intercept)
    return replace(models, derivation=boosted_trees(parsed))


def measured(shared: Path, table: Table) -> Iterator[tuple[Case, NDArray[np.float64]]]:
    """Yield every case with its figures; crawled texts that share a long run are left out."""
    every = list(cases(shared))
    detectors = {
        name: Detector.from_sources(library(shared, name))
        for name in sorted({case.library for case in every})
    }
    shipped = next(iter(detectors.values())).models
    for fold in range(DERIVATION_FOLDS):
        models = without_fold(shipped, table, fold)
        for case in (case for case in every if fold_of(case.group) == fold):
            detector = detectors[case.library]
            detector.models = models
            verdict = detector.judge(case.article)
            alignments = [judged.evidence.alignment for judged in verdict.sources]
            if case.origin == "crawl" and any(a.longest_run >= HONEST_RUN for a in alignments):
                continue  # it may be a copy: nobody knows
            findings = detector.findings(case.article, verdict)
            yield case, risk_signals(case.article, verdict, findings).values()


def weights_of(rows: list[Case]) -> NDArray[np.float64]:
    """Return how much each text counts."""
    origins = [case.origin for case in rows]
    counted = {origin: origins.count(origin) for origin in set(origins)}
    weights = np.array([
        IMPORTANCE.get(origin.split("-")[0], 1.0) / np.sqrt(counted[origin]) for origin in origins
    ])  # fmt: skip
    return weights / weights.mean()


def fit(signals: NDArray, truth: NDArray, weights: NDArray) -> tuple[NDArray, float]:
    """Fit a logistic line in which what speaks against looking only speaks against it."""
    scale = signals.std(axis=0) + 1e-6
    scaled = np.column_stack([signals / scale, np.ones(len(signals))])
    sign = np.where(truth, 1.0, -1.0)

    def loss(line: NDArray) -> tuple[float, NDArray]:
        margins = sign * (scaled @ line)
        slope = -weights * sign / (1 + np.exp(margins))
        pull = np.append(line[:-1], 0.0)
        value = float(np.average(np.logaddexp(0, -margins), weights=weights))
        gradient = scaled.T @ slope / weights.sum()
        return value + RIDGE * float(pull @ pull), gradient + 2 * RIDGE * pull

    bounds = [(None, 0.0) if name in AGAINST else (0.0, None) for name in RISK_SIGNALS]
    found = minimize(
        loss, np.zeros(scaled.shape[1]), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]
    )
    return found.x[:-1] / scale, float(found.x[-1])


def cross_validated(rows: list[Case], signals: NDArray) -> NDArray[np.float64]:
    """Return the risk of each text from a line that never saw its source."""
    truth, weights = np.array([case.should_look for case in rows]), weights_of(rows)
    risk = np.zeros(len(rows))
    for train, test in GroupKFold(FOLDS).split(signals, groups=[case.group for case in rows]):
        line, bias = fit(signals[train], truth[train], weights[train])
        risk[test] = 1 / (1 + np.exp(-(signals[test] @ line + bias)))
    return risk


def report(rows: list[Case], risk: NDArray) -> Iterator[str]:
    """Yield how right the risk is, set by set, and the worst mistakes."""
    truth, weights = np.array([case.should_look for case in rows]), weights_of(rows)
    yield f"{len(rows)} texts, {truth.sum()} to look at"
    for name, counts in (("weighted", weights), ("unweighted", np.ones(len(rows)))):
        auc = roc_auc_score(truth, risk, sample_weight=counts)
        error = expected_calibration_error(risk, truth, counts)
        yield f"{name}: AUC {auc:.4f}, ECE {error:.4f}"
    for origin in sorted({case.origin for case in rows}):
        for should in (True, False):
            own = [case.origin == origin and case.should_look == should for case in rows]
            if any(own):
                reach = " ".join(f">={t}: {(risk[own] >= t).mean():.3f}" for t in (0.2, 0.5, 0.8))
                kind = "to look at" if should else "honest"
                yield f"  {origin:24} {kind:10} {sum(own):4}  {reach}"
    for n in np.argsort(-np.abs(risk - truth))[:15]:
        yield f"  {risk[n]:.2f} {rows[n].origin} {rows[n].article.id} {rows[n].should_look}"


@click.command()
@click.argument("shared", type=click.Path(exists=True, path_type=Path))
@click.option("--signals", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--into", required=True, type=click.Path(exists=True, path_type=Path))
def main(shared: Path, signals: Path, into: Path) -> None:
    """Examine the texts of SHARED, cross-validate, and write the line."""
    everything = read(signals)
    table = everything.rows(np.flatnonzero(everything.relation != SIBLING))
    rows, figures = zip(*measured(shared, table), strict=True)
    values = np.array(figures)
    for line in report(list(rows), cross_validated(list(rows), values)):
        click.echo(line)
    truth = np.array([case.should_look for case in rows])
    weights, bias = fit(values, truth, weights_of(list(rows)))
    for name, weight in zip(RISK_SIGNALS, weights, strict=True):
        click.echo(f"    {name:16} {weight:+.2f}")
    written = {
        "schema": SCHEMA,
        "signals": list(RISK_SIGNALS),
        "weights": [round(float(weight), DECIMALS) for weight in weights],
        "bias": round(bias, DECIMALS),
    }
    (into / RISK_FILE).write_text(json.dumps(written, indent=1) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
