"""The verdict: what the evidence of all sources together says about an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import exp

from detector.article import Article
from detector.evidence import Evidence
from detector.evidence.credit import Credit, credit_of_all
from detector.evidence.reuse import SIGNALS, says
from detector.language import language_of
from detector.models import Models

# Chosen on cross-validated scores, see models/README.md: 2 of 1,000 crawled neighbours, some of
# them in truth rewrites, and 0.7 % of honest reports of one event reach it, and 96 % of the
# derivatives that keep more than a headline. Between the two lies what a person should look at.
DERIVATIVE = 0.82
UNDECIDED = 0.50
# Fewer words than this hold too little evidence either way.
FEWEST_WORDS = 50
# Every labelled text is English; copies are copies in any language.
MEASURED_LANGUAGE = "en"
# Crawled dates are often whole days in an unknown time zone.
DATE_TOLERANCE = timedelta(hours=24)
# Several honest reports of one event explain another better than each alone: to be called a
# mosaic of two sources takes more. All twelve written mosaics come out above .996; of the eleven
# that .95 made of 8,400 crawled articles, most of them none by reading, three do.
MOSAIC = 0.985
# A mosaic owes each of its sources this share of its words, and to that source alone.
MOSAIC_SHARE = 0.12
# Sources whose probabilities differ by less are told apart by how much they explain.
SAME_PROBABILITY = 0.05
# From this probability on the nearest text is said to be a sibling, not the source: of pairs of
# texts made from one source two in five are, of machine-made texts and their sources two in a
# hundred, of written ones fewer.
SIBLING = 0.8
# A body invented for a headline takes the headline: 19 of 20 written ones have it at least so
# alike, or so much of it in their beginning. Of others it takes more to be called derived.
HEADLINE_TAKEN, WITHOUT_HEADLINE = 0.65, 0.95
# An earlier source is preferred when it explains this share of what the closest one explains.
CHAIN_SHARE = 0.8
# A near-copy is republication when it is licensed, or credited and this much of it is copied.
NEAR_COPY = 0.5
# From this share on it is a copy whatever else the signals say; spun texts stay below .45.
COPIED = 0.7
# A text at most half as long whose passages draw on the whole source is a summary of it: so are ten
# of ten such texts that were labelled by hand.
CONDENSED_LENGTH = 0.5
CONDENSED_SHARE = 0.7
CONDENSED_SOURCE = 0.9
MOST_REASONS = 8
# An unrelated article is given this probability of having been a source, or less.
NAMED = 0.1
# Contributions below this change no one's mind.
LEAST_CONTRIBUTION = 0.05
# Other sources are worth naming from this probability on.
OTHER_SOURCE = 0.1
# "It came first" outweighs everything: the log-odds of one in five hundred million.
IMPOSSIBLE = -20.0


class Label(StrEnum):
    """What an article is called, on the evidence."""

    ORIGINAL = "original"
    DERIVATIVE = "derivative"
    REPUBLICATION = "republication"
    UNDECIDED = "undecided"


class Relation(StrEnum):
    """How an article relates to a source."""

    COPY = "copy"
    SPUN = "spun"
    REWRITE = "rewrite"
    SUMMARY = "summary"
    MOSAIC = "mosaic"
    HEADLINE_ONLY = "headline-only"
    SAME_EVENT = "same-event"
    NONE = "none"


DERIVED = frozenset(Relation) - {Relation.SAME_EVENT, Relation.NONE, Relation.MOSAIC}
HONEST = frozenset({Relation.SAME_EVENT, Relation.NONE})
REWORDED = frozenset({Relation.REWRITE, Relation.SPUN, Relation.SUMMARY})


@dataclass(frozen=True, slots=True)
class Reason:
    """One signal and how far it moves the verdict.

    Attributes:
        signal: its name.
        value: what was measured.
        contribution: in log-odds; above 0 speaks for derivation (of a risk: for looking), below 0
            against.
        says: the same in words.
    """

    signal: str
    value: float
    contribution: float
    says: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One source with the probability that the article was made from it."""

    evidence: Evidence
    probability: float

    @property
    def source(self) -> Article:
        """The source."""
        return self.evidence.alignment.source


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the evidence says; never a judgment of guilt.

    Attributes:
        label: the summary.
        relation: to the best source.
        probability: that the article was made from it.
        reasons: strongest first.
        sources: the best source first; several of them make up a mosaic.
        others: further sources with their own probabilities.
        chain: of those, the ones that appeared after the best source and may have passed the
            text on, in the order of their dates.
        shares: how much of the article's words each of ``sources`` explains best.
        sibling: probability that the best source is no source, but made from the same one, which
            is not among the sources.
        risk: probability that an editor should look at the article, summed up from all findings
            (``detector.risk``); 0 before they are known.
        risk_reasons: what makes it up, strongest first.
    """

    label: Label
    relation: Relation
    probability: float
    reasons: tuple[Reason, ...]
    sources: tuple[Judged, ...] = ()
    others: tuple[Judged, ...] = ()
    chain: tuple[Judged, ...] = ()
    shares: tuple[float, ...] = ()
    sibling: float = 0.0
    risk: float = 0.0
    risk_reasons: tuple[Reason, ...] = ()

    @property
    def credit(self) -> Credit:
        """Whether the best source is credited; of a mosaic, the one that is credited least."""
        if not self.sources or self.relation in HONEST:
            return Credit("not-applicable")
        return credit_of_all([judged.evidence.credit for judged in self.sources])


def judge(
    article: Article, evidence: Sequence[Evidence], models: Models, *, searched: int
) -> Verdict:
    """Weigh the evidence of all sources.

    Args:
        article: the article.
        evidence: one entry per source; one over two sources joined may be among them.
        models: the trained models.
        searched: how many sources there were to search; without any, nothing can be said.
    """
    if not evidence:
        return _without_source(article, searched)
    judged = [Judged(item, _probability(article, item, models)) for item in evidence]
    single = sorted((j for j in judged if not j.evidence.parts), key=_preference)
    woven = [j for j in judged if j.evidence.parts and _is_mosaic(j, single[0])]
    best = woven[0] if woven else _first_to_tell(single)
    limits = _limits(article)
    relation = _relation(best, models)
    sibling = _sibling(best, models) if relation in REWORDED else 0.0
    doubts = (*_kinship(sibling), *_without_headline(best, relation))
    parts = best.evidence.parts
    sources = tuple(j for part in parts for j in single if j.evidence is part) or (best,)
    others = tuple(j for j in single if j not in sources and j.probability >= OTHER_SOURCE)
    return Verdict(
        label=_label(article, best, limited=bool(limits), doubtful=bool(doubts)),
        relation=relation,
        probability=best.probability,
        reasons=(*limits, *doubts, *_reasons(article, best, models)),
        sources=sources,
        others=others,
        chain=_passed_on(best, others),
        shares=best.evidence.shares if parts else (best.evidence.alignment.coverage,),
        sibling=sibling,
    )


def _sibling(best: Judged, models: Models) -> float:
    """Return the probability that a reworded text and its "source" were made from a third."""
    evidence = best.evidence
    if evidence.alignment.verbatim_share >= NEAR_COPY:
        return 0.0
    return models.kinship.scores(evidence.reuse.values())["sibling"]


def _kinship(sibling: float) -> tuple[Reason, ...]:
    if sibling < SIBLING:
        return ()
    says = "it and the source look like siblings: both made from a text that is not at hand"
    return (Reason("sibling", sibling, 0.0, says),)


def _without_headline(best: Judged, relation: Relation) -> tuple[Reason, ...]:
    """Doubt that a text was made from a headline that it does not have; nothing without a title."""
    reuse = best.evidence.reuse
    taken = max(reuse.headline, reuse.title_in_lead)
    is_likely = UNDECIDED <= best.probability < WITHOUT_HEADLINE
    if relation is not Relation.HEADLINE_ONLY or not is_likely or not taken < HEADLINE_TAKEN:
        return ()
    share = f"only {100 * taken:.0f} % of the headline"
    says = f"little of its body matches, and {share}: that may be chance"
    return (Reason("headline_not_taken", taken, 0.0, says),)


def names_source(verdict: Verdict) -> bool:
    """Tell whether a source is worth naming; the nearest of some unrelated ones is not."""
    related = verdict.relation is not Relation.NONE or verdict.probability >= NAMED
    return bool(verdict.sources) and related


def published_too_late(article: Article, source: Article) -> bool:
    """Tell whether a source appeared so long after the article that it cannot be its source."""
    if article.published is None or source.published is None:
        return False
    return source.published > article.published + DATE_TOLERANCE


def _without_source(article: Article, searched: int) -> Verdict:
    says = "no source shares its rare words, names or figures"
    nothing = Reason("no_source", 0.0, 0.0, says if searched else "there are no sources to search")
    limits = _limits(article)
    label = Label.UNDECIDED if limits or not searched else Label.ORIGINAL
    return Verdict(label, Relation.NONE, 0.0, (*limits, nothing))


def _limits(article: Article) -> tuple[Reason, ...]:
    """Return what keeps the evidence from being enough, either way."""
    limits = []
    words = article.story.words
    if words < FEWEST_WORDS:
        apart = " beside what its site's other pages have too" if article.boilerplate else ""
        says = f"it has {words} words{apart}; under {FEWEST_WORDS} hold too little evidence"
        limits.append(Reason("too_short", words, 0.0, says))
    language = language_of(article.text)
    if language != MEASURED_LANGUAGE:
        says = f"its language looks like {language!r}; rewrites are only measured in English"
        limits.append(Reason("language", 0.0, 0.0, says))
    return tuple(limits)


def _probability(article: Article, evidence: Evidence, models: Models) -> float:
    if published_too_late(article, evidence.alignment.source):
        return 0.0
    if article.story.words < FEWEST_WORDS:  # too short for the model: what is copied counts
        return evidence.alignment.verbatim_share
    if evidence.chance is not None:
        return evidence.chance
    return models.derivation.probability(evidence.reuse.values())


def _preference(judged: Judged) -> tuple[float | str, ...]:
    """Sort key: the likeliest first; among equals what explains most, then who was first.

    Where no source is likely, the channels know better than the model which one is nearest.
    """
    alignment = judged.evidence.alignment
    first = moment(judged.source)
    if judged.probability < UNDECIDED:
        coarse = -float(judged.probability >= UNDECIDED / 2)
        return (1, coarse, -judged.evidence.score, first, judged.source.id)
    explained = alignment.verbatim_share + alignment.coverage + alignment.source_coverage
    same = -round(judged.probability / SAME_PROBABILITY)
    return (0, same, -round(explained, 1), first, -explained, judged.source.id)


def _first_to_tell(single: Sequence[Judged]) -> Judged:
    """Return the earliest source that explains what the best one does; later ones passed it on."""
    best = single[0]
    earlier = [
        j
        for j in single
        if j.probability >= DERIVATIVE
        and _came_before(j.source, best.source)
        and j.evidence.explains(best.evidence) >= CHAIN_SHARE
    ]
    return min(earlier, key=lambda j: (moment(j.source), j.source.id), default=best)


def _passed_on(best: Judged, others: Sequence[Judged]) -> tuple[Judged, ...]:
    later = [
        j for j in others if j.probability >= DERIVATIVE and _came_before(best.source, j.source)
    ]
    return tuple(sorted(later, key=lambda j: (moment(j.source), j.source.id)))


def moment(source: Article) -> float:
    """Return when a source appeared; one without a date came after all others."""
    return source.published.timestamp() if source.published else float("inf")


def _came_before(one: Article, other: Article) -> bool:
    return moment(one) < moment(other) < float("inf")


def _is_mosaic(woven: Judged, best_single: Judged) -> bool:
    """Tell whether two sources together explain an article that neither explains alone."""
    enough = woven.probability >= max(MOSAIC, best_single.probability - SAME_PROBABILITY)
    return enough and min(woven.evidence.exclusive_shares) >= MOSAIC_SHARE


def _relation(best: Judged, models: Models) -> Relation:
    if best.evidence.parts:
        return Relation.MOSAIC
    if best.probability >= UNDECIDED and best.evidence.alignment.verbatim_share >= COPIED:
        return Relation.COPY
    if best.probability >= UNDECIDED and _is_condensed(best):
        return Relation.SUMMARY
    scores = models.relation.scores(best.evidence.reuse.values())
    among = DERIVED if best.probability >= UNDECIDED else HONEST
    return max(sorted(among), key=lambda relation: scores[relation])


def _is_condensed(best: Judged) -> bool:
    reuse = best.evidence.reuse
    return (
        exp(reuse.length_ratio) <= CONDENSED_LENGTH
        and reuse.passage_share >= CONDENSED_SHARE
        and reuse.source_passage_share >= CONDENSED_SOURCE
    )


def _label(article: Article, best: Judged, *, limited: bool, doubtful: bool) -> Label:
    near_copy = best.evidence.alignment.verbatim_share >= NEAR_COPY
    if limited and not (near_copy and article.story.words >= FEWEST_WORDS):
        return Label.UNDECIDED
    if best.probability < UNDECIDED:
        return Label.ORIGINAL
    if best.probability < DERIVATIVE:
        return Label.UNDECIDED
    credit = best.evidence.credit.status
    if credit == "licensed" or (credit in {"credited", "linked"} and near_copy):
        return Label.REPUBLICATION
    return Label.UNDECIDED if doubtful else Label.DERIVATIVE


def _reasons(article: Article, best: Judged, models: Models) -> tuple[Reason, ...]:
    source = best.source
    if published_too_late(article, source):
        hours = (source.published - article.published).total_seconds() / 3600  # type: ignore[operator]
        words = f"it came first: the supposed source appeared {hours:.0f} hours later"
        return (Reason("published_first", hours, IMPOSSIBLE, words),)
    values = best.evidence.reuse.values()
    moved = models.derivation.slope * models.derivation.contributions(values)
    reasons = [
        Reason(signal, float(value), float(weight), says(signal, float(value)))
        for signal, value, weight in zip(SIGNALS, values, moved, strict=True)
        if abs(weight) >= LEAST_CONTRIBUTION and value == value  # NaN: could not be measured
    ]
    return tuple(sorted(reasons, key=lambda r: (-abs(r.contribution), r.signal))[:MOST_REASONS])
