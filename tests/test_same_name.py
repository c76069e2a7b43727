"""Claims about whether a name of one text is a name of another."""

from __future__ import annotations

import random
import time

import pytest

from detector.article import Article
from detector.facts import Fact, NameIndex, names


def facts_of(text: str) -> list[Fact]:
    return list(names(Article.from_text(text)))


def counterpart(name: str, source: str) -> str | None:
    fact = facts_of(f"They spoke of {name} at length.")[0]
    same = NameIndex(facts_of(f"They spoke of {source} at length.")).find(fact)
    return same.text if same else None


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("Kazakhstan", "Kazakh"),
        ("Britain", "British"),
        ("the UK", "Britons"),
        ("Ireland", "Irishwoman"),
        ("U.S.", "American"),
        ("NYC", "New York"),
        ("Erdoğan", "Erdogan"),
        ("Mr Lindqvist", "Karl Lindqvist"),
        ("Karl Lindqvist", "Mr Lindqvist"),
        ("K. Lindqvist", "Karl Lindqvist"),
        ("Bill Lindqvist", "William Lindqvist"),
        ("Karl Lindqvist", "Karl Lindquist"),
        ("USC", "University of Southern California"),
        ("University of Southern California", "USC"),
        ("the Ministry of Defence", "the Defense Ministry"),
        ("Carnegie Endowment", "the Carnegie Endowment for International Peace"),
        ("Zorbex Technology", "Zorbex"),
        ("Zorbex", "Zorbex Holdings Ltd"),
        ("the U.S. Supreme Court", "the Supreme Court"),
        ("the Supreme Court", "the U.S. Supreme Court"),
        ("the Regional Cooperation Forum", "the Regional Co-operation Forum"),
        ("Norr Utd", "Norrholm United"),
        ("Norrholm United", "Norrholm Utd"),
        ("the Lumiere", "the Lumieres"),
        ("ILEAs", "the International Law Enforcement Academies"),
    ],
)
def test_the_same_name_is_found(name: str, source: str) -> None:
    assert counterpart(name, source) == source.removeprefix("the ").removeprefix("Mr ")


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("Nairobi", "Kenya"),
        ("Austria", "Australia"),
        ("Slovenia", "Slovakia"),
        ("Karl Lindqvist", "Anna Lindqvist"),
        ("Karl Lindqvist", "Karl Berg"),
        ("Goldman Asset Management", "Goldman"),
        ("the Ministry of Public Works", "the Ministry of Public Health"),
        ("Bank of Norrholm", "Bank of Kenya"),
        ("NATO", "Interpol"),
        ("Norrholm City", "Norrholm United"),
        ("No Utd", "Norrholm United"),
        ("Vel Uni", "Velholm United"),
    ],
)
def test_another_name_is_not_taken_for_it(name: str, source: str) -> None:
    assert counterpart(name, source) is None


def test_a_text_has_all_its_own_names() -> None:
    text = (
        "Karl Lindqvist of the Bank of Norrholm met British troops in Nairobi. Lindqvist said "
        "Zorbex Ltd and the Zorbex Group paid the bank."
    )
    index = NameIndex(facts_of(text))
    found = [(fact.value, (index.find(fact) or fact).value) for fact in facts_of(text)]
    assert all(one == other for one, other in found)
    assert len(found) == 8


def test_the_order_of_other_texts_names_changes_nothing_that_is_unlike() -> None:
    source = facts_of("Karl Berg, Anna Holm, Kenya, NATO and the Bank of Norrholm agreed.")
    asked = facts_of("They met Mr Berg, Ms Holm, Kenyans, NATO and the Norrholm Bank.")
    expected = [NameIndex(source).find(fact) for fact in asked]
    assert None not in expected
    for seed in range(5):
        shuffled = random.Random(seed).sample(source, len(source))
        assert [NameIndex(shuffled).find(fact) for fact in asked] == expected


def test_numbers_and_quotes_are_no_names() -> None:
    number = Fact("number", 0, 2, "40", "40")
    assert NameIndex([number]).find(Fact("name", 0, 2, "40", "40")) is None


def test_thousands_of_people_of_one_surname_take_little_time() -> None:
    def people(first: str) -> list[Fact]:
        return [Fact("person", 0, 1, "x", f"{first}{n} lindqvist") for n in range(5_000)]

    started = time.process_time()
    index = NameIndex(people("anna"))
    assert [index.find(fact) for fact in people("karl")] == [None] * 5_000
    assert time.process_time() - started < 10
