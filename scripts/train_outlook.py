"""Learn the outlook of candidates (detector/outlook.py) from the verdicts of full measurement.

    python scripts/train_outlook.py CRAWL.jsonl --articles 12000 --queries 1500 \
        --labelled fixtures/labelled.jsonl fixtures/sources.jsonl --labelled MORE THEIR_SOURCES

Queries are spread over the later two thirds of the crawl's first articles and looked up among all
of them; labelled articles among their sources. Every candidate is aligned and measured; it counts
as a source from a probability of .3 on. Prints the line to put into the module, how many articles
with a source would be lost at several thresholds (by five-fold cross-validation), and how many
pairs would be measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from detector.article import Article
from detector.candidates import CHANNELS, find_candidates
from detector.evidence import gather
from detector.outlook import outlook_signals
from detector.pipeline import Detector
from detector.readers import read_articles
from detector.verdict import UNDECIDED, published_too_late

# A pair counts as a source in training from here on.
SOURCE = 0.3
# A candidate nearer than this was measured before there was an outlook.
LEAST_SUPPORT = 0.10
FOLDS = 5


@dataclass(frozen=True)
class Query:
    """One article: the signals of its candidates, and the probability of each."""

    id: str
    signals: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    weight: float


def measured(detector: Detector, articles: Sequence[Article], weight: float) -> Iterator[Query]:
    """Measure all candidates of some articles."""
    index, aligner = detector.index, detector.aligner
    for article in articles:
        (own,) = index.fingerprinter.fingerprint([article])
        within = index.get(article.id) is not None
        found = find_candidates(article, index, earlier_only=within, fingerprint=own)
        if not found:
            continue
        table = np.array([candidate.scores for candidate in found]).reshape(-1, len(CHANNELS))
        terms = [candidate.terms for candidate in found]
        probabilities = np.zeros(len(found))
        for n, candidate in enumerate(found):
            if n and candidate.support < LEAST_SUPPORT and max(candidate.scores[2:]) < SOURCE:
                continue
            if published_too_late(article, candidate.source):
                continue
            rivals = [other.source for other in found if other is not candidate]
            alignment = aligner.align(article, candidate.source)
            values = gather(alignment, aligner, rivals=rivals).reuse.values()
            probabilities[n] = detector.models.derivation.probability(values)
        signals = outlook_signals(own.terms, terms, table, index.rarity)
        yield Query(article.id, signals, probabilities, weight)


def queries_of(
    crawl: Path, articles: int, queries: int, labelled: Sequence[tuple[Path, Path]]
) -> list[Query]:
    """Measure the crawl, then the labelled articles."""
    known = [a for a in islice(read_articles([crawl]), articles) if isinstance(a, Article)]
    detector = Detector.from_sources(iter(known))
    later = known[len(known) // 3 :]
    chosen = [later[n * len(later) // queries] for n in range(queries)]
    found = list(measured(detector, chosen, 1.0))
    for texts, sources in labelled:
        detector = Detector.from_sources(
            a for a in read_articles([sources]) if isinstance(a, Article)
        )
        own = [a for a in read_articles([texts]) if isinstance(a, Article)]
        found += measured(detector, own, 3.0)
    return found


@click.command()
@click.argument("crawl", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--articles", default=12_000, show_default=True)
@click.option("--queries", default=1_500, show_default=True)
@click.option("--labelled", type=(Path, Path), multiple=True, help="Texts and their sources.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep what was measured (.npz).")
def main(
    crawl: Path, articles: int, queries: int, labelled: tuple[tuple[Path, Path], ...], keep: Path
) -> None:
    """Learn the outlook of candidates."""
    found = queries_of(crawl, articles, queries, labelled)
    signals = np.concatenate([query.signals for query in found])
    probabilities = np.concatenate([query.probabilities for query in found])
    owners = np.repeat(np.arange(len(found)), [len(query.signals) for query in found])
    weights = np.repeat([query.weight for query in found], [len(q.signals) for q in found])
    if keep:
        np.savez(keep, signals=signals, probabilities=probabilities, owners=owners, weights=weights)
    report(signals, probabilities, owners, weights)


def report(
    signals: NDArray[np.float64],
    probabilities: NDArray[np.float64],
    owners: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> None:
    """Train, and print the line and what it would lose."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    scale = signals.std(axis=0)
    y = probabilities >= SOURCE
    line = LogisticRegression(max_iter=5_000).fit(signals / scale, y, weights)
    click.echo(f"WEIGHTS = {np.round(line.coef_[0] / scale, 3).tolist()}")
    click.echo(f"BIAS = {line.intercept_[0]:.3f}")
    odds = np.zeros(len(y))
    for train, test in GroupKFold(FOLDS).split(signals, y, owners):
        part = LogisticRegression(max_iter=5_000)
        part.fit(signals[train] / scale, y[train], weights[train])
        odds[test] = part.decision_function(signals[test] / scale)
    best, highest = np.zeros(owners[-1] + 1), np.full(owners[-1] + 1, -np.inf)
    np.maximum.at(best, owners, probabilities)
    np.maximum.at(highest, owners, odds)
    for least in (-5.0, -4.5, -4.0, -3.5, -3.0, -2.75, -2.5, -2.0):
        lost = (best >= UNDECIDED) & (highest < least)
        pairs = (odds >= least).sum() / len(best)
        click.echo(
            f"{least}: {lost.sum()} of {(best >= UNDECIDED).sum()} lost, "
            f"{(highest >= least).mean():.2f} of the articles and {pairs:.2f} pairs each measured"
        )


if __name__ == "__main__":
    main()
