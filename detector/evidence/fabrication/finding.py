"""What an article has and its sources do not: one detail each, with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from detector.article import Article, Span

Kind = Literal["dateline", "date", "place", "number", "person", "org", "quote", "claim"]
# What is weighed apart: words that stand in the place of others, and names that do.
Weighed = Kind | Literal["exchange", "role"]
FindingVerdict = Literal["unsupported", "contradicted"]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A place in one of the sources.

    Attributes:
        source: the source.
        span: the place in its text.
    """

    source: Article
    span: Span

    @property
    def text(self) -> str:
        """The source's words."""
        return self.span.of(self.source.text)


@dataclass(frozen=True, slots=True)
class Reading:
    """What can be read once more where the signals leave doubt.

    Attributes:
        sentence: the whole sentence that a claim stands in.
        start: where it begins in the article's text.
        near: the sentences of the sources that are most like it, in their order.
        clauses: where its clauses stand in the article's text, in their order.
        weakest: number of the clause that the words of the sources account for least.
        likest: number of the one of ``near`` that is most like it.
        missing: where the details stand that no source has, in their order.
    """

    sentence: str
    start: int
    near: tuple[Elsewhere, ...]
    clauses: tuple[Span, ...] = ()
    weakest: int = 0
    likest: int = 0
    missing: tuple[Span, ...] = ()

    @property
    def passage(self) -> str:
        """The words of the sources that it is read beside."""
        return " ".join(place.text for place in self.near)

    def words(self, span: Span) -> str:
        """Return the sentence's words at a place of the article's text, on one line."""
        return " ".join(self.sentence[span.start - self.start : span.end - self.start].split())


@dataclass(frozen=True, slots=True)
class Doubt:
    """A detail that was checked, with what was measured, before it is weighed.

    Attributes:
        span: place in the article's text.
        kind: what kind of detail.
        signals: what was measured, in the order of the kind's signals.
        verdict: what it would be called if it were reported.
        why: a sentence that a journalist can quote.
        elsewhere: the place in a source that says otherwise, if there is one.
        reading: of a claim, what to read once more.
        sentence: number of the sentence that it stands or begins in; -1 if none.
        reported_as: the kind that a report calls it, if that is another.
    """

    span: Span
    kind: Weighed
    signals: tuple[float, ...]
    verdict: FindingVerdict
    why: str
    elsewhere: Elsewhere | None = None
    reading: Reading | None = None
    sentence: int = -1
    reported_as: Kind | None = None

    @property
    def told_kind(self) -> Kind:
        """The kind that a report calls it."""
        return self.reported_as or cast("Kind", self.kind)


@dataclass(frozen=True, slots=True)
class Finding:
    """A detail that the sources do not bear out.

    Attributes:
        span: place in the article's text.
        kind: what kind of detail.
        verdict: unsupported, when the sources have nothing like it; contradicted, when one of them
            says otherwise.
        probability: that it is not in the sources, 0 to 1.
        why: a sentence that a journalist can quote.
        elsewhere: the place in a source that says otherwise; None when unsupported.
    """

    span: Span
    kind: Kind
    verdict: FindingVerdict
    probability: float
    why: str
    elsewhere: Elsewhere | None = None
