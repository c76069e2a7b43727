"""Claims about postings: they add up what a dictionary of dictionaries would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.postings import Postings

ARTICLES = 6
Held = dict[tuple[int, int], float]

keys = st.one_of(st.integers(0, 9), st.integers(0, 2**32 - 1))
# Quarters are exact in float32, so that sums may be compared exactly.
weights = st.integers(-8, 8).map(lambda n: n / 4)
held = st.dictionaries(st.tuples(keys, st.integers(0, ARTICLES - 1)), weights, max_size=40)
queries = st.dictionaries(keys, weights, max_size=12)


def build(content: Held, articles: int = ARTICLES, kind: type = np.uint32) -> Postings:
    return Postings.build(
        np.array([key for key, _ in content], kind),
        np.array([holder for _, holder in content], np.int32),
        np.array(list(content.values()), np.float32),
        articles,
    )


def scores(
    postings: Postings, query: dict[int, float], most_holders: int = ARTICLES
) -> list[float]:
    return postings.scores(
        np.array(list(query), postings.keys.dtype),
        np.array(list(query.values()), np.float32),
        most_holders=most_holders,
    ).tolist()


def naive(content: Held, query: dict[int, float], most_holders: int) -> list[float]:
    totals = [0.0] * ARTICLES
    for key, weight in query.items():
        holders = {holder: there for (held, holder), there in content.items() if held == key}
        if len(holders) <= most_holders:
            for holder, there in holders.items():
                totals[holder] += weight * there
    return totals


@settings(deadline=None)
@given(held, queries, st.integers(0, ARTICLES))
def test_scores_are_those_of_a_dictionary(
    content: Held, query: dict[int, float], most: int
) -> None:
    assert scores(build(content), query, most) == naive(content, query, most)


@settings(deadline=None)
@given(held, queries, st.randoms())
def test_the_order_of_what_is_added_and_asked_changes_nothing(
    content: Held, query: dict[int, float], random: object
) -> None:
    added, asked = list(content.items()), list(query.items())
    random.shuffle(added)  # type: ignore[attr-defined]
    random.shuffle(asked)  # type: ignore[attr-defined]
    expected = scores(build(content), query)
    assert scores(build(dict(added)), dict(asked)) == expected


@settings(deadline=None)
@given(held)
def test_postings_hold_every_triple_once(content: Held) -> None:
    postings = build(content)
    stretches = zip(postings.starts[:-1], postings.starts[1:], strict=True)
    found = {
        (int(key), int(postings.holders[row])): float(postings.weights[row])
        for key, (first, last) in zip(postings.keys, stretches, strict=True)
        for row in range(first, last)
    }
    assert found == content
    assert len(postings.holders) == len(content)


def test_64_bit_keys_are_told_apart() -> None:
    low, high = 7, 7 + 2**63
    postings = build({(low, 0): 1.0, (high, 1): 2.0}, kind=np.uint64)
    assert scores(postings, {high: 3.0}) == [0, 6, 0, 0, 0, 0]


def test_nothing_held_or_nothing_asked_scores_nothing() -> None:
    assert scores(build({}), {1: 1.0}) == [0.0] * ARTICLES
    assert scores(build({(1, 0): 1.0}), {}) == [0.0] * ARTICLES
    assert scores(build({}, articles=0), {1: 1.0}) == []


@pytest.mark.parametrize(("most", "expected"), [(2, [1.0, 1.0, 0.0]), (1, [0.0, 0.0, 0.0])])
def test_a_key_held_too_often_is_passed_over(most: int, expected: list[float]) -> None:
    postings = build({(5, 0): 1.0, (5, 1): 1.0}, articles=3)
    assert scores(postings, {5: 1.0}, most) == expected
