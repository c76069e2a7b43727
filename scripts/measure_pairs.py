"""Measure the reuse signals of every labelled pair, once, for training and for looking at.

python scripts/measure_pairs.py SHARED --index crawl.index --into signals.jsonl
"""

from __future__ import annotations

import json
from pathlib import Path

import click
from pairs import all_pairs

from detector.alignment import Aligner
from detector.evidence.reuse import reuse_signals
from detector.index import Index


@click.command()
@click.argument("shared", type=click.Path(exists=True, path_type=Path))
@click.option("--fixtures", default="fixtures", type=click.Path(exists=True, path_type=Path))
@click.option("--index", "crawl", required=True, help="Index of crawl_2015.jsonl.gz.")
@click.option("--into", required=True, type=click.Path(path_type=Path))
def main(shared: Path, fixtures: Path, crawl: str, into: Path) -> None:
    """Write one line of signals per pair of SHARED and the fixtures."""
    index = Index.open(crawl)
    aligner = Aligner(index.encoder, index.fingerprinter.extractor, index.rarity)
    with into.open("w", encoding="utf8") as out:
        for pair in all_pairs(shared, fixtures, index, aligner):
            signals = reuse_signals(aligner.align(pair.article, pair.source), aligner)
            record = {
                "origin": pair.origin,
                "relation": pair.relation,
                "group": pair.group,
                "article": pair.article.id,
                "source": pair.source.id,
                "signals": signals.to_dict(),
            }
            out.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
