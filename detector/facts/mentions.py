"""Runs of capitalised words, split into persons, places and organisations.

``British Prime Minister David Cameron`` is a place, a title and a person; ``Bank of England`` is
one organisation; ``Sheena Greitens of the University of Texas`` is a person and an organisation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detector.facts.capitals import Run, Word
from detector.facts.cuts import Cuts
from detector.facts.fact import Kind
from detector.facts.gazetteer import Gazetteer, Place
from detector.facts.lexicon import (
    COMPASS,
    COURTESY,
    HONOURS,
    INSTITUTIONS,
    NATURE,
    PARTICLES,
    SITES,
    TITLES,
)
from detector.facts.single import (
    LARGE_CITY,
    LOCATIVES,
    VERB,
    Mention,
    alone,
    is_city,
    is_function,
    recased,
    single,
)

# "Maria de los Angeles Garcia Lopez" is as long as names get.
LONGEST_PERSON = 5
# In a name of several words these tell an organisation.
_OF_GROUPS = INSTITUTIONS | {"&"}


def mentions(run: Run, gazetteer: Gazetteer) -> Iterator[Mention]:
    """Yield the names in a run of capitalised words, in order."""
    if len(run.words) == 1:
        only = alone(run, gazetteer)
        yield from only.unhyphened(gazetteer) if only else ()
        return
    reader = _Reader(run, gazetteer)
    at, titled = reader.first, False
    while at < len(run.words):
        if reader.is_filler(at):
            at += 1
            continue
        found = reader.read(at, titled=titled)
        if found is None:
            titled = titled or run.words[at].lower in TITLES
            at += 1
            continue
        yield from found.unhyphened(gazetteer)
        titled = False
        at += len(found.words)


class _Reader:
    """Reads one run from the left."""

    def __init__(self, run: Run, gazetteer: Gazetteer) -> None:
        self.run = run
        self.words = recased(run.words)
        self.gazetteer = gazetteer
        self.cuts = Cuts(self.words, gazetteer)

    @property
    def first(self) -> int:
        """Index of the first word that is not merely the start of a sentence."""
        words = self.words
        if not self.run.opens or not self.cuts.is_common(words[0]):
            return 0
        if (
            words[0].lower in INSTITUTIONS
            or words[0].lower in TITLES
            or self.cuts.is_given(words[0])
        ):
            return 0
        if self.gazetteer.longest(self.cuts.keys):
            return 0
        after = words[1]
        known = not after.is_connector and self.cuts.is_common(after) and after.lower not in TITLES
        return 0 if known else 1

    def is_filler(self, at: int) -> bool:
        """Tell whether no name starts here."""
        word = self.words[at]
        if is_function(word, self.gazetteer):
            return not self.is_first_name(at)
        is_honour = at > 1 and word.key in HONOURS and word.lower not in TITLES
        return word.is_connector or is_honour

    def is_first_name(self, at: int) -> bool:
        """Tell "Will Smith" from "Will Germany"."""
        if at + 1 == len(self.words) or not self.cuts.is_given(self.words[at]):
            return False
        return self.words[at + 1].key in self.gazetteer.surnames

    def read(self, at: int, *, titled: bool) -> Mention | None:
        """Read the name that starts at a word; None for a title or an empty word."""
        stretch = self.words[at : self.cuts.stretch_end(at)]
        is_surname = len(stretch) == 1 and at > 0 and self.words[at - 1].lower in COURTESY
        if is_surname:
            return Mention("person", stretch, is_titled=True)
        if self.cuts.is_title(stretch) or self.cuts.is_before_name(at, stretch, titled=titled):
            return None
        whole = len(stretch)
        stretch = stretch[: self.cuts.title_in(stretch)]
        if len(stretch) < whole and all(self.cuts.is_described(word) for word in stretch):
            return None  # Regional Sales Manager
        more = at + 1 < len(self.words) and not self.words[at].is_closed
        if titled and more and self.cuts.is_office(stretch[0]):
            return None
        return (
            self.person(stretch, titled=titled)
            or self.place(stretch)
            or self.unknown(stretch, titled=titled)
        )

    def person(self, stretch: Sequence[Word], *, titled: bool) -> Mention | None:
        """Read a first name with surnames, or any name after a title."""
        if not (titled or self.cuts.is_given(stretch[0])) or stretch[0].key.isupper():
            return None
        known = self.gazetteer.places.get(stretch[0].key)
        if titled and known and known.level != "city" and not self.cuts.is_given(stretch[0]):
            return None
        end = 1
        while end < min(len(stretch), LONGEST_PERSON) and self.cuts.may_be_surname(stretch, end):
            end += 1
        rest = stretch[end:]
        if rest and any(word.lower in INSTITUTIONS for word in rest):
            has_gap = rest[0].is_connector and rest[0].lower not in PARTICLES
            return Mention("person", tuple(stretch[:end])) if end > 1 and has_gap else None
        is_bare = end == 1 and (stretch[0].key in self.gazetteer.places or len(stretch) > 1)
        if stretch[0].lower in INSTITUTIONS or (is_bare and not titled):
            return None
        is_surname = stretch[0].key in self.gazetteer.surnames
        if end == 1 and titled and self.cuts.is_common(stretch[0]) and not is_surname:
            return None
        is_either = self.cuts.is_common(stretch[0]) or is_surname
        if end == 1 and is_either and not titled:
            return None
        is_alone = end == 1 and not titled and not VERB.match(self.run.after)
        kind: Kind = "name" if is_alone else "person"
        return Mention(kind, tuple(stretch[:end]), is_titled=titled)

    def place(self, stretch: Sequence[Word]) -> Mention | None:
        """Read a place of the gazetteer, alone or before a title or another name."""
        keys = [word.key for word in stretch]
        count = self.gazetteer.longest(keys)
        if not count or (count < len(stretch) and self.is_part_of_place(stretch)):
            return None
        words, rest = tuple(stretch[:count]), stretch[count:]
        known = self.gazetteer.places[" ".join(keys[:count])]
        if not rest or rest[0].is_connector:
            return Mention("place", words, known) if self.is_meant(words, known, rest) else None
        if any(word.lower in INSTITUTIONS for word in rest):
            return None
        if rest[0].lower in SITES or (not known.is_adjective and not self.starts(rest)):
            return None
        if known.is_adjective and self.cuts.is_common(rest[0]):
            return None
        if known.level == "city" and known.thousands < LARGE_CITY and count == 1:
            return Mention("place", words, known) if self.run.before in LOCATIVES else None
        return Mention("place", words, known)

    def starts(self, rest: Sequence[Word]) -> bool:
        """Tell whether another name starts here: a first name or a place."""
        return self.cuts.is_given(rest[0]) or self.gazetteer.longest([w.key for w in rest]) > 0

    def is_meant(self, words: Sequence[Word], known: Place, rest: Sequence[Word]) -> bool:
        """Tell a city from the surname, first name or common word spelled like it."""
        if known.level != "city" or len(words) > 1 or (rest and rest[0].lower == "of"):
            return not (rest and rest[0].lower == "of" and self.cuts.is_common(words[0]))
        before = self.run.before if words[0] is self.words[0] else ""
        return is_city(words[0], known, before, self.gazetteer)

    def unknown(self, stretch: Sequence[Word], *, titled: bool) -> Mention | None:
        """Read a name that neither list knows."""
        words = tuple(stretch)
        if len(words) == 1:
            return single(words[0], self.gazetteer, titled=titled)
        kind: Kind = "name"
        lower = [word.lower for word in words]
        if not _OF_GROUPS.isdisjoint(lower):
            kind = "org"
        elif lower[-1] in SITES or lower[0] in NATURE or self.is_part_of_place(words):
            kind = "place"
        elif self.gazetteer.common.isdisjoint(lower) and (
            titled or words[-1].key in self.gazetteer.surnames
        ):
            kind = "person"
        return Mention(kind, words, is_titled=titled)

    def is_part_of_place(self, words: Sequence[Word]) -> bool:
        """Tell Central Europe, East Melbourne and northern parts of other places."""
        if words[0].lower not in COMPASS:
            return False
        return " ".join(word.key for word in words[1:]) in self.gazetteer.places
