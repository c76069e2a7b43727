"""Claims about facts: numbers, dates, names and quotes, each with a normal form."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detector
from detector.article import Article
from detector.facts import Fact, dates, facts, figures, names, numbers, quotes

FIXTURES = Path(detector.__file__).parent.parent / "fixtures"
SAID = "we will not be closing the pier"


def values(found: Sequence[Fact]) -> list[str]:
    return [fact.value for fact in found]


def names_in(text: str) -> list[str]:
    return values(list(names(Article.from_text(text))))


@pytest.mark.parametrize("written", ["40%", "40 %", "40 percent", "40 per cent", "40 pct"])
@pytest.mark.parametrize("around", ["{} of it", "rose by {}", "({})"])
def test_a_percentage_has_one_form(written: str, around: str) -> None:
    assert values(figures(around.format(written))) == ["40 %"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("forty per cent", "40 %"),
        ("Forty percent", "40 %"),
        ("forty-two percent", "42 %"),
        ("three-quarters", "75 %"),
        ("three quarters", "75 %"),
        ("two-thirds", "66.6667 %"),
        ("half of them", "50 %"),
        ("a third of the boats", "33.3333 %"),
        ("a quarter of an hour", "25 %"),
        ("one in five", "20 %"),
        ("1 in 5", "20 %"),
        ("one out of every five", "20 %"),
        ("9 out of 10", "90 %"),
        ("0.5%", "0.5 %"),
        ("100%", "100 %"),
    ],
)
def test_shares_are_percentages(written: str, value: str) -> None:
    assert values(figures(f"It was {written}, they said.")) == [value]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("$12.9bn", "12900000000 $"),
        ("$12.9 billion", "12900000000 $"),
        ("US$12.9bn", "12900000000 $"),
        ("12.9 billion dollars", "12900000000 $"),
        ("$12,900,000,000", "12900000000 $"),
        ("A$5 million", "5000000 a$"),
        ("£3m", "3000000 £"),
        ("£3 million", "3000000 £"),
        ("three million pounds", "3000000 £"),
        ("€4.5m", "4500000 €"),
        ("4.5 million euros", "4500000 €"),
        ("¥900", "900 ¥"),
        ("₹5 crore", "50000000 ₹"),
        ("Rs 5 crore", "50000000 ₹"),
        ("Rs. 5 crore", "50000000 ₹"),
        ("50 million rupees", "50000000 ₹"),
        ("₹2 lakh", "200000 ₹"),
        ("60 yuan", "60 yuan"),
    ],
)
def test_money_keeps_its_currency_and_loses_its_spelling(written: str, value: str) -> None:
    (fact,) = figures(f"It cost {written} then.")
    assert fact == Fact("number", 8, 8 + len(written), written, value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,234", "1234"),
        ("12,34,567", "1234567"),
        ("2 lakh", "200000"),
        ("3 crore", "30000000"),
        ("twenty-one", "21"),
        ("ten", "10"),
        ("two hundred", "200"),
        ("two million", "2000000"),
        ("thirty-five thousand", "35000"),
        ("3.5-million", "3500000"),
        ("5k", "5000"),
        ("6 dozen", "72"),
        ("7.25", "7.25"),
    ],
)
def test_numbers_are_compared_by_value(written: str, value: str) -> None:
    (fact,) = figures(f"There were {written} crates.")
    assert fact == Fact("number", 11, 11 + len(written), written, value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("13 November 2025", "2025-11-13"),
        ("November 13th 2025", "2025-11-13"),
        ("November 13, 2025", "2025-11-13"),
        ("Nov. 13, 2025", "2025-11-13"),
        ("13th of November 2025", "2025-11-13"),
        ("13 November", "--11-13"),
        ("Sept. 3", "--09-03"),
        ("November 2025", "2025-11"),
        ("November, 2025", "2025-11"),
        ("2025", "2025"),
        ("1899", "1899"),
    ],
)
def test_dates_have_one_form(written: str, value: str) -> None:
    text = f"It began on {written} at sea."
    assert figures(text) == (Fact("date", 12, 12 + len(written), written, value),)
    assert tuple(dates(text)) == figures(text)


def test_neighbouring_dates_are_told_apart() -> None:
    assert values(figures("from 3 March 2024 to 5 April 2025, and in 1999")) == [
        "2024-03-03",
        "2025-04-05",
        "1999",
    ]


@pytest.mark.parametrize("text", ["£2025", "2025%", "1,2025", "2025,000", "route 20251", "v2025"])
def test_a_year_is_four_digits_alone(text: str) -> None:
    assert list(dates(text)) == []


def test_numbers_of_a_date_are_no_numbers() -> None:
    text = "On 13 November 2025 the 40 boats left."
    assert values(list(numbers(text, tuple(dates(text))))) == ["40"]


@pytest.mark.parametrize(
    "text",
    [
        "ordinary prose about boats and rain, and a pier",
        "One of the boats left, and no one saw the other two.",
        "He may march on, and she will august company keep.",
        "It was the third time in the second-half.",
        "In May it rained.",
        "A “so-called” ferry had a 'good' day.",
    ],
)
def test_ordinary_prose_holds_no_figures_and_no_quotes(text: str) -> None:
    assert [*figures(text), *quotes(text)] == []


@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "“{}!”", '"{},"'])
def test_curly_and_straight_quotes_are_the_same(marks: str) -> None:
    quoted = marks.format(SAID.capitalize())
    text = f"At noon {quoted} she said."
    assert list(quotes(text)) == [Fact("quote", 8, 8 + len(quoted), quoted, SAID)]


def test_apostrophes_in_quotes_are_the_same() -> None:
    assert values(list(quotes('“We don’t sail at night.” "We don\'t sail at night."'))) == [
        "we don't sail at night",
        "we don't sail at night",
    ]


def test_a_quote_has_at_least_four_words_and_does_not_cross_a_line_in_straight_marks() -> None:
    assert values(list(quotes('"a b c" "a b c d" "a b\nc d e"'))) == ["a b c d"]


def test_an_unclosed_mark_quotes_nothing() -> None:
    assert list(quotes("“" + "word " * 1_000)) == []
    assert list(quotes('"' + "word " * 1_000 + '"')) == []


def test_names_are_runs_of_capitals_inside_a_sentence() -> None:
    assert names_in("On Monday Mr Smith’s boat left Anna van der Berg near the USC.") == [
        "smith",
        "anna van der berg",
        "usc",
    ]


def test_a_name_points_at_its_own_letters() -> None:
    article = Article.from_text("Rain fell.\n\nThe Bank of Norrholm's door stayed shut all day.")
    assert list(names(article)) == [
        Fact("org", 16, 32, "Bank of Norrholm", "bank of norrholm"),
    ]


def test_the_first_word_of_a_sentence_and_headings_name_nothing() -> None:
    assert names_in("Ferries stopped. He left.") == []
    assert names_in("No Boat To Norrholm Today\n\nnobody on the pier knew why it was so.") == []


def test_names_are_not_looked_for_across_sentences() -> None:
    assert names_in("They met Anna. Berg was away.") == ["anna", "berg"]


def test_facts_stand_in_the_order_of_the_text() -> None:
    text = f"In 2025 Anna Vik paid £3m. “{SAID.capitalize()},” she said of 40% of it."
    assert [(fact.kind, fact.value) for fact in facts(Article.from_text(text))] == [
        ("date", "2025"),
        ("person", "anna vik"),
        ("number", "3000000 £"),
        ("quote", SAID),
        ("number", "40 %"),
    ]


def check_facts(article: Article) -> None:
    found = facts(article)
    assert [article.text[fact.start : fact.end] for fact in found] == [f.text for f in found]
    assert [fact.span.of(article.text) for fact in found] == [fact.text for fact in found]
    assert all(fact.value and fact.start < fact.end for fact in found)
    assert list(found) == sorted(found, key=lambda fact: (fact.start, fact.end, fact.kind))
    of_figures = sorted(f.span for f in found if f.kind in {"number", "date"})
    assert all(one.end <= other.start for one, other in pairwise(of_figures))


@settings(deadline=None)
@given(st.text(max_size=300))
def test_a_fact_is_the_text_between_its_offsets(text: str) -> None:
    check_facts(Article(text=text, id="1"))


PIECES = [
    "one", "in", "five", "40", "%", "$", "1,000", "bn", "May", "13", "2025", "half of", "a",
    "third", "-", ".", ",", "“", "”", '"', "\n", "Rs.", "million", "Anna", "of", "’s",
]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " "])), max_size=40))
def test_figures_never_overlap(pieces: list[tuple[str, str]]) -> None:
    check_facts(Article(text="".join(a + b for a, b in pieces), id="1"))


def test_facts_of_real_articles_lie_in_their_texts() -> None:
    for name in ("sources.jsonl", "labelled.jsonl"):
        for line in (FIXTURES / name).read_text(encoding="utf8").splitlines():
            check_facts(Article.from_text(json.loads(line)["text"]))


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def check_growth(work: Callable[[str], object], pieces: Sequence[str]) -> None:
    """Four times the text may take ten times as long: quadratic steps would take sixteen."""
    for piece in pieces:
        small, large = (
            seconds(partial(work, piece * (size // len(piece)))) for size in (25_000, 100_000)
        )
        assert large < 10 * small + 0.3
    megabyte = "".join(piece * (1_000_000 // len(pieces) // len(piece)) for piece in pieces)
    assert seconds(lambda: work(megabyte)) < 15


def test_figures_take_linear_time() -> None:
    pieces = ["1 ", "1.", "one-", "in five ", " out of ", "half of ", "May 1", "1 May ", "2025 "]
    check_growth(figures, [*pieces, "a   ", "$ ", "Rs. ", "one hundred million ", "May 11,1", " "])


@pytest.mark.parametrize("start", ["May", "one in", "one in every", " out", "an", "half", "one"])
def test_a_megabyte_of_white_space_after_a_word_takes_little_time(start: str) -> None:
    text = start + " " * 1_000_000 + "x"
    assert seconds(lambda: figures(text)) < 5


def test_quotes_take_linear_time() -> None:
    pieces = ["“", '"', "“a ", '"a ', '"a\n', "“a b c d” ", "’", "“" + "a " * 700 + "“"]
    check_growth(lambda text: list(quotes(text)), pieces)


def test_names_take_linear_time() -> None:
    pieces = ["A ", "A. ", "A of the ", "A’s", "Aa-", "A A\n", "the the ", "A" + " " * 900]
    check_growth(lambda text: list(names(Article(text=text, id="1"))), pieces)


def test_all_facts_take_linear_time() -> None:
    line = f"In 2025 Anna Vik paid £3m. “{SAID.capitalize()},” she said of one in five.\n"
    check_growth(lambda text: facts(Article(text=text, id="1")), [line, line.replace("\n", " ")])
