"""Roles: names that the sources have, beside the names that may have stood in their place.

"Moore called the sheriff" becomes "Melton called the sheriff": both names are in the source, so
neither is invented, but what it tells of the call it tells of another. A paraphrase, too, puts
names for pronouns and sentences together, so that a name stands where it did not; what is measured
tells the two apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.article import WORD
from detector.evidence.fabrication.background import part_of
from detector.evidence.fabrication.case import NAMES, UNRELATED, Case
from detector.evidence.fabrication.details import kind_of
from detector.evidence.fabrication.finding import Doubt
from detector.facts import Fact
from detector.facts.lexicon import CONNECTORS

# A rival is the name of the same kind that stands most in the place of the article's, and that the
# sentence does not have. "Covered" is a share of the sentence's words, names apart: that which a
# sentence of the sources has, the likeliest where several are meant.
# - own, own_before, own_behind: how far the sources have the name in this place, by words and
#   sentences, and by the few words to either side;
# - rival, rival_before, rival_behind: the same of the rival;
# - nearer, nearer_before, nearer_behind: by how much the rival is nearer;
# - covered, covered_own, covered_rival: by any sentence, by one that has the name, and the rival;
# - covered_less, short, following: by how much less by one with the name than by one with the
#   rival, and by any; and one with the name or right behind such a one than by any;
# - has_name, has_pronoun: whether the sentence that covers it best has the name, and a pronoun;
# - back: how many sentences before that one have the name, up to MOST_BACK;
# - between: whether another of its kind comes between;
# - left_out: how many of its names of the kind the article's sentence lacks;
# - share, rival_share: of all names of the kind in the sources;
# - told, rival_told: of all in the article;
# - rival_lost: whether the sentences beside this one have not the rival either;
# - rivals: how many different ones there are; names: how many others the sentence has;
# - again: whether the sentence before has the name; first: whether the sentence begins with it;
# - likeness, likeness_own: to the likeliest sentence, and how much more if it has the name;
# - person, place: what kind of name it is.
SIGNALS = (
    "own", "own_before", "own_behind", "rival", "rival_before", "rival_behind",
    "nearer", "nearer_before", "nearer_behind", "covered", "covered_own", "covered_rival",
    "covered_less", "short", "following", "has_name", "has_pronoun", "back", "between", "left_out",
    "share", "rival_share", "told", "rival_told", "rival_lost", "rivals", "names", "again", "first",
    "likeness", "likeness_own", "person", "place",
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
_SORTS = {"person": 0, "place": 1, "org": 2, "name": 2}

Table = NDArray[np.bool_]
Column = NDArray[Any]


def roles(case: Case) -> Iterator[Doubt]:
    """Yield the names of an article that its sources have, each beside its rival.

    Args:
        case: the article beside its sources.
    """
    names = _Names(case)
    if not names.here or not names.there:
        return
    beside = _Beside(names)
    for n in np.flatnonzero(beside.is_known & beside.others.any(axis=1)).tolist():
        told, rival = names.here[n], names.there[beside.rival[n]]
        said, text = (" ".join(each.fact.text.split()) for each in (rival, told))
        yield Doubt(
            told.fact.span, "role", tuple(beside.signals[n].tolist()), "contradicted",
            f"the source says this of “{said}” where the article has “{text}”",
            case.elsewhere(rival), sentence=told.sentence, reported_as=kind_of(case, told.fact),
        )  # fmt: skip


class _Names:
    """The names of an article that its sources have, and all that these have."""

    def __init__(self, case: Case) -> None:
        self.case = case
        names = [told for told in case.told if told.fact.kind in NAMES and told.sentence >= 0]
        found = [
            (told, same)
            for told in names
            if _is_plain(told.fact) and (same := case.names.find(told.fact))
        ]
        self.here = [told for told, _ in found]
        self.there = [known for known in case.known_of(NAMES) if known.sentence >= 0]
        self.may_be_rival = np.array([_is_plain(known.fact) for known in self.there], bool)
        self.values = np.array([same.value for _, same in found], str)
        self.values_there = np.array([known.fact.value for known in self.there], str)
        self.sorts, self.sorts_there = (
            np.array([_SORTS[told.fact.kind] for told in side], np.intp)
            for side in (self.here, self.there)
        )
        own = [_words(t.fact.text, v) for t, v in zip(self.here, self.values, strict=True)]
        others = [_words(known.fact.text, known.fact.value) for known in self.there]
        keys = {key for words in (*own, *others) for word in words for key in _keys(word)}
        self.vocabulary = {key: n for n, key in enumerate(sorted(keys))}
        self.words, self.words_there = self.table(own), self.table(others)
        self.starts, self.starts_there = self.table(own, _starts), self.table(others, _starts)
        self.sentences = np.array([told.sentence for told in self.here], np.intp)
        counts = [len(source.sentences) for source in case.sources]
        self.firsts = np.cumsum([0, *counts])
        # Where each name stands among the sentences of all sources.
        self.at = np.array([self.firsts[k.side] + k.sentence for k in self.there], np.intp)

    def table(
        self,
        groups: Sequence[Iterable[str]],
        keys: Callable[[str], Iterable[str]] | None = None,
    ) -> NDArray[np.float32]:
        """Mark which keys of names each group of words has, shape ``(groups, keys)``."""
        table = np.zeros((len(groups), len(self.vocabulary)), np.float32)
        for n, words in enumerate(groups):
            own = (key for word in words for key in (keys or _keys)(word))
            table[n, [self.vocabulary[key] for key in own if key in self.vocabulary]] = 1
        return table

    def same(self) -> Table:
        """Tell which names may be the same, shape ``(here, there)``: "Jen" may be "Jennifer"."""
        equal = self.values[:, None] == self.values_there[None, :]
        shared = self.words @ self.starts_there.T + self.starts @ self.words_there.T > 0
        same: Table = equal | shared
        return same

    def kin(self) -> Table:
        """Tell which names are of one kind and no part of each other, shape ``(here, there)``.

        "Italy" may stand for "Rome" in any rewrite, and so may "Europe".
        """
        kin = self.sorts[:, None] == self.sorts_there[None, :]
        here, there = (
            np.array([part_of(v) for v in values.tolist()], str).reshape(-1, 2)
            for values in (self.values, self.values_there)
        )
        alike = here[:, None] == there[None, :]
        is_part = (here[:, :1] != "") & alike[..., 0] & ~alike[..., 1]
        is_wide = (here[:, 1:] == "wider") | (there[:, 1] == "wider")
        is_near: Table = (is_part | is_wide) & (self.sorts[:, None] == _SORTS["place"])
        return np.asarray(kin & ~is_near)

    def close(self, table: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a table of all facts for these names, shape ``(here, there)``."""
        rows, columns = (np.array([t.number for t in side]) for side in (self.here, self.there))
        return np.asarray(table[rows[:, None], columns[None, :]])

    @cached_property
    def tokens(self) -> list[list[str]]:
        """The words of each sentence of all sources, without "'s"."""
        return [
            [token.removesuffix("'s") for token in source.tokens[first:last]]
            for source in self.case.sources
            for first, last in source.bounds.tolist()
        ]

    def covered(self) -> NDArray[np.float32]:
        """Return what each sentence of the sources has of the sentence of each name.

        Returns:
            Shares of its words, names apart, shape ``(here, sentences)``.
        """
        article, alike = self.case.article, np.concatenate(self.case.nearest_words, axis=1)
        alike = np.maximum(alike - UNRELATED, 0) / (1 - UNRELATED)
        named = article.covered([t.fact.span for t in self.case.told if t.fact.kind in NAMES])
        counted = np.flatnonzero((article.word_table.rows >= 0) & ~named)
        own, places = np.unique(self.sentences, return_inverse=True)
        weights = np.zeros((len(own), len(alike)), np.float32)
        for n, (first, last) in enumerate(article.bounds[own].tolist()):
            words = counted[np.searchsorted(counted, first) : np.searchsorted(counted, last)]
            np.add.at(weights[n], article.word_table.rows[words], article.rarity[words])
        weights /= np.maximum(1.0, weights.sum(axis=1, keepdims=True))
        shares: NDArray[np.float32] = (weights @ alike)[places]
        return shares


class _Beside:
    """Each name of an article beside those of the sources, all at once.

    Attributes:
        is_known: which names the sources have.
        others: which names of the sources may be rivals, shape ``(here, there)``.
        rival: the rival of each, where it has others.
        signals: what is listed in ``SIGNALS``, shape ``(here, signals)``.
    """

    def __init__(self, names: _Names) -> None:
        case = names.case
        together = names.sentences[:, None] == names.sentences[None, :]
        mine = names.same()
        tokens = [case.article.tokens[a:b] for a, b in case.article.bounds[names.sentences]]
        beside = together @ names.words + names.table([[_bare(t) for t in s] for s in tokens])
        kin = names.kin()
        told_here = (together.astype(np.float32) @ mine > 0) | (beside @ names.words_there.T > 0)
        self.others: Table = kin & ~told_here & names.may_be_rival
        self.is_known = np.asarray(mine.any(axis=1))
        self.mine, self.kin, self.names = mine, kin, names
        close = case.closeness
        whole, before, behind = (
            names.close(table) for table in (close.whole, close.before, close.behind)
        )
        rows = np.arange(len(mine))
        own = np.where(mine, whole, -1.0).argmax(axis=1)
        self.rival = np.where(self.others, whole, -1.0).argmax(axis=1)
        values = names.values_there
        self.is_rival: Table = np.asarray(values[self.rival][:, None] == values[None, :])
        near = [
            [table[rows, place] for table in (whole, before, behind)] for place in (own, self.rival)
        ]
        columns = [
            *near[0], *near[1], *(b - a for a, b in zip(*near, strict=True)),
            *self._covered(), *self._counts(together),
        ]  # fmt: skip
        self.signals = np.stack([np.asarray(column, float) for column in columns], axis=1)

    def _covered(self) -> Iterator[Column]:
        """Yield what the sentences of the sources have of the names' sentences."""
        names, covered = self.names, self.names.covered()
        alike = np.concatenate(names.case.likeness, axis=1)[names.sentences]
        there = names.at[:, None] == np.arange(covered.shape[1])[None, :]
        has_words = names.words @ names.table(names.tokens).T > 0
        has_own = has_words | (self.mine.astype(np.float32) @ there > 0)
        has_rival = self.is_rival.astype(np.float32) @ there > 0
        following = has_own.copy()
        following[:, 1:] |= has_own[:, :-1]
        rows = np.arange(len(covered))
        best = (covered + TIE * alike).argmax(axis=1)
        whole = covered[rows, best]
        own, rival, near = (_most(covered, has) for has in (has_own, has_rival, following))
        pronouns = np.array([not _PRONOUNS.isdisjoint(words) for words in names.tokens])
        yield from (whole, own, rival, rival - own, whole - own, near - whole)
        yield from (has_own[rows, best], pronouns[best])
        yield from self._chain(best)
        self.likeness = alike.max(axis=1), _most(alike, has_own) - _most(alike, ~has_own)

    def _chain(self, best: NDArray[np.intp]) -> Iterator[Column]:
        """Yield who was named last before the sentences that cover the names' sentences best."""
        at, firsts = self.names.at[None, :], self.names.firsts
        start = firsts[np.searchsorted(firsts, best, side="right") - 1][:, None]
        upto = (at <= best[:, None]) & (at >= start)
        last = np.where(upto & self.mine, at, -1).max(axis=1)
        yield np.where(last >= 0, np.minimum(best - last, MOST_BACK), MOST_BACK)
        since = np.where(last >= 0, last + 1, start[:, 0])[:, None]
        yield np.asarray((self.others & upto & (at >= since)).any(axis=1))
        yield (self.others & (at == best[:, None])).sum(axis=1)

    def _counts(self, together: Table) -> Iterator[Column]:
        """Yield how often names are told, and what stands beside them."""
        names, kin = self.names, np.maximum(1, self.kin.sum(axis=1))
        yield from (self.mine.sum(axis=1) / kin, self.is_rival.sum(axis=1) / kin)
        same = names.values[:, None] == names.values[None, :]
        rival_told = names.values_there[self.rival][:, None] == names.values[None, :]
        alike = (names.sorts[:, None] == names.sorts[None, :]).sum(axis=1)
        yield from (same.sum(axis=1) / alike, rival_told.sum(axis=1) / alike)
        away = names.sentences[:, None] - names.sentences[None, :]
        yield np.logical_not((rival_told & (abs(away) <= 1)).any(axis=1))
        is_first = np.zeros(len(names.there), bool)
        is_first[np.unique(names.values_there, return_index=True)[1]] = True
        yield (self.others & is_first).sum(axis=1)
        yield (together & ~same).sum(axis=1)
        yield (same & (away == 1)).any(axis=1)
        starts = np.array([names.case.article.sentences[n].start for n in names.sentences])
        yield np.array([told.fact.start for told in names.here]) - starts <= 1
        yield from self.likeness
        yield names.sorts == _SORTS["person"]
        yield names.sorts == _SORTS["place"]


def _most(values: NDArray[np.float32], among: Table) -> NDArray[np.float32]:
    """Return the largest value of each row among some columns, 0 without any."""
    most: NDArray[np.float32] = np.where(among, values, 0).max(axis=1, initial=0)
    return most


def _is_plain(fact: Fact) -> bool:
    """Tell whether a name is surely one: no lone capitalised word, nor letters only."""
    is_sure = fact.kind != "name" or " " in fact.value or fact.text.isupper()
    return is_sure and bool(_words(fact.value))


def _words(*names: str) -> frozenset[str]:
    """Return the words of a name that tell it from others."""
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
