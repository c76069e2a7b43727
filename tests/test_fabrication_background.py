"""Claims about names that need no source, or that a source has in other words."""

from __future__ import annotations

import pytest

from detector import Detector
from detector.article import Article
from detector.evidence.fabrication.background import is_wide
from detector.evidence.fabrication.case import Case
from detector.evidence.fabrication.claims import claims
from detector.evidence.fabrication.counterparts import pair_up
from detector.facts import Fact


@pytest.mark.parametrize("name", ["Africa", "Central Europe", "Southern Africa", "Middle East"])
def test_a_part_of_the_world_is_wide(name: str) -> None:
    assert is_wide(Fact("place", 0, 0, name, name.lower()))


@pytest.mark.parametrize("name", ["Kenya", "Northern Ireland", "Oslo", "East Oslo"])
def test_a_country_or_a_part_of_one_is_not(name: str) -> None:
    assert not is_wide(Fact("place", 0, 0, name, name.lower()))


def named_otherwise(examiner: Detector, article: str, source: str) -> dict[str, bool]:
    aligner = examiner.aligner
    sides = [aligner.prepare(Article.from_text(text)) for text in (article, source)]
    pairs = pair_up(Case(sides[0], sides[1:], aligner))
    return {pair.told.fact.text: pair.is_written for pair in pairs}


@pytest.mark.parametrize(
    ("article", "source", "name"),
    [
        (
            "They asked Dog-lover Anna Holm of Oslo.", "They asked Anna Holm of Oslo.",
            "Dog-lover Anna Holm",
        ),
        ("It was in the Cold War years.", "It was long ago.", "Cold War"),
        ("They closed it on Second World War maps.", "It was closed.", "Second World War"),
        ("They met the Joneses.", "They met Ann Jones.", "Joneses"),
        ("They met Norrholmian guests.", "They met guests of Norrholm.", "Norrholmian"),
        ("The NRSTA has sent rice.",
         "The National Rail Safety and Transport Agency has sent rice.", "NRSTA"),
        ("The AL has sent rice.", "The Arab League has sent rice.", "AL"),
        ("The Catholic Church sent rice.", "Catholic bishops sent rice.", "Catholic Church"),
        ("The United Nations sent rice.", "The World Food Programme sent rice.", "United Nations"),
    ],
)  # fmt: skip
def test_a_name_may_be_written_otherwise(
    examiner: Detector, article: str, source: str, name: str
) -> None:
    assert named_otherwise(examiner, article, source)[name]


@pytest.mark.parametrize(
    ("article", "source", "name"),
    [
        ("The NRSTA has sent rice.", "The National Rail Agency has sent rice.", "NRSTA"),
        (
            "He is of the Norrholm Institute for Economic Research.",
            "He is of the Sarovian Institute for Economic Research.",
            "Norrholm Institute for Economic Research",
        ),
        (
            "It was lent by the Inter-Sarovian Development Bank.",
            "It was lent by the Norrholm Development Bank.",
            "Inter-Sarovian Development Bank",
        ),
        ("The AL has sent rice.", "The Arab League and the Azure Lodge have sent rice.", "AL"),
        ("They met the Hughes family.", "They met Hugh of Oslo.", "Hughes"),
        ("The BL has sent rice.", "The Arab League has sent rice.", "BL"),
        ("They met Norrholmian guests.", "They met guests of Norrvik.", "Norrholmian"),
        ("UNICEF sent rice.", "The United Nations sent rice.", "UNICEF"),
    ],
)
def test_an_organisation_of_another_name_is_another(
    examiner: Detector, article: str, source: str, name: str
) -> None:
    assert not named_otherwise(examiner, article, source)[name]


@pytest.mark.parametrize(
    ("article", "source", "name", "is_known"),
    [
        ("They flew to South Africa.", "She is of the University of Cape Town.", "South Africa", 1),
        ("They flew to Sweden.", "She is of the University of Uppsala.", "Sweden", 1),
        ("They flew to Switzerland.", "He leads the Basel Institute.", "Switzerland", 1),
        ("They flew to California.", "She is of Belmont University.", "California", 0),
        ("They flew to California.", "They flew to Belmont, near San Francisco.", "California", 1),
        ("The Hague has cut the grant.", "The Dutch government has cut the grant.", "Hague", 1),
        ("They met in The Hague.", "The Dutch government met.", "Hague", 0),
    ],
)
def test_a_country_holds_the_places_that_a_source_names(
    examiner: Detector, article: str, source: str, name: str, is_known: int
) -> None:
    aligner = examiner.aligner
    sides = [aligner.prepare(Article.from_text(text)) for text in (article, source)]
    pairs = pair_up(Case(sides[0], sides[1:], aligner))
    (pair,) = [pair for pair in pairs if name in pair.told.fact.text]
    assert pair.is_derivable == bool(is_known)


def test_a_sentence_says_what_stands_behind_its_dateline(examiner: Detector) -> None:
    text = "OSLO, March 2 – The ferry sank off the pier, and nobody was hurt there. It was old."
    aligner = examiner.aligner
    sides = [aligner.prepare(Article.from_text(each)) for each in (text, "The ferry sank.")]
    case = Case(sides[0], sides[1:], aligner)
    assert case.said(0).of(text) == "The ferry sank off the pier, and nobody was hurt there."
    assert case.said(1).of(text) == "It was old."
    (first,) = claims(case, pair_up(case), 0.5)  # the other is too short
    assert first.span == case.said(0)
    assert first.reading is not None
    assert first.reading.sentence == case.said(0).of(text)
