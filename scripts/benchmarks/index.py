"""How fast an index of many articles is built, opened and searched, and how large it is.

    python scripts/benchmarks/index.py add crawl.jsonl.gz --articles 6000 --workers 2
    python scripts/benchmarks/index.py grow crawl.jsonl.gz --articles 200000
    python scripts/benchmarks/index.py grow crawl.jsonl.gz --articles 1000000 --mix-fingerprints
    python scripts/benchmarks/index.py kill --times 100

The crawl is grown by articles whose sentences come from two others, in turn. With
``--mix-fingerprints`` their fingerprints are mixed from those of the two as well, instead of being
read off the text: the build then measures storing alone, all else the index as it would be.
The last line is JSON.
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

import detector.catalogue
import detector.index
from detector.article import Article
from detector.candidates import find_candidates
from detector.catalogue import Catalogue
from detector.cells import floats
from detector.encoders import Encoder, load_encoder
from detector.fingerprint import Fingerprint, Fingerprinter
from detector.index import Index
from detector.intake import BATCH
from detector.loops import KERNELS_PAY, NUMPY
from detector.readers import read_articles
from detector.shortlist import compared_rows
from detector.terms import TermVector

SENTENCE = re.compile(r"(?<=[.!?])\s+")
QUERIES = 200
NEIGHBOURS = 10
# Queries whose neighbours are looked for by all their vectors: four times the work each.
WITH_ALL_VECTORS = 50
Vectors = NDArray[np.float32]


def grown(articles: Sequence[Article], count: int) -> Iterator[Article]:
    """Yield the articles, then mixtures of two of them, ``count`` in all."""
    yield from islice(articles, count)
    split = [SENTENCE.split(article.text) for article in articles]
    for number in range(len(articles), count):
        rng = random.Random(number)
        one, other = rng.sample(range(len(articles)), 2)
        sentences = [
            (split[one] if n % 2 else split[other])[n % len(split[one if n % 2 else other])]
            for n in range(max(len(split[one]), 2))
        ]
        yield Article.from_text(
            " ".join(sentences), id=f"mix-{number}-{one}-{other}", title=articles[one].title
        )


class Mixing:
    """Gives mixed articles the mixed fingerprints of the two that they come from."""

    def __init__(self, real: Fingerprinter, known: list[Fingerprint]) -> None:
        self.real, self.known = real, known

    def fingerprint(self, articles: Sequence[Article]) -> list[Fingerprint]:
        return [self._mixed(article) for article in articles]

    def _mixed(self, article: Article) -> Fingerprint:
        if not article.id.startswith("mix-"):
            return self.real.fingerprint([article])[0]
        number, *pair = map(int, article.id.split("-")[1:])
        one, other = (self.known[n] for n in pair)
        draw = np.random.default_rng(number)
        size = len(one.vectors)
        vectors = (
            0.8 * one.vectors + 0.6 * other.vectors[draw.integers(0, len(other.vectors), size)]
        )
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return Fingerprint(
            np.where(draw.random(len(one.signature)) < 0.5, one.signature, other.signature),
            _halves(one.terms, other.terms, draw),
            one.headline,
            (vectors / np.maximum(lengths, 1e-9)).astype(np.float32),
        )


def _halves(one: TermVector, other: TermVector, draw: np.random.Generator) -> TermVector:
    first, second = draw.random(len(one)) < 0.5, draw.random(len(other)) < 0.5
    terms = np.concatenate([one.terms[first], other.terms[second]])
    counts = np.concatenate([one.counts[first], other.counts[second]])
    terms, places = np.unique(terms, return_index=True)
    return TermVector(terms, counts[places])


def known_prints(index: Index) -> list[Fingerprint]:
    """Read the fingerprints of an index back from its segments, in the order of adding."""
    known = []
    for part in index.catalogue().parts:
        segment = part.segment
        keys, holders, counts = segment.headlines.triples()
        order = np.argsort(holders, kind="stable")
        cuts = np.cumsum(np.bincount(holders, minlength=len(segment)))[:-1]
        titles = zip(np.split(keys[order], cuts), np.split(counts[order], cuts), strict=True)
        for place, (terms, amounts) in enumerate(titles):
            rows, _ = segment.rows_of(np.array([place]))
            known.append(
                Fingerprint(
                    segment.signatures[place].astype(np.uint32),
                    segment.term_vector(place),
                    TermVector(terms, amounts.astype(np.float32)),
                    floats(segment.vectors[rows]),
                )
            )
    return known


def build(folder: Path, articles: list[Article], count: int, mix: bool) -> dict[str, float]:
    """Build an index, or make one that is there larger."""
    there = (folder / "index.sqlite").exists()
    measured: dict[str, float] = {"articles": count}
    with Index.open(folder) if there else Index.create(folder) as index:
        first = len(index)
        for name, stop in (("read", min(count, len(articles))), ("mixed", count)):
            if stop <= len(index):
                continue
            if name == "mixed" and mix:
                prints = Mixing(index.fingerprinter, known_prints(index)[: len(articles)])
                index.fingerprinter = prints  # type: ignore[assignment]
            cpu, start, before = time.process_time(), time.perf_counter(), len(index)
            index.add(islice(grown(articles, count), before, stop))
            added = len(index) - before
            measured[f"{name}_per_second"] = added / (time.perf_counter() - start)
            measured[f"{name}_per_cpu_second"] = added / (time.process_time() - cpu)
        size = index.info().bytes_on_disk
        total = "SELECT sum(length(text)) FROM articles"
        texts = index._database.execute(total).fetchone()[0]
    measured["grown_from"] = first
    measured["bytes_per_article"] = size / count
    measured["beyond_packed_text"] = (size - texts) / count
    return measured


def search(folder: Path, articles: list[Article]) -> dict[str, float]:
    """Open and search an index: in a process of its own."""
    start = time.perf_counter()
    index = Index.open(folder)
    opened = time.perf_counter() - start
    catalogue = index.catalogue()
    searchable = time.perf_counter() - start
    rng = random.Random(1)
    queries = [
        article.named(f"query-{n}") for n, article in enumerate(rng.sample(articles, QUERIES))
    ]
    prints = index.fingerprinter.fingerprint(queries)
    find_candidates(queries[0], index, fingerprint=prints[0])
    first = {f"first_{name}": value for name, value in searched(index, queries, prints).items()}
    index.loops_for(KERNELS_PAY)  # as if it had been searched often
    find_candidates(queries[0], index, fingerprint=prints[0])
    return {
        "open_s": opened,
        "searchable_s": searchable,
        **first,
        **searched(index, queries, prints),
        "recall_at_10": recall(
            catalogue, [p.vectors[min(1, len(p.vectors) - 1)][None, :] for p in prints]
        ),
        "recall_at_10_of_all_vectors": recall(
            catalogue, [p.vectors for p in prints[:WITH_ALL_VECTORS]]
        ),
    }


def searched(index: Index, queries: list[Article], prints: list[Fingerprint]) -> dict[str, float]:
    """Search for every query once."""
    taken, cpu = [], time.process_time()
    for query, fingerprint in zip(queries, prints, strict=True):
        start = time.perf_counter()
        find_candidates(query, index, fingerprint=fingerprint)
        taken.append(1000 * (time.perf_counter() - start))
    return {
        "p50_ms": float(np.percentile(taken, 50)),
        "p99_ms": float(np.percentile(taken, 99)),
        "query_cpu_ms": 1000 * (time.process_time() - cpu) / len(queries),
        "rss_mb": largest_mb(),
    }


def largest_mb() -> float:
    """Largest size of this process so far; ``getrusage`` would count its parent's before it."""
    status = Path("/proc/self/status").read_text(encoding="utf8")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


def recall(catalogue: Catalogue, queries: list[Vectors]) -> float:
    """Share of the ten rows nearest to any vector of a query that a search compares in full."""
    if catalogue.is_scanned or catalogue.cells is None:
        return 1.0
    starts = np.cumsum([0, *map(len, queries)])[:-1]
    together = np.concatenate(queries).T
    cosines, rows, first = [], [], 0
    for part in catalogue.parts:
        vectors = part.segment.vectors
        for at in range(0, len(vectors), 65_536):
            block = floats(vectors[at : at + 65_536]) @ together
            block = np.maximum.reduceat(block, starts, axis=1)
            best = np.argsort(-block, axis=0)[:NEIGHBOURS]  # a part may have fewer
            cosines.append(np.take_along_axis(block, best, 0))
            rows.append(best + first + at)
        first += len(vectors)
    cosines, rows = np.concatenate(cosines), np.concatenate(rows)
    nearest = np.take_along_axis(rows, np.argsort(-cosines, axis=0)[:NEIGHBOURS], 0)
    sizes = [len(part.segment.vectors) for part in catalogue.parts]
    firsts = np.cumsum([0, *sizes])
    found = []
    for n, query in enumerate(queries):
        compared = zip(firsts, compared_rows(query, catalogue, NUMPY), strict=False)
        found.append(np.isin(nearest[:, n], np.concatenate([f + own for f, own in compared])))
    return float(np.mean(found))


def kill(times: int) -> dict[str, float]:
    """Kill a process at random moments while it adds; each time the index holds whole batches."""
    rng, encoder, count = random.Random(5), load_encoder(), 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "killed.index"
        Index.create(folder, encoder).close()
        for _ in range(times):
            asked, told = os.pipe()
            child = os.fork()
            if not child:
                add_boats(folder, encoder, told)
                os._exit(1)
            for _ in range(rng.randrange(4 * BATCH)):
                os.read(asked, 1)
            time.sleep(rng.uniform(0, 0.2))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(asked)
            os.close(told)
            with Index.open(folder, encoder) as index:
                ids = [article.id for article in index]
                faults = index.verify()
                segments = len(index.catalogue().parts)
            if ids != [str(n) for n in range(len(ids))] or len(ids) < count or len(ids) % BATCH:
                faults.append(f"{len(ids)} articles after {count}")
            if faults:
                raise SystemExit("\n".join(faults))
            count = len(ids)
    return {"kills": times, "articles": count, "segments": segments}


def add_boats(folder: Path, encoder: Encoder, told: int) -> None:
    """Add numbered articles until the process is killed; write a byte when one is asked for."""

    def boats(first: int) -> Iterator[Article]:
        for n in range(first, first + 1_000_000):
            os.write(told, b".")
            yield Article.from_text(f"Boat {n} of the fleet left pier {n * 7} at noon.", id=str(n))

    with Index.open(folder, encoder) as index:
        index.add(boats(len(index)))


CRAWL = click.argument("crawl", type=click.Path(exists=True, path_type=Path))
READ = click.option("--read", type=int, help="Use so many of the crawl's articles only.")


@click.group()
def main() -> None:
    """Measure an index."""


@main.command("add")
@CRAWL
@click.option("--articles", "count", default=6_000, show_default=True)
@click.option("--workers", default=1, show_default=True)
def only_add(crawl: Path, count: int, workers: int) -> None:
    """Read a crawl's first articles and add them to a new index, as ``detector index add`` does."""
    read = (item for item in read_articles([crawl]) if isinstance(item, Article))
    with tempfile.TemporaryDirectory() as name, Index.create(Path(name) / "new.index") as index:
        start, cpu = time.perf_counter(), all_cpu_seconds()
        added = index.add(islice(read, count), workers=workers).added
        taken = time.perf_counter() - start
    told(
        {
            "articles": added,
            "per_second": added / taken,
            "per_cpu_second": added / (all_cpu_seconds() - cpu),
        }
    )


def all_cpu_seconds() -> float:
    """CPU time of this process and of the workers that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@main.command("grow")
@CRAWL
@click.option("--articles", "count", default=43_771, show_default=True)
@READ
@click.option("--mix-fingerprints", "mix", is_flag=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the index here; grow it.")
def grow(crawl: Path, count: int, read: int | None, mix: bool, folder: Path | None) -> None:
    """Build an index of so many articles, and search it in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = folder or Path(name) / "grown.index"
        measured = build(folder, _read(crawl, read), count, mix)
        told(measured)
        again = ["search", str(crawl), str(folder), "--read", str(min(count, 2_000))]
        done = subprocess.run(
            [sys.executable, __file__, *again], capture_output=True, text=True, check=True
        )
        told(measured | json.loads(done.stdout.splitlines()[-1]))


@main.command("search")
@CRAWL
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@READ
def only_search(crawl: Path, folder: Path, read: int | None) -> None:
    """Open and search an index that ``grow`` kept."""
    told(search(folder, _read(crawl, read)))


@main.command("kill")
@click.option("--times", default=100, show_default=True)
@click.option("--seal", type=int, help="Make segments of so many articles already.")
def only_kill(times: int, seal: int | None) -> None:
    """Kill processes at random moments while they add."""
    if seal:  # so that more of the moments fall into making and merging segments
        detector.index.SEAL = seal
        detector.catalogue.MERGE_SIZES = (3 * seal, 9 * seal)
    told(kill(times))


def told(measured: dict[str, float]) -> None:
    for name, value in measured.items():
        click.echo(f"{name:22} {value:,.2f}")
    click.echo(json.dumps(measured))


def _read(crawl: Path, most: int | None) -> list[Article]:
    found = (item for item in read_articles([crawl]) if isinstance(item, Article))
    return list(islice(found, most))


if __name__ == "__main__":
    main()
