"""How often each candidate channel finds the source: recall@1 and @10, alone and fused.

    python scripts/benchmarks/retrieval.py LABELLED.jsonl SOURCES.jsonl --background crawl.index

Texts without a source (``same-event``, ``none``) are left out; a mosaic counts once per source at
10, and once at 1 when any of its sources comes first. Where the background holds a source once
more (``--twins ref``: under the id at the end of that field), either counts as right.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import click
import numpy as np

from detector.article import Article
from detector.candidates import CHANNELS, channel_scores, find_candidates
from detector.index import Index

RANKS = (1, 10)


def records(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf8").splitlines()]


def article(record: dict) -> Article:
    return Article.from_text(
        record["text"],
        id=record["id"],
        title=record.get("title"),
        site=record.get("site"),
        published=record.get("published"),
    )


def ranked_ids(text: Article, index: Index) -> dict[str, list[str]]:
    """Return the ids of the first ten sources by each channel and by all together."""
    (fingerprint,) = index.fingerprinter.fingerprint([text])
    arrays = index.arrays()
    found = {}
    for channel, scores in channel_scores(fingerprint, arrays, index).items():
        best = np.argsort(-scores, kind="stable")[: max(RANKS)]
        found[channel] = [
            index.article(int(arrays.numbers[place])).id for place in best if scores[place] > 0
        ]
    found["fused"] = [candidate.source.id for candidate in find_candidates(text, index)]
    return found


def recall(found: list[str], wanted: list[set[str]], rank: int) -> float:
    """Share of the wanted sources among the first ``rank``; at 1, whether any of them is."""
    hits = [bool(twins & set(found[:rank])) for twins in wanted]
    return float(any(hits)) if rank == 1 else float(np.mean(hits))


@click.command()
@click.argument("labelled", type=click.Path(exists=True, path_type=Path))
@click.argument("sources", type=click.Path(exists=True, path_type=Path))
@click.option("--background", type=click.Path(exists=True, path_type=Path), help="An index folder.")
@click.option("--twins", help="Field whose last word is the source's id in the background.")
def main(labelled: Path, sources: Path, background: Path | None, twins: str | None) -> None:
    """Print recall per channel, fused, and the time of a query."""
    originals = records(sources)
    same = {r["id"]: {r["id"], *(r.get(twins or "") or "").split()[-1:]} for r in originals}
    index = Index.in_memory()  # which knows the score of every source in every channel
    if background:
        with Index.open(background) as crawl:
            index.add(crawl)
    index.add(map(article, originals))
    texts = [record for record in records(labelled) if record["sources"]]
    index.arrays()
    start = time.perf_counter()
    found = [(r, ranked_ids(article(r), index)) for r in texts]
    seconds = time.perf_counter() - start
    click.echo(
        f"{len(texts)} texts, {len(index)} sources, {1000 * seconds / len(texts):.1f} ms each"
    )
    click.echo(f"{'channel':10} " + " ".join(f"recall@{rank:<3}" for rank in RANKS))
    for channel in (*CHANNELS, "fused"):
        shares = [
            np.mean(
                [recall(ids[channel], [same[s] for s in r["sources"]], rank) for r, ids in found]
            )
            for rank in RANKS
        ]
        click.echo(f"{channel:10} " + " ".join(f"{share:<10.3f}" for share in shares))
    for r, ids in found:
        if recall(ids["fused"], [same[s] for s in r["sources"]], 10) < 1:
            click.echo(f"missed: {r['id']} ({r['relation']})")


if __name__ == "__main__":
    main()
