"""Runs of capitalised words, split into persons, places and organisations.

``British Prime Minister David Cameron`` is a place, a title and a person; ``Bank of England`` is
one organisation; ``Sheena Greitens of the University of Texas`` is a person and an organisation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from detector.facts.capitals import Run, Word
from detector.facts.cuts import Cuts
from detector.facts.fact import Kind
from detector.facts.gazetteer import Gazetteer, Place
from detector.facts.lexicon import (
    COMPASS,
    COURTESY,
    FUNCTION_WORDS,
    INSTITUTIONS,
    LEGAL_FORMS,
    NATURE,
    NOT_ORGANISATIONS,
    PARTICLES,
    SITES,
    TITLES,
)

# "Maria de los Angeles Garcia Lopez" is as long as names get.
LONGEST_PERSON = 5
# A city whose name is a surname as well is the city only when it is a large one.
LARGE_CITY = 1_000
# A city whose name is a common word as well is meant after "in" when it is at least this large:
# Nice and Reading are, Union and Federal Way are not.
COMMON_CITY = 150
# Abbreviations are shorter; this many capitals in a row are shouted words.
SHOUTED = 7
# Capitals of at least this many letters that spell a known place are that place: OSLO.
LOUD = 4
# What stands before a place.
_LOCATIVES = frozenset(
    "in at from near to outside around across of into toward towards via through leaving "
    "reached visited northern southern eastern western central downtown".split()
)
# After these a capitalised common word is an office or a body known from before, not a name.
_DETERMINERS = frozenset(
    "the a an this that these those his her its their our my your each every no any some "
    "and or".split()
)
# What follows a name rather than an interjection.
_VERB = re.compile(
    r"\s(?:said|says|has|is|was|will|had|did|does|would|could|may|told|also|announced)\b"
)
# In a name of several words these tell an organisation.
_OF_GROUPS = INSTITUTIONS | {"&"}
_APART = re.compile(r"['-]")
# A member of Congress: R-Ky, D-NM.
_PARTY_STATE = re.compile(r"[DRI]-[A-Z][A-Za-z]{1,4}")
# "US44 billion" has lost its sign.
_MONEY = re.compile(r"(?:US|AU|NZ|HK|Rs|Sh|USD|AUD|NZD|CAD|EUR|GBP|INR)\d")


class Mention(NamedTuple):
    """One name where it stands.

    Attributes:
        kind: person, place, org, or name when it could be any.
        words: the words of the name, without title and possessive ending.
        place: what the gazetteer knows of it.
        is_titled: "Mr" or an office stands before it.
        is_weak: one common word, capitalised for no reason seen yet.
        is_unsure: one unknown word that starts a sentence.
    """

    kind: Kind
    words: tuple[Word, ...]
    place: Place | None = None
    is_titled: bool = False
    is_weak: bool = False
    is_unsure: bool = False

    @property
    def start(self) -> int:
        """Where it starts in the article."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Where it ends in the article."""
        return self.words[-1].end

    def unhyphened(self, gazetteer: Gazetteer) -> Sequence[Mention]:
        """Return the places in "US-led" and "R-Wis", or else only the mention itself."""
        word = self.words[0]
        if "-" not in word.key or len(self.words) > 1 or self.place:
            return (self,)
        # So that places in it are places here; the full stops of "D-N.M." end the last of them.
        has_length = len(word.key) == word.end - word.start or _PARTY_STATE.fullmatch(word.key)
        return (has_length and list(_hyphened(word, gazetteer))) or (self,)


def mentions(run: Run, gazetteer: Gazetteer) -> Iterator[Mention]:
    """Yield the names in a run of capitalised words, in order."""
    if len(run.words) == 1:
        if _is_only_opening(run, gazetteer):
            return
        known = gazetteer.places.get(run.words[0].key)
        if known and known.level != "city" and run.words[0].lower not in gazetteer.common:
            yield Mention("place", run.words, known)
            return
        only = _Reader(run, gazetteer).only()
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


def _is_only_opening(run: Run, gazetteer: Gazetteer) -> bool:
    """Tell at a glance whether one common word starts a sentence."""
    word = run.words[0]
    return run.opens and word.lower in gazetteer.common and not word.key.isupper()


def _recased(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Write shouted words as names are written: NEW YORK is New York; NATO stays."""
    if not words[0].key.isupper():
        return words
    if not all(word.key.isupper() for word in words) or sum(len(w.key) for w in words) < SHOUTED:
        return words
    return tuple(
        word if len(word.key) == 1 else word._replace(key=word.key.title()) for word in words
    )


def _hyphened(word: Word, gazetteer: Gazetteer) -> Iterator[Mention]:
    """Yield the places among the parts of a word."""
    at = word.start
    for part in word.key.split("-"):
        known = gazetteer.places.get(part) or (
            gazetteer.abbreviations.get(part) if at > word.start else None
        )
        if known:
            end = word.end if _PARTY_STATE.fullmatch(word.key) else at + len(part)
            inner = Word(at, end, part, part.casefold(), False, True)
            yield Mention("place", (inner,), known)
        at += len(part) + 1


class _Reader:
    """Reads one run from the left."""

    def __init__(self, run: Run, gazetteer: Gazetteer) -> None:
        self.run = run
        self.words = _recased(run.words)
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
        is_whole = word.lower.isalpha() or word.lower in FUNCTION_WORDS
        head = word.lower if is_whole else _APART.split(word.lower)[0]
        if head in FUNCTION_WORDS:
            is_place = word.key.isupper() and word.key in self.gazetteer.places
            return not is_place and not self.is_first_name(at)
        return word.is_connector or len(word.key) == 1 == len(self.words)

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
        return self.named(stretch, titled=titled)

    def only(self) -> Mention | None:
        """Read a run of one word: what can be nothing but a name, or nothing at all."""
        is_name = not self.is_filler(0) and self.words[0].lower not in TITLES
        return self.named(self.words, titled=False) if is_name else None

    def named(self, stretch: Sequence[Word], *, titled: bool) -> Mention | None:
        """Tell who or what a stretch of words begins with."""
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
        alone = end == 1 and (stretch[0].key in self.gazetteer.places or len(stretch) > 1)
        if stretch[0].lower in INSTITUTIONS or (alone and not titled):
            return None
        is_surname = stretch[0].key in self.gazetteer.surnames
        if end == 1 and titled and self.cuts.is_common(stretch[0]) and not is_surname:
            return None
        is_either = self.cuts.is_common(stretch[0]) or is_surname
        if end == 1 and is_either and not titled:
            return None
        is_alone = end == 1 and not titled and not _VERB.match(self.run.after)
        kind: Kind = "name" if is_alone else "person"
        return Mention(kind, tuple(stretch[:end]), is_titled=titled)

    def place(self, stretch: Sequence[Word]) -> Mention | None:
        """Read a place of the gazetteer, alone or before a title or another name."""
        keys = [word.key for word in stretch]
        count = self.gazetteer.longest(keys)
        if not count:
            return self.abbreviated(stretch[0])
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
            return Mention("place", words, known) if self.run.before in _LOCATIVES else None
        return Mention("place", words, known)

    def starts(self, rest: Sequence[Word]) -> bool:
        """Tell whether another name starts here: a first name or a place."""
        return self.cuts.is_given(rest[0]) or self.gazetteer.longest([w.key for w in rest]) > 0

    def is_meant(self, words: Sequence[Word], known: Place, rest: Sequence[Word]) -> bool:
        """Tell a city from the surname, first name or common word spelled like it."""
        if known.level != "city" or len(words) > 1 or (rest and rest[0].lower == "of"):
            return not (rest and rest[0].lower == "of" and self.cuts.is_common(words[0]))
        is_located = self.run.before in _LOCATIVES and words[0] is self.words[0]
        if self.cuts.is_common(words[0]):
            return is_located and known.thousands >= COMMON_CITY
        is_name = words[0].key in self.gazetteer.surnames or self.cuts.is_given(words[0])
        return is_located or known.thousands >= LARGE_CITY or not is_name

    def abbreviated(self, word: Word) -> Mention | None:
        """Read "Calif." or "CA" after a comma or a bracket."""
        known = self.gazetteer.abbreviations.get(word.key)
        is_bare = len(self.words) > 1 or not self.run.follows_comma
        return None if known is None or is_bare else Mention("place", (word,), known)

    def unknown(self, stretch: Sequence[Word], *, titled: bool) -> Mention | None:
        """Read a name that neither list knows."""
        words = tuple(stretch)
        if len(words) == 1:
            return self.single(words[0], titled=titled)
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
        """Tell East Melbourne and northern parts of other places."""
        if words[0].lower not in COMPASS:
            return False
        return " ".join(word.key for word in words[1:]) in self.gazetteer.places

    def single(self, word: Word, *, titled: bool) -> Mention | None:
        """Read one word that is neither a first name nor a known place."""
        if word.lower in LEGAL_FORMS or _MONEY.match(word.key):
            return None
        if word.key.isupper() and len(word.key) > 1 and "&" not in word.key:
            return self.capitals(word)
        if word.key.upper() in NOT_ORGANISATIONS:
            return None
        if "&" in word.key or (word.lower in INSTITUTIONS and not self.cuts.is_common(word)):
            return Mention("org", (word,))  # AT&T; Congress, Parliament, and the like
        if word.lower in INSTITUTIONS or word.lower in SITES or word.lower in TITLES:
            return None
        return self.common(word, titled=titled) or self.uncommon(word, titled=titled)

    def capitals(self, word: Word) -> Mention | None:
        """Read an abbreviation, or a shouted place or common word."""
        known = self.gazetteer.places.get(word.key.title()) if len(word.key) >= LOUD else None
        if known:
            return Mention("place", (word,), known)
        is_word = len(word.key) > LOUD and self.cuts.is_common(word)
        if is_word or word.key in NOT_ORGANISATIONS:
            return None
        return Mention("org" if word.key.isalpha() else "name", (word,))

    def uncommon(self, word: Word, *, titled: bool) -> Mention | None:
        if self.cuts.is_common(word):
            return None
        kind: Kind = "person" if titled else "name"
        return Mention(kind, (word,), is_titled=titled, is_unsure=self.is_unsure(word))

    def common(self, word: Word, *, titled: bool) -> Mention | None:
        """Read a common word that nothing but a name gives a capital: Target, Orange."""
        is_bare = titled or self.run.opens or len(self.words) > 1
        if is_bare or self.run.before in _DETERMINERS or not self.cuts.is_common(word):
            return None
        return Mention("name", (word,), is_weak=True)

    def is_unsure(self, word: Word) -> bool:
        """Tell whether only the start of a sentence gives a word its capital, for all we see."""
        if (
            not self.run.opens
            or len(self.words) > 1
            or word.is_closed
            or word.key[1:] != word.lower[1:]
        ):
            return False
        is_known = self.cuts.is_given(word) or word.key in self.gazetteer.surnames
        return not is_known and not _VERB.match(self.run.after)
