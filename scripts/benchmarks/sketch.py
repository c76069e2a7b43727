"""Bulk sketching and near-duplicates beside datasketch, rensa, and polars with rensa.

    pip install 'derivative-detector[speed]' rensa polars
    python scripts/benchmarks/sketch.py CRAWL.jsonl.gz
    python scripts/benchmarks/sketch.py CRAWL.jsonl.gz --quick

All engines read the same articles, grown from the crawl by mixing sentences, in turns within one
run: word 5-grams, 128 permutations. Rates are articles a CPU second, and so do not depend on what
else the machine does; ours is also given by the clock with two threads. Near-duplicates are judged
against an exact join of all pairs. The last line is JSON.
"""

from __future__ import annotations

import gzip
import json
import math
import random
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np

from detector.bulk import BulkSketcher, encoded
from detector.duplicates import SPEC, THRESHOLD, near_duplicates
from detector.sketch import Sketcher

PERMUTATIONS = SPEC.permutations
WORDS = SPEC.shingle_words
TOKEN = re.compile(r"\w+")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
ROUNDS = 3
# Odd multipliers, any will do: they make the order of a shingle's words count.
_ODD = np.random.default_rng(1).integers(1, 2**63, WORDS, np.uint64) * 2 + 1
Pair = tuple[int, int]


def crawled(path: Path, most: int) -> list[str]:
    with gzip.open(path, "rt", encoding="utf8") as lines:
        texts = [json.loads(line)["text"] for _, line in zip(range(most), lines, strict=False)]
    return [text for text in texts if len(text.split()) >= 20]


def grown(texts: list[str], count: int) -> list[str]:
    """Mix sentences of pairs of articles, in any share, until there are ``count`` articles."""
    chance = random.Random(1)
    articles = texts[:count]
    while len(articles) < count:
        own, others = (SENTENCE_END.split(chance.choice(texts)) for _ in range(2))
        share = chance.random() ** 2  # half of them keep three quarters and more
        articles.append(
            " ".join(chance.choice(others) if chance.random() < share else s for s in own)
        )
    return articles


def shingles(text: str) -> list[bytes]:
    words = TOKEN.findall(text.casefold())
    count = max(1, len(words) - WORDS + 1)
    return [" ".join(words[n : n + WORDS]).encode() for n in range(count)]


def by_datasketch(texts: list[str]) -> list[object]:
    from datasketch import MinHash

    signatures = []
    for text in texts:
        signature = MinHash(num_perm=PERMUTATIONS)
        signature.update_batch(shingles(text))
        signatures.append(signature)
    return signatures


def by_rensa(texts: list[str]) -> list[object]:
    from rensa import RMinHash

    signatures = []
    for text in texts:
        words = TOKEN.findall(text.casefold())
        count = max(1, len(words) - WORDS + 1)
        signature = RMinHash(PERMUTATIONS, 42)
        signature.update([" ".join(words[n : n + WORDS]) for n in range(count)])
        signatures.append(signature)
    return signatures


def by_polars_and_rensa(texts: list[str]) -> object:
    """Tokenise and hash in polars, which takes every core; sign with rensa's flat call."""
    import polars as pl
    from rensa import RMinHash

    words = pl.col("text").str.to_lowercase().str.extract_all(r"\w+")
    table = pl.DataFrame({"text": texts}).select(words)["text"]
    hashes = table.explode().hash(seed=1).to_numpy()
    rolled = sum(hashes[k : len(hashes) - WORDS + 1 + k] * _ODD[k] for k in range(WORDS))
    lengths = np.maximum(1, table.list.len().to_numpy().astype(np.int64))
    ends = np.cumsum(lengths)
    inside = np.ones(len(hashes), bool)  # no shingle runs over the end of its article
    for k in range(1, WORDS):
        inside[np.maximum(ends - k, 0)] = False
    offsets = np.append(0, np.cumsum(np.maximum(0, lengths - WORDS + 1)))
    rolled = rolled[inside[: len(rolled)]]
    return RMinHash.digest_matrix_from_flat_token_hashes(rolled, offsets, PERMUTATIONS, 42)


def dedup_by_datasketch(texts: list[str]) -> set[Pair]:
    from datasketch import MinHashLSH

    lsh = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    found = set()
    for n, signature in enumerate(by_datasketch(texts)):
        found.update((other, n) for other in lsh.query(signature))
        lsh.insert(n, signature, check_duplication=False)
    return found


def dedup_by_rensa(texts: list[str]) -> set[Pair]:
    from rensa import RMinHashLSH

    lsh = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=16)
    found = set()
    for n, signature in enumerate(by_rensa(texts)):
        found.update((other, n) for other in lsh.query(signature))
        lsh.insert(n, signature)
    return found


def dedup_by_us(texts: list[str], workers: int = 1) -> set[Pair]:
    found = near_duplicates(texts, workers=workers)
    return {(one, other) for one, other in found.pairs.tolist()}


def true_pairs(bulk: BulkSketcher, texts: list[str]) -> set[Pair]:
    """Join all pairs exactly: two sets this alike share one of their rarest fifth of shingles."""
    hashes, bounds = bulk.hash_sets(texts)
    owner = np.repeat(np.arange(len(texts)), np.diff(bounds))
    _, where, counts = np.unique(hashes, return_inverse=True, return_counts=True)
    order = np.lexsort((hashes, counts[where], owner))
    place = np.arange(len(hashes)) - np.repeat(bounds[:-1], np.diff(bounds))
    sizes = np.diff(bounds)[owner]
    prefix = order[place < sizes - np.ceil(THRESHOLD * sizes - 1e-9) + 1]
    prefix = prefix[np.argsort(where[prefix], kind="stable")]
    starts = np.flatnonzero(np.diff(where[prefix], prepend=-1))
    pairs: set[int] = set()
    for start, stop in zip(starts, [*starts[1:], len(prefix)], strict=True):
        if stop - start > 1:
            held = np.sort(owner[prefix[start:stop]])
            first, second = np.triu_indices(len(held), 1)
            pairs.update((held[first] * len(texts) + held[second]).tolist())
    sets = np.split(hashes, bounds[1:-1])
    alike = (divmod(pair, len(texts)) for pair in sorted(pairs))
    return {(i, j) for i, j in alike if jaccard(sets[i], sets[j]) >= THRESHOLD}


def jaccard(one: np.ndarray, other: np.ndarray) -> float:
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared)


def cpu_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def clock_seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_turns(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the least CPU seconds of each; every round runs all, so that a busy spell hits all."""
    spent: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, work in works.items():
            spent[name] = min(spent.get(name, math.inf), cpu_seconds(work))
    return spent


def signing_rates(texts: list[str], few: int) -> dict[str, float]:
    """Return articles a CPU second of every engine, all of them on the same articles."""
    perms = Sketcher(SPEC).permutations
    bulk, both = (BulkSketcher(WORDS, perms, workers=n) for n in (1, 2))
    bulk.sign(texts[:2])
    part = texts[:few]
    spent = in_turns(
        {
            "datasketch": lambda: by_datasketch(part),
            "rensa": lambda: by_rensa(part),
            "polars + rensa": lambda: by_polars_and_rensa(part),
            "ours": lambda: bulk.sign(part),
        }
    )
    rates = {name: len(part) / seconds for name, seconds in spent.items()}
    rates["ours, two threads, by the clock"] = len(texts) / clock_seconds(lambda: both.sign(texts))
    data = encoded(texts).bytes
    rates["limit: one pass over the bytes"] = len(texts) / cpu_seconds(lambda: data.sum())
    return rates


def dedup(texts: list[str], few: int) -> dict[str, float]:
    """Find near-duplicates with every engine; return CPU seconds, recall, precision and memory."""
    dedup_by_us([*texts[-400:], texts[-1]])  # compiles all that is called, as signing does
    before = peak_mb()
    start = time.process_time()
    found = dedup_by_us(texts)
    ours = time.process_time() - start
    extra = peak_mb() - before
    part = texts[-few:]  # the mixed ones are at the end
    share = len(texts) / len(part)
    theirs = cpu_seconds(lambda: dedup_by_datasketch(part)) * share
    rensa = cpu_seconds(lambda: dedup_by_rensa(part)) * share
    truth = true_pairs(BulkSketcher(WORDS, Sketcher(SPEC).permutations), texts)
    click.echo(
        f"near-duplicates of {len(texts):,}: {len(truth):,} true pairs, {len(found):,} found"
    )
    click.echo(f"  CPU seconds: ours {ours:.1f}, datasketch {theirs:.1f}, rensa {rensa:.1f}")
    return {
        "dedup_vs_datasketch": theirs / ours,
        "dedup_vs_rensa": rensa / ours,
        "recall": len(found & truth) / max(1, len(truth)),
        "precision": len(found & truth) / max(1, len(found)),
        "extra_mb": extra,
    }


@click.command()
@click.argument("crawl", type=click.Path(exists=True, path_type=Path))
@click.option("--articles", default=100_000, show_default=True)
@click.option("--quick", is_flag=True, help="10,000 articles, under a minute.")
def main(crawl: Path, articles: int, quick: bool) -> None:
    """Print the rates, their ratios, and a line of JSON."""
    count = 10_000 if quick else articles
    texts = grown(crawled(crawl, count // 2), count)
    words = sum(len(text.split()) for text in texts[:1000]) / len(texts[:1000])
    click.echo(f"{count:,} articles of {words:.0f} words, {sys.version.split()[0]}")
    duplicates = dedup(texts, 2_000 if quick else len(texts))  # first: memory is a peak
    rates = signing_rates(texts[: min(count, 20_000)], 1_000 if quick else 4_000)
    for engine, rate in rates.items():
        click.echo(f"  {engine:34} {rate:12,.0f} articles a second")
    measured = {
        f"vs_{name.replace(' + ', '_')}": rates["ours"] / rates[name]
        for name in ("datasketch", "rensa", "polars + rensa")
    }
    measured |= duplicates
    click.echo(json.dumps({name: round(value, 4) for name, value in measured.items()}))


if __name__ == "__main__":
    main()
