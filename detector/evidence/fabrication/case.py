"""A case: an article beside all its sources, and what stands around each of their facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detector.alignment import Aligner, Prepared
from detector.alignment.similarity import similarities
from detector.article import WORD, Span
from detector.evidence.fabrication.finding import Elsewhere, Reading
from detector.evidence.fabrication.stance import Stances
from detector.evidence.fabrication.words import Groups, Runs, best_in_runs
from detector.facts import Fact, Moment, NameIndex
from detector.facts.lexicon import CONNECTORS

# So many words to either side say what a fact is about; a paraphrase moves them about.
WORDS_HERE, WORDS_THERE = 9, 14
# Each word further away counts this much less.
FADING = 0.9
# What is counted stands right behind a number, who did it right before.
WORDS_BESIDE = 4
# Vectors of unrelated words are this near.
UNRELATED = 0.4
# An article of 4,000 words has 300 facts; each is compared with all of its sources.
MOST_FACTS, MOST_KNOWN = 300, 1_000
# So many sentences of the sources are read beside one of the article.
PASSAGE = 3
# Of a longer word only the end is compared.
LONGEST_WORD = 20
BEHIND_DATELINES = " \t:–—-"
NAMES = frozenset({"person", "place", "org", "name"})

# The first word of each stretch, and the one behind its last.
_Stretches = tuple[NDArray[np.intp], NDArray[np.intp]]


@dataclass(frozen=True, slots=True)
class Told:
    """A fact of the article or of a source, and where it stands.

    Attributes:
        fact: the fact.
        side: number of the source; 0 for the article too.
        sentence: number of its sentence; -1 in a title and for the day of publication.
        number: its number among the facts of the article, or among those of all sources.
    """

    fact: Fact
    side: int
    sentence: int
    number: int


@dataclass(frozen=True)
class Closeness:
    """How far facts of the article and of the sources stand in the same place, 0 to 1.

    Attributes:
        around: by the words to both sides, shape ``(facts, known facts)``.
        before: by the few words before them, same shape.
        behind: by the few words behind them, same shape.
        sentences: by their sentences, same shape; 0 for a title.
    """

    around: NDArray[np.float32]
    before: NDArray[np.float32]
    behind: NDArray[np.float32]
    sentences: NDArray[np.float32]

    @cached_property
    def whole(self) -> NDArray[np.float32]:
        """Half by words, half by sentences."""
        return 0.5 * self.around + 0.5 * self.sentences


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
        self.told = tuple(_told(article, 0, article.facts[:MOST_FACTS], 0))

    @cached_property
    def known(self) -> tuple[Told, ...]:
        """The facts of all sources, with those of their titles and their days of publication."""
        known: list[Told] = []
        for n, source in enumerate(self.sources):
            known += _told(source, n, source.facts[:MOST_KNOWN], len(known))
            apart = [*source.title_facts, *_published(source)]
            known += [Told(fact, n, -1, len(known) + i) for i, fact in enumerate(apart)]
        return tuple(known)

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
    def new(self) -> NDArray[np.bool_]:
        """Which words of the article carry meaning and are in no source, shape ``(words,)``."""
        known = {stem for source in self.sources for stem in source.word_table.stems.tolist()}
        table = self.article.stem_table
        is_new = [stem > 0 and stem not in known for stem in table.stems.tolist()]
        new: NDArray[np.bool_] = np.array(is_new, bool)[table.places]
        return new

    @cached_property
    def strings(self) -> tuple[str, ...]:
        """The words of each source with its title, between single spaces, without "'s"."""
        return tuple(
            f" {' '.join([*source.tokens, *_title_words(source)])} ".replace("'s ", " ")
            for source in self.sources
        )

    def words_of(self, fact: Fact) -> float:
        """Return the share of a fact's words that any source has."""
        words = [w for w in fact.text.casefold().replace("’", "'").split() if w not in CONNECTORS]
        bare = [word.strip(".,'\"()").removesuffix("'s") for word in words]
        return sum(word in self.words for word in bare) / max(1, len(bare))

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

    @cached_property
    def stances(self) -> Stances:
        """How the parts of the article speak."""
        return Stances(self.article.article.text)

    @cached_property
    def published(self) -> tuple[date, ...]:
        """When the article and its sources were published, where that is known."""
        days = [side.article.published for side in (self.article, *self.sources)]
        return tuple(sorted({day.date() for day in days if day}))

    def known_of(self, kinds: Iterable[str]) -> list[Told]:
        """Return the facts of the sources that are of some kinds."""
        wanted = frozenset(kinds)
        return [known for known in self.known if known.fact.kind in wanted]

    @cached_property
    def _compared(self) -> tuple[tuple[NDArray[np.float32], ...], ...]:
        """For each source: its words by sentence, around, before and behind each fact."""
        compared = []
        for side, source in enumerate(self.sources):
            known = [k for k in self.known if k.side == side]
            places = _Places(source, known)
            stretches = [
                (source.bounds[:, 0], source.bounds[:, 1]),
                *places.around(WORDS_THERE),
                *places.around(WORDS_BESIDE),
            ]
            runs = [Runs.of(source, first, last) for first, last in stretches]
            tables = best_in_runs(self.article, source, runs)
            sentences, before, behind, *near = tables
            compared.append((sentences, np.maximum(before, behind), *near))
        return tuple(compared)

    @cached_property
    def nearest_words(self) -> tuple[NDArray[np.float32], ...]:
        """The likeliest counterpart of each different word in each sentence of each source."""
        return tuple(tables[0] for tables in self._compared)

    @cached_property
    def near_words(self) -> tuple[NDArray[np.float32], ...]:
        """The same where each sentence counts for the two beside it as well."""
        return tuple(_with_neighbours(table) for table in self.nearest_words)

    @cached_property
    def closeness(self) -> Closeness:
        """How far each fact of the article and each of the sources stand in the same place."""
        article, table = self.article, self.article.word_table
        places = _Places(article, self.told)
        before, behind, *near = (
            Groups.of(article, first, last)
            for count in (WORDS_HERE, WORDS_BESIDE)
            for first, last in places.around(count)
        )
        weights = []
        for groups in (Groups.joined(before, behind), *near):
            away = places.distance(groups)
            rarity = article.rarity[groups.words] * FADING**away
            weights.append(groups.weights(table, rarity.astype(np.float32)))
        parts = []
        for n, weight in enumerate(weights, 1):
            tables = [tables[n] for tables in self._compared]
            alike = np.concatenate(tables, axis=1) if tables else np.zeros((0, 0), np.float32)
            parts.append(weight @ (np.maximum(alike - UNRELATED, 0) / (1 - UNRELATED)))
        around, before_it, behind_it = parts
        return Closeness(around, before_it, behind_it, self._sentences())

    def _sentences(self) -> NDArray[np.float32]:
        alike = np.zeros((len(self.told), len(self.known)), np.float32)
        here = np.array([told.sentence for told in self.told], np.intp)
        for side, likeness in enumerate(self.likeness):
            own = [k for k in self.known if k.side == side and k.sentence >= 0]
            columns = np.array([k.number for k in own], np.intp)
            there = np.array([k.sentence for k in own], np.intp)
            rows = np.flatnonzero(here >= 0)
            alike[rows[:, None], columns[None, :]] = likeness[here[rows][:, None], there[None, :]]
        return alike

    def follow_one_word(self, here: Told, there: Told) -> bool:
        """Tell whether the same word stands before a fact of the article and one of a source."""
        texts = self.article.article.text, self.sources[there.side].article.text
        before = [
            text[max(0, told.fact.start - LONGEST_WORD) : told.fact.start].split()[-1:]
            for text, told in zip(texts, (here, there), strict=True)
        ]
        return before[0] == before[1]

    def said_near(self, told: Told, count: int) -> list[str]:
        """Return the few sentences of each source that are most like a fact's."""
        return [
            source.sentences[at].text
            for source, likeness in zip(self.sources, self.likeness, strict=True)
            for at in (-likeness[told.sentence]).argsort()[:count].tolist()
            if told.sentence >= 0
        ]

    def elsewhere(self, there: Told) -> Elsewhere | None:
        """Return the place of a source's fact; None for its title and day of publication."""
        if there.sentence < 0:
            return None
        return Elsewhere(self.sources[there.side].article, there.fact.span)

    def reading(self, n: int, clauses: tuple[Span, ...], weakest: int) -> Reading:
        """Return a sentence of the article with those of all sources that are most like it.

        Args:
            n: number of the sentence.
            clauses: where its clauses stand.
            weakest: the number of the one that the words of the sources account for least.
        """
        likest: list[int] = self._likest[n].tolist()
        near, said = sorted(likest), self.said(n)
        return Reading(
            said.of(self.article.article.text),
            said.start,
            tuple(self._places[m] for m in near),
            clauses,
            weakest,
            near.index(likest[0]) if likest else 0,
        )

    def said(self, n: int) -> Span:
        """Return the place of a sentence of the article, without a dateline that it opens with."""
        sentence = self.article.sentences[n]
        filed = self._datelines.get(sentence.start, sentence.start)
        if not sentence.start < filed < sentence.end:
            return sentence.span
        rest = self.article.article.text[filed : sentence.end].lstrip(BEHIND_DATELINES)
        return Span(sentence.end - len(rest), sentence.end)

    @cached_property
    def _datelines(self) -> dict[int, int]:
        """Where each dateline of the article ends, by where it begins."""
        facts = (told.fact for told in self.told)
        return {fact.start: fact.end for fact in facts if fact.kind == "dateline"}

    def nearest(self, n: int) -> list[tuple[int, int]]:
        """Return the sentences of all sources that are most like one of the article.

        Returns:
            Number of the source and number of the sentence in it, the likest first.
        """
        return [self._numbers[m] for m in self._likest[n].tolist()]

    @cached_property
    def _numbers(self) -> tuple[tuple[int, int], ...]:
        """The numbers of all sources' sentences, each with that of its source before it."""
        counts = [len(source.sentences) for source in self.sources]
        return tuple((side, m) for side, count in enumerate(counts) for m in range(count))

    @cached_property
    def _places(self) -> tuple[Elsewhere, ...]:
        """The sentences of all sources."""
        return tuple(
            Elsewhere(source.article, sentence.span)
            for source in self.sources
            for sentence in source.sentences
        )

    @cached_property
    def _likest(self) -> NDArray[np.intp]:
        """Numbers of the sentences of all sources that are most like each of the article."""
        alike = np.concatenate(self.likeness, axis=1)
        likest: NDArray[np.intp] = np.argsort(-alike, axis=1, kind="stable")[:, :PASSAGE]
        return likest

    def sentence_likeness(self, sentence: int) -> float:
        """Return how like the likeliest sentence of any source a sentence is."""
        return float(self.best[sentence]) if 0 <= sentence < len(self.best) else 0.0


def _title_words(source: Prepared) -> list[str]:
    title = (source.article.title or "").replace("’", "'")
    return [word[0].casefold() for word in WORD.finditer(title)]


def _published(source: Prepared) -> Iterator[Fact]:
    if source.article.published:
        day = source.article.published.date()
        moment = Moment(day.year, day.month, day.day, day.weekday())
        yield Fact("date", 0, 0, "", day.isoformat(), moment=moment)


def _told(side: Prepared, number: int, found: Sequence[Fact], first: int) -> list[Told]:
    starts = np.array([sentence.start for sentence in side.sentences], np.intp)
    own = np.searchsorted(starts, [fact.start for fact in found], side="right") - 1
    return [
        Told(f, number, int(s), first + n) for n, (f, s) in enumerate(zip(found, own, strict=True))
    ]


class _Places:
    """Where facts stand among the words of their text.

    Args:
        side: the text.
        told: its facts.
    """

    def __init__(self, side: Prepared, told: Sequence[Told]) -> None:
        ends = np.array([(t.fact.start, t.fact.end) for t in told], np.intp).reshape(-1, 2)
        sentence = np.array([t.sentence for t in told], np.intp)
        # The number of the first word of each, and the one behind its last.
        self.first, self.last = np.searchsorted(side.word_starts, ends.T)
        self.bounds = np.zeros((len(told), 2), np.intp)
        if len(side.bounds):
            self.bounds[sentence >= 0] = side.bounds[sentence[sentence >= 0]]

    def around(self, count: int) -> tuple[_Stretches, _Stretches]:
        """Return the few words before each and behind it, in its sentence; none for a title."""
        start = np.maximum(self.first - count, self.bounds[:, 0])
        stop = np.minimum(self.last + count, self.bounds[:, 1])
        return (start, np.minimum(self.first, stop)), (np.maximum(self.last, start), stop)

    def distance(self, groups: Groups) -> NDArray[np.intp]:
        """Return how many words each member of a group is away from its fact."""
        first, last = self.first[groups.owners], self.last[groups.owners]
        away: NDArray[np.intp] = np.maximum(first - groups.words, groups.words - last + 1)
        return away


def _with_neighbours(table: NDArray[np.float32]) -> NDArray[np.float32]:
    """Let each sentence count for the two beside it as well."""
    spread = table.copy()
    np.maximum(spread[:, 1:], table[:, :-1], out=spread[:, 1:])
    np.maximum(spread[:, :-1], table[:, 1:], out=spread[:, :-1])
    return spread
