"""Claims about texts that many unrelated sites carry: wire copy and press releases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from detector.article import Article
from detector.evidence.carriers import unrelated, why_issued
from detector.evidence.credit import find_credit
from detector.pipeline import Detector
from detector.report import Report

TEXT = (
    "Divers have raised the bell of a steamer that sank off Skagen in 1894 with a cargo of pianos. "
    "The bell, which weighs 81 kilograms, had been seen by a fishing crew on its sonar in March. "
    "Eleven of the forty pianos are still in the hold, their strings gone, their lids closed, the "
    "museum's director Solveig Thane said on Friday. She wants to raise one of them next summer. "
    "The owner of the wreck, an insurer that long ago stopped insuring ships, has given the bell "
    "away for the price of a stamp, and asked only to be told what key it rings in."
)
FIRST = datetime(2025, 5, 2, tzinfo=UTC)


def copy(site: str, text: str = TEXT, *, days: int = 0) -> Article:
    published = FIRST.replace(day=2 + days)
    return Article.from_text(text, id=site, site=site, title="Bell raised", published=published)


MARKED = copy("b.example", f"COPENHAGEN (Reuters) - {TEXT}")
UNMARKED = [copy(f"{name}.example") for name in "abcd"]


def credit_status(report: Report) -> str:
    return report.credit.status


@pytest.mark.parametrize(
    ("copies", "said"),
    [
        ([], None),
        ([MARKED], None),
        (UNMARKED[:2], None),
        (
            UNMARKED[:3],
            "3 unrelated sites carry the same text (a.example, b.example, c.example)",
        ),
        (
            [UNMARKED[0], MARKED],
            "2 unrelated sites carry the same text (a.example, b.example) and Reuters is named",
        ),
    ],
    ids=["none", "one", "two without a mark", "three", "two with a mark"],
)
def test_two_sites_with_a_mark_or_three_without_show_that_a_text_was_issued(
    copies: list[Article], said: str | None
) -> None:
    assert why_issued(copy("z.example"), copies) == said


def test_parts_of_one_outlet_count_once_and_the_articles_own_not_at_all() -> None:
    sites = ("news.a.example", "www.a.example", "b.example", "z.example")
    found = unrelated(copy("z.example"), map(copy, sites))
    assert [each.site for each in found] == ["b.example", "news.a.example"]
    nowhere = replace(copy("x.example"), site=None)
    assert unrelated(copy("z.example"), [nowhere]) == ()


def test_copies_license_nothing_that_was_made_from_another_text() -> None:
    other = replace(copy("e.example"), text="A different story about a bell.")
    assert find_credit(copy("z.example"), other, copies=UNMARKED).status == "uncredited"
    assert find_credit(copy("z.example"), UNMARKED[0], copies=UNMARKED).status == "licensed"


def test_a_text_on_many_unrelated_sites_is_republication_and_a_copy_of_one_is_not() -> None:
    suspect = copy("z.example", days=1)
    few, many = (Detector.from_sources(UNMARKED[:count]).examine(suspect) for count in (1, 4))
    assert (few.verdict.label, credit_status(few)) == ("derivative", "uncredited")
    assert (many.verdict.label, credit_status(many)) == ("republication", "licensed")
    (evidence,) = many.credit.evidence
    assert evidence.why == (
        "4 unrelated sites carry the same text (a.example, b.example, c.example)"
    )
    assert many.verdict.risk < few.verdict.risk


def test_within_a_crawl_later_copies_count_too() -> None:
    copies = [copy(f"{name}.example", days=day) for day, name in enumerate("abcde")]
    detector = Detector.from_sources(copies)
    labels = [str(detector.examine(each, earlier_only=True).verdict.label) for each in copies]
    assert labels == ["original", *["republication"] * 4]
