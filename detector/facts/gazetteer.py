"""The shipped places of the world, and the words that are names or are not.

A place is found by any of its names, by its people and by its adjective: ``Kazakh``, ``Kazakhs``
and ``Kazakhstan`` are one; so are ``NYC``, ``New York`` and ``New York City``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from detector.errors import ModelError
from detector.facts.lexicon import folded, plain
from detector.shipped import read_model

GAZETTEER_FILE = "gazetteer.json"
WORDS_FILE = "name-words.json"
SCHEMA = 1
# "Trinidad and Tobago" has 3 words, "Saint Vincent and the Grenadines" 5.
LONGEST_PLACE = 5
Level = Literal["country", "region", "city", "wider"]
# What ``json.loads`` returns: numbers, names, and lists of either.
_Parsed = Mapping[str, Any]


class Place(NamedTuple):
    """One place.

    Attributes:
        value: its normal form, such as ``united kingdom``.
        level: ``wider`` is a continent, a sea, or a part of the world.
        within: code of its country, or of its country and region: ``US.CA``.
        thousands: how many thousand people live there; 0 when not known.
        is_adjective: it was found by its people or its adjective.
    """

    value: str
    level: Level
    within: str
    thousands: int
    is_adjective: bool = False


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places by what they are called, and words by what they are.

    Attributes:
        places: by name, people or adjective, in plain letters and their own capitals.
        abbreviations: of regions, which stand after a comma only: ``Calif``, ``CA``.
        openings: first words of places of two and more words.
        common: words that are mostly written in lower case.
        given: first names.
        surnames: frequent surnames.
    """

    places: Mapping[str, Place]
    abbreviations: Mapping[str, Place]
    openings: frozenset[str]
    common: frozenset[str]
    given: frozenset[str]
    surnames: frozenset[str]

    def is_given(self, key: str) -> bool:
        """Tell whether a word is a first name, or begins a double one."""
        return key in self.given or ("-" in key and key.partition("-")[0] in self.given)

    def longest(self, words: Sequence[str]) -> int:
        """Return how many of the first words are one place, 0 for none."""
        if words[0] in self.openings:
            for count in range(min(LONGEST_PLACE, len(words)), 1, -1):
                if " ".join(words[:count]) in self.places:
                    return count
        return int(words[0] in self.places)


def load_gazetteer(folder: Path | None = None) -> Gazetteer:
    """Read the shipped places and words.

    Args:
        folder: the folder of models; the shipped one when absent.

    Raises:
        ModelError: a file is missing, changed, or of another schema.
    """
    parsed, words = (_parsed(name, folder) for name in (GAZETTEER_FILE, WORDS_FILE))
    places = dict(_smaller_cities(parsed["more_cities"]))
    abbreviations: dict[str, Place] = {}
    for kind, level in _KINDS:
        for row in parsed[kind]:
            for name, place in _named(row, level):
                (abbreviations if _is_abbreviation(name, level) else places)[_key(name)] = place
    return Gazetteer(
        places=places,
        abbreviations=abbreviations,
        openings=frozenset(name.split()[0] for name in places if " " in name),
        common=frozenset(words["common"].split()),
        given=frozenset(words["given"].split()),
        surnames=frozenset(words["surnames"].split()),
    )


# So end the words for a people that have a man and a woman: Dutch, Welsh, Scots.
_WITH_MAN = ("sh", "ch", "ots")
# Later kinds win a name over earlier ones: "Georgia" is a country and a state, "Jersey" a city too.
_KINDS: tuple[tuple[str, Level], ...] = (
    ("cities", "city"),
    ("wider", "wider"),
    ("regions", "region"),
    ("countries", "country"),
)


def _parsed(name: str, folder: Path | None) -> _Parsed:
    parsed: _Parsed = json.loads(read_model(name, folder))
    if parsed.get("schema") != SCHEMA:
        raise ModelError(
            f"{name} has schema {parsed.get('schema')}; this version reads {SCHEMA}: "
            "install the package again"
        )
    return parsed


def _smaller_cities(grouped: Mapping[str, str]) -> Iterator[tuple[str, Place]]:
    for within, cities in grouped.items():
        # the names of a country are spelled in one go
        keys, values = _key(cities).split(";"), folded(cities).split(";")
        for key, value in zip(keys, values, strict=True):
            name, _, thousands = value.rpartition(":")
            spelling = key.rpartition(":")[0].removeprefix("the ")
            yield spelling, Place(name, "city", within, int(thousands))


def _named(row: Sequence[Any], level: Level) -> Iterator[tuple[str, Place]]:
    """Yield one place by each of its names."""
    name, within, thousands, others, people = row
    value = folded(name)
    for spelling in (name, *others):
        yield spelling, Place(value, level, within, thousands)
    for spelling in (*people, *_of_either_sex(people)):
        yield spelling, Place(value, level, within, thousands, is_adjective=True)


def _of_either_sex(people: Sequence[str]) -> Iterator[str]:
    """Yield "Irishwoman" of "Irish" and "Scotsmen" of "Scots"."""
    for name in people:
        if name.endswith(_WITH_MAN):
            yield from (f"{name}{person}" for person in ("man", "men", "woman", "women"))


def _is_abbreviation(name: str, level: Level) -> bool:
    return level == "region" and (name.endswith(".") or len(name) == 2)


def _key(name: str) -> str:
    return plain(name).replace(".", "").replace(",", "").removeprefix("the ")
