"""Measure the reuse signals of every labelled pair, once, for training and for looking at.

python scripts/measure_pairs.py SHARED --index crawl.index --into signals.jsonl
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import click
from pairs import Pair, all_pairs, background

from detector.alignment import Aligner
from detector.article import Article
from detector.candidates import find_candidates
from detector.evidence.overlap import apart
from detector.evidence.reuse import reuse_signals
from detector.index import Index


@click.command()
@click.argument("shared", type=click.Path(exists=True, path_type=Path))
@click.option("--fixtures", default="fixtures", type=click.Path(exists=True, path_type=Path))
@click.option("--index", "crawl", required=True, help="Index of crawl_2015.jsonl.gz.")
@click.option("--into", required=True, type=click.Path(path_type=Path))
def main(shared: Path, fixtures: Path, crawl: str, into: Path) -> None:
    """Write one line of signals per pair of SHARED and the fixtures."""
    with (
        tempfile.TemporaryDirectory() as folder,
        into.open("w", encoding="utf8") as out,
    ):
        shutil.copytree(crawl, folder, dirs_exist_ok=True)
        everything, index = Index.open(folder), Index.open(crawl)
        everything.add(background(shared, fixtures))
        aligner = Aligner(index.encoder, index.fingerprinter.extractor, index.rarity)
        for pair in all_pairs(shared, fixtures, index, aligner):
            found = [candidate.source for candidate in find_candidates(pair.article, everything)]
            alignment = aligner.align(pair.article, pair.source)
            beside = apart(alignment, aligner, rivals(pair, found))
            signals = reuse_signals(alignment, aligner, beside)
            record = {
                "origin": pair.origin,
                "relation": pair.relation,
                "group": pair.group,
                "article": pair.article.id,
                "source": pair.source.id,
                "found": pair.source.id in {source.id for source in found},
                "signals": signals.to_dict(),
            }
            out.write(json.dumps(record) + "\n")


def rivals(pair: Pair, found: list[Article]) -> list[Article]:
    """Return the other sources that would be found for the pair's article."""
    own = {*pair.source.id.split("+"), *pair.hidden}
    return [source for source in found if source.id not in own and source.text != pair.article.text]


if __name__ == "__main__":
    main()
