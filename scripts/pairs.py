"""Labelled pairs of articles to train and measure on, read from the fixtures and ``shared/data``.

Every pair says what it is, which group it must stay in when data is split (its source or event),
and where it comes from, so that results can be told apart by origin and by generator.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from zlib import crc32

from benchmarks.pan13 import Corpus

from detector.alignment import Aligner
from detector.article import Article, joined
from detector.candidates import find_candidates
from detector.index import Index

DERIVED = ("copy", "spun", "rewrite", "summary", "headline-only", "mosaic")
HONEST = ("same-event", "none")
# Two texts made from one source that is not at hand: neither honest nor source and copy.
SIBLING = "sibling"
REWORDED = {"rewrite", "spun", "summary"}
# What the generators of the rewriting sets did, in our words.
METHODS = {
    "open_ended": "headline-only",
    "paraphrase": "rewrite",
    "rewrite": "rewrite",
    "paraphrase_polish_human": "rewrite",
    "paraphrase_back_translation_human": "rewrite",
    "paraphrase_dipper_human": "rewrite",
    "perturbation_word_human": "spun",
    "perturbation_character_human": "copy",
    "perturbation_sent_human": "copy",
}
# What the corpus of web pages calls its kinds of reuse; shuffled words are no kind of ours.
PAN_RELATIONS = {
    "none": "copy", "translation": "rewrite", "summary": "summary", "unrelated": "none",
}  # fmt: skip
# As long as a web page's reused passages are.
PAN_BEGINNING = 800
# Crawled neighbours that share a run this long may be copies of each other: no honest pair.
HONEST_RUN = 12
# Folders of further texts below the fixtures, and all sets of articles written by hand.
FURTHER = ("inventions", "farms", "nameless")
WRITTEN = ("fixtures", "derivatives", *FURTHER)
# Pairs of fewer words hold too little of anything to learn from.
FEWEST_WORDS = 40


@dataclass(frozen=True, slots=True)
class Pair:
    """An article, a source or candidate, and what is known about the two.

    Attributes:
        origin: data set, and generator where there is one.
        relation: one of ``DERIVED`` or ``HONEST``.
        group: pairs of one group are never split between training and test.
        hidden: ids of sources that the index is to be without, as if nobody had crawled them.
    """

    origin: str
    relation: str
    group: str
    article: Article
    source: Article
    hidden: frozenset[str] = frozenset()


def lines(path: Path) -> list[dict]:
    """Read a JSONL file, compressed or not."""
    content = path.read_bytes()
    plain = gzip.decompress(content) if path.suffix == ".gz" else content
    return [json.loads(line) for line in plain.splitlines()]


def article(record: dict, *, titled: bool = True) -> Article:
    """Make an article from a record of any of the data sets."""
    return Article.from_text(
        record["text"],
        id=record["id"],
        title=record.get("title") if titled else None,
        url=record.get("url"),
        site=record.get("site") or record.get("outlet"),
        published=record.get("published") or record.get("date"),
    )


def labelled_pairs(folder: Path, origin: str, index: Index) -> Iterator[Pair]:
    """Yield the pairs of a folder in our own schema, and each text with the nearest others."""
    sources = {record["id"]: article(record) for record in lines(folder / "sources.jsonl")}
    index.add(sources.values())
    for record in lines(folder / "labelled.jsonl"):
        own = record["sources"] or record["related"]
        text = article(record)
        if own:
            group = f"{origin}:{own[0]}"
            source = joined([sources[id] for id in own])
            yield Pair(origin, record["relation"], group, text, source)
        known = set(record["sources"]) | set(record["related"])
        others = [c.source for c in find_candidates(text, index) if c.source.id not in known]
        for other in others[:2]:
            if own or record["relation"] == "none":
                yield Pair(f"{origin}-other", "none", f"{origin}:{other.id}", text, other)
        if len(others) > 1:
            group = f"{origin}:{others[0].id}"
            yield Pair(f"{origin}-joined", "none", group, text, joined(others[:2]))


def rewriting_pairs(folder: Path, name: str, index: Index) -> Iterator[Pair]:
    """Yield machine rewrites with their sources, and some with the nearest other source."""
    sources = {r["id"]: article(r) for r in lines(folder / f"{name}_sources.jsonl.gz")}
    index.add(sources.values())
    for n, record in enumerate(lines(folder / f"{name}.jsonl.gz")):
        text, own = article(record), record["source_id"]
        origin = ":".join(filter(None, (name, record["method"], record.get("generator"))))
        yield Pair(origin, METHODS[record["method"]], f"{name}:{own}", text, sources[own])
        if name == "xsum_attacks" and n % 3 == 0:  # sources of the other set repeat one another
            others = (c.source for c in find_candidates(text, index) if c.source.id != own)
            for other in list(others)[:1]:
                yield Pair(f"{name}-other", "none", f"{name}:{other.id}", text, other)


def sibling_pairs(records: list[dict], origin: str, *, most: int) -> Iterator[Pair]:
    """Yield pairs of texts that were reworded from one source, each from another hand.

    Args:
        records: with ``source_id``, ``kind`` (one of ours), and ``hand`` (method or generator).
        origin: data set.
        most: at most this many pairs a source.
    """
    own: dict[str, list[dict]] = {}
    for record in records:
        if record["kind"] in REWORDED:
            own.setdefault(record["source_id"], []).append(record)
    for source, family in own.items():
        pairs = [(a, b) for a in family for b in family if a["hand"] != b["hand"]]
        for a, b in pairs[:: max(1, len(pairs) // most)][:most]:
            hidden = frozenset({source})
            group = f"{origin}:{source}"
            yield Pair(f"{origin}-siblings", SIBLING, group, article(a), article(b), hidden)


def siblings(shared: Path, fixtures: Path) -> Iterator[Pair]:
    """Yield sibling pairs of every set that has several texts of one source."""
    for origin, folder in written(shared, fixtures).items():
        records = [
            {**r, "source_id": r["sources"][0], "kind": r["relation"], "hand": r["id"]}
            for r in lines(folder / "labelled.jsonl")
            if len(r["sources"]) == 1
        ]
        yield from sibling_pairs(records, origin, most=6)
    for name in ("llm_rewrites", "xsum_attacks"):
        records = [
            {**r, "kind": METHODS[r["method"]], "hand": r["method"] + (r.get("generator") or "")}
            for r in lines(shared / "data" / "derivation" / f"{name}.jsonl.gz")
        ]
        yield from sibling_pairs(records, name, most=2)


def same_event_pairs(file: Path) -> Iterator[Pair]:
    """Yield every ordered pair of honest reports of one event."""
    records = lines(file)
    for a in records:
        for b in records:
            if a["event"] == b["event"] and a["id"] != b["id"]:
                pair = Pair(
                    "triples", "same-event", f"triples:{a['event']}", article(a), article(b)
                )
                yield replace(pair, hidden=unseen_siblings(a, records))


def unseen_siblings(record: dict, records: list[dict]) -> frozenset[str]:
    """Return, for every other event, the ids of its reports: an index seldom holds them all."""
    if crc32(record["event"].encode()) % 2:
        return frozenset()
    return frozenset(r["id"] for r in records if r["event"] == record["event"])


def woven_reports(file: Path) -> Iterator[Pair]:
    """Yield every honest report with the other reports of its event taken as one source."""
    records = lines(file)
    for own in records:
        others = [
            article(r) for r in records if r["event"] == own["event"] and r["id"] != own["id"]
        ]
        group = f"triples:{own['event']}"
        if len(others) > 1:
            pair = Pair("triples-joined", "same-event", group, article(own), joined(others))
            yield replace(pair, hidden=unseen_siblings(own, records))


def diluted_rewrites(folder: Path) -> Iterator[Pair]:
    """Yield rewrites whose facts are thinned out with what a model made up around the headline.

    Farms stretch a source like this; the rewriting set has both kinds of text for each source.
    """
    sources = {r["id"]: article(r) for r in lines(folder / "llm_rewrites_sources.jsonl.gz")}
    padding: dict[str, list[dict]] = {}
    rewrites: dict[str, list[dict]] = {}
    for record in lines(folder / "llm_rewrites.jsonl.gz"):
        kind = padding if record["method"] == "open_ended" else rewrites
        if kind is padding or record["generator"].startswith("chatgpt"):
            kind.setdefault(record["source_id"], []).append(record)
    for own, records in rewrites.items():
        for record, invented in zip(records, padding.get(own, []), strict=False):
            text = diluted(article(record), article(invented))
            yield Pair("diluted", "rewrite", f"llm_rewrites:{own}", text, sources[own])


def diluted_reports(file: Path, index: Index) -> Iterator[Pair]:
    """Yield honest reports of one event, thinned out with the nearest report of another event."""
    records = {record["id"]: record for record in lines(file)}
    articles = {id: article(record) for id, record in records.items()}
    index.add(articles.values())
    for id, record in records.items():
        event = record["event"]
        near = [c.source for c in find_candidates(articles[id], index)]
        padding = next((a for a in near if records[a.id]["event"] != event), None)
        others = [a for a in articles.values() if records[a.id]["event"] == event and a.id != id]
        if padding and others:
            text = diluted(articles[id], padding)
            yield Pair("diluted", "same-event", f"triples:{event}", text, others[0])


def diluted(text: Article, padding: Article) -> Article:
    """Keep every other sentence of a text and follow each with one of the padding."""
    kept = [sentence.text for sentence in text.sentences[::2]]
    filler = [sentence.text for sentence in padding.sentences]
    mixed = [part for pair in zip_longest(kept, filler[: 2 * len(kept)]) for part in pair if part]
    return replace(text, text="\n".join(mixed), id=f"{text.id}+{padding.id}")


def crawled_neighbours(index: Index, aligner: Aligner, *, articles: int) -> Iterator[Pair]:
    """Yield crawled articles with their nearest neighbours of other sites, no long run shared.

    Two texts of one site are often an update, or one template filled twice: neither honest
    independence nor theft.
    """
    numbers = index.numbers()
    for number in numbers[:: max(1, len(numbers) // articles)]:
        text = index.article(int(number))
        for candidate in find_candidates(text, index)[:4]:
            if candidate.source.site == text.site:
                continue
            if aligner.align(text, candidate.source).longest_run < HONEST_RUN:
                yield Pair("crawl", "none", f"crawl:{text.id}", text, candidate.source)


def cut_passages(archive: Path, *, most: int) -> Iterator[Pair]:
    """Yield reused passages of web pages with their sources, and unrelated pages' beginnings."""
    corpus = Corpus.read(archive)
    for kind, relation in PAN_RELATIONS.items():
        own = [pair for pair in corpus.pairs if pair.kind == kind]
        for pair in own[:: max(1, len(own) // most)]:
            here, there = corpus.texts[pair.suspicious], corpus.texts[pair.source]
            if relation != "none" and not pair.cases:
                continue  # most pairs of the summary kind hold no summary
            cut = pair.cases[0].here.of(here) if pair.cases else here[:PAN_BEGINNING]
            text = Article.from_text(cut, id=f"{pair.suspicious}-0")
            source = Article.from_text(there, id=pair.source)
            yield Pair(f"pan13:{kind}", relation, f"pan13:{pair.source}", text, source)


def written(shared: Path, fixtures: Path) -> dict[str, Path]:
    """Return the folders of articles written by hand, in our own schema, by their origin."""
    folders = {"fixtures": fixtures, "derivatives": shared / "data" / "derivatives"}
    return folders | {name: fixtures / name for name in FURTHER}


def background(shared: Path, fixtures: Path) -> Iterator[Article]:
    """Yield every source of the labelled sets, to stand in one index with the crawl."""
    data = shared / "data"
    for folder in written(shared, fixtures).values():
        yield from map(article, lines(folder / "sources.jsonl"))
    for name in ("llm_rewrites", "xsum_attacks"):
        yield from map(article, lines(data / "derivation" / f"{name}_sources.jsonl.gz"))
    yield from map(article, lines(data / "same_event" / "triples.jsonl.gz"))


def all_pairs(shared: Path, fixtures: Path, crawl: Index, aligner: Aligner) -> Iterator[Pair]:
    """Yield everything there is to train on, short texts left out."""
    data, encoder = shared / "data", crawl.encoder
    parts = [
        *(
            labelled_pairs(folder, origin, Index.in_memory(encoder))
            for origin, folder in written(shared, fixtures).items()
        ),
        rewriting_pairs(data / "derivation", "llm_rewrites", Index.in_memory(encoder)),
        rewriting_pairs(data / "derivation", "xsum_attacks", Index.in_memory(encoder)),
        diluted_rewrites(data / "derivation"),
        same_event_pairs(data / "same_event" / "triples.jsonl.gz"),
        woven_reports(data / "same_event" / "triples.jsonl.gz"),
        diluted_reports(data / "same_event" / "triples.jsonl.gz", Index.in_memory(encoder)),
        crawled_neighbours(crawl, aligner, articles=5_000),
        siblings(shared, fixtures),
        cut_passages(data / "alignment" / "pan13_train.tar.gz", most=250),
    ]
    for part in parts:
        for pair in part:
            if min(pair.article.words, pair.source.words) >= FEWEST_WORDS:
                yield pair
