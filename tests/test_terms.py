"""Claims about terms: stems, normal forms of figures, and how rare each is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detector
from detector.article import Article
from detector.facts import figures
from detector.terms import (
    STOPWORDS,
    Rarity,
    TermExtractor,
    TermVector,
    are_numbers,
    as_vector,
    count_rarity,
    count_terms,
    figure_term,
    hash_term,
    stems_of,
)

ROOT = Path(detector.__file__).parent.parent


@pytest.fixture(scope="module")
def extractor() -> TermExtractor:
    return TermExtractor()


def rarity(**idf: float) -> Rarity:
    terms = np.array([hash_term(word) for word in idf], np.uint32)
    order = np.argsort(terms)
    return Rarity(terms[order], np.array(list(idf.values()), np.float32)[order], 9.0)


def counted(vector: TermVector) -> dict[int, float]:
    return dict(zip(vector.terms.tolist(), vector.counts.tolist(), strict=True))


def test_words_of_one_stem_are_one_term(extractor: TermExtractor) -> None:
    assert extractor.words("Ferry FERRIES ferry's ferry’s").tolist() == [hash_term("ferri")] * 4


def test_terms_of_several_texts_are_counted_apart_and_zero_is_none() -> None:
    terms = np.array([7, 0, 5, 7, 0, 7, (1 << 32) - 1], np.uint32)
    first, second, third, last = count_terms(terms, np.array([0, 0, 0, 0, 1, 2, 2]), 4)
    assert counted(first) == {5: 1, 7: 2}
    assert counted(second) == counted(last) == {}
    assert counted(third) == {7: 1, (1 << 32) - 1: 1}
    assert first.terms.dtype == np.uint32
    assert first.counts.dtype == np.float32


def test_function_words_numbers_and_single_letters_are_no_terms(extractor: TermExtractor) -> None:
    found = extractor.words("The ferry is it's 40 4th x").tolist()
    assert found == [0, hash_term("ferri"), 0, 0, 0, 0, 0]
    assert not extractor.words(" ".join(STOPWORDS)).any()


def test_a_code_tells_the_stem_of_a_word_and_words_of_one_stem_apart(
    extractor: TermExtractor,
) -> None:
    codes = extractor.codes(["ferry", "ferries", "the", "2025", "ferry"])
    assert len({*codes.tolist()}) == 4
    assert stems_of(codes).tolist() == [
        *[hash_term("ferri")] * 2, 0, hash_term("2025"), hash_term("ferri"),
    ]  # fmt: skip
    assert are_numbers(codes).tolist() == [False, False, False, True, False]


def test_words_beyond_those_remembered_have_the_same_codes(
    extractor: TermExtractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["ferry", "pier", "2025"]
    monkeypatch.setattr("detector.terms.REMEMBERED_WORDS", 1)
    assert TermExtractor().codes(words).tolist() == extractor.codes(words).tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [("40%", "forty per cent"), ("$12.9bn", "12.9 billion dollars"), ("3 crore", "30 million")],
)
def test_figures_are_terms_by_their_normal_form(
    extractor: TermExtractor, one: str, other: str
) -> None:
    (fact,) = figures(one)
    assert figure_term(fact) == hash_term("#" + fact.value)
    assert figure_term(fact) in extractor.terms(one).terms
    assert figure_term(fact) in extractor.terms(other).terms


def test_a_figure_is_never_a_word() -> None:
    (fact,) = figures("40 boats")
    assert figure_term(fact) != hash_term("40")


def test_terms_are_sorted_different_and_counted(extractor: TermExtractor) -> None:
    vector = extractor.terms("Ferry to ferry, pier to pier, ferry in 2025.")
    assert counted(vector) == {
        hash_term("ferri"): 3,
        hash_term("pier"): 2,
        hash_term("#2025"): 1,
    }
    assert vector.terms.tolist() == sorted(vector.terms.tolist())
    assert (len(vector), vector.terms.dtype, vector.counts.dtype) == (3, np.uint32, np.float32)


def test_a_text_without_terms_has_none(extractor: TermExtractor) -> None:
    assert len(extractor.terms("It is the one.")) == 0
    assert len(extractor.terms("")) == 0


@settings(deadline=None)
@given(st.text(max_size=200))
def test_terms_do_not_depend_on_what_was_read_before(text: str) -> None:
    used = TermExtractor()
    used.terms("ferry pier " + text)
    assert counted(used.terms(text)) == counted(TermExtractor().terms(text))


def test_terms_are_the_same_in_every_process() -> None:
    code = (
        "from detector.terms import TermExtractor;"
        "v = TermExtractor().terms('The ferry cost $3m in May 2025, forty per cent more.');"
        "print(v.terms.tolist(), v.counts.tolist())"
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
    assert len(printed) == 1


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 2**32 - 1), st.integers(1, 999)))
def test_a_vector_holds_what_was_counted(counts: dict[int, int]) -> None:
    vector = as_vector(Counter(counts))
    assert counted(vector) == counts
    assert vector.terms.tolist() == sorted(counts)


def test_a_known_term_has_its_rarity_and_any_other_the_highest() -> None:
    table = rarity(ferri=2.0, pier=3.5)
    asked = [hash_term(word) for word in ("pier", "boat", "ferri")]
    assert table.of(np.array(asked, np.uint32)).tolist() == [3.5, 9.0, 2.0]
    assert table.of(np.zeros(0, np.uint32)).tolist() == []


def test_weights_are_of_length_one_and_grow_with_count_and_rarity() -> None:
    vector = as_vector(Counter({hash_term("ferri"): 4, hash_term("pier"): 1}))
    raw = {hash_term("ferri"): (1 + log(4)) * 2.0, hash_term("pier"): 3.5}
    length = sum(weight**2 for weight in raw.values()) ** 0.5
    expected = [raw[term] / length for term in vector.terms.tolist()]
    assert rarity(ferri=2.0, pier=3.5).weights(vector) == pytest.approx(expected, rel=1e-6)


def test_terms_of_no_weight_weigh_nothing() -> None:
    vector = as_vector(Counter({hash_term("ferri"): 4}))
    assert rarity(ferri=0.0).weights(vector).tolist() == [0.0]
    assert rarity(ferri=0.0).weights(as_vector(Counter())).tolist() == []


def test_rarity_counts_texts_and_not_occurrences(extractor: TermExtractor) -> None:
    texts = ["ferry ferry pier", "ferry pier", "ferry pier", "ferry gull", "gull boat"]
    table = count_rarity([extractor.terms(text) for text in texts])
    idf = dict(zip(table.known.tolist(), table.values.tolist(), strict=True))
    assert idf == pytest.approx({hash_term("ferri"): log(6 / 5), hash_term("pier"): log(6 / 4)})
    assert table.unknown == pytest.approx(log(6 / 3))


def test_a_rare_name_weighs_more_than_a_common_word(extractor: TermExtractor) -> None:
    from detector.models import load_rarity

    shipped = load_rarity()
    terms = extractor.words("government norrholmish")
    common, rare = shipped.of(terms).tolist()
    assert 0 < common < rare == pytest.approx(shipped.unknown)


def test_an_article_title_counts_like_its_text(extractor: TermExtractor) -> None:
    from detector.fingerprint import titled

    article = Article.from_text("A pier fell.", title="Ferry")
    assert counted(extractor.terms(titled(article))) == {
        hash_term("ferri"): 1,
        hash_term("pier"): 1,
        hash_term("fell"): 1,
    }
