"""Later short mentions stand for the first full one: Greitens for Sheena Greitens."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from detector.facts.capitals import Word
from detector.facts.fact import Fact, Kind
from detector.facts.gazetteer import Gazetteer
from detector.facts.lexicon import LEGAL_FORMS
from detector.facts.single import Mention

# A common word is a name when it is capitalised in mid-sentence this often and never small.
WEAK_TIMES = 2
_SMALL = re.compile(r"(?<![\w'’.@/-])[a-z]{2,}")
# "the bank" is the one named before; what is not an organisation alone is left out. A pattern
# that begins with a few letters is found faster.
_ANAPHOR = re.compile(
    r"he (?<=[Tt]he )(?<!\w[Tt]he )([Bb]ank|[Uu]niversity|[Cc]ollege|[Ii]nstitute|[Mm]inistry|"
    r"[Dd]epartment|[Aa]gency|[Cc]ommission|[Cc]ommittee|[Cc]ouncil|[Aa]uthority|"
    r"[Ff]oundation|[Aa]ssociation|[Uu]nion|"
    r"[Ff]ederation|[Bb]ureau|[Aa]cademy|[Hh]ospital|[Aa]irline|[Ii]nstitution|[Oo]rgani[sz]ation)\b"
    r"(?! of\b|[’'-])"
)


def resolved(text: str, found: Sequence[Mention], gazetteer: Gazetteer) -> list[Fact]:
    """Turn mentions into facts whose value is the full name given anywhere in the text.

    Args:
        text: the article's.
        found: its mentions, in order.
        gazetteer: what is known of words.
    """
    firm = _firm(text, found)
    book = _Book(firm, gazetteer)
    told = [book.told(mention) for mention in firm]
    kinds: dict[str, Kind] = {}
    for kind, value in told:
        if kind != "name":
            kinds.setdefault(value, kind)
    facts = []
    for mention, (kind, value) in zip(firm, told, strict=True):
        start, end = mention.words[0].start, mention.words[-1].end
        facts.append(Fact(kinds.get(value, kind), start, end, text[start:end], value))
    return [*facts, *_anaphors(text, facts)]


def _firm(text: str, found: Sequence[Mention]) -> Sequence[Mention]:
    """Leave out what is hardly a name: a common word once, an unknown one that opens a sentence."""
    doubtful = [mention for mention in found if mention.is_weak or mention.is_unsure]
    if not doubtful:
        return found
    weak = Counter(mention.words[0].lower for mention in doubtful if mention.is_weak)
    often = [word for word, times in weak.items() if times >= WEAK_TIMES]
    small = frozenset(_SMALL.findall(text)) if often else frozenset()
    named = {word for word in often if word not in small}
    sure = {word.lower for m in found if not (m.is_weak or m.is_unsure) for word in m.words}
    return [
        mention
        for mention in found
        if (not mention.is_weak or mention.words[0].lower in named)
        and (not mention.is_unsure or mention.words[0].lower in sure)
    ]


class _Book:
    """Full names by their short forms."""

    def __init__(self, found: Sequence[Mention], gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.singles = frozenset(m.words[0].lower for m in found if len(m.words) == 1)
        self.alone: dict[str, int] = {}
        for mention in found:
            if len(mention.words) == 1:
                self.alone.setdefault(mention.words[0].key, mention.start)
        self.people: dict[str, Mention] = {}
        self.groups: dict[str, Mention] = {}
        full = [mention for mention in found if len(mention.words) > 1 and not mention.place]
        for mention in full:
            self.enter(mention)

    def enter(self, mention: Mention) -> None:
        """Note the short forms of a full name; of two people the first keeps them."""
        first, last = mention.words[0], mention.words[-1]
        if self.is_person(mention):
            self.people.setdefault(last.lower, mention)
            if first.lower not in self.gazetteer.common:  # Xi Jinping is Mr Xi
                self.people.setdefault(first.lower, mention)
            return
        for initials in _initials(mention.words):
            self.groups.setdefault(initials, mention)
        is_known = first.lower in self.gazetteer.common or first.key in self.gazetteer.places
        is_after = self.alone.get(first.key, mention.end) >= mention.end
        if is_after and not is_known and mention.kind != "place":
            self.groups.setdefault(first.key, mention)

    def is_person(self, mention: Mention) -> bool:
        """Tell a person by its kind, or by being called by the last word later on."""
        first, last = mention.words[0].lower, mention.words[-1].lower
        if mention.kind != "name":
            is_known = mention.is_titled or mention.words[0].key in self.gazetteer.given
            is_group = first in self.singles and last not in self.singles and not is_known
            return mention.kind == "person" and not is_group
        common = self.gazetteer.common
        is_called = last in self.singles and first not in self.singles
        return is_called and not any(word.lower in common for word in mention.words)

    def told(self, mention: Mention) -> tuple[Kind, str]:
        """Return the kind and the full name of a mention."""
        full, kind = self.full(mention)
        return kind, full.place.value if full.place else _value(full.words)

    def full(self, mention: Mention) -> tuple[Mention, Kind]:
        """Return the full name a mention stands for, or the mention itself."""
        if len(mention.words) == 1:
            word = mention.words[0]
            is_town = mention.place is None or mention.place.level == "city"
            person = self.people.get(word.lower) if is_town else None
            if person and mention.kind != "org":
                return person, "person"
            group = self.groups.get(word.key) if mention.place is None else None
            if group:
                return group, "org" if group.kind == "name" else group.kind
            return mention, mention.kind
        if self.is_person(mention):
            return mention, "person"
        return mention, "name" if mention.kind == "person" else mention.kind


def _initials(words: Sequence[Word]) -> Iterator[str]:
    """Yield the abbreviations of a name: with and without its small words and legal form."""
    named = [word for word in words if word.lower not in LEGAL_FORMS]
    large = [word for word in named if not word.is_connector]
    if len(large) > 1:
        yield "".join(word.key[0] for word in large).upper()
        if len(named) > len(large):
            yield "".join(word.key[0] for word in named).upper()


def _value(words: Sequence[Word]) -> str:
    if len(words) == 1:
        return words[0].lower
    kept = [word.lower for word in words]
    while len(kept) > 1 and kept[-1] in LEGAL_FORMS:
        kept.pop()
    return " ".join(kept)


def _anaphors(text: str, facts: Sequence[Fact]) -> Iterator[Fact]:
    """Yield "the bank" where a bank was named before."""
    groups = [fact for fact in facts if fact.kind == "org" and " " in fact.value]
    taken = {fact.start for fact in facts}
    found = _ANAPHOR.finditer(text) if groups else iter(())
    named: dict[str, str] = {}
    at = 0
    for anaphor in found:
        while at < len(groups) and groups[at].end < anaphor.start():
            named.update(dict.fromkeys(groups[at].value.split(), groups[at].value))
            at += 1
        start, end = anaphor.span(1)
        full = named.get(anaphor[1].lower())
        if full and start not in taken:
            yield Fact("org", start, end, anaphor[1], full)
