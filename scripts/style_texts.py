"""The texts that the model of style is learned from and measured on.

Crawled articles are split by their site: those of the first sites are only counted, those of the
next are learned from, and the last ones only measure. Web pages of ten years later are halved by
site: today's language is not that of the crawl's year. Made texts are split by their source.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from benchmarks.extraction import pages as every_page
from pairs import article, lines

from detector.article import Article, host, joined
from detector.errors import BadInput

FIXTURES = Path(__file__).parent.parent / "fixtures"
# Of ten parts of the sites: the first are counted, from ``LEARNED`` on learned from, from
# ``MEASURED`` on only measured.
LEARNED, MEASURED = 6, 8
# And of the sites of web pages.
PAGES_MEASURED = 5
# Two articles with these characters in common are one, told twice by an agency's customers.
SAME_FROM, SAME_TO = 200, 400
# What each set calls a text whose words were exchanged one by one.
SPUN = {"spun", "perturbation_word_human"}
# Texts of the rewriting sets that tell the same story as their source; one in three of the larger.
MADE = {"xsum_attacks": 1, "llm_rewrites": 3}


@dataclass(frozen=True)
class Text:
    """A text whose making is known.

    Attributes:
        origin: data set.
        kind: how it was made; "honest" for originals and crawled articles.
        group: texts of one group are never split between training and test.
        article: the text.
        source: what it was made from, where that is known.
    """

    origin: str
    kind: str
    group: str
    article: Article
    source: Article | None = None

    @property
    def is_spun(self) -> bool:
        return self.kind in SPUN


def part_of(site: str) -> int:
    return crc32(f"style {site}".encode()) % 10


def crawled(shared: Path, *, first: int, last: int) -> Iterator[Article]:
    """Yield the crawled articles of some parts of the sites, each story once."""
    seen: set[str] = set()
    path = shared / "data" / "crawl" / "crawl_2015.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf8") as records:
        for record in map(json.loads, records):
            middle = record["text"][SAME_FROM:SAME_TO]
            if first <= part_of(record["site"]) < last and middle not in seen:
                seen.add(middle)
                yield Article.from_text(
                    record["text"], id=record["id"], title=record["title"], site=record["site"]
                )


def pages(shared: Path, *, measured: bool) -> Iterator[Article]:
    """Yield the web pages that measure, or those that are learned from."""
    for page in every_page(shared / "data" / "html" / "wcxb_dev_articles.tar"):
        if (part_of(host(page.url) or page.url) >= PAGES_MEASURED) == measured:
            with suppress(BadInput):
                yield Article.from_html(page.html, url=page.url)


def labelled(folder: Path, origin: str) -> Iterator[Text]:
    """Yield the texts of a folder in our own schema, and their sources."""
    sources = {record["id"]: article(record) for record in lines(folder / "sources.jsonl")}
    for id, source in sources.items():
        yield Text(origin, "honest", f"{origin}:{id}", source)
    for record in lines(folder / "labelled.jsonl"):
        own = [sources[id] for id in record["sources"] or record["related"]]
        group = f"{origin}:{own[0].id if own else record['id']}"
        source = joined(own) if own else None
        yield Text(origin, record["relation"], group, article(record), source)


def made(shared: Path) -> Iterator[Text]:
    """Yield the machine-made texts of the rewriting sets, and the originals of one of them."""
    folder = shared / "data" / "derivation"
    for name, step in MADE.items():
        sources = {r["id"]: article(r) for r in lines(folder / f"{name}_sources.jsonl.gz")}
        if name == "xsum_attacks":
            for id, source in sources.items():
                yield Text(name, "honest", f"{name}:{id}", source)
        records = [r for r in lines(folder / f"{name}.jsonl.gz") if r["method"] != "open_ended"]
        for record in records[::step]:
            own = sources[record["source_id"]]
            yield Text(name, record["method"], f"{name}:{own.id}", article(record), own)


def training_texts(shared: Path) -> Iterator[Text]:
    """Yield everything that is learned from; ``derivatives/`` only measures."""
    yield from labelled(FIXTURES, "fixtures")
    yield from made(shared)
    for record in lines(shared / "data" / "same_event" / "triples.jsonl.gz"):
        yield Text("triples", "honest", f"triples:{record['event']}", article(record))
    for honest in crawled(shared, first=LEARNED, last=MEASURED):
        yield Text("crawl", "honest", f"crawl:{honest.site}", honest)
    for honest in pages(shared, measured=False):
        yield Text("pages", "honest", f"pages:{honest.site}", honest)
