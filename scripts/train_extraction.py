"""Train the trees that find an article's text on a page: models/extraction.json.

    python scripts/train_extraction.py SHARED --into models
    python scripts/list_models.py

The pages are those of ``benchmarks/extraction.py``. A block is the article's when most of its words
are aligned with the text that people took for it. Each page is then read, by the whole program,
with trees that saw no page of its site, and F1 is measured as the benchmark does: that is the
figure to quote, since the benchmark itself reads pages that the shipped trees have learned from.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from benchmarks.extraction import WORD, Page, f1
from benchmarks.extraction import pages as every_page
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from train_derivation import as_json

from detector.article import host
from detector.blocks import PageBlocks, blocks_of
from detector.blocksigns import signals_of, table_of
from detector.errors import BadInput
from detector.extract import article_from_html, page_title, page_tree
from detector.mainblocks import FILE, KEPT, readable, text_of
from detector.models import BoostedTrees, boosted_trees

# Many weak trees, each of few signals: a page's blocks are alike, and there are 356 pages.
TREES = {
    "max_iter": 150, "learning_rate": 0.05, "max_leaf_nodes": 24, "max_depth": 9,
    "min_samples_leaf": 60, "max_features": 0.15, "l2_regularization": 5.0, "random_state": 0,
    "early_stopping": False,
}  # fmt: skip
FOLDS = 5
# With so many of its words in the text that people took, a block is the article's.
OWN_SHARE = 0.6


@dataclass(frozen=True)
class Read:
    """A page, its blocks, what is measured of them, and which are the article's."""

    page: Page
    blocks: PageBlocks
    signals: NDArray[np.float64]
    is_own: NDArray[np.bool_]
    weights: NDArray[np.float64]

    @property
    def site(self) -> str:
        return host(self.page.url) or self.page.url


def own_share(blocks: PageBlocks, truth: str) -> NDArray[np.float64]:
    """Return how many of each block's words the longest common subsequence with a text has."""
    ids: dict[str, int] = {}
    words = [WORD.findall(block.text.lower()) for block in blocks.blocks]
    page = [ids.setdefault(word, len(ids)) for each in words for word in each]
    wanted = [ids.setdefault(word, len(ids)) for word in WORD.findall(truth.lower())]
    hit = np.zeros(len(page) + 1)
    for step in Indel.opcodes(page, wanted):
        if step.tag == "equal":
            hit[step.src_start : step.src_end] = 1
    ends = np.cumsum([0, *map(len, words)])
    sums = np.concatenate([[0], np.cumsum(hit)])
    return (sums[ends[1:]] - sums[ends[:-1]]) / np.maximum(1, np.diff(ends))


def read(page: Page) -> Read | None:
    """Measure a page's blocks; None when it has none."""
    tree = page_tree(page.html)
    blocks = readable(blocks_of(tree))
    if not blocks.blocks:
        return None
    signals = table_of(blocks, page_title(tree))
    words = np.array([len(WORD.findall(block.text)) for block in blocks.blocks])
    # a long block counts for more, and so does a block of a short page
    weights = np.sqrt(words) / np.sqrt(max(1.0, np.sqrt(words).sum()))
    return Read(page, blocks, signals, own_share(blocks, page.text) >= OWN_SHARE, weights)


def stacked(reads: list[Read]) -> tuple[NDArray, NDArray, NDArray]:
    """Return signals, truth and weights of the blocks of some pages, one behind the other."""
    signals, is_own, weights = (
        np.concatenate([getattr(each, name) for each in reads])
        for name in ("signals", "is_own", "weights")
    )
    return signals, is_own, weights


def fit(reads: list[Read]) -> HistGradientBoostingClassifier:
    signals, is_own, weights = stacked(reads)
    model = HistGradientBoostingClassifier(**TREES)
    return model.fit(signals, is_own, sample_weight=weights / weights.mean())


@dataclass(frozen=True)
class Fold:
    """Trees, and the numbers of the pages of sites that they have not seen."""

    model: HistGradientBoostingClassifier
    unseen: NDArray[np.int64]


def folds_of(reads: list[Read]) -> list[Fold]:
    sites = [each.site for each in reads]
    return [
        Fold(fit([reads[number] for number in learned]), unseen)
        for learned, unseen in GroupKFold(FOLDS).split(sites, groups=sites)
    ]


def calibrated(reads: list[Read], folds: list[Fold]) -> LogisticRegression:
    """Fit Platt's slope and intercept to the log-odds of unseen sites' blocks."""
    order = [reads[number] for fold in folds for number in fold.unseen]
    signals, is_own, weights = stacked(order)
    sizes = [sum(len(reads[number].is_own) for number in fold.unseen) for fold in folds]
    parts = np.split(signals, np.cumsum(sizes)[:-1])
    scores = [fold.model.decision_function(part) for fold, part in zip(folds, parts, strict=True)]
    return LogisticRegression(C=1e6).fit(np.concatenate(scores)[:, None], is_own, weights)


def written(model: HistGradientBoostingClassifier, line: LogisticRegression) -> dict:
    trees = as_json(model, float(line.coef_[0, 0]), float(line.intercept_[0]))
    names = list(signals_of(blocks_of(page_tree("<p>word</p>")), ""))
    return {**trees, "signals": names, "depth": TREES["max_depth"]}


def text_by(trees: BoostedTrees, page: Page) -> str:
    """Return what the program makes of a page with other trees; "" where it refuses the page."""
    try:
        return article_from_html(page.html, url=page.url, trees=trees).text
    except BadInput:
        return ""


@click.command()
@click.argument("shared", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Write the model.")
def main(shared: Path, into: Path | None) -> None:
    """Train on the pages of SHARED, and say how well pages of unseen sites are read."""
    every = list(every_page(shared / "data" / "html" / "wcxb_dev_articles.tar"))
    reads = [each for page in every if (each := read(page))]
    folds = folds_of(reads)
    line = calibrated(reads, folds)
    right = whole = 0.0
    for fold in folds:
        trees = boosted_trees(written(fold.model, line))
        for each in (reads[number] for number in fold.unseen):
            kept = trees.probabilities(each.signals) >= KEPT
            right += f1(text_of(each.blocks, kept), each.page.text)
            whole += f1(text_by(trees, each.page), each.page.text)
    best = sum(f1(text_of(each.blocks, each.is_own), each.page.text) for each in reads)
    sites = len({each.site for each in reads})
    click.echo(f"{len(every)} pages of {sites} sites, F1 of unseen sites: {whole / len(every):.4f}")
    click.echo(
        f"by trees alone {right / len(every):.4f}; {best / len(every):.4f} were they all right"
    )
    if into:
        content = json.dumps(written(fit(reads), line)) + "\n"
        (into / FILE).write_text(content, encoding="utf8")


if __name__ == "__main__":
    main()
