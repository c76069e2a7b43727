"""Plugs: sentences that promote a company, product or site and do not belong to the story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from detector.alignment import Alignment, Prepared
from detector.article import Span
from detector.evidence.plugs.brands import Brand, chosen_brand, named_in_answer
from detector.evidence.plugs.register import is_answer
from detector.evidence.plugs.signals import (
    PLUG_SIGNALS,
    Reading,
    plain_words,
    read,
    words_score,
)
from detector.evidence.plugs.turns import turns_of, turns_score
from detector.evidence.plugs.why import why
from detector.models import PlugModel, PlugWeights
from detector.outlets import names_site
from detector.terms import Rarity

__all__ = ["PLUG_SIGNALS", "Plug", "find_plugs", "plugs_alone", "plugs_beside"]

# Chosen on crawled articles and fixtures, see models/README.md: without a source at most 1 of 100
# crawled articles is flagged from here on.
ALONE = 0.70
# An answer, whose plugs are told by weights of their own, is flagged from here on; cross-validated
# over the brands that they were learned from F1 is .924, see models/README.md.
IN_ANSWER = 0.45
# Beside a source that has nothing of it, less is enough: from here on 12 of 12 plugs of labelled
# derivatives are found, and no other sentence of theirs or of 72 rewrites is flagged.
BESIDE_SOURCE = 0.40
# A sentence beside a plug, in its paragraph, belongs to it from here on.
JOINED = 0.50
# A text that is half promotion is no story with a plug in it, but an advertisement or release.
MOST_PROMOTED = 0.5
# What a source says in other words is said by it (alignment.SAME_MEANING, less the brand's name).
SAID_BY_SOURCE = 0.45
# Longer texts are read in full only where the words of a sentence and this share of its tone add up
# to so much: four in ten crawled articles; all but one of the 72 texts with a plug among 2,113
# reach it, see scripts/benchmarks/README.md.
HEARD, TONE_SHARE = 2.8, 0.5
# Shorter texts may be answers, whose plugs have other words.
ALWAYS_READ = 100
# A link that the page itself declares paid moves the log-odds so far; written, not trained: no
# training text has its links.
PAID_LINK = 3.0


@dataclass(frozen=True, slots=True)
class Plug:
    """A stretch of an article that promotes something foreign to the story.

    Attributes:
        span: its place in the article's text.
        brand: what it promotes, as it stands in the text.
        domain: the web address it names, without path.
        probability: that it is a plug, seen without any source.
        why: the strongest grounds, in words.
        in_answer: the text advises throughout, as answers do, and was read as one.
    """

    span: Span
    brand: str
    domain: str | None
    probability: float
    why: str
    in_answer: bool = False


def find_plugs(prepared: Prepared, model: PlugModel, rarity: Rarity) -> tuple[Plug, ...]:
    """Return what may be a plug in an article, down to ``BESIDE_SOURCE``, in order.

    Args:
        prepared: the article, made ready with the shipped static encoder.
        model: the trained model.
        rarity: how rare terms are in news.
    """
    if not prepared.sentences:
        return ()
    plain = tuple([plain_words(sentence.text) for sentence in prepared.sentences])
    words = np.array([words_score(own, model.stories.words) for own in plain])
    if not _is_worth_reading(prepared, words, model.stories):
        return ()
    reading = read(prepared, rarity, plain)
    weights, table = model.stories, learned(reading, words, model.stories)
    answers = is_answer(table, model.register)
    if answers:
        weights = model.answers
        table = learned(reading, _words_of_answer(reading, weights), weights)
        brands = named_in_answer(reading.sentences, reading.brands)
        reading = replace(reading, brands=brands)
    scores = _scores(reading, table, weights)
    runs = list(_runs(reading, scores))
    if not answers and _is_promotion(reading, runs):
        return ()
    found = (_plug(reading, table, scores, run, weights) for run in runs)
    return tuple(replace(plug, in_answer=answers) for plug in found)


def _is_worth_reading(prepared: Prepared, words: NDArray[np.float64], weights: PlugWeights) -> bool:
    """Tell at little cost whether any sentence may be a plug: by its words and its tone alone."""
    count = sum(len(sentence.text.split()) for sentence in prepared.sentences)
    if count < ALWAYS_READ or prepared.article.rights.paid_links:
        return True
    return bool((words + TONE_SHARE * (prepared.vectors @ weights.tone)).max() >= HEARD)


def _is_promotion(reading: Reading, runs: Iterable[range]) -> bool:
    """Tell whether a text promotes as a whole; an answer of four sentences may, in two of them."""
    words = [len(sentence.text.split()) for sentence in reading.sentences]
    return sum(words[n] for run in runs for n in run) > MOST_PROMOTED * sum(words)


def plugs_alone(plugs: Iterable[Plug]) -> tuple[Plug, ...]:
    """Return the plugs of an article whose source nobody knows."""
    return tuple(p for p in plugs if p.probability >= (IN_ANSWER if p.in_answer else ALONE))


def plugs_beside(plugs: Iterable[Plug], alignments: Sequence[Alignment]) -> tuple[Plug, ...]:
    """Return the plugs of an article beside its sources: what a source also says is none."""
    return tuple(
        plug for plug in plugs if not any(_is_said(plug, alignment) for alignment in alignments)
    )


def learned(
    reading: Reading, words: NDArray[np.float64], weights: PlugWeights
) -> NDArray[np.float64]:
    """Return the whole table of signals of a text, shape ``(sentences, signals)``.

    Args:
        reading: the text.
        words: what the words of each sentence weigh, shape ``(sentences,)``.
        weights: of its kind of text.
    """
    return reading.with_learned(words, (reading.vectors @ weights.tone).astype(np.float64))


def _words_of_answer(reading: Reading, weights: PlugWeights) -> NDArray[np.float64]:
    """Return what the turns of each sentence of an answer weigh, shape ``(sentences,)``."""
    turns = [turns_of(sentence.text) for sentence in reading.sentences]
    return np.array([turns_score(own, weights.words, weights.rarity) for own in turns])


def _scores(
    reading: Reading, table: NDArray[np.float64], weights: PlugWeights
) -> NDArray[np.float64]:
    """Return the probability of each sentence; without a name in or beside it there is no plug."""
    scores = np.zeros(len(table))
    named = np.flatnonzero(reading.has_name)
    scores[named] = weights.trees.probabilities(table[named])
    for number in named:
        if any(brand.is_paid for brand in reading.brands[number]):
            scores[number] = _paid(float(scores[number]))
    return scores


def _paid(probability: float) -> float:
    """Return how likely a sentence is a plug whose link the page declares paid."""
    odds = log(max(probability, 1e-9) / max(1 - probability, 1e-9)) + PAID_LINK
    return 1 / (1 + exp(-odds))


def _runs(reading: Reading, scores: NDArray[np.float64]) -> Iterator[range]:
    """Yield neighbouring sentences of one paragraph that together are a plug."""
    last = 0
    for number in range(len(scores)):
        if number < last or scores[number] < BESIDE_SOURCE or not reading.brands[number]:
            continue
        first = number
        while first > last and reading.together[first - 1] and _leads(reading, scores, first - 1):
            first -= 1
        end = number + 1
        while end < len(scores) and reading.together[end - 1] and _goes_on(reading, scores, end):
            end += 1
        yield range(first, end)
        last = end


def _leads(reading: Reading, scores: NDArray[np.float64], number: int) -> bool:
    """Tell whether a sentence before a plug belongs to it, as a question does."""
    return bool(scores[number] >= JOINED) or reading.sentences[number].text.endswith("?")


def _goes_on(reading: Reading, scores: NDArray[np.float64], number: int) -> bool:
    """Tell whether a sentence after a plug belongs to it; a question leads to what comes next."""
    asks = reading.sentences[number].text.endswith("?")
    return bool(scores[number] >= JOINED and reading.has_mark[number]) and not asks


def _plug(
    reading: Reading,
    table: NDArray[np.float64],
    scores: NDArray[np.float64],
    run: range,
    weights: PlugWeights,
) -> Plug:
    strongest = max((n for n in run if reading.brands[n]), key=lambda n: scores[n])
    brands: list[Brand] = [brand for n in run for brand in reading.brands[n]]
    brand = chosen_brand(brands)
    return Plug(
        span=Span(reading.sentences[run[0]].start, reading.sentences[run[-1]].end),
        brand=brand.name,
        domain=next((each.domain for each in brands if each.domain), None),
        probability=float(max(scores[n] for n in run)),
        why=why(brand, table[strongest], weights.trees),
    )


def _is_said(plug: Plug, alignment: Alignment) -> bool:
    """Tell whether a source names what is promoted, is its outlet, or says the same otherwise."""
    source = alignment.source.text.casefold()
    if plug.brand.casefold() in source or (plug.domain and plug.domain in source):
        return True
    if names_site(plug.brand, alignment.source.site):
        return True
    return any(
        match.span.start < plug.span.end
        and plug.span.start < match.span.end
        and match.similarity >= SAID_BY_SOURCE
        for match in alignment.matches
    )
