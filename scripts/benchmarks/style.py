"""How right the marks of style are: labelled derivatives, and a real crawl of before chatbots.

    python scripts/benchmarks/style.py SHARED

Nothing here was learned from: derivatives/ never is, crawled articles and web pages are those of
other sites (``scripts/style_texts.py``). Prints the articles that are flagged. Residue and stock
phrases are looked for in the whole crawl.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import click
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from plug_passages import reader
from sklearn.metrics import roc_auc_score
from style_texts import MEASURED, crawled, labelled, pages

from detector.alignment import Aligner
from detector.article import Article
from detector.evidence.style import NOTABLE, Style, StyleModel

# Flagged articles that are shown.
SHOWN = 40


def derivatives(folder: Path, model: StyleModel, aligner: Aligner) -> None:
    """Print the scores of the labelled texts, with their sources and without."""
    texts = [text for text in labelled(folder, "derivatives") if text.kind != "honest"]
    found = []
    for text in texts:
        alignments = [aligner.align(text.article, text.source)] if text.source else []
        found.append(model.examine(text.article, alignments, aligner))
    spun = np.array([text.is_spun for text in texts])
    for name, scores in (
        ("no source", [style.spun or 0.0 for style in found]),
        ("with source", [style.substituted or 0.0 for style in found]),
    ):
        click.echo(f"derivatives, {name}: AUC {roc_auc_score(spun, scores):.4f}")
        for kind in sorted({text.kind for text in texts}):
            own = [s for s, text in zip(scores, texts, strict=True) if text.kind == kind]
            shown = " ".join(f"{score:.2f}" for score in sorted(own))
            click.echo(f"  {kind:14} {shown}")


def honest(name: str, articles: Iterable[Article], model: StyleModel, aligner: Aligner) -> None:
    """Print which honest articles are flagged, and how long it takes."""
    spun, taken, examined = [], 0.0, 0
    for article in articles:
        start = time.perf_counter()
        style = model.examine(article, [], aligner)
        taken += time.perf_counter() - start
        examined += 1
        if style.is_spun:
            words = ", ".join(span.of(article.text) for span in style.odd_words)
            spun.append(f"  {style.spun:.2f} {article.site} {article.title!r}: {words}")
    for line in sorted(spun, reverse=True)[:SHOWN]:
        click.echo(line)
    click.echo(
        f"{name}: {len(spun)} of {examined} reach {NOTABLE} ({len(spun) / examined:.2%}), "
        f"{1000 * taken / examined:.2f} ms each"
    )


def leftovers(shared: Path, model: StyleModel) -> None:
    """Print the residue found in the crawl, and how many articles have many stock phrases."""
    from detector.evidence.style.stock import stock_phrases

    kinds: Counter[str] = Counter()
    articles = templates = 0
    for article in crawled(shared, first=0, last=10):
        articles += 1
        for residue in model.residue.find(article):
            kinds[residue.kind] += 1
            click.echo(f"  {residue.kind} {article.site} {residue.span.of(article.text)!r}")
        style = Style(stock_phrases=stock_phrases(article), words=article.words)
        templates += style.is_template
    click.echo(f"residue in {articles} crawled articles: {dict(kinds)}")
    click.echo(f"many stock phrases: {templates} ({templates / articles:.2%})")


@click.command()
@click.argument("shared", type=click.Path(exists=True, path_type=Path))
@click.option("--articles", default=10_000, show_default=True, help="Crawled ones to examine.")
def main(shared: Path, articles: int) -> None:
    """Measure on the data of SHARED."""
    model, aligner = StyleModel.load(), reader()
    derivatives(shared / "data" / "derivatives", model, aligner)
    others = islice(crawled(shared, first=MEASURED, last=10), articles)
    honest("crawl", others, model, aligner)
    honest("web pages", pages(shared, measured=True), model, aligner)
    leftovers(shared, model)


if __name__ == "__main__":
    main()
