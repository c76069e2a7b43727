"""Details in the place of others: found though the source has both, and told from paraphrase."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from detector.alignment import Aligner
from detector.article import Article
from detector.evidence.fabrication import Finding, doubts
from detector.evidence.fabrication.roles import SIGNALS

SOURCE = (
    "The harbour board of Vesselby dismissed its director, Ingrid Halvorsen, on Tuesday after an "
    "audit found that two cranes had been paid for and never delivered. The audit was ordered by "
    "the treasurer, Marcus Oyelaran, who had refused to sign the accounts in March.\n\n"
    "Halvorsen, who had led the port for eleven years, denied that she had known of the missing "
    "cranes. Her lawyer said she would fight the dismissal in court.\n\n"
    "The cranes were ordered from a workshop in Rostock. Police in Gothenburg have opened an "
    "inquiry. Oyelaran told the board that the money had gone to a company without an office."
)
FAITHFUL = (
    "An audit that showed two cranes had been paid for but never arrived has cost Ingrid Halvorsen "
    "her post as director of the port of Vesselby. Marcus Oyelaran, the treasurer, asked for the "
    "audit after he declined to sign the accounts in March.\n\n"
    "Halvorsen says that she knew nothing of the missing cranes, and will challenge her dismissal "
    "in court. She had run the port for eleven years. Oyelaran told the board that the money went "
    "to a firm that has no office. An inquiry was opened by the police in Gothenburg. The workshop "
    "that was to build the cranes is in Rostock."
)
Rivals = Callable[..., dict[str, tuple[str, dict[str, float]]]]


@pytest.fixture(scope="module")
def rivals(aligner: Aligner) -> Rivals:
    """Return what lists the last mention of each detail with its rival and its signals."""

    def beside(text: str, *sources: str) -> dict[str, tuple[str, dict[str, float]]]:
        against = [Article.from_text(source) for source in sources or (SOURCE,)]
        return {
            doubt.span.of(text): (
                doubt.elsewhere.text if doubt.elsewhere else "",
                dict(zip(SIGNALS, doubt.signals, strict=True)),
            )
            for doubt in doubts(Article.from_text(text), against, aligner)
            if doubt.kind == "role"
        }

    return beside


@pytest.fixture(scope="module")
def reported(find: Callable[..., tuple[Finding, ...]]) -> Callable[[str], tuple[Finding, ...]]:
    """Return what checks a text beside the source with the shipped models."""
    return lambda text: find(Article.from_text(text), [Article.from_text(SOURCE)])


SWAPS = [
    ("Oyelaran told the board", "Halvorsen told the board", "Oyelaran"),
    ("Halvorsen says that she", "Oyelaran says that she", "Halvorsen"),
    ("police in Gothenburg", "police in Rostock", "Gothenburg"),
]


@pytest.mark.parametrize(("right", "wrong", "rival"), SWAPS)
def test_a_name_in_another_ones_place_is_nearer_to_it(
    rivals: Rivals, right: str, wrong: str, rival: str
) -> None:
    text = FAITHFUL.replace(right, wrong)
    name = next(word for word in wrong.split() if word not in right.split())
    first = text.index(wrong)
    end = text.index(".", first)
    found = rivals(text[:end])  # the last mention is the wrong one
    said, signals = found[name]
    assert said.endswith(rival)
    assert signals["nearer"] > 0
    assert signals["covered_rival"] > signals["covered_own"]


def test_a_name_in_its_own_place_is_nearer(rivals: Rivals) -> None:
    for _, signals in rivals(SOURCE).values():
        assert signals["nearer"] <= 0
        assert signals["back"] == 0
        assert signals["has_it"] == 1


def test_what_was_put_in_its_place_is_reported_with_the_right_name(
    reported: Callable[[str], tuple[Finding, ...]],
) -> None:
    text = SOURCE.replace("Halvorsen, who had led", "Oyelaran, who had led")
    (finding,) = reported(text)
    assert finding.span.start == text.index("Oyelaran, who had led")
    assert (finding.kind, finding.verdict) == ("person", "contradicted")
    assert finding.elsewhere
    assert finding.elsewhere.text == "Halvorsen"
    assert finding.why == "the source says this of “Halvorsen” where the article has “Oyelaran”"


@pytest.mark.parametrize("text", [SOURCE, FAITHFUL])
def test_copies_and_paraphrases_have_no_wrong_names(
    reported: Callable[[str], tuple[Finding, ...]], text: str
) -> None:
    assert [finding for finding in reported(text) if finding.kind in {"person", "place"}] == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("A workshop in Hamburg built the cranes. Marta Quist paid.", "German cranes were built."),
        ("Officials in Peru rejected the plan, said Ana Solis.", "Lima rejected the plan."),
        ("Jennifer Marlow told the jury that Jen was a nickname.", "Marlow told the jury so."),
        ("Only Priya Raman was in the room.", "In the room was Priya Raman."),
    ],
)
def test_parts_of_one_another_and_other_forms_are_no_rivals(
    rivals: Rivals, source: str, text: str
) -> None:
    assert rivals(text, source) == {}


def test_nothing_is_asked_without_names(rivals: Rivals) -> None:
    assert rivals("It rained all day, and nobody came.", "The sun shone on the empty square.") == {}
    assert rivals("It rained all day.", SOURCE) == {}
    assert rivals(FAITHFUL, "The sun shone on the empty square.") == {}


def test_several_sources_are_asked_together(rivals: Rivals) -> None:
    first, second = SOURCE.split("\n\n", 1)
    text = FAITHFUL.replace("Marcus Oyelaran, the treasurer,", "Halvorsen, the treasurer,")
    said, signals = rivals(text.split("\n\n")[0], first, second)["Halvorsen"]
    assert said == "Marcus Oyelaran"
    assert signals["nearer"] > 0


def test_a_figure_is_compared_with_those_of_its_unit_only(rivals: Rivals) -> None:
    source = "The bridge cost $40m in 2012. It is 310 metres long, and 58 people built it."
    found = rivals("The bridge is 310 metres long and cost $40m.", source)
    assert found == {}


def test_a_figure_is_not_spoken_of_as_a_person_is(aligner: Aligner) -> None:
    source = "The bees learned the way in six days. They kept it in mind for three weeks."
    text = "The bees learned the way in three weeks."
    against = [Article.from_text(source)]
    (told,) = (d for d in doubts(Article.from_text(text), against, aligner) if d.kind == "role")
    assert told.why == (
        "the source has “six days” here; it has “three weeks” where it tells of something else"
    )
