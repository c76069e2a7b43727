"""Claims about exchanged words: found where a sentence is kept, and told from synonyms."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from detector.alignment import Aligner
from detector.article import Article
from detector.evidence.fabrication import Finding
from detector.evidence.fabrication.case import Case
from detector.evidence.fabrication.exchanges import LONGEST, SIGNALS, exchanges

SOURCE = (
    "A gas leak destroyed the bakery on Harbour Street early on Friday and killed its owner, the "
    "fire brigade said. Two apprentices were pulled alive from the ruins by neighbours.\n\n"
    "The owner had asked the landlord three times to repair the pipes, his sister said. The "
    "landlord denied that he had been told of any fault. Prosecutors opened an investigation into "
    "negligence on Saturday.\n\n"
    "The street stayed closed over the weekend while engineers examined the houses on both sides. "
    "Residents were told that they could return on Monday. A collection for the family had raised "
    "a large sum by Sunday evening."
)
Found = Callable[..., list[tuple[str, str, dict[str, float]]]]
Reported = Callable[[str], tuple[Finding, ...]]


@pytest.fixture(scope="module")
def found(aligner: Aligner) -> Found:
    """Return what lists the exchanged words of a text, those they stand for, and the signals."""

    def exchanged(text: str, *sources: str) -> list[tuple[str, str, dict[str, float]]]:
        sides = [aligner.prepare(Article.from_text(s)) for s in (text, *(sources or (SOURCE,)))]
        return [
            (
                doubt.span.of(text),
                doubt.elsewhere.text if doubt.elsewhere else "",
                dict(zip(SIGNALS, doubt.signals, strict=True)),
            )
            for doubt in exchanges(Case(sides[0], sides[1:], aligner))
        ]

    return exchanged


@pytest.fixture(scope="module")
def reported(find: Callable[..., tuple[Finding, ...]]) -> Reported:
    """Return what checks a text beside the source with the shipped models."""
    return lambda text: find(Article.from_text(text), [Article.from_text(SOURCE)])


def changed(*pairs: tuple[str, str]) -> str:
    text = SOURCE
    for old, new in pairs:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


CASES = [("gas leak", "lightning strike"), ("neighbours", "police"), ("denied", "admitted")]


@pytest.mark.parametrize(("old", "new"), CASES)
def test_words_in_the_place_of_others_are_found(found: Found, old: str, new: str) -> None:
    ((words, others, signals),) = found(changed((old, new)))
    assert (words, others) == (new, old)
    assert signals["kept"] > 0.8
    assert signals["new"] == 1.0


def test_a_copy_has_none(found: Found) -> None:
    assert found(SOURCE) == []
    assert found(SOURCE.split("\n\n")[1]) == []


def test_names_and_numbers_are_left_to_others(found: Found) -> None:
    assert found(changed(("Friday", "Thursday"), ("three times", "five times"))) == []


def test_a_sentence_in_other_words_has_none(found: Found) -> None:
    told = "What blew up the baker's shop before dawn was escaping fuel, firefighters believe."
    assert found(told) == []


def test_the_same_exchange_elsewhere_is_counted(found: Found) -> None:
    text = changed(("pipes", "stairs")).replace("landlord", "council")
    assert [(words, signals["again"]) for words, _, signals in found(text)] == [
        ("council", 1.0), ("stairs", 0.0), ("council", 1.0),
    ]  # fmt: skip


def test_spelling_says_that_it_is_one_word(found: Found) -> None:
    told = [
        found(changed(("neighbours", other)))[0][2]["spelt_alike"]
        for other in ("neighbors", "paramedics")
    ]
    assert told[0] > 0.9 > 0.6 > told[1]


def test_any_of_several_sources_may_have_the_sentence(found: Found) -> None:
    text = changed(("gas leak", "lightning strike"))
    other = (
        "The council will vote on the new tram line in spring. Shopkeepers fear for their trade."
    )
    ((words, others, _),) = found(text, other, SOURCE)
    assert (words, others) == ("lightning strike", "gas leak")


def test_endless_sentences_are_left_alone(found: Found) -> None:
    listed = " and ".join(f"the house of the {word}" for word in ["baker", "smith"] * LONGEST)
    assert found(f"They saw {listed} burn.", f"They saw {listed} shine.") == []


def test_what_was_exchanged_is_reported_by_its_words(reported: Reported) -> None:
    told = reported(changed(("A gas leak", "A lightning strike")))
    assert [(f.kind, f.verdict, f.elsewhere.text) for f in told if f.elsewhere] == [
        ("claim", "contradicted", "gas leak")
    ]
    assert told[0].why == "the source has “gas leak” where the article has “lightning strike”"


COMMITTEE = "The five members of the monetary policy committee "
FRAUD, WARD = "The fraud came to light when ", "The hospital of the town lost part of its ward"


@pytest.mark.parametrize(
    ("start", "there", "here", "shown"),
    [
        (COMMITTEE, "were not of one mind", "agreed on it unanimously", "were not of one mind"),
        (FRAUD, "a clerk could not find an invoice", "an owl hooted", "a clerk could not find an"),
        (WARD, "; the patients slept in a gymnasium", ", where two babies died", ""),
    ],
)
def test_all_that_differs_is_shown_unless_it_stands_elsewhere(
    found: Found, start: str, there: str, here: str, shown: str
) -> None:
    ((words, others, _),) = found(f"{start}{here}.", f"{start}{there}.")
    assert words == here.strip(", ")
    assert others.startswith(shown)
    assert bool(others) == bool(shown)
    assert not others or there.endswith(others)


def test_synonyms_are_not_reported(reported: Reported) -> None:
    spun = changed(
        ("early on Friday", "in the early hours of Friday"), ("destroyed", "ruined"),
        ("pulled alive", "rescued alive"), ("asked", "begged"), ("repair", "mend"),
        ("fault", "defect"), ("opened an investigation", "launched an inquiry"),
        ("examined", "inspected"), ("Residents", "Inhabitants"), ("raised", "brought in"),
    )  # fmt: skip
    assert reported(spun) == ()
