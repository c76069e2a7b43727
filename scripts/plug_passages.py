"""The texts that plugs are learned from and measured on, sentence by sentence.

Plugs and look-alikes of ``fixtures/`` are put into honest articles; chat answers come with and
without their advertisements. Nothing is split by text: plugs by their branch, chat answers by the
brand they promote, crawled articles by their site.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from detector.alignment import Aligner
from detector.article import Article, Sentence, Span
from detector.encoders import load_encoder
from detector.encoders.static import unit
from detector.evidence.plugs.signals import Reading, read
from detector.models import load_rarity
from detector.terms import TermExtractor

FIXTURES = Path(__file__).parent.parent / "fixtures"
# Stories and what was made of them, without any plug.
RETOLD = ("inventions", "farms")
# Sites whose number is below this train, the others measure.
TRAINING_SITES = 6
# Chat answers whose advertised brand has a number from this on (of 10) only measure.
MEASURED_BRANDS = 7
CARRIERS = 3_000
# Crawled articles that are only read as they are.
HONEST = 6_000
# Each plug stands in this many articles, each look-alike in fewer.
PLACINGS, LOOKALIKE_PLACINGS = 8, 5
# A plug of every other placing goes into the nearest of so many articles: farms match the subject.
CHOICE = 60
# Shorter texts carry no plug between their sentences.
SHORTEST, LONGEST = 120, 1_500


@dataclass(frozen=True)
class Text:
    """An article whose plugs are known.

    Attributes:
        origin: plugs, lookalikes, crawl, chat, fixtures, or retold.
        group: what may not be split.
        article: the text.
        plugs: where the plugs are.
        voice: in which a plug is written, or what a look-alike is.
        advertiser: of a chat answer, with its advertisement or without; what answers are learned
            from and measured on apart.
    """

    origin: str
    group: str
    article: Article
    plugs: tuple[Span, ...] = ()
    voice: str = ""
    advertiser: str = ""

    def truth(self, sentence: Sentence) -> bool:
        """Tell whether a sentence is at least half a plug."""
        shared = sum(
            max(0, min(sentence.end, plug.end) - max(sentence.start, plug.start))
            for plug in self.plugs
        )
        return 2 * shared >= sentence.span.length


def number_of(name: str, parts: int = 10) -> int:
    return crc32(name.encode("utf8")) % parts


def lines(path: Path) -> list[dict]:
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf8")
    return [json.loads(line) for line in text.split("\n") if line]


def crawled(shared: Path, *, training: bool) -> Iterator[Article]:
    """Yield crawled articles of the sites that train, or of those that measure, well mixed."""
    records = lines(shared / "data" / "crawl" / "crawl_2015.jsonl.gz")
    random.Random(5).shuffle(records)
    for record in records:
        if (number_of(record["site"]) < TRAINING_SITES) == training:
            text = record["text"]
            if len(text.split()) >= SHORTEST:
                yield Article.from_text(
                    text, id=record["id"], title=record["title"], site=record["site"]
                )


def carriers(shared: Path) -> list[Article]:
    """Return honest articles: the fixtures' and crawled ones of the training sites."""
    own = [*lines(FIXTURES / "sources.jsonl"), *lines(FIXTURES / "labelled.jsonl")]
    honest = [r for r in own if r.get("relation", "none") in {"none", "same-event"}]
    articles = [
        Article.from_text(r["text"], id=r["id"], title=r["title"], site=r["site"]) for r in honest
    ]
    for article in crawled(shared, training=True):
        if article.words <= LONGEST:
            articles.append(article)
        if len(articles) == CARRIERS:
            break
    return articles


class Placer:
    """Puts passages into articles, at sensible places."""

    def __init__(self, articles: Sequence[Article], aligner: Aligner) -> None:
        self.articles = articles
        self.aligner = aligner
        self.subjects = unit(
            np.stack([aligner.prepare(article).vectors.sum(axis=0) for article in articles])
        )
        self.random = random.Random(11)

    def placed(self, passage: dict, times: int) -> Iterator[tuple[Article, int]]:
        """Yield articles with a passage put in, and where it stands in each."""
        (vector,) = self.aligner.encoder.encode([passage["text"]])
        for n in range(times):
            chosen = self.random.sample(range(len(self.articles)), CHOICE if n % 2 else 1)
            nearest = chosen[int((self.subjects[chosen] @ vector).argmax())]
            article = self.articles[nearest]
            yield self._put(article, passage["text"], vector, nearest=n % 4 == 1)

    def _put(
        self, article: Article, text: str, vector: NDArray, *, nearest: bool
    ) -> tuple[Article, int]:
        prepared = self.aligner.prepare(article)
        body = prepared.body
        after = self.random.choice([int(n) for n in body[1:]] or [int(body[-1])])
        if nearest:
            after = int(body[int((prepared.vectors[body] @ vector).argmax())])
        cut = prepared.sentences[after].end
        before, rest = article.text[:cut].rstrip(), article.text[cut:].lstrip(" ")
        glue = self.random.choice(["\n", " ", " "])
        behind = "" if rest.startswith("\n") or not rest else self.random.choice(["\n", " ", " "])
        start = len(before) + len(glue)
        whole = f"{before}{glue}{text}{behind}{rest}"
        put = Article.from_text(whole, id=f"{article.id}+", title=article.title, site=article.site)
        return put, start


def written(placer: Placer) -> Iterator[Text]:
    """Yield the plugs and look-alikes of the fixtures inside of articles."""
    for record in lines(FIXTURES / "plugs.jsonl"):
        for article, start in placer.placed(record, PLACINGS):
            span = Span(start + record["start"], start + record["end"])
            yield Text("plugs", record["branch"], article, (span,), record["voice"])
    for record in lines(FIXTURES / "not_plugs.jsonl"):
        for article, _ in placer.placed(record, LOOKALIKE_PLACINGS):
            yield Text("lookalikes", record["id"], article, (), record["kind"])


def chat_answers(shared: Path, *, training: bool) -> Iterator[Text]:
    """Yield chat answers of the brands that train, or of those that measure.

    Those without an advertisement are split by their question.
    """
    records = lines(shared / "data" / "ads" / "native_ads_2024_validation.jsonl.gz")
    promoted = {_question(r): r["advertisement"] for r in records if int(r["label"])}
    for record in records:
        brand, has = record["advertisement"], int(record["label"])
        group = brand if has else record["query"]
        if (number_of(group) < MEASURED_BRANDS) != training or not record["response"].strip():
            continue
        start, end = map(int, record["span"].strip("()").split(",")) if has else (0, 0)
        article = Article.from_text(record["response"], id=record["id"])
        spans = (Span(start, end),) if has else ()
        named = promoted.get(_question(record), record["query"])
        yield Text("chat", f"chat:{group}", article, spans, advertiser=first_word(named))


def _question(record: dict) -> str:
    """Return what an answer has in common with the same one without its advertisement."""
    return record["id"].rpartition("-")[0]


def first_word(name: str) -> str:
    """Return what brands of one house have in common: "PNC Bank" and "PNC Virtual Wallet"."""
    return re.split(r"[\s/'’-]", name.casefold())[0]


def labelled(path: Path, origin: str) -> Iterator[Text]:
    """Yield the texts of a file with their plugs; originals have none, and come from nowhere."""
    for r in lines(path):
        spans = tuple(Span(p["start"], p["end"]) for p in r.get("plugs", ()))
        article = Article.from_text(r["text"], id=r["id"], title=r["title"], site=r.get("site"))
        yield Text(origin, f"{origin}:{(r.get('sources') or [r['id']])[0]}", article, spans)


def reader() -> Aligner:
    return Aligner(load_encoder(), TermExtractor(), load_rarity())


def training_texts(shared: Path, aligner: Aligner) -> Iterator[Text]:
    yield from written(Placer(carriers(shared), aligner))
    for article in islice(crawled(shared, training=True), HONEST):
        yield Text("crawl", f"crawl:{article.site}", article)
    yield from chat_answers(shared, training=True)
    yield from labelled(FIXTURES / "labelled.jsonl", "fixtures")
    for folder in RETOLD:
        for name in ("sources.jsonl", "labelled.jsonl"):
            yield from labelled(FIXTURES / folder / name, "retold")


def read_text(text: Text, aligner: Aligner) -> Reading:
    return read(aligner.prepare(text.article), aligner.rarity)
