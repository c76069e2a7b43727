"""Whether reported plugs and fabrications are those that are labelled, by their places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from detector.article import Span
from detector.evaluation.labels import Mark
from detector.evaluation.shares import Share, f1

# A reported place and a labelled one are the same when they share this much of the shorter one:
# people and programs seldom agree on where a place begins. That long reports do not gain by it,
# the shares by characters show.
SAME_PLACE = 0.5


@dataclass(frozen=True, slots=True)
class Marked:
    """What is labelled and what is reported in one article; None where nobody looked."""

    labelled: tuple[Mark, ...] | None
    reported: tuple[Mark, ...] | None


@dataclass(frozen=True, slots=True)
class Score:
    """How well reports and labels agree.

    Attributes:
        kind: the kind of finding, or "all".
        precision: of those reported (as this kind), how many are at a labelled place.
        recall: of those labelled (as this kind), how many are at a reported place.
    """

    kind: str
    precision: Share
    recall: Share

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None where nothing was labelled or reported."""
        return f1(self.precision, self.recall)


@dataclass(frozen=True, slots=True)
class Findings:
    """What one kind of evidence, such as plugs, is worth.

    Attributes:
        examined: whether the detector looks for it at all; if not, all shares count nothing.
        articles: how many have labels for it, the label "none" included.
        labelled: how many are labelled.
        every: all together.
        by_kind: each kind that is labelled or reported.
        by_character: the same by the characters inside of the places.
        kind_right: of those found that have a kind, how many are reported as that kind, in any
            case of letters; a plug's kind is its brand.
        verdict_right: of those found that have a verdict, how many are reported with it.
        clean: articles labelled to have none, and how many are reported to have none.
        false_in_clean: findings reported in those.
    """

    examined: bool
    articles: int
    labelled: int
    every: Score
    by_kind: tuple[Score, ...]
    by_character: Score
    kind_right: Share
    verdict_right: Share
    clean: Share
    false_in_clean: int


@dataclass(frozen=True, slots=True)
class _Pair:
    """The labelled and the reported marks of one article, both there."""

    labelled: tuple[Mark, ...]
    reported: tuple[Mark, ...]

    def reported_at(self, mark: Mark) -> list[Mark]:
        return [other for other in self.reported if same_place(mark.span, other.span)]

    def is_right(self, mark: Mark) -> bool:
        return any(same_place(mark.span, other.span) for other in self.labelled)


def measure_findings(marked: Iterable[Marked], *, kinds: Sequence[str] = ()) -> Findings:
    """Compare reported places with labelled ones; articles whose labels are missing are left out.

    Args:
        marked: one per article.
        kinds: those to tell apart.
    """
    every = list(marked)
    labelled = [each.labelled for each in every if each.labelled is not None]
    pairs = [
        _Pair(each.labelled, each.reported)
        for each in every
        if each.labelled is not None and each.reported is not None
    ]
    clean = [pair for pair in pairs if not pair.labelled]
    occurring = {mark.kind for pair in pairs for mark in (*pair.labelled, *pair.reported)}
    found = [
        (mark, reported)
        for pair in pairs
        for mark in pair.labelled
        if (reported := pair.reported_at(mark))
    ]
    return Findings(
        examined=any(each.reported is not None for each in every),
        articles=len(labelled),
        labelled=sum(map(len, labelled)),
        every=_score(pairs, "all"),
        by_kind=tuple(_score(pairs, kind) for kind in kinds if kind in occurring),
        by_character=_score_by_character(pairs),
        kind_right=Share.of(_has_kind(mark, reported) for mark, reported in found if mark.kind),
        verdict_right=Share.of(
            any(other.verdict == mark.verdict for other in reported)
            for mark, reported in found
            if mark.verdict
        ),
        clean=Share.of(not pair.reported for pair in clean),
        false_in_clean=sum(len(pair.reported) for pair in clean),
    )


def same_place(a: Span, b: Span) -> bool:
    """Tell whether two spans share half of the shorter one or more."""
    shared = _shared(a, b)
    return shared > 0 and shared >= SAME_PLACE * min(a.length, b.length)


def _has_kind(mark: Mark, reported: Sequence[Mark]) -> bool:
    return any(other.kind.casefold() == mark.kind.casefold() for other in reported)


def _score(pairs: Sequence[_Pair], kind: str) -> Score:
    def is_counted(mark: Mark) -> bool:
        return kind in {"all", mark.kind}

    return Score(
        kind,
        precision=Share.of(
            pair.is_right(mark) for pair in pairs for mark in filter(is_counted, pair.reported)
        ),
        recall=Share.of(
            bool(pair.reported_at(mark))
            for pair in pairs
            for mark in filter(is_counted, pair.labelled)
        ),
    )


def _score_by_character(pairs: Sequence[_Pair]) -> Score:
    places = [(_joined(pair.labelled), _joined(pair.reported)) for pair in pairs]
    shared = sum(
        max(0, _shared(one, other))
        for labelled, reported in places
        for one in labelled
        for other in reported
    )
    return Score(
        "characters",
        precision=Share(shared, sum(span.length for _, reported in places for span in reported)),
        recall=Share(shared, sum(span.length for labelled, _ in places for span in labelled)),
    )


def _shared(a: Span, b: Span) -> int:
    """Return how many characters two spans share; below 0, how many lie between them."""
    return min(a.end, b.end) - max(a.start, b.start)


def _joined(marks: Iterable[Mark]) -> list[Span]:
    """Return the places of marks, those that overlap made one, in the order of the text."""
    spans: list[Span] = []
    for mark in sorted(marks, key=lambda mark: mark.span):
        if spans and mark.span.start <= spans[-1].end:
            spans[-1] = Span(spans[-1].start, max(spans[-1].end, mark.span.end))
        else:
            spans.append(mark.span)
    return spans
