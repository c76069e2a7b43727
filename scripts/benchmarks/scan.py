"""A crawl scanned against itself, beside datasketch's default on the same articles.

    pip install 'derivative-detector[speed]' datasketch
    python scripts/benchmarks/scan.py CRAWL.jsonl.gz --sizes 1000,2000,4000
    python scripts/benchmarks/scan.py CRAWL.jsonl.gz --quick

For each size, as many articles, evenly spread over the crawl, are given to ``detector scan --self``
in a process of its own, then signed and deduplicated by datasketch (128 permutations, word
5-grams, threshold .8) in this one: as its first example does, shingle by shingle, and by its
``update_batch``, some six times as fast. ``ratio`` and ``ratio_to_batch`` are multiples of these.
Seconds are CPU seconds, of all worker processes together, and so do not depend on what else the
machine does. ``wall_ratio`` is clock time of the scan over that of the first example: what a user
with ``--workers`` sees. ``growth`` is what four times the articles cost, as a multiple, between the
smallest and the largest size. ``--stages`` says what the time of a scan goes to. The last line is
JSON.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from math import log
from pathlib import Path
from typing import Any

import click

TOKEN = re.compile(r"\w+")
PERMUTATIONS = 128
SHINGLE_WORDS = 5
THRESHOLD = 0.8
QUICK = "200,400"
# What ``Detector.examine`` consists of: class or module, and function.
STAGES = (
    ("detector.fingerprint", "Fingerprinter.fingerprint"),
    ("detector.boilerplate", "SourceBoilerplate.mark"),
    ("detector.pipeline", "find_likely"),
    ("detector.alignment", "Aligner.align"),
    ("detector.pipeline", "gather"),
    ("detector.pipeline", "judge"),
    ("detector.pipeline", "Detector._plugs"),
    ("detector.pipeline", "Detector._fabrications"),
    ("detector.pipeline", "Detector._style"),
    ("detector.report", "Report.to_dict"),
)


def chosen(lines: list[str], count: int) -> list[str]:
    """Return some lines, evenly spread."""
    return [lines[n * len(lines) // count] for n in range(count)]


def scanned(lines: list[str], workers: int) -> dict[str, float]:
    """Scan articles against themselves; return CPU and clock seconds and the peak in MB."""
    with tempfile.TemporaryDirectory() as folder:
        crawl = Path(folder, "crawl.jsonl")
        crawl.write_text("".join(lines), encoding="utf8")
        command = [sys.executable, "-m", "detector", "scan", str(crawl), "--self", "--quiet"]
        command += ["--workers", str(workers), "-o", str(Path(folder, "found.jsonl"))]
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        subprocess.run(command, check=True)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return {
            "scan_cpu_s": round(
                used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime, 2
            ),
            "scan_wall_s": round(time.monotonic() - start, 2),
            "largest_process_mb": round(used.ru_maxrss / 1024),
        }


def deduplicated(lines: list[str], *, batch: bool) -> tuple[float, float]:
    """Sign and deduplicate texts as datasketch's documentation does; return CPU and clock seconds.

    Args:
        lines: the articles.
        batch: give it all shingles of a text at once; else one by one, as its first example does.
    """
    from datasketch import MinHash, MinHashLSH

    texts = [json.loads(line)["text"] for line in lines]
    start, clock = time.process_time(), time.monotonic()
    lsh = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    for number, text in enumerate(texts):
        words = TOKEN.findall(text.lower())
        last = max(1, len(words) - SHINGLE_WORDS + 1)
        shingles = {" ".join(words[n : n + SHINGLE_WORDS]).encode() for n in range(last)}
        signature = MinHash(num_perm=PERMUTATIONS)
        if batch:
            signature.update_batch(shingles)
        else:
            for shingle in shingles:
                signature.update(shingle)
        lsh.query(signature)
        lsh.insert(number, signature)
    return time.process_time() - start, time.monotonic() - clock


def stages(lines: list[str]) -> None:
    """Print the CPU milliseconds an article that each stage of a scan takes, without its parts."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import importlib

    from detector.pipeline import Detector
    from detector.readers import read_articles
    from detector.scan import scan

    spent: dict[str, float] = defaultdict(float)
    inner = [0.0]

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: object, **named: object) -> object:
            outer, inner[0], start = inner[0], 0.0, time.process_time()
            try:
                return function(*args, **named)
            finally:
                whole = time.process_time() - start
                spent[name] += whole - inner[0]
                inner[0] = outer + whole

        return run

    with tempfile.TemporaryDirectory() as folder:
        crawl = Path(folder, "crawl.jsonl")
        crawl.write_text("".join(lines), encoding="utf8")
        start = time.process_time()
        articles = list(read_articles(crawl))
        detector = Detector.from_sources(article for article in articles)
    spent["reading and indexing"] = time.process_time() - start
    for module, path in STAGES:
        *holder, name = path.split(".")
        owner = importlib.import_module(module)
        owner = getattr(owner, holder[0]) if holder else owner
        setattr(owner, name, timed(path, getattr(owner, name)))
    start = time.process_time()
    for report in scan(articles, detector, earlier_only=True):
        json.dumps(report.to_dict())
    spent["the rest"] = time.process_time() - start - inner[0]
    for name, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        click.echo(f"{1000 * seconds / len(lines):8.2f} ms  {name}")


@click.command()
@click.argument("crawl", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sizes", default="1000,2000,4000", show_default=True, help="Numbers of articles.")
@click.option("--workers", default=2, show_default=True)
@click.option("--stages", "by_stage", type=int, help="Say where the time of so many goes.")
@click.option("--quick", is_flag=True, help=f"The sizes {QUICK}: for a first look.")
def main(crawl: Path, sizes: str, workers: int, by_stage: int | None, *, quick: bool) -> None:
    """Scan a crawl against itself, beside datasketch."""
    with gzip.open(crawl, "rt", encoding="utf8") as file:
        lines = list(file)
    if by_stage:
        stages(chosen(lines, by_stage))
        return
    rows = []
    for size in map(int, (QUICK if quick else sizes).split(",")):
        some = chosen(lines, min(size, len(lines)))
        row = {"articles": len(some), **scanned(some, workers)}
        single, clock = deduplicated(some, batch=False)
        row["datasketch_cpu_s"] = round(single, 2)
        row["ratio"] = round(row["scan_cpu_s"] / single, 1)
        row["wall_ratio"] = round(row["scan_wall_s"] / clock, 1)
        row["ratio_to_batch"] = round(row["scan_cpu_s"] / deduplicated(some, batch=True)[0], 1)
        row["ms_an_article"] = round(1000 * row["scan_cpu_s"] / len(some), 1)
        click.echo(json.dumps(row))
        rows.append(row)
    first, last = rows[0], rows[-1]
    steps = log(last["articles"] / first["articles"], 4) or 1
    growth = (last["scan_cpu_s"] / first["scan_cpu_s"]) ** (1 / steps)
    click.echo(json.dumps({**last, "growth_of_4_times": round(growth, 2)}))


if __name__ == "__main__":
    main()
