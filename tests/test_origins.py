"""Claims about several sources: mosaics and their shares, chains, siblings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from detector.article import Article
from detector.pipeline import Detector, compare
from detector.report import Report
from detector.verdict import MOSAIC_SHARE, SIBLING, Label, Relation, Verdict

News = dict[str, Article]
Examined = Callable[[str], Report]
MONDAY = datetime(2025, 3, 3, 8, tzinfo=UTC)


def on_day(article: Article, day: int, site: str) -> Article:
    """Return the article as another site published it, some days after Monday."""
    return replace(article, id=site, site=site, url=None, published=MONDAY + timedelta(days=day))


def lightly_edited(article: Article) -> Article:
    """Return the article without its third sentence, a word exchanged here and there."""
    gap = article.sentences[2]
    text = article.text[: gap.start] + article.text[gap.end :]
    return replace(article, text=text.replace(" but ", " yet ").replace("said", "stated"))


def ids(verdict: Verdict) -> list[str]:
    return [judged.source.id for judged in verdict.sources]


def test_a_mosaic_names_both_sources_and_shows_both(examined: Examined) -> None:
    for id in ("bridge-d4", "final-d4", "flood-d4"):
        report = examined(id)
        both = {f"{id.removesuffix('-d4')}-s1", f"{id.removesuffix('-d4')}-s2"}
        assert report.verdict.relation is Relation.MOSAIC
        assert {judged.source.id for judged, _ in report.matches} == both
        assert set(ids(report.verdict)) == both
        assert not both & {judged.source.id for judged in report.verdict.others}


def test_the_shares_of_a_mosaic_are_counted_once(examined: Examined) -> None:
    for id in ("bridge-d4", "merger-d4", "outage-d4", "flood-d4"):
        report = examined(id)
        shares = report.verdict.shares
        assert len(shares) == 2
        assert all(share >= MOSAIC_SHARE for share in shares)
        assert sum(shares) <= 1.0
        told = report.to_dict()["derivation"]["sources"]  # type: ignore[index, call-overload]
        assert [entry["share"] for entry in told] == [round(share, 4) for share in shares]  # type: ignore[index]


def test_a_chain_leads_back_to_the_earliest_text_that_explains_it(news: News) -> None:
    first = on_day(news["eel-s1"], 0, "first.example")
    second = on_day(lightly_edited(news["eel-s1"]), 2, "second.example")
    third = on_day(lightly_edited(second), 4, "third.example")
    for order in ([first, second], [second, first]):
        report = Detector.from_sources(order).examine(third)
        assert ids(report.verdict) == ["first.example"]
        assert [judged.source.id for judged in report.verdict.chain] == ["second.example"]
        chain = report.to_dict()["derivation"]["chain"]  # type: ignore[index, call-overload]
        assert chain == ["first.example", "second.example"]
        assert "it may have passed it on" in " ".join(report.text().split())


def test_what_only_the_later_text_tells_makes_it_the_source(news: News) -> None:
    first = on_day(news["eel-s1"], 0, "first.example")
    padded = on_day(news["eel-p1"], 2, "second.example")
    third = on_day(lightly_edited(padded), 4, "third.example")
    verdict = Detector.from_sources([first, padded]).examine(third).verdict
    assert ids(verdict) == ["second.example"]
    assert verdict.chain == ()


def test_without_dates_the_closest_text_is_the_source(news: News) -> None:
    first = replace(news["eel-s1"], id="first", published=None)
    second = replace(lightly_edited(news["eel-s1"]), id="second", published=None)
    third = replace(second, id="third", text=second.text.replace("stated", "explained"))
    assert ids(Detector.from_sources([first, second]).examine(third).verdict) == ["second"]


def test_what_came_after_the_article_is_in_no_chain(news: News) -> None:
    first = on_day(news["eel-s1"], 0, "first.example")
    later = on_day(news["eel-s1"], 9, "later.example")
    copy = on_day(lightly_edited(news["eel-s1"]), 4, "copy.example")
    verdict = Detector.from_sources([first, later]).examine(copy).verdict
    assert ids(verdict) == ["first.example"]
    assert verdict.chain == ()


STORIES = ("eel", "museum", "bridge", "trial", "outage", "fraud", "flood", "school", "rail")


@pytest.fixture(scope="module")
def kin(news: News) -> list[tuple[Verdict, Verdict]]:
    """Compare rewrites with their sources, and the same story's other text with the rewrite."""
    found = []
    for story in STORIES:
        rewrite = news[f"{story}-d2"]
        other = next(news[f"{story}-{n}"] for n in ("d3", "d1") if f"{story}-{n}" in news)
        found.append(
            (compare(rewrite, news[f"{story}-s1"]).verdict, compare(other, rewrite).verdict)
        )
    return found


def test_a_source_is_hardly_ever_called_a_sibling(kin: list[tuple[Verdict, Verdict]]) -> None:
    assert sum(source.sibling >= SIBLING for source, _ in kin) == 0


def test_texts_made_from_one_missing_source_are_likelier_siblings_than_source_and_copy(
    kin: list[tuple[Verdict, Verdict]],
) -> None:
    assert sum(sibling.sibling > source.sibling for source, sibling in kin) >= len(kin) - 1


def test_siblings_are_said_to_be_siblings_and_not_accused(
    kin: list[tuple[Verdict, Verdict]],
) -> None:
    siblings = [verdict for _, verdict in kin if verdict.sibling >= SIBLING]
    assert siblings
    for verdict in siblings:
        assert verdict.label is not Label.DERIVATIVE
        assert "sibling" in {reason.signal for reason in verdict.reasons}
