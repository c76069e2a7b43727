"""The words of a text as collocations see them: numbers, which touch, which are in quotations."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from detector.article import WORD

# A word, and the space behind it where the next word follows at once.
_SPACED = re.compile(rf"{WORD.pattern}(?: (?=\w))?")
# A quotation is somebody else's wording: kept by those who spin, and no part of an outlet's style.
_QUOTED = re.compile(r"[\"“][^\"“”\n]{1,1500}[\"”]")
# The grammar's own words; they stand for themselves in a frame, all others for their endings.
GRAMMAR = frozenset(
    "a an the this that these those my your his her its our their some any no every each all both "
    "few many much several more most less other another such i you he she it we they me him us "
    "them who whom whose which what when where why how and or but nor so yet if because although "
    "though while as than since until unless whether of in on at by for with about against between "
    "into through during before after above below to from up down out off over under again then "
    "here there not only very too also just is are was were be been being am has have had having "
    "do does did doing done will would shall should can could may might must one two three who's "
    "it's that's he's she's don't didn't doesn't isn't wasn't can't won't i'm we're they're "
    "you're".split()
)
# Longest first; two letters at least are left of the word.
_ENDINGS = (
    "ically ation ingly ement ously ition ative ments ness ings tion sion able ible ical less ship "
    "ment edly ally ence ance ious ing ity ies ful ous ive ist ism ise ize ate ant ent ary est ers "
    "ess ly ed er or al ic es en us ss s y"
)
_ENDING = re.compile(rf"[a-z]{{2,40}}?({'|'.join(_ENDINGS.split())})")
# Words, with and without a space, are remembered up to this many, 20 MB; news vocabulary grows
# without end.
REMEMBERED_WORDS = 100_000
# What begins a name or number; the classes of words that are not in lower case.
NAME, NUMBER, OTHER = "^", "#", "-"
# Odd numbers that mix two hashes into one (the multiplier of splitmix64, and of FNV).
_FIRST, _SECOND, _THIRD = (
    np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)


@dataclass(frozen=True)
class Words:
    """The words of a text.

    Attributes:
        text: the text.
        spaced: its words with straight apostrophes, and with the space before the next where they
            touch.
        hashes: of each word, shape ``(words,)``.
        classes: hash of each word's place in a frame, shape ``(words,)``.
        is_plain: whether each is written small, in letters alone, shape ``(words,)``.
        is_grammar: whether each is one of ``GRAMMAR``, shape ``(words,)``.
        is_quoted: whether each stands within quotation marks, shape ``(words,)``.
        touches: whether each is next to the word after it, with nothing but a space between,
            shape ``(words,)``; false for the last.
    """

    text: str
    spaced: list[str]
    hashes: NDArray[np.uint64]
    classes: NDArray[np.uint64]
    is_plain: NDArray[np.bool_]
    is_grammar: NDArray[np.bool_]
    is_quoted: NDArray[np.bool_]
    touches: NDArray[np.bool_]

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The words, in lower case when they stand so."""
        return tuple(map(str.rstrip, self.spaced))

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """Where each word begins and ends, shape ``(words, 2)``."""
        spans = [word.span() for word in WORD.finditer(self.text)]
        return np.array(spans, np.int64).reshape(-1, 2)


def words_of(text: str) -> Words:
    """Read the words of one text."""
    return WordReader().read(text)


class WordReader:
    """Reads the words of texts; remembers what is known of the words it has seen."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._table = np.zeros((0, len(_COLUMNS)), np.uint64)
        self._lock = threading.Lock()

    def read(self, text: str) -> Words:
        """Read the words of a text."""
        spaced, is_quoted = _with_quotations(text)
        known = self._known(spaced)
        hashes, classes, is_plain, is_grammar, touches = known.T.copy()
        return Words(
            text=text,
            spaced=spaced,
            hashes=hashes,
            classes=classes,
            is_plain=is_plain > 0,
            is_grammar=is_grammar > 0,
            is_quoted=is_quoted,
            touches=touches > 0,
        )

    def _known(self, spaced: Sequence[str]) -> NDArray[np.uint64]:
        """Return what is known of each word, by ``_COLUMNS``; shape ``(words, columns)``."""
        with self._lock:
            rows = list(map(self._rows.get, spaced))
            if None in rows:
                self._learn(spaced)
                rows = [self._rows[word] for word in spaced]
            return self._table[np.array(rows, np.intp)]

    def _learn(self, spaced: Sequence[str]) -> None:
        new = [word for word in dict.fromkeys(spaced) if word not in self._rows]
        if len(self._rows) + len(new) > REMEMBERED_WORDS:
            self._rows, new = {}, list(dict.fromkeys(spaced))
        first, end = len(self._rows), len(self._rows) + len(new)
        if end > len(self._table):
            more = np.zeros((max(len(self._table), len(new)), len(_COLUMNS)), np.uint64)
            self._table = np.concatenate([self._table, more])
        self._table[first:end] = [_columns(word) for word in new]
        self._rows.update(zip(new, range(first, end), strict=True))


# What is known of a word.
_COLUMNS = ("hash", "frame", "is plain", "is grammar", "touches the next")


def _columns(spaced: str) -> tuple[int, ...]:
    word = spaced.rstrip()
    frame = _hash(f"~{frame_class(word)}")
    return _hash(word), frame, is_plain(word), word in GRAMMAR, spaced != word


def _hash(word: str) -> int:
    return crc32(word.encode("utf8", "surrogatepass"))


def is_plain(word: str) -> bool:
    """Tell whether a word is written small, in letters of English alone."""
    return word.isascii() and word.islower() and word.replace("'", "").isalpha()


def frame_class(word: str) -> str:
    """Return what a word is in a frame: itself when it is grammar, else its ending."""
    if not is_plain(word):
        return NUMBER if word[0].isdigit() else NAME
    if word in GRAMMAR:
        return word
    ending = _ENDING.fullmatch(word)
    return f"-{ending[1]}" if ending else OTHER


def _with_quotations(text: str) -> tuple[list[str], NDArray[np.bool_]]:
    """Return the words of a text, each with its space, and which stand within quotations."""
    edges = [edge for found in _QUOTED.finditer(text) for edge in found.span()]
    text = text.replace("’", "'")
    parts = [_SPACED.findall(text, *ends) for ends in pairwise([0, *edges, len(text)])]
    is_quoted = np.arange(len(parts)) % 2 == 1
    return list(chain.from_iterable(parts)), np.repeat(is_quoted, [len(part) for part in parts])


def single_keys(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """Return the keys of single words or classes."""
    return _folded(hashes * _FIRST)


def pair_keys(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """Return the keys of pairs of neighbours."""
    return _folded(first * _FIRST + (second + np.uint64(1)) * _SECOND)


def triple_keys(
    first: NDArray[np.uint64], second: NDArray[np.uint64], third: NDArray[np.uint64]
) -> NDArray[np.uint32]:
    """Return the keys of three in a row."""
    mixed = first * _FIRST + (second + np.uint64(1)) * _SECOND + (third + np.uint64(2)) * _THIRD
    return _folded(mixed)


def _folded(mixed: NDArray[np.uint64]) -> NDArray[np.uint32]:
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _SECOND
    return (mixed >> np.uint64(32)).astype(np.uint32)
