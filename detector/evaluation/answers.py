"""What the detector says about labelled articles, as far as labels can check it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from detector.candidates import Candidate, Channel, find_candidates
from detector.errors import BadInput
from detector.evaluation.labels import Labelled, Mark, marks
from detector.pipeline import Detector
from detector.readers import Failure
from detector.report import Report
from detector.verdict import Label, Relation

CREDITED = frozenset({"credited", "linked", "licensed"})


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate source and the channels that found it by themselves."""

    id: str
    found_by: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a report says, beside what the labels say.

    Attributes:
        labelled: the article with its labels.
        label: what the report calls the article.
        relation: to the best source.
        probability: that it was made from it.
        sources: ids, the best source first; several of a mosaic.
        credited: whether the report says that the source is credited, linked or licensed.
        candidates: the sources worth aligning, likeliest first.
        plugs: as reported; None where the detector does not look for them.
        fabrications: as reported; None where the detector does not look for them.
    """

    labelled: Labelled
    label: Label
    relation: Relation
    probability: float
    sources: tuple[str, ...] = ()
    credited: bool = False
    candidates: tuple[Found, ...] = ()
    plugs: tuple[Mark, ...] | None = None
    fabrications: tuple[Mark, ...] | None = None

    @property
    def is_found(self) -> bool:
        """Whether it is said to be made from a source, with or without credit."""
        return self.label in {Label.DERIVATIVE, Label.REPUBLICATION}

    @property
    def names_a_source_first(self) -> bool:
        """Whether the source named first is one that it was made from."""
        return bool(self.sources) and self.sources[0] in self.labelled.sources

    @property
    def names_every_source(self) -> bool:
        """Whether the sources named are those that it was made from, all and no other."""
        return set(self.sources) == set(self.labelled.sources)


def answers(
    labelled: Iterable[Labelled],
    detector: Detector,
    *,
    workers: int = 1,
    twins: Mapping[str, str] | None = None,
) -> Iterator[Answer]:
    """Examine labelled articles; yields in their order.

    Args:
        labelled: the articles; one that is in the index itself is never its own source.
        detector: examines them.
        workers: processes.
        twins: ids of articles that are a labelled source once more, to that source's id; naming
            the twin counts as naming the source.

    Raises:
        BadInput: an article could not be examined.
    """
    every = list(labelled)
    articles = [item.article for item in every]
    reports = detector.examine_many(articles, workers=workers)
    for item, report in zip(every, reports, strict=True):
        if isinstance(report, Failure):
            raise BadInput(f"{report.id}: {report.message}")
        yield answer(item, report, find_candidates(item.article, detector.index), twins=twins)


def answer(
    labelled: Labelled,
    report: Report,
    candidates: Iterable[Candidate],
    *,
    twins: Mapping[str, str] | None = None,
) -> Answer:
    """Take from a report what labels can check."""
    same, verdict = twins or {}, report.verdict
    return Answer(
        labelled=labelled,
        label=verdict.label,
        relation=verdict.relation,
        probability=verdict.probability,
        sources=tuple(same.get(j.source.id, j.source.id) for j in verdict.sources),
        credited=report.credit.status in CREDITED,
        candidates=tuple(Found(same.get(c.source.id, c.source.id), c.found_by) for c in candidates),
        plugs=_reported(report, "plugs"),
        fabrications=_reported(report, "fabrications"),
    )


def _reported(report: Report, name: str) -> tuple[Mark, ...] | None:
    """Return the places that a report's JSON lists, in the form of the public contract."""
    if name not in report.provenance.examined:
        return None
    kind = "brand" if name == "plugs" else "kind"
    return marks(report.to_dict()[name], report.article.text, kind=kind)
