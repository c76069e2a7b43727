"""Claims about details in context: what stands around each is counted, and it itself is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.article import Span
from detector.evidence.fabrication.context import IN_CONTEXT, in_context
from detector.evidence.fabrication.finding import Doubt, Weighed

KINDS: tuple[Weighed, ...] = ("claim", "number", "date", "person", "quote", "exchange", "role")


def told(kind: Weighed, sentence: int) -> Doubt:
    return Doubt(Span(0, 1), kind, (), "unsupported", "why", sentence=sentence)


def named(doubts: list[Doubt], chances: list[float]) -> list[dict[str, float]]:
    table = in_context(doubts, chances)
    return [dict(zip(IN_CONTEXT, row, strict=True)) for row in table.tolist()]


def test_a_detail_is_seen_with_its_sentence_and_those_beside_it() -> None:
    doubts = [
        told("claim", 3), told("number", 3), told("date", 3), told("person", 4), told("claim", 4),
        told("exchange", 3), told("role", 3),
    ]  # fmt: skip
    claim, number, date, person, _, words, name = named(doubts, [0.5, 0.2, 0.9, 0.7, 0.1, 1.0, 1.0])
    assert number == pytest.approx({
        "said": 0.5, "beside": 0.9, "beside_all": 0.9, "details": 1, "elsewhere": 0.8,
        "around": 0.7, "said_around": 0.1,
    })  # fmt: skip
    assert (date["beside"], date["beside_all"]) == pytest.approx((0.2, 0.2))
    assert (claim["said"], claim["beside"], claim["details"]) == (0.0, 0.9, 2)
    assert claim["beside_all"] == pytest.approx(1.1)
    assert (person["said"], person["beside"], person["details"]) == (0.1, 0.0, 0)
    assert (person["around"], person["said_around"]) == (0.9, 0.5)
    assert (words["beside"], words["details"]) == (name["beside"], name["details"]) == (0.9, 2)


def test_an_article_without_details_has_no_context() -> None:
    assert in_context([], []).shape == (0, len(IN_CONTEXT))


@given(
    st.lists(
        st.tuples(st.sampled_from(KINDS), st.integers(-1, 5), st.floats(0.0, 1.0)), max_size=20
    )
)
def test_it_is_what_counting_one_by_one_gives(items: list[tuple[Weighed, int, float]]) -> None:
    doubts = [told(kind, sentence) for kind, sentence, _ in items]
    table = in_context(doubts, [chance for *_, chance in items])
    details = [n for n, (kind, *_) in enumerate(items) if kind not in {"claim", "exchange", "role"}]
    claims = [n for n, (kind, *_) in enumerate(items) if kind == "claim"]
    for n, (kind, sentence, _) in enumerate(items):

        def chances(of: list[int], *places: int, but: int = n) -> list[float]:
            return [items[m][2] for m in of if m != but and items[m][1] in places]

        beside = chances(details, sentence)
        expected = [
            0.0 if kind == "claim" else max(chances(claims, sentence), default=0.0),
            max(beside, default=0.0),
            sum(beside),
            len(beside),
            sum(items[m][2] for m in details if m != n) / max(1, len(claims)),
            max(chances(details, sentence - 1, sentence + 1), default=0.0),
            max(chances(claims, sentence - 1, sentence + 1), default=0.0),
        ]
        np.testing.assert_allclose(table[n], expected, atol=1e-9)
