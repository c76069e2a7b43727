"""Whether two names are the same one.

``USC`` is the University of Southern California, Mr Modi is Narendra Modi, and the Defence
Ministry is the Ministry of Defense.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from detector.facts.fact import Fact
from detector.facts.lexicon import CONNECTORS, LEGAL_FORMS, SITES, TITLES, plain

# Words that say what a thing is, not which one: Dahua Technology is Dahua.
_GENERIC = (
    LEGAL_FORMS
    | SITES
    | TITLES
    | frozenset(
        "group company technology technologies holdings holding industries international the "
        "newspaper magazine government national party club fc team city greater county state "
        "republic".split()
    )
)
# Two spellings of one word in organisations' names: American and British, short and in full.
_SPELLINGS = {
    "defence": "defense", "centre": "center", "organisation": "organization", "labour": "labor",
    "theatre": "theater", "programme": "program", "harbour": "harbor", "utd": "united",
}  # fmt: skip
# Two letters abbreviate too many names.
SHORTEST_INITIALS = 3
# A word is cut short to so many letters: Man City, Calif State.
SHORTEST_CUT = 3
# Names of so many letters are the same wherever they are parted; "Al Ain" and "Alain" are not.
LONG_NAME = 10
# Longer surnames may differ by one letter, as transliterations do: Gaddafi and Qaddafi.
SPELLED_ALIKE = 6
# "Schwarzenegger" has 14 letters.
LONGEST_SURNAME = 24
# A text that names more people of one surname is a list, and every one is given in full.
MOST_ALIKE = 100
_SHORT = {
    "bill": "william", "will": "william", "bob": "robert", "rob": "robert", "dick": "richard",
    "jim": "james", "jimmy": "james", "mike": "michael", "tom": "thomas", "tony": "anthony",
    "ted": "edward", "ed": "edward", "joe": "joseph", "jack": "john", "liz": "elizabeth",
    "beth": "elizabeth", "kate": "katherine", "peggy": "margaret", "maggie": "margaret",
    "hank": "henry", "harry": "henry", "bernie": "bernard", "chuck": "charles",
    "sasha": "alexander",
}  # fmt: skip


class NameIndex:
    """The names of one text, to be asked for a name of another.

    Args:
        facts: of the kinds person, place, org and name, in order; others are left out.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._by_value: dict[str, Fact] = {}
        self._by_key: dict[str, Fact] = {}
        self._by_word: dict[str, list[Fact]] = defaultdict(list)
        self._by_spelling: dict[str, list[Fact]] = defaultdict(list)
        for fact in facts:
            if fact.kind in {"person", "place", "org", "name"}:
                self._enter(fact)

    def _enter(self, fact: Fact) -> None:
        if fact.value in self._by_value:
            return
        self._by_value[fact.value] = fact
        initials = [*_initials(fact)]
        for key in (_content(fact.value), *initials, *(f"{i}s" for i in initials)):
            self._by_key.setdefault(key, fact)
        if len(_joined(fact.value)) >= LONG_NAME:
            self._by_key.setdefault(_joined(fact.value), fact)
        for word in sorted(set(_words(fact.value))):
            _add(self._by_word[word], fact)
        if fact.kind == "person":
            for spelling in _misspelled(fact.value.split()[-1]):
                _add(self._by_spelling[spelling], fact)

    def find(self, fact: Fact) -> Fact | None:
        """Return the name that is the same one, or None.

        A place is found by its normal form; a person by the surname, when the first names agree
        as far as both are given; an organisation by its words in any order, by its initials, or
        by a longer name that begins as it does.
        """
        value = fact.value
        same = self._by_value.get(value) or self._by_key.get(_content(value))
        if same or fact.kind == "place":
            return same
        if " " not in value:
            same = self._by_key.get(value) or self._in_other_number(value)
        if len(_joined(value)) >= LONG_NAME:
            same = same or self._by_key.get(_joined(value))
        for initials in _initials(fact):
            same = same or self._by_value.get(initials)
        return same or self._alike(fact)

    def _in_other_number(self, value: str) -> Fact | None:
        """Find "Baftas" for "Bafta", and the other way round."""
        same = self._by_value.get(f"{value}s") or self._by_value.get(value.removesuffix("s"))
        return same if same and same.kind in {"org", "name"} else None

    def _alike(self, fact: Fact) -> Fact | None:
        near = {
            other.value: other
            for word in _words(fact.value)
            for other in self._by_word.get(word, ())
        }
        for other in near.values():
            people = "person" in (fact.kind, other.kind)
            test = _is_same_person if people else _is_same_group
            if other.kind != "place" and test(fact.value, other.value):
                return other
        return self._spelled_alike(fact) if fact.kind == "person" else None

    def _spelled_alike(self, fact: Fact) -> Fact | None:
        """Find a person whose surname differs by one letter."""
        words = fact.value.split()
        for spelling in _misspelled(words[-1]):
            for other in self._by_spelling.get(spelling, ()):
                theirs = other.value.split()
                firsts_agree = not (words[:-1] and theirs[:-1]) or words[0] == theirs[0]
                if firsts_agree and _is_one_letter_off(words[-1], theirs[-1]):
                    return other
        return None


def _joined(value: str) -> str:
    """Return a name without its gaps: "Co-operation Forum" and "Cooperation Forum" are one."""
    return "".join(char for char in value if char.isalnum())


def _add(facts: list[Fact], fact: Fact) -> None:
    if len(facts) < MOST_ALIKE:
        facts.append(fact)


def _misspelled(word: str) -> Iterator[str]:
    """Yield a longer word, and it without each of its letters: words one letter off share one."""
    if SPELLED_ALIKE <= len(word) <= LONGEST_SURNAME:
        yield word
        for at in range(len(word)):
            yield word[:at] + word[at + 1 :]


def _words(value: str) -> list[str]:
    return [_SPELLINGS.get(word, word) for word in value.split() if word not in CONNECTORS]


def _content(value: str) -> str:
    """Return the words that say which one it is, in alphabetical order."""
    words = _words(value)
    return " ".join(sorted(word for word in words if word not in _GENERIC) or sorted(words))


def _initials(fact: Fact) -> Iterator[str]:
    """Yield the abbreviations of three letters and more, with and without small words.

    The words of the text count too: the value of Life Insurance Corporation is without its form.
    """
    written = plain(fact.text).casefold().split()
    for value in (fact.value.split(), written):
        named = [word for word in value if word not in LEGAL_FORMS or value is written]
        large = [word for word in named if word not in CONNECTORS]
        for words in (large, named):
            if len(words) >= SHORTEST_INITIALS:
                yield "".join(word[0] for word in words)


def _is_same_person(one: str, other: str) -> bool:
    a, b = one.split(), other.split()
    if len(a) == 1 or len(b) == 1:
        short, long = sorted((a, b), key=len)
        return short[0] in (long[0], long[-1])
    if a[-1] != b[-1]:
        return False
    return _is_same_first_name(a[0], b[0])


def _is_same_first_name(one: str, other: str) -> bool:
    """Tell whether two first names agree: equal, an initial, a short form."""
    short, long = sorted((_SHORT.get(one, one), _SHORT.get(other, other)), key=len)
    return long.startswith(short) or _is_one_letter_off(short, long)


def _is_same_group(fact: str, other: str) -> bool:
    """Tell whether a name begins a longer one, kind of company left aside, or ends it.

    Supreme Court is U.S. Supreme Court, either way; Goldman Sachs Asset Management is a part of
    Goldman Sachs, and not the same.
    """
    short, long = sorted((_words(fact), _words(other)), key=len)
    if len(short) > 1 and (long[-len(short) :] == short or _is_cut_short(short, long)):
        return True
    a, b = ([w for w in _words(value) if w not in _GENERIC] for value in (fact, other))
    return bool(a) and a == b[: len(a)]


def _is_cut_short(one: list[str], other: list[str]) -> bool:
    """Tell whether two names differ in one word, that is cut short: Man City."""
    unlike = [sorted(pair, key=len) for pair in zip(one, other, strict=False) if len(set(pair)) > 1]
    if len(one) != len(other) or len(unlike) != 1:
        return False
    short, long = unlike[0]
    return len(short) >= SHORTEST_CUT and long.startswith(short)


def _is_one_letter_off(one: str, other: str) -> bool:
    if min(len(one), len(other)) < SPELLED_ALIKE or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    start = next(
        (i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short)
    )
    return short[start + (len(short) == len(long)) :] == long[start + 1 :]
