"""Train the model of style: models/style.json and models/collocations.safetensors.

    python scripts/train_style.py SHARED --into models
    python scripts/list_models.py

Prints how well spun texts are told from others, cross-validated by source, with the source and
without; what only measures (``style_texts.py``) is in ``scripts/benchmarks/style.py``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from plug_passages import reader
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from style_texts import LEARNED, Text, crawled, training_texts

from detector.alignment import Aligner
from detector.evidence.style import FEWEST_WORDS
from detector.evidence.style.collocations import COLLOCATIONS_FILE, Collocations, counted
from detector.evidence.style.spinning import (
    BINS,
    SPIN_SIGNALS,
    Expected,
    new_pairs,
    spin_signals,
    supports,
)
from detector.evidence.style.substitution import (
    SUBSTITUTION_SIGNALS,
    compare_words,
    substitution_signals,
)
from detector.evidence.style.words import Words, words_of
from detector.language import language_of

FOLDS = 10
# Texts of fewer words than this teach nothing about the words of a source.
FEWEST_COMPARED = 40
# Strong enough that no signal gets a weight against its meaning.
SPUN_C, SUBSTITUTED_C = 0.5, 1.0
# A written spun text counts as several machine-made ones: there are 7 of them against 252.
WRITTEN, MACHINE_MADE = 8.0, 3.0
# An honest web page of today as so many crawled articles: of 175 pages that were not learned from,
# 13 reach .5 where it learned from none, one where it did. So do 13 % of spun texts, else 22 %.
PAGE = 20.0
# Bins that hold no word in honest news expect what an unknown word's does.
FEWEST_IN_BIN = 30


@dataclass(frozen=True)
class Rows:
    """Measured texts, one a row."""

    signals: NDArray[np.float64]
    is_spun: NDArray[np.bool_]
    origin: NDArray[np.str_]
    kind: NDArray[np.str_]
    group: NDArray[np.str_]

    @classmethod
    def of(cls, texts: Sequence[Text], signals: Sequence[NDArray[np.float64]]) -> Rows:
        columns = [[getattr(t, n) for t in texts] for n in ("is_spun", "origin", "kind", "group")]
        return cls(np.stack(signals), *(np.array(column) for column in columns))

    @property
    def weights(self) -> NDArray[np.float64]:
        """How much each counts."""
        spun = np.where(self.origin == "fixtures", WRITTEN, MACHINE_MADE)
        honest = np.where(self.origin == "pages", PAGE, 1.0)
        return np.where(self.is_spun, spun, honest)

    @property
    def labels(self) -> NDArray[np.str_]:
        return np.array([f"{o}/{k}" for o, k in zip(self.origin, self.kind, strict=True)])


def usual(texts: Sequence[Words], table: Collocations) -> Expected:
    """Measure what honest texts have, by the frequency of their words."""
    found = [supports(words, table) for words in texts]
    bins = np.concatenate([each.bins for each in found])
    best, least, alone = (
        np.concatenate([getattr(each, name) for each in found]).astype(float)
        for name in ("best", "least", "alone")
    )
    seen = [[new_pairs(words, table, gap=gap) for words in texts] for gap in (0, 1)]
    pairs, gaps = (
        _means(np.concatenate([s.bins for s in each]), np.concatenate([s.is_new for s in each]),
               BINS * BINS)
        for each in seen
    )  # fmt: skip
    return Expected(
        best=_moments(bins, best),
        least=_moments(bins, least),
        alone=_means(bins, alone, 3 * BINS),
        pairs=pairs,
        gaps=gaps,
    )


def _means(bins: NDArray, values: NDArray, count: int) -> NDArray[np.float64]:
    held = np.bincount(bins, minlength=count)
    means = np.bincount(bins, values, minlength=count) / np.maximum(held, 1)
    return np.round(np.where(held >= FEWEST_IN_BIN, means, values.mean()), 4)


def _moments(bins: NDArray, values: NDArray) -> NDArray[np.float64]:
    means = _means(bins, values, 3 * BINS)
    squares = _means(bins, (values - means[bins]) ** 2, 3 * BINS)
    return np.stack([means, np.round(np.sqrt(np.maximum(squares, 0.01)), 4)])


def wording(texts: Sequence[Text], table: Collocations, expected: Expected) -> Rows:
    """Measure the wording of texts that are long enough, and in English."""
    kept = [
        text
        for text in texts
        if text.article.words >= FEWEST_WORDS and language_of(text.article.text) == "en"
    ]
    rows = [spin_signals(words_of(t.article.text), table, expected).values() for t in kept]
    return Rows.of(kept, rows)


def exchanged(texts: Sequence[Text], aligner: Aligner) -> Rows:
    """Measure what texts did to the words of their sources."""
    kept, rows = [], []
    for text in texts:
        if text.source is None or min(text.article.words, text.source.words) < FEWEST_COMPARED:
            continue
        alignment = aligner.align(text.article, text.source)
        compared = compare_words(
            alignment, aligner.prepare(text.article), aligner.prepare(text.source)
        )
        signals = substitution_signals(compared, order=alignment.order, coverage=alignment.coverage)
        kept.append(text)
        rows.append(signals.values())
    return Rows.of(kept, rows)


@dataclass(frozen=True)
class Fitted:
    """A line and what it was scaled by."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    model: LogisticRegression

    @classmethod
    def to(cls, rows: Rows, chosen: NDArray, strength: float) -> Fitted:
        signals = rows.signals[chosen]
        mean, scale = signals.mean(axis=0), signals.std(axis=0) + 1e-9
        model = LogisticRegression(C=strength, max_iter=5_000)
        model.fit((signals - mean) / scale, rows.is_spun[chosen], rows.weights[chosen])
        return cls(mean, scale, model)

    def probabilities(self, signals: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.model.predict_proba((signals - self.mean) / self.scale)[:, 1]

    def written(self, names: Sequence[str]) -> dict:
        return {
            "signals": list(names),
            "mean": np.round(self.mean, 6).tolist(),
            "scale": np.round(self.scale, 6).tolist(),
            "weights": np.round(self.model.coef_[0], 4).tolist(),
            "bias": round(float(self.model.intercept_[0]), 4),
        }


def cross_validated(rows: Rows, strength: float) -> NDArray[np.float64]:
    found = np.zeros(len(rows.group))
    for train, test in GroupKFold(FOLDS).split(rows.signals, groups=rows.group):
        found[test] = Fitted.to(rows, train, strength).probabilities(rows.signals[test])
    return found


def report(name: str, rows: Rows, found: NDArray, say: Callable[[str], None]) -> None:
    """Say how well spun texts are told apart, and how likely each kind of text is called spun."""
    derived = ~rows.is_spun & ~np.isin(rows.kind, ["honest", "none", "same-event"])
    for of, chosen in (
        ("all others", ~rows.is_spun),
        ("copies and rewrites", derived),
        ("crawled articles", rows.origin == "crawl"),
        ("web pages", rows.origin == "pages"),
    ):
        if chosen.any():
            both = rows.is_spun | chosen
            say(f"{name}: AUC {roc_auc_score(rows.is_spun[both], found[both]):.4f} against {of}")
    for label in sorted(set(rows.labels)):
        own = found[rows.labels == label]
        shares = " ".join(f"p>={t}: {(own >= t).mean():.3f}" for t in (0.5, 0.8, 0.9, 0.95))
        say(f"  {label:55} {len(own):5d}  {shares}")
    honest = found[rows.origin == "crawl"]
    if len(honest):
        say(f"  of 1,000 crawled articles 5 reach {np.quantile(honest, 0.995):.3f}")


@click.command()
@click.argument("shared", type=click.Path(exists=True, path_type=Path))
@click.option("--into", required=True, type=click.Path(exists=True, path_type=Path))
def main(shared: Path, into: Path) -> None:
    """Train on the texts of SHARED and write the models."""
    table = counted(words_of(article.text) for article in crawled(shared, first=0, last=LEARNED))
    save(table, into / COLLOCATIONS_FILE)
    click.echo(f"{len(table.keys)} keys counted in {table.total:.0f} words")
    texts = list(training_texts(shared))
    honest = [words_of(text.article.text) for text in texts if text.origin == "crawl"]
    expected = usual(honest, table)
    parts = {}
    for name, rows, strength, signals in (
        ("spun", wording(texts, table, expected), SPUN_C, SPIN_SIGNALS),
        ("substituted", exchanged(texts, reader()), SUBSTITUTED_C, SUBSTITUTION_SIGNALS),
    ):
        report(name, rows, cross_validated(rows, strength), click.echo)
        fitted = Fitted.to(rows, np.arange(len(rows.group)), strength)
        parts[name] = fitted.written(signals)
        for signal, weight in zip(signals, fitted.model.coef_[0], strict=True):
            click.echo(f"    {signal:16} {weight:+.2f}")
    write(into / "style.json", parts, expected)


def save(table: Collocations, path: Path) -> None:
    from safetensors.numpy import save_file

    tensors = {"keys": table.keys, "levels": table.levels, "total": np.array([table.total])}
    save_file(tensors, path)


def write(path: Path, parts: dict, expected: Expected) -> None:
    usual = {name: getattr(expected, name).tolist() for name in Expected.__dataclass_fields__}
    model = {"schema": 1, **parts, "expected": usual}
    path.write_text(json.dumps(model) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
