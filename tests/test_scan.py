"""Claims about scans: one result per item, in order, whatever the workers and the failures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from detector.article import Article
from detector.pipeline import Detector
from detector.readers import Failure
from detector.report import Report
from detector.scan import BATCH, Result, scan

News = dict[str, Article]
EARLY = datetime(2025, 9, 18, tzinfo=UTC)
LATE = EARLY + timedelta(days=3)


def as_lines(results: Iterable[Result]) -> list[str]:
    return [json.dumps(result.to_dict(), allow_nan=False) for result in results]


def ids_of(results: Iterable[Result]) -> list[str | None]:
    return [r.article.id if isinstance(r, Report) else r.id for r in results]


def flagged_in(articles: list[Article]) -> list[str]:
    """Return what is flagged when each article may be the source of a later one."""
    detector = Detector.from_sources(articles)
    results = list(scan(articles, detector, earlier_only=True))
    assert ids_of(results) == [article.id for article in articles]
    return [r.article.id for r in results if isinstance(r, Report) and r.is_flagged]


def dated(article: Article, published: datetime | None) -> Article:
    return replace(article, published=published)


def test_one_result_per_item_in_input_order(examiner: Detector, news: News) -> None:
    items = [news[id] for id in ("eel-h1", "vote-d1", "eel-d1", "misc-h1", "eel-d2")]
    results = list(scan(items, examiner))
    assert [type(result) for result in results] == [Report] * 5
    assert ids_of(results) == ["eel-h1", "vote-d1", "eel-d1", "misc-h1", "eel-d2"]
    assert [r.verdict.label for r in results if isinstance(r, Report)] == [
        "original",
        "republication",
        "derivative",
        "original",
        "derivative",
    ]


def test_no_items_no_results(examiner: Detector) -> None:
    assert list(scan([], examiner)) == list(scan([], examiner, workers=2)) == []


def test_failures_stay_in_their_place(examiner: Detector, news: News) -> None:
    broken = Failure("crawl.jsonl", "broken JSON", line=1)
    empty = Failure("crawl.jsonl", "the record has no text", line=3, id="nothing")
    items = [broken, news["eel-d1"], empty, news["eel-h1"], broken]
    results = list(scan(items, examiner))
    assert (results[0], results[2], results[4]) == (broken, empty, broken)
    assert ids_of(results) == [None, "eel-d1", "nothing", "eel-h1", None]
    assert broken.to_dict() == {
        "error": "broken JSON",
        "origin": "crawl.jsonl",
        "line": 1,
        "id": None,
    }


def test_a_text_that_we_fail_on_costs_that_text_alone(
    examiner: Detector, news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine = examiner.examine

    def fails_once(article: Article, *, earlier_only: bool = False) -> Report:
        if article.id == "vote-d1":
            raise ValueError("min() of nothing")
        return examine(article, earlier_only=earlier_only)

    monkeypatch.setattr(examiner, "examine", fails_once)
    results = list(scan([news[id] for id in ("eel-h1", "vote-d1", "eel-d1")], examiner))
    assert ids_of(results) == ["eel-h1", "vote-d1", "eel-d1"]
    message = "examining it failed (ValueError: min() of nothing): please report this text"
    assert results[1] == Failure(news["vote-d1"].url or "", message, id="vote-d1")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_repeated_id_is_a_failure_and_the_rest_goes_on(
    examiner: Detector, news: News, workers: int
) -> None:
    other = replace(news["eel-h1"], id="eel-d1", url=None)
    items = [news["eel-d1"], news["eel-d1"], news["vote-d1"], other]
    results = list(scan(items, examiner, workers=workers))
    message = "the id 'eel-d1' was used before in this scan: give each record an id of its own"
    assert isinstance(results[0], Report)
    assert results[1] == Failure(news["eel-d1"].url or "", message, id="eel-d1")
    assert isinstance(results[2], Report)
    assert results[3] == Failure("eel-d1", message, id="eel-d1")


def test_workers_keep_order_and_bytes_over_several_batches(examiner: Detector, news: News) -> None:
    short = [
        Article.from_text(f"Boat {n} left pier {n * 7} at noon.", id=str(n))
        for n in range(2 * BATCH + 3)
    ]
    items: list[Article | Failure] = [
        *short,
        Failure("crawl.jsonl", "broken JSON", line=4),
        news["eel-d1"],
        short[0],
        news["bridge-d4"],
    ]
    one = as_lines(scan(items, examiner))
    assert as_lines(scan(items, examiner, workers=2)) == one
    assert len(one) == len(items)


def test_a_scan_reads_no_further_than_it_must(examiner: Detector) -> None:
    asked = []

    def items() -> Iterator[Article]:
        for n in range(5):
            asked.append(n)
            yield Article.from_text(f"Boat {n} left the pier at noon.", id=str(n))

    results = scan(items(), examiner)
    assert asked == []
    next(results)
    assert asked == [0]
    next(results)
    assert asked == [0, 1]


def test_an_input_that_breaks_off_gives_what_came_before(examiner: Detector, news: News) -> None:
    def items() -> Iterator[Article]:
        yield news["eel-d1"]
        raise RuntimeError("the crawl broke off")

    results = scan(items(), examiner)
    assert ids_of([next(results)]) == ["eel-d1"]
    with pytest.raises(RuntimeError, match="the crawl broke off"):
        next(results)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["early first", "late first"])
def test_of_two_copies_the_later_one_is_flagged_whatever_the_order(
    news: News, order: tuple[int, int]
) -> None:
    both = [dated(news["eel-s1"], EARLY), dated(news["eel-d1"], LATE)]
    assert flagged_in([both[n] for n in order]) == ["eel-d1"]
    swapped = [dated(news["eel-s1"], LATE), dated(news["eel-d1"], EARLY)]
    assert flagged_in([swapped[n] for n in order]) == ["eel-s1"]


@pytest.mark.parametrize("moment", [None, EARLY], ids=["undated", "same moment"])
def test_without_a_first_date_the_first_in_the_input_counts_as_first(
    news: News, moment: datetime | None
) -> None:
    one, other = dated(news["eel-s1"], moment), dated(news["eel-d1"], moment)
    assert flagged_in([one, other]) == ["eel-d1"]
    assert flagged_in([other, one]) == ["eel-s1"]


def test_of_three_copies_all_but_the_first_are_flagged(news: News) -> None:
    copy = news["eel-d1"]
    three = [
        dated(copy.named("third"), LATE + timedelta(days=2)),
        dated(news["eel-s1"], EARLY),
        dated(copy.named("second"), LATE),
    ]
    three[0] = replace(three[0], site="third.example", url=None)
    assert sorted(flagged_in(three)) == ["second", "third"]


def test_without_earlier_only_copies_accuse_each_other_unless_dates_forbid_it(
    news: News,
) -> None:
    articles = [dated(news["eel-s1"], None), dated(news["eel-d1"], None)]
    results = list(scan(articles, Detector.from_sources(articles)))
    assert [r.is_flagged for r in results if isinstance(r, Report)] == [True, True]
    articles = [dated(news["eel-s1"], EARLY), dated(news["eel-d1"], LATE)]
    results = list(scan(articles, Detector.from_sources(articles)))
    assert [r.is_flagged for r in results if isinstance(r, Report)] == [False, True]


def test_a_crawl_scanned_against_itself_is_the_same_with_two_workers(news: News) -> None:
    articles = [news[id] for id in ("eel-d1", "eel-s1", "vote-s1", "eel-h1", "vote-d1")]
    detector = Detector.from_sources(articles)
    one = as_lines(scan(articles, detector, earlier_only=True))
    assert as_lines(scan(articles, detector, earlier_only=True, workers=2)) == one
