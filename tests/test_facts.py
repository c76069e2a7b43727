"""Claims about facts: numbers, dates, names and quotes, each with a normal form."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from stopwatch import MOST_GROWTH, cpu_seconds, growth

import detector
from detector.article import Article
from detector.facts import Fact, facts, names

FIXTURES = Path(detector.__file__).parent.parent / "fixtures"
SAID = "we will not be closing the pier"


def values(found: Sequence[Fact]) -> list[str]:
    return [fact.value for fact in found]


def names_in(text: str) -> list[str]:
    return values(list(names(Article.from_text(text))))


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


def test_a_date_is_no_name() -> None:
    (fact,) = facts(Article.from_text("They will write the papers then. Next May, it will rain."))
    assert (fact.kind, fact.text) == ("date", "Next May")


def test_money_is_no_name() -> None:
    found = facts(Article.from_text("It is said that they spent N733.36 billion and R10bn on it."))
    assert [(fact.kind, fact.text) for fact in found] == [
        ("number", "N733.36 billion"),
        ("number", "R10bn"),
    ]


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


def check_growth(work: Callable[[str], object], pieces: Sequence[str]) -> None:
    for piece in pieces:
        assert growth(work, piece) < MOST_GROWTH
    megabyte = "".join(piece * (1_000_000 // len(pieces) // len(piece)) for piece in pieces)
    assert cpu_seconds(lambda: work(megabyte)) < 15


def test_names_take_linear_time() -> None:
    pieces = ["A ", "A. ", "A of the ", "A’s", "Aa-", "A A\n", "the the ", "A" + " " * 900]
    check_growth(lambda text: list(names(Article(text=text, id="1"))), pieces)


def test_all_facts_take_linear_time() -> None:
    line = f"In 2025 Anna Vik paid £3m. “{SAID.capitalize()},” she said of one in five.\n"
    check_growth(lambda text: facts(Article(text=text, id="1")), [line, line.replace("\n", " ")])


def test_a_unit_in_capitals_is_no_name() -> None:
    found = facts(Article.from_text("They took 400 IU of it, and TWH paid N5 billion to Enugu."))
    assert [(f.kind, f.text) for f in found if f.kind not in {"number", "date"}] == [
        ("org", "TWH"), ("place", "Enugu"),
    ]  # fmt: skip
