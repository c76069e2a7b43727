"""Claims about several sources: mosaics and their shares, chains, siblings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

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


def test_a_source_is_not_called_a_sibling(news: News) -> None:
    for story in STORIES:
        verdict = compare(news[f"{story}-d2"], news[f"{story}-s1"]).verdict
        assert verdict.sibling < SIBLING
        assert verdict.label is not Label.UNDECIDED


def test_texts_made_from_one_missing_source_look_more_like_siblings(news: News) -> None:
    padded = [story for story in STORIES if f"{story}-p1" in news]
    sources = [compare(news[f"{s}-d2"], news[f"{s}-s1"]).verdict.sibling for s in padded]
    siblings = [compare(news[f"{s}-p1"], news[f"{s}-d2"]).verdict.sibling for s in padded]
    assert len(padded) >= 6
    assert sum(siblings) / len(padded) > sum(sources) / len(padded) + 0.1


def test_siblings_are_said_to_be_siblings_and_not_accused(news: News) -> None:
    for one, other in (("school-p1", "school-d3"), ("eel-p1", "eel-d3")):
        report = compare(news[one], news[other])
        assert report.verdict.sibling >= SIBLING
        assert report.verdict.label is Label.UNDECIDED
        assert "sibling" in {reason.signal for reason in report.verdict.reasons}
        assert "both made from a text that is not at hand" in " ".join(report.text().split())


def test_with_their_source_at_hand_siblings_lead_to_it(news: News) -> None:
    detector = Detector.from_sources([news["outage-s1"], news["outage-d3"]])
    verdict = detector.examine(news["outage-d2"]).verdict
    assert ids(verdict) == ["outage-s1"]
    assert verdict.label is Label.DERIVATIVE
