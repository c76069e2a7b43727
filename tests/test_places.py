"""Claims about places: found by name, people, adjective and abbreviation, and by context."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detector.article import Article
from detector.errors import ModelError
from detector.facts import names
from detector.facts.gazetteer import GAZETTEER_FILE, WORDS_FILE, load_gazetteer
from detector.shipped import read_model


def places(text: str) -> list[tuple[str, str]]:
    facts = names(Article.from_text(text))
    return [(fact.text, fact.value) for fact in facts if fact.kind == "place"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("Kazakhstan", "kazakhstan"),
        ("Kazakhs", "kazakhstan"),
        ("the UK", "united kingdom"),
        ("Britain", "united kingdom"),
        ("Britons", "united kingdom"),
        ("U.S.", "united states"),
        ("the US", "united states"),
        ("America", "united states"),
        ("Americans", "united states"),
        ("NYC", "new york city"),
        ("New York", "new york city"),
        ("New Zealand", "new zealand"),
        ("St. Louis", "st louis"),
        ("Köln", "cologne"),
        ("Bombay", "mumbai"),
        ("Texans", "texas"),
        ("Tamil Nadu", "tamil nadu"),
        ("Scottish", "scotland"),
        ("Europeans", "europe"),
        ("the Middle East", "middle east"),
    ],
)
def test_a_place_has_one_form(written: str, value: str) -> None:
    text = f"They thought of {written} at night."
    assert [found for _, found in places(text)] == [value]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was a US-led plan.", [("US", "united states")]),
        ("It was a Nairobi-based bank.", [("Nairobi", "nairobi")]),
        (
            "It was a French-German plan.",
            [("French", "france"), ("German", "germany")],
        ),
        ("Clara Holm (R-Wis.) left.", [("Wis", "wisconsin")]),
        (
            "She lives in Modesto, Calif., now.",
            [("Modesto", "modesto"), ("Calif", "california")],
        ),
        ("They went to East London by bus.", [("East London", "east london")]),
    ],
)
def test_a_place_is_found_beside_hyphens_and_commas(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert places(text) == expected


def test_a_city_spelled_like_a_common_word_is_one_after_in() -> None:
    assert places("They met in Nice last week.") == [("Nice", "nice")]
    assert places("Nice was the word. They read at Reading.") == [("Reading", "reading")]
    assert places("Reading is good for them.") == []


def test_a_city_spelled_like_a_surname_is_the_person_named_so() -> None:
    assert places("They asked Clara Hamilton. Then Hamilton left.") == []
    assert places("They live in Hamilton now.") == [("Hamilton", "hamilton")]


def test_a_first_name_before_a_surname_is_no_place() -> None:
    assert places("They asked Jordan Smith and Georgia Brown.") == []
    assert places("They flew to Jordan and Georgia.") == [
        ("Jordan", "jordan"),
        ("Georgia", "georgia"),
    ]


def test_a_place_in_the_name_of_an_organisation_is_not_named_by_itself() -> None:
    assert places("The Bank of England met the Boston Globe and Texas Instruments.") == []


def test_a_gazetteer_of_another_schema_is_refused(tmp_path: Path) -> None:
    from hashlib import sha256

    listed = {}
    for name in (GAZETTEER_FILE, WORDS_FILE):
        content = json.dumps(json.loads(read_model(name)) | {"schema": 99}).encode()
        (tmp_path / name).write_bytes(content)
        listed[name] = sha256(content).hexdigest()
    (tmp_path / "manifest.json").write_text(json.dumps(listed), encoding="utf8")
    with pytest.raises(ModelError, match=r"gazetteer\.json has schema 99; this version reads 1"):
        load_gazetteer(tmp_path)


def test_the_longest_name_of_a_place_is_meant() -> None:
    gazetteer = load_gazetteer()
    assert gazetteer.longest(["New", "York", "City", "Hall"]) == 3
    assert gazetteer.longest(["York"]) == 1
    assert gazetteer.longest(["Norrholm"]) == 0
