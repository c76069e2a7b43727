"""How right the plugs are: labelled derivatives, chat answers, the seed, and a real crawl.

    python scripts/benchmarks/plugs.py SHARED

Nothing here was trained on: derivatives/ and the seed never are, chat answers are those of other
brands, crawled articles those of other sites (``scripts/plug_passages.py``). Prints every mistake
and every flagged article of the crawl.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parent.parent))

from plug_passages import Text, chat_answers, crawled, labelled, lines

from detector.article import Article, Sentence, joined
from detector.evidence.plugs import Plug
from detector.pipeline import Detector, compare

CRAWLED = 5_000


@dataclass
class Score:
    """Right and wrong answers."""

    right: int = 0
    false: int = 0
    missed: int = 0

    def add(self, found: bool, true: bool) -> None:
        self.right += found and true
        self.false += found and not true
        self.missed += true and not found

    def __str__(self) -> str:
        precision = self.right / max(1, self.right + self.false)
        recall = self.right / max(1, self.right + self.missed)
        f1 = 2 * self.right / max(1, 2 * self.right + self.false + self.missed)
        return (
            f"F1 {f1:.3f}  precision {precision:.3f}  recall {recall:.3f}  "
            f"({self.right} right, {self.false} false, {self.missed} missed)"
        )


def is_in(sentence: Sentence, plugs: Iterable[Plug]) -> bool:
    """Tell whether a sentence is at least half reported."""
    shared = sum(
        max(0, min(sentence.end, plug.span.end) - max(sentence.start, plug.span.start))
        for plug in plugs
    )
    return 2 * shared >= sentence.span.length


def by_sentence(text: Text, plugs: Iterable[Plug], score: Score) -> Iterator[str]:
    for sentence in text.article.sentences:
        found, true = is_in(sentence, plugs), text.truth(sentence)
        score.add(found, true)
        if found != true:
            yield f"  {'false ' if found else 'missed'} {text.article.id}: {sentence.text[:150]}"


def derivatives(folder: Path) -> None:
    texts = list(labelled(folder / "labelled.jsonl", "derivatives"))
    records = {record["id"]: record for record in lines(folder / "labelled.jsonl")}
    sources = {
        r["id"]: Article.from_text(r["text"], id=r["id"], title=r["title"])
        for r in lines(folder / "sources.jsonl")
    }
    alone, beside = Score(), Score()
    detector = Detector.from_sources([])
    for text in texts:
        click.echo(
            "\n".join(by_sentence(text, detector.examine(text.article).plugs, alone)), nl=False
        )
        record = records[text.article.id]
        own = [sources[id] for id in record["sources"] or record["related"]]
        report = compare(text.article, joined(own))
        faults = [f"  with the source{line}" for line in by_sentence(text, report.plugs, beside)]
        click.echo("".join(f"\n{fault}" for fault in faults), nl=False)
    click.echo(f"\nderivatives, sentences, no source:   {alone}")
    click.echo(f"derivatives, sentences, with source: {beside}")


def chat(shared: Path) -> None:
    detector, score = Detector.from_sources([]), Score()
    for text in chat_answers(shared, training=False):
        score.add(bool(detector.examine(text.article).plugs), bool(text.plugs))
    click.echo(f"chat answers of other brands: {score}")


def seed(shared: Path) -> None:
    suspect, source = (Article.from_file(shared / "seeds" / f"{n}.txt") for n in ("001", "000"))
    expected = json.loads((shared / "acceptance" / "seeds.json").read_text("utf8"))
    for name, report in (
        ("no source", Detector.from_sources([]).examine(suspect)),
        ("with source", compare(suspect, source)),
    ):
        for plug in report.plugs:
            click.echo(f"  {plug.brand} {plug.probability:.2f} {plug.span.of(suspect.text)[:120]}")
        wanted = [ad["text"] for ad in expected["documents"]["001"]["ads"]]
        found = [any(plug.span.of(suspect.text) in ad or ad in plug.span.of(suspect.text)
                     for plug in report.plugs) for ad in wanted]  # fmt: skip
        click.echo(f"seed 001, {name}: {sum(found)} of {len(wanted)} found, "
                   f"{len(report.plugs)} reported")  # fmt: skip


def crawl(shared: Path, count: int) -> None:
    detector, flagged, start = Detector.from_sources([]), 0, time.perf_counter()
    for article in islice(crawled(shared, training=False), count):
        plugs = detector.examine(article).plugs
        flagged += bool(plugs)
        for plug in plugs:
            click.echo(f"  {plug.probability:.2f} {article.site} {article.title!r}")
            click.echo(f"       [{plug.brand}] {plug.span.of(article.text)[:300]!r}")
    rate = count / (time.perf_counter() - start)
    click.echo(f"crawl: {flagged} of {count} flagged ({flagged / count:.2%}), {rate:.0f} a second")


@click.command()
@click.argument("shared", type=click.Path(exists=True, path_type=Path))
@click.option("--articles", default=CRAWLED, show_default=True, help="Crawled articles to examine.")
def main(shared: Path, articles: int) -> None:
    """Measure on the data of SHARED."""
    derivatives(shared / "data" / "derivatives")
    seed(shared)
    chat(shared)
    crawl(shared, articles)


if __name__ == "__main__":
    main()
