"""Runs of capitalised words in a sentence, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import NamedTuple

from detector.article import Sentence
from detector.facts.lexicon import CONNECTORS, FUNCTION_WORDS, plain

_CAPITAL = "A-ZÀ-ÖØ-ÞĀĆČĎĐĒĘĚĞİĽŁŃŇŌŐŒŘŚŞŠŤŪŮŰŹŻŽȘȚ"
# Behind the first letter of St., Mt., Ft., Mr., Mrs., Ms., Dr., Sen., Sgt., Maj., Prof., Rep.,
# Rev., Gov., Gen., Lt., Col., Capt., Cpl., Adm. and Hon.
_ABBREVIATED = "t|r|rs|s|ens?|gt|aj|rof|eps?|ev|ov|ol|apt|pl|dm|on"
_REST = (
    rf"(?:(?:\.[A-Z])+(?!\w)\.?|(?:{_ABBREVIATED})\.(?=\s[{_CAPITAL}])|\.(?=\s[A-Z])"
    r"|\w*(?:['’&-](?:(?:[A-Z]\.){2,4}|\w+))*)"
)
_WORD = rf"(?:(?:[ae]l-)?[{_CAPITAL}]{_REST})"
_BETWEEN = rf"(?:{'|'.join(sorted(CONNECTORS, key=len, reverse=True))})"
# The capital comes before the look behind it: a pattern that starts with a set is found faster.
_RUN = re.compile(
    rf"[{_CAPITAL}](?<![\w@#./][{_CAPITAL}]){_REST}"
    rf"(?:[^\S\r\n](?:{_BETWEEN}\s){{0,2}}{_WORD})*"
)
# "downtown" and a mark.
LONGEST_BEFORE = 20
# " announced" and what ends it.
LONGEST_VERB = 11
_ARTICLES = ("al-", "el-")
_PART = re.compile(r"\S+")
_POSSESSIVE = re.compile(r"['’]s?$", re.I)
_ADJECTIVE = re.compile(
    r"-(?:[a-z]*(?:ed|ing|born|made|run|era|style|wide|like|own|friendly|free|old|long|class|level|"
    r"term|bound|built|held|backed|side|hand|day|year|month|week|time|speaking|majority|only|"
    r"one|two|three|four|five|six|seven|eight|nine|first|mail|fi|shirt|based|led))$"
)
# After these the first word is capitalised whatever it is.
_OPENS = frozenset("“\"‘'([:—–•*-.!?…|/>")
# A third of all runs are one such word at the start of a sentence.
_NEVER = frozenset(word.capitalize() for word in FUNCTION_WORDS)
_COMMAS = frozenset(",([")


class Word(NamedTuple):
    """One word of a run.

    Attributes:
        start: its place in the article.
        end: behind its last letter, before a possessive ending.
        key: in plain letters, without full stops and possessive ending.
        lower: the key in lower case.
        is_connector: written small between two capitalised words.
        is_closed: nothing after it belongs to it: it was possessive.
    """

    start: int
    end: int
    key: str
    lower: str
    is_connector: bool
    is_closed: bool


class Run(NamedTuple):
    """Capitalised words side by side, with "of", "and" or "de" between them.

    Attributes:
        words: the words, at least one; the first and the last are capitalised.
        opens: they start a sentence or a quotation, so the first is capitalised in any case.
        sentence: the text around them.
        at: where they start in it.
        ends: where they end in it.
    """

    words: tuple[Word, ...]
    opens: bool
    sentence: str
    at: int
    ends: int

    @property
    def before(self) -> str:
        """The word before them in lower case; empty at the start; longer ones are cut."""
        if self.opens:
            return ""
        word = self.sentence[max(0, self.at - LONGEST_BEFORE) : self.at].split()
        return word[-1].strip(",;\"'“”()").casefold() if word else ""

    @property
    def follows_comma(self) -> bool:
        """A comma or a bracket stands before them."""
        return self.sentence[max(0, self.at - 2) : self.at].strip() in _COMMAS

    @property
    def after(self) -> str:
        """A few characters that follow."""
        return self.sentence[self.ends : self.ends + LONGEST_VERB]


def runs(sentence: Sentence, common: Set[str] = frozenset()) -> Iterator[Run]:
    """Yield the runs of capitalised words of one sentence, in order.

    Args:
        sentence: the sentence.
        common: words that say nothing where one of them, alone, opens a sentence.
    """
    text = sentence.text
    for found in _RUN.finditer(text):
        run = found[0]
        if run in _NEVER:
            continue
        start, end = found.span()
        if start > len("al-") and text.startswith(_ARTICLES, start - 3):
            start, run = start - 3, text[start - 3 : end]
        opens = start == 0 or _is_opened(text, start)
        if opens and run.isalpha() and run.lower() in common and not run.isupper():
            continue
        yield Run(_words(run, sentence.start + start), opens, text, start, end)


def _words(run: str, at: int) -> tuple[Word, ...]:
    """Split a run at its spaces."""
    if not run.isascii() or (" " in run and not run.isprintable()):  # also at other spaces
        return tuple([_word(part[0], at + part.start()) for part in _PART.finditer(run)])
    words = []
    for part in run.split(" "):
        words.append(_word(part, at))
        at += len(part) + 1
    return tuple(words)


def _word(text: str, start: int) -> Word:
    key, end, is_closed = text, start + len(text), False
    if not key.isalpha() or not key.isascii():
        key = plain(key).replace(".", "")
        if "'" in key:
            bare = _POSSESSIVE.sub("", key)
            is_closed = bare != key
            key, end = bare, end - 2 * is_closed
        hyphen = _ADJECTIVE.search(key) if "-" in key else None
        if hyphen:  # "Nairobi-based": what follows is about what comes next
            end, is_closed = end - len(hyphen[0]), True
            key = key[: hyphen.start()]
    return Word(start, end, key, key.casefold(), key in CONNECTORS, is_closed)


def _is_opened(text: str, start: int) -> bool:
    """Tell whether a mark before the word explains its capital."""
    mark = text[start - 1]
    return mark in _OPENS or (mark.isspace() and text[max(0, start - 2)] in _OPENS)
