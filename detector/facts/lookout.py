"""Finding a few words in much text quickly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# What may stand before a word that begins a fact; not a hyphen: "all-one", "sixty-one".
_BEFORE = " \n\t\r\u00a0\u2009\u202f(['\"“‘’—–/"
_BOUNDARY = frozenset(_BEFORE)


class Lookout:
    """Finds words, with or without a capital, at the beginnings of words.

    ``re`` is fast where a pattern begins with a literal or a set of few characters, and tells
    apart at once alternatives that begin with different ones. So small letters are looked for
    behind a boundary, in a tree of alternatives, and capitals, which are rare, by themselves.
    """

    def __init__(self, words: Iterable[str]) -> None:
        words = sorted(words)
        small, capital = tree(words), tree(f"{word[0].upper()}{word[1:]}" for word in words)
        self._small = re.compile(rf"[{re.escape(_BEFORE)}](?:{small})\b")
        self._capital = re.compile(rf"(?:{capital})\b")
        self._first = re.compile(rf"(?:{small})\b")

    def starts(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield where each of the words begins, and the word in small letters; out of order."""
        first = self._first.match(text)
        if first:
            yield 0, first[0]
        for found in self._small.finditer(text):
            yield found.start() + 1, found[0][1:]
        for found in self._capital.finditer(text):
            start = found.start()
            if not start or text[start - 1] in _BOUNDARY:
                yield start, found[0].lower()


def tree(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, branching at the first letters that differ."""
    tails: dict[str, list[str]] = {}
    for word in sorted(set(words)):
        tails.setdefault(word[:1], []).append(word[1:])
    ends = tails.pop("", None) is not None
    branches = [
        (r"\s" if letter == " " else re.escape(letter)) + tree(rest)
        for letter, rest in tails.items()
    ]
    if len(branches) <= 1 and not ends:
        return "".join(branches)
    return f"(?:{'|'.join(branches)})" + "?" * (ends and bool(branches))
