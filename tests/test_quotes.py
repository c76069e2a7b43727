"""Claims about quotations: what is one, and whose words it is said to be."""

from __future__ import annotations

import pytest
from stopwatch import MOST_GROWTH, cpu_seconds, growth

from detector.facts import Fact, Speaker, quotes

SAID = "we will not be closing the pier"


def values(text: str) -> list[str]:
    return [fact.value for fact in quotes(text)]


def speakers(text: str) -> list[tuple[str, str] | None]:
    found = list(quotes(text))
    for fact in found:
        assert fact.span.of(text) == fact.text
        assert not fact.speaker or fact.speaker.span.of(text) == fact.speaker.text
    return [fact.speaker and (fact.speaker.text, fact.speaker.cue) for fact in found]


@pytest.mark.parametrize(
    "marks",
    ["“{}”", '"{}"', "“{}!”", '"{},"', "«{}»", "„{}“", "‘{},’", "'{}.'"],
)
def test_quotes_in_all_marks_are_the_same(marks: str) -> None:
    quoted = marks.format(SAID.capitalize())
    text = f"At noon {quoted} she said."
    (fact,) = quotes(text)
    assert fact == Fact("quote", 8, 8 + len(quoted), quoted, SAID, speaker=fact.speaker)


def test_apostrophes_in_quotes_are_the_same() -> None:
    assert values('“We don’t sail at night.” "We don\'t sail at night."') == [
        "we don't sail at night",
        "we don't sail at night",
    ]


def test_apostrophes_do_not_end_a_quote_in_single_marks() -> None:
    text = "‘We don’t know why the boats’ crews left,’ she said."
    assert values(text) == ["we don't know why the boats crews left"]


def test_a_quote_has_at_least_four_words_and_does_not_cross_a_line_in_straight_marks() -> None:
    assert values('"a b c" "a b c d" "a b\nc d e"') == ["a b c d"]


def test_scare_quotes_are_no_quotes_and_short_speech_is_one() -> None:
    assert values("A “so-called” ferry had a 'good' day and a “very good” name.") == []
    assert values("“We lost,” she said. “No,” he said.") == ["we lost"]


def test_an_inch_mark_opens_no_quote() -> None:
    assert values('A 5" pipe and a 6" pipe were there, "made by us at home" they said.') == [
        "made by us at home"
    ]


def test_an_unclosed_mark_quotes_nothing() -> None:
    assert values("“" + "word " * 1_000) == []
    assert values('"' + "word " * 1_000 + '"') == []


def test_a_speech_of_some_paragraphs_opens_each_of_them() -> None:
    text = "“We shall close the pier.\n“It has stood too long,” said Anna Vik."
    assert values(text) == ["we shall close the pier", "it has stood too long"]


def test_lines_with_an_angle_are_a_block_quote() -> None:
    assert values("He wrote:\n\n> We shall close\n> the old pier.\n\nThat was all.") == [
        "we shall close the old pier"
    ]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“We will not close it,” said Anna Vik.", ("Anna Vik", "said")),
        ("“We will not close it,” Anna Vik said.", ("Anna Vik", "said")),
        ('"We will not close it", Mr. Lund told us.', ("Mr. Lund", "told")),
        (
            "“We will not close it,” Otters head coach Anna Vik said.",
            ("Otters head coach Anna Vik", "said"),
        ),
        ("“We will not close it,” she later added.", ("she", "added")),
        ("“We will not close it,” said the mayor of Norrholm.", ("the mayor", "said")),
        ("“We will not close it,” said Vik, the mayor.", ("Vik", "said")),
        ("“We will not close it,” Vik, the mayor, said.", ("Vik", "said")),
        (
            "“We will not close it,” said Anna Vik of the Pier Trust.",
            ("Anna Vik of the Pier Trust", "said"),
        ),
        (
            "“We will not close it,” said Norbank analyst Anna Vik.",
            ("Norbank analyst Anna Vik", "said"),
        ),
        (
            "“We will not close it,” said Norbank's chief executive, Anna Vik.",
            ("Norbank's chief executive, Anna Vik", "said"),
        ),
        (
            "“We will not close it,” chief executive Anna Vik said.",
            ("chief executive Anna Vik", "said"),
        ),
        (
            "“We will not close it,” says ex-mayor Anna Vik.",
            ("ex-mayor Anna Vik", "says"),
        ),
        ("“We will not close it,” but Anna Vik said so.", None),
        ("Their “we will not close it” policy Anna Vik announced.", None),
        ("“We will not close it,” according to Anna Vik.", ("Anna Vik", "according to")),
        ("According to the mayor, “we will not close it”.", ("the mayor", "According to")),
        ("Anna Vik said: “We will not close it.”", ("Anna Vik", "said")),
        ("Anna Vik, the mayor, wrote: “We will not close it.”", ("Anna Vik", "wrote")),
        ("The mayor told reporters it was “not to be closed”.", ("The mayor", "told")),
        ("“Why do we close it?” Vik asked.", ("Vik", "asked")),
        ("“We will not close it.” Vik said no more.", None),
        ("Vik said no more. “We will not close it.”", None),
        ("A sign read on.\n“We will not close it.”", None),
    ],
)
def test_the_speaker_stands_on_either_side(text: str, speaker: tuple[str, str] | None) -> None:
    assert speakers(text) == [speaker]


def test_a_split_quote_has_one_speaker() -> None:
    text = "“We will not close it,” said Anna Vik. “It is our only pier.”"
    assert speakers(text) == [("Anna Vik", "said")] * 2
    text = "“We will not close it,” she said on Monday, “unless it is unsafe.”"
    assert speakers(text) == [("she", "said")] * 2


def test_another_sentence_between_ends_what_a_speaker_says() -> None:
    text = "“We will not close it,” said Anna Vik. The pier is old. “It is our only pier.”"
    assert speakers(text) == [("Anna Vik", "said"), None]


def test_each_quote_has_its_own_speaker() -> None:
    text = (
        "“We will not close it,” said Anna Vik. Lund said: “I have seen the cracks.” "
        "It was “a very sad day”."
    )
    assert speakers(text) == [("Anna Vik", "said"), ("Lund", "said"), None]


def test_a_speaker_points_at_its_own_letters() -> None:
    (fact,) = quotes("“We will not close it,” said Anna Vik.")
    assert fact.speaker == Speaker(29, 37, "Anna Vik", "said")


def quoted(text: str) -> list[Fact]:
    return list(quotes(text))


@pytest.mark.parametrize(
    "piece",
    [
        "“", '"', "“a ", '"a ', '"a\n', "“a b c d” ", "’", "‘", "‘a ", "'a ", " 'a’ ", "«", "„a",
        "> a\n", "“" + "a " * 700 + "“", "said “", "according to ", "“a b c d,” said ",
        "“a b c d,” Vik, a b, ", "Aa of the ", "“a b c d.” Aa said that the ", "s' 'a",
        "“a b c d,” a-a ", "“a b c d,” said A's a ",
    ],
)  # fmt: skip
def test_quotes_take_linear_time(piece: str) -> None:
    assert growth(quoted, piece) < MOST_GROWTH


@pytest.mark.parametrize("mark", ["“", '"', "'", "‘", "«", "“”", '" '])
def test_a_megabyte_of_marks_takes_little_time(mark: str) -> None:
    assert cpu_seconds(lambda: quoted(mark * (1_000_000 // len(mark)))) < 5
