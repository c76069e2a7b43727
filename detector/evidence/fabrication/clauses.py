"""Clauses: sentences in parts, and how far the words of a source account for each part.

An invented claim is often half a sentence: "… , who has pressed for such returns for two decades".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from detector.alignment import Prepared
from detector.article import Span
from detector.evidence.fabrication.case import Case
from detector.evidence.fabrication.words import Groups

# Where a sentence may be cut: at its marks, and before a word that opens another clause.
_CUT = re.compile(
    r"[;:—–]\s+|,\s+|\s[-–—]\s|(?<!\s)\s*[()]\s*"
    r"|(?<!\s)\s+(?=(?:and|but|or|while|whereas|although|though|because|which|who|whose|where|after|"
    r"before|until|unless|since|with|as)\s)"
)
# A part with fewer words that carry meaning says too little by itself.
FEWEST_WORDS = 3
# A counterpart this near or nearer is another word for the same: "physician" and "doctor".
LACKING = 0.5
# Summed rarity of three rare words, so that the signals stay about 1.
USUAL_WEIGHT = 20.0
# So that a share of nothing is 0.
LEAST_WEIGHT = 1e-6
# What is measured of some words:
# - new_words: share, by rarity, of the words whose stem no source has;
# - new_weight: summed rarity of these, in units of three rare words;
# - newest: rarity of the rarest of these;
# - anywhere: mean likeness to the likeliest word of any source, by rarity;
# - near: the same within three neighbouring sentences, wherever they suit best;
# - beside: the same where the whole sentence suits best;
# - lacking: how many words have no counterpart;
# - lacking_weight: summed rarity that has no counterpart, in units of three rare words;
# - most_lacking: the most of it in one word.
SUPPORT = (
    "new_words", "new_weight", "newest", "anywhere", "near", "beside", "lacking",
    "lacking_weight", "most_lacking",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clauses:
    """The parts of some sentences, in order.

    Attributes:
        starts: where each begins in the text, shape ``(clauses,)``.
        ends: where each ends, marks left out, same shape.
        owners: of which of the sentences each is, same shape.
        first: number of its first word, same shape.
        last: number behind its last word, same shape.
    """

    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    owners: NDArray[np.intp]
    first: NDArray[np.intp]
    last: NDArray[np.intp]

    def span(self, number: int) -> Span:
        """Return the place of one clause."""
        return Span(int(self.starts[number]), int(self.ends[number]))


def clauses_of(side: Prepared, sentences: Sequence[int], begins: Sequence[int]) -> Clauses:
    """Cut sentences into parts that each say something; a short one stays whole.

    Args:
        side: the article.
        sentences: numbers of its sentences.
        begins: where what they say begins in the text, behind any dateline.
    """
    says = np.concatenate([[0], np.cumsum(side.stems > 0)])
    cuts: list[list[int]] = []
    for n, begin in zip(sentences, begins, strict=True):
        whole = side.sentences[n]
        every = (whole.start + cut.end() for cut in _CUT.finditer(whole.text))
        cuts.append([begin, *(end for end in every if end > begin), whole.end])
    places = [place for own in cuts for place in own]
    said = iter(says[np.searchsorted(side.word_starts, places)].tolist())
    starts: list[int] = []
    stops: list[int] = []
    owners: list[int] = []
    for owner, own in enumerate(cuts):
        before, *inside, whole_said = islice(said, len(own))
        kept = [own[0]]
        for at, by in zip(own[1:-1], inside, strict=True):
            if min(by - before, whole_said - by) >= FEWEST_WORDS:
                kept.append(at)
                before = by
        starts += kept
        stops += [*kept[1:], own[-1]]
        owners += [owner] * len(kept)
    text = side.article.text
    ends_at = [
        a + len(text[a:b].rstrip(" \t\n,;:(—–-")) for a, b in zip(starts, stops, strict=True)
    ]
    return Clauses(
        np.array(starts, np.intp),
        np.array(ends_at, np.intp),
        np.array(owners, np.intp),
        np.searchsorted(side.word_starts, starts),
        np.searchsorted(side.word_starts, stops),
    )


class Support:
    """How far each word of an article has a counterpart in its sources, 0 to 1.

    Args:
        case: the article beside its sources.
    """

    def __init__(self, case: Case) -> None:
        self.article = case.article
        self.near = case.near_words
        table = case.article.word_table
        best = np.zeros(len(table.stems), np.float32)
        for near in self.near:
            np.maximum(best, near.max(axis=1, initial=0), out=best)
        # Function words have no row, and take the value appended last.
        self.anywhere = np.append(best, np.float32(0))[table.rows]
        self.new = case.new.astype(np.float32)

    def of(self, sentences: Groups, parts: Groups, owners: NDArray[np.intp]) -> NDArray[np.float32]:
        """Measure how far the sources account for each part of some sentences.

        Args:
            sentences: the words of the sentences.
            parts: the words of their parts, or once more of the sentences themselves.
            owners: of which sentence each part is.

        Returns:
            What is listed in ``SUPPORT``, shape ``(parts, signals)``.
        """
        rarity = self.article.rarity
        lacking, new = rarity * (1 - self.anywhere), rarity * self.new
        whole = np.maximum(LEAST_WEIGHT, parts.sums(rarity))
        near, beside = self._places(sentences, parts, owners)
        is_lacking = (self.anywhere < LACKING).astype(np.float32)
        columns = (
            parts.sums(new) / whole,
            parts.sums(new) / USUAL_WEIGHT,
            parts.most(new),
            parts.sums(rarity * self.anywhere) / whole,
            near / whole,
            beside / whole,
            parts.sums(is_lacking),
            parts.sums(lacking) / USUAL_WEIGHT,
            parts.most(lacking),
        )
        return np.stack(columns, axis=1)

    def _places(
        self, sentences: Groups, parts: Groups, owners: NDArray[np.intp]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the most any place of a source has of each part, and what the best place has."""
        near, beside, most = (np.zeros(parts.count, np.float32) for _ in range(3))
        for table in self.near:
            if table.shape[1]:
                here = self._weights(parts) @ table
                there = self._weights(sentences) @ table
                best = there.argmax(axis=1)[owners]
                value = there.max(axis=1)[owners]
                near = np.maximum(near, here.max(axis=1))
                beside = np.where(value > most, here[np.arange(parts.count), best], beside)
                most = np.maximum(most, value)
        return near, beside

    def _weights(self, groups: Groups) -> NDArray[np.float32]:
        table = self.article.word_table
        weights = np.zeros((groups.count, len(table.stems)), np.float32)
        rows = table.rows[groups.words]
        np.add.at(weights, (groups.owners, rows), self.article.rarity[groups.words])
        return weights
