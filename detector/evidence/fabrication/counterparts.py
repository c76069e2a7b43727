"""Each fact of an article beside its counterparts: the same one, or another in its place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.evidence.fabrication.arithmetic import WORKED_OUT, derivation
from detector.evidence.fabrication.background import (
    is_government,
    is_named_otherwise,
    is_within,
)
from detector.evidence.fabrication.bare import UNITLESS, WORTH_SOMETHING, is_same_amount
from detector.evidence.fabrication.case import NAMES, Case, Told
from detector.evidence.fabrication.figures import NEAREST, Figures
from detector.evidence.fabrication.times import follows, grain, is_about, is_same_time
from detector.evidence.fabrication.workings import (
    counts,
    counts_a_list,
    is_hour,
    is_part,
    is_worked_out,
    may_be_scored,
)
from detector.facts import Quantity, same_quantity

# So many facts to either side of one may stand in for its counterpart, or explain it.
BESIDE = 8
# What follows this surely is as good as told, for what is worked out of it.
SURE = 0.5
# "From 9 percent to 64" leaves out a unit; where nothing else is alike, 40 countries are not 40 %.
BARE = 0.25
# A number of so many digits is hardly the same by chance, whatever it counts.
LARGE = 100
# Numbers that differ by more than this share of the larger are never the same, however hedged.
FURTHEST = 0.4
# Numbers that differ by more than this share of the larger are the same in the same place only:
# "over 80" may be 100, and "several dozen" 40, where both count the same.
CLOSE = 0.1
# Of names whose places are nearly as near, that is shown which has the same words beside it, too:
# "captain" stands before both names. These count half as much as the whole place.
BESIDE_SHARE, NEARLY = 0.5, 0.75
# Words right before and behind two numbers are the same from this closeness on: of 51 numbers that
# were worked out one reached it, of eight invented in the place of another six.
SAME_WORDS = 0.8
# Floats this near each other, as a share, are equal.
ROUNDING = 1e-9
# Units that are compared with others: a range of months with seconds, a half of a score with goals.
_CONVERTED = frozenset({"month", "s", "score"})


@dataclass(frozen=True, slots=True)
class Near:
    """A fact of a source, and how far it stands in the place of one of the article, 0 to 1.

    Attributes:
        told: the fact.
        whole: half by the words around, half by the sentences.
        before: by the few words before it.
        behind: by the few words behind it: what a number counts.
    """

    told: Told
    whole: float
    before: float
    behind: float


@dataclass(frozen=True, slots=True)
class Paired:
    """A fact of the article with its counterparts in the sources.

    Attributes:
        told: the fact.
        same: the same fact where it stands in the place most alike, or None.
        rival: another fact of the kind in the place most alike, which the article does not name
            there, or None.
        shown: of such names about as near the one with the same words beside it; else the rival.
        dropped: the likeliest of these that the article has nowhere, as if it had been exchanged;
            None where all are told.
        derivable: how surely it follows from facts near its place in the source, by arithmetic or
            by what every reader knows, 0 to 1.
        is_written: a source has its words side by side.
        words: share of its words that any source has.
    """

    told: Told
    same: Near | None
    rival: Near | None
    shown: Near | None
    dropped: Near | None
    derivable: float
    is_written: bool
    words: float

    @property
    def is_found(self) -> bool:
        """Whether the sources have the fact, or what it follows from."""
        return self.same is not None or self.is_derivable or self.is_written

    @property
    def is_derivable(self) -> bool:
        """Whether it follows from facts that the sources have."""
        return self.derivable > 0

    @property
    def is_worked_out(self) -> bool:
        """Whether it is the sum or difference of two numbers that a source has side by side."""
        return self.derivable >= WORKED_OUT and self.told.fact.quantity is not None

    @property
    def match(self) -> float:
        """How far the same fact stands in the same place, 0 to 1."""
        return self.same.whole if self.same else 0.0

    @property
    def rivalry(self) -> float:
        """How far another fact stands in its place, 0 to 1."""
        return self.rival.whole if self.rival else 0.0


def sorted_out(case: Case) -> tuple[Sort, Sort, Sort]:
    """Return the numbers, the dates and the names of an article and of its sources."""
    return _numbers(case), _dates(case), _names(case)


def pair_up(case: Case, sorts: Sequence[Sort] | None = None) -> tuple[Paired, ...]:
    """Return every number, date and name of an article with its counterparts.

    Args:
        case: the article beside its sources.
        sorts: what ``sorted_out`` returns, where it is known.
    """
    figures = Figures(case)
    matchers = [_Matcher(case, sort, figures) for sort in sorts or sorted_out(case) if sort.here]
    paired = [pair for matcher in matchers for pair in matcher.paired()]
    return tuple(sorted(paired, key=lambda pair: pair.told.number))


@dataclass(frozen=True, slots=True)
class Sort:
    """The facts of one sort on both sides; tables have the shape ``(here, there)``.

    Attributes:
        here: those of the article.
        there: those of the sources.
        same: which are equal.
        as_good: which are as good as equal.
        comparable: which might stand in each other's place.
    """

    here: Sequence[Told]
    there: Sequence[Told]
    same: NDArray[np.bool_]
    as_good: NDArray[np.bool_]
    comparable: NDArray[np.bool_]


def _numbers(case: Case) -> Sort:
    here = [(told, told.fact.quantity) for told in case.told if told.fact.quantity]
    there = [(known, known.fact.quantity) for known in case.known if known.fact.quantity]
    ours, theirs = (
        np.array([sorted((q.unsigned.low, q.unsigned.high)) for _, q in side]).reshape(-1, 2)
        for side in (here, there)
    )
    ours, theirs = ours[:, None], theirs[None, :]
    units = [np.array([q.unit for _, q in side], str) for side in (here, there)]
    one, other = (np.isin(side, list(_CONVERTED)) for side in units)
    is_converted = one[:, None] | other[None, :]
    same, as_good = np.zeros(is_converted.shape, bool), np.zeros(is_converted.shape, bool)
    likely = _is_likely(ours, theirs) & _have_like_units(*units)
    for n, m in np.argwhere(likely | (one[:, None] & other[None, :])).tolist():
        same[n, m] = same_quantity(here[n][1], there[m][1])
        as_good[n, m] = not same[n, m] and is_same_amount(here[n][1], there[m][1])
        if there[m][1].unit == "score" and as_good[n, m]:  # but no 2-1 has two fouls
            as_good[n, m] = may_be_scored(case.article.article.text, here[n][0].fact)
    rows = np.array([told.number for told, _ in here], np.intp)[:, None]
    columns = np.array([told.number for told, _ in there], np.intp)[None, :]
    in_place = case.closeness.whole[rows, columns] >= BARE
    largest = np.maximum(abs(ours), abs(theirs)).max(axis=2)
    same &= in_place | is_converted | (abs(ours - theirs).max(axis=2) <= CLOSE * largest)
    steps = np.array([q.step for _, q in here])[:, None]
    as_good &= in_place | (abs(ours).min(axis=2) >= LARGE * steps)
    is_comparable = units[0][:, None] == units[1][None, :]
    return Sort([told for told, _ in here], [t for t, _ in there], same, as_good, is_comparable)


def _have_like_units(here: NDArray[np.str_], there: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Tell which numbers have one unit, or leave it out, or are both of dollars of some kind."""
    alike: NDArray[np.bool_] = here[:, None] == there[None, :]
    bare, bare_there = (np.isin(side, list(UNITLESS)) for side in (here, there))
    dollars, dollars_there = (np.char.endswith(side, "$") for side in (here, there))
    alike |= bare[:, None] | bare_there[None, :] | (dollars[:, None] & dollars_there[None, :])
    return alike


def _is_likely(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which numbers may be the same: they are near each other, or a unit lies between."""
    reach = FURTHEST * np.maximum(abs(ours), abs(theirs)).max(axis=2)
    low, high = np.maximum(ours[..., 0], theirs[..., 0]), np.minimum(ours[..., 1], theirs[..., 1])
    one, other = abs(ours[..., 0]), abs(theirs[..., 0])
    small, large = np.minimum(one, other), np.maximum(one, other)
    ratios = np.divide(large, small, out=np.zeros_like(large), where=small > 0)
    worths = WORTH_SOMETHING[np.searchsorted(WORTH_SOMETHING[:-1], ratios * (1 - ROUNDING))]
    likely: NDArray[np.bool_] = (low - high <= reach) | (abs(ratios - worths) <= ROUNDING * ratios)
    return likely


def _dates(case: Case) -> Sort:
    here = [told for told in case.told if told.fact.moment]
    there = [known for known in case.known if known.fact.moment]
    shape = len(here), len(there)
    same, comparable = np.zeros(shape, bool), np.zeros(shape, bool)
    for n, told in enumerate(here):
        for m, known in enumerate(there):
            same[n, m] = is_same_time(told.fact, known.fact)
            comparable[n, m] = grain(told.fact.moment) == grain(known.fact.moment)
    return Sort(here, there, same, np.zeros(shape, bool), comparable)


def _names(case: Case) -> Sort:
    here = [told for told in case.told if told.fact.kind in NAMES]
    there = case.known_of(NAMES)
    found = [case.names.find(told.fact) for told in here]
    values = np.array([known.fact.value for known in there], str)
    same = _equal([fact.value if fact else "" for fact in found], values)
    equal = _equal([told.fact.value for told in here], values)
    kinds = np.array([known.fact.kind for known in there], str)
    comparable = _equal([told.fact.kind for told in here], kinds)
    return Sort(here, there, equal | same, np.zeros(same.shape, bool), comparable)


def _equal(here: Sequence[str], there: NDArray[np.str_]) -> NDArray[np.bool_]:
    equal: NDArray[np.bool_] = np.array(here, str)[:, None] == there[None, :]
    return equal


class _Matcher:
    """Finds the counterparts of all facts of one sort."""

    def __init__(self, case: Case, sort: Sort, figures: Figures) -> None:
        self.case, self.sort, self.figures = case, sort, figures
        rows = np.array([told.number for told in sort.here], np.intp)[:, None]
        columns = np.array([told.number for told in sort.there], np.intp)[None, :]
        self.text = case.article.article.text
        self.texts = [source.article.text for source in case.sources]
        close = case.closeness
        self.found = sort.same | sort.as_good
        # Which facts of the article a source has, or as good as has.
        self.is_found: NDArray[np.bool_] = np.any(self.found, axis=1)
        self.tables = tuple(t[rows, columns] for t in (close.whole, close.before, close.behind))
        is_dropped = sort.comparable & ~self.found.any(axis=0)
        alike = is_dropped & (np.minimum(self.tables[1], self.tables[2]) >= SAME_WORDS)
        pairs = [(n, sort.here[n], sort.there[m]) for n, m in np.argwhere(alike).tolist()]
        # Which stand between the very words of another one, which the article has nowhere.
        self.exchanged = {n for n, here, there in pairs if case.follow_one_word(here, there)}
        self.siblings: dict[int, list[int]] = {}
        for n, told in enumerate(sort.here):
            self.siblings.setdefault(told.sentence, []).append(n)

    def paired(self) -> list[Paired]:
        """Return the facts with their counterparts."""
        sort, found = self.sort, self.found
        is_in_text = np.array([told.sentence >= 0 for told in sort.there], bool)
        rivals = sort.comparable & ~found & is_in_text
        for n in range(len(sort.here)):
            rivals[n] &= ~sort.same[self.next_to(n)].any(axis=0)
        is_told: NDArray[np.bool_] = np.any(found, axis=0)
        groups = (found, rivals, self.beside(rivals), rivals & ~is_told)
        nearest = (self.nearest(among) for among in groups)
        derived = self.derived()
        return [
            Paired(
                told=told,
                same=same,
                rival=rival,
                shown=shown,
                dropped=dropped,
                derivable=derived[n],
                is_written=told.fact.kind in NAMES and is_named_otherwise(self.case, told.fact),
                words=self.case.words_of(told.fact),
            )
            for n, (told, same, rival, shown, dropped) in enumerate(
                zip(sort.here, *nearest, strict=True)
            )
        ]

    def beside(self, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return of some names those about as near as the nearest that have most beside them."""
        if not len(self.sort.there) or self.sort.there[0].fact.kind not in NAMES:
            return among  # beside a figure stands what it counts, be it the right one or not
        whole, before, behind = self.tables
        near = np.where(among, whole, np.float32(-1))
        is_near = among & (near >= NEARLY * near.max(axis=1, keepdims=True))
        score = np.where(is_near, whole + BESIDE_SHARE * np.maximum(before, behind), np.float32(-1))
        most: NDArray[np.bool_] = is_near & (score == score.max(axis=1, keepdims=True))
        return most

    def nearest(self, among: NDArray[np.bool_]) -> list[Near | None]:
        """Return the one of some facts that stands most in the place of each of the article's.

        Args:
            among: which of the sources' facts these are, for each of the article's.
        """
        if not len(self.sort.there):
            return [None] * len(self.sort.here)
        best = np.where(among, self.tables[0], np.float32(-1)).argmax(axis=1)
        rows, is_any = np.arange(len(best)), np.any(among, axis=1)
        measures = np.stack([table[rows, best] for table in self.tables], axis=1).tolist()
        return [
            Near(self.sort.there[m], *measures[n]) if is_any[n] else None
            for n, m in enumerate(best.tolist())
        ]

    def next_to(self, n: int) -> list[int]:
        """Return the few facts that stand next to one in its sentence, without itself."""
        own = self.siblings[self.sort.here[n].sentence]
        at = bisect_left(own, n)
        return [other for other in own[max(0, at - BESIDE) : at + BESIDE + 1] if other != n]

    def derived(self) -> list[float]:
        """Return how surely each fact follows from others: at last from what followed beside it.

        "6.3 percent more than the 1.28 million of June": the source has neither.
        """
        derived = [self.derivable(n) for n in range(len(self.sort.here))]
        for n, told in enumerate(self.sort.here):
            beside = self.next_to(n)
            followed = [self.sort.here[m] for m in beside if derived[m] >= SURE]
            if told.fact.quantity and followed and not derived[n] and not self.is_found[n]:
                found = [self.sort.here[m] for m in beside if self.is_found[m]]
                derived[n] = derivation(told.fact.quantity, [*followed, *found])
        return derived

    def places_of(self, facts: Sequence[int]) -> set[tuple[int, int]]:
        """Return the sentences of the sources that tell some facts, and the ones behind these."""
        places = set()
        for n in facts:
            if self.is_found[n]:
                best = np.where(self.found[n], self.tables[0][n], np.float32(-1)).argmax()
                there = self.sort.there[int(best)]
                places |= {(there.side, there.sentence), (there.side, there.sentence + 1)}
        return places

    def follows(self, told: Told) -> bool:
        """Tell whether a time follows from those that the sources tell near its place."""
        facts = [known.fact for known in self.figures.dated(told.sentence)]
        said = self.case.said_near(told, NEAREST)
        return is_about(told.fact, facts, self.text) or follows(
            told.fact, facts, self.case.published, said
        )

    def derivable(self, n: int) -> float:
        """Return how surely a fact follows from others, by arithmetic or by what readers know."""
        told = self.sort.here[n]
        if told.fact.quantity:
            return self.number_follows(n, told.fact.quantity)
        if self.is_found[n]:
            return 0.0
        if told.fact.moment:
            return float(n not in self.exchanged and self.follows(told))
        if told.fact.kind in {"place", "name"}:
            return float(is_within(told.fact, self.case) or is_government(self.case, told))
        return 0.0

    def number_follows(self, n: int, number: Quantity) -> float:
        """Return how surely a number follows from others, 0 to 1."""
        told = self.sort.here[n]
        before = self.siblings.get(told.sentence - 1, [])[-BESIDE:]
        beside = [self.sort.here[m] for m in (*self.next_to(n), *before) if self.is_found[m]]
        near = self.figures.near_to(told.sentence)
        places = {(known.side, known.sentence) for known in near}
        if n not in self.exchanged and (
            self.figures.sums.tell(number, places, beside) or is_part(told, near, self.texts)
        ):
            return WORKED_OUT
        if is_worked_out(told, near, beside, self.text, self.texts):
            return WORKED_OUT
        if self.is_found[n]:
            return 0.0
        if is_hour(number, [*near, *beside]) and not counts(self.text, told.fact):
            return 1.0
        if counts(self.text, told.fact) and counts_a_list(
            number, self.case.said_near(told, NEAREST)
        ):
            return WORKED_OUT
        related = self.figures.at(self.places_of(self.next_to(n)))
        return max(
            derivation(number, each, self.case.published)
            for each in ([*near, *beside], [*related, *beside])
        )
