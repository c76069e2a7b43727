"""The details of all labelled texts, each with what is labelled at its place."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from random import Random

import click

from detector.alignment import Aligner
from detector.article import WORD, Article, Span
from detector.evaluation import Labelled, read_labelled
from detector.evaluation.findings import same_place
from detector.evaluation.labels import Mark
from detector.evidence.fabrication import Doubt, doubts
from detector.evidence.fabrication.weights import CLAIM, NAMES, ROLE, SIGNALS
from detector.readers import read_articles
from detector.verdict import HONEST

FOUND = SIGNALS[NAMES[0]].index("found")
FIXTURES = Path(__file__).parent.parent / "fixtures"
# Lighter copies made of each altered one: of the sentences that are alike so far, so many are put
# back to what the source has.
LIGHTER, A_COPY, PUT_BACK = 2, 0.5, 0.75
INVENTIONS, FARMS, ALTERED = FIXTURES / "inventions", FIXTURES / "farms", FIXTURES / "altered"
NEWSROOMS = FIXTURES / "newsrooms"

# An origin, an article's id, and where a sentence of it begins.
Place = tuple[str, str, int]


@dataclass(frozen=True)
class Row:
    """One detail with what is labelled at its place; made copies are learned from only."""

    origin: str
    item: Labelled
    doubt: Doubt
    hits: tuple[int, ...]
    is_made: bool = False

    @property
    def group(self) -> str:
        return self.item.sources[0]

    @property
    def place(self) -> Place:
        """Its sentence: by this the answers of a reader are found again."""
        reading = self.doubt.reading
        return self.origin, self.item.article.id, reading.start if reading else -1

    @property
    def is_clear(self) -> bool:
        """Whether it can be learned from; not a sentence of which only a detail is labelled.

        Of corrected summaries only the claims are, and of the newsrooms' texts, where hardly any
        other detail is invented. Of altered copies only sentences in which nothing is: where it is,
        a word or two are wrong.
        """
        marks = self.item.fabrications or ()
        kinds = {marks[hit].kind for hit in self.hits}
        is_claim = self.doubt.kind == CLAIM
        if self.origin == NEWSROOMS.name and not is_claim:
            return False
        if self.doubt.kind == ROLE:  # whatever is in an invented sentence stands in no role
            return self.is_made or kinds <= {"", *NAMES}
        if self.origin == "summaries":
            return is_claim
        if self.origin == "altered":
            return not (is_claim and kinds)
        return not (is_claim and kinds) or CLAIM in kinds


def derivatives(folder: Path) -> Iterator[tuple[Labelled, list[Article]]]:
    """Yield every labelled derivative of a folder with its sources."""
    sources = {a.id: a for a in read_articles([folder / "sources.jsonl"]) if isinstance(a, Article)}
    for item in read_labelled(folder / "labelled.jsonl"):
        if not isinstance(item, Labelled):
            raise click.ClickException(item.told())
        if item.fabrications is not None and item.relation not in HONEST and item.sources:
            yield item, [sources[id] for id in item.sources]


def copies(folder: Path, aligner: Aligner) -> Iterator[Row]:
    """Yield the details of altered copies, and the exchanges of lighter ones made of them.

    How much of a copy is exchanged would else tell which copies are wrong.
    """
    yield from rows(derivatives(folder), "altered", aligner)
    order = Random(0)
    lighter = [
        (lightened(item, sources[0], order, f"lighter-{n}"), sources)
        for item, sources in derivatives(folder)
        for n in range(LIGHTER)
    ]
    yield from (r for r in rows(lighter, "altered", aligner) if r.doubt.kind == "exchange")


def lightened(item: Labelled, source: Article, order: Random, name: str) -> Labelled:
    """Return a copy, by another name, most of whose sentences are again those of the source."""
    theirs = [[w.casefold() for w in WORD.findall(s.text)] for s in source.sentences]
    text, marks, last = "", [], 0
    for sentence in item.article.sentences:
        text += item.article.text[last : sentence.start]
        own = [w.casefold() for w in WORD.findall(sentence.text)]
        alike = [SequenceMatcher(None, own, words, autojunk=False).ratio() for words in theirs]
        best = max(range(len(alike)), key=alike.__getitem__)
        if alike[best] >= A_COPY and order.random() < PUT_BACK:
            text += source.sentences[best].text
        else:
            moved = len(text) - sentence.start
            marks += [
                replace(mark, span=Span(mark.span.start + moved, mark.span.end + moved))
                for mark in item.fabrications or ()
                if sentence.start <= mark.span.start and mark.span.end <= sentence.end
            ]
            text += sentence.text
        last = sentence.end
    text += item.article.text[last:]
    article = replace(item.article, text=text, id=f"{item.article.id}-{name}")
    return replace(item, article=article, fabrications=tuple(marks), plugs=())


def rows(
    items: Iterable[tuple[Labelled, Sequence[Article]]], origin: str, aligner: Aligner
) -> Iterator[Row]:
    """Yield the details of labelled derivatives, plugs left out."""
    for item, sources in items:
        plugs = [mark.span for mark in item.plugs or ()]
        for doubt in doubts(item.article, sources, aligner):
            if any(plug.start <= doubt.span.start < plug.end for plug in plugs):
                continue
            yield Row(origin, item, doubt, hits(item, doubt))


def hits(item: Labelled, doubt: Doubt) -> tuple[int, ...]:
    """Return the numbers of the labels that speak of a detail."""
    return tuple(n for n, mark in enumerate(item.fabrications or ()) if is_at(mark, doubt))


def is_at(mark: Mark, doubt: Doubt) -> bool:
    """Tell whether a label speaks of a detail.

    A name that the source has is not invented, whatever an invented claim says of it.
    """
    is_known = doubt.kind in NAMES and doubt.signals[FOUND] > 0
    return same_place(doubt.span, mark.span) and not (is_known and mark.kind == CLAIM)


def labelled_folders(shared: Path) -> list[tuple[Path, str]]:
    """Return the folders of labelled texts of which copies are made too, each with its name."""
    return [
        (FIXTURES, "fixtures"),
        (INVENTIONS, "inventions"),
        (FARMS, "farms"),
        (shared / "data" / "derivatives", "derivatives"),
    ]


def every_row(shared: Path, aligner: Aligner) -> Iterator[Row]:
    """Yield the details of all labelled texts that readers learn from, and of the summaries."""
    for folder, origin in [*labelled_folders(shared), (NEWSROOMS, NEWSROOMS.name)]:
        yield from rows(derivatives(folder), origin, aligner)
    corrections = shared / "data" / "fabrication" / "defacto_train.jsonl.gz"
    yield from rows(summaries(corrections), "summaries", aligner)


def summaries(path: Path) -> Iterator[tuple[Labelled, list[Article]]]:
    """Yield machine summaries with their sources; what a human correction replaced is invented."""
    with gzip.open(path, "rt", encoding="utf8") as lines:
        for record in map(json.loads, lines):
            fixed = record["feedback"].get("summary") if record["has_error"] else None
            if record["has_error"] and not fixed:
                continue
            article = Article.from_text(record["candidate"])
            replaced = corrected(article.text, fixed) if fixed else []
            marks = tuple(Mark(span) for span in replaced)
            item = Labelled(
                article, "summary", sources=(str(record["doc_id"]),), fabrications=marks
            )
            yield item, [Article.from_text(record["article"])]


def corrected(candidate: str, fixed: str) -> list[Span]:
    """Return the places of a candidate that its correction deletes or replaces."""
    words = list(WORD.finditer(candidate))
    other = [word[0].casefold() for word in WORD.finditer(fixed)]
    matcher = SequenceMatcher(None, [w[0].casefold() for w in words], other, autojunk=False)
    return [
        Span(words[a].start(), words[b - 1].end())
        for kind, a, b, _, _ in matcher.get_opcodes()
        if kind in {"replace", "delete"}
    ]
