"""Claims about alignment: what corresponds to what, at exact places, in bounded time."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from itertools import pairwise, zip_longest

import pytest

from detector.alignment import PREPARED_ARTICLES, Aligner, Alignment, Run, body_sentences
from detector.alignment.prepared import MOST_SENTENCES
from detector.alignment.runs import RUN_WORDS, SEED_PLACES, SEED_WORDS, shared_runs
from detector.article import Article, Span
from detector.pipeline import Detector
from detector.terms import TermExtractor

PAIRS = [
    ("eel-d1", "eel-s1"),
    ("eel-d2", "eel-s1"),
    ("eel-d3", "eel-s1"),
    ("final-d1", "final-s1"),
    ("vote-d1", "vote-s1"),
    ("bridge-d4", "bridge-s1"),
    ("eel-h1", "eel-s1"),
    ("misc-h1", "vote-s1"),
]


@pytest.fixture(scope="module")
def aligner(examiner: Detector) -> Aligner:
    return examiner.aligner


@pytest.fixture(params=PAIRS, ids=[" ".join(pair) for pair in PAIRS])
def alignment(
    request: pytest.FixtureRequest, aligner: Aligner, news: dict[str, Article]
) -> Alignment:
    article, source = (news[id] for id in request.param)
    return aligner.align(article, source)


def text(content: str, id: str) -> Article:
    return Article.from_text(content, id=id)


def test_an_article_aligned_with_itself_is_fully_covered(
    aligner: Aligner, sources: tuple[Article, ...]
) -> None:
    for article in sources:
        found = aligner.align(article, article.named("again"))
        words = len(aligner.prepare(article).tokens)
        assert (found.coverage, found.source_coverage, found.verbatim_share) == (1.0, 1.0, 1.0)
        assert found.order == 1.0
        assert found.runs == (Run(0, 0, words),)
        assert [match.span for match in found.matches] == [s.span for s in body_sentences(article)]
        for match in found.matches:
            assert (match.source_span, match.kind, match.similarity) == (
                match.span,
                "identical",
                1.0,
            )
            assert match.kept_words == 1.0
        assert [passage.span for passage in found.passages] == [
            Span(found.matches[0].span.start, found.matches[-1].span.end)
        ]


def test_sentences_in_another_order_are_found_where_they_went(aligner: Aligner) -> None:
    first = "The ferry to Norrholm broke its shaft off the western pier on Monday morning."
    second = "Nine bakers in Kessel bought an oven that burns nothing but olive stones."
    third = "A court in Tavira fined the owner of the quarry forty thousand euros."
    there = " ".join([first, second, third])
    here = " ".join([third, first, second])
    found = aligner.align(text(here, "here"), text(there, "there"))
    assert [
        (match.span.of(here), match.source_span.of(there), match.kind) for match in found.matches
    ] == [(sentence, sentence, "identical") for sentence in (third, first, second)]
    assert (found.coverage, found.source_coverage, found.order) == (1.0, 1.0, 0.5)


def test_articles_that_change_places_swap_only_their_sides(
    aligner: Aligner, news: dict[str, Article]
) -> None:
    here, there = news["eel-d1"], news["eel-s1"]
    one, other = aligner.align(here, there), aligner.align(there, here)
    assert (one.article, one.source) == (other.source, other.article)
    assert one.longest_run == other.longest_run
    assert {(m.span, m.source_span) for m in one.matches if m.kind == "identical"} & {
        (m.source_span, m.span) for m in other.matches if m.kind == "identical"
    }


def test_what_was_added_is_not_covered(aligner: Aligner) -> None:
    kept = "The ferry to Norrholm broke its shaft off the western pier on Monday morning."
    added = "Nine bakers in Kessel bought an oven that burns nothing but olive stones."
    found = aligner.align(text(f"{kept} {added}", "a"), text(kept, "b"))
    assert [match.span.of(f"{kept} {added}") for match in found.matches] == [kept]
    assert (found.coverage, found.source_coverage) == (14 / 27, 1.0)
    assert found.verbatim_share == 14 / 27


def test_one_changed_word_is_a_minor_change(aligner: Aligner) -> None:
    found = aligner.align(
        text("The ferry to Norrholm broke its shaft off the western pier on Tuesday.", "a"),
        text("The ferry to Norrholm broke its shaft off the western pier on Monday.", "b"),
    )
    (match,) = found.matches
    assert (match.kind, match.kept_words) == ("minor-change", 12 / 13)
    assert found.runs == (Run(0, 0, 12),)


def test_every_span_is_a_place_in_its_text(alignment: Alignment) -> None:
    for match in (*alignment.matches, *alignment.passages):
        for span, article in (
            (match.span, alignment.article),
            (match.source_span, alignment.source),
        ):
            assert 0 <= span.start < span.end <= len(article.text)
            quoted = span.of(article.text)
            assert quoted == article.text[span.start : span.end]
            assert quoted == quoted.strip()
        assert 0 <= match.similarity <= 1
        assert 0 <= match.kept_words <= 1


def test_a_sentence_match_is_a_sentence_or_a_run(alignment: Alignment, aligner: Aligner) -> None:
    prepared = aligner.prepare(alignment.article)
    runs = {prepared.stretch(r.first, r.first + r.words - 1) for r in alignment.runs}
    sentences = {sentence.span for sentence in body_sentences(alignment.article)}
    assert {match.span for match in alignment.matches} <= sentences | runs


def test_matches_and_passages_are_in_order_and_apart(alignment: Alignment) -> None:
    for series in (alignment.matches, alignment.passages):
        for before, after in pairwise(series):
            assert before.span.end <= after.span.start


def test_runs_are_words_that_both_texts_hold(alignment: Alignment, aligner: Aligner) -> None:
    here = aligner.prepare(alignment.article).tokens
    there = aligner.prepare(alignment.source).tokens
    for run in alignment.runs:
        shared = here[run.first : run.first + run.words]
        assert len(shared) == run.words >= RUN_WORDS
        assert shared == there[run.source_first : run.source_first + run.words]
        assert here[run.first + run.words :][:1] != there[run.source_first + run.words :][:1] or (
            run.first + run.words == len(here)
        )
    for before, after in pairwise(alignment.runs):
        assert before.first + before.words <= after.first, "a word belongs to one run at most"
    assert alignment.longest_run == max((run.words for run in alignment.runs), default=0)


def test_shares_are_between_nothing_and_all(alignment: Alignment) -> None:
    for share in (alignment.coverage, alignment.source_coverage, alignment.verbatim_share):
        assert 0 <= share <= 1
    assert len(alignment.best) == len(body_sentences(alignment.article))
    assert ((alignment.best >= 0) & (alignment.best <= 1.0001)).all()


def runs_between(here: list[str], there: list[str]) -> Iterator[Run]:
    extractor = TermExtractor()
    return shared_runs(extractor.codes(here), extractor.codes(there))


def test_a_run_of_seven_words_is_no_run() -> None:
    seven = "one two three four five six seven".split()
    assert list(runs_between(["a", *seven, "b"], ["c", *seven, "d"])) == []
    assert list(runs_between(["a", *seven, "8", "b"], [*seven, "8", "d"])) == [Run(1, 0, 8)]


def test_the_longest_of_several_places_is_the_run() -> None:
    eight, longer = list("abcdefgh"), list("abcdefghij")
    assert list(runs_between(["x", *longer], [*eight, "y", *longer])) == [Run(1, 9, 10)]


def test_random_word_lists_share_what_a_plain_search_finds() -> None:
    rng = random.Random(5)
    for _ in range(60):
        here, there = (rng.choices("ab", k=rng.randrange(0, 40)) for _ in range(2))
        taken = 0
        for run in runs_between(here, there):
            assert run.first >= taken
            taken = run.first + run.words
            assert here[run.first : taken] == there[run.source_first :][: run.words]
    assert list(runs_between([], [])) == list(runs_between(["a"] * 9, [])) == []


def test_runs_are_those_that_a_plain_search_finds() -> None:
    chance = random.Random(6)
    for _ in range(200):
        words = "abcdef"[: chance.randint(1, 6)]
        there = chance.choices(words, k=chance.randint(0, 90))
        start = chance.randint(0, 60)
        here = [
            *chance.choices(words, k=20),
            *there[start : start + 25],
            *chance.choices("xy", k=9),
        ]
        assert list(runs_between(here, there)) == list(plain_runs(here, there))


def plain_runs(here: list[str], there: list[str]) -> Iterator[Run]:
    """Try every place with its first few counterparts, one word at a time."""
    i = 0
    while i < len(here):
        seed = here[i : i + SEED_WORDS]
        starts = [j for j in range(len(there)) if there[j : j + SEED_WORDS] == seed]
        same = {
            j: next((n for n, (a, b) in enumerate(zip_longest(here[i:], there[j:])) if a != b), 0)
            for j in (starts[:SEED_PLACES] if len(seed) == SEED_WORDS else ())
        }
        best = max(same, key=lambda j: (same[j], -j), default=0)
        if same and same[best] >= RUN_WORDS:
            yield Run(i, best, same[best])
        i += same[best] if same and same[best] >= RUN_WORDS else 1


def test_sides_without_a_sentence_align_to_nothing(aligner: Aligner) -> None:
    empty, wordless = Article("", "empty"), Article("— … —", "wordless")
    full = text("The ferry to Norrholm broke its shaft on Monday.", "full")
    for here, there in ((empty, full), (full, empty), (empty, wordless), (wordless, full)):
        found = aligner.align(here, there)
        assert (found.matches, found.passages, found.runs) == ((), (), ())
        assert (found.coverage, found.source_coverage, found.verbatim_share) == (0, 0, 0)
        assert (found.longest_run, found.order) == (0, 0.5)
        assert len(found.best) == len(body_sentences(here))


def test_unrelated_articles_share_no_passage(aligner: Aligner, news: dict[str, Article]) -> None:
    found = aligner.align(news["misc-h2"], news["eel-s1"])
    assert (found.runs, found.coverage) == ((), 0.0)


def test_a_long_article_is_aligned_in_bounded_time(aligner: Aligner) -> None:
    rng = random.Random(11)
    words = [f"word{n}" for n in range(3_000)]
    sentences = [" ".join(rng.choices(words, k=12)).capitalize() + "." for _ in range(2_400)]
    article = text(" ".join(sentences), "long")
    shuffled = text(" ".join(rng.sample(sentences, len(sentences))), "shuffled")
    start = time.process_time()
    found = aligner.align(article, shuffled)
    assert time.process_time() - start < 10
    assert len(found.best) == MOST_SENTENCES
    assert found.verbatim_share > 0.95


def test_one_word_without_end_is_aligned_in_bounded_time(aligner: Aligner) -> None:
    here, there = text("ha " * 30_000, "a"), text("ha " * 29_000, "b")
    start = time.process_time()
    found = aligner.align(here, there)
    assert time.process_time() - start < 10
    assert (found.coverage, found.verbatim_share) == (1.0, 1.0)


def test_only_the_last_articles_are_remembered(examiner: Detector) -> None:
    aligner = Aligner(examiner.index.encoder, examiner.aligner.extractor, examiner.aligner.rarity)
    for n in range(PREPARED_ARTICLES + 20):
        aligner.prepare(text(f"Boat {n} left.", str(n)))
    assert len(aligner._prepared) == PREPARED_ARTICLES


def test_articles_with_the_same_text_are_not_mistaken_for_each_other(aligner: Aligner) -> None:
    one, other = text("Boat 7 left.", "one"), text("Boat 7 left.", "other")
    assert aligner.prepare(one).article == one
    assert aligner.prepare(other).article == other
    found = aligner.align(one, other)
    assert (found.article.id, found.source.id) == ("one", "other")
