"""Sentences beside passages, with the right answers: what the reader of models/ learns from.

Statements of fixtures/statements/ on a passage; the sentences of all labelled texts beside what
their sources have nearest to them; and sentences that are made: of machine rewrites beside a part
of their source, or with a detail in the place of another, and of honest articles beside the rest of
them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from detail_rows import Row, derivatives, labelled_folders
from left_out import LeftOut, left_out, nearest
from swapped import rewrites, swapped
from unsaid import unsaid

from detector.alignment import Aligner
from detector.alignment.similarity import similarities
from detector.article import Article, Span
from detector.encoders.static import StaticEncoder
from detector.evaluation import Labelled
from detector.evaluation.labels import Mark
from detector.evidence.fabrication.weights import CLAIM

STATEMENTS = Path(__file__).parent.parent / "fixtures" / "statements"
# What a passage has to say to a statement; what asserts nothing cannot be wrong.
CLASSES = {"supported": 0, "comment": 0, "contradicted": 1, "unsupported": 2}
# Copies of each machine rewrite with details in the place of others, and the share of its sentences
# that are read as they are.
COPIES, UNMIXED = 2, 0.12


@dataclass(frozen=True)
class Pair:
    """A sentence, the passage it is read beside, and the right answers.

    Attributes:
        passage: sentences of the sources.
        sentence: what should be borne out.
        marks: where it is not, each with its answer.
    """

    passage: str
    sentence: str
    marks: tuple[tuple[Span, int], ...] = ()

    @property
    def answer(self) -> int:
        """The answer for the whole sentence: that of its longest mark."""
        longest = max(self.marks, key=lambda mark: mark[0].end - mark[0].start, default=None)
        return longest[1] if longest else CLASSES["supported"]

    def answer_at(self, start: int, end: int) -> int:
        """Return the answer for a place in the sentence."""
        return max((a for m, a in self.marks if m.start < end and m.end > start), default=0)


def statements(encoder: StaticEncoder) -> Iterator[tuple[str, Pair]]:
    """Yield the statements on each passage, beside its sentences most like them."""
    for path in sorted(STATEMENTS.glob("*.jsonl")):
        for record in map(json.loads, path.read_text(encoding="utf8").splitlines()):
            told = [s.text for s in Article.from_text(record["passage"]).sentences]
            alike = (
                encoder.encode(told) @ encoder.encode([s["text"] for s in record["statements"]]).T
            )
            for each, column in zip(record["statements"], alike.T, strict=True):
                passage = nearest(told, column)
                wrong, start = each["span"], each["text"].find(each["span"])
                place = Span(start, start + len(wrong))
                marks = ((place, CLASSES[each["verdict"]]),) if wrong else ()
                yield record["id"], Pair(passage, each["text"], marks)


def pair_of(row: Row) -> Pair:
    """Return the sentence of a row beside what its sources have nearest to it."""
    reading = row.doubt.reading
    if reading is None:
        raise click.ClickException("a claim has nothing to be read beside")
    marks = _marks(row.item, reading.start, reading.start + len(reading.sentence))
    return Pair(reading.passage, reading.sentence, marks)


def read_rows(rows: Iterable[Row]) -> list[Row]:
    """Return one row, of a claim, for each sentence."""
    return list({row.place: row for row in rows if row.doubt.kind == CLAIM}.values())


def _marks(item: Labelled, start: int, stop: int) -> tuple[tuple[Span, int], ...]:
    """Return what is labelled in a sentence, with its place there and its answer."""
    return tuple(
        (Span(max(0, mark.span.start - start), mark.span.end - start), _answer_of(mark))
        for mark in item.fabrications or ()
        if mark.span.start < stop and mark.span.end > start
    )


def beside_a_part(
    shared: Path, aligner: Aligner, encoder: StaticEncoder
) -> Iterator[tuple[str, Pair]]:
    """Yield sentences of faithful rewrites beside parts of their sources, each with its group."""
    order = random.Random(0)
    for item, source in rewrites(shared / "data" / "derivation"):
        for each in left_out(item.article, source, aligner, encoder, order):
            yield source.id, _pair_left_out(each)
    for folder, origin in labelled_folders(shared):
        for item, sources in derivatives(folder):
            apart = [mark.span for mark in (*(item.fabrications or ()), *(item.plugs or ()))]
            if len(sources) == 1:
                for each in left_out(item.article, sources[0], aligner, encoder, order):
                    start, end = each.sentence.start, each.sentence.end
                    if not any(span.start < end and start < span.end for span in apart):
                        yield f"{origin}:{item.sources[0]}", _pair_left_out(each)


def invented(shared: Path, aligner: Aligner, encoder: StaticEncoder) -> Iterator[tuple[str, Pair]]:
    """Yield sentences that no source says, and some that it does, each with its group."""
    yield from _beside_the_rest(shared, aligner, encoder)
    yield from _mixed_up(shared, aligner)


def _beside_the_rest(
    shared: Path, aligner: Aligner, encoder: StaticEncoder
) -> Iterator[tuple[str, Pair]]:
    """Yield sentences of crawled articles beside the rest; some are labelled texts' sources."""
    lines = (shared / "data" / "derivatives" / "sources.jsonl").read_text(encoding="utf8")
    sources = {
        r.get("ref", "").rpartition(" ")[2]: r["id"] for r in map(json.loads, lines.splitlines())
    }
    for id, each in unsaid(shared, aligner, encoder):
        yield f"derivatives:{sources.get(id, '')}", _pair_left_out(each)


def _mixed_up(shared: Path, aligner: Aligner) -> Iterator[tuple[str, Pair]]:
    """Yield sentences of machine rewrites with a detail in the place of another, some without."""
    order = random.Random(0)
    for item, source in rewrites(shared / "data" / "derivation"):
        beside = aligner.prepare(source)
        texts = [sentence.text for sentence in beside.sentences]
        copies = (swapped(item, [source], order, f"swapped-{n}") for n in range(COPIES))
        for told in [item, *filter(None, copies)]:
            side = aligner.prepare(told.article)
            likeness = similarities(side, beside, aligner.rarity).sentences
            for sentence, alike in zip(side.sentences, likeness, strict=True):
                marks = _marks(told, sentence.start, sentence.end)
                if marks or (told is item and order.random() < UNMIXED):
                    yield source.id, Pair(nearest(texts, alike), sentence.text, marks)


def _pair_left_out(each: LeftOut) -> Pair:
    """Return a sentence beside what was left of its source, with the right answer."""
    start, clause = each.sentence.start, each.clause
    lacking = CLASSES["unsupported"]
    marks = ((Span(clause.start - start, clause.end - start), lacking),) if clause else ()
    return Pair(each.passage, each.sentence.text, marks)


def _answer_of(mark: Mark) -> int:
    return CLASSES[mark.verdict or "unsupported"]
