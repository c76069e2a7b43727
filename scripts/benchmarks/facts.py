"""How much text a CPU second is read for facts: numbers and dates alone, and all of them.

    python scripts/benchmarks/facts.py crawl.jsonl.gz

Of evenly spread articles; the best of some runs counts, for other work on the machine only slows.
The last line is JSON.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import click

from detector.article import Article
from detector.facts import facts, figures
from detector.fingerprint import titled
from detector.readers import read_articles

RUNS = 8


def mb_per_second(read: Callable[[], object], size: int) -> float:
    """Return how many MB a CPU second are read, in the best of some runs."""
    taken = []
    for _ in range(RUNS):
        started = time.process_time()
        read()
        taken.append(time.process_time() - started)
    return size / min(taken) / 1e6


@click.command()
@click.argument("crawl", type=click.Path(exists=True, path_type=Path))
@click.option("--articles", "count", default=500, show_default=True)
def main(crawl: Path, count: int) -> None:
    """Read the facts of so many articles of a crawl."""
    every = [item for item in read_articles([crawl]) if isinstance(item, Article)]
    articles = every[:: max(1, len(every) // count)][:count]
    texts = [titled(article) for article in articles]
    size = sum(len(text.encode("utf8", "surrogatepass")) for text in texts)
    for article in articles:
        article.sentences  # noqa: B018 - split once, and not by facts
    measured = {
        "articles": float(len(articles)),
        "figures_mb_per_cpu_second": mb_per_second(lambda: [*map(figures, texts)], size),
        "facts_mb_per_cpu_second": mb_per_second(lambda: [*map(facts, articles)], size),
    }
    for name, value in measured.items():
        click.echo(f"{name:26} {value:,.2f}")
    click.echo(json.dumps(measured))


if __name__ == "__main__":
    main()
