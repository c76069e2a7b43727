"""Rewritten texts in which some details stand in the place of others of the same source."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from detail_rows import Row, derivatives, hits, labelled_folders

from detector.alignment import Aligner
from detector.article import Article, Span
from detector.evaluation import Labelled
from detector.evaluation.labels import Mark
from detector.evidence.fabrication.case import NAMES, Case
from detector.evidence.fabrication.counterparts import pair_up, sorted_out
from detector.evidence.fabrication.details import SMALL
from detector.evidence.fabrication.roles import roles
from detector.evidence.fabrication.times import grain
from detector.facts import Fact, NameIndex, facts

# Copies made of each text, and sentences for each detail that is exchanged in one: most details of
# a text are right in life too.
COPIES, SENTENCES_A_DETAIL = 3, 6
KINDS = NAMES | {"number", "date"}
# Longer rewrites drift away from their source.
MOST_WORDS = 900
# What machines wrote from a headline has other names than the source.
FREE = "open_ended"


def swapped_rows(shared: Path, aligner: Aligner) -> Iterator[Row]:
    """Yield the details of machine rewrites, and of copies of all texts with some of them swapped.

    Args:
        shared: the folder of labelled data.
        aligner: prepares the texts.
    """
    order = Random(0)
    for folder, origin in labelled_folders(shared):
        seen: set[str] = set()
        for item, sources in derivatives(folder):
            yield from _of_copies(item, sources, origin, aligner, order)
            if sources[0].id not in seen:  # a copy, but for its names
                seen.add(sources[0].id)
                copy = replace(item, article=sources[0], fabrications=(), plugs=())
                yield from _of_copies(copy, sources[:1], origin, aligner, order)
    for item, source in rewrites(shared / "data" / "derivation"):
        yield from _rows(item, [source], "rewrites", aligner)
        yield from _of_copies(item, [source], "rewrites", aligner, order)


def rewrites(folder: Path) -> Iterator[tuple[Labelled, Article]]:
    """Yield machine rewrites of news with their sources."""
    with gzip.open(folder / "llm_rewrites_sources.jsonl.gz", "rt", encoding="utf8") as lines:
        told = map(json.loads, lines)
        sources = {r["id"]: Article.from_text(r["text"], id=r["id"]) for r in told}
    with gzip.open(folder / "llm_rewrites.jsonl.gz", "rt", encoding="utf8") as lines:
        for record in map(json.loads, lines):
            if record["method"] != FREE and len(record["text"].split()) <= MOST_WORDS:
                article = Article.from_text(record["text"], id=record["id"])
                source = sources[record["source_id"]]
                yield Labelled(article, "rewrite", (source.id,), fabrications=()), source


def _of_copies(
    item: Labelled, sources: Sequence[Article], origin: str, aligner: Aligner, order: Random
) -> Iterator[Row]:
    for n in range(COPIES):
        copy = swapped(item, sources, order, f"swapped-{n}")
        if copy:
            yield from _rows(copy, sources, origin, aligner, is_made=True)


def _rows(
    item: Labelled,
    sources: Sequence[Article],
    origin: str,
    aligner: Aligner,
    *,
    is_made: bool = False,
) -> Iterator[Row]:
    case = Case(aligner.prepare(item.article), [aligner.prepare(s) for s in sources], aligner)
    sorts = sorted_out(case)
    apart = [fact.span for fact in case.article.facts if fact.kind == "dateline"]
    for doubt in roles(case, sorts, pair_up(case, sorts), apart):
        yield Row(origin, item, doubt, hits(item, doubt), is_made=is_made)


def swapped(
    item: Labelled, sources: Sequence[Article], order: Random, name: str
) -> Labelled | None:
    """Return a copy with details of the sources in the place of others; None if none can be."""
    article, text, marks, last = item.article, "", [], 0
    for fact, other in sorted(_exchanged(article, sources, order), key=lambda pair: pair[0].start):
        text += article.text[last : fact.start]
        kind = "org" if fact.kind == "name" else fact.kind
        marks.append(Mark(Span(len(text), len(text) + len(other)), kind, "contradicted"))
        text += other
        last = fact.end
    if not marks:
        return None
    copy = replace(article, text=text + article.text[last:], id=f"{article.id}-{name}")
    return replace(item, article=copy, fabrications=tuple(marks), plugs=())


def _exchanged(
    article: Article, sources: Sequence[Article], order: Random
) -> list[tuple[Fact, str]]:
    """Choose some details of the sources, each with the words of another of its kind."""
    known = [fact for source in sources for fact in facts(source) if fact.kind in KINDS]
    index, values = NameIndex(known), {fact.value: fact for fact in known}
    sentences, own = article.sentences, facts(article)
    found = [
        (fact, same, n)
        for n, sentence in enumerate(sentences)
        for fact in own
        if not sentence.is_heading and sentence.start <= fact.start < sentence.end
        if fact.kind in KINDS
        if (same := index.find(fact) if fact.kind in NAMES else values.get(fact.value))
    ]
    order.shuffle(found)
    chosen: list[tuple[Fact, str]] = []
    used: set[int] = set()
    for fact, same, n in found:
        beside = {other.value for _, other, m in found if m == n}
        forms = [k for k in known if k.value not in beside and _may_stand_for(k, fact, same)]
        if n not in used and forms:
            value = order.choice(sorted({form.value for form in forms}))
            texts = [form.text for form in forms if form.value == value]
            words = len(fact.text.split())  # a surname for a surname
            chosen.append((fact, min(texts, key=lambda t: (abs(len(t.split()) - words), t))))
            used.add(n)
        if len(chosen) >= max(1, len(sentences) // SENTENCES_A_DETAIL):
            break
    return chosen


def _may_stand_for(other: Fact, fact: Fact, same: Fact) -> bool:
    """Tell whether one detail can be put for another without an error of grammar."""
    if other.kind != fact.kind or same.kind != fact.kind:
        return False
    if fact.quantity and other.quantity:
        one, two = fact.quantity, other.quantity
        is_like = one.unit == two.unit and one.is_range == two.is_range and one.low != two.low
        are_digits = [any(map(str.isdigit, each.text)) for each in (fact, other)]
        is_large = bool(one.unit) or min(one.high, two.high) > SMALL
        return is_like and is_large and are_digits[0] == are_digits[1]
    if fact.moment and other.moment:
        is_like = grain(fact.moment) == grain(other.moment)
        return is_like and len(fact.value) == len(other.value) and fact.value != other.value
    if set(other.value.split()) & set(same.value.split()):
        return False
    is_plain = all(each.text.casefold() == each.value for each in (other, fact))
    return fact.kind != "place" or is_plain  # "Paris" for "London", not for "British"
