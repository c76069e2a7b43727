"""How right the verdicts are: labelled derivatives, honest reports, and a real crawl.

    python scripts/benchmarks/derivation.py SHARED --index crawl.index

Prints, each with its errors by name: the labelled texts against their sources and the crawl; the
honest reports of the same events, all against all; crawled articles against the labelled texts'
sources (false alarms).
"""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from retrieval import article, records

from detector.article import Article
from detector.evaluation import Labelled, evaluate, evaluation_text, read_labelled
from detector.index import Index
from detector.pipeline import Detector
from detector.verdict import DERIVATIVE

CRAWLED = 2_000


def labelled(folder: Path, detector: Detector) -> None:
    """Examine the labelled texts; a source's twin in the crawl counts as the source."""
    twins = {r["ref"].split()[-1]: r["id"] for r in records(folder / "sources.jsonl")}
    items = list(read_labelled(folder / "labelled.jsonl"))
    for item in items:
        if not isinstance(item, Labelled):
            raise click.ClickException(item.told())
    evaluation = evaluate(items, detector, twins=twins)
    click.echo(evaluation_text(evaluation, sources=len(detector.index), most=len(items)))


def same_event(file: Path, index: Index) -> None:
    """Compare the honest reports of each event with one another, in both orders."""
    with gzip.open(file, "rt", encoding="utf8") as lines:
        texts = [json.loads(line) for line in lines]
    events = {r["id"]: r["event"] for r in texts}
    detector = Detector(index)
    index.add(
        Article.from_text(r["text"], id=r["id"], title=r["title"], published=r["date"])
        for r in texts
    )
    pairs = accused = 0
    for text in index:
        report = detector.examine(text)
        pairs += sum(event == events[text.id] for event in events.values()) - 1
        for judged in (*report.verdict.sources, *report.verdict.others):
            if report.is_flagged and judged.probability >= DERIVATIVE:
                accused += 1
                kind = "same event" if events[judged.source.id] == events[text.id] else "OTHER"
                click.echo(
                    f"  {kind} {judged.probability:.2f} {report.verdict.relation} "
                    f"verbatim {judged.evidence.alignment.verbatim_share:.2f} "
                    f"{text.title!r} <- {judged.source.title!r}"
                )
    click.echo(f"same event: {accused} of {pairs} ordered pairs called derivative")


def false_alarms(crawl: Iterable[Article], sources: Path) -> None:
    """Examine crawled articles against sources that they have nothing to do with."""
    originals = records(sources)
    twins = {r["ref"].split()[-1] for r in originals}
    detector = Detector.from_sources(map(article, originals))
    labels: Counter[str] = Counter()
    start = time.perf_counter()
    for text in crawl:
        if text.id in twins:
            continue
        report = detector.examine(text)
        labels[str(report.verdict.label)] += 1
        if report.is_flagged:
            source = report.verdict.sources[0].source
            click.echo(
                f"  {report.verdict.probability:.2f} {report.verdict.relation} "
                f"{text.title!r} ({text.site}) <- {source.title!r} ({source.site})"
            )
    rate = sum(labels.values()) / (time.perf_counter() - start)
    click.echo(f"crawl against the sources: {dict(labels)}, {rate:.1f} articles a second")


def spread(index: Index, count: int) -> Iterator[Article]:
    numbers = index.numbers()
    for number in numbers[:: max(1, len(numbers) // count)][:count]:
        yield index.article(int(number))


@click.command()
@click.argument("shared", type=click.Path(exists=True, path_type=Path))
@click.option("--index", "crawl", required=True, type=click.Path(exists=True, path_type=Path))
def main(shared: Path, crawl: Path) -> None:
    """Measure on the data of SHARED with the crawl's index as background."""
    data = shared / "data"
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(crawl, folder, dirs_exist_ok=True)
        with Index.open(folder) as index:
            detector = Detector(index)
            index.add(map(article, records(data / "derivatives" / "sources.jsonl")))
            labelled(data / "derivatives", detector)
    same_event(data / "same_event" / "triples.jsonl.gz", Index.in_memory())
    with Index.open(crawl) as background:
        false_alarms(spread(background, CRAWLED), data / "derivatives" / "sources.jsonl")


if __name__ == "__main__":
    main()
