"""Whether memory stays flat over very many calls, in one process.

    python scripts/benchmarks/memory.py --calls 100000

Every call examines another text of 150 words against the fixtures' sources.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

import click

from detector.article import Article
from detector.boilerplate import StreamBoilerplate
from detector.pipeline import Detector
from detector.readers import read_articles

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
WORDS = 150


def resident() -> float:
    """Return the megabytes of memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1_000_000


@click.command()
@click.option("--calls", default=100_000, show_default=True)
def main(calls: int) -> None:
    """Print the memory held after each tenth of the calls."""
    sources = [a for a in read_articles([FIXTURES / "sources.jsonl"]) if isinstance(a, Article)]
    words = sorted({word for source in sources for word in source.text.split()})
    detector, stream, rng = Detector.from_sources(sources), StreamBoilerplate(), random.Random(1)
    start = time.process_time()
    for number in range(calls):
        text = " ".join(rng.choices(words, k=WORDS))
        article = Article.from_text(text, id=str(number), site=f"s{number % 2_000}.example")
        detector.examine(stream.read(article))
        if number % max(1, calls // 10) == 0:
            click.echo(f"{number:,} calls, {resident():.0f} MB")
    click.echo(f"{calls:,} calls, {resident():.0f} MB, {time.process_time() - start:.0f} s")


if __name__ == "__main__":
    main()
