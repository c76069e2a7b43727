"""Chatbot residue: what a writing program says to its user, left standing in an article.

Patterns are whole turns of phrase, not single words, so that an article about chatbots has none;
what stands in quotation marks is quoted, not left over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from detector.article import Article, Span
from detector.evidence.style.turns import ENGLISH, OTHERS, ResidueKind

_QUOTATION = re.compile(r"[\"“„«][^\"“”„«»\n]{1,600}[\"”»]")


@dataclass(frozen=True, slots=True)
class Residue:
    """A place where a writing program seems to speak to its user.

    Attributes:
        span: its place in the article's text.
        kind: what the words are there for.
    """

    span: Span
    kind: ResidueKind


@dataclass(frozen=True)
class ResidueFinder:
    """Finds residue; keeps the patterns that a text has needed, since they take long to compile."""

    turns: tuple[_Turn, ...]

    @classmethod
    def shipped(cls) -> ResidueFinder:
        """Return the finder of all kinds and languages that this version knows."""
        return cls(
            tuple(
                _Turn(kind, tuple(cues.split("|")), written)
                for kind, cues, written in (*ENGLISH, *OTHERS)
            )
        )

    @cached_property
    def _cues(self) -> tuple[str, ...]:
        """The different cues of all turns."""
        return tuple(dict.fromkeys(cue for turn in self.turns for cue in turn.cues))

    def find(self, article: Article) -> tuple[Residue, ...]:
        """Return the residue in an article, in order; what overlaps is told once."""
        text = lowered(article.text)
        cues = frozenset(filter(text.__contains__, self._cues))
        turns = [turn for turn in self.turns if not cues.isdisjoint(turn.cues)]
        if not turns:
            return ()
        quoted = [found.span() for found in _QUOTATION.finditer(text)]
        every = [
            Residue(_stripped(text, Span(*found.span())), turn.kind)
            for turn in turns
            for found in turn.pattern.finditer(text)
            if not any(a < found.start() and found.end() < b for a, b in quoted)
        ]
        return tuple(_disjoint(every))


@dataclass(frozen=True)
class _Turn:
    """A turn of phrase; every match holds one of its cues, which are quicker to look for."""

    kind: ResidueKind
    cues: tuple[str, ...]
    written: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What matches it."""
        return re.compile(self.written)


def lowered(text: str) -> str:
    """Write a text small, every character in its place."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few capitals have small forms of two characters
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered.replace("’", "'")


def _disjoint(every: list[Residue]) -> Iterator[Residue]:
    end = 0
    for residue in sorted(every, key=lambda each: (each.span.start, -each.span.end)):
        if residue.span.start >= end:
            yield residue
            end = residue.span.end


def _stripped(text: str, span: Span) -> Span:
    """Leave out what a pattern had to see before the words themselves: a line break, a stop."""
    words = span.of(text)
    lead = len(words) - len(words.lstrip(" \n.!?"))
    return Span(span.start + lead, span.end - (len(words) - len(words.rstrip())))
