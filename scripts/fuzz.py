"""Mutated pages and records through readers and detector: no crash, no hang, bounded memory.

    python scripts/fuzz.py                    10,000 cases of seed 1
    python scripts/fuzz.py --count 500 --seed 7
    python scripts/fuzz.py --only 4711        one case again, its file kept

Each case is one file, made from pages and records of our own by a few random mutations; the same
seed and number always give the same file. Time is counted in CPU seconds of this process.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import click

from detector.article import Article
from detector.pipeline import Detector
from detector.readers import read_articles
from detector.report import Report

ROOT = Path(__file__).parent.parent
LONGEST_SECONDS = 2.0
MOST_MUTATIONS = 6
FIELDS = "text html title id url site author published date body content".split()
ODD_VALUES: tuple[object, ...] = (
    None, True, 0, -1, 1e308, 10**40, "", " ", "\0", [], {}, [["x"]], {"a": {"b": []}}, "\ud800",
    "1970-01-01T00:00:00Z", "99999-99-99", "2025-02-30", "Thu, 99 Foo 2025", "http://[::1", "//x",
    "http://" + "a" * 3_000, "x" * 100_000, "é" * 5_000, ["text"] * 500,
)  # fmt: skip
ODD_BYTES = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"<!--", b"-->", b"<![CDATA[", b"]]>",
    b"&#x110000;", b"&#0;", b"&" * 3_000, b"&lt;" * 2_000, b"<script>", b"</script", b"<style>",
    b"<svg><math><table>", b"<div>" * 3_000, b"</div>" * 500, b"<p" + b" a=1" * 500 + b">",
    b"<a href='//" + b"x" * 2_000 + b"'>y</a>", b'"' * 3_000, "“".encode() * 3_000,
    "”".encode() * 3_000, b"(" * 5_000, b"-" * 5_000, b"." * 5_000, b" " * 20_000, b"\n" * 20_000,
    b"\r" * 1_000, b"\t" * 5_000, b"9" * 20_000, b"9," * 5_000, b"1.1." * 2_000, b"A. " * 5_000,
    b"Mr. " * 5_000, b"a" * 60_000, b"aA" * 20_000, b"$1 " * 5_000, b"12 May " * 3_000,
    b"May " * 5_000, b"said Mr A " * 1_500, b"http://" * 3_000, b"www." * 5_000, b"@" * 5_000,
    b"%" * 5_000, b"the New York " * 2_000, b"he said " * 3_000, b"one hundred and " * 2_000,
    "\u202e\u200f\u00ad\u2028\ufeff".encode() * 500, "e\u0301".encode() * 4_000,
    "日本語。".encode() * 1_500, "🛶".encode() * 2_000, b"<meta charset=utf-7>",
    b"<meta charset=utf-16>", b"<?xml version='1.0' encoding='ebcdic'?>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b'<script type="application/ld+json">' + b"[" * 3_000, b'{"@graph":' * 500,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one case came to."""

    articles: int
    failures: int
    seconds: float
    fault: str | None


def examine_file(path: Path, detector: Detector) -> Outcome:
    """Read and examine what a file holds; a report that is no JSON is a fault like a crash."""
    found: Counter[bool] = Counter()
    fault = None
    start = time.process_time()
    try:
        for result in detector.examine_many(read_articles([path])):
            found[isinstance(result, Report)] += 1
            json.dumps(result.to_dict(), allow_nan=False)
            if isinstance(result, Report):
                result.text()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        fault = f"{type(error).__name__}: {str(error)[:200]}"
    seconds = time.process_time() - start
    if fault is None and seconds > LONGEST_SECONDS:
        fault = f"took {seconds:.1f} CPU seconds"
    return Outcome(found[True], found[False], seconds, fault)


def case(seed: int, number: int, articles: list[Article]) -> tuple[str, bytes]:
    """Return one case: the ending of its file's name, and the file."""
    rng = random.Random(f"{seed}/{number}")
    ending, make = rng.choice(MAKERS)
    return ending, make(rng, articles)


def page_of(article: Article) -> bytes:
    paragraphs = "".join(f"<p>{escape(line)}</p>\n" for line in article.text.splitlines())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{article.title}</title>'
        f'<link rel="canonical" href="{article.url}"><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{article.published}">'
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x"}</script>'
        f"</head><body><nav><a href='/'>Home</a></nav><article><h1>{article.title}</h1>"
        f"<p class='byline'>By {article.author}</p>{paragraphs}</article>"
        "<footer>© 2025</footer></body></html>"
    ).encode()


def record_of(article: Article) -> dict[str, object]:
    return {
        "id": article.id, "url": article.url, "site": article.site, "title": article.title,
        "published": str(article.published or ""), "text": article.text,
    }  # fmt: skip


def mutated(rng: random.Random, content: bytes, other: bytes) -> bytes:
    """Change some bytes, up to ``MOST_MUTATIONS`` times."""
    for _ in range(rng.randint(1, MOST_MUTATIONS)):
        a, b = sorted(rng.randrange(len(content) + 1) for _ in range(2))
        kind = rng.randrange(8)
        if kind == 0:
            content = content[:a]
        elif kind == 1:
            content = content[:a] + content[b:]
        elif kind == 2:
            content = content[:b] + content[a:b] * rng.randint(1, 3) + content[b:]
        elif kind == 3:
            flipped = bytes(byte ^ (1 << rng.randrange(8)) for byte in content[a : a + 20])
            content = content[:a] + flipped + content[a + 20 :]
        elif kind == 4:
            c, d = sorted(rng.randrange(len(other) + 1) for _ in range(2))
            content = content[:a] + other[c:d] + content[b:]
        else:
            content = content[:a] + rng.choice(ODD_BYTES) + content[a:]
    return content[:2_000_000]


def _page(rng: random.Random, articles: list[Article]) -> bytes:
    one, other = rng.sample(articles, 2)
    return mutated(rng, page_of(one), page_of(other))


def _records(rng: random.Random, articles: list[Article]) -> list[dict[str, object]]:
    records = [record_of(article) for article in rng.sample(articles, 2)]
    for record in records:
        for _ in range(rng.randint(0, 3)):
            record[rng.choice(FIELDS)] = rng.choice(ODD_VALUES)
        if rng.random() < 0.2:
            record.pop(rng.choice(sorted(record)))
    return records


def _lines(rng: random.Random, articles: list[Article]) -> bytes:
    content = "\n".join(json.dumps(record) for record in _records(rng, articles)).encode()
    return mutated(rng, content, page_of(articles[0])) if rng.random() < 0.5 else content


def _json(rng: random.Random, articles: list[Article]) -> bytes:
    return _lines(rng, articles).partition(b"\n")[0]


def _text(rng: random.Random, articles: list[Article]) -> bytes:
    one, other = (article.text.encode() for article in rng.sample(articles, 2))
    return mutated(rng, one, other)


def _table(rng: random.Random, articles: list[Article]) -> bytes:
    rows = [[str(value) for value in record.values()] for record in _records(rng, articles)]
    quoted = "\n".join(",".join('"' + v.replace('"', '""') + '"' for v in row) for row in rows)
    content = f"id,url,site,title,published,text\n{quoted}\n".encode("utf8", "replace")
    return mutated(rng, content, content)


def _archive(rng: random.Random, articles: list[Article]) -> bytes:
    whole = io.BytesIO()
    for article in rng.sample(articles, 2):
        page = page_of(article)
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
        whole.write(
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/"
            + f"{article.id}\r\nWARC-Date: 2025-01-01T00:00:00Z\r\n".encode()
            + f"Content-Type: application/http\r\nContent-Length: {len(answer)}\r\n\r\n".encode()
            + answer + b"\r\n\r\n"
        )  # fmt: skip
    return mutated(rng, whole.getvalue(), whole.getvalue())


def _feed(rng: random.Random, articles: list[Article]) -> bytes:
    items = "".join(
        f"<item><title>{escape(a.title or '')}</title><link>{a.url}</link>"
        f"<description>{escape(a.text[:300])}</description></item>"
        for a in rng.sample(articles, 3)
    )
    content = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()
    return mutated(rng, content, content)


def _packed(make: Callable[[random.Random, list[Article]], bytes]) -> Callable[..., bytes]:
    def packed(rng: random.Random, articles: list[Article]) -> bytes:
        content = gzip.compress(make(rng, articles), mtime=0)
        return mutated(rng, content, content) if rng.random() < 0.7 else content

    return packed


MAKERS: tuple[tuple[str, Callable[[random.Random, list[Article]], bytes]], ...] = (
    (".html", _page), (".html", _page), (".html", _page), (".jsonl", _lines), (".jsonl", _lines),
    (".json", _json), (".txt", _text), (".txt", _text), (".csv", _table), (".warc", _archive),
    (".xml", _feed), (".html.gz", _packed(_page)), (".jsonl.gz", _packed(_lines)),
)  # fmt: skip


def outcomes(
    seed: int, numbers: range, detector: Detector, articles: list[Article], folder: Path
) -> Iterator[tuple[int, Path, Outcome]]:
    """Yield number, file and outcome of each case."""
    for number in numbers:
        ending, content = case(seed, number, articles)
        path = folder / f"{number}{ending}"
        path.write_bytes(content)
        yield number, path, examine_file(path, detector)
        path.unlink()


def fixtures() -> tuple[Detector, list[Article]]:
    found = (ROOT / "fixtures" / name for name in ("sources.jsonl", "labelled.jsonl"))
    articles = [item for item in read_articles(found) if isinstance(item, Article)]
    return Detector.from_sources(articles[:19]), articles


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@click.command()
@click.option("--count", default=10_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--first", default=0, help="Begin with this case.")
@click.option("--only", type=int, help="This case alone; its file is kept.")
def main(count: int, seed: int, first: int, only: int | None) -> None:
    """Run mutated files through the detector; exit status 1 where one crashed or hung."""
    detector, articles = fixtures()
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    if only is not None:
        ending, content = case(seed, only, articles)
        path = folder / f"{only}{ending}"
        path.write_bytes(content)
        click.echo(f"{path}: {examine_file(path, detector)}")
        return
    total: Counter[str] = Counter()
    slowest: list[tuple[float, int]] = []
    early = 0.0
    for number, path, outcome in outcomes(
        seed, range(first, first + count), detector, articles, folder
    ):
        total.update(reports=outcome.articles, failures=outcome.failures)
        slowest = sorted([*slowest, (outcome.seconds, number)], reverse=True)[:5]
        if outcome.fault:
            total["faults"] += 1
            click.echo(f"case {number} ({path.suffix}): {outcome.fault}")
        if number == first + count // 10:
            early = megabytes()
        if number % 500 == 499:
            click.echo(
                f"{number + 1:,} cases, {megabytes():.0f} MB, {total['faults']} faults", err=True
            )
    click.echo(
        f"{count:,} cases of seed {seed}: {total['reports']:,} reports, {total['failures']:,} "
        f"failures, {total['faults']} faults; slowest (CPU seconds, case) "
        f"{[(round(s, 2), n) for s, n in slowest]}; at most {megabytes():.0f} MB, "
        f"{early:.0f} MB after a tenth"
    )
    raise SystemExit(1 if total["faults"] else 0)


if __name__ == "__main__":
    main()
