"""Train the models of the verdict from measured signals: derivation, relation and kinship.

    python scripts/measure_pairs.py SHARED --index crawl.index --into signals.jsonl
    python scripts/train_derivation.py signals.jsonl --into models

Cross-validated by source (pairs of one source or event are never split); prints what the card in
models/README.md quotes.
"""

from __future__ import annotations

import json
from pathlib import Path
from zlib import crc32

import click
import numpy as np
from numpy.typing import NDArray
from pairs import FURTHER, HONEST, REWORDED, SIBLING, WRITTEN
from signal_table import Table, read
from sklearn.calibration import calibration_curve
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import GroupKFold

from detector.evidence.reuse import SIGNALS
from detector.verdict import DERIVATIVE

# More of these never speaks against derivation. The rest may bend: a text made from a headline
# matches its source's beginning and little of its body, an honest report of the same event matches
# more of the body and less of the beginning. With twelve more signals bound, three in a hundred
# derivatives fewer were found at the same rate of false alarms.
RISING = {"verbatim_share", "copied_prose", "longest_prose_run", "shared_quotes", "title_run"}
# The rewriting sets call everything a rewrite; below this share of the source's length it is
# hardly to be told from a summary.
FULL_LENGTH = 0.85
# What kind of derivation it is shows in these; with all signals a long condensed text was told
# from a rewrite by its quotations.
TELL_RELATIONS = {
    "coverage", "source_coverage", "verbatim_share", "kept_words", "kept_lengths", "order",
    "closest", "term_support", "length_ratio", "figure_support", "lead", "new_names",
}  # fmt: skip
# Titles are rare in these sets, and the index lacks the source by design.
TELL_NO_KINSHIP = {
    "headline", "title_in_lead", "shared_title", "title_run", "nowhere_else", "stands_out",
}  # fmt: skip
# The machine-made sets name what a model was asked for, not what it did.
MACHINE_RELATIONS = 0.3
# Their writers called texts rewrites that elsewhere would be summaries, or match no more than what
# is made from a headline; with the full weight half of the hand-labelled summaries were called
# rewrites.
FURTHER_RELATIONS = 0.2
# Sources of written texts are few, and calling one a sibling leaves a plain case undecided.
WRITTEN_SOURCES = 4.0
FOLDS = 10
TREES = {
    "max_depth": 8, "max_iter": 400, "learning_rate": 0.05, "min_samples_leaf": 20,
    "max_features": 0.3, "l2_regularization": 5.0, "random_state": 0, "early_stopping": False,
}  # fmt: skip


def fit_derivation(table: Table) -> HistGradientBoostingClassifier:
    both = table.doubled()
    bends = [int(name in RISING) for name in SIGNALS]
    model = HistGradientBoostingClassifier(monotonic_cst=bends, **TREES)
    return model.fit(both.signals, both.derived, sample_weight=both.emphasis())


def cross_validated(table: Table) -> NDArray[np.float64]:
    """Return each pair's log-odds from a model that never saw its source."""
    scores = np.zeros(len(table.relation))
    for train, test in GroupKFold(FOLDS).split(table.signals, table.derived, table.group):
        scores[test] = fit_derivation(table.rows(train)).decision_function(table.signals[test])
    return scores


def calibrate(scores: NDArray, table: Table) -> tuple[float, float]:
    """Fit Platt's slope and intercept to cross-validated log-odds."""
    model = LogisticRegression(C=1e6)
    model.fit(scores[:, None], table.derived, sample_weight=table.weights())
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def relation_rows(table: Table) -> Table:
    """Leave out mosaics, web pages, and machine "rewrites" that are in truth condensed."""
    short = table.signals[:, SIGNALS.index("length_ratio")] < np.log(FULL_LENGTH)
    condensed = table.machine_made & (table.relation == "rewrite") & short
    kept = (table.relation != "mosaic") & (table.family != "pan13") & ~condensed
    return table.rows(np.flatnonzero(kept))


def fit_relation(table: Table) -> tuple[LogisticRegression, NDArray, NDArray]:
    both = relation_rows(table).doubled()
    mean, scale = np.nanmean(both.signals, axis=0), np.nanstd(both.signals, axis=0)
    scaled = np.nan_to_num((both.signals - mean) / scale)
    scaled[:, ~np.isin(SIGNALS, list(TELL_RELATIONS))] = 0  # and so get no weight
    weights = both.weights()
    weights[both.machine_made] *= MACHINE_RELATIONS
    weights[np.isin(both.family, FURTHER)] *= FURTHER_RELATIONS
    model = LogisticRegression(C=0.3, max_iter=5_000)
    return model.fit(scaled, both.relation, sample_weight=weights), mean, scale


def relation_predictions(table: Table) -> NDArray[np.str_]:
    """Return the relation that a model without the pair's source gives each derived pair."""
    found = np.array(table.relation)
    for train, test in GroupKFold(FOLDS).split(table.signals, table.relation, table.group):
        model, mean, scale = fit_relation(table.rows(train))
        scaled = np.nan_to_num((table.signals[test] - mean) / scale)
        scores = model.predict_proba(scaled)
        scores[:, np.isin(model.classes_, HONEST)] = -1
        found[test] = model.classes_[scores.argmax(axis=1)]
    return found


def as_json(
    model: HistGradientBoostingClassifier,
    slope: float,
    intercept: float,
    learned: tuple[NDArray, NDArray] | None = None,
) -> dict:
    """Turn scikit-learn's trees into plain lists; a node's value is the mean of its leaves.

    Args:
        model: the trees.
        slope: of the Platt calibration of their sum.
        intercept: of the same.
        learned: signals and weights of the rows learned from, by which a leaf counts in the mean;
            by its number of rows when None. Counted so, half of all pairs are crawled neighbours,
            and beside these every pair looks derived.
    """
    parts = {k: [] for k in ("roots", "feature", "threshold", "missing_left", "left", "right")}
    parts["value"] = []
    for (tree,) in model._predictors:
        base, nodes = len(parts["feature"]), tree.nodes
        parts["roots"].append(base)
        means = node_means(nodes, reaching(nodes, *learned) if learned else nodes["count"])
        for n, node in enumerate(nodes):
            leaf = bool(node["is_leaf"])
            parts["feature"].append(0 if leaf else int(node["feature_idx"]))
            parts["threshold"].append(0.0 if leaf else float(node["num_threshold"]))
            parts["missing_left"].append(bool(node["missing_go_to_left"]))
            parts["left"].append(base + (n if leaf else int(node["left"])))
            parts["right"].append(base + (n if leaf else int(node["right"])))
            parts["value"].append(float(means[n]))
    return {
        "schema": 1,
        "signals": list(SIGNALS),
        "baseline": float(model._baseline_prediction.ravel()[0]),
        "slope": slope,
        "intercept": intercept,
        "depth": TREES["max_depth"],
        **parts,
    }


def reaching(nodes: NDArray, signals: NDArray, weights: NDArray) -> NDArray[np.float64]:
    """Return the weight of the pairs that come to each node of a tree, shape ``(nodes,)``."""
    rows, at = np.arange(len(signals)), np.zeros(len(signals), np.intp)
    reached = np.bincount(at, weights, minlength=len(nodes))
    while len(rows):
        inner = ~nodes["is_leaf"][at].astype(bool)
        rows, at = rows[inner], at[inner]
        given = signals[rows, nodes["feature_idx"][at]]
        is_left = given <= nodes["num_threshold"][at]
        is_left |= np.isnan(given) & nodes["missing_go_to_left"][at].astype(bool)
        at = np.where(is_left, nodes["left"][at], nodes["right"][at]).astype(np.intp)
        reached += np.bincount(at, weights[rows], minlength=len(nodes))
    return reached


def node_means(nodes: NDArray, reached: NDArray) -> NDArray[np.float64]:
    means = nodes["value"].astype(np.float64).copy()
    for n in range(len(nodes) - 1, -1, -1):  # children stand behind their parents
        if not nodes[n]["is_leaf"]:
            children = [int(nodes[n]["left"]), int(nodes[n]["right"])]
            means[n] = np.average(means[children], weights=reached[children])
    return means


def expected_calibration_error(p: NDArray, truth: NDArray, weights: NDArray) -> float:
    edges = np.minimum((p * 10).astype(int), 9)
    error = 0.0
    for bin_ in range(10):
        own = edges == bin_
        if own.any():
            gap = np.average(p[own], weights=weights[own]) - np.average(
                truth[own], weights=weights[own]
            )
            error += abs(gap) * weights[own].sum() / weights.sum()
    return error


def fit_kinship(table: Table) -> tuple[LogisticRegression, NDArray, NDArray]:
    """Learn to tell a source from another text made of the same source."""
    mean, scale = np.nanmean(table.signals, axis=0), np.nanstd(table.signals, axis=0)
    scaled = np.nan_to_num((table.signals - mean) / scale)
    scaled[:, np.isin(SIGNALS, list(TELL_NO_KINSHIP))] = 0  # and so get no weight
    weights = np.where(table.written & (table.relation != SIBLING), WRITTEN_SOURCES, 1.0)
    model = LogisticRegression(C=0.3, max_iter=5_000)
    return model.fit(scaled, _kin(table), sample_weight=weights), mean, scale


def kinship_rows(table: Table) -> Table:
    """Return the siblings, and the reworded texts with their sources."""
    sources = np.isin(table.relation, list(REWORDED)) & ~np.isin(table.family, ["diluted", "pan13"])
    return table.rows(np.flatnonzero(sources | (table.relation == SIBLING)))


def _kin(table: Table) -> NDArray[np.str_]:
    return np.where(table.relation == SIBLING, SIBLING, "source")


def report_kinship(table: Table) -> None:
    """Print how well siblings are told from sources, cross-validated by source."""
    found = np.zeros(len(table.relation))
    for train, test in GroupKFold(FOLDS).split(table.signals, table.relation, table.group):
        model, mean, scale = fit_kinship(table.rows(train))
        scaled = np.nan_to_num((table.signals[test] - mean) / scale)
        found[test] = model.predict_proba(scaled)[:, model.classes_.tolist().index(SIBLING)]
    truth = table.relation == SIBLING
    click.echo(f"kinship AUC {roc_auc_score(truth, found):.3f} of {len(truth)}")
    for name in sorted(set(table.family)):
        own = table.family == name
        shares = [
            f"{word} {(found[own & kind] >= 0.8).mean():.3f} of {(own & kind).sum()}"
            for word, kind in (("siblings", truth), ("sources", ~truth))
            if (own & kind).any()
        ]
        click.echo(f"  {name:14} called siblings at .8: {', '.join(shares)}")


def report_generators(table: Table, slope: float, intercept: float) -> None:
    """Print what is found of each generator's texts when neither it nor their sources are known."""
    for generator in sorted({o for o in table.origin if o.startswith("llm_rewrites:")}):
        own = table.origin == generator
        found = []
        for half in (0, 1):
            test = own & (np.array([crc32(g.encode()) % 2 for g in table.group]) == half)
            train = ~own & ~np.isin(table.group, table.group[test])
            scores = fit_derivation(table.rows(np.flatnonzero(train))).decision_function(
                table.signals[test]
            )
            found += (1 / (1 + np.exp(-(slope * scores + intercept))) >= DERIVATIVE).tolist()
        click.echo(f"  unknown generator {generator:44} {np.mean(found):.3f} of {len(found)}")


def calibration_plot(p: NDArray, truth: NDArray) -> str:
    """Draw how often pairs of a given probability are derived, as a small SVG."""
    fractions, means = calibration_curve(truth, p, n_bins=10)
    dots = "".join(
        f'<circle cx="{40 + 240 * m:.1f}" cy="{260 - 240 * f:.1f}" r="4" fill="#1f6feb"/>'
        for m, f in zip(means, fractions, strict=True)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300" font-size="11" '
        'font-family="sans-serif"><rect width="300" height="300" fill="#fff"/>'
        '<path d="M40 20V260H280" fill="none" stroke="#555"/>'
        '<path d="M40 260L280 20" stroke="#bbb" stroke-dasharray="4"/>'
        f"{dots}"
        '<text x="90" y="288">probability given, cross-validated</text>'
        '<text transform="translate(18 215) rotate(-90)">share that is derived</text>'
        '<text x="36" y="274">0</text><text x="276" y="274">1</text></svg>\n'
    )


def report(table: Table, probability: NDArray, relations: NDArray) -> None:
    truth, weights = table.derived, table.weights()
    click.echo(f"AUC {roc_auc_score(truth, probability, sample_weight=weights):.4f}")
    click.echo(f"ECE {expected_calibration_error(probability, truth, weights):.4f}")
    fractions, means = calibration_curve(truth, probability, n_bins=10)
    click.echo(
        "calibration " + " ".join(f"{m:.2f}:{f:.2f}" for m, f in zip(means, fractions, strict=True))
    )
    for kind in sorted({f"{o}/{r}" for o, r in zip(table.origin, table.relation, strict=True)}):
        origin, relation = kind.split("/")
        own = (table.origin == origin) & (table.relation == relation)
        p, right = probability[own], relations[own] == relation
        shares = " ".join(f"p>={t}: {(p >= t).mean():.3f}" for t in (0.5, 0.8, 0.9, 0.95))
        named = f"  relation right {right.mean():.2f}" if relation not in HONEST else ""
        click.echo(f"  {kind:60} {own.sum():5d}  {shares}{named}")
    for name in sorted(set(WRITTEN) & set(table.origin)):
        own = (table.origin == name) & truth & (table.relation != "mosaic")
        score = f1_score(table.relation[own], relations[own], average="macro")
        click.echo(f"relation macro-F1 on {name}: {score:.3f}")
    for kind, sign in (("honest pairs with the highest", 1), ("derived with the lowest", -1)):
        click.echo(f"{kind} probability")
        wrong = np.argsort(np.where(truth == (sign < 0), -sign * probability, 9))[:20]
        for n in wrong:
            click.echo(
                f"  {probability[n]:.2f} {table.origin[n]} {table.relation[n]} {table.names[n]}"
            )


@click.command()
@click.argument("signals", type=click.Path(exists=True, path_type=Path))
@click.option("--into", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--without", multiple=True, help="Leave this data set out, to measure on it.")
@click.option("--generators", is_flag=True, help="Also measure on generators left out of training.")
def main(signals: Path, into: Path, without: tuple[str, ...], generators: bool) -> None:
    """Train from SIGNALS, cross-validate, and write the models."""
    everything = read(signals)
    everything = everything.rows(np.flatnonzero(~np.isin(everything.family, without)))
    table = everything.rows(np.flatnonzero(everything.relation != SIBLING))
    scores = cross_validated(table)
    slope, intercept = calibrate(scores, table)
    probability = 1 / (1 + np.exp(-(slope * scores + intercept)))
    report(table, probability, _relations(table))
    if generators:
        report_generators(table, slope, intercept)
    kin = kinship_rows(everything)
    report_kinship(kin)
    both = table.doubled()
    learned = both.signals, both.emphasis()
    trees = as_json(fit_derivation(table), slope, intercept, learned)
    (into / "derivation.json").write_text(json.dumps(trees) + "\n", encoding="utf8")
    plot = calibration_plot(probability, table.derived)
    (into / "derivation-calibration.svg").write_text(plot, encoding="utf8")
    for name, softmax in (("relation", fit_relation(table)), ("kinship", fit_kinship(kin))):
        (into / f"{name}.json").write_text(json.dumps(as_softmax(*softmax)) + "\n", encoding="utf8")


def as_softmax(model: LogisticRegression, mean: NDArray, scale: NDArray) -> dict:
    """Write a linear model out; of two classes the first one's weights are the other's negative."""
    weights, bias = model.coef_, model.intercept_
    if len(weights) == 1:
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return {
        "schema": 1,
        "signals": list(SIGNALS),
        "classes": model.classes_.tolist(),
        "mean": mean.tolist(),
        "scale": scale.tolist(),
        "weights": weights.tolist(),
        "bias": bias.tolist(),
    }


def _relations(table: Table) -> NDArray[np.str_]:
    found = np.array(table.relation)
    kept = np.flatnonzero(table.relation != "mosaic")
    found[kept] = relation_predictions(table.rows(kept))
    return found


if __name__ == "__main__":
    main()
