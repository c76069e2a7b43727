"""Claims about articles: kept text, exact places of sentences, ids and dates."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detector
from detector.article import (
    LONGEST_SENTENCE,
    WORD,
    Article,
    Sentence,
    Span,
    host,
    joined,
    looks_like_heading,
    parse_date,
    stable_id,
    utc,
)
from detector.errors import BadInput

ROOT = Path(detector.__file__).parent.parent
FIXTURES = ROOT / "fixtures"
FERRY = "The ferry to Norrholm was cancelled on Monday, and nobody on the pier knew why."
GEARBOX = "Its owner, a dairy on the mainland, said a gearbox had failed twice within a week."
NOVEMBER = datetime(2025, 11, 13, tzinfo=UTC)


def fixture_texts() -> list[str]:
    lines = [
        line
        for name in ("sources.jsonl", "labelled.jsonl")
        for line in (FIXTURES / name).read_text(encoding="utf8").splitlines()
    ]
    return [json.loads(line)["text"] for line in lines]


def check_sentences(article: Article) -> None:
    text, sentences = article.text, article.sentences
    assert [text[s.start : s.end] for s in sentences] == [s.text for s in sentences]
    assert all(one.end <= other.start for one, other in pairwise(sentences))
    assert not [s.text for s in sentences if set(s.text) & set("\r\n")]
    assert [s.text for s in sentences if s.text != s.text.strip() or not WORD.search(s.text)] == []
    assert all(s.end - s.start <= LONGEST_SENTENCE for s in sentences)


@settings(deadline=None)
@given(st.text(max_size=400))
def test_a_sentence_is_the_text_between_its_offsets(text: str) -> None:
    check_sentences(Article(text=text, id="1"))


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Mr. ", "Smith", " said", ". ", "! ", "?", "“", "”", '"', "\n", "\r\n", " ", "\t", "a"]
        ),
        max_size=60,
    )
)
def test_punctuation_and_line_breaks_shift_no_offset(pieces: list[str]) -> None:
    check_sentences(Article(text="".join(pieces), id="1"))


def test_sentences_of_real_articles_hold_every_word() -> None:
    for text in fixture_texts():
        article = Article.from_text(text)
        check_sentences(article)
        inside = [w for s in article.sentences for w in WORD.findall(s.text)]
        assert inside == WORD.findall(text)


@pytest.mark.parametrize("piece", ["a", "word " * 9 + "end. ", "a\t", "é", "...", "1."])
def test_two_megabytes_in_one_line_take_bounded_time(piece: str) -> None:
    article = Article.from_text(f"{FERRY} {piece * (2_000_000 // len(piece))}")
    started = time.process_time()
    sentences = article.sentences
    assert time.process_time() - started < 10
    assert sentences[0].text.startswith("The ferry to Norrholm was cancelled on Monday")
    assert all(sentence.span.length <= LONGEST_SENTENCE for sentence in sentences)


def test_two_megabytes_of_short_lines_take_bounded_time() -> None:
    article = Article.from_text("The pier is old.\n" * 120_000)
    started = time.process_time()
    assert len(article.sentences) == 120_000
    assert time.process_time() - started < 15


def test_sentences_split_at_full_stops_and_not_after_titles() -> None:
    article = Article.from_text("Dr. Vik left the pier. She came back at 5 p.m. on Tuesday.")
    assert article.sentences == (
        Sentence(0, 22, "Dr. Vik left the pier."),
        Sentence(23, 58, "She came back at 5 p.m. on Tuesday."),
    )


def test_a_short_line_without_a_full_stop_is_a_heading() -> None:
    article = Article.from_text(f"No boat to Norrholm\n\n{FERRY}\n")
    assert article.sentences == (
        Sentence(0, 19, "No boat to Norrholm", is_heading=True),
        Sentence(21, 21 + len(FERRY), FERRY),
    )


def test_the_only_line_of_an_article_is_no_heading() -> None:
    article = Article.from_text("No boat to Norrholm")
    assert article.sentences == (Sentence(0, 19, "No boat to Norrholm"),)


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("No boat to Norrholm", True),
        ("Who stopped the boat?", True),
        ("The boat stopped.", False),
        ("He said: ", False),
        ("", False),
        ("***", False),
        ("word " * 14, True),
        ("word " * 15, False),
        ("a" * 3_000, False),
    ],
)
def test_a_heading_is_short_and_has_no_full_stop(line: str, heading: bool) -> None:
    assert looks_like_heading(line) is heading


def test_lines_without_a_word_are_no_sentences() -> None:
    article = Article.from_text(f"***\n{FERRY}\n---\n\n· · ·")
    assert [sentence.text for sentence in article.sentences] == [FERRY]


def test_the_text_is_kept_character_for_character() -> None:
    text = f"  \ufeff{FERRY}\r\n\r\n<b>co- operation</b>\u00a0\0 "
    assert Article.from_text(text).text == text


def test_an_article_knows_its_host_and_drops_empty_fields() -> None:
    article = Article.from_text(
        FERRY, url="https://www.Boats.example/1", title="", author="", published=""
    )
    assert article == Article(
        text=FERRY,
        id=stable_id("https://www.Boats.example/1"),
        url="https://www.Boats.example/1",
        site="boats.example",
    )


def test_a_day_of_publication_may_be_given_as_such() -> None:
    article = Article.from_text(FERRY, published=date(2026, 5, 3))
    assert article.published == datetime(2026, 5, 3, tzinfo=UTC)


def test_a_given_id_and_site_win() -> None:
    article = Article.from_text(FERRY, id="7", site="isles.example", url="https://boats.example/1")
    assert (article.id, article.site) == ("7", "isles.example")
    assert article.named("8") == Article.from_text(
        FERRY, id="8", site="isles.example", url="https://boats.example/1"
    )


def test_the_id_comes_from_the_url_or_else_from_the_text() -> None:
    here = Article.from_text(FERRY, url="https://boats.example/1")
    assert here.id == Article.from_text(GEARBOX, url="https://boats.example/1").id
    assert Article.from_text(FERRY).id == Article.from_text(FERRY, title="Other").id
    assert len({here.id, Article.from_text(FERRY).id, Article.from_text(GEARBOX).id}) == 3


def test_ids_are_the_same_in_every_process() -> None:
    code = (
        "from detector.article import Article;"
        "print(Article.from_text('A boat.').id, Article.from_text('A', url='https://b.example').id)"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert printed == {f"{stable_id('A boat.')} {stable_id('https://b.example')}\n"}


@pytest.mark.parametrize("text", ["", " \n", "***", "—…!"])
def test_a_text_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=r"^the text holds no word .*: give an article with text$"):
        Article.from_text(text)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025-11-13", NOVEMBER),
        ("20251113", NOVEMBER),
        ("2025-11-13T00:00:00Z", NOVEMBER),
        ("2025-11-13T02:00:00+02:00", NOVEMBER),
        (" Thu, 13 Nov 2025 00:00:00 GMT ", NOVEMBER),
        ("Wed, 12 Nov 2025 19:00:00 -0500", NOVEMBER),
        ("13 November 2025", NOVEMBER),
        ("November 13th 2025", NOVEMBER),
        ("Thursday, November 13, 2025", NOVEMBER),
        ("Published Nov. 13, 2025 at noon", NOVEMBER),
        ("", None),
        ("  ", None),
    ],
)
def test_dates_are_read_in_their_usual_forms(written: str, moment: datetime | None) -> None:
    assert parse_date(written) == moment
    assert Article.from_text(FERRY, published=written).published == moment


@pytest.mark.parametrize(
    "written",
    ["soon", "31 February 2025", "Nov 2025", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"],
)
def test_what_is_no_date_is_refused_in_one_line(written: str) -> None:
    with pytest.raises(BadInput, match="which is no date: expected one such as 2025-11-14T08"):
        parse_date(written)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_date_or_a_clear_refusal(text: str) -> None:
    try:
        moment, said = parse_date(text), "read"
    except BadInput as error:
        moment, said = None, str(error)
    assert moment is None or moment.utcoffset() == timedelta(0)
    assert "\n" not in said


@settings(deadline=None)
@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))
def test_a_moment_written_as_iso_8601_is_read_back(moment: datetime) -> None:
    assert parse_date(moment.isoformat()) == moment.replace(tzinfo=UTC)


def test_a_moment_without_a_zone_is_utc() -> None:
    eastern = timezone(timedelta(hours=-5))
    assert utc(datetime(2025, 11, 13)) == NOVEMBER
    assert utc(datetime(2025, 11, 12, 19, tzinfo=eastern)) == NOVEMBER
    assert utc(None) is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.boats.example/a", "boats.example"),
        ("//boats.example:8080", "boats.example"),
        ("https://user:word@BOATS.example?x", "boats.example"),
        ("boats.example/a", None),
        ("", None),
    ],
)
def test_the_host_of_an_address(url: str, name: str | None) -> None:
    assert host(url) == name


def test_a_span_measures_and_cuts() -> None:
    assert Span(4, 9).length == 5
    assert Span(4, 9).of(FERRY) == "ferry"
    assert Article.from_text(FERRY).sentences[0].span == Span(0, len(FERRY))


def test_words_are_counted_with_their_apostrophes() -> None:
    assert Article.from_text("It’s the ferry's 2nd co-owner.").words == 6


def test_joined_sources_keep_their_texts_and_the_earliest_date() -> None:
    one = Article.from_text(FERRY, id="1", title="One", published="2025-11-14")
    other = Article.from_text(GEARBOX, id="2", title="Two", published="2025-11-13")
    assert joined([one, other]) == Article(
        text=f"{FERRY}\n\n{GEARBOX}", id="1+2", title="One", published=NOVEMBER
    )
