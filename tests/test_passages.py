"""Claims about passages: which stretches were reused, with exact ends."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest

from detector.alignment import Aligner, Alignment, Match
from detector.alignment.passages import PASSAGE_WORDS
from detector.article import Article, Span
from detector.pipeline import Detector

# Written for these tests: a source paragraph, and two that have nothing to do with it.
WEIR = (
    "The weir at Hollin Mill lost eleven timbers in the night of the storm. Divers from the river "
    "trust found the sill cracked along nine metres, and closed the fish ladder at once. Repairs "
    "need a coffer dam of steel sheets, which the only contractor in the valley cannot deliver "
    "before Easter. Until then the salmon will be carried past the mill in oxygen tanks by hand."
)
ORCHARD = (
    "Growers around Tarnby expect the latest pear harvest in memory after a spring without bees. "
    "Hives that wintered in the lowlands came back three weeks too late for the blossom. The "
    "cooperative has asked its members to prune less and to wait for a second flowering, which old "
    "trees on the southern slopes sometimes show in warm years."
)
LIBRARY = (
    "The town library will lend violins from Thursday on, seven of them, given by a family whose "
    "children moved abroad. A luthier tuned each one for nothing. Readers may keep an instrument "
    "for two months and must return it with all four strings, the librarian told a cheerful crowd."
)
TRAM = (
    "Night trams return to the harbour line on weekends, after drivers voted for a new roster. The "
    "operator had stopped them when sickness left a third of its cabs empty. Students collected "
    "nine thousand signatures, most of them, they admit, well after midnight."
)


@pytest.fixture(scope="module")
def aligner(examiner: Detector) -> Aligner:
    return examiner.aligner


def align(aligner: Aligner, article: str, source: str) -> Alignment:
    return aligner.align(
        Article.from_text(article, id="article"), Article.from_text(source, id="source")
    )


def only(alignment: Alignment) -> Match:
    assert len(alignment.passages) == 1
    return alignment.passages[0]


def test_a_copied_paragraph_is_found_with_its_exact_ends(aligner: Aligner) -> None:
    article, source = f"{ORCHARD}\n{WEIR}\n{LIBRARY}", f"{TRAM}\n{WEIR}"
    passage = only(align(aligner, article, source))
    assert passage.span.of(article) == passage.source_span.of(source) == WEIR
    assert (passage.kind, passage.similarity) == ("identical", 1.0)


def test_two_copied_paragraphs_in_another_order_are_two_passages(aligner: Aligner) -> None:
    article = f"{WEIR}\n{ORCHARD}\n{LIBRARY}"
    source = f"{LIBRARY}\n{TRAM}\n{TRAM.replace('harbour', 'castle')}\n{WEIR}"
    found = align(aligner, article, source).passages
    assert [passage.span.of(article) for passage in found] == [WEIR, LIBRARY]
    assert [passage.source_span.of(source) for passage in found] == [WEIR, LIBRARY]


def test_light_edits_inside_sentences_keep_the_passage_whole(aligner: Aligner) -> None:
    edited = WEIR.replace("eleven timbers", "a dozen timbers").replace("at once", "the same day")
    article = f"{ORCHARD}\n{edited}\n{LIBRARY}"
    passage = only(align(aligner, article, f"{TRAM}\n{WEIR}"))
    assert passage.span.of(article) == edited
    assert passage.kind == "minor-change"


def test_shuffled_words_are_still_a_passage(aligner: Aligner) -> None:
    words = WEIR.replace(".", "").replace(",", "").split()
    random.Random(3).shuffle(words)
    article = f"{ORCHARD}\n{' '.join(words)}.\n{LIBRARY}"
    passage = only(align(aligner, article, f"{TRAM}\n{WEIR}"))
    assert passage.kind == "same-meaning"
    place = Span(len(ORCHARD) + 1, len(ORCHARD) + 1 + len(" ".join(words)) + 1)
    shared = min(place.end, passage.span.end) - max(place.start, passage.span.start)
    assert shared > 0.9 * place.length
    assert passage.span.length < 1.1 * place.length


def test_a_single_reused_sentence_is_a_match_but_no_passage(aligner: Aligner) -> None:
    sentence = "Divers found the sill cracked along nine metres."
    alignment = align(aligner, f"{ORCHARD} {sentence} {LIBRARY}", f"{TRAM} {sentence}")
    assert alignment.passages == ()
    assert [match.kind for match in alignment.matches] == ["identical"]


def test_texts_without_common_matter_have_no_passage(aligner: Aligner) -> None:
    assert align(aligner, f"{ORCHARD}\n{LIBRARY}", f"{WEIR}\n{TRAM}").passages == ()


def test_the_passage_of_a_summary_is_condensed_from_the_whole_source(
    aligner: Aligner, news: dict[str, Article]
) -> None:
    for id in ("eel-d3", "merger-d3"):
        source = news[id.split("-", maxsplit=1)[0] + "-s1"]
        passage = only(aligner.align(news[id], source))
        assert passage.span.length > 0.9 * len(news[id].text)
        assert passage.source_span.length > 0.9 * len(source.text)


def test_independent_reports_of_one_event_share_no_long_passage(
    aligner: Aligner, news: dict[str, Article]
) -> None:
    for id in ("eel-h1", "merger-h1", "trial-h1", "vote-h1"):
        source = news[id.split("-", maxsplit=1)[0] + "-s1"]
        found = aligner.align(news[id], source).passages
        assert sum(passage.span.length for passage in found) < 0.25 * len(news[id].text)


def test_passages_are_long_apart_and_in_order(aligner: Aligner, news: dict[str, Article]) -> None:
    for id in ("eel-d1", "eel-d2", "final-d1", "bridge-d4", "merger-d4"):
        source = news[id.split("-", maxsplit=1)[0] + "-s1"]
        alignment = aligner.align(news[id], source)
        prepared = aligner.prepare(news[id])
        for passage in alignment.passages:
            assert len(prepared.token_range(passage.span)) >= PASSAGE_WORDS // 2
        for before, after in pairwise(alignment.passages):
            assert before.span.end <= after.span.start


def test_words_of_one_sentence_repeated_without_end_take_bounded_time(aligner: Aligner) -> None:
    refrain = "The choir of the northern valleys sang the harvest hymn again. "
    start = time.process_time()
    alignment = align(aligner, refrain * 1_500, refrain * 1_400)
    assert time.process_time() - start < 10
    assert alignment.passages
