"""Roles: details that the sources have, beside others that may have stood in their place.

"Moore called the sheriff" becomes "Melton called the sheriff", or "cost $250" what cost $105: both
are in the source, so neither is invented, but what it tells of the one it tells of another. A
paraphrase, too, puts names for pronouns and sentences together, so that a detail stands where it
did not; what is measured tells the two apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.alignment import Prepared
from detector.article import WORD, Span
from detector.evidence.fabrication.background import part_of
from detector.evidence.fabrication.case import NAMES, UNRELATED, Case, Told
from detector.evidence.fabrication.counterparts import Paired, Sort
from detector.evidence.fabrication.details import SMALL, kind_of, stands_in
from detector.evidence.fabrication.finding import Doubt
from detector.facts import Fact
from detector.facts.lexicon import CONNECTORS

# A rival is the detail of the same kind that stands most in the place of the article's, and that
# the sentence does not have. "Covered" is a share of the sentence's words, names and figures apart:
# that which a sentence of the sources has, the likeliest where several are meant.
# - own, own_before, own_behind: how far the sources have the detail in this place, by words and
#   sentences, and by the few words to either side;
# - rival, rival_before, rival_behind: the same of the rival;
# - nearer, nearer_before, nearer_behind: by how much the rival is nearer;
# - covered, covered_own, covered_rival: by any sentence, by one that has it, and the rival;
# - covered_less, short, following: by how much less by one with it than by one with the rival, and
#   by any; and one with it or right behind such a one than by any;
# - has_it, has_pronoun: whether the sentence that covers it best has it, and a pronoun;
# - back: how many sentences before that one have it, up to MOST_BACK;
# - between: whether another of its kind comes between;
# - left_out: how many details of the kind that sentence has that the article's lacks;
# - share, rival_share: of all details of the kind in the sources;
# - told, rival_told: of all in the article;
# - rival_lost: whether the sentences beside this one have not the rival either;
# - rivals: how many different ones there are; others: how many details the sentence has besides;
# - again: whether the sentence before has it; first: whether the sentence begins with it;
# - likeness, likeness_own: to the likeliest sentence, and how much more if it has the detail;
# - person, place, number, date: what kind of detail it is; small: whether it is a small count.
SIGNALS = (
    "own", "own_before", "own_behind", "rival", "rival_before", "rival_behind",
    "nearer", "nearer_before", "nearer_behind", "covered", "covered_own", "covered_rival",
    "covered_less", "short", "following", "has_it", "has_pronoun", "back", "between", "left_out",
    "share", "rival_share", "told", "rival_told", "rival_lost", "rivals", "others", "again",
    "first", "likeness", "likeness_own", "person", "place", "number", "date", "small",
)  # fmt: skip
MOST_BACK = 6
# Shorter words do not tell names apart, nor does what follows the stem.
SHORTEST, STEM = 3, 5
# Of sentences that cover one alike the likelier is meant.
TIE = 0.01
_PRONOUNS = frozenset(
    "he she they him her them his hers their theirs who whose it its we us our i me my".split()
)
# Names of groups are mistaken for one another; people and places are not.
_KINDS = {"person": 0, "place": 1, "org": 2, "name": 2, "number": 3, "date": 4}
_PLACE, _FIRST_FIGURE = _KINDS["place"], _KINDS["number"]

Table = NDArray[np.bool_]
Column = NDArray[Any]


def roles(
    case: Case, sorts: Sequence[Sort], pairs: Sequence[Paired], apart: Sequence[Span]
) -> Iterator[Doubt]:
    """Yield the details of an article that its sources have, each beside its rival.

    Args:
        case: the article beside its sources.
        sorts: its facts and those of the sources.
        pairs: its facts with their counterparts.
        apart: stretches that are looked at by themselves: datelines, credits.
    """
    found = _Found(case, sorts, pairs, apart)
    if not found.here or not found.there:
        return
    beside = _Beside(found)
    for n in np.flatnonzero(beside.others.any(axis=1)).tolist():
        told, rival = found.here[n], found.there[beside.rival[n]]
        said, text = (" ".join(each.fact.text.split()) for each in (rival, told))
        yield Doubt(
            told.fact.span, "role", tuple(beside.signals[n].tolist()), "contradicted",
            _why(told.fact, text, said),
            case.elsewhere(rival), sentence=told.sentence, reported_as=kind_of(case, told.fact),
        )  # fmt: skip


def _why(fact: Fact, text: str, said: str) -> str:
    if fact.kind in NAMES:
        return f"the source says this of “{said}” where the article has “{text}”"
    return f"the source has “{said}” here; it has “{text}” where it tells of something else"


class _Found:
    """The details of an article that the sources have, and all that these have.

    Attributes:
        here: those of the article.
        there: those of the sources.
        same: which may be the same, shape ``(here, there)``: "Jen" may be "Jennifer".
        kin: which may stand in each other's place, same shape.
    """

    def __init__(
        self, case: Case, sorts: Sequence[Sort], pairs: Sequence[Paired], apart: Sequence[Span]
    ) -> None:
        self.case = case
        found = [
            (pair.told, pair.same.told.fact.value)
            for pair in pairs
            if pair.same and not pair.is_derivable and pair.told.sentence >= 0
            if pair.same.told.sentence >= 0  # in a title alone it has no place
            if _is_plain(pair.told.fact) and not stands_in(pair.told.fact, apart)
        ]
        self.here = [told for told, _ in found]
        self.there = [known for sort in sorts for known in sort.there if known.sentence >= 0]
        kinds, kinds_there = (
            np.array([_KINDS[told.fact.kind] for told in side], np.intp)
            for side in (self.here, self.there)
        )
        self.kinds, self.kinds_there = kinds, kinds_there
        every = [*found, *((known, known.fact.value) for known in self.there)]
        values = _numbered(_value(each.fact, value) for each, value in every)
        self.values, self.values_there = np.split(values, [len(found)])
        names = _Names(every)
        self.vocabulary = names.vocabulary
        self.words, self.words_there = np.split(names.keys, [len(found)])
        starts, starts_there = np.split(names.starts, [len(found)])
        shared = self.words @ starts_there.T + starts @ self.words_there.T > 0
        same, comparable = self._sorted(sorts)
        self.same: Table = same | shared
        is_sure = np.array([_is_sure(known.fact) for known in self.there], bool)
        may_be_rival = is_sure & ((kinds_there >= _FIRST_FIGURE) | self.words_there.any(axis=1))
        alike = kinds[:, None] == kinds_there[None, :]
        self.kin: Table = (comparable | (alike & (kinds < _FIRST_FIGURE)[:, None])) & may_be_rival
        self.kin &= ~self._are_parts(every)
        self.sentences = np.array([told.sentence for told in self.here], np.intp)
        counts = [len(source.sentences) for source in case.sources]
        self.firsts = np.cumsum([0, *counts])
        # Where each detail stands among the sentences of all sources.
        self.at = np.array([self.firsts[k.side] + k.sentence for k in self.there], np.intp)

    def _sorted(self, sorts: Sequence[Sort]) -> tuple[Table, Table]:
        """Return which details are the same and which comparable, by their sorts."""
        rows = {told.number: n for n, told in enumerate(self.here)}
        columns = {known.number: n for n, known in enumerate(self.there)}
        same, comparable = (np.zeros((len(rows), len(columns)), bool) for _ in range(2))
        for sort in sorts:
            own = [n for n, told in enumerate(sort.here) if told.number in rows]
            there = [n for n, known in enumerate(sort.there) if known.number in columns]
            place = np.ix_(
                [rows[sort.here[n].number] for n in own],
                [columns[sort.there[n].number] for n in there],
            )
            same[place] = (sort.same | sort.as_good)[np.ix_(own, there)]
            comparable[place] = sort.comparable[np.ix_(own, there)]
        return same, comparable

    def _are_parts(self, every: Sequence[tuple[Told, str]]) -> Table:
        """Tell which places are part of each other, or of the world: "Italy" may be "Rome"."""
        parts = (part_of(v) if k.fact.kind == "place" else ("", "") for k, v in every)
        numbers = _numbered(["", "wider", *chain.from_iterable(parts)])
        here, there = np.split(numbers[2:].reshape(-1, 2), [len(self.here)])
        alike = here[:, None] == there[None, :]
        is_part = (here[:, :1] != numbers[0]) & alike[..., 0] & ~alike[..., 1]
        is_wide = (here[:, 1:] == numbers[1]) | (there[:, 1] == numbers[1])
        return np.asarray((is_part | is_wide) & (self.kinds[:, None] == _PLACE))

    def keys_in(self, side: Prepared) -> NDArray[np.float32]:
        """Mark which keys of names each sentence of a text has, shape ``(sentences, keys)``."""
        table = np.zeros((len(side.sentences), len(self.vocabulary)), np.float32)
        known, held = self.vocabulary, {}
        for word in side.known:
            if word[:STEM] in known or "'" in word:
                held[word] = [known[key] for key in _keys(_bare(word)) if key in known]
        places = [(n, key) for n, word in enumerate(side.tokens) for key in held.get(word, ())]
        words, columns = np.array(places, np.intp).reshape(-1, 2).T
        rows = np.searchsorted(side.bounds[:, 0], words, "right") - 1
        inside = (rows >= 0) & (words < side.bounds[rows, 1])
        table[rows[inside], columns[inside]] = 1
        return table

    def has_pronoun(self) -> Table:
        """Tell which sentences of the sources have a pronoun, shape ``(sentences,)``."""
        found = []
        for source in self.case.sources:
            is_one = [word.removesuffix("'s") in _PRONOUNS for word in source.tokens]
            counts = np.cumsum([0, *is_one])
            found.append(counts[source.bounds[:, 1]] > counts[source.bounds[:, 0]])
        return np.concatenate(found)

    def close(self, table: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a table of all facts for these details, shape ``(here, there)``."""
        rows, columns = (np.array([t.number for t in side]) for side in (self.here, self.there))
        return np.asarray(table[rows[:, None], columns[None, :]])

    def covered(self) -> NDArray[np.float32]:
        """Return what each sentence of the sources has of the sentence of each detail.

        Returns:
            Shares of its words, names and figures apart, shape ``(here, sentences)``.
        """
        article, alike = self.case.article, np.concatenate(self.case.nearest_words, axis=1)
        alike = np.maximum(alike - UNRELATED, 0) / (1 - UNRELATED)
        apart = article.covered([t.fact.span for t in self.case.told if t.fact.kind in _KINDS])
        counted = np.flatnonzero((article.word_table.rows >= 0) & ~apart)
        own, places = np.unique(self.sentences, return_inverse=True)
        weights = np.zeros((len(own), len(alike)), np.float32)
        for n, (first, last) in enumerate(article.bounds[own].tolist()):
            words = counted[np.searchsorted(counted, first) : np.searchsorted(counted, last)]
            np.add.at(weights[n], article.word_table.rows[words], article.rarity[words])
        weights /= np.maximum(1.0, weights.sum(axis=1, keepdims=True))
        shares: NDArray[np.float32] = (weights @ alike)[places]
        return shares


class _Names:
    """The words of names that tell them from others; figures have none.

    Attributes:
        vocabulary: the number of each word, and of its stem.
        keys: which of these each name has, shape ``(names, keys)``.
        starts: which of them its words may be shortened to, same shape.
    """

    def __init__(self, names: Sequence[tuple[Told, str]]) -> None:
        known: dict[tuple[str, str], frozenset[str]] = {}
        numbers: dict[str, int] = {}
        places: list[tuple[int, int]] = []
        for n, (told, value) in enumerate(names):
            if told.fact.kind in NAMES:
                name = told.fact.text, value
                if name not in known:
                    known[name] = _words(*name)
                places += [(n, numbers.setdefault(word, len(numbers))) for word in known[name]]
        every = sorted({key for word in numbers for key in _keys(word)})
        self.vocabulary = {key: n for n, key in enumerate(every)}
        rows, columns = np.array(places, np.intp).reshape(-1, 2).T
        has = np.zeros((len(names), len(numbers)), np.float32)
        has[rows, columns] = 1
        self.keys, self.starts = (has @ self._table(numbers, part) for part in (_keys, _starts))

    def _table(
        self, words: Iterable[str], parts: Callable[[str], Iterable[str]]
    ) -> NDArray[np.float32]:
        """Mark which keys each word has, shape ``(words, keys)``."""
        found = [[self.vocabulary.get(part, -1) for part in parts(word)] for word in words]
        table = np.zeros((len(found), len(self.vocabulary) + 1), np.float32)
        for row, places in zip(table, found, strict=True):
            row[places] = 1
        return table[:, :-1]


class _Beside:
    """Each detail of an article beside those of the sources, all at once.

    Attributes:
        others: which details of the sources may be rivals, shape ``(here, there)``.
        rival: the rival of each, where it has others.
        signals: what is listed in ``SIGNALS``, shape ``(here, signals)``.
    """

    def __init__(self, found: _Found) -> None:
        case, same = found.case, found.same
        together = found.sentences[:, None] == found.sentences[None, :]
        beside = together @ found.words + found.keys_in(case.article)[found.sentences]
        is_told = (together.astype(np.float32) @ same > 0) | (beside @ found.words_there.T > 0)
        self.others: Table = found.kin & ~is_told
        self.found = found
        close = case.closeness
        tables = [found.close(table) for table in (close.whole, close.before, close.behind)]
        rows = np.arange(len(same))
        own = np.where(same, tables[0], -1.0).argmax(axis=1)
        self.rival = np.where(self.others, tables[0], -1.0).argmax(axis=1)
        values = found.values_there
        self.is_rival: Table = np.asarray(values[self.rival][:, None] == values[None, :])
        near = [[table[rows, place] for table in tables] for place in (own, self.rival)]
        columns = [
            *near[0], *near[1], *(b - a for a, b in zip(*near, strict=True)),
            *self._covered(), *self._counts(together), *self._kinds(),
        ]  # fmt: skip
        self.signals = np.stack([np.asarray(column, float) for column in columns], axis=1)

    def _covered(self) -> Iterator[Column]:
        """Yield what the sentences of the sources have of the details' sentences."""
        found, covered = self.found, self.found.covered()
        alike = np.concatenate(found.case.likeness, axis=1)[found.sentences]
        there = found.at[:, None] == np.arange(covered.shape[1])[None, :]
        keys = np.concatenate([found.keys_in(source) for source in found.case.sources])
        has_words = found.words @ keys.T > 0
        has_own = has_words | (found.same.astype(np.float32) @ there > 0)
        has_rival = self.is_rival.astype(np.float32) @ there > 0
        following = has_own.copy()
        following[:, 1:] |= has_own[:, :-1]
        rows = np.arange(len(covered))
        best = (covered + TIE * alike).argmax(axis=1)
        whole = covered[rows, best]
        own, rival, near = (_most(covered, has) for has in (has_own, has_rival, following))
        yield from (whole, own, rival, rival - own, whole - own, near - whole)
        yield from (has_own[rows, best], found.has_pronoun()[best])
        yield from self._chain(best)
        self.likeness = alike.max(axis=1), _most(alike, has_own) - _most(alike, ~has_own)

    def _chain(self, best: NDArray[np.intp]) -> Iterator[Column]:
        """Yield what was told last before the sentences that cover the details' sentences best."""
        at, firsts = self.found.at[None, :], self.found.firsts
        start = firsts[np.searchsorted(firsts, best, side="right") - 1][:, None]
        upto = (at <= best[:, None]) & (at >= start)
        last = np.where(upto & self.found.same, at, -1).max(axis=1)
        yield np.where(last >= 0, np.minimum(best - last, MOST_BACK), MOST_BACK)
        since = np.where(last >= 0, last + 1, start[:, 0])[:, None]
        yield np.asarray((self.others & upto & (at >= since)).any(axis=1))
        yield (self.others & (at == best[:, None])).sum(axis=1)

    def _counts(self, together: Table) -> Iterator[Column]:
        """Yield how often details are told, and what stands beside them."""
        found, kin = self.found, np.maximum(1, self.found.kin.sum(axis=1))
        yield from (found.same.sum(axis=1) / kin, self.is_rival.sum(axis=1) / kin)
        same = found.values[:, None] == found.values[None, :]
        rival_told = found.values_there[self.rival][:, None] == found.values[None, :]
        alike = (found.kinds[:, None] == found.kinds[None, :]).sum(axis=1)
        yield from (same.sum(axis=1) / alike, rival_told.sum(axis=1) / alike)
        away = found.sentences[:, None] - found.sentences[None, :]
        yield np.logical_not((rival_told & (abs(away) <= 1)).any(axis=1))
        is_first = np.zeros(len(found.there), bool)
        is_first[np.unique(found.values_there, return_index=True)[1]] = True
        yield (self.others & is_first).sum(axis=1)
        yield (together & ~same).sum(axis=1)
        yield (same & (away == 1)).any(axis=1)
        starts = np.array([found.case.article.sentences[n].start for n in found.sentences])
        yield np.array([told.fact.start for told in found.here]) - starts <= 1
        yield from self.likeness

    def _kinds(self) -> Iterator[Column]:
        """Yield what kind of detail each is."""
        for kind in ("person", "place", "number", "date"):
            yield self.found.kinds == _KINDS[kind]
        yield np.array([_is_small(told.fact) for told in self.found.here])


def _most(values: NDArray[np.float32], among: Table) -> NDArray[np.float32]:
    """Return the largest value of each row among some columns, 0 without any."""
    most: NDArray[np.float32] = np.where(among, values, 0).max(axis=1, initial=0)
    return most


def _is_plain(fact: Fact) -> bool:
    """Tell whether a name is surely one, and not made of letters only."""
    return fact.kind not in NAMES or (_is_sure(fact) and bool(_words(fact.text, fact.value)))


def _is_sure(fact: Fact) -> bool:
    """Tell whether a detail is surely one: it is no lone capitalised word."""
    return fact.kind != "name" or " " in fact.value or fact.text.isupper()


def _numbered(values: Iterable[str]) -> NDArray[np.intp]:
    """Return a number for each value, the same for the same one: they are compared faster."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], np.intp)


def _value(fact: Fact, value: str) -> str:
    """Return a value that no fact of another sort has: a year is no number."""
    return value if fact.kind in NAMES else f"{fact.kind} {value}"


def _is_small(fact: Fact) -> bool:
    quantity = fact.quantity
    return quantity is not None and quantity.unit in {"", "th"} and quantity.high <= SMALL


def _words(*names: str) -> frozenset[str]:
    """Return the words of some forms of a name that tell it from others."""
    words = (_bare(word[0].casefold()) for name in names for word in WORD.finditer(name))
    return frozenset(w for w in words if len(w) >= SHORTEST and w not in CONNECTORS)


def _keys(word: str) -> tuple[str, ...]:
    """Return a word and its stem, as far as names are told apart: "Cotswolds", "Biblical"."""
    return (word, word[:STEM]) if len(word) > STEM else (word,)


def _starts(word: str) -> tuple[str, ...]:
    """Return all that a word may be shortened to."""
    return (word, *(word[:n] for n in range(SHORTEST, STEM + 1)))


def _bare(word: str) -> str:
    return word.replace("’", "'").removesuffix("'s")
