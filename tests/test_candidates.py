"""Claims about candidates: the same whatever the order of the index, and never the article."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import detector
from detector.article import Article
from detector.candidates import CANDIDATES, CHANNELS, NAMED_SCORE, WEIGHT, find_candidates
from detector.encoders import Encoder, load_encoder
from detector.index import Index

FIXTURES = Path(detector.__file__).parent.parent / "fixtures"
FERRY = "The ferry to Norrholm was cancelled on Monday after its gearbox failed on the pier."
BANK = "The central bank raised interest rates by a quarter point to slow inflation."


def stories(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (FIXTURES / name).read_text(encoding="utf8").splitlines()]


def article(story: dict[str, str]) -> Article:
    fields = ("id", "title", "url", "published")
    return Article.from_text(story["text"], **{field: story[field] for field in fields})


SOURCES = [article(story) for story in stories("sources.jsonl")]
LABELLED = [article(story) for story in stories("labelled.jsonl")]
FROM = {story["id"]: set(story["sources"]) for story in stories("labelled.jsonl")}


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


@pytest.fixture(scope="module")
def everything(encoder: Encoder) -> Index:
    return index_of(encoder, SOURCES + LABELLED)


def index_of(encoder: Encoder, articles: list[Article]) -> Index:
    index = Index.in_memory(encoder)
    index.add(articles)
    return index


def ids(found: Article, index: Index, *, earlier_only: bool = False) -> list[str]:
    return [c.source.id for c in find_candidates(found, index, earlier_only=earlier_only)]


def dated(id: str, text: str, published: str | None) -> Article:
    return Article.from_text(text, id=id, published=published)


def test_every_source_of_a_derivative_is_found(encoder: Encoder) -> None:
    sources = index_of(encoder, SOURCES)
    missed = {a.id: FROM[a.id] - set(ids(a, sources)) for a in LABELLED}
    assert {id: gone for id, gone in missed.items() if gone} == {}


@pytest.mark.parametrize("seed", [1, 2])
def test_shuffling_the_index_changes_nothing(
    encoder: Encoder, everything: Index, seed: int
) -> None:
    shuffled = SOURCES + LABELLED
    random.Random(seed).shuffle(shuffled)
    other = index_of(encoder, shuffled)
    for suspect in LABELLED[::2]:
        assert find_candidates(suspect, other) == find_candidates(suspect, everything)


def test_an_article_never_finds_itself(everything: Index) -> None:
    for suspect in SOURCES + LABELLED[::2]:
        found = ids(suspect, everything)
        assert suspect.id not in found
        assert len(found) <= CANDIDATES
        # a text that was made from nothing here may find nothing
        assert found or FROM.get(suspect.id) == set()


def test_the_same_text_under_another_id_is_found_by_every_channel(everything: Index) -> None:
    for source in SOURCES:
        first = find_candidates(source.named("copy"), everything)[0]
        assert first.source == source
        assert set(first.found_by) == set(CHANNELS)
        own = dict(zip(CHANNELS, first.scores, strict=True))
        assert own["shingles"] == 1.0
        assert (own["meaning"], own["headline"]) == pytest.approx((1, 1), abs=0.02)


def test_candidates_come_strongest_first_and_add_up_their_channels(everything: Index) -> None:
    for suspect in LABELLED[::3]:
        found = find_candidates(suspect, everything)
        assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
        for c in found:
            weighed = zip(CHANNELS, c.scores, strict=True)
            assert c.score == pytest.approx(sum(WEIGHT[name] * own for name, own in weighed))


def test_a_channel_is_named_only_above_its_threshold(everything: Index) -> None:
    for suspect in LABELLED[::3]:
        for c in find_candidates(suspect, everything):
            own = dict(zip(CHANNELS, c.scores, strict=True))
            assert [name for name in c.found_by if own[name] < NAMED_SCORE[name]] == []
            assert len(set(c.found_by)) == len(c.found_by)


def test_a_copied_text_under_a_new_title_is_not_found_by_its_headline_alone(
    encoder: Encoder,
) -> None:
    index = index_of(encoder, [dated("ferry", f"Rain fell all night. {FERRY * 3}", None)])
    suspect = Article.from_text(f"Gulls were seen. {FERRY * 3}", title="Nobody sails")
    (found,) = find_candidates(suspect, index)
    assert {"terms", "meaning", "shingles"} <= set(found.found_by)


def test_an_unrelated_source_is_named_by_no_channel(encoder: Encoder) -> None:
    index = index_of(encoder, [dated("bank", BANK, None)])
    assert [c.found_by for c in find_candidates(dated("q", FERRY, None), index)] in ([], [()])


def test_an_empty_index_has_no_candidates(encoder: Encoder) -> None:
    index = Index.in_memory(encoder)
    assert find_candidates(SOURCES[0], index) == ()
    assert find_candidates(SOURCES[0], index, earlier_only=True) == ()


def test_an_index_of_the_article_alone_has_no_candidates(encoder: Encoder) -> None:
    index = index_of(encoder, SOURCES[:1])
    assert find_candidates(SOURCES[0], index) == ()
    assert find_candidates(SOURCES[0], index, earlier_only=True) == ()


def test_a_text_without_terms_has_candidates_or_none_but_no_error(everything: Index) -> None:
    for text in ("the", "1", "中", "a" * 50_000):
        assert len(find_candidates(Article.from_text(text), everything)) <= CANDIDATES


@pytest.mark.parametrize("most", [1, 3, 500])
def test_at_most_so_many_candidates_are_returned(everything: Index, most: int) -> None:
    found = find_candidates(SOURCES[0], everything, most=most)
    assert len(found) <= min(most, len(everything) - 1)
    if most <= CANDIDATES:
        assert len(found) == most


def test_only_earlier_sources_count_by_date(everything: Index) -> None:
    for suspect in LABELLED[::3]:
        for c in find_candidates(suspect, everything, earlier_only=True):
            assert c.source.published < suspect.published


def test_earlier_sources_are_ranked_as_if_the_later_ones_were_not_there(
    encoder: Encoder, everything: Index
) -> None:
    for suspect in LABELLED[::16]:
        earlier = [a for a in SOURCES + LABELLED if a.published < suspect.published]
        alone = find_candidates(suspect, index_of(encoder, earlier))
        found = find_candidates(suspect, everything, earlier_only=True)
        assert [(c.source, c.found_by) for c in found] == [(c.source, c.found_by) for c in alone]
        # A matrix product is rounded by its size.
        assert [c.score for c in found] == pytest.approx([c.score for c in alone], abs=1e-5)


def test_without_dates_the_order_of_adding_counts(encoder: Encoder) -> None:
    first, second, third = (dated(id, FERRY, None) for id in ("first", "second", "third"))
    index = index_of(encoder, [first, second, third])
    found = [ids(a, index, earlier_only=True) for a in (first, second, third)]
    assert found == [[], ["first"], ["first", "second"]]


def test_a_date_says_more_than_the_order_of_adding(encoder: Encoder) -> None:
    late = dated("late", FERRY, "2025-11-14")
    early = dated("early", FERRY, "2025-11-13")
    undated = dated("undated", FERRY, None)
    index = index_of(encoder, [late, undated, early])
    assert sorted(ids(late, index, earlier_only=True)) == ["early"]
    assert ids(early, index, earlier_only=True) == ["undated"]
    assert ids(undated, index, earlier_only=True) == ["late"]


def test_at_the_same_moment_the_order_of_adding_counts(encoder: Encoder) -> None:
    one, other = (dated(id, FERRY, "2025-11-13T08:00:00Z") for id in ("one", "other"))
    index = index_of(encoder, [one, other])
    assert ids(one, index, earlier_only=True) == []
    assert ids(other, index, earlier_only=True) == ["one"]


def test_an_article_that_is_not_in_the_index_comes_after_all_undated_ones(
    encoder: Encoder,
) -> None:
    index = index_of(encoder, [dated("a", FERRY, None)])
    assert ids(dated("new", FERRY, None), index, earlier_only=True) == ["a"]
