"""A case: an article beside all its sources, and what stands around each of their facts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detector.alignment import Aligner, Prepared
from detector.alignment.similarity import similarities
from detector.article import WORD, Article, Span
from detector.evidence.fabrication.finding import Elsewhere
from detector.facts import Fact, Moment, NameIndex, facts

# So many words to either side say what a fact is about; a paraphrase moves them about.
WORDS_HERE, WORDS_THERE = 9, 14
# "650 Chinese robotics firms": what is counted stands within so many words.
WORDS_BEHIND = 3
# An article of 4,000 words has 300 facts; each is compared with all of its sources.
MOST_FACTS, MOST_KNOWN = 300, 1_000
NAMES = frozenset({"person", "place", "org", "name"})


@dataclass(frozen=True)
class Told:
    """A fact of the article or of a source, and what stands around it.

    Attributes:
        fact: the fact.
        side: number of the source; 0 for the article too.
        sentence: number of its sentence; -1 in a title and for the day of publication.
        about: rarity of each stem around it.
        counted: stems of the words right behind it: what a number counts.
    """

    fact: Fact
    side: int
    sentence: int
    about: Mapping[int, float]
    counted: frozenset[int] = frozenset()


class Case:
    """An article beside its sources.

    Args:
        article: the article, prepared.
        sources: all that it was made from, prepared.
        aligner: knows how rare words are.
    """

    def __init__(self, article: Prepared, sources: Sequence[Prepared], aligner: Aligner) -> None:
        self.article = article
        self.sources = tuple(sources)
        found = [similarities(article, source, aligner.rarity) for source in sources]
        self.likeness: tuple[NDArray[np.float32], ...] = tuple(f.sentences for f in found)
        self.neighbours: tuple[NDArray[np.float32], ...] = tuple(f.neighbours for f in found)
        self.told = tuple(_told(article, 0, article.facts[:MOST_FACTS], WORDS_HERE))

    @cached_property
    def known(self) -> tuple[Told, ...]:
        """The facts of all sources, with those of their titles and their days of publication."""
        return tuple(known for n, source in enumerate(self.sources) for known in _known(source, n))

    @cached_property
    def names(self) -> NameIndex:
        """The names of all sources."""
        return NameIndex(known.fact for known in self.known)

    @cached_property
    def words(self) -> frozenset[str]:
        """The different words of all sources and their titles, casefolded."""
        return frozenset(
            word for source in self.sources for word in (*source.tokens, *_title_words(source))
        )

    @cached_property
    def strings(self) -> tuple[str, ...]:
        """The words of each source with its title, between single spaces."""
        return tuple(f" {' '.join(s.tokens)} {' '.join(_title_words(s))} " for s in self.sources)

    def has_words(self, name: str) -> bool:
        """Tell whether a source has some words side by side."""
        words = " ".join(word[0].casefold() for word in WORD.finditer(name.replace("’", "'")))
        words = words.removesuffix("'s")
        return bool(words) and any(f" {words} " in string for string in self.strings)

    @cached_property
    def best(self) -> NDArray[np.float32]:
        """How like the likeliest sentence of any source each sentence of the article is."""
        best = np.zeros(len(self.article.sentences), np.float32)
        for likeness in self.likeness:
            np.maximum(best, likeness.max(axis=1, initial=0), out=best)
        return best

    def known_of(self, kinds: Iterable[str]) -> list[Told]:
        """Return the facts of the sources that are of some kinds."""
        wanted = frozenset(kinds)
        return [known for known in self.known if known.fact.kind in wanted]

    def closeness(self, here: Told, there: Told) -> float:
        """Say how far two facts stand in the same place: half by words, half by sentences."""
        shared = sum(weight for stem, weight in here.about.items() if stem in there.about)
        words = shared / max(1.0, sum(here.about.values()))
        return 0.5 * words + 0.5 * self._likeness(here, there)

    def elsewhere(self, there: Told) -> Elsewhere | None:
        """Return the place of a source's fact; None for its title and day of publication."""
        if there.sentence < 0:
            return None
        return Elsewhere(self.sources[there.side].article, there.fact.span)

    def sentence_likeness(self, sentence: int) -> float:
        """Return how like the likeliest sentence of any source a sentence is."""
        return float(self.best[sentence]) if 0 <= sentence < len(self.best) else 0.0

    def _likeness(self, here: Told, there: Told) -> float:
        if here.sentence < 0 or there.sentence < 0:
            return 0.0
        return float(self.likeness[there.side][here.sentence, there.sentence])


def _title_words(source: Prepared) -> list[str]:
    title = (source.article.title or "").replace("’", "'")
    return [word[0].casefold() for word in WORD.finditer(title)]


def _known(source: Prepared, side: int) -> Iterator[Told]:
    yield from _told(source, side, source.facts[:MOST_KNOWN], WORDS_THERE)
    article = source.article
    if article.title and article.title.strip():
        titled = Article(article.title, "title", published=article.published)
        yield from (Told(fact, side, -1, {}) for fact in facts(titled))
    if article.published:
        day = article.published.date()
        moment = Moment(day.year, day.month, day.day, day.weekday())
        yield Told(Fact("date", 0, 0, "", day.isoformat(), moment=moment), side, -1, {})


def _told(side: Prepared, number: int, found: Sequence[Fact], words: int) -> Iterator[Told]:
    starts = [sentence.start for sentence in side.sentences]
    for fact in found:
        sentence = bisect_right(starts, fact.start) - 1
        about = _about(side, fact.span, sentence, words)
        yield Told(fact, number, sentence, about, _counted(side, fact.span))


def _counted(side: Prepared, span: Span) -> frozenset[int]:
    after = side.token_range(span).stop
    stems = side.stems[after : after + WORDS_BEHIND]
    return frozenset(int(stem) for stem in stems if stem)


def _about(side: Prepared, span: Span, sentence: int, count: int) -> dict[int, float]:
    """Return the stems around a place, within its sentence and its neighbours, and their rarity."""
    own = side.token_range(span)
    around = [*range(max(0, own.start - count), own.start)]
    around += range(own.stop, min(len(side.tokens), own.stop + count))
    if sentence >= 0 and len(side.bounds):
        first, last = side.bounds[sentence]
        around = [n for n in around if first <= n < last]
    return {int(side.stems[n]): float(side.rarity[n]) for n in around if side.stems[n]}
