"""Sentences of honest articles beside the rest of them: on the subject, and nowhere said there.

What is invented most often sounds like a sentence that might come next. In a true article the next
sentence is just that to whoever has the article without it. Beside these there are sentences that
lost a clause, and some that got one from elsewhere in the article.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
from left_out import FEWEST_SENTENCES, SAYS_IT, LeftOut, nearest
from plug_passages import crawled

from detector.alignment import Aligner
from detector.alignment.similarity import similarities
from detector.article import Article, Sentence, Span
from detector.encoders.static import StaticEncoder
from detector.evidence.fabrication.clauses import clauses_of

# Crawled articles, and sentences of each that stand beside the rest.
ARTICLES, APART = 1_500, 2
# What the first sentences say is mostly told again below.
LEAD = 2
# Words of a sentence, and those that are left at least where a clause was taken away.
FEWEST, MOST, FEWEST_LEFT = 8, 45, 6
# Sentences with these are left out: an invented quotation is told by other signals.
QUOTED = frozenset('"“”«»')
ENDS = frozenset(".!?")
# Likeness of a sentence to itself.
ITSELF = 2.0


def unsaid(shared: Path, aligner: Aligner, encoder: StaticEncoder) -> Iterator[tuple[str, LeftOut]]:
    """Yield sentences of crawled articles beside others of the same, each with the article's id."""
    order = Random(0)
    for article in islice(crawled(shared, training=True), ARTICLES):
        for each in _of_article(article, aligner, encoder, order):
            yield article.id, each


def _of_article(
    article: Article, aligner: Aligner, encoder: StaticEncoder, order: Random
) -> Iterator[LeftOut]:
    side = aligner.prepare(article)
    if len(side.sentences) < FEWEST_SENTENCES:
        return
    texts = [sentence.text for sentence in side.sentences]
    alike = similarities(side, side, aligner.rarity).sentences.copy()
    vectors = encoder.encode(texts)
    meaning = vectors @ vectors.T
    for table in (alike, meaning):
        np.fill_diagonal(table, -1)
    body = [n for n in side.body.tolist() if n >= LEAD and _is_plain(texts[n])]
    new = [n for n in body if meaning[n].max() < SAYS_IT]
    for n in order.sample(new, min(APART, len(new))):
        yield LeftOut(nearest(texts, alike[n]), _sentence(texts[n]), Span(0, len(texts[n])))
    clauses = clauses_of(side, body, [side.sentences[n].start for n in body])
    own = [np.flatnonzero(clauses.owners == m) for m in range(len(body))]
    several = [m for m, those in enumerate(own) if len(those) > 1]
    order.shuffle(several)
    if len(several) < 2:
        return
    (one, other), text = several[:2], article.text
    n, last = body[one], own[one][-1]
    begin = text[side.sentences[n].start : clauses.ends[last - 1]]
    np.fill_diagonal(alike, ITSELF)
    passage = nearest(texts, alike[n])
    if len(begin.split()) >= FEWEST_LEFT:
        yield LeftOut(passage, _sentence(f"{begin}."), None)
    if texts[body[other]] not in passage and meaning[n, body[other]] < SAYS_IT:
        begin += text[clauses.ends[last - 1] : clauses.starts[last]]
        given = text[clauses.starts[own[other][-1]] : side.sentences[body[other]].end]
        place = Span(len(begin), len(begin) + len(given))
        yield LeftOut(passage, _sentence(begin + given), place)


def _sentence(text: str) -> Sentence:
    return Sentence(0, len(text), text)


def _is_plain(text: str) -> bool:
    """Tell whole sentences from headings, remains of pages and quotations."""
    is_whole = text[0].isupper() and text[-1] in ENDS
    return is_whole and FEWEST <= len(text.split()) <= MOST and not QUOTED & set(text)
