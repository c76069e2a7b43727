"""Each fact of an article beside its counterparts: the same one, or another in its place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from detector.evidence.fabrication.arithmetic import (
    is_derivable,
    is_hour,
    is_same_amount,
)
from detector.evidence.fabrication.case import NAMES, Case, Told
from detector.facts import Fact, Moment, same_moment, same_quantity
from detector.facts.lexicon import CONNECTORS

# Facts further away than the three likeliest sentences are not combined into others.
NEAREST = 5
# So many facts to either side of one may stand in for its counterpart, or explain it.
BESIDE = 8
# "From 9 percent to 64" leaves out a unit; where nothing else is alike, 40 countries are not 40 %.
BARE = 0.25
# Capitals that news writing puts for a government, unless a word says that something is in it.
_CAPITALS = frozenset(
    "abuja accra algiers amman amsterdam ankara athens baghdad bangkok beijing beirut belgrade "
    "berlin bern bogota brasilia brussels bucharest budapest cairo canberra caracas copenhagen "
    "damascus delhi dhaka dublin hanoi harare havana helsinki islamabad jakarta jerusalem kabul "
    "khartoum kiev kyiv lima lisbon london madrid manila minsk moscow nairobi oslo ottawa paris "
    "prague pretoria quito riga riyadh rome santiago seoul singapore sofia stockholm taipei "
    "tallinn tehran tokyo tripoli tunis vienna vilnius warsaw washington wellington zagreb".split()
)
# "the Harbour Initiative" is the same effort as the source's "Harbour investments".
_EFFORTS = frozenset(
    "Initiative Project Programme Program Plan Scheme Forum Agreement Act Bill Deal Treaty Index "
    "Strategy Summit Conference Report Study Survey Campaign Award Prize Cup".split()
)
LONGEST_PREPOSITION = 12
_POSSESSIVES = ("'s", "’s")
_LOCATIVE = frozenset("in near at outside around to from inside across of reach through".split())


@dataclass(frozen=True)
class Paired:
    """A fact of the article with its counterparts in the sources.

    Attributes:
        told: the fact.
        same: the same fact where it stands in the place most alike, or None.
        match: how far that place is the same, 0 to 1.
        rival: another fact of the kind in a place alike, which the article does not name there.
        rivalry: how far that place is the same, 0 to 1.
        is_derivable: it follows from facts near its place in the source, by arithmetic or by what
            every reader knows.
        is_written: a source has its words side by side.
        words: share of its words that any source has.
    """

    told: Told
    same: Told | None
    match: float
    rival: Told | None
    rivalry: float
    is_derivable: bool
    is_written: bool
    words: float

    @property
    def is_found(self) -> bool:
        """Whether the sources have the fact, or what it follows from."""
        return self.same is not None or self.is_derivable or self.is_written


def pair_up(case: Case) -> tuple[Paired, ...]:
    """Return every number, date and name of an article with its counterparts."""
    matcher = _Matcher(case)
    return tuple(
        matcher.paired(told)
        for told in case.told
        if told.fact.kind in NAMES or told.fact.kind in {"number", "date"}
    )


class _Matcher:
    """Finds counterparts of facts by their kind."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.numbers = [k for k in case.known if k.fact.quantity]
        self.dates = [k for k in case.known if k.fact.moment]
        self.names = case.known_of(NAMES)
        self.siblings: dict[int, list[Told]] = {}
        for told in case.told:
            self.siblings.setdefault(told.sentence, []).append(told)

    def paired(self, told: Told) -> Paired:
        fact = told.fact
        if fact.quantity:
            same, rivals = self._numbers(told)
        elif fact.moment:
            same, rivals = self._dates(told)
        else:
            same, rivals = self._names(told)
        match, nearest = self._nearest(told, same)
        rivalry, rival = self._nearest(told, rivals)
        return Paired(
            told=told,
            same=nearest,
            match=match,
            rival=rival,
            rivalry=rivalry,
            is_derivable=nearest is None and self._is_derivable(told),
            is_written=fact.kind in NAMES and self._is_written(fact.text),
            words=self._words(fact),
        )

    def _nearest(self, told: Told, known: Sequence[Told]) -> tuple[float, Told | None]:
        best, found = 0.0, None
        for other in known:
            closeness = self.case.closeness(told, other)
            if found is None or closeness > best:
                best, found = closeness, other
        return best, found

    def _numbers(self, told: Told) -> tuple[list[Told], list[Told]]:
        own = told.fact.quantity
        same, rivals = [], []
        for known in self.numbers:
            other = known.fact.quantity
            if own is None or other is None:
                continue
            if same_quantity(own, other) or self._is_bare(told, known):
                same.append(known)
            elif other.unit == own.unit and known.sentence >= 0:
                rivals.append(known)
        return same, self._unnamed(told, rivals)

    def _is_bare(self, told: Told, known: Told) -> bool:
        """Tell whether two numbers agree but for a unit, and stand in the same place."""
        own, other = told.fact.quantity, known.fact.quantity
        is_same = own is not None and other is not None and is_same_amount(own, other)
        return is_same and self.case.closeness(told, known) >= BARE

    def _dates(self, told: Told) -> tuple[list[Told], list[Told]]:
        own = told.fact.moment
        same, rivals = [], []
        for known in self.dates:
            moment = known.fact.moment
            if own and moment and (known.fact.value == told.fact.value or same_moment(own, moment)):
                same.append(known)
            elif known.sentence >= 0 and _grain(own) == _grain(moment):
                rivals.append(known)
        return same, self._unnamed(told, rivals)

    def _names(self, told: Told) -> tuple[list[Told], list[Told]]:
        found = self.case.names.find(told.fact)
        value = found.value if found else None
        same = [k for k in self.names if k.fact.value == value]
        kind = told.fact.kind
        rivals = [
            k
            for k in self.names
            if k.fact.kind == kind and k.fact.value != value and k.sentence >= 0
        ]
        return same, self._unnamed(told, rivals)

    def _unnamed(self, told: Told, rivals: Sequence[Told]) -> list[Told]:
        """Leave out what the same sentence of the article names as well."""
        beside = [other.fact for other in self._next_to(told) if other is not told]
        return [k for k in rivals if not any(_is_same(fact, k.fact) for fact in beside)]

    def _is_derivable(self, told: Told) -> bool:
        quantity = told.fact.quantity
        if quantity:
            near = [k for k in (*self.numbers, *self.dates) if self._is_near(told, k)]
            near += [o for o in self._beside(told) if o.fact.quantity and self._numbers(o)[0]]
            return is_derivable(quantity, near) or is_hour(quantity, near)
        if told.fact.kind in {"place", "name"}:
            return is_within(told.fact, self.names) or self._is_government(told)
        return False

    def _beside(self, told: Told) -> list[Told]:
        """Return the few other facts that stand next to one, in its sentence or the one before."""
        n = told.sentence
        others = [*self.siblings.get(n - 1, ())[-BESIDE:], *self._next_to(told)]
        return [other for other in others if other is not told]

    def _next_to(self, told: Told) -> list[Told]:
        own = self.siblings[told.sentence]
        at = bisect_left(own, told.fact.start, key=lambda other: other.fact.start)
        return own[max(0, at - BESIDE) : at + BESIDE + 1]

    def _is_government(self, told: Told) -> bool:
        """Tell whether a large city stands for a country that is known: "Moscow denies"."""
        from detector.facts.known import GAZETTEER  # it reads the shipped lists

        place = GAZETTEER.places.get(told.fact.value.title())
        if place is None or told.fact.value.removeprefix("new ") not in _CAPITALS:
            return False
        text, start = self.case.article.article.text, told.fact.start
        is_owner = text.startswith(_POSSESSIVES, told.fact.end)
        before = text[max(0, start - LONGEST_PREPOSITION) : start].split()
        if before and before[-1].casefold() in _LOCATIVE and not is_owner:
            return False
        country = place.within.partition(".")[0]
        known = (GAZETTEER.places.get(k.fact.value.title()) for k in self.names)
        return any(p is not None and p.level == "country" and p.within == country for p in known)

    def _is_written(self, name: str) -> bool:
        """Tell whether a source has a name, plural left aside, or the first part of "X Y of Z"."""
        whole = self.case.has_words
        if whole(name) or (name.endswith("s") and whole(name[:-1])):
            return True
        before, _, last = name.rpartition(" ")
        if before and last in _EFFORTS and whole(before):
            return True
        first, _, place = name.partition(" of ")
        return bool(place) and " " in first and whole(first)

    def _is_near(self, told: Told, known: Told) -> bool:
        if known.sentence < 0 or told.sentence < 0:
            return False
        row = self.case.likeness[known.side][told.sentence]
        return bool((row > row[known.sentence]).sum() < NEAREST)

    def _words(self, fact: Fact) -> float:
        words = [w for w in fact.text.casefold().replace("’", "'").split() if w not in CONNECTORS]
        bare = [word.strip(".,'\"()").removesuffix("'s") for word in words]
        return sum(word in self.case.words for word in bare) / max(1, len(bare))


def is_within(place: Fact, names: Sequence[Told]) -> bool:
    """Tell whether a country or region holds a place that is known: every reader knows that."""
    from detector.facts.known import GAZETTEER  # it reads the shipped lists

    outer = GAZETTEER.places.get(place.value.title())
    if outer is None or outer.level in {"city", "wider"}:
        return False
    inner = (GAZETTEER.places.get(known.fact.value.title()) for known in names)
    return any(
        p is not None and (p.within == outer.within or p.within.startswith(f"{outer.within}."))
        for p in inner
    )


def _grain(moment: Moment | None) -> str:
    """Say what kind of time it is: a year does not contradict a weekday."""
    if moment is None:
        return ""
    if moment.day is not None or moment.weekday is not None:
        return "day"
    if moment.month is not None or moment.season is not None:
        return "month"
    if moment.year is not None:
        return "year"
    return "hour" if moment.hour is not None else "relative"


def _is_same(one: Fact, other: Fact) -> bool:
    if one.quantity and other.quantity:
        return same_quantity(one.quantity, other.quantity)
    if one.moment and other.moment:
        return same_moment(one.moment, other.moment)
    return one.value == other.value
