"""Claims about names: which words are one, of which kind, and what the full name is."""

from __future__ import annotations

from itertools import pairwise

import pytest
from stopwatch import cpu_seconds

from detector.article import Article
from detector.facts import names


def found(text: str) -> list[tuple[str, str]]:
    return [(fact.text, fact.kind) for fact in names(Article.from_text(text))]


def full(text: str) -> list[tuple[str, str]]:
    return [(fact.text, fact.value) for fact in names(Article.from_text(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They asked Maria Lindqvist about it.", [("Maria Lindqvist", "person")]),
        ("They asked Mr Brown about it.", [("Brown", "person")]),
        ("They asked Maria Lindqvist QC about it.", [("Maria Lindqvist", "person")]),
        ("They asked Maria Lindqvist MP about it.", [("Maria Lindqvist", "person")]),
        ("They asked Dr Maria Lindqvist OBE PhD.", [("Maria Lindqvist", "person")]),
        ("They asked Dr. J. Edgar Holm about it.", [("J. Edgar Holm", "person")]),
        ("They asked Oscar de la Cruz about it.", [("Oscar de la Cruz", "person")]),
        ("It fell to President Hassan al-Tayeb to say so.", [("Hassan al-Tayeb", "person")]),
        ("They asked the Ministry of Public Works.", [("Ministry of Public Works", "org")]),
        ("It was bought by Norrholm Holdings Inc.", [("Norrholm Holdings Inc", "org")]),
        ("It was bought by Holm & Sons.", [("Holm & Sons", "org")]),
        ("They asked NATO about it.", [("NATO", "org")]),
        ("They asked Congress about it.", [("Congress", "org")]),
        ("The boats left Lake Norrholm early.", [("Lake Norrholm", "place")]),
        ("It runs in Central Europe.", [("Central Europe", "place")]),
        ("It beat Premier League Arden.", [("Premier League", "org"), ("Arden", "name")]),
        ("It won the Premier League Cup.", [("Premier League Cup", "org")]),
    ],
)
def test_a_name_has_a_kind(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The British Prime Minister Clara Holm spoke.",
            [("British", "place"), ("Clara Holm", "person")],
        ),
        (
            "It went to German Finance Minister Clara Holm.",
            [("German", "place"), ("Clara Holm", "person")],
        ),
        (
            "He asked Clara Holm of the University of Norrholm.",
            [("Clara Holm", "person"), ("University of Norrholm", "org")],
        ),
        (
            "He asked Special Counsel Clara Holm.",
            [("Clara Holm", "person")],
        ),
        (
            "The Chancellor of the Exchequer Clara Holm spoke.",
            [("Clara Holm", "person")],
        ),
        ("He wrote: Reporting By Clara Holm", [("Clara Holm", "person")]),
        ("They asked Theresa May on foot.", [("Theresa May", "person")]),
        ("She was Minister for Small Business then.", []),
        ("It flew from Kenya and Uganda.", [("Kenya", "place"), ("Uganda", "place")]),
        (
            "He ran the Securities and Exchange Commission.",
            [("Securities and Exchange Commission", "org")],
        ),
        (
            "He ran the Department of Health and Human Services.",
            [("Department of Health and Human Services", "org")],
        ),
        ("He wrote for General Motors.", [("General Motors", "org")]),
        ("It was Kenya’s Clara Holm.", [("Kenya", "place"), ("Clara Holm", "person")]),
    ],
)
def test_a_run_of_capitals_is_cut_where_one_name_ends(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Boats left early. Fishing was poor.",
        "He said: “Nobody knew.”",
        "The President told the Government that the Minister had left.",
        "On Monday the CEO met the MPs in June.",
        "Yup, it was late. Seventeen of them stayed.",
        "They had made a U-turn after the X-ray.",
    ],
)
def test_capitals_alone_make_no_name(text: str) -> None:
    assert found(text) == []


def test_rules_of_accounting_are_no_organisation() -> None:
    assert found("Under GAAP it made 9 million, under IFRS it made 8.") == []


def test_a_common_word_is_a_name_when_it_is_capitalised_twice_and_never_small() -> None:
    twice = "They shop at Target on foot. Many go to Target by car."
    assert found(twice) == [("Target", "name"), ("Target", "name")]
    assert found("They shop at Target on foot. The target is clear. Go to Target.") == []


def test_an_unknown_first_word_needs_a_second_sign() -> None:
    assert found("Zorbex was late. It fell.") == [("Zorbex", "name")]
    assert found("Zorbex, they felt. It fell.") == []
    assert found("Zorbex, they felt. It fell on Zorbex again.") == [("Zorbex", "name")] * 2


def test_a_surname_stands_for_the_full_name_wherever_that_is_given() -> None:
    text = "Mr Lindqvist left. Then Karl Lindqvist returned, and Lindqvist’s dog too."
    assert full(text) == [
        ("Lindqvist", "karl lindqvist"),
        ("Karl Lindqvist", "karl lindqvist"),
        ("Lindqvist", "karl lindqvist"),
    ]


def test_a_family_name_may_come_first() -> None:
    assert full("They met Xi Jinping. Mr Xi smiled.")[1] == ("Xi", "xi jinping")


def test_an_abbreviation_stands_for_the_organisation_it_abbreviates() -> None:
    text = "The University of Southern California (USC) grew. Nobody at USC knew."
    assert full(text) == [
        ("University of Southern California", "university of southern california"),
        ("USC", "university of southern california"),
        ("USC", "university of southern california"),
    ]


def test_the_bank_is_the_one_named_before() -> None:
    text = "The bank on the corner closed. The Bank of Norrholm opened. Later the bank paid."
    assert full(text) == [("Bank of Norrholm", "bank of norrholm"), ("bank", "bank of norrholm")]


def test_a_company_is_the_same_by_its_first_word_and_without_its_legal_form() -> None:
    text = "Shares of Zorbex Pharma Ltd fell. Nobody at Zorbex knew."
    assert full(text) == [("Zorbex Pharma Ltd", "zorbex pharma"), ("Zorbex", "zorbex pharma")]


def test_diacritics_and_possessives_do_not_tell_names_apart() -> None:
    text = "They met Erdoğan’s men, and Erdogan too."
    assert full(text) == [("Erdoğan", "erdogan"), ("Erdogan", "erdogan")]


def test_title_case_says_nothing_but_what_is_known_elsewhere() -> None:
    text = (
        "Lindqvist Takes Brave Step In Kenya Today\n\n"
        "It was Karl Lindqvist who took the first step, as nobody else would."
    )
    assert full(text) == [
        ("Lindqvist", "karl lindqvist"),
        ("Kenya", "kenya"),
        ("Karl Lindqvist", "karl lindqvist"),
    ]


def test_shouted_names_are_read_as_they_are_written() -> None:
    assert full("It came from NEW YORK that day.") == [("NEW YORK", "new york city")]


def test_names_do_not_overlap_and_lie_in_the_text() -> None:
    text = (
        "LONDON, Aug 5 (Reuters) - The Bank of England's Clara Holm met U.S.-led troops, Jean-Luc "
        "Berg (R-Wis.) and al-Qaeda in St. Louis.\n\nNews From The Bank of England Today\n\nMore."
    )
    facts = list(names(Article.from_text(text)))
    assert all(text[fact.start : fact.end] == fact.text for fact in facts)
    assert all(one.end <= other.start for one, other in pairwise(facts))
    assert len(facts) == 10


@pytest.mark.parametrize(
    "piece",
    ["King ", "King and ", "Anna ", "Anna of ", "Special ", "Bank of ", "Bank and Oil ", "Aa's ",
     "Aa-", "al-", "New York ", "OSLO (AP) - A\n", "Aa Bb & ", "Aa\n", "the Bank. ", "U.S."],
)  # fmt: skip
def test_names_take_little_time_whatever_is_repeated(piece: str) -> None:
    text = piece * (300_000 // len(piece))
    assert cpu_seconds(lambda: list(names(Article(text=text, id="1")))) < 15


@pytest.mark.parametrize("opening", ["Between", "During", "Until", "Without", "Among", "Unless"])
def test_a_word_that_opens_a_sentence_is_no_part_of_a_name(opening: str) -> None:
    assert found(f"It was dry. {opening} May and August no rain fell.") == []
    told = found(f"It was dry. {opening} Maria Lindqvist no rain fell.")
    assert told == [("Maria Lindqvist", "person")]
