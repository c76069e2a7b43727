"""Claims about datelines: place, date and agency at the start of a line."""

from __future__ import annotations

import time

import pytest

from detector.article import Article
from detector.facts import datelines, names


def found(text: str) -> list[tuple[str, str]]:
    return [(fact.text, fact.value) for fact in datelines(Article.from_text(text))]


@pytest.mark.parametrize(
    ("line", "whole", "value"),
    [
        ("LONDON (Reuters) - Boats left.", "LONDON (Reuters)", "london"),
        ("NEW DELHI, Aug 5 (PTI) — Boats left.", "NEW DELHI, Aug 5 (PTI)", "new delhi aug 5"),
        (
            "Beijing, November 14, 2025 – Boats left.",
            "Beijing, November 14, 2025",
            "beijing november 14, 2025",
        ),
        (
            "Beijing, 14 November 2025\nBoats left.",
            "Beijing, 14 November 2025",
            "beijing 14 november 2025",
        ),
        ("WASHINGTON — Boats left.", "WASHINGTON", "washington"),
        ("London — Boats left.", "London", "london"),
        ("(Beijing) – Boats left.", "(Beijing)", "beijing"),
        (
            "BENTONVILLE, Ark., March 31, 2011 – Boats left.",
            "BENTONVILLE, Ark., March 31, 2011",
            "bentonville arkansas march 31, 2011",
        ),
        ("NORRHOLM, May 3 (AFP) - Boats left.", "NORRHOLM, May 3 (AFP)", "norrholm may 3"),
        ("WASHINGTON/BEIJING (AP) -- Boats left.", "WASHINGTON/BEIJING (AP)", "washington beijing"),
        ("OSLO, Sept 20 Boats left.", "OSLO, Sept 20", "oslo sept 20"),
        ("LONDON--(BUSINESS WIRE)-- Boats left.", "LONDON--(BUSINESS WIRE)", "london"),
    ],
)
def test_a_dateline_is_read_whole(line: str, whole: str, value: str) -> None:
    assert found(f"A Headline Here\n\n{line}\n\nMore of it.") == [(whole, value)]


@pytest.mark.parametrize(
    "line",
    [
        "London - which is large - was quiet.",
        "Boats left London (Reuters) - they said.",
        "Anna Vik — A life.",
        "READ MORE: Boats left.",
        "NORRHOLM FISH (NFC): Boats left.",
        "London, May 3 Boats left.",
        "Kenyan — Boats left.",
        "Many boats left — Nobody knew.",
    ],
)
def test_other_lines_are_no_datelines(line: str) -> None:
    assert found(line) == []


def test_the_parts_of_a_dateline_are_names() -> None:
    article = Article.from_text("NORRHOLM, Calif., May 3 (Coast News) - Boats left.")
    assert [(fact.kind, fact.text, fact.value) for fact in names(article)] == [
        ("place", "NORRHOLM", "norrholm"),
        ("place", "Calif.", "california"),
        ("org", "Coast News", "coast news"),
    ]


def test_an_agency_has_its_name_in_full_as_its_value() -> None:
    for written in ("AP", "The Associated Press"):
        article = Article.from_text(f"NORRHOLM, May 3 ({written}) - Boats left.")
        (agency,) = (fact for fact in names(article) if fact.kind == "org")
        assert (agency.text, agency.value) == (written, "associated press")


@pytest.mark.parametrize(
    "piece", ["A ", "A-", "AB\n", "A B, ", "LONDON, ", "LONDON (", "A/", "May 5 ", "(A", "\n "]
)
def test_datelines_take_linear_time(piece: str) -> None:
    text = "x" + piece * (400_000 // len(piece))
    started = time.process_time()
    assert list(datelines(Article(text=text, id="1"))) == []
    assert time.process_time() - started < 5
