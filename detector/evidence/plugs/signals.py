"""Signals of promotion: what each sentence of an article says about being an advertisement."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from math import fsum, log1p, sqrt

import numpy as np
from numpy.typing import NDArray

from detector.alignment import Prepared
from detector.article import Sentence
from detector.encoders.static import unit
from detector.evidence.plugs.brands import Brand, find_brands
from detector.evidence.plugs.phrases import Phrases, count_phrases
from detector.terms import Rarity

# Words in lower case only, so that no brand is ever learned.
_PLAIN_WORD = re.compile(r"(?<![\w.@-])[a-z]+(?:'[a-z]+)?(?![\w@])")
# What a count of phrases says is said by three of them.
MOST_COUNTED = 3


@dataclass(frozen=True, slots=True)
class PlugSignals:
    """Everything the plug model looks at in one sentence.

    "Before" and "after" stay in its paragraph; NaN where nothing stands there.

    Attributes:
        words: how much its plain words are those of advertisements, by learned weights.
        words_before, words_after: the same of the sentence beside it.
        article_words: mean value of the rest of the article.
        tone: how much its vector is that of an advertisement, by a learned direction.
        calls: orders to the reader.
        offers: prices, discounts, what is free.
        offers_before, offers_after: calls and offers beside it.
        praise: superlatives and words of praise.
        bridges: turns that lead from one subject to another.
        sponsor: words that name a sponsor or partner.
        marks: how many different marks of promotion it has, the address and the reader included.
        you: share of its words that address the reader.
        article_you: share of the other sentences that address the reader.
        ours: share of its words by which the outlet speaks of itself.
        asks: it is a question.
        domain: it names a web address.
        article_domains: logarithm of 1 + how many sentences further off do.
        new_brand: it names someone who is named nowhere else in the article.
        named_before, named_after: the sentence beside it has such a name or a web address.
        elsewhere: logarithm of 1 + how often the least known of its names occurs elsewhere.
        known_names: how many of its names occur elsewhere.
        doubtful: what is named nowhere else may be a person, a place, or no name.
        reported: words and marks of reported speech.
        past: share of verbs of the past among its words.
        figures: numbers in digits.
        length: logarithm of 1 + its words.
        like_neighbours: cosine of its vector with those beside it.
        like_article: cosine of its vector with the rest of the article.
        unlike_rest: share of the article's sentences that are nearer to the rest.
        support: share of its weighted terms that occur elsewhere in the article.
        position: where it stands, 0 to 1.
        alone: it is a paragraph by itself.
        heading: it stands as a heading, without the punctuation of a sentence.
    """

    words: float
    words_before: float
    words_after: float
    article_words: float
    tone: float
    calls: float
    offers: float
    offers_before: float
    offers_after: float
    praise: float
    bridges: float
    sponsor: float
    marks: float
    you: float
    article_you: float
    ours: float
    asks: float
    domain: float
    article_domains: float
    new_brand: float
    named_before: float
    named_after: float
    elsewhere: float
    known_names: float
    doubtful: float
    reported: float
    past: float
    figures: float
    length: float
    like_neighbours: float
    like_article: float
    unlike_rest: float
    support: float
    position: float
    alone: float
    heading: float


PLUG_SIGNALS = tuple(field.name for field in fields(PlugSignals))


@dataclass(frozen=True)
class Reading:
    """An article read for promotion.

    Attributes:
        sentences: its sentences and headings.
        brands: the names and addresses of each.
        plain: the different plain words and pairs of words of each.
        vectors: unit vector of each, shape ``(sentences, dimensions)``.
        together: whether each stands in one paragraph with the next, shape ``(sentences - 1,)``.
        table: the signals of each, shape ``(sentences, signals)``; the learned ones
            are NaN until ``with_learned``.
    """

    sentences: tuple[Sentence, ...]
    brands: tuple[tuple[Brand, ...], ...]
    plain: tuple[frozenset[str], ...]
    vectors: NDArray[np.float32]
    together: NDArray[np.bool_]
    table: NDArray[np.float64]

    @property
    def has_name(self) -> NDArray[np.bool_]:
        """Whether each sentence, or one beside it in its paragraph, names anyone."""
        named = np.array([bool(brands) for brands in self.brands], float)
        before, after = beside(named, self.together)
        return (named > 0) | (before > 0) | (after > 0)

    @property
    def has_mark(self) -> NDArray[np.bool_]:
        """Whether each sentence has any mark of promotion."""
        return np.asarray(self.table[:, _PLACE["marks"]] > 0)

    def with_learned(
        self, words: NDArray[np.float64], tone: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the table with the learned signals of the sentences filled in.

        Args:
            words: score of the plain words of each sentence, shape ``(sentences,)``.
            tone: score of the vector of each, same shape.
        """
        before, after = beside(words, self.together)
        learned = {
            "words": words,
            "words_before": before,
            "words_after": after,
            "article_words": _mean_far(words),
            "tone": tone,
        }
        table = self.table.copy()
        for name, column in learned.items():
            table[:, _PLACE[name]] = column
        return table


# Marks of promotion that one sentence may have side by side.
_MARKS = ("calls", "offers", "praise", "bridges", "sponsor", "you", "domain")
_PLACE = {name: number for number, name in enumerate(PLUG_SIGNALS)}


def plain_words(text: str) -> frozenset[str]:
    """Return the different words in lower case of a text, and the pairs of neighbours."""
    words = _PLAIN_WORD.findall(text.replace("’", "'"))
    return frozenset(words).union(map(" ".join, pairwise(words)))


def words_score(plain: frozenset[str], weights: Mapping[str, float]) -> float:
    """Sum the weights of some words, damped by the root of how many there are."""
    # fsum: the sum of floats depends on their order, and a set's order on the process
    return fsum(filter(None, map(weights.get, plain))) / sqrt(max(1, len(plain)))


def read(
    prepared: Prepared, rarity: Rarity, plain: tuple[frozenset[str], ...] | None = None
) -> Reading:
    """Measure every sentence of an article.

    Args:
        prepared: the article.
        rarity: how rare terms are in news.
        plain: the plain words of each sentence, where they are known.
    """
    sentences = prepared.sentences
    brands = tuple(find_brands(prepared.article, sentences, prepared.known_facts))
    phrases = [count_phrases(sentence.text) for sentence in sentences]
    together = _together(prepared.article.text, sentences)
    columns = {
        **_phrase_columns(sentences, phrases, together),
        **_brand_columns(brands, together),
        **_place_columns(prepared),
        **_distance_columns(prepared, rarity),
    }
    columns["marks"] = np.sum([columns[name] > 0 for name in _MARKS], axis=0).astype(float)
    empty = np.full(len(sentences), np.nan)
    table = np.stack([columns.get(name, empty) for name in PLUG_SIGNALS], axis=1)
    if plain is None:
        plain = tuple([plain_words(sentence.text) for sentence in sentences])
    return Reading(sentences, brands, plain, prepared.vectors, together, table)


def _phrase_columns(
    sentences: Sequence[Sentence], phrases: Sequence[Phrases], together: NDArray[np.bool_]
) -> dict[str, NDArray[np.float64]]:
    words = np.array([len(sentence.text.split()) for sentence in sentences], float)
    counts = {
        field.name: np.array([getattr(each, field.name) for each in phrases], float)
        for field in fields(Phrases)
    }
    columns = {
        name: np.minimum(counts[name], MOST_COUNTED)
        for name in ("calls", "offers", "praise", "bridges", "sponsor", "reported", "figures")
    }
    per_word = {name: counts[name] / np.maximum(words, 1) for name in ("you", "ours", "past")}
    before, after = beside(columns["calls"] + columns["offers"], together)
    return {
        **columns,
        **per_word,
        "offers_before": before,
        "offers_after": after,
        "article_you": _mean_far(np.minimum(counts["you"], 1)),
        "asks": np.array([sentence.text.endswith("?") for sentence in sentences], float),
        "length": np.log1p(words),
    }


def _brand_columns(
    brands: Sequence[Sequence[Brand]], together: NDArray[np.bool_]
) -> dict[str, NDArray[np.float64]]:
    named = [[brand for brand in each if brand.domain is None] for each in brands]
    domain = np.array([any(brand.domain for brand in each) for each in brands], float)
    new = np.array([any(b.elsewhere == 0 for b in each) for each in brands], float)
    least = [min((brand.elsewhere for brand in each), default=None) for each in brands]
    before, after = beside(np.maximum(new, domain), together)
    return {
        "domain": domain,
        "article_domains": np.log1p(_sum_far(domain)),
        "new_brand": new,
        "named_before": before,
        "named_after": after,
        "elsewhere": np.array([np.nan if low is None else log1p(low) for low in least]),
        "known_names": np.array([sum(b.elsewhere > 0 for b in each) for each in named], float),
        "doubtful": np.array(
            [any(b.is_doubtful and b.elsewhere == 0 for b in each) for each in named], float
        ),
    }


def _place_columns(prepared: Prepared) -> dict[str, NDArray[np.float64]]:
    sentences, text = prepared.sentences, prepared.article.text
    count = len(sentences)
    return {
        "position": np.arange(count) / max(1, count - 1),
        "alone": np.array([_is_alone(text, sentence) for sentence in sentences], float),
        "heading": np.array([sentence.is_heading for sentence in sentences], float),
    }


def _is_alone(text: str, sentence: Sentence) -> bool:
    before = text[max(0, sentence.start - 8) : sentence.start].rstrip(" \t")[-1:]
    after = text[sentence.end : sentence.end + 8].lstrip(" \t")[:1]
    return before in {"", "\n", "\r"} and after in {"", "\n", "\r"}


def _distance_columns(prepared: Prepared, rarity: Rarity) -> dict[str, NDArray[np.float64]]:
    vectors = prepared.vectors
    beside = np.zeros_like(vectors)
    beside[1:] += vectors[:-1]
    beside[:-1] += vectors[1:]
    rest = unit(vectors.sum(axis=0)[None, :] - vectors)
    like = np.einsum("ij,ij->i", vectors, rest).astype(np.float64)
    return {
        "like_neighbours": np.einsum("ij,ij->i", vectors, unit(beside)).astype(np.float64),
        "like_article": like,
        "unlike_rest": (like[None, :] > like[:, None]).mean(axis=1),
        "support": _support(prepared, rarity),
    }


def _support(prepared: Prepared, rarity: Rarity) -> NDArray[np.float64]:
    """Return the share of each sentence's weighted terms that another sentence has too."""
    every = prepared.terms.terms
    terms, inverse, seen = np.unique(every, return_inverse=True, return_counts=True)
    weights = rarity.of(terms) ** 2
    rows, count = prepared.terms.rows, prepared.terms.count
    all_mass = np.bincount(rows, weights[inverse], minlength=count)
    shared = np.bincount(rows, (weights * (seen > 1))[inverse], minlength=count)
    return np.where(all_mass > 0, shared / np.maximum(all_mass, 1e-9), np.nan)


def _together(text: str, sentences: Sequence[Sentence]) -> NDArray[np.bool_]:
    gaps = [text[a.end : b.start] for a, b in pairwise(sentences)]
    return np.array(["\n" not in gap and "\r" not in gap for gap in gaps], bool)


def beside(
    values: NDArray[np.float64], together: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the values of the sentences before and after, NaN at a paragraph's ends."""
    before, after = np.full(len(values), np.nan), np.full(len(values), np.nan)
    before[1:] = np.where(together, values[:-1], np.nan)
    after[:-1] = np.where(together, values[1:], np.nan)
    return before, after


def _sum_far(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum the values outside each sentence and its neighbours."""
    near = values.copy()
    near[1:] += values[:-1]
    near[:-1] += values[1:]
    return np.asarray(values.sum() - near)


def _mean_far(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean outside each sentence and its neighbours; NaN where there is nothing."""
    count = _sum_far(np.ones(len(values)))
    return np.where(count > 0, _sum_far(values) / np.maximum(count, 1), np.nan)
