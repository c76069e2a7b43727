"""Answers against labels: sources, labels, relations, credit, probabilities, mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from detector.candidates import CHANNELS, Channel
from detector.evaluation.answers import Answer
from detector.evaluation.findings import Findings, Marked, measure_findings
from detector.evaluation.labels import FABRICATION_KINDS
from detector.evaluation.shares import Share, f1
from detector.verdict import HONEST, Label, Relation
from detector.wording import probability_shown

# As most papers do, Naeini 2015, "Obtaining well calibrated probabilities", among them.
CALIBRATION_BINS = 10


@dataclass(frozen=True, slots=True)
class ChannelShare:
    """The sources that one channel finds by itself."""

    channel: Channel
    found: Share


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Whether derivatives are traced to their sources.

    Attributes:
        named_first: derivatives for which the report names a true source first.
        candidate_first: derivatives whose first candidate, before alignment, is a true source.
        among_candidates: true sources that are among the candidates.
        mosaics_complete: mosaics for which the report names all true sources and no other.
        by_channel: true sources that each channel finds by itself: among its own first ten,
            with a score that unrelated stories do not reach.
    """

    named_first: Share
    candidate_first: Share
    among_candidates: Share
    mosaics_complete: Share
    by_channel: tuple[ChannelShare, ...]


@dataclass(frozen=True, slots=True)
class LabelCount:
    """How many derivatives and how many honest articles are called this."""

    label: Label
    derived: int
    honest: int


@dataclass(frozen=True, slots=True)
class Labels:
    """Whether derivatives are told from honest articles.

    Attributes:
        found: derivatives called derivative or republication.
        accused: honest articles called derivative; less is better.
        undecided: articles of both kinds left undecided.
        counts: one per label.
    """

    found: Share
    accused: Share
    undecided: Share
    counts: tuple[LabelCount, ...]


@dataclass(frozen=True, slots=True)
class RelationScore:
    """How well one relation is told from the others."""

    relation: Relation
    precision: Share
    recall: Share

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None where it was neither labelled nor said."""
        return f1(self.precision, self.recall)


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often articles labelled with one relation were said to have another."""

    labelled: Relation
    said: Relation
    count: int


@dataclass(frozen=True, slots=True)
class Relations:
    """Whether the way an article was made is named rightly.

    Attributes:
        right: all articles with the relation that is labelled.
        right_honest_as_one: the same, ``same-event`` and ``none`` taken as one.
        derived_right: the same of derivatives alone.
        by_relation: each relation that is labelled.
        confusion: the pairs that occur, in the order of ``Relation``.
    """

    right: Share
    right_honest_as_one: Share
    derived_right: Share
    by_relation: tuple[RelationScore, ...]
    confusion: tuple[Confusion, ...]

    @property
    def macro_f1(self) -> float | None:
        """The mean F1 of the relations that are labelled, each counting alike."""
        scores = [score.f1 or 0.0 for score in self.by_relation]
        return sum(scores) / len(scores) if scores else None


@dataclass(frozen=True, slots=True)
class CreditShares:
    """Whether credit to the source is seen; only derivatives whose credit is labelled count.

    Attributes:
        right: those with credit where it is labelled, and none where it is not.
        credit_seen: those that credit their source, and are said to.
        no_credit_seen: those that do not, and are said not to.
    """

    right: Share
    credit_seen: Share
    no_credit_seen: Share


@dataclass(frozen=True, slots=True)
class Bin:
    """Articles of similar probability.

    Attributes:
        derived: how many of them are derivatives.
        probability: their mean probability.
    """

    derived: Share
    probability: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether probabilities mean what they say.

    Attributes:
        bins: the tenths of the scale that hold an article, lowest first.
    """

    bins: tuple[Bin, ...]

    @property
    def error(self) -> float | None:
        """The expected calibration error: how far probabilities are from shares, on average."""
        count = sum(each.derived.counted for each in self.bins)
        gaps = (
            each.derived.counted * abs(each.probability - (each.derived.value or 0.0))
            for each in self.bins
        )
        return sum(gaps) / count if count else None


@dataclass(frozen=True, slots=True)
class Mistake:
    """An article about which labels and report disagree.

    Attributes:
        answer: what the report says.
        faults: what is wrong with it, in words; never empty.
    """

    answer: Answer
    faults: tuple[str, ...]

    @property
    def is_false_alarm(self) -> bool:
        """Whether an honest article is called derivative."""
        return is_false_alarm(self.answer)

    @property
    def says(self) -> str:
        """What is labelled and what is said, in one line."""
        answer, labelled = self.answer, self.answer.labelled
        source = f"likely source {', '.join(answer.sources)}" if answer.sources else "no source"
        return (
            f"{labelled.article.id}, labelled {labelled.relation}: {answer.label}, "
            f"{answer.relation}, probability {probability_shown(answer.probability)}, {source}"
        )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How right the detector is on a set of labelled articles.

    Attributes:
        articles: how many there are.
        derived: how many of them are derivatives; the others are honest.
        mistakes: false alarms first, from the highest probability; then the rest in their order.
    """

    articles: int
    derived: int
    retrieval: Retrieval
    labels: Labels
    relations: Relations
    credit: CreditShares
    calibration: Calibration
    plugs: Findings
    fabrications: Findings
    mistakes: tuple[Mistake, ...]

    @property
    def false_alarms(self) -> tuple[Mistake, ...]:
        """The honest articles called derivative, from the highest probability."""
        return tuple(mistake for mistake in self.mistakes if mistake.is_false_alarm)


def measure(answers: Iterable[Answer]) -> Evaluation:
    """Compare what the detector says with what the labels say."""
    every = tuple(answers)
    derived = tuple(answer for answer in every if answer.labelled.is_derived)
    return Evaluation(
        articles=len(every),
        derived=len(derived),
        retrieval=_retrieval(derived),
        labels=_labels(every),
        relations=_relations(every),
        credit=_credit(derived),
        calibration=_calibration(every),
        plugs=measure_findings(Marked(a.labelled.plugs, a.plugs) for a in every),
        fabrications=measure_findings(
            (Marked(a.labelled.fabrications, a.fabrications) for a in every),
            kinds=FABRICATION_KINDS,
        ),
        mistakes=_mistakes(every),
    )


def is_false_alarm(answer: Answer) -> bool:
    """Tell whether an honest article is called derivative."""
    return answer.label is Label.DERIVATIVE and not answer.labelled.is_derived


def _retrieval(derived: Sequence[Answer]) -> Retrieval:
    mosaics = (answer for answer in derived if answer.labelled.relation is Relation.MOSAIC)
    return Retrieval(
        named_first=Share.of(answer.names_a_source_first for answer in derived),
        candidate_first=Share.of(
            bool(a.candidates) and a.candidates[0].id in a.labelled.sources for a in derived
        ),
        among_candidates=Share.of(
            source in {found.id for found in answer.candidates}
            for answer in derived
            for source in answer.labelled.sources
        ),
        mosaics_complete=Share.of(answer.names_every_source for answer in mosaics),
        by_channel=tuple(
            ChannelShare(channel, _found_by(derived, channel)) for channel in CHANNELS
        ),
    )


def _found_by(derived: Sequence[Answer], channel: Channel) -> Share:
    return Share.of(
        source in {found.id for found in answer.candidates if channel in found.found_by}
        for answer in derived
        for source in answer.labelled.sources
    )


def _labels(every: Sequence[Answer]) -> Labels:
    derived = [answer for answer in every if answer.labelled.is_derived]
    honest = [answer for answer in every if not answer.labelled.is_derived]
    return Labels(
        found=Share.of(answer.is_found for answer in derived),
        accused=Share.of(is_false_alarm(answer) for answer in honest),
        undecided=Share.of(answer.label is Label.UNDECIDED for answer in every),
        counts=tuple(
            LabelCount(
                label,
                derived=sum(answer.label is label for answer in derived),
                honest=sum(answer.label is label for answer in honest),
            )
            for label in Label
        ),
    )


def _relations(every: Sequence[Answer]) -> Relations:
    pairs = Counter((answer.labelled.relation, answer.relation) for answer in every)
    labelled = {truth for truth, _ in pairs}
    return Relations(
        right=Share.of(a.relation is a.labelled.relation for a in every),
        right_honest_as_one=Share.of(
            a.relation is a.labelled.relation or {a.relation, a.labelled.relation} <= HONEST
            for a in every
        ),
        derived_right=Share.of(
            a.relation is a.labelled.relation for a in every if a.labelled.is_derived
        ),
        by_relation=tuple(_of_relation(each, pairs) for each in Relation if each in labelled),
        confusion=tuple(
            Confusion(truth, said, pairs[truth, said])
            for truth in Relation
            for said in Relation
            if pairs[truth, said]
        ),
    )


def _of_relation(relation: Relation, pairs: Counter[tuple[Relation, Relation]]) -> RelationScore:
    right = pairs[relation, relation]
    return RelationScore(
        relation,
        precision=Share(right, sum(n for (_, said), n in pairs.items() if said is relation)),
        recall=Share(right, sum(n for (truth, _), n in pairs.items() if truth is relation)),
    )


def _credit(derived: Sequence[Answer]) -> CreditShares:
    known = [answer for answer in derived if answer.labelled.attributed is not None]
    return CreditShares(
        right=Share.of(answer.credited is answer.labelled.attributed for answer in known),
        credit_seen=Share.of(a.credited for a in known if a.labelled.attributed),
        no_credit_seen=Share.of(not a.credited for a in known if not a.labelled.attributed),
    )


def _calibration(every: Sequence[Answer]) -> Calibration:
    bins: list[list[Answer]] = [[] for _ in range(CALIBRATION_BINS)]
    for answer in every:
        place = int(answer.probability * CALIBRATION_BINS)
        bins[min(place, CALIBRATION_BINS - 1)].append(answer)
    return Calibration(
        tuple(
            Bin(
                derived=Share.of(answer.labelled.is_derived for answer in own),
                probability=sum(answer.probability for answer in own) / len(own),
            )
            for own in bins
            if own
        )
    )


def _mistakes(every: Sequence[Answer]) -> tuple[Mistake, ...]:
    found = [Mistake(answer, tuple(_faults(answer))) for answer in every]
    wrong = [mistake for mistake in found if mistake.faults]
    alarms = [mistake for mistake in wrong if mistake.is_false_alarm]
    alarms.sort(key=lambda mistake: -mistake.answer.probability)
    return (*alarms, *(mistake for mistake in wrong if not mistake.is_false_alarm))


def _faults(answer: Answer) -> Iterator[str]:
    """Say what is wrong; which of the two honest relations is named accuses nobody."""
    labelled = answer.labelled
    if not labelled.is_derived:
        if answer.is_found:
            event = set(answer.sources) & set(labelled.related)
            report = "report of the same event" if event else "article"
            yield f"an honest {report} is called {answer.label}"
        return
    if not answer.is_found:
        yield f"a derivative is called {answer.label}"
    if not answer.names_a_source_first:
        yield "another source is named first" if answer.sources else "no source is named"
    elif labelled.relation is Relation.MOSAIC and not answer.names_every_source:
        yield "not its sources are named, all and no other"
    if answer.relation is not labelled.relation:
        said = "honest" if answer.relation in HONEST else answer.relation
        yield f"the relation is said to be {said}"
    if labelled.attributed is not None and answer.credited is not labelled.attributed:
        yield "credit is said to be given" if answer.credited else "its credit is not seen"
