"""Names of one word: what a capitalised word is that no other word explains."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from detector.facts.capitals import Run, Word
from detector.facts.fact import Kind
from detector.facts.gazetteer import Gazetteer, Place
from detector.facts.lexicon import (
    FUNCTION_WORDS,
    INSTITUTIONS,
    LEGAL_FORMS,
    NOT_ORGANISATIONS,
    SITES,
    TITLES,
)

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
LOCATIVES = frozenset(
    "in at from near to outside around across of into toward towards via through leaving "
    "reached visited northern southern eastern western central downtown".split()
)
# After these a capitalised common word is an office or a body known from before, not a name.
_DETERMINERS = frozenset(
    "the a an this that these those his her its their our my your each every no any some "
    "and or".split()
)
# What follows a name rather than an interjection.
VERB = re.compile(
    r"\s(?:said|says|has|is|was|will|had|did|does|would|could|may|told|also|announced)\b"
)
_APART = re.compile(r"['-]")
# A member of Congress: R-Ky, D-NM.
_PARTY_STATE = re.compile(r"[DRI]-[A-Z][A-Za-z]{1,4}")
# "U-turn", "X-ray": named after a letter, and no name.
_LETTERED = re.compile(r"[A-Z]-[a-z]+")
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


def alone(run: Run, gazetteer: Gazetteer) -> Mention | None:
    """Read a run of one word."""
    word = run.words[0]
    is_common = word.lower in gazetteer.common
    if is_common and run.opens and not word.key.isupper():  # it only starts a sentence
        return None
    known = gazetteer.places.get(word.key)
    if known and known.level != "city" and not is_common:
        return Mention("place", run.words, known)
    (word,) = words = recased(run.words)
    is_small = len(word.key) == 1 or word.is_connector or word.lower in TITLES
    if is_small or is_function(word, gazetteer):
        return None
    known = gazetteer.places.get(word.key)
    if not known and _is_first_name(word, gazetteer):
        return Mention("person" if VERB.match(run.after) else "name", words)
    if known and (known.level != "city" or is_city(word, known, run.before, gazetteer)):
        return Mention("place", words, known)
    region = None if known else gazetteer.abbreviations.get(word.key)
    if region and run.follows_comma:  # "Calif." or "CA" after a comma or a bracket
        return Mention("place", words, region)
    return single(word, gazetteer, titled=False, run=run)


def is_function(word: Word, gazetteer: Gazetteer) -> bool:
    """Tell a word that names nothing from the place that is written like it: US."""
    is_whole = word.lower.isalpha() or word.lower in FUNCTION_WORDS
    head = word.lower if is_whole else _APART.split(word.lower)[0]
    return head in FUNCTION_WORDS and not (word.key.isupper() and word.key in gazetteer.places)


def _is_first_name(word: Word, gazetteer: Gazetteer) -> bool:
    """Tell a first name that is no other word."""
    if not gazetteer.is_given(word.key) or word.key.isupper() or word.lower in INSTITUTIONS:
        return False
    return word.lower not in gazetteer.common and word.key not in gazetteer.surnames


def is_city(word: Word, city: Place, before: str, gazetteer: Gazetteer) -> bool:
    """Tell a city from the surname, first name or common word spelled like it.

    Args:
        word: the word.
        city: the city that it may be.
        before: the word before it.
        gazetteer: what is known of words.
    """
    if word.lower in gazetteer.common:
        return before in LOCATIVES and city.thousands >= COMMON_CITY
    is_name = word.key in gazetteer.surnames or gazetteer.is_given(word.key)
    return not is_name or city.thousands >= LARGE_CITY or before in LOCATIVES


def single(
    word: Word, gazetteer: Gazetteer, *, titled: bool, run: Run | None = None
) -> Mention | None:
    """Read one word that is neither a first name nor a known place.

    Args:
        word: the word.
        gazetteer: what is known of words.
        titled: a title or an office stands before it.
        run: the run, when the word is all of it.
    """
    lower, key = word.lower, word.key
    if lower in LEGAL_FORMS or _MONEY.match(key) or _LETTERED.fullmatch(key):
        return None
    if key.isupper() and len(key) > 1 and "&" not in key:
        return _capitals(word, gazetteer)
    if key.upper() in NOT_ORGANISATIONS:
        return None
    is_common = lower in gazetteer.common
    if "&" in key or (lower in INSTITUTIONS and not is_common):
        return Mention("org", (word,))  # AT&T; Congress, Parliament, and the like
    if lower in INSTITUTIONS or lower in SITES or lower in TITLES:
        return None
    if is_common:  # it is one that nothing but a name gives a capital: Target, Orange
        is_bare = titled or run is None or run.opens or run.before in _DETERMINERS
        return None if is_bare else Mention("name", (word,), is_weak=True)
    is_unsure = run is not None and _is_unsure(word, run, gazetteer)
    kind: Kind = "person" if titled else "name"
    return Mention(kind, (word,), is_titled=titled, is_unsure=is_unsure)


def _capitals(word: Word, gazetteer: Gazetteer) -> Mention | None:
    """Read an abbreviation, or a shouted place or common word."""
    known = gazetteer.places.get(word.key.title()) if len(word.key) >= LOUD else None
    if known:
        return Mention("place", (word,), known)
    is_word = len(word.key) > LOUD and word.lower in gazetteer.common
    if is_word or word.key in NOT_ORGANISATIONS:
        return None
    return Mention("org" if word.key.isalpha() else "name", (word,))


def _is_unsure(word: Word, run: Run, gazetteer: Gazetteer) -> bool:
    """Tell whether only the start of a sentence gives a word its capital, for all we see."""
    if not run.opens or word.is_closed or word.key[1:] != word.lower[1:]:
        return False
    is_known = word.key in gazetteer.surnames or gazetteer.is_given(word.key)
    return not is_known and not VERB.match(run.after)


def recased(words: tuple[Word, ...]) -> tuple[Word, ...]:
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
